"""What `runback decode` says of bytes."""

from __future__ import annotations

import pytest

from runback.errors import CodecError, InputError
from runback.ftms.describe import Description, describe, parse_hex
from tests.support.captures import captures


def one(uuid: str, octets: str) -> Description:
    (described,) = describe(uuid, [bytes.fromhex(octets)])
    return described


@pytest.mark.parametrize(
    "uuid",
    [
        "2ACD",
        "2acd",
        "0x2ACD",
        "0X2acd",
        " 2ACD ",
        "00002ACD",
        "00002acd-0000-1000-8000-00805f9b34fb",
        "00002ACD-0000-1000-8000-00805F9B34FB",
        "00002acd00001000800000805f9b34fb",
    ],
)
def test_a_uuid_may_be_written_in_any_form(uuid: str) -> None:
    assert one(uuid, "00006400")["speed_kmh"] == 1.0


@pytest.mark.parametrize(
    "uuid", ["", "2AC", "2ACDE", "speed", "2ACE", "0x2A19", "d18d2c10-c44c-11e8-a355-529269fb1459"]
)
def test_a_uuid_nobody_can_read_is_refused_with_those_that_can_be(uuid: str) -> None:
    with pytest.raises(InputError) as refused:
        describe(uuid, [b"\x00\x00"])
    assert "2ACD" in refused.value.hint
    assert "1826" in refused.value.hint
    assert "\n" not in str(refused.value)


def test_a_record_is_described_in_full() -> None:
    # every field, wide paces
    octets = "fe1f" + "0101" + "0201" + "030201" + "3c00e2ff" + "0a000b00" + "2c012d01"
    octets += "0a002c0105" + "78" + "37" + "2700" + "1027" + "fbff9600"
    assert one("2ACD", octets) == {
        "speed_kmh": 2.57,
        "average_speed_kmh": 2.58,
        "distance_m": 66051,
        "inclination_percent": 6.0,
        "ramp_angle_deg": -3.0,
        "elevation_gain_positive_m": 1.0,
        "elevation_gain_negative_m": 1.1,
        "pace_s_per_500m": 300,
        "pace_average_s_per_500m": 301,
        "energy_total_kcal": 10,
        "energy_per_hour_kcal": 300,
        "energy_per_minute_kcal": 5,
        "heart_rate_bpm": 120,
        "met": 5.5,
        "elapsed_s": 39,
        "remaining_s": 10000,
        "force_on_belt_n": -5,
        "power_w": 150,
        "more_data": False,
        "truncated": False,
    }


def test_a_narrow_pace_has_its_own_unit() -> None:
    assert one("2ACD", "61000c0d") == {
        "pace_km_per_min": 1.2,
        "pace_average_km_per_min": 1.3,
        "more_data": True,
        "truncated": False,
    }


def test_absent_values_have_no_key_and_unavailable_ones_are_null() -> None:
    # capture: Sperax RM-01
    assert one("2ACD", "840464001400000200ffffff3f00") == {
        "speed_kmh": 1.0,
        "distance_m": 20,
        "energy_total_kcal": 2,
        "energy_per_hour_kcal": None,
        "energy_per_minute_kcal": None,
        "elapsed_s": 63,
        "more_data": False,
        "truncated": False,
    }


def test_a_cut_record_is_described_as_far_as_it_goes() -> None:
    # capture: Matrix older console
    described = one("2ACD", "9e1b000000000000000000ff7f0000ffff000000")
    assert described["truncated"] is True
    assert described["energy_total_kcal"] == 0
    assert described["ramp_angle_deg"] is None
    assert "energy_per_hour_kcal" not in described
    assert "heart_rate_bpm" not in described


# captures: Technogym MyRun
FIRST, LAST = (bytes.fromhex(capture["hex"]) for capture in captures("2ACD") if "Technogym" in capture["source"])


def test_successive_parts_are_one_record() -> None:
    (described,) = describe("2ACD", [FIRST, LAST])
    assert described["speed_kmh"] == 5.9
    assert described["average_speed_kmh"] == 3.88
    assert described["more_data"] is False


def test_an_unfinished_record_is_said_to_be_one() -> None:
    whole, rest = describe("2ACD", [FIRST, LAST, FIRST])
    assert whole["more_data"] is False
    assert rest["more_data"] is True
    assert rest["average_speed_kmh"] == 3.88


def test_nothing_is_described_as_nothing() -> None:
    assert describe("2ACD", []) == []
    assert describe("2AD9", []) == []


def test_octets_that_do_not_fit_are_a_codec_error() -> None:
    with pytest.raises(CodecError, match="Treadmill Data"):
        describe("2ACD", [b"\x00"])


@pytest.mark.parametrize(
    ("uuid", "octets", "described"),
    [
        ("2AD4", "600083022000", {"min_kmh": 0.96, "max_kmh": 6.43, "increment_kmh": 0.32}),
        ("2AD5", "c4ff96000500", {"min_percent": -6.0, "max_percent": 15.0, "increment_percent": 0.5}),
        ("2AD6", "0000c8000a00", {"min_level": 0.0, "max_level": 20.0, "increment_level": 1.0}),
        ("2AD7", "3cdc01", {"min_bpm": 60, "max_bpm": 220, "increment_bpm": 1}),
        ("2AD8", "9cffb80b0500", {"min_w": -100, "max_w": 3000, "increment_w": 5}),
        ("2AD9", "800201", {"request": "Set Target Speed", "request_op_code": "0x02"}
         | {"result": "Success", "result_code": "0x01"}),
        ("2AD9", "800305", {"request": "Set Target Inclination", "request_op_code": "0x03"}
         | {"result": "Control Not Permitted", "result_code": "0x05"}),
        ("2AD9", "807f0aee", {"request": "Unknown 0x7F", "request_op_code": "0x7F"}
         | {"result": "Unknown 0x0A", "result_code": "0x0A", "parameter": "ee"}),
        ("2AD9", "801301e803d007", {"request": "Spin Down Control", "request_op_code": "0x13"}
         | {"result": "Success", "result_code": "0x01"}
         | {"target_speed_low_kmh": 10.0, "target_speed_high_kmh": 20.0}),
        ("2AD9", "801301e803", {"request": "Spin Down Control", "request_op_code": "0x13"}
         | {"result": "Success", "result_code": "0x01", "parameter": "e803"}),
        ("2AD9", "023403", {"request": "Set Target Speed", "request_op_code": "0x02", "speed_kmh": 8.2}),
        ("2AD9", "033c00", {"request": "Set Target Inclination", "request_op_code": "0x03"}
         | {"inclination_percent": 6.0}),
        ("2AD9", "0802", {"request": "Stop or Pause", "request_op_code": "0x08", "action": "Pause"}),
        ("2AD9", "0807", {"request": "Stop or Pause", "request_op_code": "0x08", "action": "Unknown 0x07"}),
        ("2AD9", "0e01000200", {"request": "Set Targeted Time in Two Heart Rate Zones", "request_op_code": "0x0E"}
         | {"time_in_fat_burn_zone_s": 1, "time_in_fitness_zone_s": 2}),
        ("2AD9", "7f01", {"request": "Unknown 0x7F", "request_op_code": "0x7F", "parameter": "01"}),
        ("2ADA", "05d100", {"status": "Target Speed Changed", "op_code": "0x05", "speed_kmh": 2.09}),
        ("2ADA", "05", {"status": "Target Speed Changed", "op_code": "0x05", "speed_kmh": None}),
        ("2ADA", "040000", {"status": "Started or Resumed by the User", "op_code": "0x04"}),
        ("2ADA", "0201", {"status": "Stopped or Paused by the User", "op_code": "0x02", "action": "Stop"}),
        ("2ADA", "ff", {"status": "Control Permission Lost", "op_code": "0xFF"}),
        ("2ADA", "7f", {"status": "Unknown 0x7F", "op_code": "0x7F"}),
        ("2AD3", "000e", {"status": "Pre-Workout", "code": "0x0E", "string": None}),
        ("2AD3", "0010", {"status": "Unknown 0x10", "code": "0x10", "string": None}),
        ("2AD3", "03024869", {"status": "Warming Up", "code": "0x02", "string": "Hi", "extended_string": True}),
        ("2ACC", "4412000001000000",
         {"features": ["Total Distance", "Step Count", "Expended Energy", "Elapsed Time"], "targets": ["Speed"]}
         | {"features_hex": "0x00001244", "targets_hex": "0x00000001"}),
        ("2ACC", "0000100000000080", {"features": ["Reserved Bit 20"], "targets": ["Reserved Bit 31"]}
         | {"features_hex": "0x00100000", "targets_hex": "0x80000000"}),
        ("2A37", "107572032702", {"heart_rate_bpm": 117, "contact": None, "rr_ms": [861.3, 538.1]}),
        ("2A37", "0e751000", {"heart_rate_bpm": 117, "contact": True, "energy_kj": 16}),
        ("2A53", "078002b46400e8030000",
         {"speed_kmh": 9.0, "cadence_per_min": 180, "stride_m": 1.0, "distance_m": 100.0, "running": True}),
        ("2A54", "0600", {"features": ["Total Distance", "Walking or Running Status"], "features_hex": "0x0006"}),
        ("1826", "010100", {"available": True, "machine_types": ["Treadmill"]}),
        ("1826", "2618002100", {"available": False, "machine_types": ["Treadmill", "Indoor Bike"]}),
    ],
)  # fmt: skip
def test_each_characteristic_has_its_keys(uuid: str, octets: str, described: Description) -> None:
    assert one(uuid, octets) == described


@pytest.mark.parametrize(
    "text",
    [
        "842501ff",
        "842501FF",
        "84 25 01 ff",
        "84:25:01:FF",
        "84-25-01-ff",
        "84,25,01,ff",
        " 8425 01ff\n",
        "0x842501ff",
        "0X842501FF",
        "0x84 0x25 0x01 0xFF",
    ],
)
def test_hex_may_be_written_in_any_form(text: str) -> None:
    assert parse_hex(text) == b"\x84\x25\x01\xff"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("842", "half a byte"),
        ("84 2 501", "half a byte"),
        ("0x", "not hex"),
        ("", "not hex"),
        ("  ", "not hex"),
        ("84g5", "not hex"),
        ("84;25", "not hex"),
        ("-84", "not hex"),
        ("٨٤", "not hex"),
        ("0x0x84", "not hex"),
    ],
)
def test_what_is_no_hex_is_refused_with_the_hint(text: str, what: str) -> None:
    with pytest.raises(InputError, match=what) as refused:
        parse_hex(text)
    assert "84 25 01" in refused.value.hint
    assert "\n" not in str(refused.value)
