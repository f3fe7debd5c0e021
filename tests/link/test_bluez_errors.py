"""Each failure BlueZ and the bus can name leaves as one of ours, with a hint where a person can do something."""

from __future__ import annotations

import pytest

from runback.errors import AdapterUnavailable, AttError, LinkError, LinkLost
from runback.link.bluez_errors import of_adapter, of_operation

FREEDESKTOP = "org.freedesktop.DBus.Error"
BLUEZ = "org.bluez.Error"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (f"{FREEDESKTOP}.ServiceUnknown", "The name org.bluez was not provided by any .service files"),
        (f"{FREEDESKTOP}.NoReply", "Message recipient disconnected from message bus without replying"),
        (f"{FREEDESKTOP}.UnknownObject", ""),
        (f"{FREEDESKTOP}.UnknownMethod", 'Method "WriteValue" doesn\'t exist'),
        (f"{BLUEZ}.NotConnected", "Not Connected"),
        (f"{BLUEZ}.Failed", "Not connected"),
    ],
)
def test_an_operation_that_meets_no_connection_is_a_loss(name: str, text: str) -> None:
    assert type(of_operation(name, text)) is LinkLost


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("NotPermitted", 0x05),
        ("NotSupported", 0x06),
        ("InvalidOffset", 0x07),
        ("NotAuthorized", 0x08),
        ("InvalidArguments", 0x0D),
        ("InvalidValueLength", 0x0D),
    ],
)
def test_a_named_refusal_is_the_att_error_it_stands_for(name: str, code: int) -> None:
    """Core vol 3 F table 3.4."""
    refusal = of_operation(f"{BLUEZ}.{name}", "")
    assert isinstance(refusal, AttError)
    assert refusal.code == code


def test_a_failure_nobody_knows_is_neither_a_loss_nor_a_refusal() -> None:
    unknown = of_operation(f"{BLUEZ}.Failed", "Operation failed")
    assert type(unknown) is LinkError
    assert "Operation failed" in str(unknown)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        (f"{FREEDESKTOP}.ServiceUnknown", "systemctl start bluetooth"),
        (f"{BLUEZ}.NotReady", "turn Bluetooth on"),
        (f"{FREEDESKTOP}.AccessDenied", "group bluetooth"),
        (f"{FREEDESKTOP}.UnknownObject", "plug it in"),
    ],
)
def test_an_adapter_that_cannot_be_used_comes_with_its_hint_in_one_line(name: str, hint: str) -> None:
    failure = of_adapter(name, "whatever it says")
    assert isinstance(failure, AdapterUnavailable)
    assert hint in str(failure)
    assert "\n" not in str(failure)


def test_a_busy_adapter_is_a_connection_that_did_not_come_up() -> None:
    assert isinstance(of_adapter(f"{BLUEZ}.InProgress", "Operation already in progress"), LinkLost)
