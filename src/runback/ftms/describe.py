"""Bytes of a characteristic as plain values for people and JSON: what stands behind `runback decode`.

Rules:
- A key ends in its unit. A value the record lacks has no key; one that it has but calls not available is None.
- Numbers are exact decimals of the wire's integers (2.57, not 2.5700000000000003).
- Several notifications of Treadmill Data are merged as a machine splits them; each whole record is one dict, an
  unfinished one at the end is a dict with `more_data` true. Of all other characteristics each value is one dict.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from runback.errors import InputError
from runback.ftms import assigned_numbers, quantities
from runback.ftms.assigned_numbers import OpCode, Result, full_uuid, short_name
from runback.ftms.control_point import Response, UnknownRequest, decode_request, decode_response
from runback.ftms.display_names import code_label, code_text, flag_labels
from runback.ftms.feature import decode_feature
from runback.ftms.heart_rate import decode_heart_rate
from runback.ftms.ranges import (
    Range,
    decode_heart_rate_range,
    decode_inclination_range,
    decode_power_range,
    decode_resistance_range,
    decode_speed_range,
)
from runback.ftms.rsc import decode_rsc, decode_rsc_feature
from runback.ftms.service_data import decode_service_data
from runback.ftms.status import STATUS_PARAMETERS, decode_machine_status, decode_training_status
from runback.ftms.treadmill_data import Field, RecordMerger, TreadmillData, attribute, decode_treadmill_data

Description = dict[str, object]

_OCTETS: Final = re.compile(r"(?:[0-9a-f]{2})+")

_FIELDS: Final[Mapping[Field, tuple[str, int]]] = {
    Field.SPEED: ("speed_kmh", 100),
    Field.AVERAGE_SPEED: ("average_speed_kmh", 100),
    Field.DISTANCE: ("distance_m", 1),
    Field.INCLINATION: ("inclination_percent", 10),
    Field.RAMP_ANGLE: ("ramp_angle_deg", 10),
    Field.POSITIVE_ELEVATION_GAIN: ("elevation_gain_positive_m", 10),
    Field.NEGATIVE_ELEVATION_GAIN: ("elevation_gain_negative_m", 10),
    Field.PACE: ("pace_s_per_500m", 1),
    Field.AVERAGE_PACE: ("pace_average_s_per_500m", 1),
    Field.ENERGY_TOTAL: ("energy_total_kcal", 1),
    Field.ENERGY_PER_HOUR: ("energy_per_hour_kcal", 1),
    Field.ENERGY_PER_MINUTE: ("energy_per_minute_kcal", 1),
    Field.HEART_RATE: ("heart_rate_bpm", 1),
    Field.MET: ("met", 10),
    Field.ELAPSED: ("elapsed_s", 1),
    Field.REMAINING: ("remaining_s", 1),
    Field.FORCE_ON_BELT: ("force_on_belt_n", 1),
    Field.POWER: ("power_w", 1),
}
_NARROW_PACES: Final[Mapping[Field, tuple[str, int]]] = {
    Field.PACE: ("pace_km_per_min", 10),
    Field.AVERAGE_PACE: ("pace_average_km_per_min", 10),
}


def parse_hex(text: str) -> bytes:
    """The bytes of `842501`, `84 25 01`, `84:25:01`, `84-25-01` or `0x842501`, in any case.

    Raises InputError for anything else: no digits, other characters, half an byte.
    """
    digits = ""
    for group in re.split(r"[\s:,-]+", text.strip().lower()):
        group = group.removeprefix("0x")
        if not _OCTETS.fullmatch(group):
            what = "is not hex" if re.search(r"[^0-9a-f]", group) or not group else "ends in half a byte"
            raise InputError(
                f"hex {text[:40]!r}", what, "write two hex digits for each byte, such as 842501 or 84 25 01"
            )
        digits += group
    return bytes.fromhex(digits)


def describe(uuid_text: str, notifications: Sequence[bytes]) -> list[Description]:
    """The values in `notifications` of the characteristic `uuid_text` (`2ACD`, `0x2ACD`, a full UUID).

    Service data of adverts goes by its service, `1826`. Raises InputError for a UUID nobody here can read and
    CodecError for bytes that are not what the characteristic says.
    """
    uuid = full_uuid(uuid_text)
    if uuid == assigned_numbers.TREADMILL_DATA:
        return _records(notifications)
    describer = _DESCRIBERS.get(uuid) if uuid is not None else None
    if describer is None:
        known = ", ".join(short_name(each) for each in (assigned_numbers.TREADMILL_DATA, *_DESCRIBERS))
        what = "is not a UUID" if uuid is None else "cannot be decoded"
        if uuid is not None and (other := _OTHER_MACHINES.get(short_name(uuid))):
            what = f"is {other} Data, of another kind of machine"
        raise InputError(f"UUID {uuid_text[:40]!r}", what, f"give one of {known}")
    return [describer(data) for data in notifications]


def describe_record(record: TreadmillData) -> Description:
    """A record, or an unfinished part of one."""
    described: Description = {}
    for field in record.present:
        key, divisor = (_NARROW_PACES if record.pace_width == 1 and field in _NARROW_PACES else _FIELDS)[field]
        described[key] = _number(getattr(record, attribute(field)), divisor)
    described["more_data"] = record.more_data
    described["truncated"] = record.truncated
    return described


def _records(notifications: Iterable[bytes]) -> list[Description]:
    merger = RecordMerger()
    whole = [merger.add(decode_treadmill_data(data)) for data in notifications]
    records = [*whole, merger.pending]
    return [describe_record(record) for record in records if record is not None]


def _number(value: int | None, divisor: int) -> float | int | None:
    # true division of integers rounds once, so its shortest text is the decimal itself
    return value if value is None or divisor == 1 else value / divisor


def _named(names: Sequence[str], values: Sequence[int]) -> Description:
    """The parameters of a request or status; None for each if they did not come whole."""
    described: Description = {}
    for place, name in enumerate(names):
        quantity = quantities.QUANTITIES[name]
        value = values[place] if values else None
        if value is not None and quantity.choices is not None:
            described[quantity.key] = code_label(value)
        else:
            described[quantity.key] = _number(value, quantity.divisor)
    return described


def _range(decode: Callable[[bytes], Range], unit: str, divisor: int = 1) -> Callable[[bytes], Description]:
    def describe_range(data: bytes) -> Description:
        limits = decode(data)
        return {
            f"min_{unit}": _number(limits.minimum, divisor),
            f"max_{unit}": _number(limits.maximum, divisor),
            f"increment_{unit}": _number(limits.increment, divisor),
        }

    return describe_range


def _feature(data: bytes) -> Description:
    feature = decode_feature(data)
    return {
        "features": flag_labels(feature.features),
        "targets": flag_labels(feature.targets),
        "features_hex": f"0x{feature.features:08X}",
        "targets_hex": f"0x{feature.targets:08X}",
    }


def _training_status(data: bytes) -> Description:
    training = decode_training_status(data)
    described: Description = {
        "status": code_label(training.status),
        "code": code_text(training.status),
        "string": training.string,
    }
    if training.extended:
        described["extended_string"] = True
    return described


def _machine_status(data: bytes) -> Description:
    status = decode_machine_status(data)
    described: Description = {"status": code_label(status.op_code), "op_code": code_text(status.op_code)}
    return described | _named(STATUS_PARAMETERS.get(status.op_code, ()), status.values)


def _control_point(data: bytes) -> Description:
    if data[:1] == bytes([OpCode.RESPONSE_CODE]):
        return _response(decode_response(data))
    request = decode_request(data)
    described: Description = {"request": code_label(request.op_code), "request_op_code": code_text(request.op_code)}
    if isinstance(request, UnknownRequest):
        return described | {"parameter": request.parameter.hex()}
    names = request.__match_args__
    return described | _named(names, [getattr(request, name) for name in names])


def _response(response: Response) -> Description:
    described: Description = {
        "request": code_label(response.request),
        "request_op_code": code_text(response.request),
        "result": code_label(response.result),
        "result_code": code_text(response.result),
    }
    speeds = None
    if response.request == OpCode.SPIN_DOWN_CONTROL and response.result == Result.SUCCESS:
        speeds = quantities.decode(("speed", "speed"), response.parameter)
    if speeds is not None:
        described["target_speed_low_kmh"], described["target_speed_high_kmh"] = (speed / 100 for speed in speeds)
    elif response.parameter:
        described["parameter"] = response.parameter.hex()
    return described


def _heart_rate(data: bytes) -> Description:
    heart = decode_heart_rate(data)
    described: Description = {"heart_rate_bpm": heart.bpm, "contact": heart.contact}
    if heart.energy is not None:
        described["energy_kj"] = heart.energy
    if heart.rr_intervals:
        described["rr_ms"] = [round(interval * 1000 / 1024, 1) for interval in heart.rr_intervals]
    return described


def _rsc(data: bytes) -> Description:
    rsc = decode_rsc(data)
    described: Description = {"speed_kmh": rsc.speed_centi_kmh / 100, "cadence_per_min": rsc.cadence}
    if rsc.stride is not None:
        described["stride_m"] = rsc.stride / 100
    if rsc.distance is not None:
        described["distance_m"] = rsc.distance / 10
    described["running"] = rsc.running
    return described


def _rsc_feature(data: bytes) -> Description:
    feature = decode_rsc_feature(data)
    return {"features": flag_labels(feature), "features_hex": f"0x{feature:04X}"}


def _text(data: bytes) -> Description:
    return {"text": data.decode("utf-8", "replace").rstrip("\0")}


def _service_data(data: bytes) -> Description:
    service = decode_service_data(data)
    return {"available": service.available, "machine_types": flag_labels(service.machine_types)}


_OTHER_MACHINES: Final[Mapping[str, str]] = {
    "2ACE": "Cross Trainer",
    "2ACF": "Step Climber",
    "2AD0": "Stair Climber",
    "2AD1": "Rower",
    "2AD2": "Indoor Bike",
}

_DESCRIBERS: Final[Mapping[str, Callable[[bytes], Description]]] = {
    assigned_numbers.FITNESS_MACHINE: _service_data,
    assigned_numbers.FITNESS_MACHINE_FEATURE: _feature,
    assigned_numbers.TRAINING_STATUS: _training_status,
    assigned_numbers.SUPPORTED_SPEED_RANGE: _range(decode_speed_range, "kmh", 100),
    assigned_numbers.SUPPORTED_INCLINATION_RANGE: _range(decode_inclination_range, "percent", 10),
    assigned_numbers.SUPPORTED_RESISTANCE_LEVEL_RANGE: _range(decode_resistance_range, "level", 10),
    assigned_numbers.SUPPORTED_HEART_RATE_RANGE: _range(decode_heart_rate_range, "bpm"),
    assigned_numbers.SUPPORTED_POWER_RANGE: _range(decode_power_range, "w"),
    assigned_numbers.FITNESS_MACHINE_CONTROL_POINT: _control_point,
    assigned_numbers.FITNESS_MACHINE_STATUS: _machine_status,
    assigned_numbers.HEART_RATE_MEASUREMENT: _heart_rate,
    assigned_numbers.RSC_MEASUREMENT: _rsc,
    assigned_numbers.RSC_FEATURE: _rsc_feature,
    **dict.fromkeys(assigned_numbers.DEVICE_INFORMATION_STRINGS, _text),
}
