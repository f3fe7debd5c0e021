"""Features, ranges and both statuses: whatever a machine says is heard."""

from __future__ import annotations

import pytest

from runback.errors import CodecError
from runback.ftms.assigned_numbers import Feature, SpinDownStatus, StatusCode, StopPause, TargetFeature, TrainingCode
from runback.ftms.feature import MachineFeature, decode_feature
from runback.ftms.ranges import (
    HeartRateRange,
    InclinationRange,
    PowerRange,
    Range,
    ResistanceRange,
    SpeedRange,
    decode_heart_rate_range,
    decode_inclination_range,
    decode_power_range,
    decode_resistance_range,
    decode_speed_range,
)
from runback.ftms.status import (
    STATUS_PARAMETERS,
    MachineStatus,
    TrainingStatus,
    decode_machine_status,
    decode_training_status,
)


def test_features_keep_reserved_bits() -> None:
    decoded = decode_feature(bytes.fromhex("01000080" + "02000040" + "ee"))
    assert decoded == MachineFeature(Feature(0x80000001), TargetFeature(0x40000002))
    assert Feature.AVERAGE_SPEED in decoded.features
    assert TargetFeature.INCLINATION in decoded.targets


def test_all_assigned_bits_stand_where_the_specification_has_them() -> None:
    # ftms.md: features and targets 0 to 16
    assert [bit.value.bit_length() - 1 for bit in Feature] == list(range(17))
    assert [bit.value.bit_length() - 1 for bit in TargetFeature] == list(range(17))


@pytest.mark.parametrize("length", range(8))
def test_a_short_feature_is_an_error(length: int) -> None:
    # quirk 35: empty reads until the first start (Horizon 7.4AT-03)
    with pytest.raises(CodecError):
        decode_feature(bytes(length))


def test_each_range_is_read_in_its_own_signs_and_widths() -> None:
    assert decode_speed_range(bytes.fromhex("6400d0070a00")) == SpeedRange(100, 2000, 10)
    # quirk 27: Tunturi TT8 goes down to -6 %
    assert decode_inclination_range(bytes.fromhex("c4ff96000500")) == InclinationRange(-60, 150, 5)
    assert decode_resistance_range(bytes.fromhex("f6ffc8000a00")) == ResistanceRange(-10, 200, 10)
    assert decode_heart_rate_range(bytes.fromhex("3cdc01")) == HeartRateRange(60, 220, 1)
    assert decode_power_range(bytes.fromhex("9cffb80b0500")) == PowerRange(-100, 3000, 5)


def test_a_resistance_range_of_three_octets_is_the_other_edition() -> None:
    assert decode_resistance_range(bytes.fromhex("0ac80a")) == ResistanceRange(10, 200, 10)


def test_octets_behind_a_range_are_ignored() -> None:
    assert decode_speed_range(bytes.fromhex("6400d0070a00ffff")) == SpeedRange(100, 2000, 10)
    assert decode_heart_rate_range(bytes.fromhex("3cdc01ff")) == HeartRateRange(60, 220, 1)


def test_a_range_of_one_thing_is_no_range_of_another() -> None:
    ranges: set[Range] = {SpeedRange(0, 1, 1), InclinationRange(0, 1, 1), PowerRange(0, 1, 1)}
    assert len(ranges) == 3


@pytest.mark.parametrize("octets", ["", "6400", "6400d0070a"])
def test_a_short_range_is_an_error(octets: str) -> None:
    data = bytes.fromhex(octets)
    for decode in (decode_speed_range, decode_inclination_range, decode_power_range):
        with pytest.raises(CodecError, match="6 bytes"):
            decode(data)
    for narrow in (decode_heart_rate_range, decode_resistance_range):
        with pytest.raises(CodecError, match="3 bytes"):
            narrow(data[:2])


@pytest.mark.parametrize("code", TrainingCode)
def test_each_training_status_is_known(code: TrainingCode) -> None:
    assert decode_training_status(bytes([0, code])).status is code


def test_training_status_says_its_string() -> None:
    assert decode_training_status(b"\x01\x02Warm\xc3\xa9") == TrainingStatus(TrainingCode.WARMING_UP, "Warmé")
    assert decode_training_status(b"\x03\x02Warm") == TrainingStatus(TrainingCode.WARMING_UP, "Warm", extended=True)


def test_a_promised_string_need_not_come() -> None:
    # quirk 35: Yesoul sends 01 0d
    assert decode_training_status(bytes.fromhex("010d")) == TrainingStatus(TrainingCode.MANUAL_MODE)
    assert decode_training_status(bytes.fromhex("010d00")) == TrainingStatus(TrainingCode.MANUAL_MODE)


def test_octets_behind_a_training_status_without_string_are_ignored() -> None:
    assert decode_training_status(bytes.fromhex("000d4142")) == TrainingStatus(TrainingCode.MANUAL_MODE)


def test_a_string_that_is_no_utf8_is_replaced() -> None:
    assert decode_training_status(b"\x01\x01a\xff").string == "a\ufffd"


def test_a_reserved_training_status_stays_its_number() -> None:
    # quirk 34: Urevo, pausing and paused
    assert [decode_training_status(bytes([0, code])).status for code in (0x10, 0x11)] == [0x10, 0x11]


@pytest.mark.parametrize("octets", ["", "00"])
def test_a_training_status_without_status_is_an_error(octets: str) -> None:
    with pytest.raises(CodecError):
        decode_training_status(bytes.fromhex(octets))


STATUSES = (
    ("01", StatusCode.RESET, ()),
    ("0201", StatusCode.STOPPED_OR_PAUSED_BY_THE_USER, (StopPause.STOP,)),
    ("0202", StatusCode.STOPPED_OR_PAUSED_BY_THE_USER, (StopPause.PAUSE,)),
    ("03", StatusCode.STOPPED_BY_SAFETY_KEY, ()),
    ("04", StatusCode.STARTED_OR_RESUMED_BY_THE_USER, ()),
    ("05d100", StatusCode.TARGET_SPEED_CHANGED, (209,)),
    ("06e2ff", StatusCode.TARGET_INCLINE_CHANGED, (-30,)),
    ("07c8", StatusCode.TARGET_RESISTANCE_LEVEL_CHANGED, (200,)),
    ("07f6ff", StatusCode.TARGET_RESISTANCE_LEVEL_CHANGED, (-10,)),
    ("08fa00", StatusCode.TARGET_POWER_CHANGED, (250,)),
    ("098c", StatusCode.TARGET_HEART_RATE_CHANGED, (140,)),
    ("0a2c01", StatusCode.TARGETED_EXPENDED_ENERGY_CHANGED, (300,)),
    ("0b1027", StatusCode.TARGETED_NUMBER_OF_STEPS_CHANGED, (10_000,)),
    ("0c8813", StatusCode.TARGETED_NUMBER_OF_STRIDES_CHANGED, (5_000,)),
    ("0da08601", StatusCode.TARGETED_DISTANCE_CHANGED, (100_000,)),
    ("0e0807", StatusCode.TARGETED_TRAINING_TIME_CHANGED, (1_800,)),
    ("0f01000200", StatusCode.TARGETED_TIME_IN_TWO_HEART_RATE_ZONES_CHANGED, (1, 2)),
    ("10010002000300", StatusCode.TARGETED_TIME_IN_THREE_HEART_RATE_ZONES_CHANGED, (1, 2, 3)),
    ("1101000200030004000500", StatusCode.TARGETED_TIME_IN_FIVE_HEART_RATE_ZONES_CHANGED, (1, 2, 3, 4, 5)),
    ("12ffff96002833", StatusCode.INDOOR_BIKE_SIMULATION_PARAMETERS_CHANGED, (-1, 150, 40, 51)),
    ("130852", StatusCode.WHEEL_CIRCUMFERENCE_CHANGED, (21_000,)),
    ("1401", StatusCode.SPIN_DOWN_STATUS, (SpinDownStatus.SPIN_DOWN_REQUESTED,)),
    ("15b400", StatusCode.TARGETED_CADENCE_CHANGED, (180,)),
    ("ff", StatusCode.CONTROL_PERMISSION_LOST, ()),
)


@pytest.mark.parametrize(("octets", "op_code", "values"), STATUSES)
def test_each_machine_status_is_heard(octets: str, op_code: StatusCode, values: tuple[int, ...]) -> None:
    assert decode_machine_status(bytes.fromhex(octets)) == MachineStatus(op_code, values)


def test_the_table_of_machine_statuses_is_complete() -> None:
    assert {op_code for _, op_code, _ in STATUSES} == set(StatusCode)


@pytest.mark.parametrize(("octets", "op_code", "values"), STATUSES)
def test_a_padded_machine_status_means_the_same(octets: str, op_code: StatusCode, values: tuple[int, ...]) -> None:
    # quirk 34: Urevo pads to three bytes (04 00 00, 02 02 00)
    padded = decode_machine_status(bytes.fromhex(octets).ljust(3, b"\x00") + b"\x00")
    assert padded == MachineStatus(op_code, values)


@pytest.mark.parametrize("octets", ["05", "05d1", "02", "0d0102", "0f010002"])
def test_a_machine_status_is_heard_without_its_parameter(octets: str) -> None:
    decoded = decode_machine_status(bytes.fromhex(octets))
    assert decoded.op_code == bytes.fromhex(octets)[0]
    assert decoded.op_code in STATUS_PARAMETERS
    assert decoded.value is None


def test_a_status_value_is_its_first_parameter() -> None:
    assert decode_machine_status(bytes.fromhex("05d100")).value == 209
    assert decode_machine_status(bytes.fromhex("0202")).value is StopPause.PAUSE
    assert decode_machine_status(bytes.fromhex("0203")).value == 3


def test_an_unknown_machine_status_stays_its_number() -> None:
    assert decode_machine_status(bytes.fromhex("7f01")) == MachineStatus(0x7F)


def test_a_machine_status_without_op_code_is_an_error() -> None:
    with pytest.raises(CodecError):
        decode_machine_status(b"")
