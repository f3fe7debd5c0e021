"""One client's ATT bearer, by hand: bytes in, bytes out."""

from __future__ import annotations

import pytest

from runback.peripheral.bearer import TRANSACTION_TIMEOUT, Bearer, Handles
from runback.simulator.gatt import Outgoing, Property, Value, WriteReply
from runback.simulator.spec import MachineSpec
from runback.simulator.treadmill import Treadmill

CONTROL = "00002ad9-0000-1000-8000-00805f9b34fb"
DATA = "00002acd-0000-1000-8000-00805f9b34fb"
STATUS = "00002ada-0000-1000-8000-00805f9b34fb"
BOTH: frozenset[Property] = frozenset({"write", "notify", "indicate"})
HANDLES = Handles(
    values={0x10: CONTROL, 0x20: DATA, 0x30: STATUS},
    cccds={0x11: CONTROL, 0x21: DATA, 0x31: STATUS},
    offered={CONTROL: frozenset({"write", "indicate"}), DATA: frozenset({"notify"}), STATUS: frozenset({"notify"})},
    locked=frozenset({0x0F, 0x01}),
)


class Desk:
    """A bearer to a treadmill, and all that it sent."""

    def __init__(self, spec: MachineSpec | None = None, handles: Handles = HANDLES) -> None:
        self.treadmill = Treadmill(spec)
        self.treadmill.connected(1, 0.0)
        self.sent: list[str] = []
        self.bearer = Bearer(1, self.treadmill, handles, lambda pdu: self.sent.append(pdu.hex(" ")))
        self.now = 0.0

    def take(self, pdu: str) -> bool:
        """Bytes from the client."""
        return self.bearer.take(bytes.fromhex(pdu), self.now)

    def carry(self, outgoing: Outgoing) -> None:
        assert isinstance(outgoing, Value | WriteReply)
        self.bearer.carry(outgoing, self.now)

    def run(self, until: float) -> list[str]:
        """Let time pass; returns what was sent meanwhile."""
        before = len(self.sent)
        while (at := self.treadmill.next_at()) is not None and at <= until:
            self.now = max(at, self.now)
            for one in self.treadmill.poll(self.now):
                self.carry(one)
        self.now = until
        return self.sent[before:]


def test_a_request_is_answered_when_the_machine_answers_and_its_response_indicated() -> None:
    desk = Desk()
    assert desk.take("12 11 00 02 00")
    assert desk.sent == ["13"]
    assert desk.take("12 10 00 00")
    assert desk.sent == ["13"]
    assert desk.run(1.0) == ["13", "1d 10 00 80 00 01"]


def test_the_next_indication_waits_for_the_confirmation_of_the_last() -> None:
    desk = Desk()
    desk.take("12 11 00 02 00")
    desk.take("12 10 00 00")
    desk.run(1.0)
    desk.take("12 10 00 07")
    assert desk.run(2.0) == ["13"]
    assert desk.take("1e")
    assert desk.sent[-1] == "1d 10 00 80 07 01"
    desk.take("1e")
    desk.take("1e")
    assert desk.sent[-1] == "1d 10 00 80 07 01"


def test_a_bearer_whose_indication_is_never_confirmed_is_dead_after_the_transaction_timeout() -> None:
    desk = Desk()
    desk.take("12 11 00 02 00")
    desk.take("12 10 00 00")
    desk.run(0.5)
    sent_at = 0.03  # two latencies of the machine
    assert not desk.bearer.dead(sent_at + TRANSACTION_TIMEOUT - 0.01)
    assert desk.bearer.dead(sent_at + TRANSACTION_TIMEOUT + 0.01)
    desk.take("1e")
    assert not desk.bearer.dead(1000.0)


def test_a_command_is_never_answered_not_even_refused() -> None:
    desk = Desk()
    for pdu in ("52 10 00 00", "52 11 00 02 00", "52 0f 00 01", "52 11 00 02", "52"):
        assert desk.take(pdu)
    assert desk.run(1.0) == []
    assert desk.bearer.cccd(CONTROL) == b"\x02\x00"


@pytest.mark.parametrize(
    ("pdu", "answer"),
    [
        ("12 10 00 00", "01 12 10 00 fd"),  # its CCCD has not been written
        ("12 20 00 00", "01 12 20 00 03"),  # Treadmill Data is not written
        ("12 0f 00 01", "01 12 0f 00 03"),  # nor is a declaration
        ("12 11 00 02", "01 12 11 00 0d"),  # a CCCD has two bytes
        ("12 10", "01 12 00 00 04"),
        ("16 10 00 00 00 07", "01 16 10 00 06"),
        ("18 01", "01 18 00 00 06"),
    ],
)
def test_what_is_refused_is_refused_with_its_att_error(pdu: str, answer: str) -> None:
    desk = Desk()
    assert desk.take(pdu)
    assert desk.run(1.0) == [answer] or desk.sent == [answer]


def test_what_is_not_the_machines_is_left_to_the_stack() -> None:
    desk = Desk()
    for pdu in ("02 17 00", "0a 10 00", "12 99 00 01", "52 99 00 01"):
        assert not desk.take(pdu)
    assert desk.sent == []


def test_a_cccd_keeps_only_the_bits_that_the_characteristic_offers() -> None:
    desk = Desk()
    desk.take("12 21 00 03 00")
    assert desk.bearer.cccd(DATA) == b"\x01\x00"
    desk.take("12 21 00 02 00")
    assert desk.bearer.cccd(DATA) == b"\x00\x00"
    assert desk.run(3.0) == []
    assert desk.bearer.cccd(STATUS) == b"\x00\x00"


@pytest.mark.parametrize(("cccd", "op"), [("01", "1b"), ("02", "1d"), ("03", "1d")])
def test_a_characteristic_that_does_both_does_what_its_client_asked_for(cccd: str, op: str) -> None:
    handles = Handles(HANDLES.values, HANDLES.cccds, {**HANDLES.offered, CONTROL: BOTH}, HANDLES.locked)
    desk = Desk(MachineSpec(control_point=BOTH), handles)
    desk.take(f"12 11 00 {cccd} 00")
    desk.take("12 10 00 00")
    assert desk.run(0.5) == ["13", f"{op} 10 00 80 00 01"]


def test_nothing_longer_than_the_mtu_allows_is_sent() -> None:
    desk = Desk()
    desk.carry(Value(1, DATA, bytes(range(100))))
    assert len(bytes.fromhex(desk.sent[-1])) == 23
    desk.bearer.mtu = 50
    desk.carry(Value(1, DATA, bytes(range(100))))
    assert desk.sent[-1] == "1b 20 00 " + bytes(range(47)).hex(" ")


def test_a_cccd_that_the_machine_refuses_is_not_kept() -> None:
    desk = Desk()
    desk.treadmill.disconnected(1, 0.0)
    assert desk.take("12 11 00 02 00")
    assert desk.sent == ["01 12 11 00 0e"]
    assert desk.bearer.cccd(CONTROL) == b"\x00\x00"
