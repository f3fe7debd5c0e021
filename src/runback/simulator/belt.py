"""The belt, its incline motor and its counters: physics, without clocks of its own and without any protocol.

Rules:
- State is a closed form of time between two events, so it does not depend on how often anybody looks: `advance` moves
  only across events (the countdown ends, the belt comes to rest), each at its exact time.
- Phases and what leads from one to the next:

      AT_REST --start--> COUNTDOWN --its end--> DRIVEN --stop--> STOPPING --speed 0--> AT_REST
                         COUNTDOWN --stop--> AT_REST

- Speed 0.01 km/h, incline 0.1 %, both as float inside; distance m, time s, energy kcal.
- `surplus` and `creep` are defects: the belt does what was not asked of it, and says nothing.
- The runner's mass does not matter; energy is for a body of 75 kg (ACSM's metabolic equations).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

METRES = 1 / 360
"""Metres per second in 0.01 km/h."""
METRES_PER_MINUTE = METRES * 60
RUN = 134 / METRES_PER_MINUTE
"""Above 134 m/min (8 km/h) ACSM's equation for running holds, below it here the one for walking."""
KCAL_PER_ML = 5 / 1000 * 75
"""kcal for one ml of oxygen per kg, in a body of 75 kg."""


class BeltMotion(Enum):
    """What the drive is doing."""

    AT_REST = "at rest"
    COUNTDOWN = "countdown"
    DRIVEN = "driven"
    STOPPING = "stopping"


@dataclass(frozen=True, slots=True)
class Ramp:
    """A value going from `start` at time `at` to `goal` with `rate` per second (> 0), and staying there."""

    at: float
    start: float
    goal: float
    rate: float

    @property
    def until(self) -> float:
        """When the goal is reached."""
        return self.at + abs(self.goal - self.start) / self.rate

    def value(self, now: float) -> float:
        """The value at `now` >= `at`."""
        if now >= self.until:
            return self.goal
        gone = self.rate * (now - self.at)
        return self.start + gone if self.goal > self.start else self.start - gone

    def crossing(self, level: float) -> float | None:
        """When the value passes `level` strictly on its way, None if it does not."""
        if not min(self.start, self.goal) < level < max(self.start, self.goal):
            return None
        return self.at + abs(level - self.start) / self.rate


@dataclass(frozen=True, slots=True)
class BeltTotals:
    """What the console has counted since the last reset."""

    elapsed: float = 0.0
    distance: float = 0.0
    climbed: float = 0.0
    descended: float = 0.0
    energy: float = 0.0


def oxygen(speed: float, incline: float) -> float:
    """Oxygen uptake in ml/kg/min at `speed` 0.01 km/h and `incline` 0.1 % (ACSM, walking and running)."""
    metres = speed * METRES_PER_MINUTE
    level, climb = (0.1, 1.8) if speed <= RUN else (0.2, 0.9)
    return 3.5 + metres * (level + climb * max(incline, 0.0) / 1000)


class SimulatedBelt:
    """One belt. Speeds in km/h per second become 0.01 km/h per second on the way in."""

    def __init__(
        self,
        *,
        minimum: int,
        acceleration: float,
        deceleration: float,
        stop_deceleration: float,
        incline_rate: float,
        countdown: float,
    ) -> None:
        self.phase = BeltMotion.AT_REST
        self.target = 0
        """0.01 km/h; what the belt is driven to, or will be after the countdown."""
        self._minimum = minimum
        self._up = acceleration * 100
        self._down = deceleration * 100
        self.stop_deceleration = stop_deceleration
        """km/h per second, for the next stop."""
        self._incline_rate = incline_rate * 10
        self._countdown = countdown
        self._surplus = 0
        self.starts_at = 0.0
        """When the newest countdown ends, or ended."""
        self._speed = Ramp(0.0, 0.0, 0.0, self._up)
        self._incline = Ramp(0.0, 0.0, 0.0, self._incline_rate)
        self._since = 0.0
        self._counted = BeltTotals()

    # -- reading; `now` is at or after the last event ------------------------------------------------------------

    def speed(self, now: float) -> float:
        """What the belt does, 0.01 km/h."""
        return self._speed.value(now)

    def incline(self, now: float) -> float:
        """Where the deck is, 0.1 %."""
        return self._incline.value(now)

    @property
    def incline_target(self) -> int:
        """Where the deck is going, 0.1 %."""
        return round(self._incline.goal)

    def moving(self, now: float) -> bool:
        """Whether the surface moves at all."""
        return self.speed(now) > 0

    def ramping(self, now: float) -> bool:
        """Whether the speed is changing."""
        return now < self._speed.until

    def totals(self, now: float) -> BeltTotals:
        """What has been counted up to `now`: exact between the corners of speed and incline."""
        corners = {self._speed.until, self._incline.until}
        corners |= {at for at in (self._speed.crossing(RUN), self._incline.crossing(0.0)) if at is not None}
        edges = [self._since, *sorted(at for at in corners if self._since < at < now), now]
        total = self._counted
        for begin, end in pairwise(edges):
            total = self._count(total, begin, end)
        return total

    def next_event(self) -> float | None:
        """When the phase changes by itself, None if it does not."""
        if self.phase is BeltMotion.COUNTDOWN:
            return self.starts_at
        return self._speed.until if self.phase is BeltMotion.STOPPING else None

    # -- commands --------------------------------------------------------------------------------------------------

    def advance(self, now: float) -> None:
        """Go through every event up to and including `now`."""
        while (at := self.next_event()) is not None and at <= now:
            self._mark(at)
            if self.phase is BeltMotion.COUNTDOWN:
                self.phase = BeltMotion.DRIVEN
                self._drive(at)
            else:
                self.phase = BeltMotion.AT_REST

    def start(self, now: float, target: int | None = None) -> None:
        """Count down from rest, then go to `target` (the minimum speed unless given)."""
        self._mark(now)
        self.target = self._minimum if target is None else target
        self._speed = Ramp(now, self.speed(now), 0.0, self.stop_deceleration * 100)
        self.phase = BeltMotion.COUNTDOWN
        self.starts_at = now + self._countdown
        self.advance(now)

    def aim(self, now: float, target: int) -> None:
        """Drive to `target`; in any phase but DRIVEN it is kept until then."""
        self._mark(now)
        self.target = target
        if self.phase is BeltMotion.DRIVEN:
            self._drive(now)

    def stop(self, now: float, rate: float | None = None) -> None:
        """Slow down to rest, `rate` (km/h per second) faster or slower than usual if given."""
        self._mark(now)
        self.target = 0
        self.phase = BeltMotion.STOPPING
        self._speed = Ramp(now, self.speed(now), 0.0, (self.stop_deceleration if rate is None else rate) * 100)
        self.advance(now)

    def tilt(self, now: float, incline: int) -> None:
        """Move the deck to `incline`, whatever the belt does."""
        self._mark(now)
        self._incline = Ramp(now, self.incline(now), incline, self._incline_rate)

    def reset(self, now: float) -> None:
        """Zero all counters."""
        self._mark(now)
        self._counted = BeltTotals()

    # -- defects ---------------------------------------------------------------------------------------------------

    def surplus(self, now: float, speed: int) -> None:
        """While driven, run `speed` faster than the target."""
        if speed == self._surplus:
            return
        self._mark(now)
        self._surplus = speed
        if self.phase is BeltMotion.DRIVEN:
            self._drive(now)

    def creep(self, now: float, speed: int) -> None:
        """At rest as far as the console knows, yet move at `speed` (0: no longer)."""
        if self.phase is BeltMotion.AT_REST:
            self._mark(now)
            self._glide(now, speed)

    # -- inside ----------------------------------------------------------------------------------------------------

    def _drive(self, now: float) -> None:
        self._glide(now, self.target + self._surplus)

    def _glide(self, now: float, goal: int) -> None:
        speed = self.speed(now)
        self._speed = Ramp(now, speed, goal, self._up if goal >= speed else self._down)

    def _mark(self, now: float) -> None:
        """Count up to `now`, before anything changes."""
        self._counted = self.totals(now)
        self._since = now

    def _count(self, total: BeltTotals, begin: float, end: float) -> BeltTotals:
        """Add a stretch in which speed and incline are straight lines; the mean of their product is Simpson's."""
        seconds = end - begin
        middle = begin + seconds / 2
        v0, v1 = self.speed(begin), self.speed(end)
        if v0 == v1 == 0:
            return total
        i0, i1 = self.incline(begin), self.incline(end)
        vm, im = self.speed(middle), self.incline(middle)
        distance = vm * METRES * seconds
        height = (v0 * i0 + 4 * vm * im + v1 * i1) / 6 / 1000 * METRES * seconds
        running = vm > RUN
        climb = max(height, 0.0) * (0.9 if running else 1.8)
        uptake = 3.5 * seconds / 60 + distance * (0.2 if running else 0.1) + climb
        driven = self.phase is BeltMotion.DRIVEN
        return BeltTotals(
            elapsed=total.elapsed + (seconds if driven else 0.0),
            distance=total.distance + distance,
            climbed=total.climbed + max(height, 0.0),
            descended=total.descended + max(-height, 0.0),
            energy=total.energy + uptake * KCAL_PER_ML,
        )
