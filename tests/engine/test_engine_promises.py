"""The promises on the whole line, under random workouts, faults, asks and hands at the console."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from runback.engine.summary import SessionOutcome
from runback.session.model import CountFrom, Intent
from runback.simulator.console_input import Buttons
from runback.workout.model import Kind, Step, Workout
from tests.support.effort import examples
from tests.support.engine.bench import COOL_DOWN, LOOK, RUN, WALK, Line, WatchedLoop, asks, console_speed, number, plan
from tests.support.engine.rules import judge

Act = Callable[[Line], object]
QUICK = settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])

speeds = st.integers(10, 120).map(lambda tenth: tenth * 10)
steps = st.builds(
    Step,
    st.sampled_from(Kind),
    st.one_of(st.integers(2, 30).map(float), st.floats(2.0, 30.0)),
    speeds,
    st.sampled_from([0, 0, 10, 25]),
)
workouts = st.lists(steps, min_size=1, max_size=5).map(lambda some: plan(*some))
moments = st.floats(0.5, 90.0).map(lambda at: round(at, 2))
spans = st.floats(0.3, 20.0).map(lambda seconds: round(seconds, 2))

NEXT = (
    "lost-indication",
    "late-indication",
    "duplicate-indication",
    "slow-procedure",
    "hung-write",
    "hung-write:obeyed",
    "att-error",
    "att-error:0xFE",
    "att-error:0x80",
)
SPANS = ("split-data", "truncated-data", "truncated-data:3", "dead-telemetry", "link-loss", "surge", "slow-stop:0.5")
STUBBORN = ("refuses-stop", "refuses-stop:success", "creeps-after-stop")
HANDS = ("control-taken", "safety-key", "console-start", "console-stop", "console-pause")


def _written(kind: str, start: float, duration: float | None) -> str:
    name, colon, argument = kind.partition(":")
    return f"{name}@{start}{'' if duration is None else f'+{duration}'}{colon}{argument}"


faults = st.lists(
    st.one_of(
        st.builds(_written, st.sampled_from(NEXT), moments, st.none() | spans),
        st.builds(_written, st.sampled_from(SPANS + STUBBORN), moments, spans),
        st.builds(_written, st.sampled_from(HANDS), moments, st.none()),
    ),
    max_size=3,
).map(tuple)
wishes = st.sampled_from(
    [
        Intent.PAUSE,
        Intent.RESUME,
        Intent.START,
        Intent.SKIP,
        Intent.REPEAT,
        Intent.EXTEND,
        Intent.FASTER,
        Intent.SLOWER,
        Intent.STEEPER,
        Intent.FLATTER,
        Intent.EASE_OFF,
        Intent.REARM,
        Intent.RESET,
    ]
)
persons = st.tuples(moments, wishes.map(asks))
hands = st.tuples(moments, st.integers(8, 150).map(lambda tenth: console_speed(tenth * 10)))
stops = st.tuples(moments, st.just(asks(Intent.STOP)))


def press(deed: Callable[[Buttons, float], bool]) -> Act:
    """A hand at the machine."""
    return lambda line: deed(line.treadmill.buttons, line.engine.now())


def take_control(line: Line) -> bool:
    """Another controller takes the machine."""
    return line.treadmill.take_control(line.engine.now())


buttons = st.tuples(
    moments,
    st.sampled_from(
        [
            press(Buttons.press_start),
            press(Buttons.press_stop),
            press(Buttons.press_pause),
            press(Buttons.pull_key),
            press(Buttons.insert_key),
            take_control,
        ]
    ),
)
scripts = st.lists(st.one_of(persons, persons, persons, hands, buttons, stops), max_size=12)


modes = st.sampled_from(CountFrom)


@QUICK
@given(workout=workouts, faults=faults, mode=modes)
def test_with_nobody_there_every_promise_holds_whatever_goes_wrong(
    workout: Workout, faults: tuple[str, ...], mode: CountFrom
) -> None:
    judge(Line(workout, faults, count_from=mode).headless())


@settings(QUICK, max_examples=examples(120))
@given(workout=workouts, faults=faults, script=scripts, mode=modes)
def test_with_a_person_and_hands_at_the_console_every_promise_holds(
    workout: Workout, faults: tuple[str, ...], script: list[tuple[float, Act]], mode: CountFrom
) -> None:
    judge(Line(workout, faults, count_from=mode).attended(*script))


@settings(QUICK, max_examples=examples(15))
@given(workout=workouts, faults=faults, script=scripts, mode=modes)
def test_the_same_inputs_give_the_same_trace_to_the_byte(
    workout: Workout, faults: tuple[str, ...], script: list[tuple[float, Act]], mode: CountFrom
) -> None:
    first, second = (Line(workout, faults, count_from=mode).attended(*script) for _ in range(2))
    assert first.text.encode() == second.text.encode()


calm_steps = st.builds(
    Step, st.sampled_from(Kind), st.one_of(st.integers(10, 25).map(float), st.floats(10.0, 25.0)), speeds
)


@settings(QUICK, max_examples=examples(40))
@given(steps=st.lists(calm_steps, min_size=1, max_size=5))
@example(steps=[Step(WALK, 10.0, 500), Step(RUN, 12.345, 800), Step(COOL_DOWN, 10.1, 400)])
def test_undisturbed_steps_begin_where_the_plan_says_and_the_belt_is_told_then(steps: list[Step]) -> None:
    line = Line(plan(*steps), bound=1000.0).headless()
    assert line.outcome is SessionOutcome.COMPLETED
    began = [number(record, "t") for record in line.events("step")]
    planned = [began[0] + sum(step.duration for step in steps[:index]) for index in range(len(steps))]
    assert len(began) == len(steps)
    assert all(abs(at - due) <= 0.05 for at, due in zip(began, planned, strict=True))
    writes = [at for at, octets in line.written() if octets.startswith("02")]
    for before, step, at in zip(steps[:-1], steps[1:], began[1:], strict=True):
        if step.speed != before.speed:
            assert any(at - 1e-5 <= when <= at + 0.05 for when in writes), f"{step} at {at}: {writes}"
    judge(line)


@settings(QUICK, max_examples=examples(40))
@given(steps=st.lists(calm_steps, min_size=1, max_size=5))
def test_counted_from_the_speed_each_step_is_at_its_speed_as_long_as_planned_and_announced_ten_seconds_ahead(
    steps: list[Step],
) -> None:
    line = Line(plan(*steps), bound=1200.0, count_from=CountFrom.SPEED).headless()
    assert line.outcome is SessionOutcome.COMPLETED
    began = [*(number(record, "t") for record in line.events("step")), line.ended_at]
    for step, begin, end in zip(steps, began[:-1], began[1:], strict=True):
        there = [at for at, speed in line.belt if abs(speed - step.speed) <= 21 and begin <= at <= end]
        assert len(there) * LOOK >= step.duration - 3 * LOOK, f"{step}: {len(there) * LOOK}"
    said = [number(cue, "t") for cue in line.events("cue") if cue["kind"] == "heads-up"]
    for before, step, at in zip(steps[:-1], steps[1:], began[1:], strict=False):
        if step.speed > before.speed:
            assert any(abs(at - 10.0 - then) <= 0.05 for then in said), f"{step} at {at}: {said}"
    judge(line)


def test_a_start_is_bounded_by_the_rate_the_gate_allows() -> None:
    line = Line(plan(Step(RUN, 20, 1200))).headless()
    set_speeds = [bytes.fromhex(octets)[1:] for _, octets in line.written() if octets[:2] == "02"]
    targets = [int.from_bytes(octets, "little") for octets in set_speeds]
    assert targets == sorted(targets)
    assert all(after - before <= 300 for before, after in zip([80, *targets], targets, strict=False))
    assert max(speed for _, speed in line.belt) == 1200


class CreepingLoop(WatchedLoop):
    """The jumping loop on a computer that takes its time: a little passes with every look at the clock."""

    _crept = 0.0

    def time(self) -> float:
        self._crept += 0.0003
        return super().time() + self._crept


@pytest.mark.full
@pytest.mark.parametrize("length", [10.0, 9.999, 10.0002])
def test_steps_begin_on_time_though_time_passes_between_two_looks_at_the_clock(length: float) -> None:
    steps = [Step(WALK, length, 300 + 10 * (index % 2)) for index in range(40)]
    line = Line(plan(*steps), bound=900.0, loop=CreepingLoop).headless()
    began = [number(record, "t") for record in line.events("step")]
    writes = [at for at, octets in line.written() if octets.startswith("02")]
    assert len(began) == 40
    assert max(min(at - step for at in writes if at >= step) for step in began[1:]) < 0.1


def test_a_step_just_below_the_consoles_speed_is_a_lowering_though_the_belt_is_still_on_its_way() -> None:
    line = Line(plan(Step(RUN, 2, 100), Step(RUN, 2, 100), Step(RUN, 2, 280)))
    line.attended((16.0, console_speed(290)))
    assert "021801" in [octets for _, octets in line.written()]
    judge(line)
