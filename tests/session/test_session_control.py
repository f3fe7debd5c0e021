"""Pause and resume, skip, repeat, extend, ease off, take over; and a timeline that does not drift."""

from __future__ import annotations

import pytest

from runback.machine.events import Axis, ConsoleChanged, Measured, Signal
from runback.session.model import CueKind, Intent, MachineRequest, Phase
from runback.session.session_state import PAUSE_WITHIN
from runback.session.timeline import WALKING
from runback.session.transitions import LINK
from runback.workout.model import Kind, Repeat, Step, Workout
from tests.support.session.stage import COOL_DOWN, FIRST_RUN, FREE, RUN, WALK, WARM_UP, Stage, brought_to, plan


def running(workout: Workout = FIRST_RUN, *, at: float = 0.0, run_cap: float | None = None) -> Stage:
    """Under way since `at` seconds; `stage.now - 10` is the time on the timeline."""
    return Stage(workout, run_cap=run_cap).started().wait(at).forget()


def raises(stage: Stage) -> list[tuple[float, int]]:
    """Each heads-up: when, to what speed."""
    return [(at - 10.0, speed or 0) for at, _, _, speed in stage.said(CueKind.HEADS_UP)]


# -- pause and resume ---------------------------------------------------------------------------------------


def test_a_pause_is_the_machines_and_the_clock_stands_still_through_it() -> None:
    stage = running(at=30.0).ask(Intent.PAUSE)
    assert (stage.phase, stage.ordered, stage.speed) == (Phase.PAUSING, [MachineRequest.PAUSE], None)
    stage.wait(4.0).hear(Signal.BELT_RESTED).wait(500.0)
    assert (stage.phase, stage.position) == (Phase.PAUSED, 30.0)
    assert stage.kinds() == [CueKind.PAUSED]


def test_a_resume_in_a_run_counts_down_to_walking_speed_and_then_announces_the_run() -> None:
    stage = running(at=80.0).ask(Intent.PAUSE).hear(Signal.BELT_RESTED).wait(60.0).forget()
    stage.ask(Intent.RESUME)
    assert raises(stage) == [(140.0, 500)]
    stage.wait(10.0)
    assert stage.ordered == [MachineRequest.ARM, MachineRequest.START]
    stage.wait(3.5).hear(Signal.BELT_MOVED)
    assert (stage.speed, stage.position) == (500, 80.0)
    assert CueKind.RESUMED in stage.kinds()
    assert raises(stage)[1:] == [(153.5, 750)]
    stage.wait(9.9)
    assert stage.speed == 500
    stage.wait(0.1)
    assert stage.speed == 750


def test_a_resume_in_a_walk_goes_to_its_speed_and_announces_nothing_more() -> None:
    stage = running(at=140.0).ask(Intent.PAUSE).hear(Signal.BELT_RESTED, Signal.BELT_MOVED).forget()
    stage.ask(Intent.RESUME).wait(10.0)
    assert (stage.phase, stage.speed, raises(stage)) == (Phase.RUNNING, 500, [(140.0, 500)])


def test_a_resume_without_any_walking_in_the_plan_begins_at_the_default_walking_speed() -> None:
    workout = plan((RUN, 60, 800), (FREE, 60, 700))
    stage = running(workout, at=20.0).ask(Intent.PAUSE).hear(Signal.BELT_RESTED).ask(Intent.RESUME)
    assert stage.session.announced is not None
    assert stage.session.announced.speed == WALKING


def test_a_pause_that_does_not_bring_the_belt_to_rest_becomes_a_stop() -> None:
    stage = running(at=30.0).ask(Intent.PAUSE).forget().wait(PAUSE_WITHIN - 0.1)
    assert (stage.phase, stage.ordered) == (Phase.PAUSING, [])
    stage.wait(0.1)
    assert (stage.phase, stage.ordered) == (Phase.STOPPED, [MachineRequest.STOP])
    assert stage.session.stop_reason == "the pause did not bring the belt to rest"


def test_a_refused_pause_becomes_a_stop_at_once() -> None:
    stage = running(at=30.0).ask(Intent.PAUSE).forget().hear(Signal.PAUSE_REFUSED)
    assert (stage.phase, stage.ordered) == (Phase.STOPPED, [MachineRequest.STOP])
    assert stage.session.stop_reason == "the treadmill does not pause: stopped instead"


def test_a_pause_in_the_countdown_calls_the_start_off_and_nothing_starts_later() -> None:
    stage = brought_to(Phase.COUNTDOWN).forget().ask(Intent.PAUSE)
    assert (stage.phase, stage.kinds()) == (Phase.READY, [CueKind.WITHDRAWN])
    stage.wait(60.0)
    assert (stage.phase, stage.ordered) == (Phase.READY, [])


def test_a_belt_whose_start_overtook_the_pause_is_paused_again() -> None:
    stage = brought_to(Phase.STARTING).ask(Intent.PAUSE).forget().wait(1.0).hear(Signal.BELT_MOVED)
    assert (stage.phase, stage.ordered) == (Phase.PAUSING, [MachineRequest.PAUSE])
    stage.wait(PAUSE_WITHIN)
    assert stage.phase is Phase.STOPPED


def test_a_pause_withdraws_what_was_announced() -> None:
    stage = running(at=55.0).ask(Intent.PAUSE)
    assert stage.kinds() == [CueKind.WITHDRAWN, CueKind.PAUSED]
    stage.hear(Signal.BELT_RESTED).wait(30.0)
    assert stage.speed is None


def test_a_stop_at_the_console_is_a_pause_of_the_session_that_nobody_has_to_order() -> None:
    stage = running(at=30.0).hear(Signal.CONSOLE_STOPPED)
    assert (stage.phase, stage.ordered) == (Phase.PAUSING, [])
    stage.hear(Signal.BELT_RESTED)
    assert (stage.phase, stage.session.notice) == (Phase.PAUSED, "stopped at the console")


def test_an_incline_or_speed_held_before_a_pause_is_not_held_after_it() -> None:
    stage = running(at=30.0).console(300).ask(Intent.PAUSE).hear(Signal.BELT_RESTED).ask(Intent.RESUME)
    stage.wait(10.0).hear(Signal.BELT_MOVED)
    assert stage.speed == 450


# -- skip, repeat, extend -----------------------------------------------------------------------------------


def test_skip_into_a_slower_step_is_immediate() -> None:
    stage = running(at=80.0).ask(Intent.SKIP)
    assert (stage.number, stage.speed, stage.position) == (3, 500, 80.0)


def test_skip_into_a_faster_step_comes_after_its_announcement() -> None:
    stage = running(at=20.0).ask(Intent.SKIP)
    assert (stage.number, stage.speed, raises(stage)) == (1, 450, [(20.0, 750)])
    stage.wait(10.0)
    assert (stage.number, stage.speed) == (2, 750)
    assert stage.session.speed_plan.totals.intervals[1].began == 40.0


def test_skip_into_a_step_already_announced_neither_hastens_nor_repeats_it() -> None:
    stage = Stage().started().wait(50.0).forget().wait(4.0).ask(Intent.SKIP).wait(10.0)
    assert raises(stage) == []
    assert stage.targets[-1] == (70.0, 750)


def test_skipping_twice_does_not_shorten_the_announcement() -> None:
    stage = running(at=20.0).ask(Intent.SKIP).wait(4.0).ask(Intent.SKIP).wait(6.0)
    assert raises(stage) == [(20.0, 750)]
    assert stage.targets[-1] == (40.0, 750)


def test_skip_keeps_what_was_promised_for_a_later_step() -> None:
    stage = running(plan((WALK, 30, 500), (WALK, 5, 400), (RUN, 30, 800))).wait(27.0).ask(Intent.SKIP)
    assert (stage.number, stage.speed) == (2, 400)
    stage.wait(20.0)
    assert raises(stage) == [(25.0, 800)]
    assert stage.targets[-1] == (45.0, 800)


def test_skip_in_the_last_step_ends_the_workout() -> None:
    stage = running(at=250.0).ask(Intent.SKIP)
    assert (stage.phase, stage.ordered) == (Phase.ENDING, [MachineRequest.FINISH])


def test_skip_while_quiet_goes_on_without_raising() -> None:
    stage = running(at=20.0).hear(Signal.WENT_QUIET).ask(Intent.SKIP).wait(15.0)
    assert (stage.number, stage.speed) == (2, 450)


def test_repeat_begins_the_step_anew_for_its_planned_time() -> None:
    stage = running(at=110.0).ask(Intent.REPEAT)
    assert stage.session.speed_plan.timeline.total == 350.0
    stage.wait(59.9)
    assert stage.number == 2
    stage.wait(0.1)
    assert (stage.number, stage.speed) == (3, 500)


def test_repeat_withdraws_the_coming_run_and_announces_it_again_in_time() -> None:
    stage = running(at=55.0).ask(Intent.REPEAT)
    assert stage.kinds() == [CueKind.WITHDRAWN]
    stage.wait(60.0)
    assert raises(stage) == [(105.0, 750)]
    assert stage.targets[-1] == (125.0, 750)


def test_extend_adds_thirty_seconds_and_moves_the_announcement_with_them() -> None:
    stage = running(at=55.0).ask(Intent.EXTEND)
    assert stage.kinds() == [CueKind.WITHDRAWN]
    stage.wait(35.0)
    assert raises(stage) == [(80.0, 750)]
    assert stage.targets[-1] == (100.0, 750)


def test_a_walk_may_be_extended_as_often_as_one_likes() -> None:
    stage = running(at=20.0, run_cap=120.0).ask(*[Intent.EXTEND] * 5)
    assert stage.session.speed_plan.timeline.end == 60.0 + 150.0


@pytest.mark.parametrize(("cap", "end"), [(None, 180.0), (120.0, 120.0), (145.0, 145.0), (500.0, 180.0)])
def test_running_is_never_extended_past_the_cap(cap: float | None, end: float) -> None:
    stage = running(at=80.0, run_cap=cap).ask(Intent.EXTEND, Intent.EXTEND)
    assert stage.session.speed_plan.timeline.end == end
    refused = "that would be more running than today's plan has"
    assert (stage.session.notice == refused) is (cap is not None and cap < 180.0)


# -- ease off -----------------------------------------------------------------------------------------------


def test_ease_off_in_a_run_is_to_walking_now_and_for_the_rest_of_the_session() -> None:
    stage = running(at=80.0).ask(Intent.EASE_OFF)
    assert (stage.speed, stage.kinds()) == (500, [CueKind.EASED])
    stage.wait(210.0).wait(20.0)
    assert stage.phase is Phase.ENDING
    assert [target for _, target in stage.targets] == [None, 450, 750, 500, 400, None]
    assert raises(stage) == []


@pytest.mark.parametrize(("at", "speed"), [(20.0, 450), (80.0, 500), (140.0, 500), (260.0, 400)])
def test_ease_off_never_raises_the_belt_nor_any_later_step(at: float, speed: int) -> None:
    stage = running(at=at).ask(Intent.EASE_OFF)
    assert stage.speed == speed
    stage.wait(300.0)
    assert raises(stage) == []


def test_ease_off_withdraws_everything_announced() -> None:
    stage = running(at=55.0).ask(Intent.FASTER).wait(1.0).ask(Intent.EASE_OFF).forget().wait(60.0)
    assert stage.kinds(CueKind.HEADS_UP, CueKind.COUNTDOWN, CueKind.RUN) == []
    assert stage.speed == 450


def test_ease_off_wins_over_a_speed_held_for_the_console() -> None:
    stage = running(at=80.0).console(900).ask(Intent.EASE_OFF)
    assert stage.speed == 500


def test_after_ease_off_nobody_goes_faster_but_everybody_slower() -> None:
    stage = running(at=80.0).ask(Intent.EASE_OFF, Intent.FASTER)
    assert stage.session.notice == "eased off: the rest of this session is walked"
    stage.ask(Intent.SLOWER)
    assert stage.speed == 450


def test_a_console_raise_after_ease_off_lasts_to_the_end_of_its_step_only() -> None:
    stage = running(at=80.0).ask(Intent.EASE_OFF).console(800)
    assert stage.speed == 800
    stage.wait(40.0)
    assert stage.speed == 500


def test_a_resume_after_ease_off_is_walked() -> None:
    stage = running(at=80.0).ask(Intent.EASE_OFF, Intent.PAUSE).hear(Signal.BELT_RESTED).ask(Intent.RESUME).wait(10.0)
    stage.hear(Signal.BELT_MOVED).wait(100.0)
    assert max(target or 0 for at, target in stage.targets if at >= 90.0) == 500


# -- something is wrong -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("at", "speed"), [(20.0, 400), (80.0, 500), (140.0, 450), (260.0, 350)])
def test_when_something_is_wrong_the_belt_is_slower_at_once_and_stays_so(at: float, speed: int) -> None:
    stage = running(at=at).ask(Intent.TROUBLE)
    assert (stage.speed, stage.kinds()) == (speed, [CueKind.EASED])
    stage.wait(300.0)
    assert raises(stage) == []


def test_each_further_press_of_something_is_wrong_is_slower_still_down_to_the_slowest() -> None:
    stage = running(at=80.0)
    stage.session.set_range(200, 1200)
    speeds = [stage.ask(Intent.TROUBLE).speed for _ in range(9)]
    assert speeds == [500, 450, 400, 350, 300, 250, 200, 200, 200]


def test_when_something_is_wrong_the_screen_says_how_to_stop_and_when_it_is_asked() -> None:
    stage = running(at=80.0).ask(Intent.TROUBLE)
    assert stage.session.notice == ("Eased off. Space stops the belt. What is wrong is asked when you have stopped.")


def test_when_something_is_wrong_nothing_announced_comes() -> None:
    stage = running(at=55.0).ask(Intent.FASTER).wait(1.0).ask(Intent.TROUBLE).forget().wait(60.0)
    assert stage.kinds(CueKind.HEADS_UP, CueKind.COUNTDOWN, CueKind.RUN) == []
    assert stage.speed == 400


# -- taking over, trouble -----------------------------------------------------------------------------------


def test_a_link_that_comes_back_only_asks() -> None:
    stage = running(at=80.0).hear(Signal.LINK_DOWN).wait(5.0).hear(Signal.LINK_UP, Signal.BELT_MOVED).wait(60.0)
    assert (stage.phase, stage.ordered, stage.speed, stage.position) == (Phase.REARM, [], None, 80.0)


def test_going_on_waits_to_hear_what_the_belt_does() -> None:
    stage = running(at=80.0).hear(Signal.LINK_DOWN, Signal.LINK_UP).ask(Intent.REARM)
    assert (stage.phase, stage.ordered) == (Phase.REARM, [MachineRequest.LISTEN])
    assert stage.session.notice == "waiting to hear what the belt does"


def test_going_on_takes_the_belt_over_at_the_speed_it_has_and_announces_what_is_missing() -> None:
    stage = running(at=80.0).hear(Signal.LINK_DOWN, Signal.LINK_UP, Signal.BELT_MOVED).measure(620).forget()
    stage.ask(Intent.REARM)
    assert (stage.phase, stage.ordered) == (Phase.REARM, [MachineRequest.ARM])
    stage.wait(0.1).hear(Signal.CONTROL_GRANTED)
    assert (stage.phase, stage.speed) == (Phase.RUNNING, 620)
    stage.wait(10.0)
    assert (len(raises(stage)), stage.speed) == (1, 750)


def test_going_on_never_takes_over_a_speed_above_the_step() -> None:
    stage = running(at=140.0).hear(Signal.LINK_DOWN, Signal.LINK_UP, Signal.BELT_MOVED).measure(1900)
    stage.ask(Intent.REARM).hear(Signal.CONTROL_GRANTED)
    assert stage.speed == 500


def test_going_on_with_a_belt_at_rest_is_a_pause_to_be_resumed() -> None:
    stage = running(at=80.0).hear(Signal.LINK_DOWN, Signal.LINK_UP, Signal.BELT_RESTED).ask(Intent.REARM)
    assert (stage.phase, stage.ordered) == (Phase.PAUSED, [])


def test_a_belt_that_rests_before_control_comes_back_is_not_taken_over() -> None:
    stage = running(at=80.0).hear(Signal.LINK_DOWN, Signal.LINK_UP, Signal.BELT_MOVED).ask(Intent.REARM)
    stage.hear(Signal.BELT_RESTED, Signal.CONTROL_GRANTED)
    assert (stage.phase, stage.session.notice) == (Phase.PAUSED, "the belt is at rest")


def test_control_taken_by_another_is_given_back_only_on_the_persons_word() -> None:
    stage = running(at=80.0).hear(Signal.CONTROL_LOST).wait(60.0)
    assert (stage.phase, stage.ordered, stage.position) == (Phase.CONTROL_LOST, [], 80.0)
    stage.measure(750).ask(Intent.REARM).hear(Signal.CONTROL_GRANTED)
    assert (stage.phase, stage.speed, raises(stage)) == (Phase.RUNNING, 750, [])


def test_going_on_without_control_goes_on_asking() -> None:
    stage = running(at=80.0).hear(Signal.CONTROL_LOST).measure(750).ask(Intent.REARM).hear(Signal.CONTROL_REFUSED)
    assert (stage.phase, stage.session.notice) == (Phase.CONTROL_LOST, "the treadmill does not give control")
    stage.forget().ask(Intent.REARM)
    assert (stage.phase, stage.ordered) == (Phase.CONTROL_LOST, [MachineRequest.ARM])


def test_a_link_lost_in_the_countdown_of_the_first_start_must_be_armed_anew_too() -> None:
    stage = brought_to(Phase.COUNTDOWN).hear(Signal.LINK_DOWN, Signal.LINK_UP, Signal.BELT_RESTED).wait(60.0)
    assert (stage.phase, MachineRequest.START in stage.ordered) == (Phase.REARM, False)
    stage.ask(Intent.REARM)
    assert stage.phase is Phase.READY


def test_a_belt_started_by_a_start_whose_link_was_lost_is_told_and_can_be_taken_over() -> None:
    stage = brought_to(Phase.STARTING).hear(Signal.LINK_DOWN, Signal.LINK_UP, Signal.BELT_MOVED).measure(80)
    assert stage.phase is Phase.REARM
    stage.forget().ask(Intent.REARM).hear(Signal.CONTROL_GRANTED)
    assert (stage.phase, stage.speed, stage.number) == (Phase.RUNNING, 80, 1)
    stage.wait(10.0)
    assert stage.speed == 450


def test_a_pulled_key_leaves_nothing_wanted_and_is_resumed_with_a_countdown() -> None:
    stage = running(at=80.0).hear(Signal.SAFETY_KEY).wait(30.0)
    assert (stage.phase, stage.speed, stage.position) == (Phase.SAFETY_KEY, None, 80.0)
    stage.forget().hear(Signal.BELT_RESTED).ask(Intent.RESUME)
    assert (stage.phase, raises(stage)[0][1]) == (Phase.COUNTDOWN, 500)


# -- stopped ------------------------------------------------------------------------------------------------


def test_the_first_reason_of_a_stop_stands() -> None:
    stage = running(at=80.0)
    stage.session.stopped("the belt is faster than its target", stage.now)
    stage.ask(Intent.STOP)
    assert stage.session.stop_reason == "the belt is faster than its target"


def test_after_a_reset_the_session_can_be_resumed_and_nothing_starts_by_itself() -> None:
    stage = running(at=80.0).ask(Intent.STOP).hear(Signal.BELT_RESTED, Signal.STOP_CONFIRMED).ask(Intent.RESET)
    stage.session.released()
    stage.forget().wait(60.0)
    assert (stage.phase, stage.ordered) == (Phase.PAUSED, [])
    stage.ask(Intent.RESUME)
    assert stage.phase is Phase.COUNTDOWN


def test_a_reset_without_a_link_waits_for_the_link_and_the_persons_word() -> None:
    stage = running(at=80.0).ask(Intent.STOP).hear(Signal.BELT_RESTED, Signal.LINK_DOWN).ask(Intent.RESET)
    stage.session.released()
    assert stage.session.notice == LINK
    stage.ask(Intent.RESUME).hear(Signal.LINK_UP)
    assert stage.phase is Phase.REARM


def test_a_workout_that_ended_in_an_alarm_cannot_be_resumed_after_the_reset() -> None:
    stage = brought_to(Phase.ENDING).hear(Signal.STOP_ALARM)
    assert stage.session.stop_reason == "the workout is over, but the belt does not stop"
    stage.session.released()
    stage.forget().ask(Intent.RESUME)
    assert (stage.phase, stage.ordered) == (Phase.COMPLETED, [])


# -- incline ------------------------------------------------------------------------------------------------

HILL = Workout("hill", (Step(WALK, 30, 500, 10), Step(WALK, 30, 500, 30)))


def test_incline_follows_the_steps_and_what_the_person_added_to_them() -> None:
    stage = running(HILL).ask(Intent.STEEPER)
    assert stage.session.incline == 20
    stage.wait(30.0)
    assert stage.session.incline == 40
    stage.ask(Intent.FLATTER, Intent.FLATTER)
    assert stage.session.incline == 20


def test_the_consoles_incline_is_held_to_the_next_step() -> None:
    stage = running(HILL).hear(ConsoleChanged(Axis.INCLINE, 55))
    assert stage.session.incline == 55
    stage.ask(Intent.STEEPER)
    assert stage.session.incline == 65
    stage.wait(30.0)
    assert stage.session.incline == 40


def test_no_incline_is_wanted_before_the_belt_runs() -> None:
    assert brought_to(Phase.STARTING, HILL).session.incline is None


# -- exact time, own totals ---------------------------------------------------------------------------------


def test_ten_thousand_steps_end_where_the_sum_of_their_durations_says() -> None:
    workout = Workout("long", (Repeat(5000, (Step(WALK, 1.1, 500), Step(WALK, 1.3, 400))),))
    stage = running(workout).jump(10.0 + 1.1 + 5000 * 2.4)
    began = [interval.began for interval in stage.session.speed_plan.totals.intervals]
    assert len(began) == 10_000
    assert max(abs(at - (10.0 + index // 2 * 2.4 + index % 2 * 1.1)) for index, at in enumerate(began)) < 1e-6


def test_boundaries_stay_exact_through_a_pause() -> None:
    stage = running(at=33.3).ask(Intent.PAUSE).hear(Signal.BELT_RESTED).wait(77.7).ask(Intent.RESUME).wait(13.1)
    stage.hear(Signal.BELT_MOVED)
    resumed = stage.now
    stage.wait(300.0)
    began = [interval.began for interval in stage.session.speed_plan.totals.intervals]
    assert began == pytest.approx([10.0, *(resumed + at - 33.3 for at in (60.0, 120.0, 180.0, 240.0))])


def test_distance_is_our_own_and_survives_a_pause() -> None:
    stage = running(plan((WALK, 60, 360), (COOL_DOWN, 60, 360)))
    for _ in range(30):
        stage.measure(360).wait(1.0)
    stage.ask(Intent.PAUSE).hear(Signal.BELT_RESTED).wait(100.0).hear(Signal.BELT_MOVED).ask(Intent.RESUME).wait(10.0)
    assert stage.session.speed_plan.totals.metres == pytest.approx(30.0)
    for _ in range(40):
        stage.measure(360).wait(1.0)
    done = stage.session.speed_plan.totals.intervals
    assert [round(interval.metres) for interval in done] == [60, 9]
    assert [interval.seconds for interval in done] == pytest.approx([60.0, 10.0])
    assert (done[0].average_speed, done[0].top_speed) == (360, 360)


def test_a_gap_in_the_records_is_not_filled_with_distance() -> None:
    stage = running().measure(360).wait(30.0).measure(360)
    assert stage.session.speed_plan.totals.metres == pytest.approx(3.0)


def test_an_interval_too_short_to_say_has_no_average() -> None:
    stage = running().wait(0.5)
    assert stage.session.speed_plan.totals.intervals[0].average_speed is None


def test_records_without_a_speed_or_before_the_session_count_for_nothing() -> None:
    stage = brought_to(Phase.READY).measure(500).wait(5.0).hear(Measured(5.0, None))
    assert stage.session.speed_plan.totals.metres == 0.0


def test_kinds_of_steps_are_walked_or_run() -> None:
    workout = plan(*((kind, 20.0, 500) for kind in Kind))
    stage = Stage(workout).started().wait(100.0)
    said = [cue.kind for cue in stage.cues if cue.kind in (CueKind.RUN, CueKind.WALK)]
    assert said == [CueKind.RUN if kind is RUN else CueKind.WALK for kind in Kind]
    assert WARM_UP in Kind
