"""The simulated strap, by its bytes: what the specification says, a heart that lives, and each declared fault."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.simulator.faults import parse_fault
from runback.simulator.gatt import AttFault, Dropped, Value, WriteReply
from runback.simulator.heart_rate_strap import (
    HEART_RATE,
    LOCATION,
    MEASUREMENT,
    SimulatedStrap,
    StrapSpec,
    effort,
    measurement,
)

CLIENT = 1


def worn(*faults: str, load: Callable[[float], float] = lambda _: 0.0) -> SimulatedStrap:
    """A strap that is connected and listened to from 0 on."""
    strap = SimulatedStrap(faults=[parse_fault(text) for text in faults], load=load)
    strap.connected(CLIENT, 0.0)
    strap.subscribed(CLIENT, MEASUREMENT, 0.0, enabled=True)
    return strap


def packets(strap: SimulatedStrap, until: float) -> list[bytes]:
    return [each.data for each in strap.poll(until) if isinstance(each, Value)]


@pytest.mark.parametrize(
    ("told", "octets"),
    [
        (measurement(92, contact=None), "00 5c"),
        (measurement(92, contact=True), "06 5c"),
        (measurement(92, contact=False), "04 5c"),
        (measurement(92, contact=True, wide=True), "07 5c 00"),
        (measurement(300, contact=None), "01 2c 01"),
        (measurement(60, contact=True, rr=(1024, 70000)), "16 3c 00 04 ff ff"),
    ],
)
def test_the_octets_are_the_specification_s(told: bytes, octets: str) -> None:
    """Heart Rate Service 1.0, 3.1.1: flags, value, RR intervals of 1/1024 s."""
    assert told == bytes.fromhex(octets)


def test_it_speaks_once_a_second_tells_contact_and_beats_and_rests_at_its_resting_rate() -> None:
    told = packets(worn(), 20.0)
    assert len(told) == 20
    assert {each[0] for each in told[1:]} == {0x16}
    assert all(abs(each[1] - 62) <= 3 for each in told)


def test_no_two_of_its_packets_with_beats_are_alike() -> None:
    told = packets(worn(), 30.0)
    assert all(one != other for one, other in pairwise(told))


def test_the_heart_follows_the_belt_late_and_comes_back_down() -> None:
    running = effort(900, 0)
    strap = worn(load=lambda now: running if 10 <= now < 200 else 0.0)
    told = [each[1] for each in packets(strap, 400.0)]
    assert told[8] < 70
    assert told[20] < told[60] < told[190]
    assert 130 <= told[190] <= 175
    assert told[390] < 70


@given(st.lists(st.floats(0.01, 3.0), min_size=1, max_size=40))
def test_however_often_it_is_polled_it_says_the_same(waits: list[float]) -> None:
    often, once, now = worn("strap-frozen@5+4"), worn("strap-frozen@5+4"), 0.0
    heard: list[bytes] = []
    for wait in waits:
        now += wait
        heard += packets(often, now)
    assert heard == packets(once, now)


def test_it_takes_one_client_and_is_not_seen_meanwhile() -> None:
    strap = SimulatedStrap(StrapSpec(name="Polar"))
    seen = strap.advertisement(0.0)
    assert seen is not None
    assert (seen.name, seen.service_uuids) == ("Polar", (HEART_RATE,))
    strap.connected(CLIENT, 0.0)
    assert strap.advertisement(1.0) is None
    strap.disconnected(2, 1.5)
    assert strap.advertisement(1.6) is None
    strap.disconnected(CLIENT, 2.0)
    assert strap.advertisement(2.0) is not None
    assert strap.next_at() is None


def test_without_contact_it_repeats_its_last_value_and_says_so() -> None:
    told = packets(worn("strap-no-contact@10+5"), 16.0)
    before, during, after = told[8], told[9:14], told[14]
    assert [each.hex() for each in during] == [bytes((0x04, before[1])).hex()] * 5
    assert after[0] == 0x16


def test_frozen_it_repeats_its_last_packet_and_claims_contact() -> None:
    told = packets(worn("strap-frozen@10+5"), 16.0)
    assert set(told[9:14]) == {told[8]}
    assert told[14] != told[8]


def test_silent_it_keeps_its_link() -> None:
    strap = worn("strap-silent@3+5")
    said = strap.poll(7.5)
    assert len(said) == 2
    assert not any(isinstance(each, Dropped) for each in said)
    assert len(packets(strap, 10.0)) == 3


def test_out_of_reach_it_loses_its_link_and_comes_back() -> None:
    strap = worn("strap-lost@3+5")
    said = strap.poll(4.0)
    assert said[-1] == Dropped(CLIENT, "radio lost")
    assert strap.advertisement(4.0) is None
    with pytest.raises(AttFault):
        strap.read(CLIENT, LOCATION, 4.0)
    strap.connected(2, 5.0)
    assert strap.poll(5.0) == [Dropped(2, "radio lost")]
    assert strap.advertisement(8.0) is not None
    strap.connected(3, 8.5)
    strap.subscribed(3, MEASUREMENT, 8.5, enabled=True)
    assert len(packets(strap, 10.0)) == 2


def test_a_link_that_ended_before_the_radio_was_lost_is_not_dropped_again() -> None:
    strap = worn("strap-lost@3")
    strap.disconnected(CLIENT, 3.1)
    assert [each for each in strap.poll(5.0) if isinstance(each, Dropped)] == []


@pytest.mark.parametrize(
    ("fault", "octets"),
    [("strap-misreads", "16 00"), ("strap-misreads:255", "16 ff"), ("strap-misreads:256", "17 0001")],
)
def test_misreading_it_tells_what_no_heart_does(fault: str, octets: str) -> None:
    told = packets(worn(fault), 3.0)[-1]
    assert told.startswith(bytes.fromhex(octets))


def test_the_forms_a_packet_may_have_are_declared_and_compose() -> None:
    told = packets(worn("strap-no-beats", "strap-two-octets", "strap-no-bits"), 3.0)[-1]
    assert told[0] == 0x01
    assert len(told) == 3


def test_it_can_be_read_where_it_is_worn_and_nothing_else_and_not_written() -> None:
    strap = worn()
    assert strap.read(CLIENT, LOCATION, 0.5) == b"\x01"
    for uuid, code in ((MEASUREMENT, 0x02), ("00002a19-0000-1000-8000-00805f9b34fb", 0x0A)):
        with pytest.raises(AttFault) as refused:
            strap.read(CLIENT, uuid, 0.5)
        assert refused.value.code == code
    with pytest.raises(AttFault):
        strap.subscribed(CLIENT, LOCATION, 0.5, enabled=True)
    token = strap.write(CLIENT, MEASUREMENT, b"\x01", 0.6, response=True)
    strap.write(CLIENT, MEASUREMENT, b"\x01", 0.6, response=False)
    strap.write(2, MEASUREMENT, b"\x01", 0.6, response=True)
    assert strap.poll(0.6) == [WriteReply(CLIENT, token, 0x03)]


def test_after_a_long_absence_a_packet_is_no_longer_than_the_smallest_there_is_room_for() -> None:
    strap = worn()
    assert len(packets(strap, 3.0)) == 3
    strap.disconnected(CLIENT, 3.0)
    strap.connected(2, 600.0)
    strap.subscribed(2, MEASUREMENT, 600.0, enabled=True)
    assert [len(each) for each in packets(strap, 601.0)] == [20]


def test_a_cccd_that_is_written_twice_changes_nothing() -> None:
    strap = worn()
    strap.subscribed(CLIENT, MEASUREMENT, 2.5, enabled=True)
    assert len(packets(strap, 5.0)) == 5


def test_nobody_who_has_stopped_listening_is_told_anything() -> None:
    strap = worn()
    strap.subscribed(CLIENT, MEASUREMENT, 2.5, enabled=False)
    assert len(packets(strap, 10.0)) == 2
