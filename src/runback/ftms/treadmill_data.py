"""Treadmill Data (2ACD): speed, distance and the rest, about once a second.

Rules:
- Values stay the wire's integers. None is: not in this record, or in it and "not available"; `present` tells which.
- Reserved bits and surplus bytes are ignored (S0 4.5; quirk 29 lives there).
- A record cut short is decoded as far as its values are whole, each on its own, and marked `truncated` (quirk 30).
- Elevation gain has no not-available value; what a machine puts there (quirk 33) is passed on.
- A split record is whole when a part without More Data has come; a value that comes twice counts as it came last.
  Parts of two links are never merged, and what is held is bounded.

Source: S0 4.5, X, G; `reference/ftms.md`. Where values stand: `treadmill_layout`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from runback.errors import CodecError
from runback.ftms.treadmill_layout import (
    NOTHING,
    PACES,
    Field,
    PaceWidth,
    attribute,
    layout,
    record_length,
)

__all__ = [
    "MAX_PARTS",
    "Field",
    "PaceWidth",
    "RecordMerger",
    "TreadmillData",
    "attribute",
    "decode_treadmill_data",
    "record_length",
    "surplus",
    "vendor_steps",
]

_NAME: Final = "Treadmill Data"

MAX_PARTS: Final = 8
"""Parts of one record; a machine that never ends one is begun again after these. Two are seen in practice."""


@dataclass(slots=True)
class TreadmillData:
    """One record, or a part of it while `more_data`. Not frozen only because that would double what a record costs.

    The attributes stand in the order of `Field`, then the record's own.
    """

    speed: int | None = None
    """0.01 km/h."""
    average_speed: int | None = None
    """0.01 km/h."""
    distance: int | None = None
    """Metres."""
    inclination: int | None = None
    """0.1 %."""
    ramp_angle: int | None = None
    """0.1 degree."""
    positive_elevation_gain: int | None = None
    """0.1 m."""
    negative_elevation_gain: int | None = None
    """0.1 m."""
    pace: int | None = None
    """By `pace_width`."""
    average_pace: int | None = None
    """By `pace_width`."""
    energy_total: int | None = None
    """kcal."""
    energy_per_hour: int | None = None
    """kcal."""
    energy_per_minute: int | None = None
    """kcal."""
    heart_rate: int | None = None
    """Beats per minute."""
    met: int | None = None
    """0.1 metabolic equivalents."""
    elapsed: int | None = None
    """Seconds."""
    remaining: int | None = None
    """Seconds."""
    force_on_belt: int | None = None
    """Newton."""
    power: int | None = None
    """Watt."""
    present: Field = NOTHING
    """The values that the record held, available or not."""
    pace_width: int = 0
    """0 without a pace, 1: paces are 0.1 km/min, 2: seconds per 500 m."""
    more_data: bool = False
    truncated: bool = False


def decode_treadmill_data(data: bytes, *, pace_width: PaceWidth | None = None) -> TreadmillData:
    """One notification of 2ACD; parts of a split record are merged by `RecordMerger`.

    `pace_width` is the width a machine is known to use; None lets the length choose. Raises CodecError if the two
    bytes of the flags are missing.
    """
    length = len(data)
    if length < 2:
        raise CodecError(_NAME, bytes(data), "the flags are missing")
    unpack, constants, arrange, distance, unavailable, _ = layout(data[0] | data[1] << 8, length, pace_width)
    numbers = unpack(data)
    record = TreadmillData(*arrange(numbers + constants))
    if distance >= 0:
        record.distance = numbers[distance] | numbers[distance + 1] << 16
    for name, place, sentinel in unavailable:
        if numbers[place] == sentinel:
            setattr(record, name, None)
    return record


def surplus(data: bytes, *, pace_width: PaceWidth | None = None) -> bytes:
    """The bytes behind the last whole value: a vendor's step count (quirk 29), or the stump of a value cut short.
    Raises CodecError if the flags are missing."""
    length = len(data)
    if length < 2:
        raise CodecError(_NAME, bytes(data), "the flags are missing")
    return bytes(data[layout(data[0] | data[1] << 8, length, pace_width).octets :])


def vendor_steps(data: bytes, octets: int) -> int | None:
    """The step count of `octets` (> 0) that a vendor puts behind reserved bit 13 (quirk 29); None if this notification
    has none, or is cut short before it. Raises CodecError if the flags are missing."""
    behind = surplus(data)
    if not data[1] & 0x20 or len(behind) < octets or decode_treadmill_data(data).truncated:
        return None
    return int.from_bytes(behind[:octets], "little")


class RecordMerger:
    """Merges the parts of split records, of one link, in the order they came."""

    __slots__ = ("_held", "_parts")

    def __init__(self) -> None:
        self._held: TreadmillData | None = None
        self._parts = 0

    @property
    def pending(self) -> TreadmillData | None:
        """What has come of a record that has not ended; None if nothing has."""
        return self._held

    def add(self, part: TreadmillData) -> TreadmillData | None:
        """The whole record if `part` ends one, else None. `part` itself is not changed."""
        if self._parts >= MAX_PARTS:
            self.reset()
        whole = part if self._held is None else _merged(self._held, part)
        if part.more_data:
            self._held = whole
            self._parts += 1
            return None
        self.reset()
        return whole

    def reset(self) -> None:
        """Forget an unfinished record: the link was lost."""
        self._held = None
        self._parts = 0


def _merged(held: TreadmillData, part: TreadmillData) -> TreadmillData:
    whole = replace(
        held,
        present=held.present | part.present,
        pace_width=part.pace_width if part.present & PACES else held.pace_width,
        more_data=part.more_data,
        truncated=held.truncated or part.truncated,
    )
    for field in part.present:
        name = attribute(field)
        setattr(whole, name, getattr(part, name))
    return whole
