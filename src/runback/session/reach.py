"""Counting from the speed: an interval's clock stands still until the belt has been measured at its speed.

Rules:
- Both ways: a run counts once the belt is fast enough, a walk once it is slow enough. What is planned as a minute is a
  minute at its speed.
- Never for ever: `PATIENCE` times as long as this machine is known to take, `LONGEST` at most, from the moment the belt
  was told; then it counts, whatever the belt does. Until it has been told, an announcement's time is added.
- It only ever delays the clock. It neither moves a belt nor announces, withdraws or forbids anything by itself.

Units: speed 0.01 km/h, time s.
"""

from __future__ import annotations

from runback.session.announcements import LEAD
from runback.session.belt_ramp import REACHED

PATIENCE = 2.0
SHORTEST = 5.0
"""Seconds: a record each second, and a speed in several writes, take this long in any case."""
LONGEST = 30.0


def within(expected: float | None) -> float:
    """Seconds to wait for a belt that is `expected` to take so long (None: nobody knows)."""
    return LONGEST if expected is None else min(LONGEST, max(SHORTEST, PATIENCE * expected))


class SpeedWait:
    """One wait, begun at `now` by a belt at `speed`, for `goal`."""

    __slots__ = ("_rises", "_told", "by")

    def __init__(self, now: float, speed: int, goal: int) -> None:
        self._rises = goal > speed
        self._told = False
        self.by = now + LEAD + LONGEST
        """When it is over in any case."""

    def told(self, now: float, expected: float | None) -> None:
        """The belt has been told; the first time counts."""
        if not self._told:
            self._told = True
            self.by = now + within(expected)

    def met(self, speed: int, goal: int) -> bool:
        """Whether a belt at `speed` has reached `goal`, or gone beyond it."""
        return speed >= goal - REACHED if self._rises else speed <= goal + REACHED
