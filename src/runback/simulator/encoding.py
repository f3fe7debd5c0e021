"""The treadmill's bytes, written from the specification alone (FTMS 1.0 and its characteristics).

Rules:
- Nothing here is shared with the client's codec: two readings of one text check each other.
- All fields little endian; a value that does not fit saturates, as a console's counter does.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field

from runback.devices.quirk_values import InclineCode
from runback.simulator.belt import KCAL_PER_ML, SimulatedBelt, oxygen
from runback.simulator.quirks import ReportFormat
from runback.simulator.spec import MachineSpec, ReportField
from runback.simulator.wire_units import raw_incline, raw_speed


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
RUNNING = uuid(0x1814)
RUNNING_MEASUREMENT = uuid(0x2A53)

AVAILABLE_TREADMILL = bytes.fromhex("01 01 00")
"""Service data of 1826: available; machine type treadmill (S0 ch. 3)."""

STATUS_RESET = b"\x01"
STATUS_STOPPED = b"\x02\x01"
STATUS_PAUSED = b"\x02\x02"
STATUS_KEY = b"\x03"
STATUS_STARTED = b"\x04"
STATUS_CONTROL_LOST = b"\xff"

_FEATURE_BIT = {
    ReportField.AVERAGE_SPEED: 0,
    ReportField.DISTANCE: 2,
    ReportField.INCLINE: 3,
    ReportField.ELEVATION: 4,
    ReportField.PACE: 5,
    ReportField.AVERAGE_PACE: 5,
    ReportField.ENERGY: 9,
    ReportField.HEART_RATE: 10,
    ReportField.METABOLIC_EQUIVALENT: 11,
    ReportField.ELAPSED: 12,
    ReportField.REMAINING: 13,
    ReportField.FORCE: 15,
}
MORE_DATA = 0x0001
VENDOR_STEPS = 0x2000
"""Reserved bit 13, which some vendors use for their step count (quirk 29)."""
_NOT_AVAILABLE = bytes.fromhex("ff 7f")
_PLAIN = ReportFormat()
RUNS_FROM = 800
"""0.01 km/h from which a foot pod calls it running."""
STRIDE = 0.7
"""Metres of belt for each step counted."""


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
    if spec.form.features is not None:
        return spec.form.features
    features = 0
    for sent in record_fields(spec):
        features |= 1 << _FEATURE_BIT[sent]
    targets = 0b01 | (0b10 if spec.has_incline else 0)
    return struct.pack("<II", features, targets)


def speed_range(spec: MachineSpec) -> bytes:
    """2AD4: minimum, maximum, increment, 0.01 km/h."""
    unit = spec.form.range_unit
    return b"".join(_u16(raw_speed(each, unit)) for each in (spec.speed_min, spec.speed_max, spec.speed_increment))


def incline_range(spec: MachineSpec) -> bytes:
    """2AD5: minimum, maximum, increment, 0.1 %; all zero without a motor (quirk 25)."""
    if not spec.has_incline:
        return bytes(6)
    code = spec.form.incline_code
    low, high = raw_incline(spec.incline_min, spec.form), raw_incline(spec.incline_max, spec.form)
    return struct.pack("<hhH", low, high, spec.incline_increment if code is InclineCode.PERCENT else 1)


def training_status(code: int, form: ReportFormat = _PLAIN) -> bytes:
    """2AD3: flags, then the status; no string, even where the flags say so (quirk 35)."""
    return bytes((form.string_missing, code))


def speed_changed(speed: float, form: ReportFormat = _PLAIN) -> bytes:
    """2ADA 05 for a speed of 0.01 km/h."""
    return b"\x05" + _u16(raw_speed(speed, form.write_unit))


def incline_changed(incline: int, form: ReportFormat = _PLAIN) -> bytes:
    """2ADA 06 for an incline of 0.1 %."""
    return b"\x06" + _s16(raw_incline(incline, form))


def running_measurement(speed: float, *, stepping: bool = True) -> bytes:
    """2A53 for a speed of 0.01 km/h: flags (bit 2 running), speed in 1/256 m/s, cadence 1/min."""
    running = speed >= RUNS_FROM
    cadence = (170 if running else 110) if stepping and speed > 0 else 0
    return bytes((running << 2,)) + _u16(speed / 360 * 256) + _u8(cadence)


def response(op_code: int, result: int) -> bytes:
    """2AD9 80: the request's op code and the result."""
    return bytes((0x80, op_code, result))


@dataclass(frozen=True, slots=True)
class ReportSample:
    """What the console knows at one moment: speed 0.01 km/h, incline 0.1 %, lengths m, time s, energy kcal."""

    speed: float
    incline: float
    distance: float
    climbed: float
    descended: float
    energy: float
    elapsed: float
    strap: bool = field(default=True, kw_only=True)
    """Whether a heart rate is heard; without one it is 0."""
    missed: float = field(default=0.0, kw_only=True)
    """How much of the distance nobody was on the belt."""

    @classmethod
    def of(cls, belt: SimulatedBelt, now: float) -> ReportSample:
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


def record_fields(spec: MachineSpec) -> ReportField:
    """The optional fields of this machine's Treadmill Data."""
    fields = spec.fields | (ReportField.HEART_RATE if spec.heart_rate else ReportField(0))
    return fields if spec.has_incline else fields & ~(ReportField.INCLINE | ReportField.ELEVATION)


def _pace(speed: float, width: int) -> bytes:
    """u8 in 0.1 km/min (2017 XML), u16 in seconds per 500 m (Supplement)."""
    if width == 1:
        return _u8(speed / 600)
    return _u16(180_000 / speed if speed > 0 else 0)


def _incline(incline: float, form: ReportFormat) -> bytes:
    shown = incline if form.incline_feedback else 0.0
    angle = _s16(math.degrees(math.atan(shown / 1000)) * 10)
    return _s16(raw_incline(shown, form)) + (angle if form.elevation_unavailable is None else _NOT_AVAILABLE)


def _energy(sample: ReportSample, form: ReportFormat) -> bytes:
    if form.energy_rates_unavailable:
        return _u16(math.floor(sample.energy)) + bytes.fromhex("ffff ff")
    per_minute = oxygen(sample.speed, sample.incline) * KCAL_PER_ML if sample.speed > 0 else 0.0
    return _u16(math.floor(sample.energy)) + _u16(per_minute * 60) + _u8(per_minute)


def _field(which: ReportField, sample: ReportSample, form: ReportFormat) -> bytes:
    average = sample.distance * 360 / sample.elapsed if sample.elapsed > 0 else 0
    match which:
        case ReportField.AVERAGE_SPEED:
            return _u16(raw_speed(min(average, 0xFFFF), form.read_unit))
        case ReportField.DISTANCE:
            step = form.distance_step
            return _u24(math.floor(sample.distance // step * step if step > 0 else sample.distance))
        case ReportField.INCLINE:
            return _incline(sample.incline, form)
        case ReportField.ELEVATION:
            lost = sample.descended * 10 if form.elevation_unavailable is None else form.elevation_unavailable
            return _u16(sample.climbed * 10) + _u16(lost)
        case ReportField.PACE:
            return _pace(sample.speed, form.pace_octets)
        case ReportField.AVERAGE_PACE:
            return _pace(average, form.pace_octets)
        case ReportField.ENERGY:
            return _energy(sample, form)
        case ReportField.HEART_RATE:
            return _u8(min(60 + 2.4 * oxygen(sample.speed, sample.incline), 200) if sample.strap else 0)
        case ReportField.METABOLIC_EQUIVALENT:
            return _u8(oxygen(sample.speed, sample.incline) / 3.5 * 10)
        case ReportField.ELAPSED:
            return _u16(0 if form.elapsed_frozen else math.floor(sample.elapsed))
        case ReportField.REMAINING:
            return _u16(0)
        case _:
            return _NOT_AVAILABLE + _NOT_AVAILABLE


def treadmill_data(fields: ReportField, sample: ReportSample, limit: int, form: ReportFormat = _PLAIN) -> list[bytes]:
    """2ACD as one notification, or several of at most `limit` bytes (>= 7) with More Data in all but the last.

    Only the last carries the speed (bit 0 means "more", and "no speed here"; S0 4.5).
    """
    rest = [(int(each), _field(each, sample, form)) for each in ReportField if each in fields]
    if form.step_octets:
        rest.append((VENDOR_STEPS, _u16((sample.distance - sample.missed) // STRIDE).ljust(form.step_octets, b"\x00")))
    parts: list[bytes] = []
    while 4 + sum(len(octets) for _, octets in rest) > limit:
        flags, body = MORE_DATA, b""
        while rest and 2 + len(body) + len(rest[0][1]) <= limit:
            bit, octets = rest.pop(0)
            flags |= bit
            body += octets
        parts.append(_u16(flags) + body)
    flags = sum(bit for bit, _ in rest)
    parts.append(_u16(flags) + _u16(raw_speed(sample.speed, form.read_unit)) + b"".join(octets for _, octets in rest))
    return parts
