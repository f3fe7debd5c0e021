"""A stage's pattern, as its plan's file spells it, turned into steps.

    pattern = the one-line notation of workouts, without speeds:  5x(60s run, 60s walk)
    amount  = seconds `60s`, minutes `2m`, or miles `0.1mi`
    kind    = run, walk, or fast (running, at the plan's faster speed)

Rules:
- The speed of a kind is the plan's; the workout that comes out says it in every step.
- Distances become times at that speed, rounded to the second, because a step of a workout is a time.
- A pattern that goes on `until` a distance is begun again until the distance is covered; its last step is cut there.

Units: speed 0.01 km/h, distance metres, time s. Source: training.md's tables of stages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import cycle

from runback.errors import PlanError, WorkoutError
from runback.units import METRES_PER_MILE
from runback.workout.formatting import spell_duration, spell_speed
from runback.workout.model import Repeat, Step
from runback.workout.notation import parse

_STRETCH = re.compile(r"([0-9]+(?:\.[0-9]+)?)(mi|m|s) (run|walk|fast)\b")
_SECONDS = {"s": 1, "m": 60}


@dataclass(frozen=True, slots=True)
class Speeds:
    """Belt speeds of a plan, 0.01 km/h. `fast` is for the one plan that alternates two running speeds."""

    warm_up: int
    walk: int
    run: int
    fast: int
    cool_down: int


def tells_distance(pattern: str, until: float | None) -> bool:
    """Whether the source's figures are distances."""
    return until is not None or any(match[2] == "mi" for match in _STRETCH.finditer(pattern))


def metres(steps: tuple[Step, ...]) -> float:
    """How far `steps` go."""
    return sum(step.duration * step.speed / 360 for step in steps)


def lay_out(pattern: str, until: float | None, speeds: Speeds, where: str) -> tuple[Step | Repeat, ...]:
    """The steps of `pattern` at `speeds`. Raises PlanError naming `where` for a pattern that cannot be read."""

    def with_speed(match: re.Match[str]) -> str:
        amount, unit, kind = match.groups()
        speed = {"run": speeds.run, "walk": speeds.walk, "fast": speeds.fast}[kind]
        if unit == "mi":
            seconds = float(round(float(amount) * METRES_PER_MILE * 360 / speed))
        else:
            seconds = float(amount) * _SECONDS[unit]
        return f"{spell_duration(seconds)} {'run' if kind == 'fast' else kind} {spell_speed(speed)}"

    try:
        workout = parse(_STRETCH.sub(with_speed, pattern))
    except WorkoutError as error:
        raise PlanError(f"{where}: pattern", error.what, "write it like 5x(60s run, 60s walk)") from error
    return workout.steps if until is None else _cut(workout.flat(), until)


def _cut(round_: tuple[Step, ...], until: float) -> tuple[Step, ...]:
    steps: list[Step] = []
    left, stretches = until, cycle(round_)
    while True:
        step = next(stretches)
        seconds = float(round(left * 360 / step.speed))
        if seconds <= step.duration:
            return (*steps, replace(step, duration=seconds)) if seconds >= 1 else tuple(steps)
        steps.append(step)
        left -= metres((step,))
