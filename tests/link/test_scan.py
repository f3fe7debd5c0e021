"""Who is on the air: over the bench, and as plain sightings."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runback.config_files.error_text import CLIP
from runback.errors import AdapterUnavailable, TreadmillNotFound
from runback.link.ble import BleLink, scan
from runback.link.scan_result import ScanResult, choose, says_treadmill
from tests.support.bluez.hostile import NAMES, harmful
from tests.support.bluez.service import Bluez
from tests.support.link.ear import Ear
from tests.support.link.scripted import SERVICE, Scripted

pytest_plugins = ["tests.support.link.fixtures"]

HEART_RATE = "0000180d-0000-1000-8000-00805f9b34fb"


def sighting(address: str, name: str | None, *services: str, treadmill: bool | None = None) -> ScanResult:
    return ScanResult(address, name, -50, frozenset(services), treadmill)


async def test_a_scan_tells_name_address_strength_and_kind(bluez: Bluez) -> None:
    (found,) = await scan(0.03)
    assert (found.name, found.address, found.services) == ("Scripted", "C0:FF:EE:00:00:01", frozenset({SERVICE}))
    assert found.rssi in (-50, -49)
    assert found.is_treadmill is True
    assert not found.connected
    async with asyncio.timeout(5):
        await bluez.quiet.wait()


async def test_each_device_is_listed_once_and_reported_as_it_is_heard(bluez: Bluez) -> None:  # noqa: ARG001
    live: list[ScanResult] = []
    found = await scan(0.05, live.append)
    assert len(live) > 1
    assert found == [live[-1]]


async def test_a_bike_is_no_treadmill(bluez: Bluez, peripheral: Scripted) -> None:  # noqa: ARG001
    peripheral.machine_type = 0x0020  # S0 chapter 3: bit 5, indoor bike
    (found,) = await scan(0.03)
    assert found.is_treadmill is False


async def test_a_connected_device_is_listed_though_it_is_silent(bluez: Bluez, ear: Ear) -> None:  # noqa: ARG001
    link = BleLink("Scripted", settle=0.0)
    await link.connect(ear)
    (found,) = await scan(0.01)
    assert found.connected
    assert found.rssi is None
    await link.disconnect()


async def test_a_scan_without_bluetooth_says_so(bluez: Bluez) -> None:
    bluez.power(on=False)
    with pytest.raises(AdapterUnavailable):
        await scan(0.01)


@pytest.mark.parametrize(
    ("data", "said"),
    [(None, None), (b"", None), (b"\x01\x01", None), (b"\x01\x01\x00", True), (b"\x01\x20\x00", False)],
)
def test_the_machine_type_is_bit_0_of_the_second_octet(data: bytes | None, said: bool | None) -> None:
    assert says_treadmill(data) is said


def test_the_whole_name_wins_over_its_beginning() -> None:
    exact, longer = sighting("A", "Mill"), sighting("B", "Mill 2", SERVICE)
    assert choose("mill", [longer, exact]) is exact


def test_the_beginning_of_a_name_prefers_what_offers_the_service() -> None:
    strap, mill = sighting("A", "Horizon strap", HEART_RATE), sighting("B", "Horizon 7.4", SERVICE)
    assert choose("horizon", [strap, mill]) is mill
    assert choose("horizon", [strap, mill], HEART_RATE) is strap


def test_the_beginning_of_a_name_never_takes_another_kind_of_machine() -> None:
    bike = sighting("A", "Gym 12", SERVICE, treadmill=False)
    assert choose("gym", [bike]) is None
    assert choose("gym 12", [bike]) is bike


def test_an_ambiguous_name_is_refused_naming_all_it_could_be() -> None:
    with pytest.raises(TreadmillNotFound, match=r"“Mill 1” \(A\), “Mill 2” \(B\)"):
        choose("mill", [sighting("B", "Mill 2"), sighting("A", "Mill 1")])


@pytest.mark.parametrize("wanted", ["", "  "])
def test_no_name_means_nobody(wanted: str) -> None:
    assert choose(wanted, [sighting("A", "Mill", SERVICE), sighting("B", None, SERVICE), sighting("", "")]) is None


@given(
    wanted=st.text(max_size=6),
    seen=st.lists(st.builds(sighting, st.text(max_size=3), st.none() | st.text(max_size=6)), max_size=6),
)
def test_whoever_is_chosen_was_seen_and_answers_to_the_name(wanted: str, seen: list[ScanResult]) -> None:
    try:
        chosen = choose(wanted, seen)
    except TreadmillNotFound:
        assert len(seen) > 1
        return
    if chosen is not None:
        asked = wanted.strip().casefold()
        assert chosen in seen
        names = [(name or "").strip().casefold() for name in (chosen.raw_name, chosen.name)]
        assert chosen.address.casefold() == asked or any(name.startswith(asked) for name in names)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_from_the_air_is_shown_printable_and_means_its_device_as_it_is_shown(name: str) -> None:
    found, other = sighting("A", name, SERVICE), sighting("B", "Rower", SERVICE)
    assert found.name is not None
    assert harmful(f"{found.name}{found}") == []
    assert "\n" not in str(found)
    assert len(found.name) <= CLIP
    assert choose(found.name, [found, other]) is found  # what was shown is typed
    assert choose(name, [found, other]) is found  # or what was advertised


@given(st.text(st.characters()))
@settings(deadline=None)
def test_no_name_whatsoever_is_shown_as_it_should_not_be(name: str) -> None:
    found = sighting("A", name, SERVICE)
    assert harmful(str(found)) == []
    assert found.name is None or (found.name and len(found.name) <= CLIP)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
async def test_a_link_is_called_printable_and_matched_by_what_was_advertised(
    bluez: Bluez,  # noqa: ARG001
    peripheral: Scripted,
    ear: Ear,
    name: str,
) -> None:
    peripheral.name = name
    link = BleLink("C0:FF:EE:00:00:01")
    await link.connect(ear)
    assert harmful(link.name) == []
    assert link.shown.name == name
    await link.disconnect()
    again = BleLink(link.name, settle=0.0)
    await again.connect(ear)
    assert again.shown.name == name
    await again.disconnect()


async def test_several_names_that_could_be_meant_are_told_printable(bluez: Bluez, ear: Ear) -> None:  # noqa: ARG001
    seen = [sighting(str(number), name, SERVICE) for number, name in enumerate(NAMES.values())]
    with pytest.raises(TreadmillNotFound, match="could be any of") as refused:
        choose("Mi", seen)
    assert harmful(str(refused.value)) == []
    assert "\n" not in str(refused.value)
    with pytest.raises(TreadmillNotFound) as unheard:
        await BleLink("\x1b[2J\r\nnobody", scan_for=0.01).connect(ear)
    assert harmful(str(unheard.value)) == []
