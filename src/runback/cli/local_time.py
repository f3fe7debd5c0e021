"""The time here: the computer's own time zone with its clock changes, and moments as people type them.

Rules:
- This is the only place that reads the wall clock for the plan. Everything below is given `now`.
- A moment without a zone is local. One in the future, or one that the clocks skipped, is refused.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from runback.config_files.error_text import quoted
from runback.errors import InputError

EARLIEST = 1970
"""The first year in which anything can have been."""
BEYOND = 9999
"""The last one of datetimes: turning it into another zone may leave their range."""
_FORMATS = "write 18:30 for today, 2026-03-01 18:30, or yesterday 18:30"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    rf"{_DAY.pattern}[ T][0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}(\.[0-9]{{1,6}})?)?(Z|[-+][0-9]{{2}}:[0-9]{{2}})?"
)
"""What `datetime` takes beyond these two (`2026-W10-1`, `2026-03-01 1830`, `2026-03-01 18-05`) is a slip here."""
_CLOCK = re.compile(r"(?:(today|yesterday)[ T])?([0-9]{1,2}):([0-9]{2})", re.IGNORECASE)


class SystemZone(tzinfo):
    """The computer's time zone. Unlike a fixed offset it knows that the clocks change."""

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        """How far local time is ahead of UTC at `dt`."""
        return None if dt is None else dt.replace(tzinfo=None).astimezone().utcoffset()

    def tzname(self, dt: datetime | None) -> str | None:
        """Its abbreviation at `dt`: "CET"."""
        return None if dt is None else dt.replace(tzinfo=None).astimezone().tzname()

    def dst(self, _dt: datetime | None) -> timedelta | None:
        """Not known apart from the offset."""
        return None

    def fromutc(self, dt: datetime) -> datetime:
        """`dt`, whose figures are UTC, in local time; the second of two equal hours has `fold`."""
        local = dt.replace(tzinfo=UTC).astimezone()
        here = local.replace(tzinfo=self)
        return here if here.utcoffset() == local.utcoffset() else here.replace(fold=1)


def local_now() -> datetime:
    """This moment, in the computer's zone."""
    return datetime.now(SystemZone())


def moment(text: str | None, now: datetime, option: str = "--at") -> datetime:
    """What `text` means at `now`, in the zone of `now`; None is now. Raises InputError."""
    if text is None:
        return now
    at = _read(text.strip(), now, option)
    if at > now:
        what = f"{quoted(text)} is in the future"
        raise InputError(option, what, "give the date as well, or leave it out for now")
    if at.astimezone(UTC).astimezone(at.tzinfo).replace(fold=0) != at.replace(fold=0):
        raise InputError(option, f"{quoted(text)} did not exist: the clocks skipped it", "give the time as it was")
    return at


def day(text: str) -> datetime:
    """The midnight that begins `2026-03-01`, without a zone. Raises ValueError."""
    if _DAY.fullmatch(text) is None:
        raise ValueError(text)
    return _within(datetime.fromisoformat(text))


def _read(text: str, now: datetime, option: str) -> datetime:
    clock = _CLOCK.fullmatch(text)
    try:
        if clock is not None:
            day = now - timedelta(days=(clock[1] or "").lower() == "yesterday")
            return day.replace(hour=int(clock[2]), minute=int(clock[3]), second=0, microsecond=0, fold=0)
        if _DAY.fullmatch(text):
            raise InputError(option, f"{quoted(text)} has no time of day", _FORMATS)
        if _MOMENT.fullmatch(text) is None:
            raise ValueError(text)
        at = _within(datetime.fromisoformat(text))
        return at if at.utcoffset() is not None else at.replace(tzinfo=now.tzinfo)
    except (ValueError, OverflowError):
        raise InputError(option, f"{quoted(text)} is not a date and time", _FORMATS) from None


def _within(at: datetime) -> datetime:
    if not EARLIEST <= at.year < BEYOND:
        raise ValueError(at)
    return at


def days_ago(then: date, today: date) -> str:
    """When `then` was, as a person says it: "today", "yesterday", "on Sunday", "on 3 May 2026"."""
    days = (today - then).days
    match days:
        case 0:
            return "today"
        case 1:
            return "yesterday"
        case _ if 1 < days < 7:
            return f"on {then:%A}"
        case _:
            return f"on {then.day} {then:%B %Y}"
