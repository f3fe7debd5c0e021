"""Fitness Machine Control Point (2AD9): requests, responses and their bytes.

Rules:
- One class for each request, named as in the specification; its field names say its layout (`quantities`), `REQUESTS`
  its op code. Numbers are the wire's: 0.01 km/h, 0.1 %, seconds, metres.
- Sending is strict: `encode` refuses a value the field cannot carry or the specification does not assign; nothing is
  clipped. `STOP` and `PAUSE` are ready bytes (from `assigned_numbers`), so that Stop cannot fail in an encoder.
- Receiving is open: an op code nobody knows becomes an `UnknownRequest`, a result nobody knows stays its number,
  surplus bytes are ignored.

Source: S0/S1 4.16; quirks 1 to 5 for what machines make of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from runback.errors import CodecError
from runback.ftms import quantities
from runback.ftms.assigned_numbers import PAUSE as PAUSE  # this is the door where a reader looks for them
from runback.ftms.assigned_numbers import STOP as STOP
from runback.ftms.assigned_numbers import OpCode, Result, SpinDown, StopPause, member

_NAME: Final = "Fitness Machine Control Point"


class Request:
    """A Control Point request."""

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]]  # each dataclass sets its own: the fields, in the order of the wire

    @property
    def op_code(self) -> OpCode:
        """Its first byte."""
        return _OP_CODES[type(self)]

    def encode(self) -> bytes:
        """Op code and parameters. Raises CodecError for a value the wire cannot carry or the specification reserves."""
        names = self.__match_args__
        return bytes([self.op_code]) + quantities.encode(_NAME, names, [getattr(self, name) for name in names])


@dataclass(frozen=True, slots=True)
class RequestControl(Request):
    """Ask to control the machine. On some machines this alone starts the belt (quirk 14)."""


@dataclass(frozen=True, slots=True)
class Reset(Request):
    """Targets to their defaults, times to 0, control given up."""


@dataclass(frozen=True, slots=True)
class SetTargetSpeed(Request):
    """`speed` 0.01 km/h, 0 to 65535."""

    speed: int


@dataclass(frozen=True, slots=True)
class SetTargetInclination(Request):
    """`inclination` 0.1 %, signed."""

    inclination: int


@dataclass(frozen=True, slots=True)
class SetTargetResistanceLevel(Request):
    """`resistance_level` 0.1, signed. Sent as 1.0.1 has it (2 bytes); one byte, as in 1.0, is understood."""

    resistance_level: int


@dataclass(frozen=True, slots=True)
class SetTargetPower(Request):
    """`power` W, signed."""

    power: int


@dataclass(frozen=True, slots=True)
class SetTargetHeartRate(Request):
    """`heart_rate` bpm, 0 to 255."""

    heart_rate: int


@dataclass(frozen=True, slots=True)
class StartOrResume(Request):
    """Set the belt in motion. Send only when the belt is confirmed at rest (quirks 11, 12)."""


@dataclass(frozen=True, slots=True)
class StopOrPause(Request):
    """`action`: stop or pause. A received one may be a number that is neither."""

    action: StopPause | int


@dataclass(frozen=True, slots=True)
class SetTargetedExpendedEnergy(Request):
    """`energy` kcal."""

    energy: int


@dataclass(frozen=True, slots=True)
class SetTargetedNumberOfSteps(Request):
    """`steps`, 0 to 65535."""

    steps: int


@dataclass(frozen=True, slots=True)
class SetTargetedNumberOfStrides(Request):
    """`strides`, 0 to 65535."""

    strides: int


@dataclass(frozen=True, slots=True)
class SetTargetedDistance(Request):
    """`distance` m, 24 bits."""

    distance: int


@dataclass(frozen=True, slots=True)
class SetTargetedTrainingTime(Request):
    """`time` s."""

    time: int


@dataclass(frozen=True, slots=True)
class SetTargetedTimeInTwoHeartRateZones(Request):
    """Seconds in each zone."""

    time_in_fat_burn_zone: int
    time_in_fitness_zone: int


@dataclass(frozen=True, slots=True)
class SetTargetedTimeInThreeHeartRateZones(Request):
    """Seconds in each zone."""

    time_in_light_zone: int
    time_in_moderate_zone: int
    time_in_hard_zone: int


@dataclass(frozen=True, slots=True)
class SetTargetedTimeInFiveHeartRateZones(Request):
    """Seconds in each zone."""

    time_in_very_light_zone: int
    time_in_light_zone: int
    time_in_moderate_zone: int
    time_in_hard_zone: int
    time_in_maximum_zone: int


@dataclass(frozen=True, slots=True)
class SetIndoorBikeSimulationParameters(Request):
    """`wind_speed` 0.001 m/s and `grade` 0.01 %, signed; `rolling_resistance` 0.0001; `wind_resistance` 0.01 kg/m."""

    wind_speed: int
    grade: int
    rolling_resistance: int
    wind_resistance: int


@dataclass(frozen=True, slots=True)
class SetWheelCircumference(Request):
    """`wheel_circumference` 0.1 mm."""

    wheel_circumference: int


@dataclass(frozen=True, slots=True)
class SpinDownControl(Request):
    """`control`: start or ignore the spin down. A received one may be a number that is neither."""

    control: SpinDown | int


@dataclass(frozen=True, slots=True)
class SetTargetedCadence(Request):
    """`cadence` 0.5 per minute."""

    cadence: int


REQUESTS: Final[dict[int, type[Request]]] = {
    OpCode.REQUEST_CONTROL: RequestControl,
    OpCode.RESET: Reset,
    OpCode.SET_TARGET_SPEED: SetTargetSpeed,
    OpCode.SET_TARGET_INCLINATION: SetTargetInclination,
    OpCode.SET_TARGET_RESISTANCE_LEVEL: SetTargetResistanceLevel,
    OpCode.SET_TARGET_POWER: SetTargetPower,
    OpCode.SET_TARGET_HEART_RATE: SetTargetHeartRate,
    OpCode.START_OR_RESUME: StartOrResume,
    OpCode.STOP_OR_PAUSE: StopOrPause,
    OpCode.SET_TARGETED_EXPENDED_ENERGY: SetTargetedExpendedEnergy,
    OpCode.SET_TARGETED_NUMBER_OF_STEPS: SetTargetedNumberOfSteps,
    OpCode.SET_TARGETED_NUMBER_OF_STRIDES: SetTargetedNumberOfStrides,
    OpCode.SET_TARGETED_DISTANCE: SetTargetedDistance,
    OpCode.SET_TARGETED_TRAINING_TIME: SetTargetedTrainingTime,
    OpCode.SET_TARGETED_TIME_IN_TWO_HEART_RATE_ZONES: SetTargetedTimeInTwoHeartRateZones,
    OpCode.SET_TARGETED_TIME_IN_THREE_HEART_RATE_ZONES: SetTargetedTimeInThreeHeartRateZones,
    OpCode.SET_TARGETED_TIME_IN_FIVE_HEART_RATE_ZONES: SetTargetedTimeInFiveHeartRateZones,
    OpCode.SET_INDOOR_BIKE_SIMULATION_PARAMETERS: SetIndoorBikeSimulationParameters,
    OpCode.SET_WHEEL_CIRCUMFERENCE: SetWheelCircumference,
    OpCode.SPIN_DOWN_CONTROL: SpinDownControl,
    OpCode.SET_TARGETED_CADENCE: SetTargetedCadence,
}
_OP_CODES: Final = {request: OpCode(op_code) for op_code, request in REQUESTS.items()}


@dataclass(frozen=True, slots=True)
class UnknownRequest:
    """A request with an op code the specification does not assign. It cannot be sent."""

    op_code: int
    parameter: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """What the machine answered to `request`. Members where the specification assigns one, else the number.

    `parameter` is what follows the result: the target speeds of a spin down, else usually empty.
    """

    request: OpCode | int
    result: Result | int
    parameter: bytes = b""

    def encode(self) -> bytes:
        """The bytes of the response. Raises CodecError for a code outside one byte."""
        try:
            return bytes([OpCode.RESPONSE_CODE, self.request, self.result]) + self.parameter
        except ValueError:
            raise CodecError(_NAME, b"", f"{self!r} does not fit its fields") from None


def decode_request(data: bytes) -> Request | UnknownRequest:
    """The request in `data`, as the machine reads it. Surplus bytes are ignored (a key may follow Request Control,
    quirk 9). Raises CodecError if the op code or a parameter is missing."""
    if not data:
        raise CodecError(_NAME, b"", "no op code")
    request = REQUESTS.get(data[0])
    if request is None:
        return UnknownRequest(data[0], bytes(data[1:]))
    values = quantities.decode(request.__match_args__, data[1:])
    if values is None:
        raise CodecError(_NAME, bytes(data), f"{request.__name__} lacks its parameter")
    return request(*values)


def decode_response(data: bytes) -> Response:
    """The response in `data`. Raises CodecError if it is not one, or lacks its request or result."""
    if len(data) < 3:
        raise CodecError(_NAME, bytes(data), "a response has at least 3 bytes")
    if data[0] != OpCode.RESPONSE_CODE:
        raise CodecError(_NAME, bytes(data), "not a response")
    return Response(member(OpCode, data[1]), member(Result, data[2]), bytes(data[3:]))
