"""Stop while speed writes keep the control point busy: how much later, and whether any speed comes after it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from busy_link import RETRY
from figures import Figure, Spread, Target
from trials import Outcome, idle, naive, ours, run

pytestmark = pytest.mark.timeout(7200)


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
