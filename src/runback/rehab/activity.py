"""What is done on the days without running.

Rules:
- Whatever was done is kept; its kind says whether it counts towards the month of low-impact work, and if not, why.

Units: minutes; pain 0-10. Source: training.md "Origin" and the plan's gate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from runback.errors import PlanError
from runback.rehab.validation import on_scale, utc


class ActivityKind(StrEnum):
    """What is done on the days without running."""

    CYCLING = "cycling"
    ELLIPTICAL = "elliptical"
    WALKING = "brisk walking"
    ROWING = "rowing"
    SWIMMING = "swimming"
    AQUA_JOGGING = "aqua-jogging"
    RUNNING = "running"
    OTHER = "something else"

    @property
    def counts(self) -> bool:
        """Whether it counts towards the month of low-impact work. Cycling, elliptical and brisk walking do by the
        source; swimming and aqua-jogging, where the water carries the weight, are this project's [D]."""
        return self not in (ActivityKind.ROWING, ActivityKind.RUNNING, ActivityKind.OTHER)


MOST_PAIN = 5
"""A day on which it hurt more does not count; as rule 2 has it for a run [D]."""
ROWING_WHY = (
    "Rowing is kept in your log but does not count towards the month: "
    "the physiotherapist's advice behind this plan names it as the one to leave out. Cycling, elliptical, brisk "
    "walking, swimming and aqua-jogging count."
)
RUNNING_WHY = "A run is kept and starts the 48 hours; it does not count as low-impact work."
OTHER_WHY = (
    "It is kept in your log but does not count towards the month. Cycling, elliptical, brisk walking, swimming and "
    "aqua-jogging count."
)
_WHY = {ActivityKind.ROWING: ROWING_WHY, ActivityKind.RUNNING: RUNNING_WHY, ActivityKind.OTHER: OTHER_WHY}
HURT_WHY = (
    f"It is kept, but this day does not count, because it hurt more than {MOST_PAIN} or was worse next morning. "
    "Take it easier next time: shorter, gentler, or another kind."
)
HURT_AGAIN = (
    "This is the second time in four weeks: please show a physiotherapist or doctor how you do it, and what it does."
)


@dataclass(frozen=True, slots=True)
class LoggedActivity:
    """Low-impact work, a run or something else, of `minutes`, that was over `at`. `pain` is the worst during;
    `rise_next_morning` says whether it was worse the morning after, None while nobody has said. Raises PlanError for
    figures that cannot be."""

    kind: ActivityKind
    minutes: float
    at: datetime
    pain: int
    rise_next_morning: bool | None = None

    def __post_init__(self) -> None:
        where = f"activity ({self.kind})"
        object.__setattr__(self, "at", utc(self.at, where))
        if not 0 < self.minutes <= 24 * 60:
            raise PlanError(where, f"{self.minutes!r} minutes are not possible", "give minutes, up to a day")
        on_scale(self.pain, where)

    @property
    def hurt(self) -> bool:
        """Whether the pain was high, or worse next morning."""
        return self.pain > MOST_PAIN or self.rise_next_morning is True

    @property
    def note(self) -> str | None:
        """What has to be said about it, if anything."""
        if self.hurt:
            return HURT_WHY
        return _WHY.get(self.kind)


@dataclass(frozen=True, slots=True)
class ExercisesDone:
    """Which of `exercises.CHECKLIST` (by their ids) were done."""

    at: datetime
    done: frozenset[str]

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc(self.at, "exercises"))
