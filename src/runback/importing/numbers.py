"""Numbers as foreign files write them, shared by the readers.

Rules:
- Finite, at most 40 characters, plain or with an exponent; anything else is a WorkoutError that names its place.
"""

from __future__ import annotations

import re

from runback.config_files.error_text import quoted
from runback.errors import WorkoutError
from runback.importing.draft import AbsoluteSpeed, UnitlessSpeed
from runback.units import KM_PER_MILE, incline_from_percent
from runback.workout.formatting import spell_incline

LONGEST = 40
METRES_PER_YARD = 0.9144
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?")
_PACE = re.compile(
    r"([0-9]{1,3}):([0-9]{2}(?:\.[0-9]+)?)\s*(?:/\s*(km|mi|mile|[0-9]{2,4}\s*(?:m|mtr|y|yd)))?", re.IGNORECASE
)
_STRETCH = re.compile(r"(?i)([0-9]+)\s*([a-z]+)")


def number(text: str, where: str, what: str) -> float:
    """The number that `text` is; `what` names it. Raises WorkoutError."""
    plain = text.strip()
    if len(plain) <= LONGEST and _NUMBER.fullmatch(plain) and abs(value := float(plain)) < 1e12:
        return value
    raise WorkoutError(where, f"{what} {quoted(text)} is not a plain number", "correct the file")


def whole(text: str, where: str, what: str) -> int:
    """The whole number that `text` is, also as `5.0`. Raises WorkoutError."""
    value = number(text, where, what)
    if value != int(value):
        raise WorkoutError(where, f"{what} {quoted(text)} is not a whole number", "correct the file")
    return int(value)


def incline(text: str, where: str, what: str) -> tuple[int, str | None]:
    """0.1 % from the percent that `text` says, and how it was rounded, if it was. Raises WorkoutError."""
    percent = number(text, where, what)
    tenths = incline_from_percent(percent)
    if abs(tenths / 10 - percent) < 1e-9:
        return tenths, None
    return tenths, f"{where.rpartition(': ')[2]}: {what} {percent:g} % is rounded to {spell_incline(tenths)} %."


def pace(text: str) -> AbsoluteSpeed | UnitlessSpeed | None:
    """`5:00/km`, `8:03/mi`, `2:00/400m`, `1:50/100y`, or without a unit; None if `text` is no pace."""
    match = _PACE.fullmatch(text.strip())
    if match is None or float(match[2]) >= 60:
        return None
    seconds = int(match[1]) * 60 + float(match[2])
    if seconds <= 0:
        return None
    if match[3] is None:
        return UnitlessSpeed(seconds, is_pace=True)
    unit = match[3].lower()
    if unit == "km":
        return AbsoluteSpeed(3600 / seconds)
    if unit in ("mi", "mile"):
        return AbsoluteSpeed(3600 / seconds * KM_PER_MILE)
    stretch = _STRETCH.fullmatch(unit)
    if stretch is None or int(stretch[1]) == 0:
        return None
    metres = int(stretch[1]) * (METRES_PER_YARD if stretch[2].startswith("y") else 1.0)
    return AbsoluteSpeed(metres / seconds * 3.6)
