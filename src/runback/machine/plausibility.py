"""Is a reported speed one that this belt can have? Machines lie: one 0 in the middle of a run, a spike, an old value.

Rules:
1. Faster than the machine can go is no measurement, however often it is said (`GARBLED`).
2. A rise that no motor makes is no measurement unless the next record bears it out (`GARBLED` until then).
3. A fall that no belt makes is not believed alone (`DOUBTED`): the next record has to bear it out. A fall to 0 needs
   a second 0, or a belt that was told to stop and was slow enough before (`REST_FALL`).
4. The first speed heard on a link is believed if the belt moves. If it is 0 a second record has to say so.
5. A record that comes within `watchdog.APART` of the one it repeats is the same record, delivered twice (bluez.md 1).
6. What is believed is decided here, once. Whoever hears of a belt hears only what was believed, except for the watchdog
   (a real surge must not hide here) and the latch (a doubted fall is not the silence of a machine).

Sources: QZ #1567 and FitOSC #15 (one 0 at full speed), issue "What trials broke", points 4 and 18. The rates stand
above the fastest belts on record: 2.0 km/h per second under Stop, 1.5 km/h per second upwards. A pulled key stops a
belt at once, and is believed one record later. Units: speed 0.01 km/h, time s.
"""

from __future__ import annotations

from enum import Enum

from runback.safety.watchdog import APART

RISE = 300
"""0.01 km/h per second: what no motor exceeds upwards."""
FALL = 400
"""The same downwards, while the belt still moves."""
REST_FALL = 250
"""The same for the last fall of a belt that was told to stop, to 0."""
LEAST = 1.0
"""Seconds that lie between two speeds at least: many machines measure once a second, however often they report."""


class SpeedVerdict(Enum):
    """What a reported speed is worth."""

    MEASURED = "measured"
    DOUBTED = "doubted"  # lower than a belt can have come down to: the next record decides
    GARBLED = "garbled"  # higher than it can be: no measurement, and as good as silence


class Plausibility:
    """The judge of one belt's reported speeds."""

    __slots__ = ("_at", "_doubt", "_doubted_at", "_speed")

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """A new link: nothing is known."""
        self._speed: int | None = None
        self._at = 0.0
        self._doubt: int | None = None
        """The newest speed that was not believed, and may be borne out."""
        self._doubted_at = 0.0

    @property
    def doubts(self) -> bool:
        """Whether the newest record has not been believed, nor contradicted."""
        return self._doubt is not None

    def judge(self, speed: int, now: float, *, ceiling: int, stopping: bool) -> SpeedVerdict:
        """What a record of `speed` is worth. `ceiling` is the fastest this machine can go, `stopping` whether the belt
        has been told to come to rest."""
        if speed > ceiling:
            return SpeedVerdict.GARBLED
        # Either possible by itself, or said twice: a motor that really surges is believed one record late, not never.
        if self._plausible(speed, now, stopping=stopping) or self._borne_out(speed, now):
            self._speed, self._at, self._doubt = speed, now, None
            return SpeedVerdict.MEASURED
        if speed != self._doubt:  # a repeat does not begin the wait for a second record again
            self._doubt, self._doubted_at = speed, now
        rises = self._speed is not None and speed > self._speed
        return SpeedVerdict.GARBLED if rises else SpeedVerdict.DOUBTED

    def _plausible(self, speed: int, now: float, *, stopping: bool) -> bool:
        """Whether the belt can have come to `speed` from what was last believed."""
        before = self._speed
        if before is None:
            return speed > 0  # the careful reading of an unknown belt is that it moves
        passed = max(now - self._at, LEAST)
        if speed >= before:
            return speed - before <= RISE * passed
        if speed > 0:
            return before - speed <= FALL * passed
        return stopping and before <= REST_FALL * passed

    def _borne_out(self, speed: int, now: float) -> bool:
        """Whether `speed` says the same as the record before, which was not believed."""
        doubt = self._doubt
        if doubt is None or now < self._doubted_at + APART:
            return False
        if speed == 0 or doubt == 0:
            return speed == doubt  # rest is never inferred from anything but two records of it
        return abs(speed - doubt) <= RISE * max(now - self._doubted_at, LEAST)
