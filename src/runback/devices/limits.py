"""The limits that hold for one machine: what it reports, narrowed by its profile; and speeds on its wire.

Rules:
- A profile narrows, never widens: the result lies within what the machine reports, read in the unit it reports it in.
- An increment is the machine's, or a multiple of it, unless the profile says that the machine's is wrong; 0 means "no
  steps", and is never divided by.
- Nothing reported: the profile's limits, if it has both. Nothing left between the two: no range at all.

Units: speed 0.01 km/h, incline 0.1 %; raw speeds in hundredths of their wire unit.
"""

from __future__ import annotations

from dataclasses import dataclass

from runback.devices.quirk_values import Trust, WireUnit
from runback.devices.speed_incline import Incline, Speed
from runback.units import KM_PER_MILE


@dataclass(frozen=True, slots=True)
class LimitRange:
    """A supported range, in the unit of its axis; `step` 0: any value."""

    low: int
    high: int
    step: int


def speed_span(profile: Speed, reported: LimitRange | None) -> LimitRange | None:
    """The speeds that may be set, 0.01 km/h; None if there are none, or nothing is known of them. `reported` is 2AD4 as
    it was read."""
    if reported is not None and reported.high <= reported.low:
        reported = None
    if reported is not None:
        unit = profile.range_unit
        low, high, step = (from_wire(value, unit) for value in (reported.low, reported.high, reported.step))
        reported = LimitRange(low, high, step)
    return _narrowed(profile.minimum, profile.maximum, profile.increment, profile.trust, reported)


def incline_span(profile: Incline, reported: LimitRange | None) -> LimitRange | None:
    """The inclines that may be set, 0.1 %; None: there is no motor, or it cannot be set. `reported` is 2AD5 as read."""
    if profile.controllable is False or (reported is not None and reported.high <= reported.low):
        return None
    return _narrowed(profile.minimum, profile.maximum, profile.increment, Trust.MACHINE, reported)


def _narrowed(
    low: int | None, high: int | None, step: int | None, trust: Trust, reported: LimitRange | None
) -> LimitRange | None:
    if reported is None:
        return None if low is None or high is None or high <= low else LimitRange(low, high, step or 0)
    wanted, offered = step or 0, max(reported.step, 0)
    coarser = offered == 0 or (wanted > offered and wanted % offered == 0)
    chosen = wanted if trust is Trust.PROFILE or coarser else offered
    bottom = reported.low if low is None else max(low, reported.low)
    top = reported.high if high is None else min(high, reported.high)
    if chosen > 0 and trust is Trust.MACHINE and offered > 0:
        bottom = reported.low + -(-(bottom - reported.low) // chosen) * chosen  # a value the machine can do
    return LimitRange(bottom, top, chosen) if bottom < top else None


def to_wire(speed: int, unit: WireUnit | None) -> int:
    """0.01 km/h as hundredths of `unit`, rounded. Not known and `console` are taken for km/h."""
    return round(speed / KM_PER_MILE) if unit is WireUnit.MPH else speed


def from_wire(raw: int, unit: WireUnit | None) -> int:
    """Hundredths of `unit` as 0.01 km/h, rounded. Not known and `console` are taken for km/h."""
    return round(raw * KM_PER_MILE) if unit is WireUnit.MPH else raw
