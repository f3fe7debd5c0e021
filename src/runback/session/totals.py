"""What was really done: distance and measured speed, kept by us because machines reset theirs (quirk 19).

Units: distance m, speed 0.01 km/h, time s.
"""

from __future__ import annotations

from dataclasses import dataclass

from runback.workout.model import Step

GAP = 3.0
"""Seconds between two records above which nothing is assumed about the belt in between."""


@dataclass(slots=True)
class IntervalTotals:
    """One step, planned and as done, while the belt ran: `seconds` are those that counted, `changing` those in which
    the belt was on its way to the speed from which they count."""

    number: int
    planned: Step
    began: float
    position: float
    """Where it began on the session's clock."""
    ran: float = 0.0
    """How long the belt had run by then."""
    seconds: float = 0.0
    changing: float = 0.0
    metres: float = 0.0
    top_speed: int = 0

    @property
    def average_speed(self) -> int | None:
        """0.01 km/h over the distance done; None if too short to say."""
        seconds = self.seconds + self.changing
        return round(self.metres / seconds * 360) if seconds >= 1 else None


class SessionTotals:
    """Distance of the whole session, and an `IntervalTotals` for each step begun."""

    def __init__(self) -> None:
        self.metres = 0.0
        self.intervals: list[IntervalTotals] = []
        self._at: float | None = None
        self._speed = 0

    def begin(self, number: int, step: Step, position: float, ran: float, now: float) -> None:
        """Step `number` begins at `now`, at `position` on the session's clock, the belt having run for `ran`."""
        self._integrate(now)
        self.intervals.append(IntervalTotals(number, step, now, position, ran))

    def count(self, position: float, ran: float) -> None:
        """The session's clock stands at `position`, and the belt has run for `ran`: so long has the newest interval
        lasted."""
        if self.intervals:
            newest = self.intervals[-1]
            newest.seconds = max(0.0, position - newest.position)
            newest.changing = max(0.0, ran - newest.ran - newest.seconds)

    def measured(self, speed: int, now: float) -> None:
        """The belt runs at `speed` at `now`, in the step begun last."""
        self._integrate(now)
        self._at = now
        self._speed = speed
        self.intervals[-1].top_speed = max(self.intervals[-1].top_speed, speed)

    def clear_clock(self, now: float) -> None:
        """The belt is at rest, or unseen: nothing is integrated across."""
        self._integrate(now)
        self._at = None

    def _integrate(self, now: float) -> None:
        if self._at is None:
            return
        seconds = min(max(0.0, now - self._at), GAP)
        self._at = now
        metres = self._speed / 360 * seconds
        self.metres += metres
        self.intervals[-1].metres += metres
