"""Speeds and inclines as numbers on this machine's wire: which unit, which code.

Rules: nothing here is shared with the client's conversions, as the octets are not.
"""

from __future__ import annotations

from runback.devices.terms import InclineCode, Unit
from runback.units import KM_PER_MILE


def raw_speed(speed: float, unit: Unit) -> int:
    """0.01 km/h as hundredths of `unit`."""
    return round(speed / KM_PER_MILE) if unit is Unit.MPH else round(speed)


def true_speed(raw: int, unit: Unit) -> int:
    """Hundredths of `unit` as 0.01 km/h."""
    return round(raw * KM_PER_MILE) if unit is Unit.MPH else raw


def raw_incline(incline: float, code: InclineCode) -> int:
    """0.1 % as the machine writes it: as it is, a level for each percent, or 0x10 and 10
    for each percent (quirk 27)."""
    if code is InclineCode.LEVEL:
        return round(incline / 10)
    return round(incline) + (0x10 if code is InclineCode.OFFSET_16 else 0)


def true_incline(raw: int, code: InclineCode) -> int:
    """What the machine reads as an incline, 0.1 %."""
    if code is InclineCode.LEVEL:
        return raw * 10
    return raw - (0x10 if code is InclineCode.OFFSET_16 else 0)
