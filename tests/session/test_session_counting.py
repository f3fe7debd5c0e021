"""Counting from the speed: an interval's time begins when the belt has been measured at its speed, and not before."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runback.machine.events import Signal
from runback.session.belt_ramp import REACHED, RampModel, RampSample
from runback.session.interval_clock import LONGEST, within
from runback.session.model import CountFrom, CueKind, Intent, Phase
from runback.session.session import Session
from runback.workout.model import Kind, Step, Workout
from tests.support.effort import examples
from tests.support.session.belt import Ridden
from tests.support.session.stage import COOL_DOWN, FIRST_RUN, RUN, WALK, WARM_UP, Stage, plan

FROM_SPEED, FROM_COMMAND = CountFrom.SPEED, CountFrom.COMMAND
SHORT = plan((WALK, 20, 450), (RUN, 20, 750), (WALK, 20, 500))


def begun(workout: Workout = SHORT, *, run_cap: float | None = None) -> Stage:
    """Under way, the belt at the first step's speed at once."""
    stage = Stage(workout, run_cap=run_cap, count_from=FROM_SPEED).started()
    return stage.measure(workout.flat()[0].speed).forget()


def test_a_run_counts_from_the_moment_the_belt_is_measured_at_its_speed() -> None:
    stage = begun().wait(20.0)
    assert (stage.number, stage.speed, stage.position) == (2, 750, 20.0)
    stage.wait(3.0).measure(700).wait(1.0)
    assert stage.position == 20.0
    stage.measure(731).wait(5.0)
    assert stage.position == 25.0
    stage.wait(14.9)
    assert stage.number == 2
    stage.wait(0.2)
    assert stage.number == 3


def test_a_walk_counts_from_the_moment_the_belt_is_slow_enough() -> None:
    stage = begun().wait(20.0).measure(750).wait(20.0)
    assert (stage.number, stage.speed) == (3, 500)
    stage.wait(2.0).measure(600)
    assert stage.session.speed_plan.counting.waits
    stage.wait(1.0).measure(520).wait(4.0)
    assert stage.position == 44.0


def test_counted_from_the_command_a_belt_that_never_follows_changes_nothing() -> None:
    stage = Stage(SHORT, count_from=FROM_COMMAND).started().wait(60.0)
    assert stage.phase is Phase.ENDING
    assert [interval.changing for interval in stage.session.speed_plan.totals.intervals] == [0.0, 0.0, 0.0]


def test_both_clocks_are_kept_and_the_difference_is_what_the_belt_took() -> None:
    ridden = Ridden(SHORT).start().until_over()
    counting = ridden.stage.session.speed_plan.counting
    watch, ran = counting.watch.read(ridden.stage.now), counting.ran.read(ridden.stage.now)
    assert watch == pytest.approx(60.0)
    assert sum(each.changing for each in counting.totals.intervals) == pytest.approx(ran - watch)
    assert [each.seconds for each in counting.totals.intervals] == pytest.approx([20.0, 20.0, 20.0])
    assert all(4.0 < each.changing < 10.0 for each in counting.totals.intervals)


@pytest.mark.full
def test_the_heads_up_of_the_next_step_is_exact_on_the_clock_that_counts() -> None:
    ridden = Ridden(FIRST_RUN).start().until_over()
    ups = [(at, speed) for at, kind, _, speed in ridden.stage.said(CueKind.HEADS_UP) if at > 10.0]
    rises = [now for (_, was), (now, to) in pairwise(ridden.stage.targets) if was and to and to > was]
    assert len(ups) == len(rises) == 2
    assert [rise - up for rise, (up, _) in zip(rises, ups, strict=True)] == pytest.approx([10.0, 10.0])
    assert CueKind.WITHDRAWN not in ridden.stage.kinds()


def test_a_step_no_longer_than_its_successors_warning_is_run_in_full_and_the_warning_comes_after_it_began() -> None:
    workout = plan((WALK, 20, 400), (RUN, 4, 700), (WALK, 4, 400), (RUN, 4, 800), (WALK, 20, 400))
    ridden = Ridden(workout).start().until_over()
    assert {700, 800} <= {target for _, target in ridden.stage.targets}
    assert CueKind.WITHDRAWN not in ridden.stage.kinds()
    assert [each.seconds for each in ridden.stage.session.speed_plan.totals.intervals] == pytest.approx(
        [20, 4, 4, 4, 20]
    )


def nothing(_speed: int) -> None:
    return None


def half(speed: int) -> int:
    return speed // 2


@pytest.mark.full
@pytest.mark.parametrize("tells", [nothing, half])
def test_a_belt_that_never_tells_its_target_holds_the_session_for_half_a_minute_a_step_at_most(
    tells: Callable[[int], int | None],
) -> None:
    ridden = Ridden(SHORT, tells=tells).start().until_over(bound=10 + 60 + 3 * LONGEST + 5)
    assert [each.seconds for each in ridden.stage.session.speed_plan.totals.intervals] == pytest.approx([20.0] * 3)


def test_what_is_known_of_the_machine_bounds_the_wait() -> None:
    assert (within(None), within(1.0), within(8.0), within(60.0)) == (30.0, 5.0, 16.0, 30.0)
    stage = Stage(SHORT)
    stage.session = Session(SHORT, count_from=FROM_SPEED, lag=RampModel(up=(RampSample(1.0, 50.0),)))
    stage.session.set_range(80, 2000)
    stage.started().measure(450).wait(20.0 + 2 * 7.0)
    assert stage.position == pytest.approx(20.0)
    stage.wait(1.0)
    assert stage.position == pytest.approx(21.0)


def test_a_belt_reporting_in_coarse_steps_or_truncating_counts_all_the_same() -> None:
    stage = begun().wait(20.0).measure(750 - REACHED)
    assert not stage.session.speed_plan.counting.waits
    assert begun().wait(20.0).measure(750 - REACHED - 1).session.speed_plan.counting.waits


def test_a_step_at_the_speed_the_belt_has_counts_at_once() -> None:
    stage = begun(plan((WALK, 20, 450), (COOL_DOWN, 20, 460))).wait(25.0)
    assert stage.position == 25.0


def test_a_hand_at_the_console_lets_the_step_count_at_once() -> None:
    stage = begun().wait(20.0).wait(2.0).console(600).wait(3.0)
    assert stage.position == 23.0


def test_easing_off_lets_it_count_at_once() -> None:
    stage = begun().wait(20.0).wait(2.0).measure(650).ask(Intent.EASE_OFF).wait(3.0)
    assert stage.position == 23.0


def test_a_skip_does_not_wait_for_the_speed() -> None:
    stage = begun().wait(20.0).wait(2.0).ask(Intent.SKIP)
    assert (stage.number, stage.speed) == (3, 500)


def test_a_skip_to_a_faster_step_has_its_warning_while_the_belt_changes() -> None:
    stage = (
        begun(plan((WALK, 20, 450), (WALK, 60, 350), (RUN, 20, 750))).wait(20.0).forget().ask(Intent.SKIP).wait(10.0)
    )
    assert (stage.number, stage.speed) == (3, 750)
    assert stage.kinds(CueKind.HEADS_UP, CueKind.COUNTDOWN) == [CueKind.HEADS_UP, *[CueKind.COUNTDOWN] * 3]


def test_a_repeated_step_at_its_speed_counts_at_once_and_one_still_on_its_way_waits_on() -> None:
    stage = begun().wait(20.0).wait(2.0).ask(Intent.REPEAT)
    assert stage.session.speed_plan.counting.waits
    stage.measure(750).wait(5.0).ask(Intent.REPEAT).wait(3.0)
    assert (stage.number, stage.position) == (2, 28.0)


def test_an_extension_is_counted_time() -> None:
    stage = begun().wait(20.0).ask(Intent.EXTEND).wait(4.0).measure(750).wait(49.9)
    assert stage.number == 2
    assert stage.wait(0.2).number == 3


def test_slower_while_the_belt_gets_faster_is_reached_sooner() -> None:
    stage = begun().wait(20.0).wait(3.0).measure(690).ask(Intent.SLOWER).wait(2.0)
    assert (stage.speed, stage.position) == (700, 22.0)


def test_after_a_pause_the_run_counts_again_once_it_is_a_run_again() -> None:
    ridden = Ridden(SHORT).start()
    while ridden.stage.number < 2 or ridden.stage.session.speed_plan.counting.waits:
        ridden.go(0.5)
    ridden.go(5.0)
    ridden.stage.ask(Intent.PAUSE)
    at = ridden.stage.position
    ridden.rest().stage.ask(Intent.RESUME)
    ridden.go(10.0).move().go(9.0)
    assert (ridden.stage.speed, ridden.stage.position) == (450, at)
    ridden.until_over()
    assert [each.seconds for each in ridden.stage.session.speed_plan.totals.intervals] == pytest.approx([20.0] * 3)


def test_what_a_lost_link_interrupts_is_waited_for_no_longer() -> None:
    stage = begun().wait(20.0).hear(Signal.LINK_DOWN)
    assert not stage.session.speed_plan.counting.waits


def test_what_changes_of_speed_will_take_is_told_as_far_as_the_belt_is_known() -> None:
    lag = RampModel(up=(RampSample(1.0, 50.0),), down=(RampSample(1.0, 100.0),))
    workout = plan((WALK, 20, 450), (RUN, 20, 750), (RUN, 20, 760), (WALK, 20, 500))
    session = Session(workout, count_from=FROM_SPEED, lag=lag)
    assert session.speed_plan.changes_ahead() == pytest.approx(10.0 + 7.0 + 3.6)
    assert Session(workout, count_from=FROM_SPEED, lag=lag, run_cap=40.0).speed_plan.changes_ahead() == pytest.approx(
        13.6
    )
    assert Session(workout, count_from=FROM_COMMAND, lag=lag).speed_plan.changes_ahead() == 0.0
    assert begun(workout).wait(25.0).session.speed_plan.changes_ahead() == 0.0  # nothing is known


# -- running is capped -------------------------------------------------------------------------------------------


def test_where_running_is_capped_a_run_counts_from_its_command_and_its_walks_from_their_speed() -> None:
    stage = begun(run_cap=20.0).wait(25.0)
    assert stage.position == 25.0
    stage.measure(750).wait(15.0)
    assert (stage.number, stage.session.speed_plan.counting.waits) == (3, True)


def above_walking(ridden: Ridden, walking: int) -> float:
    return sum(speed > walking + REACHED for _, speed in ridden.belt) * 0.05


@pytest.mark.full
@pytest.mark.parametrize("rate", [20.0, 50.0, 120.0])
def test_the_mode_adds_no_second_of_running_to_a_plans_session(rate: float) -> None:
    workout = plan((WARM_UP, 30, 450), *[(RUN, 30, 750), (WALK, 30, 500)] * 3)
    counted = [Ridden(workout, mode, run_cap=90.0, rate=rate).start().until_over() for mode in CountFrom]
    ran = [above_walking(each, 500) for each in counted]
    assert ran[0] == pytest.approx(ran[1], abs=0.2)
    runs = [each for each in counted[1].stage.session.speed_plan.totals.intervals if each.planned.kind is Kind.RUN]
    assert sum(each.seconds + each.changing for each in runs) == pytest.approx(90.0)


# -- properties --------------------------------------------------------------------------------------------------

kinds = st.sampled_from([WARM_UP, RUN, WALK, COOL_DOWN])
steps = st.builds(Step, kinds, st.integers(2, 40).map(float), st.integers(10, 120).map(lambda tenth: tenth * 10))
workouts = st.lists(steps, min_size=1, max_size=4).map(lambda some: Workout("test", tuple(some)))
rates, delays = st.sampled_from([20.0, 50.0, 200.0]), st.sampled_from([0.0, 0.5, 3.0])
asks = st.sampled_from(
    [
        Intent.SKIP,
        Intent.EXTEND,
        Intent.REPEAT,
        Intent.EASE_OFF,
        Intent.FASTER,
        Intent.SLOWER,
        Intent.PAUSE,
        Intent.TROUBLE,
        None,
    ]
)
QUICK = settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])


def increases_are_announced(ridden: Ridden) -> None:
    """Every target above the one before was said `PERSON_LEAD` ahead at least, the belt's start included."""
    said = [(at, speed or 0) for at, _, _, speed in ridden.stage.said(CueKind.HEADS_UP)]
    set_there = [(at, speed or 0) for at, _, _, speed in ridden.stage.said(CueKind.CONSOLE)]
    last = 0
    for at, target in ridden.stage.targets:
        if target is not None and target > last:
            heard = any(speed >= target and then <= at - 3.0 + 0.06 for then, speed in said)
            assert heard or (at, target) in set_there, f"{target} at {at}: {said}"
        last = target or 0


@QUICK
@given(workout=workouts, rate=rates, delay=delays)
def test_every_interval_is_at_its_speed_for_as_long_as_was_planned(workout: Workout, rate: float, delay: float) -> None:
    ridden = Ridden(workout, rate=rate, delay=delay).start().until_over()
    intervals = ridden.stage.session.speed_plan.totals.intervals
    ends = [*[each.began for each in intervals[1:]], ridden.stage.orders[-1][0]]
    assert [each.seconds for each in intervals] == pytest.approx([each.planned.duration for each in intervals])
    takes = [abs(a - b) / rate + delay for a, b in _changes(workout)]
    arrived = True
    for interval, ended, took in zip(intervals, ends, takes, strict=True):
        # A belt that an interval did not wait for to the end may pass the next speed on its way.
        came_from_there, arrived = arrived, took < LONGEST - 2
        there = [at for at, speed in ridden.belt if abs(speed - interval.planned.speed) <= REACHED + 1]
        held = sum(interval.began <= at <= ended for at in there) * 0.05
        if arrived and came_from_there:
            assert held >= interval.planned.duration - 0.2, f"{interval}: {held}"
    increases_are_announced(ridden)


def _changes(workout: Workout) -> list[tuple[int, int]]:
    speeds = [80, *[step.speed for step in workout.steps if isinstance(step, Step)]]
    return list(pairwise(speeds))


@QUICK
@given(
    workout=workouts,
    count_from=st.sampled_from(CountFrom),
    capped=st.booleans(),
    rate=rates,
    script=st.lists(st.tuples(st.integers(1, 25), asks, st.integers(80, 1500)), max_size=8),
)
def test_whatever_is_asked_in_whatever_mode_nothing_rises_unannounced_and_the_session_ends(
    workout: Workout, count_from: CountFrom, capped: bool, rate: float, script: list[tuple[int, Intent | None, int]]
) -> None:
    cap = sum(step.duration for step in workout.flat() if step.kind is Kind.RUN) if capped else None
    ridden = Ridden(workout, count_from, run_cap=cap, rate=rate).start()
    for seconds, ask, speed in script:
        ridden.go(float(seconds))
        if ridden.stage.phase is not Phase.RUNNING:
            break
        if ask is None:
            ridden.stage.console(speed)
            continue
        ridden.stage.ask(ask)
        if ask is Intent.PAUSE:
            ridden.rest().stage.ask(Intent.RESUME)
            ridden.go(10.0).move()
    if ridden.stage.phase is Phase.RUNNING:
        ridden.until_over(bound=1800.0)
    increases_are_announced(ridden)
    runs = [each for each in ridden.stage.session.speed_plan.totals.intervals if each.planned.kind is Kind.RUN]
    assert cap is None or all(each.changing == 0 for each in runs)
