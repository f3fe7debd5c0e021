"""How long a belt takes to another speed: a delay and then a steady rate, each way, learned from what it did before.

Rules:
- Learned only from a change that was told to a belt at a steady speed, was at least `LEARN_FROM`, was not disturbed,
  and whose end has been measured. Of the last `KEEP` each way the median counts: one odd change teaches nothing.
- What is not known is None, never a guess. Nothing here moves a belt, or keeps one from moving.
- Records come about once a second, so the rate is taken between records well within the change; where it is too short
  for two of them, the time from the last record before to the first one after stands for it, which is too long at most.

Units: speed 0.01 km/h, rate 0.01 km/h per second, time s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median

KEEP = 9
LEARN_FROM = 100
"""1 km/h: less is over before it can be measured."""
REACHED = 20
"""0.2 km/h: a belt this near has its speed. The widest steps known are 0.32 km/h (quirk 24), so rounding is 0.16."""
LONGEST = 60.0
"""Seconds after which a change that has not come about teaches nothing."""


@dataclass(frozen=True, slots=True)
class RampSample:
    """One change of speed as it was measured: `delay` until the belt followed, then its `rate` (> 0)."""

    delay: float
    rate: float


@dataclass(frozen=True, slots=True)
class RampModel:
    """What is known of one machine, oldest first. Also what a profile may say: one `RampSample` each way."""

    up: tuple[RampSample, ...] = ()
    down: tuple[RampSample, ...] = ()

    def seconds(self, start: int, goal: int) -> float | None:
        """From the command to the belt at `goal`, from `start`; None if nothing is known."""
        changes = self.up if goal > start else self.down
        if not changes:
            return None
        return median(each.delay for each in changes) + abs(goal - start) / median(each.rate for each in changes)

    def learned(self, change: RampSample, *, up: bool) -> RampModel:
        """The same and one more."""
        if up:
            return replace(self, up=(*self.up, change)[-KEEP:])
        return replace(self, down=(*self.down, change)[-KEEP:])


def is_close(speed: int, goal: int) -> bool:
    """Whether a belt at `speed` has the speed `goal`."""
    return abs(speed - goal) <= REACHED


@dataclass(frozen=True, slots=True)
class _Told:
    """A change under way."""

    at: float
    start: int
    goal: int
    clean: bool


class RampEstimator:
    """Follows every change of one belt's speed; `lag` is what is known, before and since."""

    __slots__ = ("_seen", "_told", "lag")

    def __init__(self, lag: RampModel | None = None) -> None:
        self.lag = RampModel() if lag is None else lag
        self._told: _Told | None = None
        self._seen: list[tuple[float, int]] = []

    @property
    def goal(self) -> int | None:
        """The speed the belt is on its way to; None if it has the one it was told."""
        return None if self._told is None else self._told.goal

    def left(self, now: float) -> float | None:
        """Seconds until it has that, as far as is known; None if nothing is."""
        told = self._told
        takes = None if told is None else self.lag.seconds(told.start, told.goal)
        return None if told is None or takes is None else max(0.0, told.at + takes - now)

    def command(self, goal: int, speed: int, now: float, *, clean: bool = True) -> None:
        """The belt, measured at `speed`, is told `goal`. Not `clean`: nothing is to be learned from it."""
        steady = self._told is None
        self.drop()
        if not is_close(speed, goal):
            self._told = _Told(now, speed, goal, clean and steady and abs(goal - speed) >= LEARN_FROM)

    def drop(self) -> None:
        """Whatever was under way has been disturbed, or is of no interest any more."""
        self._told = None
        self._seen = []

    def measured(self, speed: int, now: float) -> None:
        """A record says `speed`."""
        told = self._told
        if told is None:
            return
        if now > told.at + LONGEST:
            self.drop()
        elif is_close(speed, told.goal):
            change = _change(told, self._seen, now) if told.clean else None
            if change is not None:
                self.lag = self.lag.learned(change, up=told.goal > told.start)
            self.drop()
        else:
            self._seen.append((now, speed))


def _change(told: _Told, seen: list[tuple[float, int]], reached: float) -> RampSample | None:
    """What `told` came to, from what was `seen` until it was `reached`; None if nothing can be told from it."""
    within = [(at, abs(speed - told.start)) for at, speed in seen if not is_close(speed, told.start)]
    if len(within) >= 2 and within[-1][1] > within[0][1]:
        (first, gone), (last, further) = within[0], within[-1]
        rate = (further - gone) / (last - first)
        return RampSample(max(0.0, first - gone / rate - told.at), rate)
    before = max((at for at, speed in seen if is_close(speed, told.start)), default=told.at)
    if reached <= before:
        return None
    return RampSample(before - told.at, abs(told.goal - told.start) / (reached - before))
