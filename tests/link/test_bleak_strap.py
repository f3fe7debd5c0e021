"""A strap beside the treadmill on unmodified bleak: two devices on one adapter, and which of them gives way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from runback.errors import LinkLost, TreadmillNotFound
from runback.link.ble import BleLink, scan
from runback.link.scan_result import HEART_RATE, ScanResult, choose
from runback.simulator.heart_rate_strap import MEASUREMENT, SimulatedStrap, StrapSpec
from tests.support.bluez.air import Habits
from tests.support.bluez.service import Bluez
from tests.support.link.ear import PATIENCE, Ear
from tests.support.link.scripted import DATA, SERVICE, Scripted

pytest_plugins = ["tests.support.link.fixtures"]

FAST = StrapSpec(period=0.02)
Serve = Callable[..., Awaitable[Bluez]]


@pytest.fixture
async def serve(system_bus: str) -> AsyncIterator[Serve]:  # noqa: ARG001
    services: list[Bluez] = []

    async def start(*peripherals: Scripted | SimulatedStrap, hanging: frozenset[str] = frozenset()) -> Bluez:
        service = Bluez(peripherals, Habits(advertise_every=0.005, never_connects=hanging))
        services.append(service)
        await service.start()
        return service

    yield start
    for service in services:
        await service.stop()


@pytest.fixture
async def mill() -> AsyncIterator[BleLink]:
    link = BleLink("Scripted", settle=0.0, scan_for=PATIENCE, direct_for=0.0)  # it has to scan
    yield link
    await link.disconnect()


@pytest.fixture
async def strap(mill: BleLink) -> AsyncIterator[BleLink]:
    link = BleLink("simulated", service=HEART_RATE, settle=0.0, scan_for=PATIENCE, beside=mill)
    yield link
    await link.disconnect()


async def connect(link: BleLink, ear: Ear, uuid: str) -> None:
    async with asyncio.timeout(PATIENCE):
        await link.connect(ear)
        await link.subscribe(uuid)


async def test_treadmill_and_strap_are_heard_at_once_and_apart(serve: Serve, mill: BleLink, strap: BleLink) -> None:
    machine = Scripted()
    bluez = await serve(machine, SimulatedStrap(FAST))
    heard, beats = Ear(), Ear()
    await connect(mill, heard, DATA)
    await connect(strap, beats, MEASUREMENT)
    machine.say(DATA, b"\x01")
    bluez.wake()
    assert await heard.packets(1) == [(DATA, b"\x01")]
    told = await beats.packets(3)
    assert {uuid for uuid, _ in told} == {MEASUREMENT}
    assert told[-1][1][1] in range(59, 66)
    assert strap.name == "Simulated Strap"


async def test_a_lost_strap_is_no_loss_of_the_treadmill_and_comes_back(
    serve: Serve, mill: BleLink, strap: BleLink
) -> None:
    bluez = await serve(Scripted(), SimulatedStrap(FAST))
    heard, beats = Ear(), Ear()
    await connect(mill, heard, DATA)
    await connect(strap, beats, MEASUREMENT)
    bluez.drop(FAST.address)
    await beats.loss()
    assert beats.losses == ["the connection to the strap broke"]
    assert heard.losses == []
    again = Ear()
    await connect(strap, again, MEASUREMENT)
    await again.packets(2)


@pytest.mark.parametrize("wanted", ["Scripted", "scrip", "C0:FF:EE:00:00:01"])
async def test_a_strap_is_never_the_treadmill_that_is_connected(serve: Serve, mill: BleLink, wanted: str) -> None:
    await serve(Scripted())
    heard = Ear()
    await connect(mill, heard, DATA)
    wrong = BleLink(wanted, service=HEART_RATE, scan_for=0.05, beside=mill)
    with pytest.raises(TreadmillNotFound):
        await wrong.connect(Ear())
    await wrong.disconnect()
    assert heard.losses == []
    assert await mill.read("0000aa04-0000-1000-8000-00805f9b34fb") == b"value"


async def test_a_strap_is_never_a_fitness_machine_nobody_is_connected_to(serve: Serve) -> None:
    await serve(Scripted())
    with pytest.raises(TreadmillNotFound):
        await BleLink("Scripted", service=HEART_RATE, scan_for=0.05).connect(Ear())


async def test_a_device_that_another_link_has_is_not_taken_though_it_says_nothing_of_itself(
    serve: Serve, mill: BleLink
) -> None:
    """As where a backend cannot list what is connected, and a treadmill does not advertise its service."""
    await serve(Scripted())
    await connect(mill, Ear(), DATA)
    other = BleLink("Scripted", service=SERVICE, scan_for=0.05, beside=mill)
    with pytest.raises(TreadmillNotFound):
        await other.connect(Ear())


async def test_a_treadmill_that_scans_while_the_strap_still_does_is_connected_once_that_gives_way(
    serve: Serve, mill: BleLink, strap: BleLink
) -> None:
    bluez = await serve(Scripted())
    heard = Ear()
    await connect(mill, heard, DATA)
    looking = asyncio.ensure_future(strap.connect(Ear()))
    async with asyncio.timeout(PATIENCE):
        while bluez.quiet.is_set():  # noqa: ASYNC110 - until the strap's scan has begun
            await asyncio.sleep(0)
    bluez.drop("C0:FF:EE:00:00:01")
    await heard.loss()
    again = asyncio.ensure_future(connect(mill, Ear(), DATA))
    refused = bluez.scans_refused
    async with asyncio.timeout(PATIENCE):
        while bluez.scans_refused == refused:  # noqa: ASYNC110 - until it was in the treadmill's way
            await asyncio.sleep(0)
    looking.cancel()
    await again
    await asyncio.wait({looking})
    assert looking.cancelled()


@pytest.mark.parametrize("turns", [1, 2, 3, 5, 8, 13, 21])
async def test_whenever_the_strap_gives_way_the_treadmill_is_connected(
    serve: Serve, mill: BleLink, strap: BleLink, turns: int
) -> None:
    bluez = await serve(Scripted(), SimulatedStrap(FAST), hanging=frozenset({FAST.address}))
    heard = Ear()
    await connect(mill, heard, DATA)
    looking = asyncio.ensure_future(strap.connect(Ear()))
    for _ in range(turns):
        await asyncio.sleep(0)
    bluez.drop("C0:FF:EE:00:00:01")
    await heard.loss()
    looking.cancel()
    await connect(mill, Ear(), DATA)
    await asyncio.wait({looking})
    assert looking.cancelled()


async def test_a_connection_to_a_strap_that_never_comes_up_is_given_up_and_taken_back(
    serve: Serve, mill: BleLink, strap: BleLink
) -> None:
    await serve(Scripted(), SimulatedStrap(FAST), hanging=frozenset({FAST.address}))
    heard = Ear()
    await connect(mill, heard, DATA)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await strap.connect(Ear())
    await strap.disconnect()
    assert await mill.read("0000aa04-0000-1000-8000-00805f9b34fb") == b"value"


@pytest.mark.full
async def test_a_scan_that_is_never_let_begin_ends_in_one_line(serve: Serve, strap: BleLink) -> None:
    bluez = await serve(Scripted())
    looking = asyncio.ensure_future(strap.connect(Ear()))
    async with asyncio.timeout(PATIENCE):
        while bluez.quiet.is_set():  # noqa: ASYNC110
            await asyncio.sleep(0)
    with pytest.raises(LinkLost, match="InProgress"):
        await BleLink("Nobody", scan_for=PATIENCE).connect(Ear())
    looking.cancel()
    await asyncio.wait({looking})


async def test_a_scan_lists_straps_heard_and_connected_as_what_they_are(serve: Serve, strap: BleLink) -> None:
    await serve(Scripted(), SimulatedStrap(FAST))
    kinds = {one.name: (one.is_machine, one.is_strap, one.connected) for one in await scan(0.05)}
    assert kinds == {"Scripted": (True, False, False), "Simulated Strap": (False, True, False)}
    await connect(strap, Ear(), MEASUREMENT)
    kinds = {one.name: (one.is_machine, one.is_strap, one.connected) for one in await scan(0.05)}
    assert kinds == {"Scripted": (True, False, False), "Simulated Strap": (False, True, True)}


def test_a_fitness_machine_that_tells_a_heart_rate_is_no_strap() -> None:
    both = ScanResult("A", "Polar mill", -50, frozenset({SERVICE, HEART_RATE}))
    alone = ScanResult("B", "Polar H10", -60, frozenset({HEART_RATE}))
    assert (both.is_strap, alone.is_strap) == (False, True)
    assert choose("polar", [both, alone], HEART_RATE) is alone
    assert choose("A", [both], HEART_RATE) is None
    assert choose("polar", [both, alone]) is both
