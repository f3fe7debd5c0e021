"""What the belt does once Stop has been asked for, and whether a person must step off.

Rules:
- Falling means coming down by at least `FALL`; the last digit of a belt's figure trembles.
- The alarm stands until the belt is at rest: not falling within `FALL_WITHIN`, rising, nothing heard for
  `UNSEEN_AFTER`, or no link.

Source: training.md "Stop". Units: speed 0.01 km/h, time s.
"""

from __future__ import annotations

from enum import Enum

FALL_WITHIN = 1.5
UNSEEN_AFTER = 2.0
LAG = 1.0
"""Records up to this long after Stop may still show the belt as it was."""
FALL = 10
"""0.1 km/h less than before is slowing."""
RISE = 30
"""0.3 km/h above the lowest speed since Stop is rising."""


HAND_WITHIN = 10.0
"""The same where only a person's hand at the treadmill slows the belt: it has to be told first."""


class Alarm(Enum):
    """Why a person must step off. The value is the plain line for the screen."""

    CANNOT_STOP = "this treadmill does not know Stop"
    NOT_FALLING = "the belt is not slowing down"
    RISING = "the belt is getting faster"
    UNSEEN = "the treadmill does not say what its belt does"
    NO_LINK = "there is no link to the treadmill"


class StopMonitor:
    """One belt on its way to rest. It hears every record, from before Stop on."""

    __slots__ = (
        *("_heard_at", "_doubted_at", "_lowest", "_measured_at", "_progress_at"),
        *("alarm", "fall_within", "since", "speed", "zero_since"),
    )

    def __init__(self) -> None:
        self.fall_within = FALL_WITHIN
        self.speed: int | None = None
        """As last measured on this link."""
        self._heard_at: float | None = None
        self._measured_at: float | None = None
        self.clear()

    def clear(self) -> None:
        """No Stop is under way."""
        self.alarm: Alarm | None = None
        self.since: float | None = None
        self.zero_since: float | None = None
        """Since when nothing but 0 has been measured."""
        self._lowest: int | None = None
        self._progress_at: float | None = None
        self._doubted_at: float | None = None
        """Since when the belt may be slower than was last believed."""

    def begin(self, now: float) -> float:
        """Stop has been asked for: when, as far as this hears of it."""
        if self.since is None:
            self.since = now
        return self.since

    def hear(self, speed: int, now: float) -> None:
        """A fresh record says the belt runs at `speed`, while no Stop is under way, or after it."""
        self.speed = speed
        self._heard_at = self._measured_at = now
        self._doubted_at = None

    def measured(self, speed: int, now: float) -> None:
        """The same, while the belt should come to rest."""
        before = self.speed
        self.hear(speed, now)
        since = self.begin(now)
        # The first record after Stop is compared with the last before it: a belt may slow down within one of them.
        if self._lowest is None:
            self._lowest = speed if before is None else before
        if speed <= max(self._lowest - FALL, 0):
            self._lowest = speed
            self._progress_at = now
        # A record that was on its way, of a belt that was still getting faster: no sign that Stop makes it so.
        elif speed > self._lowest and now < since + LAG:
            self._lowest = speed
        elif speed > self._lowest + RISE:
            self.alarm = Alarm.RISING
        if speed > 0:
            self.zero_since = None
        elif self.zero_since is None:
            self.zero_since = now

    def doubted(self, speed: int, now: float) -> None:
        """A record says `speed`, less than a belt can have come down to: until the next it may be true."""
        self._heard_at = now
        # It may be slowing, and it is heard: neither silence nor a belt that does not fall, and no rest either.
        if self._doubted_at is None and self.speed is not None and speed <= self.speed - FALL:
            self._doubted_at = now

    def cannot_stop(self) -> None:
        """The machine says that it does not know Stop. A belt that lies still needs none."""
        if self.alarm is None and self.speed != 0:
            self.alarm = Alarm.CANNOT_STOP

    def linked(self, now: float) -> None:
        """A new link: silence counts from here."""
        self._heard_at = now

    def unlinked(self) -> None:
        """The link is gone, and with it what was known."""
        self.speed = None

    def judge(self, now: float, *, online: bool) -> None:
        """Bring the alarm up to `now`."""
        since = self.begin(now)
        if self.alarm is None:
            if not online:
                self.alarm = Alarm.NO_LINK
            elif now >= self._unseen_from(since):
                self.alarm = Alarm.UNSEEN
            elif self.speed and now >= self._stuck_from(since):
                self.alarm = Alarm.NOT_FALLING

    @property
    def rests_until(self) -> float | None:
        """Until when the belt counts as seen at rest; None if it was not."""
        return None if self.speed != 0 or self._measured_at is None else self._measured_at + UNSEEN_AFTER

    def unseen(self, now: float) -> bool:
        """Whether nobody can say what the belt does."""
        return self.speed is None or now >= self._unseen_from(now)

    def deadlines(self, since: float) -> list[float]:
        """When `judge` will have something to say, if nothing arrives."""
        if self.alarm is not None:
            return []
        return [self._unseen_from(since)] + ([self._stuck_from(since)] if self.speed else [])

    def _unseen_from(self, since: float) -> float:
        return (since if self._heard_at is None else self._heard_at) + UNSEEN_AFTER

    def _stuck_from(self, since: float) -> float:
        slowing = (self._progress_at, self._doubted_at)
        return max([since, *(at for at in slowing if at is not None)]) + self.fall_within
