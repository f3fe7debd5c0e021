"""From the byte of a key to the bytes of Stop at the treadmill, beside the floor measured in the same run."""

from __future__ import annotations

import contextlib
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.benchmarks.figures import Figure, Spread, Target
from tests.benchmarks.pseudo_terminal import PseudoTerminal
from tests.benchmarks.samples import AFTERMATH, ENOUGH, HERE, HOW, LOAD, MEDIAN, P99, TELEMETRY, Floor, Program
from tests.benchmarks.scenes import HANGS, HEAVY, OVER, SCENES, resize_storm
from tests.benchmarks.treadmills import Treadmills, treadmills
from tests.support.bluez.bus import as_system_bus

pytestmark = pytest.mark.timeout(3600)

Keep = Callable[[Figure], None]
Count = Callable[[str, int], int]

BINDING = 20.0


class Stage:
    """A floor and a program on one bench, for all scenes: a program is started once, by Enter, as a person does."""

    def __init__(self, bench: Treadmills, folder: Path, *arguments: str) -> None:
        self.took: dict[str, list[float]] = {}
        self._bench = bench
        self._folder = folder
        self._arguments = arguments
        self._chance = random.Random(0)
        self.floor = Floor(bench, bench.addresses[1])
        self._program: Program | None = None

    @property
    def program(self) -> Program:
        """A running one; a new one if that of the scene before has ended."""
        if self._program is None or self._program.terminal.process.poll() is not None:
            self.close_program()
            self._program = Program(self._bench, self._bench.addresses[0], self._folder, *self._arguments)
            self._program.ready()
            self._program.run()
            self._program.stop()
        return self._program

    def play(self, scene: str, samples: int) -> tuple[list[float], list[float], int]:
        """Seconds of the program and of the floor, in turn; and how often a key came while the last stop held."""
        took: list[float] = []
        floors: list[float] = []
        misses = 0
        hangs = scene in HANGS
        program = self.program
        with SCENES[scene](program) as burden:
            while len(took) < samples and misses <= samples:
                time.sleep(0.7)
                program.count_down()
                floors.append(self.floor.sample(0.0 if hangs else self._rest(), burden))
                time.sleep(OVER if hangs else self._rest())
                burden()
                stop = program.stop()
                if stop is None:
                    misses += 1
                else:
                    took.append(stop)
        self.took[scene] = took
        time.sleep(0.7)
        return took, floors, misses

    def _rest(self) -> float:
        return AFTERMATH * (1 + 2 * self._chance.random())

    def close_program(self) -> None:
        """End the program."""
        if self._program is not None:
            self._program.close()
            self._program = None

    def close(self) -> None:
        """End both."""
        self.close_program()
        self.floor.close()


@pytest.fixture(scope="module")
def stage(private_bus_address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with as_system_bus(private_bus_address), treadmills(private_bus_address, 2, *TELEMETRY) as bench:
        stage = Stage(bench, tmp_path_factory.mktemp("stage"))
        try:
            yield stage
        finally:
            stage.close()


@pytest.mark.parametrize("scene", SCENES)
def test_a_key_stops_the_belt_almost_as_fast_as_can_be(scene: str, stage: Stage, keep: Keep, count: Count) -> None:
    took, floors, misses = stage.play(scene, count("samples", 4))
    figure = Figure(f"key to Stop, {scene}", HOW.format("pressed in the countdown of a resume"))
    figure.spreads = {"program": Spread.of_seconds(took), "floor": Spread.of_seconds(floors)}
    figure.facts = {"keys while the last stop was still held, not counted": misses}
    figure.targets = [Target("median, times the floor", figure.ratio("program", "floor"), MEDIAN)]
    if len(took) >= ENOUGH:
        most = figure.ratio_of_quantiles("program", "floor", 0.99)
        figure.targets.append(Target("p99, times the floor's", most, P99))
    keep(figure)


def bound_samples(count: int, *, loaded: bool) -> list[float]:
    """Seconds from a key to the pipe behind a priority binding of the same cockpit."""
    reading, writing = os.pipe()
    chance = random.Random(count)
    script = str(HERE / "bound_cockpit.py")
    paths = os.pathsep.join((str(LOAD), os.environ.get("PYTHONPATH", "")))
    terminal = PseudoTerminal(
        [sys.executable, script, str(writing), *(["--widgets"] if loaded else [])],
        {"PYTHONPATH": paths},
        pass_fds=[writing],
    )
    os.close(writing)
    try:
        assert terminal.shows(b"30m walk 4"), terminal.tail
        time.sleep(2.0)
        took = []
        with resize_storm(terminal) if loaded else contextlib.nullcontext():
            for _ in range(count):
                time.sleep(0.1 + 0.3 * chance.random())
                at = terminal.press(b" ")
                took.append(int(os.read(reading, 64)) / 1e9 - at)
        return took
    finally:
        terminal.close()
        os.close(reading)


def test_stop_is_20_times_as_fast_as_a_priority_binding_under_load(stage: Stage, keep: Keep, count: Count) -> None:
    samples = count("samples", 4)
    if HEAVY not in stage.took:
        stage.play("60 widgets", 1)
        stage.play(HEAVY, samples)
    took = stage.took[HEAVY]
    stage.close_program()
    figure = Figure(
        "against a priority binding, 60 widgets, resized",
        "program: key -> Stop at the link, as above. Binding: the same cockpit and widgets with Space as a priority "
        "binding; key -> where its pipe begins, without engine and link. One after the other, each alone",
    )
    figure.spreads = {
        "program": Spread.of_seconds(took),
        "binding": Spread.of_seconds(bound_samples(samples, loaded=True)),
        "binding, idle": Spread.of_seconds(bound_samples(samples, loaded=False)),
    }
    figure.targets = [Target("times as fast", figure.ratio("binding", "program"), BINDING, at_least=True)]
    keep(figure)
