"""Heart rate, running speed and cadence, and what adverts say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.errors import CodecError
from runback.ftms.assigned_numbers import MachineType
from runback.ftms.heart_rate import HeartRate, decode_heart_rate
from runback.ftms.rsc import RscFeature, RscMeasurement, decode_rsc, decode_rsc_feature
from runback.ftms.service_data import ServiceData, decode_service_data


def test_a_heart_rate_has_one_octet_or_two() -> None:
    assert decode_heart_rate(bytes.fromhex("0075")) == HeartRate(117)
    assert decode_heart_rate(bytes.fromhex("012c01")) == HeartRate(300)


@pytest.mark.parametrize(("flags", "contact"), [(0x00, None), (0x02, None), (0x04, False), (0x06, True)])
def test_contact_is_known_only_where_the_sensor_supports_it(flags: int, contact: bool | None) -> None:
    assert decode_heart_rate(bytes([flags, 117])).contact is contact


def test_a_heart_rate_with_everything() -> None:
    decoded = decode_heart_rate(bytes.fromhex("1f" + "7500" + "1000" + "7203" + "2702"))
    assert decoded == HeartRate(117, contact=True, energy=16, rr_intervals=(882, 551))


def test_what_a_heart_rate_promises_and_does_not_send_is_absent() -> None:
    assert decode_heart_rate(bytes.fromhex("1875")) == HeartRate(117)
    assert decode_heart_rate(bytes.fromhex("187510")) == HeartRate(117)
    assert decode_heart_rate(bytes.fromhex("1075720327")) == HeartRate(117, rr_intervals=(882,))


@pytest.mark.parametrize("octets", ["", "00", "01", "0175"])
def test_a_heart_rate_without_its_value_is_an_error(octets: str) -> None:
    with pytest.raises(CodecError):
        decode_heart_rate(bytes.fromhex(octets))


def test_running_speed_and_cadence_with_everything() -> None:
    # 2.5 m/s is 9 km/h
    decoded = decode_rsc(bytes.fromhex("07" + "8002" + "b4" + "6400" + "e8030000"))
    assert decoded == RscMeasurement(640, 180, running=True, stride=100, distance=1000)
    assert decoded.speed_centi_kmh == 900


def test_running_speed_and_cadence_alone() -> None:
    assert decode_rsc(bytes.fromhex("00800250")) == RscMeasurement(640, 80, running=False)


def test_the_distance_stands_first_without_a_stride() -> None:
    assert decode_rsc(bytes.fromhex("02800250e8030000")).distance == 1000


def test_what_rsc_promises_and_does_not_send_is_absent() -> None:
    cut = decode_rsc(bytes.fromhex("0380025064"))
    assert (cut.stride, cut.distance) == (None, None)
    cut = decode_rsc(bytes.fromhex("038002506400e80300"))
    assert (cut.stride, cut.distance) == (100, None)


@pytest.mark.parametrize("octets", ["", "00", "008002"])
def test_rsc_without_speed_or_cadence_is_an_error(octets: str) -> None:
    with pytest.raises(CodecError):
        decode_rsc(bytes.fromhex(octets))


@given(st.integers(0, 0xFFFF))
def test_an_rsc_speed_is_off_by_no_more_than_half_a_hundredth(speed: int) -> None:
    decoded = decode_rsc(b"\x00" + speed.to_bytes(2, "little") + b"\x00")
    assert abs(decoded.speed_centi_kmh - speed / 256 * 360) <= 0.5


def test_rsc_features_keep_reserved_bits() -> None:
    decoded = decode_rsc_feature(bytes.fromhex("0680"))
    assert decoded == RscFeature.TOTAL_DISTANCE | RscFeature.WALKING_OR_RUNNING_STATUS | 0x8000
    with pytest.raises(CodecError):
        decode_rsc_feature(b"\x06")


def test_service_data_is_read_with_and_without_its_uuid() -> None:
    # capture: Urevo E1L, scan response: 16 | 2618 | 01 | 0100
    treadmill = ServiceData(available=True, machine_types=MachineType.TREADMILL)
    assert decode_service_data(bytes.fromhex("2618010100")) == treadmill
    assert decode_service_data(bytes.fromhex("010100")) == treadmill


def test_service_data_keeps_reserved_types_and_ignores_reserved_flags() -> None:
    decoded = decode_service_data(bytes.fromhex("fe0180"))
    assert not decoded.available
    assert decoded.machine_types == MachineType.TREADMILL | 0x8000


@pytest.mark.parametrize("octets", ["", "01", "0101", "2618"])
def test_short_service_data_is_an_error(octets: str) -> None:
    with pytest.raises(CodecError):
        decode_service_data(bytes.fromhex(octets))
