"""Stepped off: what follows when a machine that counts steps counts none on a moving belt, and what never does."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runback.machine.events import Measured, Signal
from runback.session.model import CountFrom, CueKind, Intent, MachineRequest, ManualMode, Phase, SteppedOff
from runback.session.session import Session
from runback.session.step_detection import ASKED, MISSED, SLOWED
from runback.workout.model import Workout
from tests.support.effort import examples
from tests.support.session.stage import COOL_DOWN, RUN, WALK, Stage, plan

LONG = plan((WALK, 60, 450), (RUN, 120, 750), (WALK, 60, 500), (RUN, 60, 750), (COOL_DOWN, 60, 400))


class Walked(Stage):
    """A stage on a machine that counts steps, `steps` so far, or tells a `cadence`."""

    def __init__(self, workout: Workout = LONG, up_to: SteppedOff = SteppedOff.PAUSE, after: float = 10.0) -> None:
        super().__init__(workout)
        self.session = Session(workout, stepped_off=up_to, after=after)
        self.session.set_range(80, 2000)
        self.steps = 100
        self.cadence: int | None = None

    def walk(self, seconds: int) -> Walked:
        """Somebody walks or runs as the belt does."""
        for _ in range(seconds):
            self.steps += 2
            self._tell()
        return self

    def away(self, seconds: int) -> Walked:
        """The belt runs with nobody on it."""
        for _ in range(seconds):
            self._tell()
        return self

    def _tell(self) -> None:
        self.wait(1.0)
        self.hear(Measured(self.now, self.speed or 450, steps=self.steps))


def walked(up_to: SteppedOff = SteppedOff.PAUSE, after: float = 10.0, seconds: int = 90) -> Walked:
    stage = Walked(LONG, up_to, after)
    stage.started()
    stage.walk(seconds).forget()
    return stage


def test_after_ten_seconds_without_a_step_the_person_is_asked() -> None:
    stage = walked().away(9)
    assert (stage.session.notice, stage.kinds(CueKind.STEPPED_OFF)) == (None, [])
    stage.away(1)
    assert (stage.session.notice, stage.kinds(CueKind.STEPPED_OFF)) == (ASKED, [CueKind.STEPPED_OFF])
    assert stage.speed == 750


def test_then_the_belt_goes_to_walking_speed_then_to_rest_by_the_machines_pause() -> None:
    stage = walked().away(20)
    assert (stage.speed, stage.session.notice) == (450, SLOWED)
    said = [CueKind.STEPPED_OFF, CueKind.SLOWER, CueKind.STEPPED_OFF]
    assert stage.kinds(CueKind.SLOWER, CueKind.STEPPED_OFF) == said
    stage.away(9)
    assert stage.phase is Phase.RUNNING
    stage.away(1)
    assert (stage.phase, stage.ordered, stage.session.notice) == (Phase.PAUSING, [MachineRequest.PAUSE], MISSED)
    stage.hear(Signal.BELT_RESTED).wait(600.0)
    assert (stage.phase, stage.ordered, stage.session.notice) == (Phase.PAUSED, [MachineRequest.PAUSE], MISSED)


def test_only_the_persons_word_and_a_countdown_start_it_again() -> None:
    stage = walked().away(30)
    stage.hear(Signal.BELT_RESTED).forget()
    stage.walk(60)
    assert (stage.phase, stage.ordered) == (Phase.PAUSED, [])
    stage.ask(Intent.RESUME).wait(10.0)
    assert stage.ordered == [MachineRequest.ARM, MachineRequest.START]
    assert stage.kinds(CueKind.HEADS_UP, CueKind.COUNTDOWN) == [CueKind.HEADS_UP, *[CueKind.COUNTDOWN] * 3]


def test_any_step_withdraws_the_warning_and_the_count_begins_anew() -> None:
    stage = walked().away(15).walk(1)
    assert stage.session.notice is None
    stage.away(9)
    assert (stage.session.notice, stage.speed) == (None, 750)
    assert stage.away(1).session.notice == ASKED


def test_another_notice_is_not_withdrawn_with_it() -> None:
    stage = walked().away(12)
    stage.console(600)
    stage.walk(1)
    assert "console" in str(stage.session.notice)


def test_back_on_the_belt_the_slower_speed_holds_until_the_next_step_which_is_announced() -> None:
    stage = walked(seconds=90).away(22).walk(20)
    assert (stage.speed, stage.session.notice) == (450, None)
    stage.walk(50)
    assert (stage.number, stage.speed) == (3, 500)
    assert stage.kinds(CueKind.HEADS_UP, CueKind.COUNTDOWN)[:4] == [CueKind.HEADS_UP, *[CueKind.COUNTDOWN] * 3]


def test_while_nobody_is_felt_nothing_is_announced_or_raised_whoever_asks() -> None:
    stage = walked(SteppedOff.EASE, seconds=45)
    stage.away(60)
    assert (stage.number, stage.speed) == (2, 450)
    assert CueKind.HEADS_UP not in stage.kinds() or CueKind.WITHDRAWN in stage.kinds()
    stage.ask(Intent.FASTER)
    assert "no steps" in str(stage.session.notice)
    stage.walk(20)
    assert stage.speed == 450
    stage.ask(Intent.FASTER).wait(3.0)
    assert stage.speed == 500


def test_an_announced_increase_is_withdrawn_with_the_warning() -> None:
    stage = walked(seconds=44).away(10)
    assert stage.kinds(CueKind.HEADS_UP, CueKind.WITHDRAWN) == [CueKind.HEADS_UP, CueKind.WITHDRAWN]
    assert stage.session.announced is None


@pytest.mark.parametrize(
    ("up_to", "speed", "phase"),
    [
        (SteppedOff.OFF, 750, Phase.RUNNING),
        (SteppedOff.WARN, 750, Phase.RUNNING),
        (SteppedOff.EASE, 450, Phase.RUNNING),
        (SteppedOff.PAUSE, None, Phase.PAUSING),
    ],
)
def test_it_goes_as_far_as_it_was_told(up_to: SteppedOff, speed: int | None, phase: Phase) -> None:
    stage = walked(up_to).away(45)
    assert (stage.speed, stage.phase) == (speed, phase)
    assert bool(stage.kinds(CueKind.STEPPED_OFF)) is (up_to is not SteppedOff.OFF)


def test_how_soon_is_a_setting() -> None:
    assert walked(after=5.0).away(5).session.notice == ASKED
    assert walked(after=5.0).away(15).phase is Phase.PAUSING


def test_a_machine_whose_steps_were_never_seen_to_go_on_is_never_judged() -> None:
    stage = Walked()
    stage.started()
    assert stage.away(300).kinds(CueKind.STEPPED_OFF) == []
    assert stage.phase is Phase.ENDING or stage.speed == 750 or stage.number > 2


def test_nor_is_one_that_counted_twice_only() -> None:
    stage = Walked()
    stage.started()
    stage.walk(3).away(60)  # the first record is no step: nobody knows what it counts from
    assert stage.kinds(CueKind.STEPPED_OFF) == []


def test_a_machine_that_stops_saying_anything_of_steps_is_no_evidence() -> None:
    stage = walked()
    for _ in range(60):
        stage.wait(1.0).measure(750)
    assert stage.kinds(CueKind.STEPPED_OFF) == []


def test_a_gap_in_the_data_is_no_time_without_steps() -> None:
    stage = walked().away(5)
    stage.wait(20.0)
    stage.away(4)
    assert stage.kinds(CueKind.STEPPED_OFF) == []


def test_a_belt_at_rest_needs_nobody_on_it() -> None:
    stage = walked()
    for _ in range(60):
        stage.wait(1.0).hear(Measured(stage.now, 0, steps=stage.steps))
    assert stage.kinds(CueKind.STEPPED_OFF) == []


def test_a_count_that_was_reset_is_no_sign_of_nobody() -> None:
    stage = walked().away(9)
    stage.steps = 0
    assert stage.away(5).session.notice is None


def test_a_cadence_says_the_same() -> None:
    stage = Walked()
    stage.started()
    for cadence in [110] * 10 + [0] * 10:
        stage.wait(1.0).hear(Measured(stage.now, 450, cadence=cadence))
    assert stage.session.notice == ASKED
    stage.wait(1.0).hear(Measured(stage.now, 450, cadence=90))
    assert stage.session.notice is None


def test_where_the_person_sets_the_speed_it_is_words_only() -> None:
    stage = Walked()
    stage.session.by_hand = ManualMode.EVERYTHING
    stage.hear(Signal.LINK_UP, Signal.BELT_RESTED).ask(Intent.START).wait(10.0).hear(Signal.BELT_MOVED)
    stage.walk(20).forget()
    stage.away(60)
    assert stage.session.notice == ASKED
    assert (stage.phase, stage.ordered, stage.kinds(CueKind.STEPPED_OFF)) == (Phase.RUNNING, [], [CueKind.STEPPED_OFF])


def test_slowing_down_lets_a_step_that_waits_for_its_speed_count() -> None:
    stage = Walked()
    stage.session = Session(plan((WALK, 20, 450), (RUN, 60, 750)), count_from=CountFrom.SPEED)
    stage.session.set_range(80, 2000)
    stage.started()
    for second in range(60):
        stage.steps += 2 * (second < 15)
        stage.wait(1.0).hear(Measured(stage.now, 450, steps=stage.steps))
    assert not stage.session.speed_plan.counting.waits


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 30)), max_size=8), st.sampled_from(SteppedOff))
def test_whoever_comes_and_goes_nothing_rises_for_it_unannounced_and_nothing_starts(
    spans: list[tuple[bool, int]], up_to: SteppedOff
) -> None:
    stage = walked(up_to, seconds=20)
    for on, seconds in spans:
        (stage.walk if on else stage.away)(seconds)
    said = [(at, speed or 0) for at, _, _, speed in stage.said(CueKind.HEADS_UP)]
    for (_, was), (at, to) in pairwise(stage.targets):
        if to and was and to > was:
            assert any(speed >= to and then <= at - 9.9 for then, speed in said), (at, was, to)
    assert MachineRequest.START not in stage.ordered
