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
from collections.abc import Iterable, Mapping
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


@dataclass(frozen=True, slots=True)
class Series:
    """Points of a plot: days since `origin`, and values."""

    name: str
    mark: str
    days: tuple[float, ...]
    values: tuple[float, ...]


def since(at: datetime, origin: date, tz: tzinfo) -> float:
    """Days from midnight of `origin` to `at`."""
    local = at.astimezone(tz)
    return (local.date() - origin).days + (local.hour * 60 + local.minute) / 1440


PAINS = (
    (CheckInMoment.BEFORE, "before", "○"),
    (CheckInMoment.DURING, "worst during", "●"),
    (CheckInMoment.MORNING, "next morning", "+"),
    (CheckInMoment.GATE, "48 hours", "x"),
)


def pain_series(check_ins: Iterable[CheckIn], origin: date, tz: tzinfo) -> list[Series]:
    """Pain by when it was asked."""
    told = list(check_ins)
    series = []
    for moment, name, mark in PAINS:
        points = [(since(each.at, origin, tz), float(each.pain)) for each in told if each.moment is moment]
        series.append(Series(name, mark, tuple(x for x, _ in points), tuple(y for _, y in points)))
    return [each for each in series if each.days]


def run_series(ran: Iterable[SessionMark], origin: date, tz: tzinfo) -> Series:
    """Minutes of running of each session that had any."""
    points = sorted((since(each.began, origin, tz), each.running) for each in ran if each.running > 0)
    return Series("run minutes", "█", tuple(x for x, _ in points), tuple(y for _, y in points))


def ticks(origin: date, first: float, last: float, number: int) -> tuple[list[float], list[str]]:
    """At most `number` days to name on the axis, and their names."""
    span = max(1.0, last - first)
    number = min(number, int(span) + 1)  # no day is named twice
    places = [first + span * each / max(1, number - 1) for each in range(number)]
    named = [date.fromordinal(origin.toordinal() + int(place)) for place in places]
    labels = [f"{each.day} {MONTHS[each.month - 1][:3]}" for each in named]
    return places, labels
