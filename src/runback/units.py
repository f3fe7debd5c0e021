"""Units, and the one place where they are converted.

Inside the program every number is an integer in the wire's own unit, as FTMS defines it:

- speed: 0.01 km/h (S0 4.5.1.1)
- incline: 0.1 % (S0 4.5.1.4)
- time: seconds as float on the one injected monotonic clock
- distance: metres

km/h, %, mph and pace exist only in files, on the command line and on the screen.
"""

from __future__ import annotations

KM_PER_MILE = 1.609344


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
