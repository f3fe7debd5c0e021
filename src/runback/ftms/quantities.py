"""The quantities that Control Point requests set and Machine Status reports, as one table.

Rules:
- A quantity is written and read the same way wherever its name occurs: a request's field names are its layout.
- Writing is strict (`encode` raises), reading is open (`decode` ignores surplus bytes, and returns None when bytes
  are missing).

Sources: S0/S1 4.16.2 (parameters), 4.17 (status parameters).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from runback.errors import CodecError
from runback.ftms.assigned_numbers import SpinDown, SpinDownStatus, StopPause, member


@dataclass(frozen=True, slots=True)
class Quantity:
    """`octets` on the wire, signed or not; `key` and `divisor` turn it into a number for people.

    `choices` are the only values that may be sent. `narrow` is the width another edition gave the field when
    nothing stands behind it.
    """

    key: str
    octets: int
    divisor: int = 1
    signed: bool = False
    choices: type[IntEnum] | None = None
    narrow: int | None = None


QUANTITIES: Final = {
    "speed": Quantity("speed_kmh", 2, 100),
    "inclination": Quantity("inclination_percent", 2, 10, signed=True),
    # u8 in 1.0, s16 in 1.0.1: a lone byte is the former
    "resistance_level": Quantity("resistance_level", 2, 10, signed=True, narrow=1),
    "power": Quantity("power_w", 2, signed=True),
    "heart_rate": Quantity("heart_rate_bpm", 1),
    "action": Quantity("action", 1, choices=StopPause),
    "energy": Quantity("energy_kcal", 2),
    "steps": Quantity("steps", 2),
    "strides": Quantity("strides", 2),
    "distance": Quantity("distance_m", 3),
    "time": Quantity("time_s", 2),
    "time_in_very_light_zone": Quantity("time_in_very_light_zone_s", 2),
    "time_in_light_zone": Quantity("time_in_light_zone_s", 2),
    "time_in_moderate_zone": Quantity("time_in_moderate_zone_s", 2),
    "time_in_hard_zone": Quantity("time_in_hard_zone_s", 2),
    "time_in_maximum_zone": Quantity("time_in_maximum_zone_s", 2),
    "time_in_fat_burn_zone": Quantity("time_in_fat_burn_zone_s", 2),
    "time_in_fitness_zone": Quantity("time_in_fitness_zone_s", 2),
    "wind_speed": Quantity("wind_speed_m_per_s", 2, 1000, signed=True),
    "grade": Quantity("grade_percent", 2, 100, signed=True),
    "rolling_resistance": Quantity("rolling_resistance", 1, 10_000),
    "wind_resistance": Quantity("wind_resistance_kg_per_m", 1, 100),
    "wheel_circumference": Quantity("wheel_circumference_mm", 2, 10),
    "control": Quantity("control", 1, choices=SpinDown),
    "spin_down_status": Quantity("spin_down_status", 1, choices=SpinDownStatus),
    "cadence": Quantity("cadence_per_min", 2, 2),
}


def encode(characteristic: str, names: Iterable[str], values: Iterable[object]) -> bytes:
    """The bytes of `values`, in order. Raises CodecError for a value that is no integer, does not fit its width or
    is not one of the choices."""
    parts = []
    for name, value in zip(names, values, strict=True):
        quantity = QUANTITIES[name]
        if not isinstance(value, int) or isinstance(value, bool):
            raise CodecError(characteristic, b"", f"{name} must be an integer, not {value!r}")
        if quantity.choices is not None and not isinstance(member(quantity.choices, value), quantity.choices):
            raise CodecError(characteristic, b"", f"{name} {value} is not assigned")
        try:
            parts.append(value.to_bytes(quantity.octets, "little", signed=quantity.signed))
        except OverflowError:
            raise CodecError(characteristic, b"", f"{name} {value} does not fit its field") from None
    return b"".join(parts)


def decode(names: Sequence[str], data: bytes) -> tuple[int, ...] | None:
    """The values of `names` at the start of `data`; a choice as its member if it is one. None if bytes are missing."""
    values = []
    at = 0
    for name in names:
        quantity = QUANTITIES[name]
        octets, signed = quantity.octets, quantity.signed
        if quantity.narrow is not None and len(data) - at == quantity.narrow:
            octets, signed = quantity.narrow, False
        end = at + octets
        if end > len(data):
            return None
        value = int.from_bytes(data[at:end], "little", signed=signed)
        values.append(value if quantity.choices is None else member(quantity.choices, value))
        at = end
    return tuple(values)
