"""Assigned numbers and their names."""

from __future__ import annotations

import pytest

from runback.ftms import assigned_numbers
from runback.ftms.assigned_numbers import OpCode, Result, StatusCode, full_uuid, member, short_name, uuid
from runback.ftms.display_names import code_label

VENDOR = "d18d2c10-c44c-11e8-a355-529269fb1459"


def test_a_uuid_is_full_and_in_lower_case() -> None:
    assert uuid(0x2AD9) == "00002ad9-0000-1000-8000-00805f9b34fb" == assigned_numbers.FITNESS_MACHINE_CONTROL_POINT


@pytest.mark.parametrize(
    "text", ["2ACD", "2acd", "0x2acd", "0X2ACD", "00002acd", assigned_numbers.TREADMILL_DATA.upper()]
)
def test_every_form_of_a_uuid_is_understood(text: str) -> None:
    assert full_uuid(text) == assigned_numbers.TREADMILL_DATA
    assert short_name(text) == "2ACD"


def test_a_vendor_uuid_has_no_short_name() -> None:
    assert short_name(VENDOR.upper()) == VENDOR
    assert full_uuid(VENDOR.replace("-", "")) == VENDOR
    assert short_name("12342ACD") == "12342acd-0000-1000-8000-00805f9b34fb"


@pytest.mark.parametrize("text", ["", "2AC", "2ACDE", "0x", "2ACD-0000", "treadmill", "٢ACD", VENDOR + "0"])
def test_what_is_no_uuid_is_none(text: str) -> None:
    assert full_uuid(text) is None
    assert short_name(text) == text.lower()


def test_no_two_attributes_share_a_uuid() -> None:
    uuids = [value for name, value in vars(assigned_numbers).items() if name.isupper() and isinstance(value, str)]
    full = [value for value in uuids if full_uuid(value) == value]
    assert len(full) == len(set(full)) == 25


def test_a_received_number_becomes_its_member_or_stays() -> None:
    assert member(Result, 1) is Result.SUCCESS
    assert member(Result, 9) == 9
    assert not isinstance(member(Result, 9), Result)


@pytest.mark.parametrize(
    ("code", "label"),
    [
        (OpCode.START_OR_RESUME, "Start or Resume"),
        (OpCode.SET_TARGETED_NUMBER_OF_STEPS, "Set Targeted Number of Steps"),
        (StatusCode.STOPPED_BY_SAFETY_KEY, "Stopped by Safety Key"),
        (StatusCode.STOPPED_OR_PAUSED_BY_THE_USER, "Stopped or Paused by the User"),
        (assigned_numbers.TrainingCode.MANUAL_MODE, "Manual Mode (Quick Start)"),
        (assigned_numbers.Feature.FORCE_ON_BELT_AND_POWER_OUTPUT.value, "Unknown 0x8000"),
        (0x7F, "Unknown 0x7F"),
    ],
)
def test_codes_are_called_as_the_specification_calls_them(code: int, label: str) -> None:
    assert code_label(code) == label
