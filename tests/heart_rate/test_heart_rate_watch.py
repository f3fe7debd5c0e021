"""The watch over a strap: a figure is shown only while everything speaks for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.heart_rate.monitor import (
    BEATLESS_AFTER,
    FROZEN_AFTER,
    HIGHEST,
    LOWEST,
    SILENT_AFTER,
    HeartRateLoss,
    HeartRateMonitor,
    Reading,
)

NOTHING = Reading()
PLAIN, CONTACT, NO_CONTACT, ENERGY, RR = 0x00, 0x06, 0x04, 0x08, 0x10


def packet(bpm: int, flags: int = PLAIN, *rr: int, energy: int = 0) -> bytes:
    """A Heart Rate Measurement written from the specification: flags, value, energy, intervals."""
    wide = 0x01 if bpm > 0xFF else 0x00
    told = bytes((flags | wide | (RR if rr else 0),)) + bpm.to_bytes(2 if wide else 1, "little")
    told += energy.to_bytes(2, "little") if flags & ENERGY else b""
    return told + b"".join(each.to_bytes(2, "little") for each in rr)


def watched(*heard: tuple[float, bytes], since: float = 0.0) -> HeartRateMonitor:
    """A watch over a strap that was connected at `since`, and said this."""
    watch = HeartRateMonitor()
    watch.connected(since)
    for at, data in heard:
        watch.receive(data, at)
    return watch


def each_second(data: bytes, begin: int, end: int) -> list[tuple[float, bytes]]:
    return [(float(at), data) for at in range(begin, end)]


def lost(loss: HeartRateLoss) -> Reading:
    return Reading(None, loss, lost=True)


def test_a_strap_that_was_never_connected_tells_nothing_and_has_lost_nothing() -> None:
    watch = HeartRateMonitor()
    watch.disconnected()
    watch.receive(packet(90), 1.0)
    assert watch.read(1000.0) == NOTHING
    assert watch.deadline(0.0) is None


def test_what_it_says_is_shown() -> None:
    watch = watched((1.0, packet(92, CONTACT, 667)))
    assert watch.read(1.5) == Reading(92)


def test_a_value_of_sixteen_bits_is_read_as_one() -> None:
    assert watched((1.0, bytes.fromhex("01 5c 00"))).read(1.0) == Reading(92)


def test_a_connection_that_says_nothing_is_silent_but_has_lost_nothing() -> None:
    watch = watched(since=10.0)
    assert watch.read(10.0 + SILENT_AFTER - 0.1) == NOTHING
    assert watch.deadline(10.0) == 10.0 + SILENT_AFTER
    assert watch.read(10.0 + SILENT_AFTER) == Reading(None, HeartRateLoss.SILENT)
    assert watch.deadline(10.0 + SILENT_AFTER) is None


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x06", b"\x01\x5c"])
def test_octets_that_cannot_be_read_have_not_been_heard(data: bytes) -> None:
    watch = watched((1.0, packet(92)), (5.0, data))
    assert watch.read(1.0 + SILENT_AFTER) == lost(HeartRateLoss.SILENT)


def test_contact_that_is_lost_takes_the_figure_at_once_though_it_is_repeated() -> None:
    watch = watched((1.0, packet(92, CONTACT)), (2.0, packet(92, NO_CONTACT)))
    assert watch.read(2.0) == lost(HeartRateLoss.NO_CONTACT)


def test_contact_that_was_never_there_is_no_loss_of_a_heart_rate() -> None:
    assert watched((1.0, packet(92, NO_CONTACT))).read(1.0) == Reading(None, HeartRateLoss.NO_CONTACT)


def test_contact_that_comes_back_brings_the_figure_back_and_counts_as_a_sign_of_life() -> None:
    heard = [*each_second(packet(92, CONTACT), 0, 20), *each_second(packet(92, NO_CONTACT), 20, 40)]
    watch = watched(*heard, (40.0, packet(92, CONTACT)))
    assert watch.read(40.0) == Reading(92)


def test_silence_takes_the_figure_and_the_next_packet_brings_it_back() -> None:
    watch = watched((1.0, packet(92)))
    assert watch.deadline(1.0) == 1.0 + SILENT_AFTER
    assert watch.read(1.0 + SILENT_AFTER) == lost(HeartRateLoss.SILENT)
    watch.receive(packet(95), 9.0)
    assert watch.read(9.0) == Reading(95)


@pytest.mark.parametrize("bpm", [0, 1, LOWEST - 1, HIGHEST + 1, 255, 256, 65535])
def test_no_figure_that_cannot_be_a_heart_is_shown(bpm: int) -> None:
    assert watched((1.0, packet(bpm, CONTACT))).read(1.0) == Reading(None, HeartRateLoss.IMPLAUSIBLE)
    assert watched((1.0, packet(92, CONTACT)), (2.0, packet(bpm, CONTACT))).read(2.0) == lost(HeartRateLoss.IMPLAUSIBLE)


@pytest.mark.parametrize("bpm", [LOWEST, HIGHEST])
def test_the_slowest_and_the_fastest_heart_are_shown(bpm: int) -> None:
    assert watched((1.0, packet(bpm))).read(1.0) == Reading(bpm)


@pytest.mark.parametrize("flags", [PLAIN, CONTACT])
def test_a_figure_that_stands_still_is_frozen_even_where_contact_is_claimed(flags: int) -> None:
    watch = watched(*each_second(packet(92, flags), 0, 31))
    assert watch.read(FROZEN_AFTER - 0.1) == Reading(92)
    assert watch.deadline(28.0) == FROZEN_AFTER
    assert watch.read(FROZEN_AFTER) == lost(HeartRateLoss.FROZEN)
    watch.receive(packet(93, flags), 31.0)
    assert watch.read(31.0) == Reading(93)


def test_beats_that_differ_keep_a_steady_figure_alive() -> None:
    watch = watched(*((float(at), packet(60, CONTACT, 1000 + at % 2)) for at in range(120)))
    assert watch.read(119.0) == Reading(60)


def test_beats_that_are_repeated_are_no_life() -> None:
    watch = watched(*each_second(packet(60, CONTACT, 1024), 0, 31))
    assert watch.read(FROZEN_AFTER - 0.1) == Reading(60)
    assert watch.read(FROZEN_AFTER) == lost(HeartRateLoss.FROZEN)


def test_a_strap_that_tells_beats_and_no_longer_does_is_frozen_sooner() -> None:
    watch = watched((0.0, packet(60, CONTACT, 1000)), *each_second(packet(60, CONTACT), 1, 12))
    assert watch.read(BEATLESS_AFTER - 0.1) == Reading(60)
    assert watch.read(BEATLESS_AFTER) == lost(HeartRateLoss.FROZEN)


def test_a_figure_that_changes_is_alive_without_beats() -> None:
    watch = watched((0.0, packet(60, CONTACT, 1000)), *((float(at), packet(60 + at % 2)) for at in range(1, 60)))
    assert watch.read(59.0) == Reading(61)


def test_energy_that_is_reckoned_on_is_no_sign_of_life() -> None:
    watch = watched(*((float(at), packet(92, ENERGY, energy=at)) for at in range(31)))
    assert watch.read(FROZEN_AFTER) == lost(HeartRateLoss.FROZEN)


def test_a_packet_that_comes_twice_is_no_sign_of_life() -> None:
    once = watched(*each_second(packet(60, CONTACT, 1024, 1023), 0, 31))
    twice = watched(*(both for each in each_second(packet(60, CONTACT, 1024, 1023), 0, 31) for both in (each, each)))
    assert once.read(FROZEN_AFTER) == twice.read(FROZEN_AFTER) == lost(HeartRateLoss.FROZEN)


def test_a_lost_link_takes_the_figure_until_the_strap_has_spoken_again() -> None:
    watch = watched((1.0, packet(92)))
    watch.disconnected()
    assert watch.read(1.1) == lost(HeartRateLoss.NO_LINK)
    assert watch.deadline(1.1) is None
    watch.receive(packet(92), 1.2)
    assert watch.read(1.2) == lost(HeartRateLoss.NO_LINK)
    watch.connected(20.0)
    assert watch.read(20.0) == lost(HeartRateLoss.NO_LINK)
    assert watch.read(20.0 + SILENT_AFTER) == lost(HeartRateLoss.SILENT)
    watch.receive(packet(92), 26.0)
    assert watch.read(26.0) == Reading(92)


def test_a_new_connection_knows_no_beats_of_the_old_one() -> None:
    watch = watched((1.0, packet(60, CONTACT, 1000)))
    watch.disconnected()
    watch.connected(2.0)
    for at, data in each_second(packet(60, CONTACT), 2, 20):
        watch.receive(data, at)
    assert watch.read(2.0 + BEATLESS_AFTER + 1) == Reading(60)


octets = st.binary(max_size=12) | st.builds(
    packet, st.integers(0, 300), st.sampled_from([PLAIN, CONTACT, NO_CONTACT, 0x02]), st.integers(0, 0xFFFF)
)
happenings = st.lists(st.tuples(st.floats(0, 12), st.none() | st.booleans() | octets), max_size=60)


@given(happenings, st.floats(0, 60))
def test_whatever_comes_a_figure_is_plausible_fresh_and_touched_or_there_is_a_reason(
    heard: list[tuple[float, bool | bytes | None]], later: float
) -> None:
    watch, now, had = HeartRateMonitor(), 0.0, False
    newest: tuple[float, bytes] | None = None
    for wait, what in heard:
        now += wait
        if isinstance(what, bytes):
            watch.receive(what, now)
            newest = (now, what) if len(what) > 1 else newest
        elif what:
            watch.connected(now)
        elif what is False:
            watch.disconnected()
        reading = watch.read(now)
        had = had or reading.bpm is not None
    now += later
    reading = watch.read(now)
    if reading.bpm is not None:
        assert reading.loss is None
        assert LOWEST <= reading.bpm <= HIGHEST
        assert newest is not None
        assert now < newest[0] + SILENT_AFTER
        assert newest[1][0] & 0x06 != NO_CONTACT
        assert newest[1][1] == reading.bpm & 0xFF
    assert reading.lost == (had and reading.bpm is None)
    assert not reading.lost or reading.loss is not None


@given(happenings)
def test_nothing_changes_by_itself_before_the_deadline(heard: list[tuple[float, bool | bytes | None]]) -> None:
    watch, now = HeartRateMonitor(), 0.0
    for wait, what in heard:
        now += wait
        if isinstance(what, bytes):
            watch.receive(what, now)
        elif what:
            watch.connected(now)
    before, due = watch.read(now), watch.deadline(now)
    assert watch.read(now + 1e6 if due is None else max(now, due - 1e-6)) == before


@given(st.integers(LOWEST, HIGHEST), st.integers(1, 400))
def test_no_figure_stands_for_longer_than_the_bound_unless_something_lives(bpm: int, seconds: int) -> None:
    watch = watched(*each_second(packet(bpm), 0, seconds + 1))
    assert (watch.read(float(seconds)).bpm is None) == (seconds >= FROZEN_AFTER)
