"""Speeds and inclines as numbers on this machine's wire: which unit, which code.

Rules: nothing here is shared with the client's conversions, as the bytes are not.
"""

from __future__ import annotations

import math

from runback.devices.quirk_values import InclineCode, WireUnit
from runback.simulator.quirks import ReportFormat
from runback.units import KM_PER_MILE


def raw_speed(speed: float, unit: WireUnit) -> int:
    """0.01 km/h as hundredths of `unit`."""
    return round(speed / KM_PER_MILE) if unit is WireUnit.MPH else round(speed)


def true_speed(raw: int, unit: WireUnit) -> int:
    """Hundredths of `unit` as 0.01 km/h."""
    return round(raw * KM_PER_MILE) if unit is WireUnit.MPH else raw


def raw_incline(incline: float, form: ReportFormat) -> int:
    """0.1 % as the machine writes it: as it is, in levels, as 0x10 and 10 for each percent, or in tenths of a degree
    (quirk 27)."""
    code = form.incline_code
    if code is InclineCode.LEVEL:
        return round(incline / form.per_level)
    if code is InclineCode.DEGREES:
        return round(math.atan(incline / 1000) * 1800 / math.pi)
    return round(incline) + (0x10 if code is InclineCode.OFFSET_16 else 0)


def true_incline(raw: int, form: ReportFormat) -> int:
    """What the machine reads as an incline, 0.1 %."""
    code = form.incline_code
    if code is InclineCode.LEVEL:
        return raw * form.per_level
    if code is InclineCode.DEGREES:
        return round(math.tan(raw * math.pi / 1800) * 1000)
    return raw - (0x10 if code is InclineCode.OFFSET_16 else 0)
