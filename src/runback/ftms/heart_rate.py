"""Heart Rate Measurement (2A37), of a strap or of the treadmill itself.

Rules:
- A strap that lost the skin may repeat its last value for ever: only `contact` says whether it is alive.
- What a flag promises and the bytes do not hold is absent; a stump of an interval is dropped.

Source: G; `reference/ftms.md`, complementary services.
"""

from __future__ import annotations

from dataclasses import dataclass

from runback.errors import CodecError


@dataclass(frozen=True, slots=True)
class HeartRate:
    """`bpm` beats per minute; `contact` None if the sensor cannot tell; `energy` kJ since the last reset;
    `rr_intervals` in 1/1024 s, oldest first."""

    bpm: int
    contact: bool | None = None
    energy: int | None = None
    rr_intervals: tuple[int, ...] = ()


def decode_heart_rate(data: bytes) -> HeartRate:
    """2A37. Raises CodecError if flags or value are missing."""
    flags = data[0] if data else 0
    at = 3 if flags & 0x01 else 2
    if len(data) < at:
        raise CodecError("Heart Rate Measurement", bytes(data), "flags or value are missing")
    bpm = int.from_bytes(data[1:at], "little")
    contact = bool(flags & 0x02) if flags & 0x04 else None
    energy = None
    if flags & 0x08:
        if len(data) >= at + 2:
            energy = int.from_bytes(data[at : at + 2], "little")
        at += 2
    intervals: tuple[int, ...] = ()
    if flags & 0x10:
        intervals = tuple(int.from_bytes(data[i : i + 2], "little") for i in range(at, len(data) - 1, 2))
    return HeartRate(bpm, contact, energy, intervals)
