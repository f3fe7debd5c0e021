"""Size and caps of a workout."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.errors import WorkoutError
from runback.workout.limits import check_caps, check_size, measure
from runback.workout.model import Kind, Repeat, Step, Workout
from runback.workout.notation import parse
from tests.support.workout import attempt, workouts


@given(workouts)
def test_the_measured_size_is_that_of_the_unrolled_timeline(workout: Workout) -> None:
    size = measure(workout.steps)
    assert size.steps == len(workout.flat())
    assert size.seconds == pytest.approx(workout.duration)


def test_a_billion_repeats_of_repeats_are_measured_without_unrolling() -> None:
    hostile = Repeat(10**9, (Repeat(10**9, (Step(Kind.RUN, 1.0, 700),)),))
    assert measure((hostile,)).steps == 10**18
    with pytest.raises(WorkoutError, match="far too many steps, more than 10,000"):
        check_size(measure((hostile,)), "here")


def test_a_cap_names_the_step_the_speed_the_cap_and_its_layer() -> None:
    with pytest.raises(WorkoutError) as caught:
        check_caps(parse("3x(1m walk 5), 2x(1m run 21, 1m walk 5)"), 2000, "absolute cap")
    assert str(caught.value) == ("step 4 (run): 21.0 km/h is above the cap of 20.0 km/h (absolute cap); lower the step")


def test_a_speed_at_the_cap_passes() -> None:
    check_caps(parse("1m run 10"), 1000, "plan cap")


@given(workouts, st.integers(10, 2500))
def test_a_cap_finds_the_first_step_above_it_on_the_timeline(workout: Workout, cap: int) -> None:
    above = [number for number, step in enumerate(workout.flat(), 1) if step.speed > cap]
    outcome = attempt(lambda: check_caps(workout, cap, "a cap"))
    if above:
        assert outcome is not None
        assert outcome.where.startswith(f"step {above[0]} ")
    else:
        assert outcome is None
