"""Where the values of a Treadmill Data record stand: the table of 2ACD.

Rules:
- Values stand in the order of their flag bits; bit 0 is inverted, reserved bits are ignored.
- Pace has two widths: u8 0.1 km/min (2017 XML) or u16 s per 500 m (Supplement). The length chooses: u16 if the record
  is long enough for it, else u8 if it is long enough for that (quirk 32), else the current edition's u16.
- A layout is worked out once for each (flags, length) and kept in a bounded cache, so that reading a record is one
  `struct` call and no walk through its flags.

Source: S0 4.5, X, G; `reference/ftms.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntFlag
from functools import lru_cache
from operator import itemgetter
from struct import Struct
from typing import Final, Literal, NamedTuple

PaceWidth = Literal[1, 2]


class Field(IntFlag):
    """A value of a record, in the order of the wire. The member's name in lower case is the attribute's."""

    SPEED = 1 << 0
    AVERAGE_SPEED = 1 << 1
    DISTANCE = 1 << 2
    INCLINATION = 1 << 3
    RAMP_ANGLE = 1 << 4
    POSITIVE_ELEVATION_GAIN = 1 << 5
    NEGATIVE_ELEVATION_GAIN = 1 << 6
    PACE = 1 << 7
    AVERAGE_PACE = 1 << 8
    ENERGY_TOTAL = 1 << 9
    ENERGY_PER_HOUR = 1 << 10
    ENERGY_PER_MINUTE = 1 << 11
    HEART_RATE = 1 << 12
    MET = 1 << 13
    ELAPSED = 1 << 14
    REMAINING = 1 << 15
    FORCE_ON_BELT = 1 << 16
    POWER = 1 << 17


PACES: Final = Field.PACE | Field.AVERAGE_PACE
NOTHING: Final = Field(0)


def attribute(field: Field) -> str:
    """The attribute of TreadmillData that holds a single `field`."""
    return str(field.name).lower()


class _Value(NamedTuple):
    """How one value is written: a `struct` code (u24 is `HB`), its bytes and its not-available value."""

    field: Field
    code: str
    octets: int
    unavailable: int | None


def _value(field: Field, code: str, unavailable: int | None = None) -> _Value:
    return _Value(field, code, Struct("<" + code).size, unavailable)


# by flag bit
_GROUPS: Final[tuple[tuple[_Value, ...], ...]] = (
    (_value(Field.SPEED, "H"),),
    (_value(Field.AVERAGE_SPEED, "H"),),
    (_value(Field.DISTANCE, "HB"),),
    (_value(Field.INCLINATION, "h", 0x7FFF), _value(Field.RAMP_ANGLE, "h", 0x7FFF)),
    (_value(Field.POSITIVE_ELEVATION_GAIN, "H"), _value(Field.NEGATIVE_ELEVATION_GAIN, "H")),
    (_value(Field.PACE, "H"),),
    (_value(Field.AVERAGE_PACE, "H"),),
    (
        _value(Field.ENERGY_TOTAL, "H", 0xFFFF),
        _value(Field.ENERGY_PER_HOUR, "H", 0xFFFF),
        _value(Field.ENERGY_PER_MINUTE, "B", 0xFF),
    ),
    (_value(Field.HEART_RATE, "B"),),
    (_value(Field.MET, "B"),),
    (_value(Field.ELAPSED, "H"),),
    (_value(Field.REMAINING, "H"),),
    (_value(Field.FORCE_ON_BELT, "h", 0x7FFF), _value(Field.POWER, "h", 0x7FFF)),
)


def _promised(flags: int, pace_width: int) -> list[_Value]:
    bits = flags ^ 0x0001
    values = [value for bit, group in enumerate(_GROUPS) if bits >> bit & 1 for value in group]
    if pace_width == 2:
        return values
    return [_value(value.field, "B") if value.field in PACES else value for value in values]


def record_length(flags: int, pace_width: PaceWidth = 2) -> int:
    """The bytes of a record with these flags, the flags' own two among them."""
    return 2 + sum(value.octets for value in _promised(flags, pace_width))


class Layout(NamedTuple):
    """How every record with the same flags and length is read."""

    unpack: Callable[[bytes], tuple[int, ...]]
    constants: tuple[object, ...]
    """None and what the layout itself says (`present`, `pace_width`, `more_data`, `truncated`); put behind the
    unpacked numbers for `arrange` to choose from."""
    arrange: itemgetter[tuple[object, ...]]
    """Numbers and constants in the order of the attributes of TreadmillData."""
    distance: int
    """Where the low 16 bits of the distance are among the numbers, the high 8 behind them; -1 without a distance."""
    unavailable: tuple[tuple[str, int, int], ...]
    """Attribute, its place among the numbers, its not-available value."""
    octets: int
    """Up to the end of the last whole value."""


@lru_cache(maxsize=128)
def layout(flags: int, length: int, pace_width: PaceWidth | None) -> Layout:
    """The layout of records of `length` bytes (2 or more); with `pace_width` None the length chooses it."""
    if pace_width is None:
        pace_width = 1 if record_length(flags, 1) <= length < record_length(flags, 2) else 2
    promised = _promised(flags, pace_width)
    whole: list[_Value] = []
    octets = 2
    for value in promised:
        if octets + value.octets > length:
            break
        octets += value.octets
        whole.append(value)

    present = NOTHING
    places: dict[Field, int] = {}
    count = 0
    for value in whole:
        present |= value.field
        places[value.field] = count
        count += len(value.code)
    constants = (None, present, pace_width if present & PACES else 0, bool(flags & 0x0001), len(whole) < len(promised))
    order = [places.get(field, count) for field in Field]
    order += range(count + 1, count + len(constants))
    return Layout(
        unpack=Struct("<2x" + "".join(value.code for value in whole)).unpack_from,
        constants=constants,
        arrange=itemgetter(order[0], order[1], *order[2:]),
        distance=places.get(Field.DISTANCE, -1),
        unavailable=tuple(
            (attribute(value.field), places[value.field], value.unavailable)
            for value in whole
            if value.unavailable is not None
        ),
        octets=octets,
    )
