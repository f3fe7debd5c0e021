"""The history as days: what was done and said on each, in calendar months and as one list.

Rules:
- A day is the person's own: in the zone they are in now.
- Each kind has its mark, told apart by shape: ● a session, ○ low-impact work, ? a check-in alone, ! a red flag.
- Pure: records in, text out.

Units: minutes; pain 0-10.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from runback.rehab.local_days import MONTHS, local_day
from runback.rehab.records import CheckIn, CheckInMoment, History

LEGEND = "● session   ○ low-impact   ? check-in only   ! red flag   ▸ today"
WEEK = " Mo   Tu   We   Th   Fr   Sa   Su"
MONTH_WIDTH = 35
MONTH_HEIGHT = 8


@dataclass(frozen=True, slots=True)
class SessionMark:
    """A session of the journal: its number, when it began, minutes of `running` in it, and what became of it."""

    id: int
    began: datetime
    workout: str
    running: float
    outcome: str
    simulated: bool


@dataclass(slots=True)
class CalendarDay:
    """What was done and said on one day."""

    sessions: list[SessionMark] = field(default_factory=list)
    activities: int = 0
    pain: list[int] = field(default_factory=list)
    flagged: bool = False

    @property
    def mark(self) -> str:
        """Its marks, at most two."""
        if self.flagged:
            return "!"
        done = ("●" if self.sessions else "") + ("○" if self.activities else "")
        return done or ("?" if self.pain else "")


def days(ran: Iterable[SessionMark], history: History, tz: tzinfo) -> Mapping[date, CalendarDay]:
    """Every day on which there was something."""
    found: dict[date, CalendarDay] = defaultdict(CalendarDay)
    for session in ran:
        found[local_day(session.began, tz)].sessions.append(session)
    for activity in history.activities:
        found[local_day(activity.at, tz)].activities += activity.kind.counts
    for check_in in history.check_ins:
        day = found[local_day(check_in.at, tz)]
        day.pain.append(check_in.pain)
        day.flagged = day.flagged or bool(check_in.red_flags)
    return found


def month(year: int, number: int, marked: Mapping[date, CalendarDay], today: date) -> list[str]:
    """One month as `MONTH_HEIGHT` rows of `MONTH_WIDTH` cells: each day has its number and its marks; ▸ stands
    before today."""
    rows = [f"{MONTHS[number - 1]} {year}".center(MONTH_WIDTH), WEEK.ljust(MONTH_WIDTH)]
    for week in calendar.Calendar().monthdatescalendar(year, number):
        cells = []
        for each in week:
            if each.month != number:
                cells.append(" " * 5)
                continue
            mark = marked[each].mark if each in marked else ""
            cells.append(f"{'▸' if each == today else ' '}{each.day:2}{mark}".ljust(5))
        rows.append("".join(cells))
    return [*rows, *[" " * MONTH_WIDTH] * (MONTH_HEIGHT - len(rows))]


def months(last: tuple[int, int], number: int) -> list[tuple[int, int]]:
    """The `number` months up to `last` (year, month), oldest first."""
    year, index = last
    count = year * 12 + index - 1
    return [divmod(each, 12)[::1] for each in range(count - number + 1, count + 1)]


def sheet(last: tuple[int, int], across: int, down: int, marked: Mapping[date, CalendarDay], today: date) -> list[str]:
    """`across` by `down` months up to `last`, in rows of text."""
    shown = [month(year, index + 1, marked, today) for year, index in months(last, across * down)]
    rows: list[str] = []
    for first in range(0, len(shown), across):
        beside = shown[first : first + across]
        rows += ["  ".join(parts).rstrip() for parts in zip(*beside, strict=True)] + [""]
    return rows


HEADINGS = ("no.", "date", "workout", "running", "pain", "ended")
_NAME = 20


def row(ran: SessionMark, day: CalendarDay | None, tz: tzinfo) -> tuple[str, ...]:
    """A session in the list, under `HEADINGS`. Pain is the worst that was said on its day."""
    began = ran.began.astimezone(tz)
    pain = "-" if day is None or not day.pain else f"{max(day.pain)}/10"
    return (
        str(ran.id),
        f"{began.day:2} {MONTHS[began.month - 1][:3]} {began:%Y %H:%M}",
        ("sim " if ran.simulated else "")
        + (ran.workout if len(ran.workout) <= _NAME else f"{ran.workout[: _NAME - 1]}…"),
        f"{ran.running:.1f} min",
        pain,
        ran.outcome,
    )


def listed(ran: Iterable[SessionMark], days: Mapping[date, CalendarDay], tz: tzinfo) -> list[str]:
    """The sessions as lines below each other, the headings first."""
    rows = [HEADINGS, *(row(each, days.get(local_day(each.began, tz)), tz) for each in ran)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    right = {0, 3, 4}
    return [
        "  ".join(
            part.rjust(width) if column in right else part.ljust(width)
            for column, (part, width) in enumerate(zip(each, widths, strict=True))
        ).rstrip()
        for each in rows
    ]


def run_minutes(ran: Iterable[SessionMark], tz: tzinfo) -> Mapping[date, float]:
    """Minutes of running on each day that had any."""
    found: dict[date, float] = defaultdict(float)
    for each in ran:
        if each.running > 0:
            found[local_day(each.began, tz)] += each.running
    return found


@dataclass(frozen=True, slots=True)
class PainSign:
    """What stands in a plot for two moments of one day: the `first`, the `second`, or `both` with the same pain."""

    first: tuple[CheckInMoment, str]
    second: tuple[CheckInMoment, str]
    both: str

    def mark(self, asked: Collection[CheckInMoment]) -> tuple[str, CheckInMoment]:
        """Of those of its moments that are in `asked`, and the one whose colour it has; "" if neither is."""
        (first, sign), (second, other) = self.first, self.second
        if second not in asked:
            return (sign if first in asked else ""), first
        return (self.both if first in asked else other), second


PAIN_SIGNS = (
    PainSign((CheckInMoment.BEFORE, "○"), (CheckInMoment.DURING, "●"), "◉"),
    PainSign((CheckInMoment.MORNING, "+"), (CheckInMoment.GATE, "x"), "*"),
)
"""Two columns are enough for a day: no mark hides another."""
PAIN_LEGEND = "○ before ● worst ◉ both, + morning x 48 h * both"


def pain_asked(check_ins: Iterable[CheckIn], tz: tzinfo) -> Mapping[tuple[date, int], Collection[CheckInMoment]]:
    """When in the course of a run each pain was said, by day and pain."""
    found: dict[tuple[date, int], set[CheckInMoment]] = defaultdict(set)
    for each in check_ins:
        found[local_day(each.at, tz), each.pain].add(each.moment)
    return found
