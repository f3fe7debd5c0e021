"""Running Speed and Cadence (2A53, 2A54): where some treadmills put their real data (quirk 39).

Rules:
- Values stay the wire's: 1/256 m/s, cm, 0.1 m. `speed_centi_kmh` is the house's unit.
- What a flag promises and the bytes do not hold is absent.

Source: G; `reference/ftms.md`, complementary services.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag
from struct import Struct
from typing import Final

from runback.errors import CodecError

_HEAD: Final = Struct("<BHB")


class RscFeature(IntFlag):
    """RSC Feature bits."""

    INSTANTANEOUS_STRIDE_LENGTH = 1 << 0
    TOTAL_DISTANCE = 1 << 1
    WALKING_OR_RUNNING_STATUS = 1 << 2
    CALIBRATION_PROCEDURE = 1 << 3
    MULTIPLE_SENSOR_LOCATIONS = 1 << 4


@dataclass(frozen=True, slots=True)
class RscMeasurement:
    """`speed` 1/256 m/s; `cadence` steps per minute; `running` else walking; `stride` cm; `distance` 0.1 m."""

    speed: int
    cadence: int
    running: bool
    stride: int | None = None
    distance: int | None = None

    @property
    def speed_centi_kmh(self) -> int:
        """0.01 km/h, rounded."""
        return round(self.speed * 360 / 256)


def decode_rsc(data: bytes) -> RscMeasurement:
    """2A53. Raises CodecError if flags, speed or cadence are missing."""
    if len(data) < _HEAD.size:
        raise CodecError("RSC Measurement", bytes(data), "flags, speed or cadence are missing")
    flags, speed, cadence = _HEAD.unpack_from(data)
    at = _HEAD.size
    stride = distance = None
    if flags & 0x01:
        if len(data) >= at + 2:
            stride = int.from_bytes(data[at : at + 2], "little")
        at += 2
    if flags & 0x02 and len(data) >= at + 4:
        distance = int.from_bytes(data[at : at + 4], "little")
    return RscMeasurement(speed, cadence, bool(flags & 0x04), stride, distance)


def decode_rsc_feature(data: bytes) -> RscFeature:
    """2A54. Raises CodecError if shorter than 2 bytes."""
    if len(data) < 2:
        raise CodecError("RSC Feature", bytes(data), "2 bytes are needed")
    return RscFeature(int.from_bytes(data[:2], "little"))
