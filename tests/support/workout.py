"""Hypothesis strategies for workouts, shared by the tests of this room."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hypothesis import strategies as st

from runback.errors import WorkoutError
from runback.workout.limits import DEEPEST, LONGEST, MOST_STEPS, measure
from runback.workout.model import Kind, Repeat, Step, Workout

T = TypeVar("T")

durations = st.one_of(
    st.integers(1, 60).map(float),
    st.integers(1, 3600).map(float),
    st.floats(1.0, 120.0, allow_nan=False),
)
steps = st.builds(Step, st.sampled_from(Kind), durations, st.integers(10, 2500), st.integers(-100, 400))


def _groups(inner: st.SearchStrategy[Step | Repeat]) -> st.SearchStrategy[Step | Repeat]:
    return st.builds(Repeat, st.integers(1, 3), st.lists(inner, min_size=1, max_size=2).map(tuple))


items: st.SearchStrategy[Step | Repeat] = st.recursive(steps, _groups, max_leaves=6)
lines = st.text(st.characters(blacklist_categories=("C", "Z")) | st.just(" "), max_size=60).map(
    lambda text: " ".join(text.split())
)


def _depth(found: tuple[Step | Repeat, ...]) -> int:
    """Repeats within repeats."""
    return max((1 + _depth(item.steps) for item in found if isinstance(item, Repeat)), default=0)


def _allowed(workout: Workout) -> bool:
    size = measure(workout.steps)
    return size.seconds <= LONGEST and size.steps <= MOST_STEPS and _depth(workout.steps) <= DEEPEST


workouts = st.builds(
    Workout,
    lines.filter(bool),
    st.lists(items, min_size=1, max_size=5).map(tuple),
    lines,
).filter(_allowed)


def attempt(do: Callable[[], T]) -> T | WorkoutError:
    """What `do` gives, or the WorkoutError it raises; any other error is a failure of the test."""
    try:
        return do()
    except WorkoutError as error:
        return error
