"""Assigned numbers: UUIDs, op codes, results, states and feature bits.

Rules:
- UUIDs are full 128-bit text in lower case, as bleak names them.
- The enums hold what the specification assigns, literally. What is received goes through `member`, which keeps an
  unassigned number as it is; the flags keep reserved bits.

Sources: FTMS 1.0 and 1.0.1 (S0, S1), the GATT Specification Supplement (G), `reference/ftms.md`.
"""

from __future__ import annotations

import re
from enum import IntEnum, IntFlag
from typing import Final, TypeVar

_BASE: Final = "-0000-1000-8000-00805f9b34fb"
_SHORT: Final = re.compile(r"(?:0x)?([0-9a-f]{4}|[0-9a-f]{8})")
_FULL: Final = re.compile(r"([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})")


def uuid(number: int) -> str:
    """The full UUID of a 16 or 32-bit assigned number."""
    return f"{number:08x}{_BASE}"


def full_uuid(text: str) -> str | None:
    """The full UUID of `2ACD`, `0x2acd` or a full UUID in any case, dashed, braced or not; None if it is none."""
    text = text.strip().lower().removeprefix("urn:uuid:").removeprefix("{").removesuffix("}")
    if short := _SHORT.fullmatch(text):
        return f"{short[1]:0>8}{_BASE}"
    if full := _FULL.fullmatch(text):
        return "-".join(full.groups())
    return None


def short_name(text: str) -> str:
    """`2AD9` for an assigned 16-bit UUID in any of the forms of `full_uuid`, else the text in lower case."""
    full = full_uuid(text)
    if full is None:
        return text.strip().lower()
    return full[4:8].upper() if full.startswith("0000") and full.endswith(_BASE) else full


FITNESS_MACHINE: Final = uuid(0x1826)
FITNESS_MACHINE_FEATURE: Final = uuid(0x2ACC)
TREADMILL_DATA: Final = uuid(0x2ACD)
TRAINING_STATUS: Final = uuid(0x2AD3)
SUPPORTED_SPEED_RANGE: Final = uuid(0x2AD4)
SUPPORTED_INCLINATION_RANGE: Final = uuid(0x2AD5)
SUPPORTED_RESISTANCE_LEVEL_RANGE: Final = uuid(0x2AD6)
SUPPORTED_HEART_RATE_RANGE: Final = uuid(0x2AD7)
SUPPORTED_POWER_RANGE: Final = uuid(0x2AD8)
FITNESS_MACHINE_CONTROL_POINT: Final = uuid(0x2AD9)
FITNESS_MACHINE_STATUS: Final = uuid(0x2ADA)

HEART_RATE: Final = uuid(0x180D)
HEART_RATE_MEASUREMENT: Final = uuid(0x2A37)

RUNNING_SPEED_AND_CADENCE: Final = uuid(0x1814)
RSC_MEASUREMENT: Final = uuid(0x2A53)
RSC_FEATURE: Final = uuid(0x2A54)

DEVICE_INFORMATION: Final = uuid(0x180A)
MODEL_NUMBER: Final = uuid(0x2A24)
SERIAL_NUMBER: Final = uuid(0x2A25)
FIRMWARE_REVISION: Final = uuid(0x2A26)
HARDWARE_REVISION: Final = uuid(0x2A27)
SOFTWARE_REVISION: Final = uuid(0x2A28)
MANUFACTURER_NAME: Final = uuid(0x2A29)
DEVICE_INFORMATION_STRINGS: Final = (
    *(MODEL_NUMBER, SERIAL_NUMBER, FIRMWARE_REVISION),
    *(HARDWARE_REVISION, SOFTWARE_REVISION, MANUFACTURER_NAME),
)

BATTERY: Final = uuid(0x180F)
BATTERY_LEVEL: Final = uuid(0x2A19)


STOP: Final = b"\x08\x01"
"""The bytes of Stop or Pause with Stop: at hand without an encoder, or the import of one."""
PAUSE: Final = b"\x08\x02"


class OpCode(IntEnum):
    """Control Point requests, and the code of their response (S0 4.16.1)."""

    REQUEST_CONTROL = 0x00
    RESET = 0x01
    SET_TARGET_SPEED = 0x02
    SET_TARGET_INCLINATION = 0x03
    SET_TARGET_RESISTANCE_LEVEL = 0x04
    SET_TARGET_POWER = 0x05
    SET_TARGET_HEART_RATE = 0x06
    START_OR_RESUME = 0x07
    STOP_OR_PAUSE = 0x08
    SET_TARGETED_EXPENDED_ENERGY = 0x09
    SET_TARGETED_NUMBER_OF_STEPS = 0x0A
    SET_TARGETED_NUMBER_OF_STRIDES = 0x0B
    SET_TARGETED_DISTANCE = 0x0C
    SET_TARGETED_TRAINING_TIME = 0x0D
    SET_TARGETED_TIME_IN_TWO_HEART_RATE_ZONES = 0x0E
    SET_TARGETED_TIME_IN_THREE_HEART_RATE_ZONES = 0x0F
    SET_TARGETED_TIME_IN_FIVE_HEART_RATE_ZONES = 0x10
    SET_INDOOR_BIKE_SIMULATION_PARAMETERS = 0x11
    SET_WHEEL_CIRCUMFERENCE = 0x12
    SPIN_DOWN_CONTROL = 0x13
    SET_TARGETED_CADENCE = 0x14
    RESPONSE_CODE = 0x80


class Result(IntEnum):
    """How a Control Point request went (S0 4.16.2)."""

    SUCCESS = 0x01
    OP_CODE_NOT_SUPPORTED = 0x02
    INVALID_PARAMETER = 0x03
    OPERATION_FAILED = 0x04
    CONTROL_NOT_PERMITTED = 0x05


class StatusCode(IntEnum):
    """Fitness Machine Status op codes (S0 4.17)."""

    RESET = 0x01
    STOPPED_OR_PAUSED_BY_THE_USER = 0x02
    STOPPED_BY_SAFETY_KEY = 0x03
    STARTED_OR_RESUMED_BY_THE_USER = 0x04
    TARGET_SPEED_CHANGED = 0x05
    TARGET_INCLINE_CHANGED = 0x06
    TARGET_RESISTANCE_LEVEL_CHANGED = 0x07
    TARGET_POWER_CHANGED = 0x08
    TARGET_HEART_RATE_CHANGED = 0x09
    TARGETED_EXPENDED_ENERGY_CHANGED = 0x0A
    TARGETED_NUMBER_OF_STEPS_CHANGED = 0x0B
    TARGETED_NUMBER_OF_STRIDES_CHANGED = 0x0C
    TARGETED_DISTANCE_CHANGED = 0x0D
    TARGETED_TRAINING_TIME_CHANGED = 0x0E
    TARGETED_TIME_IN_TWO_HEART_RATE_ZONES_CHANGED = 0x0F
    TARGETED_TIME_IN_THREE_HEART_RATE_ZONES_CHANGED = 0x10
    TARGETED_TIME_IN_FIVE_HEART_RATE_ZONES_CHANGED = 0x11
    INDOOR_BIKE_SIMULATION_PARAMETERS_CHANGED = 0x12
    WHEEL_CIRCUMFERENCE_CHANGED = 0x13
    SPIN_DOWN_STATUS = 0x14
    TARGETED_CADENCE_CHANGED = 0x15
    CONTROL_PERMISSION_LOST = 0xFF


class TrainingCode(IntEnum):
    """Training Status (S0 4.10). 0x10 and 0x11 are reserved; Urevo uses them for pausing and paused (quirk 34)."""

    OTHER = 0x00
    IDLE = 0x01
    WARMING_UP = 0x02
    LOW_INTENSITY_INTERVAL = 0x03
    HIGH_INTENSITY_INTERVAL = 0x04
    RECOVERY_INTERVAL = 0x05
    ISOMETRIC = 0x06
    HEART_RATE_CONTROL = 0x07
    FITNESS_TEST = 0x08
    SPEED_BELOW_CONTROL_REGION = 0x09
    SPEED_ABOVE_CONTROL_REGION = 0x0A
    COOL_DOWN = 0x0B
    WATT_CONTROL = 0x0C
    MANUAL_MODE = 0x0D
    PRE_WORKOUT = 0x0E
    POST_WORKOUT = 0x0F


class StopPause(IntEnum):
    """Parameter of Stop or Pause, and of its machine status (S0 4.16.2.9, 4.17)."""

    STOP = 0x01
    PAUSE = 0x02


class SpinDown(IntEnum):
    """Parameter of Spin Down Control."""

    START = 0x01
    IGNORE = 0x02


class SpinDownStatus(IntEnum):
    """Parameter of the Spin Down Status of a machine."""

    SPIN_DOWN_REQUESTED = 0x01
    SUCCESS = 0x02
    ERROR = 0x03
    STOP_PEDALING = 0x04


class Feature(IntFlag):
    """What a machine measures: first word of Fitness Machine Feature (S0 4.3.1.1)."""

    AVERAGE_SPEED = 1 << 0
    CADENCE = 1 << 1
    TOTAL_DISTANCE = 1 << 2
    INCLINATION = 1 << 3
    ELEVATION_GAIN = 1 << 4
    PACE = 1 << 5
    STEP_COUNT = 1 << 6
    RESISTANCE_LEVEL = 1 << 7
    STRIDE_COUNT = 1 << 8
    EXPENDED_ENERGY = 1 << 9
    HEART_RATE_MEASUREMENT = 1 << 10
    METABOLIC_EQUIVALENT = 1 << 11
    ELAPSED_TIME = 1 << 12
    REMAINING_TIME = 1 << 13
    POWER_MEASUREMENT = 1 << 14
    FORCE_ON_BELT_AND_POWER_OUTPUT = 1 << 15
    USER_DATA_RETENTION = 1 << 16


class TargetFeature(IntFlag):
    """What a machine lets a client set: second word of Fitness Machine Feature (S0 4.3.1.2)."""

    SPEED = 1 << 0
    INCLINATION = 1 << 1
    RESISTANCE = 1 << 2
    POWER = 1 << 3
    HEART_RATE = 1 << 4
    EXPENDED_ENERGY = 1 << 5
    STEP_NUMBER = 1 << 6
    STRIDE_NUMBER = 1 << 7
    DISTANCE = 1 << 8
    TRAINING_TIME = 1 << 9
    TIME_IN_TWO_HEART_RATE_ZONES = 1 << 10
    TIME_IN_THREE_HEART_RATE_ZONES = 1 << 11
    TIME_IN_FIVE_HEART_RATE_ZONES = 1 << 12
    INDOOR_BIKE_SIMULATION = 1 << 13
    WHEEL_CIRCUMFERENCE = 1 << 14
    SPIN_DOWN_CONTROL = 1 << 15
    TARGETED_CADENCE = 1 << 16


class MachineType(IntFlag):
    """What a Fitness Machine says in its adverts that it is (S0 3.1.2)."""

    TREADMILL = 1 << 0
    CROSS_TRAINER = 1 << 1
    STEP_CLIMBER = 1 << 2
    STAIR_CLIMBER = 1 << 3
    ROWER = 1 << 4
    INDOOR_BIKE = 1 << 5


_Code = TypeVar("_Code", bound=IntEnum)


def member(enum: type[_Code], value: int) -> _Code | int:
    """The member of `enum` for a received `value`, or the number itself if the specification assigns none."""
    try:
        return enum(value)
    except ValueError:
        return value
