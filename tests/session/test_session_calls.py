"""What is called out beside the steps: the time left, words on posture, and the alarm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.machine.events import Signal
from runback.session.coaching_cues import POSTURE, POSTURE_NEEDS, posture
from runback.session.model import CueKind, Intent, Phase
from runback.workout.model import Workout
from tests.support.session.stage import RUN, WALK, WARM_UP, Stage, brought_to, plan

INTERVALS = plan((WARM_UP, 300, 450), *[(RUN, 60, 750), (WALK, 60, 500)] * 5, (WALK, 300, 400))


def running(workout: Workout) -> Stage:
    """Under way; `stage.now - 10` is the time on the timeline."""
    return Stage(workout).started().forget()


def called(stage: Stage, kind: CueKind) -> list[tuple[float, float]]:
    """When `kind` was called, on the timeline's clock, and its seconds."""
    return [(round(cue.at - 10.0, 6), cue.seconds) for cue in stage.cues if cue.kind is kind]


def test_the_time_left_is_called_at_ten_five_and_one_minute() -> None:
    stage = running(INTERVALS).wait(1300.0)
    assert called(stage, CueKind.TIME_LEFT) == [(600.0, 600.0), (900.0, 300.0), (1140.0, 60.0)]


def test_no_time_left_is_called_that_is_more_than_half_of_the_workout() -> None:
    stage = running(plan((WALK, 500, 500))).wait(500.0)
    assert called(stage, CueKind.TIME_LEFT) == [(440.0, 60.0)]


def test_a_time_left_that_was_jumped_over_is_not_called_late() -> None:
    stage = running(plan((WALK, 200, 500), (WALK, 30, 500))).wait(100.0).ask(Intent.SKIP).wait(30.0)
    assert called(stage, CueKind.TIME_LEFT) == []


def test_a_time_left_is_called_once_even_if_the_step_is_extended_past_it() -> None:
    stage = running(plan((WALK, 200, 500))).wait(145.0).ask(Intent.EXTEND).wait(90.0)
    assert called(stage, CueKind.TIME_LEFT) == [(140.0, 60.0)]


def test_the_time_left_is_of_the_timeline_and_stands_still_in_a_pause() -> None:
    stage = running(plan((WALK, 200, 500))).wait(100.0).ask(Intent.PAUSE).hear(Signal.BELT_RESTED).wait(500.0)
    assert called(stage, CueKind.TIME_LEFT) == []
    stage.ask(Intent.RESUME).wait(10.0).hear(Signal.BELT_MOVED).wait(60.0)
    assert called(stage, CueKind.TIME_LEFT) == [(650.0, 60.0)]


def test_posture_is_spoken_of_in_one_step_of_three_runs_and_walks_in_turn() -> None:
    stage = running(INTERVALS).wait(1300.0)
    said = [(cue.number, cue.at - 10.0) for cue in stage.cues if cue.kind is CueKind.POSTURE]
    assert said == [(2, 315.0), (5, 495.0), (8, 675.0), (11, 855.0)]
    assert len({posture(number) for number, _ in said}) == len(POSTURE)


def test_short_steps_have_no_words_on_posture() -> None:
    stage = running(plan((WALK, 60, 500), (WALK, POSTURE_NEEDS - 1, 500), (WALK, 60, 500))).wait(200.0)
    assert called(stage, CueKind.POSTURE) == []


def test_no_words_on_posture_while_an_increase_is_announced() -> None:
    stage = running(plan((WALK, 60, 500), (WALK, 60, 500))).wait(74.0).ask(Intent.FASTER).wait(40.0)
    assert called(stage, CueKind.POSTURE) == []


@given(lengths=st.lists(st.floats(1.0, 700.0), min_size=1, max_size=9))
def test_each_call_is_made_at_most_once_and_on_time_whatever_the_lengths(lengths: list[float]) -> None:
    steps = [(RUN if index % 2 else WALK, length, 500) for index, length in enumerate(lengths)]
    stage = running(plan(*steps)).wait(sum(lengths) + 1.0)
    left = called(stage, CueKind.TIME_LEFT)
    assert len({seconds for _, seconds in left}) == len(left)
    assert all(at == pytest.approx(sum(lengths) - seconds, abs=1e-3) for at, seconds in left)
    numbers = [cue.number for cue in stage.cues if cue.kind is CueKind.POSTURE]
    assert numbers == sorted(set(numbers))
    assert len(numbers) <= len(lengths) / 3 + 1


@pytest.mark.parametrize("phase", [Phase.STOPPED, Phase.ENDING])
def test_a_belt_that_does_not_obey_is_an_alarm_that_is_cued(phase: Phase) -> None:
    stage = brought_to(phase).forget().hear(Signal.STOP_ALARM)
    assert stage.kinds() == [CueKind.ALARM]
