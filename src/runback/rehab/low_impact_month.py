"""The month of low-impact work before the first run: four blocks of seven calendar days, each with three days of it.

Rules:
- What counts is a day, where the person is: a day with low-impact work of 10 minutes or more [D]. The hour does not
  matter. A day on which it hurt more than 5, or after which it was worse next morning, does not count [D: the limit].
- The first block begins on the first counted day, the next one on the day after a block. Seven days with fewer than
  three are passed over: a block begins on the earliest day from which there are, or still can be, three. So the number
  of blocks is the greatest there can be: no day that is added, and none that passes, makes it smaller. Only a day that
  turns out to have hurt is taken out.
- A month that was done long ago is not lost, but the last block has to have ended within 28 days [D]: otherwise one
  more is asked for.

Units: local calendar days. Source: training.md "The plan": the entry criteria.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from runback.errors import PlanError
from runback.rehab.activity import LoggedActivity
from runback.rehab.local_days import local_day
from runback.rehab.validation import utc

BLOCK = 7
SHORTEST_ACTIVITY = 10
DECLARED = 28
FRESH = 28
"""Days within which the last block has to have ended."""


@dataclass(frozen=True, slots=True)
class Month:
    """How far the low-impact work has come: `blocks` of seven days that are over, of `wanted`; counted days in the one
    under way (`this_block`, at most as many as are wanted of it); the first day on which all are over if it goes on
    like this; whether the month is `done`."""

    blocks: int
    wanted: int
    this_block: int
    first_run: date
    done: bool

    @property
    def stale(self) -> bool:
        """All blocks are there, but the last one was too long ago."""
        return self.blocks >= self.wanted and not self.done


@dataclass(frozen=True, slots=True)
class MonthDone:
    """The person's own word `at` some time, "I have done my month": low-impact work from the day `first` to the day
    `last`. Raises PlanError for less than 28 days, or for days to come."""

    at: datetime
    first: date
    last: date

    def __post_init__(self) -> None:
        where = "month of low-impact work"
        object.__setattr__(self, "at", utc(self.at, where))
        if (self.last - self.first).days + 1 < DECLARED:
            what = f"from {self.first} to {self.last} are fewer than {DECLARED} days"
            raise PlanError(where, what, "give its first and its last day")
        if self.last > self.at.date() + timedelta(days=1):  # somewhere it is tomorrow already
            raise PlanError(where, f"{self.last} has not come yet", "say it when the month is done")

    def counts(self, now: datetime, since: datetime | None, tz: tzinfo) -> bool:
        """Whether it stands for the month at `now`: it ended at most 28 days before [D], and after `since`, the end of
        the last run."""
        recent = self.at <= now and (local_day(now, tz) - self.last).days <= FRESH
        return recent and (since is None or self.last > local_day(since, tz))


def counted_days(activities: Iterable[LoggedActivity], tz: tzinfo) -> list[date]:
    """The days that count, in order."""
    good: set[date] = set()
    bad: set[date] = set()
    for each in activities:
        day = local_day(each.at, tz)
        if each.hurt:
            bad.add(day)
        elif each.kind.counts and each.minutes >= SHORTEST_ACTIVITY:
            good.add(day)
    return sorted(good - bad)


def month(activities: Iterable[LoggedActivity], now: datetime, tz: tzinfo, *, days: int, per_block: int) -> Month:
    """How far `activities` up to `now` have come in `tz` towards `days` days with `per_block` a block."""
    wanted, today = -(-days // BLOCK), local_day(now, tz)
    counted = [day for day in counted_days(activities, tz) if day <= today]
    blocks, begin, last = 0, counted[0] if counted else today, None
    while True:
        begin = _begin(counted, begin, today, per_block)
        if begin + timedelta(days=BLOCK) > today:
            break
        blocks, last, begin = blocks + 1, begin + timedelta(days=BLOCK - 1), begin + timedelta(days=BLOCK)
    this_block = min(per_block, _between(counted, begin, today))
    fresh = last is not None and today - last <= timedelta(days=FRESH)
    left = max(wanted - blocks, 0 if fresh else 1)
    return Month(blocks, wanted, this_block, begin + timedelta(days=BLOCK * left), blocks >= wanted and fresh)


def _begin(counted: list[date], earliest: date, today: date, per_block: int) -> date:
    """The earliest day from `earliest` on from which seven days have, or still can have, `per_block` counted ones."""
    begin = earliest
    while True:
        end = begin + timedelta(days=BLOCK - 1)
        there = _between(counted, begin, min(end, today))
        free = (end - today).days + (_between(counted, today, today) == 0)
        if there + max(free, 0) >= per_block or begin >= today:
            return begin
        begin += timedelta(days=1)


def _between(counted: list[date], first: date, last: date) -> int:
    return bisect_right(counted, last) - bisect_left(counted, first)
