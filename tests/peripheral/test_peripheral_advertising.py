"""Advertising data, read back by bumble, which had no part in making it."""

from __future__ import annotations

import pytest
from bumble.core import UUID, AdvertisingData
from hypothesis import given, settings
from hypothesis import strategies as st

from runback.devices.library import available
from runback.peripheral.advertising import ROOM, advertising_data, static_address
from runback.simulator.gatt import Advertisement
from runback.simulator.spec import MachineSpec
from runback.simulator.treadmill import Treadmill
from runback.simulator.twin import twin
from tests.support.peripheral.bumble_link import listed

FTMS = "00001826-0000-1000-8000-00805f9b34fb"
RSC = "00001814-0000-1000-8000-00805f9b34fb"
VENDOR = "24e2521c-f63b-48ed-85be-c5330a00fdf7"
TREADMILL = bytes.fromhex("01 0100")
TYPE = AdvertisingData.Type
short = st.integers(0, 0xFFFF).map(lambda n: f"0000{n:04x}-0000-1000-8000-00805f9b34fb")
adverts = st.builds(
    Advertisement,
    st.none() | st.text(min_size=1, max_size=60),
    st.just("C0:00:00:00:00:01"),
    st.lists(short | st.uuids().map(str), max_size=6).map(tuple),
    st.just({}) | st.just({FTMS: TREADMILL}),
)


def advert(name: str | None, *services: str) -> Advertisement:
    return Advertisement(name, "C0:00:00:00:00:01", (*services, FTMS), {FTMS: TREADMILL})


def structures(half: bytes) -> list[tuple[int, bytes]]:
    return [(int(kind), bytes(data)) for kind, data in AdvertisingData.from_bytes(half).ad_structures]


def wanted_kinds(services: set[UUID]) -> set[int]:
    """The complete lists that `services` take."""
    return {_WHOLE[len(one.uuid_bytes)] for one in services}


_WHOLE: dict[int, int] = {
    2: TYPE.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    16: TYPE.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
}


def test_a_short_name_stands_beside_service_and_type_octet_for_octet() -> None:
    data = advertising_data(advert("Pad"))
    assert data.advertised.hex(" ") == "02 01 06 03 03 26 18 06 16 26 18 01 01 00 04 09 50 61 64"
    assert data.scan_response == b""


def test_a_name_that_does_not_fit_goes_into_the_scan_response() -> None:
    data = advertising_data(advert("Simulated Treadmill"))
    assert data.advertised.hex(" ") == "02 01 06 03 03 26 18 06 16 26 18 01 01 00"
    assert data.scan_response == b"\x14\x09Simulated Treadmill"


def test_a_machine_without_a_name_has_no_name_structure() -> None:
    data = advertising_data(advert(None, RSC))
    assert [kind for kind, _ in structures(data.advertised)] == [
        TYPE.FLAGS,
        TYPE.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
        TYPE.SERVICE_DATA_16_BIT_UUID,
    ]
    assert data.scan_response == b""


def test_a_name_that_fits_nowhere_is_cut_between_characters_and_says_so() -> None:
    data = advertising_data(advert("Laufband für zwölf große Schritte"))
    ((kind, name),) = structures(data.scan_response)
    assert kind == TYPE.SHORTENED_LOCAL_NAME
    assert name.decode() == "Laufband für zwölf große S"
    assert len(data.scan_response) == ROOM


def test_a_vendors_service_is_listed_where_there_is_room() -> None:
    data = advertising_data(advert("KS-HD-Z1D", VENDOR))
    listed = AdvertisingData.from_bytes(data.scan_response).get_all(TYPE.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS)
    assert listed == [[UUID(VENDOR)]]


def test_a_list_that_does_not_fit_is_incomplete() -> None:
    other = VENDOR.replace("24e2", "24e3")
    data = advertising_data(advert(None, VENDOR, other))
    assert structures(data.scan_response)[0][0] == TYPE.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS


def test_services_that_fit_nowhere_at_all_are_left_out() -> None:
    data = advertising_data(advert("A name that leaves no room for it", VENDOR))
    assert VENDOR not in str(AdvertisingData.from_bytes(data.advertised + data.scan_response)).lower()


def test_service_data_of_a_vendors_service_names_it_in_full() -> None:
    data = advertising_data(Advertisement(None, "", (), {VENDOR: b"\x01"}))
    assert structures(data.advertised)[1] == (
        TYPE.SERVICE_DATA_128_BIT_UUID,
        bytes.fromhex(VENDOR.replace("-", ""))[::-1] + b"\x01",
    )


@settings(deadline=None)
@given(adverts)
def test_both_halves_are_sound_and_say_nothing_that_is_not_so(made: Advertisement) -> None:
    data = advertising_data(made)
    for half in (data.advertised, data.scan_response):
        assert len(half) <= ROOM
        assert b"".join(bytes((len(one) + 1, kind)) + one for kind, one in structures(half)) == half
    both = structures(data.advertised) + structures(data.scan_response)
    kinds = [kind for kind, _ in both]
    assert len(kinds) == len(set(kinds))
    assert kinds[0] == TYPE.FLAGS
    names = {kind: one.decode() for kind, one in both if kind in (TYPE.COMPLETE_LOCAL_NAME, TYPE.SHORTENED_LOCAL_NAME)}
    for kind, name in names.items():
        assert made.name is not None
        assert made.name.startswith(name)
        assert (kind == TYPE.COMPLETE_LOCAL_NAME) == (name == made.name)
    assert bool(names) == bool(made.name)
    wanted = {UUID(one) for one in made.service_uuids}
    read = AdvertisingData.from_bytes(data.advertised + data.scan_response)
    found = set(listed(read))
    assert found <= wanted
    if wanted_kinds(wanted) <= set(kinds):  # nothing had to be left out
        assert found == wanted


@pytest.mark.parametrize("entry", available(None), ids=lambda entry: entry.name)
def test_every_twin_can_be_found_by_its_service_and_its_kind(entry: object) -> None:
    profile = entry.profile  # type: ignore[attr-defined]
    made = Treadmill(twin(profile)).advertisement(0.0)
    assert made is not None
    first = AdvertisingData.from_bytes(advertising_data(made).advertised)
    assert first.get_all(TYPE.SERVICE_DATA_16_BIT_UUID) == [(UUID.from_16_bits(0x1826), TREADMILL)]
    (listed,) = first.get_all(TYPE.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS)
    assert UUID.from_16_bits(0x1826) in listed


def test_an_address_belongs_to_a_name_and_a_database() -> None:
    usual, other = Treadmill(), Treadmill(MachineSpec(incline_max=0, incline_increment=0))
    assert static_address(usual, "A") == static_address(Treadmill(), "A")
    assert len({static_address(usual, "A"), static_address(usual, "B"), static_address(other, "A")}) == 3
