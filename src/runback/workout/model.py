"""What a workout is: steps and repeats of steps, and the flat timeline they make.

Rules:
- Every step says its speed and its duration. A step never inherits the speed of the one before it (a walk that kept
  the running speed hurt somebody: quirks.md, #4835).
- Speeds are 0.01 km/h, inclines 0.1 %, durations seconds. Pure values: no files, no clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a step is for. Coaches' words."""

    WARM_UP = "warm-up"
    RUN = "run"
    WALK = "walk"
    COOL_DOWN = "cool-down"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Step:
    """One stretch at one speed. `duration` s (> 0), `speed` 0.01 km/h (> 0), `incline` 0.1 %."""

    kind: Kind
    duration: float
    speed: int
    incline: int = 0


@dataclass(frozen=True, slots=True)
class Repeat:
    """`steps`, `times` over (>= 1)."""

    times: int
    steps: tuple[Step | Repeat, ...]


@dataclass(frozen=True, slots=True)
class Workout:
    """A named workout. `name` is what a person types or reads; `description` one sentence."""

    name: str
    steps: tuple[Step | Repeat, ...]
    description: str = ""

    def flat(self) -> tuple[Step, ...]:
        """The steps in the order they are walked and run, repeats unrolled."""
        return tuple(_flat(self.steps))

    @property
    def duration(self) -> float:
        """Planned length in seconds."""
        return sum(step.duration for step in self.flat())

    @property
    def top_speed(self) -> int:
        """The fastest step, 0.01 km/h."""
        return max(step.speed for step in self.flat())


def _flat(steps: tuple[Step | Repeat, ...]) -> Iterator[Step]:
    for item in steps:
        if isinstance(item, Step):
            yield item
        else:
            for _ in range(item.times):
                yield from _flat(item.steps)
