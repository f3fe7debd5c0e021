"""How large a workout may be, and how fast: found without unrolling a single repeat.

Rules:
- Size is measured on the tree, so a billion repeats cost no more than one.
- A cap is only compared here, for a clear line before anything moves; the safety gate enforces it on every write.
"""

from __future__ import annotations

from dataclasses import dataclass

from runback.errors import WorkoutError
from runback.workout.formatting import spell_speed
from runback.workout.model import Repeat, Step, Workout

MOST_STEPS = 10_000
LONGEST = 86_400.0  # s, 24 h
DEEPEST = 8
"""Repeats within repeats."""


@dataclass(frozen=True, slots=True)
class Size:
    """`steps` on the timeline, and their `seconds` together."""

    steps: int
    seconds: float

    def __add__(self, other: Size) -> Size:
        return Size(self.steps + other.steps, self.seconds + other.seconds)


NOTHING = Size(0, 0.0)


def measure(items: tuple[Step | Repeat, ...]) -> Size:
    """The size of the timeline that `items` unroll to, without unrolling them."""
    size = NOTHING
    for item in items:
        if isinstance(item, Step):
            size += Size(1, item.duration)
        else:
            once = measure(item.steps)
            size += Size(once.steps * item.times, once.seconds * item.times)
    return size


def check_size(size: Size, where: str) -> None:
    """Raise WorkoutError if `size` is more than a workout may have: 10,000 steps, 24 h."""
    if size.steps > MOST_STEPS:
        what = f"that makes {_count(size.steps)} steps, more than {MOST_STEPS:,}"
        raise WorkoutError(where, what, "repeat less often")
    if round(size.seconds, 3) > LONGEST:
        what = f"that makes {_count(int(size.seconds / 3600))} hours in all, more than 24"
        if size.seconds < LONGEST + 3600:
            what = "that makes more than 24 hours in all"
        raise WorkoutError(where, what, "shorten the steps or repeat less often")


def check_caps(workout: Workout, cap: int, layer: str, hint: str = "lower the step") -> None:
    """Raise WorkoutError naming the first step of the timeline that is faster than `cap` (0.01 km/h).

    `layer` names the cap ("absolute cap", "plan cap"); `hint` says what to do where lowering is not all one can do.
    """
    _check_caps(workout.steps, 0, cap, layer, hint)


def _check_caps(items: tuple[Step | Repeat, ...], before: int, cap: int, layer: str, hint: str) -> int:
    """Timeline steps up to the end of `items`, of which `before` precede them. The first of a repeat's rounds has every
    step of the repeat, so one round is enough to look at."""
    for item in items:
        if isinstance(item, Repeat):
            once = _check_caps(item.steps, before, cap, layer, hint) - before
            before += once * item.times
            continue
        before += 1
        if item.speed > cap:
            what = f"{spell_speed(item.speed)} km/h is above the cap of {spell_speed(cap)} km/h ({layer})"
            raise WorkoutError(f"step {before} ({item.kind})", what, hint)
    return before


def _count(number: int) -> str:
    """`number` with separators, or its order of magnitude when nobody would read the digits."""
    if number < 10**15:
        return f"{number:,}"
    return "far too many"
