"""What the treadmill has reported, and what that proves. The witness's own reading, not the core's.

Rules:
- Rest is evident from two records of 0, or from one that a belt can have come down to since the record before.
- A record that no belt can follow from the one before was no measurement: a fall is then judged without it.
- What is above `FASTEST` is no measurement at all.

Where the core may rightly be more careful it is free to be: this only says what would convince anybody.

Units: speed 0.01 km/h, time s.
"""

from __future__ import annotations

from typing import Final

FALL: Final = 300
"""0.01 km/h in a second, up or down: no belt with a person on it does more; those on record do 200 under Stop."""
SLACK: Final = 100
FASTEST: Final = 2100
"""The machine's range and tolerance."""

Record = tuple[int, float]
"""A speed, and when it was reported."""


class Heard:
    """The newest records."""

    __slots__ = ("at", "before", "garbled", "last", "moving", "prior", "zeros")

    def __init__(self) -> None:
        self.last: Record | None = None
        self.before: Record | None = None
        self.prior: Record | None = None
        self.at: float | None = None
        """When something could be believed last, on this link."""
        self.garbled = 0
        """How many records in a row could not be, up to 2."""
        self.zeros = 0
        """How many records of 0 came last on this link, up to 2."""
        self.moving = False
        """Whether the belt moved when it was last evident what it does."""

    def new_link(self) -> None:
        """The link is made, or gone."""
        self.at = None
        self.garbled = self.zeros = 0

    def record(self, speed: int | None, now: float) -> bool:
        """A record arrives, None if it cannot be read; whether it says anything."""
        if speed is None or speed > FASTEST:
            self.garbled = min(2, self.garbled + (speed is not None))
            return False
        self.garbled = 0
        self.at = now
        self.zeros = 0 if speed else min(2, self.zeros + 1)
        self.prior, self.before, self.last = self.before, self.last, (speed, now)
        return True

    @property
    def moves(self) -> bool:
        """Whether the newest record shows that the belt moves, and can be true."""
        if not self.says_motion or self.last is None:
            return False
        return self.before is None or self.before[0] > 0 or _can_change(self.before, self.last)

    @property
    def says_motion(self) -> bool:
        """Whether the newest record says that the belt moves."""
        return self.last is not None and self.last[0] > 0

    @property
    def says_rest(self) -> bool:
        """Whether the newest record says that it does not."""
        return self.last is not None and self.last[0] == 0

    @property
    def rests(self) -> bool:
        """Whether what was reported shows a belt at rest."""
        if not self.says_rest or self.last is None:
            return False
        if self.before is None:
            return not self.moving
        if _can_change(self.before, self.last):
            return True
        odd = self.prior is not None and not _can_change(self.prior, self.before)
        return odd and self.prior is not None and _can_change(self.prior, self.last)

    def since(self, now: float) -> float:
        """Seconds since the newest record."""
        return now - self.last[1] if self.last is not None else now


def _can_change(before: Record, after: Record) -> bool:
    """Whether a belt can have gone from one to the other."""
    change, seconds = after[0] - before[0], after[1] - before[1]
    return change <= FALL * seconds if change > 0 else -change <= FALL * seconds + SLACK
