"""What real machines sent decodes to what is stated of it: every entry, every stated value."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from runback.ftms.assigned_numbers import Feature, MachineType, Result, StopPause, TargetFeature, TrainingCode
from runback.ftms.control_point import (
    Request,
    Response,
    SetTargetInclination,
    StopOrPause,
    decode_request,
    decode_response,
)
from runback.ftms.display_names import code_label
from runback.ftms.feature import decode_feature
from runback.ftms.heart_rate import decode_heart_rate
from runback.ftms.ranges import decode_inclination_range, decode_speed_range
from runback.ftms.service_data import decode_service_data
from runback.ftms.status import decode_machine_status, decode_training_status
from runback.ftms.treadmill_data import TreadmillData, decode_treadmill_data, record_length, surplus
from runback.units import kmh, percent
from tests.support.captures import Capture, ad_structures, captures

FEATURE_NAMES = {
    "avg_speed": Feature.AVERAGE_SPEED,
    "total_distance": Feature.TOTAL_DISTANCE,
    "step_count": Feature.STEP_COUNT,
    "expended_energy": Feature.EXPENDED_ENERGY,
    "heart_rate": Feature.HEART_RATE_MEASUREMENT,
    "elapsed_time": Feature.ELAPSED_TIME,
    "power_measurement": Feature.POWER_MEASUREMENT,
}
TARGET_NAMES = {"speed": TargetFeature.SPEED, "resistance": TargetFeature.RESISTANCE}


def advert(data: bytes) -> dict[str, object]:
    parts = ad_structures(data)
    company = parts[0xFF]
    uuids = parts[0x03]
    return {
        "flags": parts[0x01][0],
        "manufacturer_data": {
            "company": f"0x{int.from_bytes(company[:2], 'little'):04X}",
            "data": company[2:].hex(),
        },
        "service_uuids16": [f"0x{int.from_bytes(uuids[i : i + 2], 'little'):04X}" for i in range(0, len(uuids), 2)],
    }


def scan_response(data: bytes) -> dict[str, object]:
    parts = ad_structures(data)
    whole = decode_service_data(parts[0x16])
    assert whole == decode_service_data(parts[0x16][2:])  # as a scanner hands it on
    return {
        "local_name": parts[0x09].decode(),
        "service_data_1826": {
            "flags": f"0x{parts[0x16][2]:02X}",
            "available": whole.available,
            "machine_type": f"0x{whole.machine_types:04X}",
            "treadmill": MachineType.TREADMILL in whole.machine_types,
        },
    }


def feature(data: bytes) -> dict[str, object]:
    decoded = decode_feature(data)
    return {
        "features": f"0x{decoded.features:08X}",
        "bits": [name for name, bit in FEATURE_NAMES.items() if bit in decoded.features],
        "targets": f"0x{decoded.targets:08X}",
        "target_bits": [name for name, bit in TARGET_NAMES.items() if bit in decoded.targets],
    }


def speed_range(data: bytes) -> dict[str, object]:
    decoded = decode_speed_range(data)
    return {
        "min_kmh": kmh(decoded.minimum),
        "max_kmh": kmh(decoded.maximum),
        "inc_kmh": kmh(decoded.increment),
    }


def inclination_range(data: bytes) -> dict[str, object]:
    decoded = decode_inclination_range(data)
    return {
        "min_pct": percent(decoded.minimum),
        "max_pct": percent(decoded.maximum),
        "inc_pct": percent(decoded.increment),
    }


def scaled(value: int | None, divisor: int) -> float | None:
    return None if value is None else value / divisor


def treadmill_data(data: bytes) -> dict[str, object]:
    flags = int.from_bytes(data[:2], "little")
    record = decode_treadmill_data(data)
    behind = surplus(data)
    return {
        "flags": f"0x{flags:04X}",
        "length": len(data),
        "expected_length_pace_u8": record_length(flags, 1),
        "expected_length_pace_u16": record_length(flags, 2),
        "more_data": record.more_data,
        "truncated": record.truncated,
        "_partial_tail": behind.hex(),
        "vendor_steps": int.from_bytes(behind[:2], "little"),
        "speed_kmh": scaled(record.speed, 100),
        "avg_speed_kmh": scaled(record.average_speed, 100),
        "distance_m": record.distance,
        "inclination_pct": scaled(record.inclination, 10),
        "ramp_angle_deg": scaled(record.ramp_angle, 10),
        "pos_elev_gain_raw": record.positive_elevation_gain,
        "neg_elev_gain_raw": record.negative_elevation_gain,
        "energy_total_kcal": record.energy_total,
        "energy_per_hour_kcal": record.energy_per_hour,
        "energy_per_min_kcal": record.energy_per_minute,
        "heart_rate_bpm": record.heart_rate,
        "met": scaled(record.met, 10),
        "elapsed_s": record.elapsed,
    }


def request(data: bytes) -> dict[str, object]:
    decoded = decode_request(data)
    assert isinstance(decoded, Request)
    assert decoded.encode() == data
    values: dict[str, object] = {"direction": "client->server", "op": code_label(decoded.op_code)}
    if isinstance(decoded, SetTargetInclination):
        values["inclination_pct"] = percent(decoded.inclination)
    if isinstance(decoded, StopOrPause):
        values["param"] = "Stop" if decoded.action is StopPause.STOP else "Pause"
    return values


def response(data: bytes) -> dict[str, object]:
    decoded = decode_response(data)
    assert decoded == Response(decoded.request, Result.SUCCESS)
    return {
        "direction": "server->client",
        "response": True,
        "request_opcode": f"0x{decoded.request:02X}",
        "result": code_label(decoded.result),
    }


def control_point(data: bytes) -> dict[str, object]:
    return response(data) if data[0] == 0x80 else request(data)


def machine_status(data: bytes) -> dict[str, object]:
    decoded = decode_machine_status(data)
    return {"op": code_label(decoded.op_code), "speed_kmh": scaled(decoded.value, 100)}


def training_status(data: bytes) -> dict[str, object]:
    decoded = decode_training_status(data)
    return {
        "flags": f"0x{data[0]:02X}",
        "status": f"0x{decoded.status:02X}",
        "rfu": not isinstance(decoded.status, TrainingCode),
    }


def heart_rate(data: bytes) -> dict[str, object]:
    decoded = decode_heart_rate(data)
    return {
        "flags": f"0x{data[0]:02X}",
        "bpm": decoded.bpm,
        "contact_supported": decoded.contact is not None,
        "rr_ms": [round(interval * 1000 / 1024, 1) for interval in decoded.rr_intervals],
    }


READERS: dict[str, Callable[[bytes], dict[str, object]]] = {
    "ADV": advert,
    "SCAN_RSP": scan_response,
    "2ACC": feature,
    "2ACD": treadmill_data,
    "2AD3": training_status,
    "2AD4": speed_range,
    "2AD5": inclination_range,
    "2AD9": control_point,
    "2ADA": machine_status,
    "2A37": heart_rate,
}


@pytest.mark.parametrize("capture", captures(), ids=lambda capture: f"{capture['characteristic']}-{capture['hex']}")
def test_a_capture_decodes_to_its_stated_values(capture: Capture) -> None:
    stated = capture["decoded"]
    read = READERS[capture["characteristic"]](bytes.fromhex(capture["hex"]))
    assert {name: read[name] for name in stated} == stated, capture["source"]


@pytest.mark.parametrize("capture", captures("2ACD"), ids=lambda capture: capture["hex"])
def test_only_the_cut_captures_are_marked_truncated(capture: Capture) -> None:
    # the Star Trac entry publishes the flags alone
    cut = bool(capture["decoded"].get("truncated")) or capture["hex"] == "fe17"
    assert decode_treadmill_data(bytes.fromhex(capture["hex"])).truncated is cut


@pytest.mark.parametrize("capture", captures("2ACD"), ids=lambda capture: capture["hex"])
def test_a_capture_holds_no_value_that_is_not_stated(capture: Capture) -> None:
    values = {
        "speed": "speed_kmh",
        "average_speed": "avg_speed_kmh",
        "distance": "distance_m",
        "inclination": "inclination_pct",
        "ramp_angle": "ramp_angle_deg",
        "positive_elevation_gain": "pos_elev_gain_raw",
        "negative_elevation_gain": "neg_elev_gain_raw",
        "energy_total": "energy_total_kcal",
        "energy_per_hour": "energy_per_hour_kcal",
        "energy_per_minute": "energy_per_min_kcal",
        "heart_rate": "heart_rate_bpm",
        "met": "met",
        "elapsed": "elapsed_s",
    }
    record: TreadmillData = decode_treadmill_data(bytes.fromhex(capture["hex"]))
    held = {str(field.name).lower() for field in record.present}
    assert {values[name] for name in held} == capture["decoded"].keys() & set(values.values())
