"""What counts: the session's clock, how long the belt ran, and the wait for a step's speed between the two.

Rules:
- Two clocks. `watch` is the session's: steps begin and end on it. `ran` runs whenever the belt does under the session;
  it is ahead by what was spent on changes of speed.
- Counting from speed (`SpeedWait`) halts `watch` at the beginning of a step, and after each pause, until the belt is
  at the step's speed: a run counts once the belt is fast enough, a walk once it is slow enough.
- Never for ever: `PATIENCE` times as long as this machine is known to take, `LONGEST` at most, from the moment the belt
  was told; then it counts, whatever the belt does. Until it has been told, an announcement's time is added.
- The wait only delays the clock. It neither moves a belt nor announces, withdraws or forbids anything by itself.
- Where running is capped, a run counts from its command all the same: no second of running is added to the plan's.

Units: speed 0.01 km/h, time s.
"""

from __future__ import annotations

import math

from runback.session.announcements import LEAD
from runback.session.belt_ramp import REACHED, RampEstimator, RampModel, is_close
from runback.session.model import CountFrom
from runback.session.timeline import Stopwatch
from runback.session.totals import SessionTotals
from runback.workout.model import Kind, Step

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


class IntervalClock:
    """The clocks of one session, its totals, and how fast its belt changes speed: `lag` is what is known of that."""

    def __init__(self, count_from: CountFrom, *, capped: bool, lag: RampModel | None = None) -> None:
        self.count_from = count_from
        self.watch = Stopwatch()
        self.ran = Stopwatch()
        self.totals = SessionTotals()
        self.ramps = RampEstimator(lag)
        self.speed = 0
        """As measured last."""
        self._capped = capped
        self._reach: SpeedWait | None = None

    @property
    def waits(self) -> bool:
        """Whether the step under way does not count yet: the belt is on its way to its speed."""
        return self._reach is not None

    @property
    def by(self) -> float:
        """When that is over in any case; never, if it is not so."""
        return math.inf if self._reach is None else self._reach.by

    def run(self, now: float) -> None:
        """The belt runs under the session."""
        self.ran.run(now)
        self.watch.run(now)

    def halt(self, now: float) -> None:
        """It does not any more."""
        self._reach = None
        self.watch.halt(now)
        self.ran.halt(now)
        self.ramps.drop()
        self.count(now)
        self.totals.clear_clock(now)

    def begin(self, number: int, step: Step, position: float, at: float) -> None:
        """Step `number` begins at `at`, at `position` on the session's clock."""
        self.totals.count(position, self.ran.read(at))
        self.totals.begin(number, step, position, self.ran.read(at), at)

    def count(self, now: float) -> None:
        """Bring the totals up to `now`."""
        self.totals.count(self.watch.read(now), self.ran.read(now))

    def measured(self, speed: int, at: float) -> None:
        """A record says that the belt does `speed`, at `at`."""
        self.speed = speed
        self.ramps.measured(speed, at)
        if self.ran.running:
            self.totals.measured(speed, at)

    def waits_for(self, step: Step, before: int, speed: int) -> bool:
        """Whether `step`, at `speed`, will not count at once if the belt does `before`."""
        capped = self._capped and step.kind is Kind.RUN
        return self.count_from is CountFrom.SPEED and not capped and not is_close(before, speed)

    def await_speed(self, step: Step, goal: int, at: float, *, told: bool) -> bool:
        """`step` begins, or goes on after a pause: it counts once the belt, which has been `told` or not, is at `goal`.
        Returns whether it waits."""
        if not self.waits_for(step, self.speed, goal):
            self.count_on(at)
            return False
        self.watch.halt(at)
        self._reach = SpeedWait(at, self.speed, goal)
        if told:
            self._told(goal, at)
        return True

    def commanded(self, speed: int, goal: int, now: float, *, clean: bool = True) -> None:
        """The belt is told `speed`, `goal` being the step's. Not `clean`: nothing is to be learned from it."""
        if speed != self.ramps.goal:
            self.ramps.command(speed, self.speed, now, clean=clean)
        if speed == goal:
            self._told(goal, now)

    def _told(self, goal: int, now: float) -> None:
        if self._reach is not None:
            self._reach.told(now, self.ramps.lag.seconds(self.speed, goal))

    def look(self, goal: int, now: float) -> None:
        """Let the step count if the belt is at `goal`, or has been waited for long enough."""
        if now >= self.by:
            self.count_on(self.by)
        elif self._reach is not None and self._reach.met(self.speed, goal):
            self.count_on(now)

    def count_on(self, at: float) -> None:
        """Nothing is waited for any more."""
        if self._reach is not None:
            self._reach = None
            self.watch.run(at)
