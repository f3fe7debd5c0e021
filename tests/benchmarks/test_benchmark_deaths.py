"""A screen that dies or freezes, and a engine that dies, under a running belt: how long until Stop is at the link."""

from __future__ import annotations

import math
import os
import random
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from runback.terminal.screen_process import BEAT_WITHIN
from tests.benchmarks.figures import Figure, Spread, Target
from tests.benchmarks.samples import Program
from tests.benchmarks.side_by_side import side_by_side
from tests.benchmarks.treadmills import STOP, Treadmills, treadmills
from tests.support.bluez.bus import as_system_bus

pytestmark = pytest.mark.timeout(3600)

Keep = Callable[[Figure], None]
LATE = 10.0
KILLED = 20.0
FROZEN = 1000 * BEAT_WITHIN + 50.0


@dataclass(frozen=True, slots=True)
class Death:
    """Who is struck, and with what."""

    name: str
    victim: Callable[[Program], int]
    blow: signal.Signals


def screen_of(program: Program) -> int:
    """The process that draws."""
    return program.screen


def engine_of(program: Program) -> int:
    """The process that drives the treadmill."""
    return program.terminal.process.pid


DEATHS = (
    Death("screen killed", screen_of, signal.SIGKILL),
    Death("screen frozen", screen_of, signal.SIGSTOP),
    Death("engine killed", engine_of, signal.SIGKILL),
)


def strike(bench: Treadmills, program: Program, death: Death) -> float | None:
    """Seconds from the blow to Stop at the bench; None if none came."""
    pid = death.victim(program)
    seen = bench.seen
    at = time.monotonic()
    os.kill(pid, death.blow)
    write = bench.first(program.address, STOP, seen, LATE)
    return None if write is None else write.at - at


def strike_all(bus: str, folder: Path, rounds: int) -> dict[str, list[float | None]]:
    """Each death in each round once, under belts that run side by side; and who is struck first changes."""
    took: dict[str, list[float | None]] = {death.name: [] for death in DEATHS}
    chance = random.Random(rounds)
    for turn in range(rounds):
        with (
            treadmills(bus, len(DEATHS), "--speed", "4") as bench,
            side_by_side(bench, folder / str(turn)) as programs,
            ThreadPoolExecutor(len(DEATHS)) as pool,
        ):
            list(pool.map(Program.run, programs))
            for program, death in zip(programs, chance.sample(DEATHS, len(DEATHS)), strict=True):
                time.sleep(0.2 + 0.3 * chance.random())
                took[death.name].append(strike(bench, program, death))
            time.sleep(2.0)  # what a dead engine leaves behind ends by itself once its belt is at rest
    return took


@pytest.fixture(scope="module")
def struck(
    private_bus_address: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> dict[str, list[float | None]]:
    rounds = 2 if request.config.getoption("quick") else int(request.config.getoption("deaths"))
    with as_system_bus(private_bus_address):
        return strike_all(private_bus_address, tmp_path_factory.mktemp("deaths"), rounds)


def told(name: str, struck: dict[str, list[float | None]]) -> Figure:
    """The figure all of them share."""
    took = [each for each in struck[name] if each is not None]
    how = "signal sent -> 08 01 at the bench; belt running, real program on real bleak, three sessions side by side"
    figure = Figure(name, how, {"signal to Stop": Spread.of_seconds(took)})
    figure.targets = [Target("without a Stop", len(struck[name]) - len(took), 0)]
    return figure


def test_a_killed_screen_is_followed_by_stop_at_once(struck: dict[str, list[float | None]], keep: Keep) -> None:
    figure = told("screen killed", struck)
    figure.targets.append(Target("median, ms", figure.spreads["signal to Stop"].median, KILLED))
    keep(figure)


def test_a_frozen_screen_is_followed_by_stop_within_the_heartbeat_limit(
    struck: dict[str, list[float | None]], keep: Keep
) -> None:
    figure = told("screen frozen", struck)
    figure.targets.append(Target("max, ms", max(figure.spreads["signal to Stop"].values, default=math.nan), FROZEN))
    keep(figure)


def test_a_killed_engine_is_followed_by_its_sentinels_stop(struck: dict[str, list[float | None]], keep: Keep) -> None:
    keep(told("engine killed", struck))
