"""A screen that dies or freezes, and a keeper that dies, under a running belt: how long until Stop is at the link."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from figures import Figure, Spread, Target
from samples import Program
from side_by_side import ABREAST, side_by_side
from treadmills import STOP, Treadmills, treadmills

from runback.keeper.screen import BEAT_WITHIN

pytestmark = pytest.mark.timeout(3600)

Keep = Callable[[Figure], None]
Count = Callable[[str, int], int]
LATE = 10.0
KILLED = 20.0
FROZEN = 1000 * BEAT_WITHIN + 50.0


def deaths(
    bus: str, folder: Path, number: int, victim: Callable[[Program], int], blow: signal.Signals
) -> tuple[list[float], int]:
    """Seconds from `blow` to Stop, of `number` sessions; and of how many none came."""
    took: list[float] = []
    never = 0
    chance = random.Random(blow)

    def strike(bench: Treadmills, program: Program) -> float | None:
        pid = victim(program)
        seen = bench.seen
        at = time.monotonic()
        os.kill(pid, blow)
        write = bench.first(program.address, STOP, seen, LATE)
        return None if write is None else write.at - at

    for turn in range(-(-number // ABREAST)):
        with (
            treadmills(bus, ABREAST, "--speed", "4") as bench,
            side_by_side(bench, folder / str(turn)) as programs,
            ThreadPoolExecutor(ABREAST) as pool,
        ):
            list(pool.map(Program.run, programs))
            for program in programs:
                time.sleep(0.1 + 0.3 * chance.random())
                one = strike(bench, program)
                if one is None:
                    never += 1
                else:
                    took.append(one)
            time.sleep(2.0)  # what a dead keeper leaves behind ends by itself once its belt is at rest
    return took, never


def told(name: str, took: list[float], never: int) -> Figure:
    """The figure all of them share."""
    how = (
        f"signal sent -> 08 01 at the bench; belt running, real program on real bleak, {ABREAST} sessions side by side"
    )
    figure = Figure(name, how, {"signal to Stop": Spread.of_seconds(took)})
    figure.targets = [Target("without a Stop", never, 0)]
    return figure


def test_a_killed_screen_is_followed_by_stop_at_once(system_bus: str, tmp_path: Path, keep: Keep, count: Count) -> None:
    took, never = deaths(system_bus, tmp_path, count("deaths", 4), lambda program: program.screen, signal.SIGKILL)
    figure = told("screen killed", took, never)
    figure.targets.append(Target("median, ms", figure.spreads["signal to Stop"].median, KILLED))
    keep(figure)


def test_a_frozen_screen_is_followed_by_stop_within_the_heartbeat_limit(
    system_bus: str, tmp_path: Path, keep: Keep, count: Count
) -> None:
    took, never = deaths(system_bus, tmp_path, count("deaths", 4), lambda program: program.screen, signal.SIGSTOP)
    figure = told("screen frozen", took, never)
    figure.targets.append(Target("max, ms", max(figure.spreads["signal to Stop"].values, default=float("nan")), FROZEN))
    keep(figure)


def test_a_killed_keeper_is_followed_by_its_sentinels_stop(
    system_bus: str, tmp_path: Path, keep: Keep, count: Count
) -> None:
    took, never = deaths(
        system_bus, tmp_path, count("deaths", 4), lambda program: program.terminal.process.pid, signal.SIGKILL
    )
    keep(told("keeper killed", took, never))
