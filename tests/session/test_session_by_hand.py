"""Treadmills whose own buttons have to be pressed (quirks 15, 17, 20, 21), and those whose units are not known (22)."""

from __future__ import annotations

import pytest

from runback.machine.events import Signal
from runback.session.manual_prompts import PRESS_PAUSE, PRESS_START, PRESS_STOP, UNSEEN_STOP
from runback.session.model import CountFrom, CueKind, Intent, MachineRequest, ManualMode, Phase
from runback.session.start_sequence import FINDING_UNITS
from runback.workout.model import Workout
from tests.support.session.stage import FIRST_RUN, RUN, WALK, Stage, plan


def stage(by_hand: ManualMode, workout: Workout = FIRST_RUN) -> Stage:
    one = Stage(workout)
    one.session.by_hand = by_hand
    return one.hear(Signal.LINK_UP, Signal.BELT_RESTED)


def counted_down(by_hand: ManualMode, workout: Workout = FIRST_RUN) -> Stage:
    one = stage(by_hand, workout).ask(Intent.START)
    if by_hand is ManualMode.START:
        one.hear(Signal.CONTROL_GRANTED)
    return one.wait(10.0)


def test_quirk_17_after_the_countdown_the_person_is_told_to_press_start() -> None:
    one = counted_down(ManualMode.START)
    assert (one.phase, one.session.notice) == (Phase.STARTING, PRESS_START)
    assert one.ordered == [MachineRequest.ARM, MachineRequest.START]
    one.wait(30.0).hear(Signal.BELT_MOVED)
    assert (one.phase, one.speed, one.position) == (Phase.RUNNING, 450, 0.0)


def test_quirk_17_a_start_that_nobody_presses_is_off_after_a_minute() -> None:
    one = counted_down(ManualMode.START).wait(60.0)
    assert one.phase is Phase.READY
    assert one.ordered[-1] is MachineRequest.PAUSE  # whatever would have followed the button is off too
    assert one.session.notice == "nobody pressed START on the treadmill"
    one.hear(Signal.BELT_MOVED)
    assert (one.phase, one.speed) == (Phase.READY, None)


def test_quirk_17_the_person_may_call_the_start_off() -> None:
    one = counted_down(ManualMode.START).ask(Intent.PAUSE)
    assert (one.phase, one.session.notice) == (Phase.READY, "the start was cancelled")


def test_quirk_17_a_wish_waits_for_the_hand_no_longer_than_the_person_is_waited_for() -> None:
    assert stage(ManualMode.NOTHING).session.start_within == 0.0
    assert stage(ManualMode.START).session.start_within == 60.0


def test_quirk_20_in_prompt_mode_nothing_is_ordered_but_stop_from_start_to_end() -> None:
    one = counted_down(ManualMode.EVERYTHING).hear(Signal.BELT_MOVED)
    assert (one.phase, one.speed, one.session.incline, one.session.asked) == (Phase.RUNNING, None, None, 450)
    one.wait(300.0)
    assert one.phase is Phase.ENDING
    assert one.ordered == [MachineRequest.FINISH]
    assert {target for _, target in one.targets} == {None}
    assert one.session.notice == PRESS_STOP


def test_quirk_20_the_person_is_told_each_speed_after_its_countdown() -> None:
    one = counted_down(ManualMode.EVERYTHING).hear(Signal.BELT_MOVED)
    assert one.session.notice == "set 4.5 km/h on the treadmill"
    one.forget().wait(59.0)
    assert one.session.notice == "set 4.5 km/h on the treadmill"
    assert one.kinds(CueKind.HEADS_UP, CueKind.COUNTDOWN) == [CueKind.HEADS_UP, *[CueKind.COUNTDOWN] * 3]
    one.wait(1.0)
    assert one.session.notice == "set 7.5 km/h on the treadmill"
    one.wait(60.0)
    assert one.session.notice == "set 5.0 km/h on the treadmill"


def test_quirk_20_the_belt_confirms_what_the_person_has_set() -> None:
    one = counted_down(ManualMode.EVERYTHING).hear(Signal.BELT_MOVED).measure(80)
    assert "4.5" in str(one.session.notice)
    assert one.measure(440).session.notice is None
    assert one.wait(10.0).session.notice is None


def test_quirk_20_totals_and_steps_go_on_as_ever() -> None:
    one = counted_down(ManualMode.EVERYTHING, plan((WALK, 20, 360), (RUN, 20, 720))).hear(Signal.BELT_MOVED)
    for _ in range(20):
        one.measure(360).wait(1.0)
    assert one.number == 2
    assert one.session.speed_plan.totals.metres == pytest.approx(20.0, abs=0.1)


def test_quirk_20_a_pause_is_pressed_at_the_treadmill_or_becomes_a_stop() -> None:
    one = counted_down(ManualMode.EVERYTHING).hear(Signal.BELT_MOVED).ask(Intent.PAUSE)
    assert (one.phase, one.session.notice, one.ordered) == (Phase.PAUSING, PRESS_PAUSE, [])
    one.hear(Signal.BELT_MOVED)  # repeated: still nothing is ordered
    assert one.ordered == []
    one.hear(Signal.BELT_RESTED)
    assert one.phase is Phase.PAUSED
    one.ask(Intent.RESUME).wait(10.0)
    assert one.session.notice == PRESS_START
    one.hear(Signal.BELT_MOVED)
    assert (one.phase, one.ordered) == (Phase.RUNNING, [])
    assert one.ask(Intent.PAUSE).wait(20.0).ordered == [MachineRequest.STOP]


def test_quirk_20_stop_says_what_to_press_too() -> None:
    one = counted_down(ManualMode.EVERYTHING).hear(Signal.BELT_MOVED).ask(Intent.STOP)
    assert (one.phase, one.session.notice) == (Phase.STOPPED, PRESS_STOP)


def test_quirk_20_after_a_lost_link_the_person_goes_on_without_any_order() -> None:
    one = counted_down(ManualMode.EVERYTHING).hear(Signal.BELT_MOVED).measure(450)
    one.hear(Signal.LINK_DOWN, Signal.LINK_UP).ask(Intent.REARM)
    assert one.ordered == [MachineRequest.LISTEN]
    one.hear(Signal.BELT_MOVED).measure(440).ask(Intent.REARM)
    assert (one.phase, one.ordered) == (Phase.RUNNING, [MachineRequest.LISTEN])
    assert one.wait(10.1).session.notice == "set 4.5 km/h on the treadmill"


def test_quirk_20_a_belt_that_moves_already_needs_no_button() -> None:
    one = stage(ManualMode.EVERYTHING).hear(Signal.BELT_MOVED).ask(Intent.START).wait(10.0)
    assert (one.phase, one.session.notice) == (Phase.RUNNING, "set 4.5 km/h on the treadmill")


def test_quirk_22_until_units_are_known_nothing_above_walking_pace_is_wanted_or_announced() -> None:
    one = Stage(plan((RUN, 60, 800), (WALK, 60, 300)))
    one.session.restrict(400, 0.0)
    one.started()
    assert (one.speed, one.session.notice) == (400, FINDING_UNITS)
    one.wait(20.0)
    assert one.speed == 400
    one.ask(Intent.FASTER)
    assert one.session.notice == "4.0 km/h is the limit"


def test_quirk_22_what_was_held_back_is_announced_before_it_comes() -> None:
    one = Stage(plan((RUN, 60, 800), (WALK, 60, 300)))
    one.session.restrict(400, 0.0)
    one.started().wait(20.0).forget()
    one.session.restrict(None, one.now)
    assert one.session.notice is None
    one.jump(one.now).wait(9.9)
    one.session.restrict(None, one.now)  # again: nothing new
    assert one.speed == 400
    assert one.kinds(CueKind.HEADS_UP) == [CueKind.HEADS_UP]
    assert one.wait(0.2).speed == 800


def test_quirk_22_a_coming_run_is_announced_anew_once_units_are_known() -> None:
    one = Stage(plan((WALK, 30, 300), (RUN, 60, 800)))
    one.session.restrict(400, 0.0)
    one.started().wait(25.0)
    one.session.restrict(None, one.now)
    one.jump(one.now).wait(5.0)
    assert (one.number, one.speed) == (2, 300)
    assert one.wait(4.9).speed == 300
    assert one.wait(0.2).speed == 800


# -- by the clock (quirks 10, 38) -------------------------------------------------------------------------------------


def unseen() -> Stage:
    """By the clock, running."""
    one = stage(ManualMode.UNSEEN).ask(Intent.START).wait(10.0)
    assert (one.phase, one.ordered) == (Phase.RUNNING, [])
    return one


def test_quirk_38_nothing_seen_of_the_belt_the_clock_begins_when_the_countdown_ends() -> None:
    one = unseen()
    assert one.session.timed_only
    assert one.session.notice == "press START on the treadmill, then set 4.5 km/h on the treadmill"
    assert one.session.target is None
    assert one.session.asked == 450
    assert one.wait(60.0).session.notice == "set 7.5 km/h on the treadmill"


@pytest.mark.parametrize(
    "signal",
    [Signal.LINK_DOWN, Signal.LINK_UP, Signal.BELT_RESTED, Signal.BELT_MOVED, Signal.WENT_QUIET, Signal.HEARD_AGAIN],
)
def test_quirk_38_what_a_blind_machine_says_of_link_and_belt_changes_nothing(signal: Signal) -> None:
    one = unseen()
    before = (one.phase, one.session.notice, one.position)
    one.hear(signal)
    assert (one.phase, one.session.notice, one.position) == before


def test_quirk_38_a_pause_halts_at_once_and_a_resume_is_counted_down() -> None:
    one = unseen().ask(Intent.PAUSE)
    assert (one.phase, one.session.notice, one.ordered) == (Phase.PAUSED, "press PAUSE or STOP on the treadmill", [])
    stood = one.position
    assert one.wait(100.0).position == stood
    one.ask(Intent.RESUME).wait(9.9)
    assert one.phase is Phase.COUNTDOWN
    assert one.wait(0.2).phase is Phase.RUNNING


def test_quirk_38_stop_tells_what_to_press_and_its_release_needs_no_link() -> None:
    one = unseen().ask(Intent.STOP)
    assert (one.phase, one.session.notice) == (Phase.STOPPED, UNSEEN_STOP)
    one.hear(Signal.LINK_DOWN).session.released()
    assert one.phase is Phase.PAUSED


def test_quirk_38_the_workout_is_over_once_all_has_been_done_that_can_be() -> None:
    one = unseen().wait(301.0)
    assert (one.phase, one.session.notice, one.ordered) == (Phase.ENDING, UNSEEN_STOP, [MachineRequest.FINISH])
    assert one.hear(Signal.STOP_UNSEEN).phase is Phase.COMPLETED


def test_quirk_38_where_nobody_sees_a_speed_reached_the_time_counts_from_the_word() -> None:
    one = Stage(count_from=CountFrom.SPEED)
    one.session.by_hand = ManualMode.UNSEEN
    assert one.session.by_hand is ManualMode.UNSEEN
    one.hear(Signal.LINK_UP, Signal.BELT_RESTED).ask(Intent.START).wait(10.0)
    began = one.position
    assert one.wait(5.0).position == pytest.approx(began + 5.0)
