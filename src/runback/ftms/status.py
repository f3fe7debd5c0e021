"""Training Status (2AD3) and Fitness Machine Status (2ADA): what the machine says happened.

Rules:
- A code nobody knows is kept as its number: machines use reserved ones (quirk 34).
- A notice is heard even if its parameter is missing or cut short: then it has no values.
- Surplus bytes are ignored: Urevo pads every status to three (quirk 34).
- Training Status may promise a string and send none (quirk 35); what is no UTF-8 is replaced, never refused.

Source: S0 4.10 and 4.17; S1 for the wider resistance level.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from runback.errors import CodecError
from runback.ftms import quantities
from runback.ftms.assigned_numbers import StatusCode, TrainingCode, member


@dataclass(frozen=True, slots=True)
class TrainingStatus:
    """`status` is a member if assigned. `string` is None if none came. `extended`: the string goes on; read 2AD3."""

    status: TrainingCode | int
    string: str | None = None
    extended: bool = False


@dataclass(frozen=True, slots=True)
class MachineStatus:
    """`op_code` is a member if assigned. `values` are its parameters in the wire's units, in the order of
    `STATUS_PARAMETERS`; empty if it has none or they did not come whole."""

    op_code: StatusCode | int
    values: tuple[int, ...] = ()

    @property
    def value(self) -> int | None:
        """The first parameter: the target speed in 0.01 km/h, stop or pause, …; None without one."""
        return self.values[0] if self.values else None


STATUS_PARAMETERS: Final[dict[int, tuple[str, ...]]] = {
    StatusCode.STOPPED_OR_PAUSED_BY_THE_USER: ("action",),
    StatusCode.TARGET_SPEED_CHANGED: ("speed",),
    StatusCode.TARGET_INCLINE_CHANGED: ("inclination",),
    StatusCode.TARGET_RESISTANCE_LEVEL_CHANGED: ("resistance_level",),
    StatusCode.TARGET_POWER_CHANGED: ("power",),
    StatusCode.TARGET_HEART_RATE_CHANGED: ("heart_rate",),
    StatusCode.TARGETED_EXPENDED_ENERGY_CHANGED: ("energy",),
    StatusCode.TARGETED_NUMBER_OF_STEPS_CHANGED: ("steps",),
    StatusCode.TARGETED_NUMBER_OF_STRIDES_CHANGED: ("strides",),
    StatusCode.TARGETED_DISTANCE_CHANGED: ("distance",),
    StatusCode.TARGETED_TRAINING_TIME_CHANGED: ("time",),
    StatusCode.TARGETED_TIME_IN_TWO_HEART_RATE_ZONES_CHANGED: ("time_in_fat_burn_zone", "time_in_fitness_zone"),
    StatusCode.TARGETED_TIME_IN_THREE_HEART_RATE_ZONES_CHANGED: (
        "time_in_light_zone",
        "time_in_moderate_zone",
        "time_in_hard_zone",
    ),
    StatusCode.TARGETED_TIME_IN_FIVE_HEART_RATE_ZONES_CHANGED: (
        "time_in_very_light_zone",
        "time_in_light_zone",
        "time_in_moderate_zone",
        "time_in_hard_zone",
        "time_in_maximum_zone",
    ),
    StatusCode.INDOOR_BIKE_SIMULATION_PARAMETERS_CHANGED: (
        "wind_speed",
        "grade",
        "rolling_resistance",
        "wind_resistance",
    ),
    StatusCode.WHEEL_CIRCUMFERENCE_CHANGED: ("wheel_circumference",),
    StatusCode.SPIN_DOWN_STATUS: ("spin_down_status",),
    StatusCode.TARGETED_CADENCE_CHANGED: ("cadence",),
}
"""The parameters (names in `quantities`) of each op code that has any."""


def decode_training_status(data: bytes) -> TrainingStatus:
    """2AD3. Raises CodecError if flags or status are missing."""
    if len(data) < 2:
        raise CodecError("Training Status", bytes(data), "flags or status are missing")
    flags = data[0]
    string = bytes(data[2:]).decode("utf-8", "replace").rstrip("\0") if flags & 0x01 else ""
    return TrainingStatus(member(TrainingCode, data[1]), string or None, bool(flags & 0x02))


def decode_machine_status(data: bytes) -> MachineStatus:
    """2ADA. Raises CodecError if the op code is missing; a missing parameter is no error."""
    if not data:
        raise CodecError("Fitness Machine Status", b"", "no op code")
    values = quantities.decode(STATUS_PARAMETERS.get(data[0], ()), data[1:])
    return MachineStatus(member(StatusCode, data[0]), values or ())
