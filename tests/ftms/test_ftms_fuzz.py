"""Whatever the bytes, a decoder returns a value or raises CodecError."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.errors import CodecError
from runback.ftms.control_point import decode_request, decode_response
from runback.ftms.describe import describe
from runback.ftms.feature import decode_feature
from runback.ftms.heart_rate import decode_heart_rate
from runback.ftms.ranges import (
    decode_heart_rate_range,
    decode_inclination_range,
    decode_power_range,
    decode_resistance_range,
    decode_speed_range,
)
from runback.ftms.rsc import decode_rsc, decode_rsc_feature
from runback.ftms.service_data import decode_service_data
from runback.ftms.status import decode_machine_status, decode_training_status
from runback.ftms.treadmill_data import decode_treadmill_data, surplus

DECODERS: tuple[Callable[[bytes], object], ...] = (
    decode_feature,
    decode_heart_rate,
    decode_heart_rate_range,
    decode_inclination_range,
    decode_machine_status,
    decode_power_range,
    decode_request,
    decode_resistance_range,
    decode_response,
    decode_rsc,
    decode_rsc_feature,
    decode_service_data,
    decode_speed_range,
    decode_training_status,
    decode_treadmill_data,
    surplus,
)
DECODABLE = (
    "1826",
    "2A24",
    "2A29",
    "2A37",
    "2A53",
    "2A54",
    "2ACC",
    "2ACD",
    *(f"2A{number:02X}" for number in range(0xD3, 0xDB)),
)

OCTETS = st.binary(max_size=64) | st.binary(max_size=3)


def refusal(decode: Callable[[bytes], object], data: bytes) -> CodecError | None:
    """How `decode` refuses `data`; None if it takes it. Any other error passes through and fails the test."""
    try:
        decode(data)
    except CodecError as error:
        return error
    return None


@pytest.mark.parametrize("decode", DECODERS, ids=lambda decode: decode.__name__)
@given(data=OCTETS)
def test_a_decoder_raises_nothing_but_codec_error(decode: Callable[[bytes], object], data: bytes) -> None:
    error = refusal(decode, data)
    assert error is None or (error.data == data and str(error).isprintable())


@pytest.mark.full
@pytest.mark.parametrize("decode", DECODERS, ids=lambda decode: decode.__name__)
def test_every_first_octet_may_come_in_every_length(decode: Callable[[bytes], object]) -> None:
    for first in range(256):
        for length in range(40):
            data = bytes([first]) + bytes(range(length))
            error = refusal(decode, data)
            assert error is None or error.data == data


@pytest.mark.parametrize("uuid", DECODABLE)
@given(notifications=st.lists(OCTETS, max_size=12))
def test_every_description_is_json_of_clean_numbers(uuid: str, notifications: list[bytes]) -> None:
    try:
        described = describe(uuid, notifications)
    except CodecError:
        return
    text = json.dumps(described, allow_nan=False)
    assert json.loads(text) == described
    for entry in described:
        for value in entry.values():
            if isinstance(value, float):
                assert value == round(value, 4)
                assert len(repr(value).partition(".")[2]) <= 4
