"""Numbers and speeds as people say them. Pure.

Words without digits or signs: every voice says them alike, and nothing in them can be taken for an option.
Units: speed 0.01 km/h.
"""

from __future__ import annotations

from runback.units import Unit, pace_seconds, tenths

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def number(value: int) -> str:
    """A whole number from 0; from 100 on digit by digit, as nobody needs them here."""
    if value < len(_SMALL):
        return _SMALL[value]
    if value < 100:
        tens, ones = divmod(value, 10)
        return _TENS[tens] + (f" {_SMALL[ones]}" if ones else "")
    return " ".join(_SMALL[int(digit)] for digit in str(value))


def decimal(value: float) -> str:
    """A number >= 0 to one decimal, which is left out where it is zero: "seven point five", "eight"."""
    whole, tenth = divmod(round(value * 10), 10)
    return number(whole) + (f" point {number(tenth)}" if tenth else "")


def speed(value: int, unit: Unit) -> str:
    """`value` 0.01 km/h. The unit is said where it is not the usual one; a pace of a standing belt is no number."""
    if not unit.is_pace:
        said = decimal(tenths(value, unit) / 10)
        return said if unit is Unit.KMH else f"{said} miles an hour"
    if value <= 0:
        return "standing"
    per = "kilometre" if unit.length == "km" else "mile"
    minutes, seconds = divmod(pace_seconds(value, unit), 60)
    spoken = (
        f" {'oh ' if seconds < 10 else ''}{number(seconds)}" if seconds else " minutes" if minutes != 1 else " minute"
    )
    return f"{number(minutes)}{spoken} a {per}"


def seconds(value: float) -> str:
    """A time until something happens, to whole seconds."""
    whole = max(0, round(value))
    return f"{number(whole)} second{'' if whole == 1 else 's'}"


def minutes(value: float) -> str:
    """A time of `value` seconds, to whole minutes."""
    whole = round(value / 60)
    return f"{number(whole)} minute{'' if whole == 1 else 's'}"
