"""What a machine counts speed in, and how that is found out before anybody runs (quirk 22).

Rules:
1. Inside there are only 0.01 km/h; this file alone knows what stands on the wire.
2. Where a unit is not known it is taken for km/h, and the first target is the lowest speed. Nothing higher is asked for
   until the belt has been measured running as told: at 1.6 times that, targets are in miles; at 0.6 times, reports are.
3. A machine that counts both in miles shows no difference. Its own distance does, over metres walked: until that has
   been compared (if it tells one) nothing faster than `WALKING` is asked for.
4. What does not add up is a finding; the belt is then stopped. Nothing here ever makes a target higher.

Units: speed 0.01 km/h, distance m, time s.
"""

from __future__ import annotations

from enum import Enum

from runback.machine.quirks import MachineQuirks, ReportedUnit
from runback.units import KM_PER_MILE

WALKING = 400
"""4 km/h: should it be miles, a brisk walk."""
UNREAD_FIRST = 100
"""1 km/h, the first target of a machine that tells no range."""
STEADY_FOR = 2.0
STEADY = 10
SETTLE = 1.0
"""Seconds after a target before what is measured says anything about it."""
PUZZLED_AFTER = 15.0
"""Seconds at a steady speed that is neither the target nor 1.6 or 0.6 times it."""
WALKED = 15.0
"""Metres over which distances are compared."""
GIVEN_UP = 60.0
"""Metres after which a distance that fits nothing is taken for none."""
TELLS_NONE = 5
"""Records without a distance, and none before with one, after which a machine is taken to tell none."""
SLACK = 4
"""0.04 km/h: two roundings of 0.01 mph."""


class DetectionStage(Enum):
    """How much is known of a machine's units."""

    LOWEST = "lowest"  # nothing: the lowest speed only
    WALKING = "walking"  # targets and measurements agree
    PROVEN = "proven"


class UnitMismatch(Enum):
    """What a record has shown."""

    RETELL = "retell"  # targets are counted in miles: the one that was written has to be written again
    WRONG = "wrong"  # speeds are not what they are called


def _about(ratio: float, one: float) -> bool:
    return 0.87 * one <= ratio <= 1.15 * one


class SpeedUnitDetector:
    """The units of one machine."""

    def __init__(self) -> None:
        self._set(ReportedUnit.KMH, ReportedUnit.KMH)

    def _set(self, write: ReportedUnit, read: ReportedUnit) -> None:
        self._known = (write, read)
        self.write, self.read = (ReportedUnit.KMH if unit is ReportedUnit.UNKNOWN else unit for unit in self._known)
        self.stage = DetectionStage.LOWEST if ReportedUnit.UNKNOWN in self._known else DetectionStage.PROVEN
        self.rested()

    def take(self, quirks: MachineQuirks) -> None:
        """A machine with these habits is connected. What has been found out of the same machine stays."""
        # The same machine on a new link: what it has been measured to count in need not be found out again.
        if self._known != (quirks.write_unit, quirks.read_unit):
            self._set(quirks.write_unit, quirks.read_unit)

    # -- the wire ---------------------------------------------------------------------------------------------------

    def to_wire(self, speed: int) -> int:
        """A target on the wire."""
        return round(speed / KM_PER_MILE) if self.write is ReportedUnit.MPH else speed

    def parameter(self, speed: int) -> bytes:
        """A target as Set Target Speed carries it: u16, little-endian (S0 4.16.2.3)."""
        return self.to_wire(speed).to_bytes(2, "little")

    def target(self, raw: int) -> int:
        """A target as the machine repeats it."""
        return round(raw * KM_PER_MILE) if self.write is ReportedUnit.MPH else raw

    def measured(self, raw: int) -> int:
        """A speed as the machine reports it."""
        return round(raw * KM_PER_MILE) if self.read is ReportedUnit.MPH else raw

    @property
    def slack(self) -> int:
        """How far apart two readings of the same target may be."""
        return SLACK if self.write is ReportedUnit.MPH else 0

    # -- finding out ------------------------------------------------------------------------------------------------

    def cap(self, low: int) -> int | None:
        """The highest speed that may be asked for now of a machine whose lowest is `low` (0: unknown); None: any."""
        return low or UNREAD_FIRST if self.stage is DetectionStage.LOWEST else self.walks_only(low)

    def walks_only(self, low: int) -> int | None:
        """The highest speed that makes sense to ask for before everything is known; None once it is."""
        return None if self.stage is DetectionStage.PROVEN else max(low, WALKING)

    def rested(self) -> None:
        """The belt is at rest, or unseen: what is compared begins again."""
        self._target: int | None = None
        self._told_at = 0.0
        self._steady: tuple[int, float] | None = None
        self._last: tuple[float, int] | None = None
        self._marked: int | None = None
        self._told_distance: int | None = None
        self._walked = 0.0
        self._without = 0

    def told(self, target: int, now: float) -> None:
        """`target` is being written."""
        self._target, self._told_at, self._steady = target, now, None

    def overruled(self) -> None:
        """A hand at the console has set another speed: what the belt does says nothing of our target."""
        self._target = None

    def heard(self, speed: int, distance: int | None, now: float) -> UnitMismatch | None:
        """A record of a moving belt, speed in 0.01 km/h, and the machine's own distance if it tells one."""
        if self.stage is DetectionStage.LOWEST:
            return self._compare_speed(speed, now)
        if self.stage is DetectionStage.WALKING:
            return self._compare_distance(speed, distance, now)
        return None

    def _compare_speed(self, speed: int, now: float) -> UnitMismatch | None:
        # Before the belt can have followed, it shows the target before: comparing that would find a unit that is none.
        if self._target is None or now < self._told_at + SETTLE:
            return None
        if self._steady is None or abs(speed - self._steady[0]) > STEADY:
            self._steady = (speed, now)
        if now < self._steady[1] + STEADY_FOR:
            return None
        ratio = speed / self._target
        if _about(ratio, 1.0):
            self.stage = DetectionStage.WALKING
            return None
        if _about(ratio, KM_PER_MILE) and self._known[0] is ReportedUnit.UNKNOWN and self.write is ReportedUnit.KMH:
            self.write = ReportedUnit.MPH
            self._target = None
            return UnitMismatch.RETELL
        if _about(ratio, 1 / KM_PER_MILE) and self._known[1] is ReportedUnit.UNKNOWN and self.read is ReportedUnit.KMH:
            self.read = ReportedUnit.MPH
            self._told_at, self._steady = now, None
            return None
        return UnitMismatch.WRONG if now >= self._told_at + PUZZLED_AFTER else None

    def _compare_distance(self, speed: int, distance: int | None, now: float) -> UnitMismatch | None:
        """From one step of the machine's distance to another, so that the size of its steps does not matter."""
        # It tells none: both in miles cannot be told from both in kilometres then, and agreeing speeds have to do.
        if distance is None:
            self._without += 1
            if self._told_distance is None and self._without >= TELLS_NONE:
                self.stage = DetectionStage.PROVEN
            return None
        if self._last is not None:
            self._walked += self._last[1] / 360 * (now - self._last[0])
        self._last = (now, speed)
        if distance == self._told_distance:
            if self._walked >= GIVEN_UP:
                self.stage = DetectionStage.PROVEN
            return None
        before, self._told_distance = self._told_distance, distance
        if before is None or self._marked is None or distance < before:
            if before is not None:
                self._marked, self._walked = distance, 0.0
            return None
        if self._walked < WALKED:
            return None
        ratio = (distance - self._marked) / self._walked
        if _about(ratio, KM_PER_MILE):
            return UnitMismatch.WRONG
        if _about(ratio, 1.0) or self._walked >= GIVEN_UP:
            self.stage = DetectionStage.PROVEN
        return None
