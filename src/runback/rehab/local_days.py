"""Days as a person has them: the calendar's, where they are, and their names in English.

Rules:
- A day begins and ends at local midnight, whatever the clocks do.
- English wherever it runs, not the computer's language: all other text is English.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def local_day(at: datetime, tz: tzinfo) -> date:
    """The day of `at` for a person in `tz`."""
    return at.astimezone(tz).date()


def midnight(day: date, tz: tzinfo) -> datetime:
    """When `day` begins in `tz`, UTC."""
    return datetime.combine(day, time(), tz).astimezone(UTC)


def spell_day(day: date) -> str:
    """`day` in words: "Friday 3 October"."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
