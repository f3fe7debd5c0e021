"""Units, and the one place where they are converted.

Inside the program every number is an integer in the wire's own unit, as FTMS defines it:

- speed: 0.01 km/h (S0 4.5.1.1)
- incline: 0.1 % (S0 4.5.1.4)
- time: seconds as float on the one injected monotonic clock
- distance: metres

km/h, %, mph and pace exist only in files, on the command line and on the screen.

Rules:
- A figure is the nearest one, except of a limit, which is rounded to its safe side: a highest speed is never shown
  higher than it is, a lowest never lower.
- A belt that moves is never shown as one at rest; a belt at rest has no pace.
- A faster speed never has the smaller figure in km/h or mph, nor the longer pace.
"""

from __future__ import annotations

import math
from enum import Enum, StrEnum

KM_PER_MILE = 1.609344
METRES_PER_MILE = 1609.344
SLOWEST_PACE = 99 * 60 + 59
"""Seconds. What is slower still (below 0.6 km/h) is shown with this: a belt that hardly moves is not at rest."""


class Unit(StrEnum):
    """What a person has speeds in."""

    KMH = "km/h"
    MPH = "mph"
    MIN_PER_KM = "min/km"
    MIN_PER_MILE = "min/mi"

    @property
    def is_pace(self) -> bool:
        """Whether it is a time per distance."""
        return self in (Unit.MIN_PER_KM, Unit.MIN_PER_MILE)

    @property
    def length(self) -> str:
        """The unit that distances have beside it."""
        return "km" if self in (Unit.KMH, Unit.MIN_PER_KM) else "mi"

    @property
    def metres(self) -> float:
        """Metres in that one."""
        return 1000.0 if self.length == "km" else METRES_PER_MILE


class Limit(Enum):
    """What a speed stands for that is shown."""

    NONE = "a speed"
    HIGHEST = "the highest that is allowed"
    LOWEST = "the lowest that is allowed"


def speed_from_kmh(kmh: float) -> int:
    """km/h to 0.01 km/h, rounded to the nearest (truncating made 8.2 km/h into 819 elsewhere)."""
    return round(kmh * 100)


def speed_from_mph(mph: float) -> int:
    """Miles per hour to 0.01 km/h, rounded."""
    return round(mph * KM_PER_MILE * 100)


def speed_from_pace(seconds_per_km: float) -> int:
    """Seconds per kilometre (> 0) to 0.01 km/h, rounded."""
    return round(360_000 / seconds_per_km)


def kmh(speed: int) -> float:
    """0.01 km/h to km/h."""
    return speed / 100


def incline_from_percent(percent: float) -> int:
    """Percent to 0.1 %, rounded."""
    return round(percent * 10)


def percent(incline: int) -> float:
    """0.1 % to percent."""
    return incline / 10


def tenths(speed: int, unit: Unit, limit: Limit = Limit.NONE) -> int:
    """0.01 km/h in tenths of `unit`, which is km/h or mph; at least 1 for a belt that moves."""
    per = 10 * (KM_PER_MILE if unit is Unit.MPH else 1.0)
    found = math.floor(speed / per + 0.5)
    if round(found * per) != speed:  # else it is that figure itself, but for the wire's own rounding
        found = _limited(speed / per, limit, found)
    return max(1, found) if speed > 0 else 0


def pace_seconds(speed: int, unit: Unit, limit: Limit = Limit.NONE) -> int:
    """0.01 km/h (> 0) in seconds per kilometre or mile, as `unit` says; at most `SLOWEST_PACE`."""
    per = 360 * unit.metres
    found = math.floor(per / speed + 0.5)
    if round(per / found) != speed:
        found = -_limited(-per / speed, limit, -found)
    return min(found, SLOWEST_PACE)


def _limited(exact: float, limit: Limit, nearest: int) -> int:
    """The whole number to show for `exact`, which grows with the speed."""
    match limit:
        case Limit.HIGHEST:
            return math.floor(exact)
        case Limit.LOWEST:
            return math.ceil(exact)
        case _:
            return nearest


def figure(speed: int, unit: Unit, limit: Limit = Limit.NONE) -> str:
    """0.01 km/h as the bare number: `7.5`, or `8:00`; of a belt at rest `0.0`, or `0` where paces are shown."""
    if not unit.is_pace:
        whole, tenth = divmod(tenths(speed, unit, limit), 10)
        return f"{whole}.{tenth}"
    if speed <= 0:
        return "0"
    minutes, seconds = divmod(pace_seconds(speed, unit, limit), 60)
    return f"{minutes}:{seconds:02}"


def spell(speed: int, unit: Unit, limit: Limit = Limit.NONE) -> str:
    """The same with its unit, in a sentence: `7.5 km/h`, `4.7 mph`, `8:00/km`, or `at rest` where paces are shown."""
    if not unit.is_pace:
        return f"{figure(speed, unit, limit)} {unit}"
    return f"{figure(speed, unit, limit)}/{unit.length}" if speed > 0 else "at rest"


def difference(speed: int, other: int, unit: Unit) -> str:
    """How much the figures of `speed` and `other` (0.01 km/h) differ, without sign and unit: `0.3`, or `0:12` of pace;
    whoever subtracts what is shown finds the same."""
    if not unit.is_pace:
        whole, tenth = divmod(abs(tenths(speed, unit) - tenths(other, unit)), 10)
        return f"{whole}.{tenth}"
    if speed <= 0 or other <= 0:
        return "at rest"
    minutes, seconds = divmod(abs(pace_seconds(speed, unit) - pace_seconds(other, unit)), 60)
    return f"{minutes}:{seconds:02}"


def length_figure(metres: float, unit: Unit) -> str:
    """Metres as kilometres or miles, to two decimals, without the unit."""
    return f"{metres / unit.metres:.2f}"


def spell_length(metres: float, unit: Unit) -> str:
    """The same with its unit: `1.20 km`, `0.75 mi`."""
    return f"{length_figure(metres, unit)} {unit.length}"
