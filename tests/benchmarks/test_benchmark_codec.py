"""Decoding Treadmill Data, beside the FTMS library people use, on packets of real machines."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from runback.ftms.treadmill_data import decode_treadmill_data
from tests.benchmarks.figures import Figure, Spread, Target
from tests.benchmarks.their_codec import Decode, load

pytestmark = pytest.mark.timeout(600)

CAPTURES = Path(__file__).parent.parent / "captures.json"
FASTER = 25.0
LOOPS = 2000


def packets(theirs: Decode) -> list[bytes]:
    """Those of the captures that both decode: a record cut short, or with an byte too many, stops them."""
    found = []
    for capture in json.loads(CAPTURES.read_text(encoding="utf-8")):
        if capture["characteristic"] == "2ACD":
            data = bytes.fromhex(capture["hex"])
            try:
                theirs(data)
            except (AssertionError, EOFError, TypeError, ValueError):
                continue
            found.append(data)
    return found


def decode_time(decode: Decode, data: bytes, loops: int) -> float:
    """Seconds for one of `loops` decodes in a row."""
    began = time.perf_counter()
    for _ in range(loops):
        decode(data)
    return (time.perf_counter() - began) / loops


def test_treadmill_data_is_decoded_at_least_25_times_as_fast_as_by_pyftms(
    keep: Callable[[Figure], None], count: Callable[[str, int], int]
) -> None:
    theirs = load()
    common = packets(theirs.record)
    took: dict[str, list[float]] = {"runback": [], "pyftms": [], "pyftms, record only": []}
    for _ in range(count("samples", 10)):
        for data in common:
            took["runback"].append(decode_time(decode_treadmill_data, data, LOOPS))
            took["pyftms"].append(decode_time(theirs.values, data, LOOPS // 20))
            took["pyftms, record only"].append(decode_time(theirs.record, data, LOOPS // 20))
    figure = Figure(
        "codec",
        "one Treadmill Data notification into named values, as either client does it; decoders and packets take turns. "
        "Target: against pyftms as its client decodes, `deserialize(data)._asdict()`",
    )
    figure.spreads = {name: Spread("ns", tuple(1e9 * each for each in times)) for name, times in took.items()}
    figure.facts = {
        "pyftms": theirs.version,
        "packets both decode": len(common),
        "times as fast as its record only": round(figure.ratio("pyftms, record only", "runback"), 1),
    }
    figure.targets = [Target("times as fast as pyftms", figure.ratio("pyftms", "runback"), FASTER, at_least=True)]
    keep(figure)
