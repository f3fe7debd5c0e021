"""The session's clock against the computer's, over real minutes."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from tests.benchmarks.figures import Figure, Spread, Target

pytestmark = pytest.mark.timeout(3600)

STEP = 5
HOUR = 3600.0
DRIFT = 10.0
"""ms an hour."""


def test_the_session_clock_does_not_drift(keep: Callable[[Figure], None], count: Callable[[str, int], int]) -> None:
    steps = count("drift-seconds", 20) // STEP
    command = [sys.executable, "-m", "runback", "run", f"{steps}x({STEP}s walk 4)", "--headless", "--json"]
    told: list[float] = []
    arrived: list[float] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            now = time.monotonic()
            record = json.loads(line)
            if record["event"] == "step":
                told.append(record["t"])
                arrived.append(now)
    assert len(told) == steps, f"{len(told)} of {steps} steps"
    late = [at - (arrived[0] + number * STEP) for number, at in enumerate(arrived)]
    some = max(1, steps // 6)
    drift = statistics.median(late[-some:]) - statistics.median(late[:some])
    span = STEP * (steps - some)
    said = [at - (told[0] + number * STEP) for number, at in enumerate(told)]
    figure = Figure(
        "drift of the session clock",
        f"headless, real time, simulated treadmill, {steps} steps of {STEP} s: CLOCK_MONOTONIC at which each step's "
        "line arrives, against the first step's plus the steps between; the first sixth's median against the last's",
    )
    figure.spreads = {"a step's line, later than the first's": Spread.of_seconds(late)}
    figure.facts = {
        "drift, ms": round(1000 * drift, 3),
        "over, s": span,
        "boundaries as the session says them, ms off at most": round(1000 * max(map(abs, said)), 3),
    }
    figure.targets = [Target("drift, ms an hour", 1000 * abs(drift) * HOUR / span, DRIFT)]
    keep(figure)
