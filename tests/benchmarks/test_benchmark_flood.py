"""Stop while 2,000 notifications a second arrive, beside the same in quiet, in one run (issue 11, point 22)."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.figures import Figure, Spread, Target
from tests.benchmarks.samples import KEY, TELEMETRY, Program
from tests.benchmarks.side_by_side import Trace, counting_down, trace_of
from tests.benchmarks.treadmills import Treadmills, treadmills

pytestmark = pytest.mark.timeout(4 * 3600)

RATE = 2000
"""Notifications of Treadmill Data a second."""
BLOCK = 25
"""Stops in quiet, then as many in the flood, and so on."""
SETTLE = 0.5
TIMES = 2.0
"""How many times the quiet case, at most."""
RECORDED = 20.0
"""kB a second of the trace, which has what the journal has, in more words."""


def stops(program: Program, trace: Trace, count: int, chance: random.Random) -> list[float]:
    """Seconds of so many Stops, each at a random moment of the countdown of a resume."""
    took: list[float] = []
    while len(took) < count:
        counting_down(program, trace)
        time.sleep(0.05 + 0.3 * chance.random())
        stop = program.stop(KEY)
        assert stop is not None, f"a key did not stop: {trace.phase} {program.terminal.tail!r}"
        took.append(stop)
    return took


def test_a_flood_of_notifications_makes_stop_no_more_than_twice_as_slow(
    system_bus: str, tmp_path: Path, keep: Callable[[Figure], None], count: Callable[[str, int], int]
) -> None:
    each = count("flooded", 8)
    chance = random.Random(each)
    took: dict[int, list[float]] = {0: [], RATE: []}
    grown: dict[int, float] = {0: 0.0, RATE: 0.0}
    lasted: dict[int, float] = {0: 0.0, RATE: 0.0}
    with treadmills(system_bus, 1, *TELEMETRY) as bench:
        (address,) = bench.addresses
        told = trace_of(tmp_path, address)
        program = Program(bench, address, tmp_path / "state", "--trace", str(told))
        try:
            program.ready()
            program.run()
            assert program.stop() is not None
            trace = Trace(told)
            while len(took[RATE]) < each:
                for rate in (0, RATE):
                    began, before = _begin(bench, rate), told.stat().st_size
                    took[rate] += stops(program, trace, min(BLOCK, each - len(took[rate])), chance)
                    lasted[rate] += time.monotonic() - began
                    grown[rate] += told.stat().st_size - before
        finally:
            program.close()
    figure = Figure(
        "Stop in a flood",
        "key -> 08 01 at the bench, real program on real bleak with a trace and a journal, in blocks of "
        f"{BLOCK} in turn with a treadmill that says 4 records a second, and {RATE} a second; "
        "pressed in the countdown of a resume",
    )
    figure.spreads = {"flood": Spread.of_seconds(took[RATE]), "quiet": Spread.of_seconds(took[0])}
    figure.facts = {
        "notifications left out, a second of the flood": round(left_out(told) / lasted[RATE]),
        "record in quiet, kB a second": round(grown[0] / lasted[0] / 1000, 1),
    }
    figure.targets = [
        Target("median, times the quiet one", figure.ratio("flood", "quiet"), TIMES),
        Target("p95, times the quiet one", figure.ratio_of_quantiles("flood", "quiet", 0.95), TIMES),
        Target("record in the flood, kB a second", grown[RATE] / lasted[RATE] / 1000, RECORDED),
    ]
    keep(figure)


def _begin(bench: Treadmills, rate: int) -> float:
    bench.order(f"flood {rate}")
    time.sleep(SETTLE)
    return time.monotonic()


def left_out(trace: Path) -> int:
    """How many notifications the record says it lacks."""
    lines = trace.read_text("utf-8").splitlines()
    return sum(json.loads(line)["count"] for line in lines if '"left out"' in line)
