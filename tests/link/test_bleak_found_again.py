"""Finding a treadmill again, and being quick about it: unmodified bleak against the bench (reference bluez.md, 13-15).

Sources: issue 11, points 3 (links without services), 6 (the name changes), 7 (transient errors), 8 (the link of
others), 9 (a hanging operation).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from runback.errors import AdapterUnavailable, LinkBusy, LinkError, NoServices
from runback.link.ble import BleLink
from runback.link.ble_scan import connected_machines, nearest
from runback.link.bluez_errors import of_connection
from runback.link.remembered import Remembered
from tests.support.bluez.air import Habits
from tests.support.bluez.service import Bluez
from tests.support.link.ear import PATIENCE, Ear
from tests.support.link.scripted import COMMAND, DATA, Order, Scripted

pytest_plugins = ["tests.support.link.fixtures"]

ADDRESS = "C0:FF:EE:00:00:01"
SLOW = 60.0
"""Seconds; nothing that is tested here waits for them."""

Serve = Callable[..., Awaitable[Bluez]]


@pytest.fixture
async def serve(system_bus: str) -> AsyncIterator[Serve]:  # noqa: ARG001
    """Start a bluetoothd with habits of its own."""
    services: list[Bluez] = []

    async def start(*peripherals: Scripted, **habits: object) -> Bluez:
        service = Bluez(peripherals, Habits(advertise_every=0.005, **habits))  # type: ignore[arg-type]
        services.append(service)
        await service.start()
        return service

    yield start
    for service in services:
        await service.stop()


def link(wanted: str = "Scripted", **options: object) -> BleLink:
    return BleLink(wanted, settle=0.0, scan_for=PATIENCE, **options)  # type: ignore[arg-type]


async def connect(one: BleLink, ear: Ear) -> None:
    async with asyncio.timeout(PATIENCE):
        await one.connect(ear)


async def hang(one: BleLink) -> None:
    """A write that is never answered, given up after it has hung for a while."""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await one.write(COMMAND, bytes((Order.HANG,)), response=True)


# The name


async def test_once_connected_it_is_known_by_all_its_names_and_by_the_advertised_one(serve: Serve, ear: Ear) -> None:
    await serve(Scripted(), own_name="Fit Show")
    one = link()
    await connect(one, ear)
    assert (one.name, one.shown.name, one.shown.address) == ("Scripted", "Scripted", ADDRESS)
    async with asyncio.timeout(PATIENCE):
        while "Fit Show" not in one.shown.names:  # noqa: ASYNC110 - it is learnt in the background
            await asyncio.sleep(0)
    assert set(one.shown.names) == {"Scripted", "Fit Show"}
    await one.disconnect()


@pytest.mark.parametrize("wanted", ["Scripted", "Fit Show", ADDRESS])
async def test_a_connected_treadmill_with_a_new_name_is_found_by_what_is_remembered_of_it(
    serve: Serve, ear: Ear, wanted: str
) -> None:
    bluez = await serve(Scripted(), own_name="Fit Show")
    first = link()
    await connect(first, ear)
    known = Remembered(ADDRESS, "Scripted", ("Scripted", "Fit Show"))
    second = link(wanted, remembered=[known])
    await connect(second, Ear())
    assert bluez.quiet.is_set()
    assert second.shown.name == "Scripted", "unlocking is made from the advertised name (quirk 6)"
    assert second.shown.borrowed
    await second.disconnect()


async def test_a_remembered_address_is_connected_to_without_a_scan_and_unblocked(serve: Serve, ear: Ear) -> None:
    bluez = await serve(Scripted())
    first = link()
    await connect(first, ear)
    await first.disconnect()
    bluez.block(on=True)
    second = link("gone by now", remembered=[Remembered(ADDRESS, "Scripted", ("Gone by now",))])
    await connect(second, ear)
    assert bluez.quiet.is_set()
    assert not second.shown.borrowed
    await second.disconnect()


# Services


@pytest.mark.parametrize("missing", [1, 2])
async def test_a_connection_without_services_is_made_again_at_once(serve: Serve, ear: Ear, missing: int) -> None:
    bluez = await serve(Scripted(), without_services=missing)
    one = link()
    async with asyncio.timeout(PATIENCE):
        services = await one.connect(ear)
    assert COMMAND in services
    assert bluez.connects == missing + 1
    await one.disconnect()


async def test_a_connection_that_never_shows_services_is_an_error_and_let_go_of(serve: Serve, ear: Ear) -> None:
    peripheral = Scripted()
    await serve(peripheral, without_services=99)
    with pytest.raises(NoServices, match="switch it off and on"):
        await connect(link(), ear)
    assert peripheral.clients == set()


async def test_a_connected_treadmill_without_services_is_connected_again(serve: Serve, ear: Ear) -> None:
    """As somebody else left it: bleak does not list it, and no scan shows it."""
    bluez = await serve(Scripted(), without_services=1)
    bluez.scan_once()
    await bluez.connect_from_elsewhere()
    assert [one.address for one in await connected_machines()] == [ADDRESS]
    one = link()
    async with asyncio.timeout(PATIENCE):
        assert COMMAND in await one.connect(ear)
    await one.disconnect()


# Errors that pass


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("InProgress", "Operation already in progress"),
        ("Failed", "Software caused connection abort"),
        ("Failed", "Input/output error"),
    ],
)
async def test_a_failure_to_connect_that_passes_is_said_to_be_one(serve: Serve, ear: Ear, name: str, text: str) -> None:
    bluez = await serve(Scripted())
    bluez.refuse(1, name, text)
    one = link()
    with pytest.raises(LinkBusy, match=text):
        await connect(one, ear)
    await connect(one, ear)
    await one.disconnect()


def test_a_device_of_the_wrong_kind_gets_a_sentence_and_an_adapter_that_is_off_is_none() -> None:
    """bleak #2014."""
    wrong = of_connection("org.bluez.Error.Failed", "br-connection-profile-unavailable")
    assert type(wrong) is LinkError
    assert "bluetoothctl remove" in str(wrong)
    assert type(of_connection("org.bluez.Error.NotReady", "Resource Not Ready")) is AdapterUnavailable


# Hanging, and letting go


@pytest.mark.full
async def test_a_connection_in_which_a_write_hangs_is_cut_and_not_waited_for(serve: Serve, ear: Ear) -> None:
    """4, 9: an ordinary disconnect takes 2 s on BlueZ, here for ever."""
    peripheral = Scripted()
    await serve(peripheral, disconnect_takes=SLOW)
    one = link()
    await connect(one, ear)
    await hang(one)
    async with asyncio.timeout(PATIENCE):
        await one.disconnect()
    assert peripheral.clients == set()
    await connect(one, ear)
    async with asyncio.timeout(PATIENCE):
        await one.write(COMMAND, bytes((Order.NOTHING,)), response=True)
    await hang(one)
    await one.disconnect()


async def test_a_connection_that_was_there_before_can_be_left_as_it_was(serve: Serve, ear: Ear) -> None:
    peripheral = Scripted()
    await serve(peripheral)
    theirs = link()
    await connect(theirs, ear)
    await theirs.subscribe(DATA)
    ours = link(spares=lambda: True)
    await connect(ours, Ear())
    await ours.subscribe(COMMAND)
    await ours.disconnect()
    assert len(peripheral.clients) == 1
    async with asyncio.timeout(PATIENCE):
        await theirs.write(COMMAND, bytes((Order.COUNT, 1)), response=True)
    assert (DATA, b"\x00") in await ear.packets(1)
    assert ear.losses == []
    await theirs.disconnect()
    assert peripheral.clients == set()


async def test_a_connection_of_our_own_is_not_left_behind(serve: Serve, ear: Ear) -> None:
    peripheral = Scripted()
    await serve(peripheral)
    ours = link(spares=lambda: True)
    await connect(ours, ear)
    await ours.disconnect()
    assert peripheral.clients == set()


async def test_who_is_nearest_is_told_soon_after_the_first_is_heard(serve: Serve) -> None:
    await serve(Scripted(), Scripted(name="Another", address="C0:FF:EE:00:00:02"))
    async with asyncio.timeout(PATIENCE):
        found = await nearest(SLOW, settle=0.05)
    assert {one.name for one in found} == {"Scripted", "Another"}
    assert await connected_machines() == []
