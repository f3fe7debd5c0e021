"""The same from a screen that has the keyboard (`--keyboard screen`, and every system without a pty)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.benchmarks.figures import Figure, Spread, Target
from tests.benchmarks.samples import HOW, TELEMETRY
from tests.benchmarks.scenes import SCENES
from tests.benchmarks.test_benchmark_stop import Stage
from tests.benchmarks.treadmills import treadmills
from tests.support.bluez.bus import as_system_bus

pytestmark = pytest.mark.timeout(3600)

WITHIN = {
    "idle": 10.0,
    "resized": 40.0,
    "hung": 10.0,
    "GIL held": 1500.0,
    "60 widgets": 40.0,
    "60 widgets, resized": 80.0,
}
"""Median milliseconds at most. While its interpreter is held nobody can hear a key: then its beats are missed first."""


@pytest.fixture(scope="module")
def lent(private_bus_address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with as_system_bus(private_bus_address), treadmills(private_bus_address, 2, *TELEMETRY) as bench:
        stage = Stage(bench, tmp_path_factory.mktemp("lent"), "--keyboard", "screen")
        try:
            yield stage
        finally:
            stage.close()


@pytest.mark.parametrize("scene", SCENES)
def test_a_key_of_the_screen_stops_the_belt_whatever_its_loop_does(
    scene: str, lent: Stage, keep: Callable[[Figure], None], count: Callable[[str, int], int]
) -> None:
    took, floors, misses = lent.play(scene, count("samples", 4))
    figure = Figure(
        f"key of the screen to Stop, {scene}", HOW.format("`--keyboard screen`, pressed in the countdown of a resume")
    )
    figure.spreads = {"program": Spread.of_seconds(took), "floor": Spread.of_seconds(floors)}
    figure.facts = {"keys while the last stop was still held, not counted": misses}
    figure.targets = [Target("median, ms", figure.spreads["program"].median, WITHIN[scene])]
    keep(figure)
