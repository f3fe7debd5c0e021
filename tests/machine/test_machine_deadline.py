"""The deadline contract: who wakes only when the core asks for it misses nothing, and spins on nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runback.machine.console_override import SETTLE
from runback.machine.events import Axis
from runback.machine.procedure import ANSWER_WITHIN, FAILED_RETRY, START_WITHIN, StartIntent
from runback.safety.gate import WINDOW
from runback.safety.watchdog import SILENT_AFTER, STALE_AFTER
from runback.source import Source
from tests.support.effort import examples
from tests.support.machine.driver import Bench

STEP = 1 / 64
"""Between dense ticks, and between inputs: exact in binary, as are the spans of the core that are met here."""

Act = Callable[[Bench], object]

INPUTS: tuple[Act, ...] = (
    lambda bench: bench.belt(0),
    lambda bench: bench.belt(90),
    lambda bench: bench.belt(500),
    lambda bench: bench.belt(700),
    lambda bench: bench.answers("800001"),
    lambda bench: bench.answers("800201"),
    lambda bench: bench.answers("800204"),
    lambda bench: bench.answers("800205"),
    lambda bench: bench.answers("800301"),
    lambda bench: bench.answers("800701"),
    lambda bench: bench.answers("800801"),
    lambda bench: bench.answers("800805"),
    lambda bench: bench.says("05bc02"),
    lambda bench: bench.says("063200"),
    lambda bench: bench.says("0201"),
    lambda bench: bench.says("ff"),
    lambda bench: bench.gate.arm(),
    lambda bench: bench.machine.request_control(),
    lambda bench: bench.machine.start(StartIntent(bench.now + 2.0)),
    lambda bench: bench.machine.pause(),
    lambda bench: bench.machine.want_speed(300, Source.PLAN),
    lambda bench: bench.machine.want_speed(1200, Source.PLAN),
    lambda bench: bench.machine.want_incline(50, Source.PLAN),
    lambda bench: bench.lose(),
    lambda bench: bench.connect(),
    lambda bench: bench.machine.stop(),
    lambda bench: bench.machine.reset_stop(),
)
scripts = st.lists(st.tuples(st.integers(1, 250), st.sampled_from(INPUTS)), max_size=12)
beginnings = st.sampled_from((Bench.connect, Bench.in_control, Bench.starting, Bench.moving))


def play(begin: Callable[[Bench], Bench], script: list[tuple[int, Act]], *, dense: bool) -> Bench:
    """The same inputs at the same times; between them, tick at every step or at deadlines alone."""
    bench = begin(Bench())
    start = bench.now = round(bench.now) + 1.0
    bench.pump()
    at = start
    for steps, act in [*script, (64 * 6, lambda _: None)]:
        at += steps * STEP
        while True:
            wake = bench.machine.deadline(bench.now)
            following = bench.now + STEP if dense else at if wake is None else wake
            assert following > bench.now, "a deadline that has passed would be a busy loop"
            if following >= at:
                break
            bench.now = following
            bench.pump()
        bench.now = at
        act(bench)
        bench.pump()
    return bench


@given(beginnings, scripts)
@settings(deadline=None, max_examples=examples(60))
def test_waking_at_deadlines_alone_writes_the_same_at_the_same_times(
    begin: Callable[[Bench], Bench], script: list[tuple[int, Act]]
) -> None:
    seldom = play(begin, script, dense=False)
    often = play(begin, script, dense=True)
    assert seldom.log == often.log
    assert seldom.signals() == often.signals()
    assert seldom.alarm() is often.alarm()


def test_what_became_due_between_two_calls_is_not_missed() -> None:
    bench = Bench().moving()
    bench.now += 1.9
    bench.pump()
    bench.now += 0.2  # the belt has been quiet for two seconds meanwhile, and nobody has ticked
    assert bench.machine.deadline(bench.now) == bench.now


def test_a_write_that_became_due_between_two_calls_is_not_missed() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(510, Source.PLAN)
    assert bench.pump() == ["02fe01"]
    bench.answers("800201").machine.want_speed(520, Source.PLAN)
    assert bench.pump() == []
    bench.now += 0.25  # the gap is over, and nobody has asked
    assert bench.machine.deadline(bench.now) == bench.now


def test_an_answer_is_called_for_when_its_time_is_up() -> None:
    bench = Bench().at_rest()
    bench.machine.request_control()
    assert bench.pump() == ["00"]
    assert bench.machine.deadline(bench.now) == bench.now + ANSWER_WITHIN


def test_an_intent_is_called_for_when_it_expires() -> None:
    bench = Bench().at_rest()
    bench.machine.start(StartIntent(107.0))
    bench.pump()
    assert bench.machine.deadline(bench.now) == 107.0


def test_a_belt_that_does_not_start_is_called_for_when_its_time_is_up() -> None:
    bench = Bench().in_control()
    bench.machine.start(StartIntent(bench.now + 5.0))
    assert bench.pump() == ["07"]
    sent = bench.now
    bench.answers("800701").wait(14.0, belt=0)
    assert bench.machine.deadline(bench.now) == sent + START_WITHIN


def test_a_quiet_belt_is_called_for_when_it_is_stale_and_when_it_is_silent() -> None:
    bench = Bench().moving()
    heard = bench.now
    assert bench.machine.deadline(bench.now) == heard + STALE_AFTER
    bench.wait(2.1)
    assert bench.machine.deadline(bench.now) == heard + SILENT_AFTER


def test_a_quiet_belt_is_called_for_even_before_the_first_tick() -> None:
    bench = Bench().connect().belt(500)
    bench.machine.request_control()
    assert bench.machine.deadline(bench.now) == bench.now + STALE_AFTER


def test_a_quiet_belt_is_called_for_while_control_is_asked_for_again() -> None:
    bench = Bench().moving()
    heard = bench.now
    bench.machine.want_speed(450, Source.PLAN)
    bench.pump()
    bench.answers("800205")
    assert bench.wait(0.3) == ["00"]
    assert bench.machine.deadline(bench.now) == heard + STALE_AFTER


def test_a_belt_that_is_not_ours_is_not_called_for() -> None:
    bench = Bench().at_rest().belt(500)
    bench.pump()
    assert bench.machine.deadline(bench.now) is None


def test_a_target_within_the_gap_is_called_for_when_the_gap_is_over() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(510, Source.PLAN)
    assert bench.pump() == ["02fe01"]
    bench.answers("800201").machine.want_speed(520, Source.PLAN)
    assert bench.pump() == []
    assert bench.machine.deadline(bench.now) == bench.now + bench.gap


def test_a_gap_that_is_over_is_not_called_for_again() -> None:
    bench = Bench().moving()
    heard = bench.now
    bench.machine.want_speed(510, Source.PLAN)
    assert bench.pump() == ["02fe01"]
    bench.answers("800201").now += bench.gap
    assert bench.pump() == []
    assert bench.machine.deadline(bench.now) == heard + STALE_AFTER


def test_a_target_behind_a_procedure_is_not_called_for() -> None:
    bench = Bench().moving()
    heard = bench.now
    bench.machine.want_speed(510, Source.PLAN)
    assert bench.pump() == ["02fe01"]
    bench.machine.want_speed(520, Source.PLAN)
    assert bench.machine.deadline(bench.now) == heard + STALE_AFTER


def test_a_target_behind_a_write_that_was_answered_before_it_came_back_is_not_called_for() -> None:
    bench = Bench().moving()
    heard = bench.now
    bench.machine.want_speed(510, Source.PLAN)
    assert bench.offered() == "02fe01"
    bench.answers("800201").machine.want_speed(520, Source.PLAN)
    assert bench.machine.deadline(bench.now) == heard + STALE_AFTER
    bench.machine.written(bench.now)
    assert bench.machine.deadline(bench.now) == bench.now + bench.gap


@pytest.mark.parametrize(("axis", "failed"), [(Axis.SPEED, "800204"), (Axis.INCLINE, "800304")])
def test_a_target_that_failed_is_called_for_when_it_may_be_tried_again(axis: Axis, failed: str) -> None:
    bench = Bench().moving()
    if axis is Axis.SPEED:
        bench.machine.want_speed(510, Source.PLAN)
    else:
        bench.machine.want_incline(20, Source.PLAN)
    bench.pump()
    bench.now += 0.3
    assert bench.answers(failed).pump() == []
    assert bench.machine.deadline(bench.now) == bench.now + FAILED_RETRY


def test_the_rest_of_a_raise_is_called_for_when_there_is_room_and_no_room_without_a_raise() -> None:
    bench = Bench().moving()
    heard = bench.now
    bench.machine.want_speed(1200, Source.PLAN)
    assert bench.pump() == ["022003"]
    at, bench.now = bench.now, bench.now + 0.3
    assert bench.answers("800201").pump() == []
    assert bench.machine.deadline(bench.now) == at + WINDOW
    bench.machine.want_speed(800, Source.PLAN)
    bench.pump()
    assert bench.machine.deadline(bench.now) == heard + STALE_AFTER


@pytest.mark.parametrize("status", ["05bc02", "063c00"])
def test_a_hand_at_the_console_is_called_for_when_it_has_settled(status: str) -> None:
    bench = Bench().moving()
    bench.machine.want_incline(20, Source.PLAN)
    bench.pump()
    bench.answers("800301")
    bench.now += 0.3
    bench.belt(500).says(status).pump()
    assert bench.machine.deadline(bench.now) == bench.now + SETTLE


def test_asked_and_ticked_the_deadline_lies_ahead() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(1200, Source.PLAN)
    for _ in range(200):
        bench.pump()
        at = bench.machine.deadline(bench.now)
        assert at is not None
        assert at > bench.now
        bench.now = at
        bench.answers("800204")


def test_nothing_to_wait_for_is_none() -> None:
    assert Bench().machine.deadline(100.0) is None
    bench = Bench().at_rest()
    bench.pump()
    assert bench.machine.deadline(bench.now) is None


def test_events_wait_to_be_taken() -> None:
    bench = Bench()
    seen = [bench.machine.has_events]
    bench.connect()
    seen.append(bench.machine.has_events)
    bench.said()
    seen.append(bench.machine.has_events)
    assert seen == [False, True, False]
