"""The watchdog: compares what the belt does with what it was told.

Rules:
1. It can only withdraw: permission first, then, where a person may be in danger, the belt itself (Stop).
2. Speed above the target is a surge unless it is left over from a higher target and falling: the allowance is the
   target, or the lowest speed measured since the target was lowered, whichever is higher, plus a tolerance.
   A belt still above a lowered target after `OBEY_WITHIN` does not obey: that is a surge too.
3. A surge must last `LASTING`: one record, or one repeated by the Bluetooth system, stops nobody's run. A record that
   no belt can bear out (`machine.plausibility`) is silence; two of them in a row above the allowance are a surge.
4. Silence of the machine while its belt may move suspends permission after `STALE_AFTER`, and stops the belt after
   `SILENT_AFTER`.
5. A belt nobody here has commanded is not judged.

Units: speed 0.01 km/h, time s. Klipper's heater check is the model: commanded against measured.
"""

from __future__ import annotations

from enum import Enum

TOLERANCE = 100
"""1.0 km/h above the allowance: ramps overshoot by a few tenths, and nobody falls over one km/h."""
LASTING = 0.5
STALE_AFTER = 2.0
SILENT_AFTER = 5.0
OBEY_WITHIN = 30.0
"""From 20 km/h to walking takes 15 s at 1 km/h a second; the slowest machines take twice that."""


APART = 0.2
"""Seconds between two records for the second not to be the first one, delivered twice (bluez.md 1)."""


class TripReason(Enum):
    """What the watchdog found. The value is the plain line a person reads."""

    STALE = "the treadmill has gone quiet"
    SILENT = "the treadmill has said nothing for 5 seconds"
    SURGE = "the belt is faster than its target"
    UNITS = "the treadmill does not seem to count speed in km/h: it needs a profile that says so"
    """Found by the machine core's own comparison, at walking pace."""
    NOT_STARTED = "the belt did not start"
    CALLED_OFF = "the start was cancelled"
    LATE_START = "the belt started after its start had been given up"
    """These three too: whatever a start wanted is answered with Stop once nobody waits for it any more."""


STOPS: frozenset[TripReason] = frozenset({TripReason.SILENT, TripReason.SURGE, TripReason.UNITS})
"""The findings that stop the belt; the others suspend permission to raise."""


class Watchdog:
    """Watches one belt. Feed it targets and records; ask it with `check`."""

    __slots__ = (
        "_above_since",
        "_floor",
        "_heard_at",
        "_lowered_at",
        "_speed",
        "_started",
        "_surge",
        "_target",
        "_wild_at",
    )

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything: a new link, or a belt that is let go of."""
        self._target: int | None = None
        self._lowered_at = 0.0
        self._speed: int | None = None
        self._floor: int | None = None
        self._above_since: float | None = None
        self._surge = False
        self._wild_at: float | None = None
        """When a record above the allowance came that could not be believed, with none believed since."""
        self._started = False
        self._heard_at: float | None = None

    def expect(self, target: int, now: float) -> None:
        """The belt's target is `target` from now on, by our command or the console's."""
        if self._target is None or target < self._target:
            self._floor = self._speed
            self._lowered_at = now
        self._target = target

    def started(self, now: float) -> None:
        """A start has been sent to a belt at rest: from now on silence matters, and no speed is left over."""
        self._started = True
        self._speed = 0
        self._heard_at = now

    def settled(self) -> None:
        """The start came to nothing: silence of a belt at rest does not matter."""
        self._started = False

    def measured(self, speed: int, now: float) -> None:
        """A fresh record says the belt runs at `speed`."""
        self._heard_at = now
        self._started = self._started and speed == 0
        self._speed = speed
        if self._target is None:
            return
        self._floor = speed if self._floor is None else min(self._floor, speed)
        wild, self._wild_at = self._wild_at is not None, None
        disobeys = speed > self._target + TOLERANCE and now - self._lowered_at >= OBEY_WITHIN
        if disobeys or speed > max(self._target, self._floor) + TOLERANCE:
            self._above_since = now if self._above_since is None else self._above_since
            self._surge = wild or now - self._above_since >= LASTING
        else:
            self._above_since = None
            self._surge = False

    def doubted(self, now: float) -> None:
        """A record says that the belt is slower than it can be: the machine is not silent."""
        self._heard_at = now

    def garbled(self, speed: int, now: float) -> None:
        """A record says `speed`, which the belt cannot have. It is no measurement, and must hide no surge."""
        if self._target is None or speed <= max(self._target, self._floor or 0) + TOLERANCE:
            self._wild_at = None
        elif self._wild_at is None:
            self._wild_at = now
        elif now >= self._wild_at + APART:
            self._surge = True

    def check(self, now: float) -> TripReason | None:
        """The worst finding at `now`, or None."""
        if self._surge:
            return TripReason.SURGE
        if self._heard_at is None or not self._may_move:
            return None
        if now >= self._heard_at + SILENT_AFTER:
            return TripReason.SILENT
        return TripReason.STALE if now >= self._heard_at + STALE_AFTER else None

    def deadline(self, now: float) -> float | None:
        """When `check` may find something new though nothing arrives."""
        if self._heard_at is None or not self._may_move:
            return None
        times = (self._heard_at + STALE_AFTER, self._heard_at + SILENT_AFTER)
        return next((at for at in times if at > now), None)

    @property
    def _may_move(self) -> bool:
        return self._started or bool(self._speed)
