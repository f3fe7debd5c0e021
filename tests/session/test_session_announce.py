"""Announce, then move: what is said before an increase, when the belt follows, and what makes it void."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from runback.machine.events import Signal
from runback.session.model import CueKind, Intent, MachineRequest, Phase
from runback.source import Source
from runback.workout.model import Kind, Workout
from tests.support.session.stage import COOL_DOWN, FIRST_RUN, FREE, HIGH, RUN, WALK, WARM_UP, Stage, brought_to, plan

UP = (CueKind.HEADS_UP, CueKind.COUNTDOWN, CueKind.WITHDRAWN)


def running(workout: Workout = FIRST_RUN, *, at: float = 0.0) -> Stage:
    """Under way since `at` seconds, with nothing said so far; `stage.now - 10` is the time on the timeline."""
    return Stage(workout).started().wait(at).forget()


def spoken(stage: Stage, *kinds: CueKind) -> list[tuple[float, CueKind, float, int | None]]:
    """What was said about increases, on the timeline's clock."""
    return [(round(at - 10.0, 6), kind, round(seconds, 6), speed) for at, kind, seconds, speed in stage.said(*kinds)]


def countdown(due: float, speed: int, lead: float = 10.0) -> list[tuple[float, CueKind, float, int]]:
    """A whole announcement, heads-up to 1."""
    counts = [(due - count, CueKind.COUNTDOWN, float(count), speed) for count in (3, 2, 1)]
    return [(due - lead, CueKind.HEADS_UP, lead, speed), *counts]


# -- planned increases --------------------------------------------------------------------------------------


def test_a_run_is_announced_ten_seconds_before_and_counted_three_two_one_once_each() -> None:
    stage = running().wait(70.0)
    assert spoken(stage, *UP) == countdown(60.0, 750)
    assert stage.targets[-2:] == [(20.0 - 10.0, 450), (70.0, 750)]


def test_the_start_itself_is_announced_and_counted() -> None:
    stage = Stage().hear(Signal.LINK_UP, Signal.BELT_RESTED).ask(Intent.START)
    assert stage.session.announced is not None
    stage.until(9.999)
    assert stage.ordered == [MachineRequest.ARM]
    stage.until(10.0)
    assert stage.said(*UP) == countdown(10.0, 450)
    assert stage.orders == [(0.0, MachineRequest.ARM), (10.0, MachineRequest.START)]


def test_a_decrease_comes_at_once_and_is_said_as_it_happens() -> None:
    stage = running(at=60.0).wait(60.0)
    assert stage.targets[-1] == (130.0, 500)
    assert [kind for at, kind, _, _ in stage.said() if at == 130.0] == [CueKind.WALK]
    stage.forget().ask(Intent.SLOWER)
    assert (stage.speed, stage.kinds()) == (450, [CueKind.SLOWER])


def test_a_slower_run_says_that_it_is_a_run_and_slower() -> None:
    stage = running(plan((RUN, 20, 900), (RUN, 30, 700))).wait(20.0)
    assert [cue.kind for cue in stage.cues if cue.at == 30.0] == [CueKind.RUN, CueKind.LAST_INTERVAL, CueKind.SLOWER]


def test_steps_shorter_than_the_countdown_are_announced_while_the_one_before_still_runs() -> None:
    stage = running(plan((WALK, 30, 400), (WALK, 4, 500), (WALK, 4, 600), (RUN, 4, 700), (WALK, 30, 400)))
    stage.wait(50.0)
    assert sorted(spoken(stage, *UP)) == sorted(countdown(30.0, 500) + countdown(34.0, 600) + countdown(38.0, 700))
    assert stage.targets[-5:] == [(10.0, 400), (40.0, 500), (44.0, 600), (48.0, 700), (52.0, 400)]


def test_two_runs_with_a_short_walk_between_are_both_announced() -> None:
    stage = running(plan((WALK, 30, 400), (RUN, 3, 800), (WALK, 3, 400), (RUN, 3, 700))).wait(45.0)
    assert sorted(spoken(stage, *UP)) == sorted(countdown(30.0, 800) + countdown(36.0, 700))
    assert (46.0, 700) in stage.targets


def test_a_step_no_faster_than_the_one_before_is_not_announced() -> None:
    stage = running(plan((RUN, 30, 800), (RUN, 30, 800), (WALK, 30, 500))).wait(90.0)
    assert spoken(stage, *UP) == []


def test_a_first_step_shorter_than_the_countdown_makes_the_next_increase_late_not_the_timeline() -> None:
    stage = running(plan((WALK, 5, 400), (RUN, 30, 800), (WALK, 30, 400))).wait(20.0)
    assert stage.session.speed_plan.totals.intervals[1].began == 15.0
    assert stage.targets[-1] == (20.0, 800)


def test_a_late_increase_that_its_step_outlives_not_is_withdrawn() -> None:
    stage = running(plan((WALK, 4, 400), (RUN, 4, 800), (WALK, 30, 400))).wait(20.0)
    assert 800 not in [target for _, target in stage.targets]
    assert spoken(stage, CueKind.WITHDRAWN) == [(8.0, CueKind.WITHDRAWN, 0.0, 800)]


def test_a_workout_may_begin_with_a_run_and_announces_it_as_its_start() -> None:
    stage = Stage(plan((RUN, 30, 800), (WALK, 30, 400))).started()
    assert stage.said(*UP) == countdown(10.0, 800)
    assert stage.speed == 800


def test_a_workout_of_one_step_starts_halves_and_ends() -> None:
    stage = running(plan((WALK, 20, 500))).wait(20.0)
    assert spoken(stage, CueKind.HALFWAY) == [(10.0, CueKind.HALFWAY, 0.0, None)]
    assert (stage.phase, stage.orders) == (Phase.ENDING, [(30.0, MachineRequest.FINISH)])
    stage.hear(Signal.STOP_CONFIRMED)
    assert (stage.phase, stage.kinds()[-1]) == (Phase.COMPLETED, CueKind.COMPLETED)


def test_free_steps_are_held_at_their_speed_and_announced_like_any_other() -> None:
    stage = running(plan((FREE, 20, 300), (FREE, 20, 600))).wait(20.0)
    assert spoken(stage, *UP) == countdown(20.0, 600)
    assert spoken(stage, CueKind.WALK, CueKind.RUN) == [(20.0, CueKind.WALK, 0.0, 600)]


def test_a_step_faster_than_the_treadmill_is_announced_at_what_it_can_do() -> None:
    stage = Stage(plan((WALK, 20, 500), (RUN, 20, 1200)))
    stage.session.set_range(80, 900)
    stage.started().wait(20.0)
    assert (30.0 - 10.0, CueKind.HEADS_UP, 10.0, 900) in stage.said()
    assert stage.speed == 900


# -- cues in order ------------------------------------------------------------------------------------------


def test_a_whole_session_says_what_is_due_in_order() -> None:
    stage = running(plan((WARM_UP, 60, 450), (RUN, 60, 750), (WALK, 60, 500), (RUN, 60, 750), (COOL_DOWN, 60, 400)))
    stage.wait(300.0).hear(Signal.STOP_CONFIRMED)
    up = [CueKind.HEADS_UP, *[CueKind.COUNTDOWN] * 3]
    first = [*up, CueKind.RUN, CueKind.POSTURE, CueKind.WALK]
    second = [CueKind.HALFWAY, *up, CueKind.RUN, CueKind.LAST_INTERVAL]
    assert stage.kinds() == [*first, *second, CueKind.WALK, CueKind.TIME_LEFT, CueKind.COMPLETED]
    assert [cue.at for cue in stage.cues] == sorted(cue.at for cue in stage.cues)
    assert spoken(stage, CueKind.HALFWAY) == [(150.0, CueKind.HALFWAY, 0.0, None)]
    assert spoken(stage, CueKind.LAST_INTERVAL) == [(180.0, CueKind.LAST_INTERVAL, 0.0, None)]


def test_a_cue_names_the_kind_of_step_it_announces() -> None:
    stage = running().wait(70.0)
    assert {cue.step for cue in stage.cues if cue.kind in UP[:2]} == {Kind.RUN}
    stage.forget().ask(Intent.FASTER)
    assert {cue.step for cue in stage.cues if cue.kind in UP[:2]} == {None}


# -- + and - ------------------------------------------------------------------------------------------------


def test_plus_is_announced_three_seconds_and_half_a_kilometre_an_hour() -> None:
    stage = running(at=20.0).ask(Intent.FASTER)
    assert stage.speed == 450
    stage.wait(10.0)
    assert spoken(stage, *UP) == countdown(23.0, 500, 3.0)
    assert (stage.targets[-1], stage.session.speed_plan.source) == ((33.0, 500), Source.PERSON)


def test_each_further_plus_waits_for_its_own_countdown() -> None:
    stage = running(at=20.0).ask(Intent.FASTER).wait(2.0).ask(Intent.FASTER).wait(2.5)
    assert stage.speed == 450
    stage.wait(0.5)
    assert (stage.speed, stage.now) == (550, 35.0)
    heads_up = [(at, speed) for at, _, _, speed in spoken(stage, CueKind.HEADS_UP)]
    assert heads_up == [(20.0, 500), (22.0, 550)]


def test_plus_at_the_cap_is_refused_with_a_line() -> None:
    stage = Stage()
    stage.session.set_range(80, 470)
    stage.started().forget().ask(Intent.FASTER).wait(3.0)
    assert stage.speed == 470
    stage.forget().ask(Intent.FASTER)
    assert (stage.session.notice, stage.kinds()) == ("4.7 km/h is the limit", [])


def test_plus_while_the_same_kind_of_step_is_announced_announces_it_anew() -> None:
    stage = running(plan((WALK, 30, 500), (WALK, 30, 600))).wait(25.0).ask(Intent.FASTER).wait(10.0)
    heads_up = [(at, speed) for at, _, _, speed in spoken(stage, CueKind.HEADS_UP)]
    assert heads_up == [(20.0, 600), (25.0, 550), (25.0, 650)]
    assert [target for _, target in stage.targets[-3:]] == [500, 550, 650]


def test_plus_that_makes_the_coming_step_no_faster_withdraws_it() -> None:
    stage = running(plan((WALK, 30, 500), (FREE, 30, 540))).wait(25.0).ask(Intent.FASTER)
    assert stage.kinds(*UP)[-3:] == [CueKind.WITHDRAWN, CueKind.HEADS_UP, CueKind.COUNTDOWN]
    stage.wait(30.0)
    assert max(target or 0 for _, target in stage.targets) == 550


def test_minus_is_immediate_and_never_raises() -> None:
    stage = running(at=20.0).ask(Intent.SLOWER)
    assert (stage.speed, stage.kinds()) == (400, [CueKind.SLOWER])
    stage.ask(*[Intent.SLOWER] * 20)
    assert (stage.speed, stage.session.notice) == (80, "0.8 km/h is the slowest")


def test_what_is_withdrawn_is_named_and_what_was_announced_beside_it_still_comes() -> None:
    """Search, scene "plain": the plan's increase was announced beside the person's, and only the former went."""
    stage = running(plan((WALK, 40, 400), (RUN, 30, 800)), at=20.0).wait(11.0)
    stage.ask(Intent.FASTER).wait(2.0).ask(Intent.EXTEND).wait(2.0)
    assert [cue.speed for cue in stage.cues if cue.kind is CueKind.WITHDRAWN] == [800]
    assert stage.speed == 450


def test_minus_below_the_machines_slowest_makes_no_later_step_faster() -> None:
    """TestAnySession: a walk was remembered as faster, and announced, after the person had eased off (issue 12)."""
    steps = ((RUN, 1, 90), (WARM_UP, 1, 80), (RUN, 1, 80), (RUN, 1, 90))
    stage = running(plan(*steps)).ask(Intent.SLOWER, Intent.SKIP, Intent.SKIP, Intent.EASE_OFF, Intent.SLOWER)
    assert stage.session.announced is None
    assert (
        max(stage.session.speed_plan.timeline.speed_of(step) for step in stage.session.speed_plan.timeline.steps[2:])
        <= 80
    )


def test_two_increases_that_sound_the_same_are_counted_down_once_and_not_withdrawn() -> None:
    """TestAnySession: the person's + and the next step of that kind, due in one moment (issue 12)."""
    stage = running(plan((RUN, 1, 90), (WARM_UP, 1, 80), (RUN, 30, 90))).ask(Intent.FASTER).wait(5.0)
    assert spoken(stage, *UP) == countdown(3.0, 140, lead=3.0)
    assert stage.speed == 140


def test_minus_withdraws_the_raise_that_is_being_counted() -> None:
    stage = running(at=20.0).ask(Intent.FASTER).wait(1.0).ask(Intent.SLOWER).wait(30.0)
    assert spoken(stage, CueKind.WITHDRAWN) == [(21.0, CueKind.WITHDRAWN, 0.0, 500)]
    assert (31.0, 400) in stage.targets
    assert stage.speed == 400


def test_minus_does_not_touch_an_announced_run() -> None:
    stage = running(at=55.0).ask(Intent.SLOWER).wait(5.0)
    assert (stage.targets[-2], stage.targets[-1]) == ((65.0, 400), (70.0, 750))


def test_what_was_added_is_remembered_for_later_steps_of_that_kind_only() -> None:
    stage = running().wait(65.0).ask(Intent.FASTER).wait(65.0).ask(Intent.SLOWER).wait(70.0)
    assert [target for _, target in stage.targets if target] == [450, 750, 800, 500, 450, 800]
    stage.wait(50.0)
    assert stage.speed == 400  # the cool-down is neither


def test_minus_ends_at_half_a_kilometre_an_hour_where_no_range_is_known() -> None:
    stage = Stage(low=0).started().ask(*[Intent.SLOWER] * 20)
    assert stage.speed == 50


# -- the console --------------------------------------------------------------------------------------------


def test_the_console_wins_and_is_held_to_the_next_step() -> None:
    stage = running(at=20.0).console(620)
    assert (stage.speed, stage.session.speed_plan.source) == (620, Source.CONSOLE)
    assert stage.kinds() == [CueKind.CONSOLE]
    stage.wait(39.9)
    assert stage.speed == 620
    stage.wait(0.1)
    assert (stage.speed, stage.session.speed_plan.source) == (750, Source.PLAN)


def test_plus_and_minus_count_from_the_consoles_speed_and_last_as_long() -> None:
    stage = running(at=10.0).console(620).ask(Intent.FASTER).wait(5.0)
    assert stage.speed == 670
    stage.ask(Intent.SLOWER)
    assert stage.speed == 620
    stage.wait(220.0)
    assert [target for _, target in stage.targets][-5:] == [670, 620, 750, 500, 750]


def test_a_console_change_just_before_a_boundary_makes_the_step_wait_for_its_announcement() -> None:
    stage = running(plan((RUN, 30, 800), (RUN, 30, 800))).wait(29.0).console(400).wait(20.0)
    assert spoken(stage, *UP) == countdown(39.0, 800)
    assert stage.targets[-1] == (49.0, 800)
    assert stage.session.speed_plan.totals.intervals[1].began == 40.0


def test_a_console_raise_above_the_coming_step_withdraws_its_announcement_and_ends_with_the_step() -> None:
    stage = running(at=55.0).console(900)
    assert CueKind.WITHDRAWN in stage.kinds()
    stage.wait(5.0)
    assert stage.speed == 750


def test_a_console_change_ends_a_countdown_of_ours() -> None:
    stage = running(at=20.0).ask(Intent.FASTER).wait(1.0).console(300).wait(20.0)
    assert stage.speed == 300


def test_a_console_slower_than_anything_we_may_ask_for_is_left_alone_and_left_with_an_announcement() -> None:
    stage = running(at=20.0).console(30)
    assert stage.speed is None
    stage.forget().ask(Intent.SLOWER, Intent.EASE_OFF)
    assert stage.speed is None
    stage.wait(10.0)
    assert spoken(stage, *UP) == countdown(30.0, 80)
    assert stage.speed == 80


@pytest.mark.parametrize("speed", [HIGH + 500, 65_535])
def test_a_console_faster_than_our_cap_is_only_ever_lowered(speed: int) -> None:
    stage = running(at=20.0).console(speed).ask(Intent.FASTER)
    assert (stage.session.notice, stage.speed) == ("20.0 km/h is the limit", speed)
    stage.ask(Intent.SLOWER)
    assert stage.speed == speed - 50
    stage.wait(40.0)
    assert stage.speed == 750


# -- a quiet machine ----------------------------------------------------------------------------------------


def test_nothing_is_announced_or_raised_while_the_machine_is_quiet() -> None:
    stage = running(at=40.0).hear(Signal.WENT_QUIET).wait(30.0)
    assert (stage.speed, stage.kinds(*UP)) == (450, [])
    stage.hear(Signal.HEARD_AGAIN)
    stage.wait(10.0)
    assert spoken(stage, *UP) == countdown(80.0, 750)
    assert stage.targets[-1] == (90.0, 750)


def test_what_was_announced_is_withdrawn_when_the_machine_goes_quiet() -> None:
    stage = running(at=55.0).hear(Signal.WENT_QUIET)
    assert stage.kinds() == [CueKind.WITHDRAWN]
    stage.wait(20.0)
    assert stage.speed == 450


def test_plus_is_refused_while_the_machine_is_quiet() -> None:
    stage = running(at=20.0).hear(Signal.WENT_QUIET).ask(Intent.FASTER).wait(10.0)
    assert (stage.speed, stage.kinds()) == (450, [])
    stage.hear(Signal.HEARD_AGAIN).wait(20.0)
    assert stage.speed == 450


def test_decreases_still_come_while_the_machine_is_quiet() -> None:
    stage = running(at=100.0).hear(Signal.WENT_QUIET).ask(Intent.SLOWER)
    assert stage.speed == 700
    stage.wait(20.0)
    assert stage.speed == 500


def test_a_session_is_not_quiet_for_ever_because_its_link_was_lost_in_silence() -> None:
    stage = running(at=20.0).hear(Signal.WENT_QUIET, Signal.LINK_DOWN).wait(5.0)
    stage.hear(Signal.LINK_UP, Signal.BELT_MOVED).measure(450).ask(Intent.REARM).hear(Signal.CONTROL_GRANTED)
    assert stage.phase is Phase.RUNNING
    stage.wait(40.0)
    assert stage.speed == 750


# -- a program that was held up -----------------------------------------------------------------------------


def test_an_increase_whose_countdown_nobody_heard_is_put_off_until_it_has_run() -> None:
    stage = running(at=51.0).jump(75.0)
    assert stage.speed == 450
    assert stage.session.speed_plan.totals.intervals[1].began == 70.0
    stage.wait(3.0)
    assert stage.targets[-1] == (78.0, 750)
    counts = [(cue.at, cue.seconds) for cue in stage.cues if cue.kind is CueKind.COUNTDOWN]
    assert counts == [(75.0, 3), (76.0, 2), (77.0, 1)]


def test_a_start_whose_countdown_nobody_heard_is_put_off_too() -> None:
    stage = Stage().hear(Signal.LINK_UP, Signal.BELT_RESTED).ask(Intent.START).jump(30.0)
    assert stage.ordered == [MachineRequest.ARM]
    stage.wait(3.0)
    assert stage.orders[-1] == (33.0, MachineRequest.START)


def test_an_increase_nobody_could_announce_in_time_is_announced_when_the_program_is_back() -> None:
    stage = running(at=40.0).jump(75.0)
    assert stage.speed == 450
    stage.wait(10.0)
    assert stage.targets[-1] == (85.0, 750)


def test_a_program_held_up_for_the_rest_of_the_workout_just_ends_it() -> None:
    stage = running(at=40.0).jump(1000.0)
    assert (stage.phase, stage.ordered) == (Phase.ENDING, [MachineRequest.FINISH])
    assert max(target or 0 for _, target in stage.targets) == 450


def test_facts_that_arrive_late_do_not_stretch_the_timeline() -> None:
    stage = running(plan((WALK, 60, 500)), at=40.0)
    stage.now = 90.0
    stage.hear(Signal.BELT_RESTED)
    assert (stage.phase, stage.ordered) == (Phase.ENDING, [MachineRequest.FINISH])


def test_the_countdown_of_a_lost_session_is_withdrawn_aloud() -> None:
    stage = brought_to(Phase.COUNTDOWN).forget().hear(Signal.LINK_DOWN)
    assert stage.kinds() == [CueKind.WITHDRAWN]


@given(
    begun=st.floats(0.0, 1e6),
    lengths=st.lists(st.floats(10.0, 3600.0), min_size=2, max_size=8),
)
@example(begun=4.0, lengths=[23.508992620730066, 19.0])  # where a sum and a difference of floats did not meet
def test_undisturbed_the_belt_is_told_at_the_very_boundary_whatever_the_lengths(
    begun: float, lengths: list[float]
) -> None:
    steps = [(WALK, length, 500 + 50 * (index % 2) * (index + 1)) for index, length in enumerate(lengths)]
    stage = Stage(plan(*steps))
    stage.now = begun
    stage.started().wait(sum(lengths) + 1.0)
    began = [interval.began for interval in stage.session.speed_plan.totals.intervals]
    moved = [at for at, target in stage.targets if target is not None]
    assert moved == began
