"""Supported Speed, Inclination, Resistance Level, Heart Rate and Power Range (2AD4 to 2AD8).

Rules:
- Values are the wire's. Nothing is judged here: a range of zeros (quirk 25: no incline) or one upside down is passed
  on as it is, and an increment may be 0: never divide by it.
- Surplus bytes are ignored.

Source: S0 4.11 to 4.15; `reference/ftms.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import Final, TypeVar

from runback.errors import CodecError


@dataclass(frozen=True, slots=True)
class Range:
    """Smallest and largest value, and the step between two."""

    minimum: int
    maximum: int
    increment: int


class SpeedRange(Range):
    """0.01 km/h."""

    __slots__ = ()


class InclinationRange(Range):
    """0.1 %; the ends may be negative."""

    __slots__ = ()


class ResistanceRange(Range):
    """0.1, unitless; the ends may be negative."""

    __slots__ = ()


class HeartRateRange(Range):
    """Beats per minute."""

    __slots__ = ()


class PowerRange(Range):
    """Watt; the ends may be negative."""

    __slots__ = ()


_THREE_U8: Final = Struct("<BBB")
_THREE_U16: Final = Struct("<HHH")
_ENDS_S16: Final = Struct("<hhH")

_Range = TypeVar("_Range", bound=Range)


def _decode(kind: type[_Range], name: str, shape: Struct, data: bytes) -> _Range:
    if len(data) < shape.size:
        raise CodecError(name, bytes(data), f"{shape.size} bytes are needed")
    return kind(*shape.unpack_from(data))


def decode_speed_range(data: bytes) -> SpeedRange:
    """2AD4. Raises CodecError if shorter than 6 bytes."""
    return _decode(SpeedRange, "Supported Speed Range", _THREE_U16, data)


def decode_inclination_range(data: bytes) -> InclinationRange:
    """2AD5. Raises CodecError if shorter than 6 bytes."""
    return _decode(InclinationRange, "Supported Inclination Range", _ENDS_S16, data)


def decode_resistance_range(data: bytes) -> ResistanceRange:
    """2AD6, in either edition's width: three bytes, or three times two. Raises CodecError if shorter than 3 bytes."""
    shape = _ENDS_S16 if len(data) >= _ENDS_S16.size else _THREE_U8
    return _decode(ResistanceRange, "Supported Resistance Level Range", shape, data)


def decode_heart_rate_range(data: bytes) -> HeartRateRange:
    """2AD7. Raises CodecError if shorter than 3 bytes."""
    return _decode(HeartRateRange, "Supported Heart Rate Range", _THREE_U8, data)


def decode_power_range(data: bytes) -> PowerRange:
    """2AD8. Raises CodecError if shorter than 6 bytes."""
    return _decode(PowerRange, "Supported Power Range", _ENDS_S16, data)
