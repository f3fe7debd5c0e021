"""The Control Point: strict when sending, open when receiving."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.errors import CodecError
from runback.ftms.assigned_numbers import PAUSE, STOP, OpCode, Result, SpinDown, StopPause
from runback.ftms.control_point import (
    REQUESTS,
    Request,
    RequestControl,
    Reset,
    Response,
    SetIndoorBikeSimulationParameters,
    SetTargetedCadence,
    SetTargetedDistance,
    SetTargetedExpendedEnergy,
    SetTargetedNumberOfSteps,
    SetTargetedNumberOfStrides,
    SetTargetedTimeInFiveHeartRateZones,
    SetTargetedTimeInThreeHeartRateZones,
    SetTargetedTimeInTwoHeartRateZones,
    SetTargetedTrainingTime,
    SetTargetHeartRate,
    SetTargetInclination,
    SetTargetPower,
    SetTargetResistanceLevel,
    SetTargetSpeed,
    SetWheelCircumference,
    SpinDownControl,
    StartOrResume,
    StopOrPause,
    UnknownRequest,
    decode_request,
    decode_response,
)
from runback.units import incline_from_percent, kmh, percent, speed_from_kmh

# every request of S0/S1 4.16.2, bytes worked out by hand
REQUEST_OCTETS = (
    (RequestControl(), "00"),
    (Reset(), "01"),
    (SetTargetSpeed(820), "023403"),
    (SetTargetInclination(60), "033c00"),
    (SetTargetInclination(-30), "03e2ff"),
    (SetTargetResistanceLevel(-10), "04f6ff"),
    (SetTargetPower(250), "05fa00"),
    (SetTargetHeartRate(140), "068c"),
    (StartOrResume(), "07"),
    (StopOrPause(StopPause.STOP), "0801"),
    (StopOrPause(StopPause.PAUSE), "0802"),
    (SetTargetedExpendedEnergy(300), "092c01"),
    (SetTargetedNumberOfSteps(10_000), "0a1027"),
    (SetTargetedNumberOfStrides(5_000), "0b8813"),
    (SetTargetedDistance(100_000), "0ca08601"),
    (SetTargetedTrainingTime(1_800), "0d0807"),
    (SetTargetedTimeInTwoHeartRateZones(1, 2), "0e01000200"),
    (SetTargetedTimeInThreeHeartRateZones(1, 2, 3), "0f010002000300"),
    (SetTargetedTimeInFiveHeartRateZones(1, 2, 3, 4, 5), "1001000200030004000500"),
    (SetIndoorBikeSimulationParameters(-1, 150, 40, 51), "11ffff96002833"),
    (SetWheelCircumference(21_000), "120852"),
    (SpinDownControl(SpinDown.START), "1301"),
    (SetTargetedCadence(180), "14b400"),
)


@pytest.mark.parametrize(("request_", "octets"), REQUEST_OCTETS, ids=[octets for _, octets in REQUEST_OCTETS])
def test_each_request_is_written_and_read_as_specified(request_: Request, octets: str) -> None:
    assert request_.encode().hex() == octets
    assert decode_request(bytes.fromhex(octets)) == request_


def test_every_op_code_but_the_response_has_a_request() -> None:
    assert REQUESTS.keys() == set(OpCode) - {OpCode.RESPONSE_CODE}
    assert {type(request) for request, _ in REQUEST_OCTETS} == set(REQUESTS.values())


def test_stop_and_pause_lie_ready() -> None:
    # capture: Urevo E1L t=80.963, 08 01
    assert bytes.fromhex("0801") == STOP == StopOrPause(StopPause.STOP).encode()
    assert bytes.fromhex("0802") == PAUSE == StopOrPause(StopPause.PAUSE).encode()


def test_every_speed_from_0_1_to_25_survives_the_way_there_and_back() -> None:
    # int(value / factor) made 8.2 km/h into 819 elsewhere
    for hundredths in range(10, 2501):
        asked = float(f"{hundredths // 100}.{hundredths % 100:02}")
        there = SetTargetSpeed(speed_from_kmh(asked)).encode()
        assert there == b"\x02" + hundredths.to_bytes(2, "little")
        back = decode_request(there)
        assert isinstance(back, SetTargetSpeed)
        assert kmh(back.speed) == asked


def test_every_inclination_from_minus_10_to_40_survives_the_way_there_and_back() -> None:
    for tenths in range(-100, 401):
        asked = float(f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}")
        back = decode_request(SetTargetInclination(incline_from_percent(asked)).encode())
        assert isinstance(back, SetTargetInclination)
        assert percent(back.inclination) == asked


@pytest.mark.parametrize(
    "refused",
    [
        SetTargetSpeed(-1),
        SetTargetSpeed(0x10000),
        SetTargetInclination(0x8000),
        SetTargetInclination(-0x8001),
        SetTargetHeartRate(256),
        SetTargetHeartRate(-1),
        SetTargetedDistance(0x1000000),
        SetTargetedTimeInTwoHeartRateZones(1, 0x10000),
        StopOrPause(0),
        StopOrPause(3),
        SpinDownControl(3),
    ],
)
def test_what_the_wire_cannot_carry_is_refused_not_clipped(refused: Request) -> None:
    with pytest.raises(CodecError, match="Fitness Machine Control Point"):
        refused.encode()


@pytest.mark.parametrize("value", [8.2, True, "820", None])
def test_only_integers_are_sent(value: object) -> None:
    with pytest.raises(CodecError, match="integer"):
        SetTargetSpeed(value).encode()  # type: ignore[arg-type]  # what an untyped caller could do


@pytest.mark.parametrize("octets", ["", "02", "0234", "03", "06", "08", "0ca086", "0e010002"])
def test_a_request_without_its_parameter_is_an_error(octets: str) -> None:
    with pytest.raises(CodecError):
        decode_request(bytes.fromhex(octets))


def test_octets_behind_a_request_are_ignored() -> None:
    # quirk 9: Technogym MyRun takes a key behind Request Control
    assert decode_request(bytes.fromhex("0093f051e81b42928e")) == RequestControl()


def test_a_resistance_level_of_one_octet_is_the_older_edition() -> None:
    assert decode_request(bytes.fromhex("04c8")) == SetTargetResistanceLevel(200)
    assert decode_request(bytes.fromhex("04c8ff")) == SetTargetResistanceLevel(-56)


def test_an_unknown_request_keeps_its_octets() -> None:
    assert decode_request(bytes.fromhex("7f0102")) == UnknownRequest(0x7F, b"\x01\x02")


def test_an_unknown_stop_is_read_but_cannot_be_sent() -> None:
    received = decode_request(bytes.fromhex("0805"))
    assert received == StopOrPause(5)
    assert isinstance(received, StopOrPause)
    with pytest.raises(CodecError, match="not assigned"):
        received.encode()


@pytest.mark.parametrize("result", Result)
@pytest.mark.parametrize("op_code", sorted(REQUESTS))
def test_every_response_is_read(op_code: int, result: Result) -> None:
    response = decode_response(bytes([0x80, op_code, result]))
    assert response == Response(OpCode(op_code), result)
    assert isinstance(response.request, OpCode)
    assert isinstance(response.result, Result)


def test_a_response_keeps_what_it_does_not_know() -> None:
    assert decode_response(bytes.fromhex("807f09aabb")) == Response(0x7F, 0x09, b"\xaa\xbb")


def test_a_spin_down_response_carries_its_speeds() -> None:
    assert decode_response(bytes.fromhex("801301e803d007")).parameter == bytes.fromhex("e803d007")


@pytest.mark.parametrize("octets", ["", "80", "8002", "020301", "000001"])
def test_what_is_no_whole_response_is_an_error(octets: str) -> None:
    with pytest.raises(CodecError):
        decode_response(bytes.fromhex(octets))


@given(st.integers(0, 255), st.integers(0, 255), st.binary(max_size=8))
def test_a_response_survives_the_way_there_and_back(request_: int, result: int, parameter: bytes) -> None:
    response = Response(request_, result, parameter)
    assert decode_response(response.encode()) == response


def test_a_response_code_beyond_an_octet_is_refused() -> None:
    with pytest.raises(CodecError):
        Response(0x100, Result.SUCCESS).encode()


@given(st.binary(min_size=1, max_size=16))
def test_a_request_that_can_be_read_and_sent_is_the_same_octets(data: bytes) -> None:
    try:
        request = decode_request(data)
        if isinstance(request, UnknownRequest):
            return
        sent = request.encode()
    except CodecError:
        return
    narrow_resistance = data[0] == OpCode.SET_TARGET_RESISTANCE_LEVEL and len(data) == 2
    assert data.startswith(sent) or narrow_resistance
