"""The treadmill's octets, written from the specification alone (FTMS 1.0 and its characteristics).

Rules:
- Nothing here is shared with the client's codec: two readings of one text check each other.
- All fields little endian; a value that does not fit saturates, as a console's counter does.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass

from runback.simulator.belt import KCAL_PER_ML, Belt, oxygen
from runback.simulator.spec import Field, MachineSpec


def uuid(short: int) -> str:
    """The full form of a 16-bit UUID (Core vol 3 B 2.5.1)."""
    return f"0000{short:04x}-0000-1000-8000-00805f9b34fb"


FITNESS_MACHINE = uuid(0x1826)
FEATURE = uuid(0x2ACC)
TREADMILL_DATA = uuid(0x2ACD)
TRAINING_STATUS = uuid(0x2AD3)
SPEED_RANGE = uuid(0x2AD4)
INCLINE_RANGE = uuid(0x2AD5)
CONTROL_POINT = uuid(0x2AD9)
MACHINE_STATUS = uuid(0x2ADA)
DEVICE_INFORMATION = uuid(0x180A)
MODEL = uuid(0x2A24)
SERIAL = uuid(0x2A25)
FIRMWARE = uuid(0x2A26)
MANUFACTURER = uuid(0x2A29)

AVAILABLE_TREADMILL = bytes.fromhex("01 01 00")
"""Service data of 1826: available; machine type treadmill (S0 ch. 3)."""

STATUS_RESET = b"\x01"
STATUS_STOPPED = b"\x02\x01"
STATUS_PAUSED = b"\x02\x02"
STATUS_KEY = b"\x03"
STATUS_STARTED = b"\x04"
STATUS_CONTROL_LOST = b"\xff"

_FEATURE_BIT = {
    Field.AVERAGE_SPEED: 0,
    Field.DISTANCE: 2,
    Field.INCLINE: 3,
    Field.ELEVATION: 4,
    Field.ENERGY: 9,
    Field.HEART_RATE: 10,
    Field.METABOLIC_EQUIVALENT: 11,
    Field.ELAPSED: 12,
}
MORE_DATA = 0x0001


def _u8(value: float) -> bytes:
    return round(min(max(value, 0), 0xFF)).to_bytes(1, "little")


def _u16(value: float) -> bytes:
    return round(min(max(value, 0), 0xFFFF)).to_bytes(2, "little")


def _u24(value: float) -> bytes:
    return round(min(max(value, 0), 0xFFFFFF)).to_bytes(3, "little")


def _s16(value: float) -> bytes:
    return round(min(max(value, -0x8000), 0x7FFE)).to_bytes(2, "little", signed=True)


def feature(spec: MachineSpec) -> bytes:
    """2ACC: u32 features, u32 target settings."""
    features = sum(1 << bit for field, bit in _FEATURE_BIT.items() if field in record_fields(spec))
    targets = 0b01 | (0b10 if spec.has_incline else 0)
    return struct.pack("<II", features, targets)


def speed_range(spec: MachineSpec) -> bytes:
    """2AD4: minimum, maximum, increment, 0.01 km/h."""
    return struct.pack("<HHH", spec.speed_min, spec.speed_max, spec.speed_increment)


def incline_range(spec: MachineSpec) -> bytes:
    """2AD5: minimum, maximum, increment, 0.1 %."""
    return struct.pack("<hhH", spec.incline_min, spec.incline_max, spec.incline_increment)


def training_status(code: int) -> bytes:
    """2AD3: flags, then the status; no string."""
    return bytes((0x00, code))


def speed_changed(speed: int) -> bytes:
    """2ADA 05, 0.01 km/h."""
    return b"\x05" + _u16(speed)


def incline_changed(incline: int) -> bytes:
    """2ADA 06, 0.1 %."""
    return b"\x06" + _s16(incline)


def response(op_code: int, result: int) -> bytes:
    """2AD9 80: the request's op code and the result."""
    return bytes((0x80, op_code, result))


@dataclass(frozen=True, slots=True)
class Sample:
    """What the console knows at one moment: speed 0.01 km/h, incline 0.1 %, lengths m, time s, energy kcal."""

    speed: float
    incline: float
    distance: float
    climbed: float
    descended: float
    energy: float
    elapsed: float

    @classmethod
    def of(cls, belt: Belt, now: float) -> Sample:
        """What `belt` shows at `now`."""
        totals = belt.totals(now)
        return cls(
            speed=belt.speed(now),
            incline=belt.incline(now),
            distance=totals.distance,
            climbed=totals.climbed,
            descended=totals.descended,
            energy=totals.energy,
            elapsed=totals.elapsed,
        )


def record_fields(spec: MachineSpec) -> Field:
    """The optional fields of this machine's Treadmill Data."""
    fields = spec.fields | (Field.HEART_RATE if spec.heart_rate else Field(0))
    return fields if spec.has_incline else fields & ~(Field.INCLINE | Field.ELEVATION)


def _field(field: Field, sample: Sample) -> bytes:
    match field:
        case Field.AVERAGE_SPEED:
            return _u16(sample.distance * 360 / sample.elapsed if sample.elapsed > 0 else 0)
        case Field.DISTANCE:
            return _u24(math.floor(sample.distance))
        case Field.INCLINE:
            return _s16(sample.incline) + _s16(math.degrees(math.atan(sample.incline / 1000)) * 10)
        case Field.ELEVATION:
            return _u16(sample.climbed * 10) + _u16(sample.descended * 10)
        case Field.ENERGY:
            per_minute = oxygen(sample.speed, sample.incline) * KCAL_PER_ML if sample.speed > 0 else 0.0
            return _u16(math.floor(sample.energy)) + _u16(per_minute * 60) + _u8(per_minute)
        case Field.HEART_RATE:
            return _u8(min(60 + 2.4 * oxygen(sample.speed, sample.incline), 200))
        case Field.METABOLIC_EQUIVALENT:
            return _u8(oxygen(sample.speed, sample.incline) / 3.5 * 10)
        case _:
            return _u16(math.floor(sample.elapsed))


def treadmill_data(fields: Field, sample: Sample, limit: int) -> list[bytes]:
    """2ACD as one notification, or several of at most `limit` octets (>= 7) with More Data in all but the last.

    Only the last carries the speed (bit 0 means "more", and "no speed here"; S0 4.5).
    """
    rest = [(field, _field(field, sample)) for field in Field if field in fields]
    parts: list[bytes] = []
    while 4 + sum(len(octets) for _, octets in rest) > limit:
        flags, body = MORE_DATA, b""
        while rest and 2 + len(body) + len(rest[0][1]) <= limit:
            field, octets = rest.pop(0)
            flags |= field
            body += octets
        parts.append(_u16(flags) + body)
    flags = sum(field for field, _ in rest)
    parts.append(_u16(flags) + _u16(sample.speed) + b"".join(octets for _, octets in rest))
    return parts
