"""How far a commissioning may go on one treadmill, from what the treadmill itself says it can do.

Rules:
- The slowest speed, and that and one increment: nothing else is ever asked for.
- A machine whose slowest is not walking pace, or that says no range, is not commissioned.

Units: speed 0.01 km/h, incline 0.1 %.
"""

from __future__ import annotations

from dataclasses import dataclass

from runback.machine.speed_unit import WALKING
from runback.machine.targets import SupportedRange
from runback.workout.model import Kind, Step, Workout

USUAL_STEP = 10
"""0.1 km/h, for a machine that takes any speed; 1 % for one that takes any incline."""
LARGEST_STEP = 100
"""1 km/h: a step that nobody on the rails next to an empty belt is frightened of."""
LONG = 3600.0
"""Seconds. No step ends by itself: each is left when it has shown what it is for."""


@dataclass(frozen=True, slots=True)
class InclineRange:
    """Where the deck is, and one increment from there."""

    home: int
    away: int
    step: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """The two speeds, and how near to one counts as there."""

    low: int
    step: int

    @property
    def top(self) -> int:
        """The fastest that is ever asked for."""
        return self.low + self.step

    @property
    def near(self) -> int:
        """A belt so near to a target is there: less than half a step, so that two targets are told apart."""
        return max((self.step - 1) // 2, 1)

    @property
    def about(self) -> int:
        """A belt so near to its slowest speed keeps to it; the core takes as much for its comparison of units."""
        return max(self.near, self.low * 13 // 100)

    @property
    def surely_too_fast(self) -> int:
        """Faster than it could be told by any mistaking of units."""
        return self.top * 17 // 10


def bounds(speed: SupportedRange | None) -> Bounds | str:
    """The two speeds of a machine with that range; else, in a phrase, why it is not commissioned."""
    if speed is None:
        return "says no range of speeds"
    step = speed.step or USUAL_STEP
    if speed.low <= 0:
        return "says that its slowest speed is 0"
    if step > LARGEST_STEP:
        return f"says that its speed goes by steps of {step / 100:g} km/h"
    if speed.low + step > min(WALKING, speed.high):
        return f"says that its slowest speed is {speed.low / 100:g} km/h, which leaves no step of walking"
    return Bounds(speed.low, step)


def tilt(incline: SupportedRange | None, now: int | None) -> InclineRange | None:
    """One increment from where the deck is; None where it cannot be set in percent, or is not told."""
    if incline is None or now is None:
        return None
    step = incline.step or USUAL_STEP
    home = incline.nearest(now)
    away = home + step if home + step <= incline.high else home - step
    return None if away < incline.low else InclineRange(home, away, step)


def walk(bounds: Bounds, tilt: InclineRange | None) -> Workout:
    """The stages as steps of a session: slowest, one step faster, slowest again; the incline there and back."""
    home, away = (0, 0) if tilt is None else (tilt.home, tilt.away)
    course = [(bounds.low, home), (bounds.top, home), (bounds.low, home)]
    course += [] if tilt is None else [(bounds.low, away), (bounds.low, home)]
    return Workout("commissioning", tuple(Step(Kind.WALK, LONG, speed, incline) for speed, incline in course))
