"""The same with the belt running, so that the countdown in which the scenes are measured stands for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.benchmarks.figures import Figure, Spread, Target
from tests.benchmarks.samples import AFTERMATH, HOW, MEDIAN, TELEMETRY, Floor, Program
from tests.benchmarks.side_by_side import ABREAST, side_by_side
from tests.benchmarks.treadmills import treadmills

pytestmark = pytest.mark.timeout(3600)


def test_a_key_stops_a_running_belt_as_fast_as_one_that_is_counted_down(
    system_bus: str, tmp_path: Path, keep: Callable[[Figure], None], count: Callable[[str, int], int]
) -> None:
    rounds = -(-count("samples", 4) // ABREAST)
    floors: list[float] = []
    took: list[float] = []
    with treadmills(system_bus, ABREAST + 1, *TELEMETRY) as bench:
        floor = Floor(bench, bench.addresses[-1])
        try:
            with side_by_side(bench, tmp_path) as programs, ThreadPoolExecutor(ABREAST) as pool:
                for last in range(rounds):
                    list(pool.map(Program.run, programs))
                    for program in programs:
                        floors.append(floor.sample(AFTERMATH))
                        time.sleep(AFTERMATH)
                        stop = program.stop()
                        assert stop is not None, "a key did not stop a running belt"
                        took.append(stop)
                    if last < rounds - 1:
                        time.sleep(2.0)
                        for program in programs:
                            program.let_go()
        finally:
            floor.close()
    figure = Figure("key to Stop, belt running", HOW.format(f"{ABREAST} sessions side by side, each belt running"))
    figure.spreads = {"program": Spread.of_seconds(took), "floor": Spread.of_seconds(floors)}
    figure.targets = [Target("median, times the floor", figure.ratio("program", "floor"), MEDIAN)]
    keep(figure)
