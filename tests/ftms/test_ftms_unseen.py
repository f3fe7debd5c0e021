"""Bytes of treadmills whose captures are not in captures.json: what `runback decode` makes of them, and of anything.

Facts only were taken: a source stands with each.
"""

from __future__ import annotations

import contextlib
import io
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from runback.cli.app import execute
from runback.errors import CodecError
from runback.ftms.control_point import (
    Response,
    SetTargetResistanceLevel,
    UnknownRequest,
    decode_request,
    decode_response,
)
from runback.ftms.describe import describe, parse_hex

UNSEEN = {
    # what, and who saw it: characteristic, bytes, part of what is said
    "Horizon at rest (cagnulein/qdomyos-zwift issue 175)": (
        "2ACD",
        "0x84-04-00-00-00-00-00-00-00-00-00-00-00-00",
        {"speed_kmh": 0.0, "distance_m": 0, "elapsed_s": 0, "truncated": False},
    ),
    "Kettler Alpha Run 600 walking (knallfahrrad.de, p=1236)": (
        "00002ACD-0000-1000-8000-00805F9B34FB",
        "8C-05-64-00-14-00-00-00-00-00-00-05-00-E7-00-03-00-5B-00",
        {"speed_kmh": 1.0, "distance_m": 20, "energy_per_hour_kcal": 231, "elapsed_s": 91, "truncated": False},
    ),
    "FS-6041F1 features (TrackMyIndoorWorkout issue 470)": (
        "2ACC",
        "5C-16-00-00-03-00-00-00",
        {"targets": ["Speed", "Inclination"], "features_hex": "0x0000165C"},
    ),
    "FS-6041F1 idle, a string announced and none there (the same)": ("2AD3", "01-01", {"status": "Idle"}),
    "FITSHOW FS-BT-T4, a range in miles told as km/h (justintout/treadmill README)": (
        "2AD4",
        "3c007c010a00",
        {"min_kmh": 0.6, "max_kmh": 3.8, "increment_kmh": 0.1},
    ),
    "the same, a power range nobody has": ("2AD8", "00000f270100", {"min_w": 0, "max_w": 9999, "increment_w": 1}),
    "the same, energy rates not available": (
        "2ACD",
        "8c05 2c01 640000 0000 0000 0a00 ffff ff 00 7800",
        {"speed_kmh": 3.0, "energy_per_hour_kcal": None, "energy_per_minute_kcal": None, "elapsed_s": 120},
    ),
    "CITYSPORTS-Linker, reserved bit 13 (hughesjs/FitnessMachine protocol)": (
        "2ACD",
        "8424 c800 640000 0a00 ffff ff 7800 3200 00",
        {"speed_kmh": 2.0, "distance_m": 100, "elapsed_s": 120, "truncated": False},
    ),
}

SHAPES = {
    "features of four octets": ("2ACC", "5C160000", "8 bytes are needed"),
    "half a range": ("2AD4", "5000d007", "6 bytes are needed"),
    "half a byte": ("2ACD", "842", "ends in half a byte"),
    "no hex": ("2ACD", "84zz", "is not hex"),
    "a bike": ("2AD2", "6402700400000000", "is Indoor Bike Data, of another kind of machine"),
    "a cross trainer": ("0x2ace", "000000", "is Cross Trainer Data, of another kind of machine"),
    "a rower": ("{00002AD1-0000-1000-8000-00805F9B34FB}", "00", "is Rower Data, of another kind of machine"),
    "a stair climber": ("2AD0", "00", "is Stair Climber Data"),
    "a step climber": ("2ACF", "00", "is Step Climber Data"),
    "a vendor's": ("FFF1", "00", "cannot be decoded"),
    "flags cut off": ("2ACD", "84", "the flags are missing"),
    "a response cut off": ("2AD9", "8007", "at least 3 bytes"),
    "a request cut off": ("2AD9", "02", "lacks its parameter"),
}
ACCEPTED = {
    "features of ten octets": ("2ACC", "5C16000003000000FFFF", {"features_hex": "0x0000165C"}),
    "a range with an octet too many": ("2AD4", "5000d0070a00ff", {"max_kmh": 20.0}),
    "minimum and maximum swapped": ("2AD4", "d00750000a00", {"min_kmh": 20.0, "max_kmh": 0.8}),
    "an increment of 0": ("2AD4", "5000d0070000", {"increment_kmh": 0.0}),
    "a string that is UTF-8": ("2AD3", "010d5765c3a7", {"string": "Weç"}),
    "a string that is not": ("2AD3", "010dff41", {"string": "\ufffdA"}),
    "a vendor's status": ("2ADA", "aa0102", {"status": "Unknown 0xAA"}),
    "a status without its parameter": ("2ADA", "05", {"speed_kmh": None}),
    "a heart rate of 16 bits with intervals": ("2A37", "11 4b00 0004 0004", {"heart_rate_bpm": 75}),
    "running, everything told": ("2A53", "07cd02aa640002000000", {"stride_m": 1.0, "distance_m": 0.2, "running": True}),
    "more to come": ("2ACD", "0100", {"more_data": True}),
    "a record and another behind it": ("2ACD", "0000 5802 0000 5802", {"speed_kmh": 6.0, "truncated": False}),
    "a model": ("2A24", "5552544d30343100", {"text": "URTM041"}),
}


def decoded(*arguments: str) -> tuple[int, str, str]:
    """Exit code, output and complaint of `runback decode`."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = execute(["decode", "--", *arguments])
    return code, out.getvalue(), err.getvalue()


@pytest.mark.parametrize(("uuid", "octets", "said"), (UNSEEN | ACCEPTED).values(), ids=(UNSEEN | ACCEPTED).keys())
def test_octets_nobody_here_has_seen_are_decoded(uuid: str, octets: str, said: dict[str, object]) -> None:
    code, out, err = decoded(uuid, octets)
    assert (code, err) == (0, "")
    (line,) = out.splitlines()
    assert said.items() <= json.loads(line).items()


@pytest.mark.parametrize(("uuid", "octets", "what"), SHAPES.values(), ids=SHAPES.keys())
def test_what_cannot_be_decoded_is_one_clear_line(uuid: str, octets: str, what: str) -> None:
    code, out, err = decoded(uuid, octets)
    assert (code, out) == (2, "")
    assert what in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "form", ["8404", "84 04", "84:04", "84-04", "0x8404", "0X8404", "0x84,0x04", " 84\t04 ", "84, 04"]
)
def test_hex_is_read_however_a_log_writes_it(form: str) -> None:
    assert parse_hex(form) == b"\x84\x04"


@given(
    uuid=st.sampled_from(["2ACD", "2ACC", "2AD3", "2AD4", "2AD5", "2AD9", "2ADA", "2A37", "2A53", "1826", "2A24", "x"]),
    octets=st.lists(st.binary(max_size=30).map(bytes.hex) | st.text(max_size=12), min_size=1, max_size=4),
)
def test_whatever_is_typed_there_is_no_traceback(uuid: str, octets: list[str]) -> None:
    code, out, err = decoded(uuid, *octets)
    assert code in (0, 2)
    assert (err == "") is (code == 0)
    assert err.count("\n") <= 1
    for line in out.splitlines():
        json.loads(line)


@example(b"\x04\x00")
@given(st.binary(min_size=1, max_size=20))
def test_a_request_that_can_be_decoded_is_encoded_to_the_octets_it_came_from(data: bytes) -> None:
    with contextlib.suppress(CodecError):
        request = decode_request(data)
        if isinstance(request, UnknownRequest):
            assert bytes([request.op_code]) + request.parameter == data
        elif isinstance(request, SetTargetResistanceLevel) and len(data) == 2:
            assert decode_request(request.encode()) == request, "one octet in 1.0, two since 1.0.1: another form"
        else:
            assert data.startswith(request.encode())


@given(st.binary(min_size=3, max_size=20))
def test_a_response_that_can_be_decoded_is_encoded_to_the_octets_it_came_from(data: bytes) -> None:
    response = decode_response(b"\x80" + data[1:])
    assert isinstance(response, Response)
    assert response.encode() == b"\x80" + data[1:]


@given(st.lists(st.binary(min_size=2, max_size=20), max_size=5))
def test_split_records_are_said_to_be_whole_or_not(parts: list[bytes]) -> None:
    with contextlib.suppress(CodecError):
        told = describe("2ACD", parts)
        assert all(record["more_data"] is False for record in told[:-1])
