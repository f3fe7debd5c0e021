"""Stop while speed writes keep the control point busy: how much later, and whether any speed comes after it."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.benchmarks.busy_link import RETRY
from tests.benchmarks.figures import Figure, Spread, Target
from tests.benchmarks.samples import Program
from tests.benchmarks.side_by_side import ABREAST, side_by_side
from tests.benchmarks.treadmills import treadmills
from tests.benchmarks.trials import Outcome, idle, naive, ours, run

pytestmark = pytest.mark.timeout(7200)


SPEED = 4.0
RESPONSE = 0.2
"""Seconds an ATT response takes at the bench, so that a speed write is surely under way when the key comes."""


def spreads(outcomes: list[Outcome]) -> Spread:
    """Stop asked for to Stop there."""
    return Spread.of_seconds([each.delay for each in outcomes])


def test_stop_among_speed_writes_waits_for_one_answer_at_most_and_nothing_follows_it(
    keep: Callable[[Figure], None], count: Callable[[str, int], int]
) -> None:
    trials = count("trials", 200)
    some = max(20, trials // 20)
    saturated = [run(ours, seed) for seed in range(trials)]
    alone = [run(idle, seed) for seed in range(some)]
    control = [run(naive, seed) for seed in range(some)]
    least = max(each.delay for each in alone)
    figure = Figure(
        "Stop among speed writes",
        "virtual time, memory link with BlueZ's one write at a time and bleak's retries, ATT answers of 5 to 600 ms, a "
        "speed key held down at 30 Hz for 0.2 to 1.5 s, no pause between writes, Stop at a random moment and the key "
        "held on; naive: a task for each key, no lock, the same link and moments",
    )
    figure.spreads = {
        "Stop asked for -> on its way": spreads(saturated),
        "the same with nothing else to write": spreads(alone),
        "the same, naive": spreads(control),
        "of the ATT answer": Spread("x", tuple((each.delay - least) / (each.response + RETRY) for each in saturated)),
    }
    figure.facts = {
        "trials": trials,
        "with a speed write before Stop": sum(each.before > 1 for each in saturated),
        "Stops never carried out": sum(each.taken is None for each in saturated),
        "naive: trials": some,
        "naive: speed writes after Stop": sum(each.stale for each in control),
        "naive: trials with such": sum(each.stale > 0 for each in control),
    }
    figure.targets = [
        Target("speed writes after Stop", sum(each.stale for each in saturated), 0),
        Target(
            "ATT answers (and bleak's 10 ms) more than idle, max", max(figure.spreads["of the ATT answer"].values), 1
        ),
        Target("naive: speed writes after Stop", sum(each.stale for each in control), 1, at_least=True),
    ]
    keep(figure)


def test_on_real_bleak_stop_waits_for_no_more_than_the_answer_to_the_write_under_way(
    system_bus: str, tmp_path: Path, keep: Callable[[Figure], None], count: Callable[[str, int], int]
) -> None:
    rounds = -(-count("deaths", 4) // ABREAST)
    chance = random.Random(rounds)
    alone: list[float] = []
    busy: list[float] = []
    with (
        treadmills(system_bus, ABREAST, "--speed", str(SPEED), "--write-latency", str(RESPONSE * SPEED)) as bench,
        side_by_side(bench, tmp_path) as programs,
        ThreadPoolExecutor(ABREAST) as pool,
    ):
        for number in range(2 * rounds):
            list(pool.map(Program.run, programs))
            for program in programs:
                if number % 2:
                    seen = bench.seen
                    program.terminal.press(b"-")
                    assert bench.first(program.address, "02", seen, 2.0) is not None, "no speed was written"
                    time.sleep(0.8 * RESPONSE * chance.random())
                stop = program.stop()
                assert stop is not None, "a key did not stop a running belt"
                (busy if number % 2 else alone).append(stop)
            time.sleep(2.0)
            for program in programs:
                program.let_go()
    figure = Figure(
        "Stop with a speed write under way, real bleak",
        f"key -> 08 01 taken by the bench, whose ATT responses take {1000 * RESPONSE:g} ms; belt running, '-' pressed "
        "and its write seen at the bench just before",
    )
    figure.spreads = {"nothing under way": Spread.of_seconds(alone), "a write under way": Spread.of_seconds(busy)}
    more = (max(busy) - statistics.median(alone)) / (RESPONSE + RETRY)
    figure.targets = [Target("ATT answers (and bleak's 10 ms) more than idle, max", more, 1)]
    keep(figure)
