"""What only Bluetooth does to a link: unmodified bleak against the bench. Numbers are those of reference bluez.md."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from runback.errors import AdapterUnavailable, AttError, LinkError, LinkLost, TreadmillNotFound
from runback.link.ble import BleLink, scan
from tests.support.bluez.air import Habits
from tests.support.bluez.bus import as_system_bus, private_bus
from tests.support.bluez.service import Bluez
from tests.support.link.ear import PATIENCE, Ear
from tests.support.link.scripted import COMMAND, DATA, VALUE, Order, Scripted

pytest_plugins = ["tests.support.link.fixtures"]

UNLIKELY_ERROR = 0x0E
NEIGHBOUR = "C0:FF:EE:00:00:02"

Serve = Callable[..., Awaitable[Bluez]]


@pytest.fixture
async def serve(system_bus: str) -> AsyncIterator[Serve]:  # noqa: ARG001
    """Start bluetoothds of one's own, with habits of one's own."""
    services: list[Bluez] = []

    async def start(*peripherals: Scripted, habits: Habits | None = None) -> Bluez:
        service = Bluez(peripherals, habits or Habits(advertise_every=0.005))
        services.append(service)
        await service.start()
        return service

    yield start
    for service in services:
        await service.stop()


@pytest.fixture
async def link() -> AsyncIterator[BleLink]:
    link = BleLink("Scripted", settle=0.0, scan_for=PATIENCE)
    yield link
    await link.disconnect()


async def connect(link: BleLink, ear: Ear, *uuids: str) -> None:
    async with asyncio.timeout(PATIENCE):
        await link.connect(ear)
        for uuid in uuids:
            await link.subscribe(uuid)


async def order(link: BleLink, what: Order, rest: bytes = b"") -> None:
    async with asyncio.timeout(PATIENCE):
        await link.write(COMMAND, bytes((what,)) + rest, response=True)


async def until(true: Callable[[], object]) -> None:
    """Let the loop turn until `true`."""
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - what is waited for happens in a machine that has no event to set
            await asyncio.sleep(0)


# Finding


async def test_an_unknown_name_is_no_treadmill_and_the_scan_ends(bluez: Bluez, ear: Ear) -> None:
    link = BleLink("Nobody", scan_for=0.03)
    with pytest.raises(TreadmillNotFound, match="Nobody"):
        await link.connect(ear)
    async with asyncio.timeout(PATIENCE):
        await bluez.quiet.wait()


@pytest.mark.parametrize("wanted", ["scripted", "SCRIPT", " Scripted ", "c0:ff:ee:00:00:01", "C0:FF:EE:00:00:01"])
async def test_a_name_its_beginning_or_the_address_finds_it(
    bluez: Bluez,  # noqa: ARG001
    ear: Ear,
    wanted: str,
) -> None:
    link = BleLink(wanted, settle=0.0)
    await connect(link, ear)
    assert link.name == "Scripted"
    await link.disconnect()


async def test_a_device_without_a_name_is_found_and_called_by_its_address(serve: Serve, ear: Ear) -> None:
    """Quirk 40: the Horizon Omega Z advertises no name."""
    await serve(Scripted(name=None))
    link = BleLink("c0:ff:ee:00:00:01")
    await connect(link, ear)
    assert link.name == "C0:FF:EE:00:00:01"
    await link.disconnect()


async def test_two_of_the_same_name_are_not_guessed_between(serve: Serve, ear: Ear) -> None:
    await serve(Scripted(), Scripted(address=NEIGHBOUR))
    with pytest.raises(TreadmillNotFound, match=NEIGHBOUR):
        await BleLink("Scripted", settle=0.05).connect(ear)


@pytest.mark.full
async def test_a_reconnect_never_lands_on_a_neighbour_of_the_same_name(serve: Serve, ear: Ear) -> None:
    mine, neighbour = Scripted(), Scripted(address=NEIGHBOUR)
    bluez = await serve(mine, neighbour)
    neighbour.silent = True
    link = BleLink("Scripted", settle=0.0, scan_for=0.05)
    await connect(link, ear)
    mine.silent, neighbour.silent = True, False
    bluez.drop()
    await ear.loss()
    with pytest.raises(TreadmillNotFound):
        await link.connect(ear)
    assert neighbour.clients == set()


async def test_a_device_bluez_has_forgotten_is_found_anew(bluez: Bluez, link: BleLink, ear: Ear) -> None:
    """3: a BLEDevice is stale after 30 s."""
    await connect(link, ear)
    await link.disconnect()
    bluez.forget()
    await connect(link, ear)
    await order(link, Order.NOTHING)


async def test_a_connected_device_is_taken_over_without_a_scan(
    bluez: Bluez, peripheral: Scripted, link: BleLink, ear: Ear
) -> None:
    """2: a scan does not show it; here nothing advertises at all."""
    await connect(link, ear)
    peripheral.silent = True
    second, second_ear = BleLink("Scripted"), Ear()
    await connect(second, second_ear, COMMAND)
    assert bluez.quiet.is_set()
    await order(second, Order.INDICATE, b"stopped")
    assert await second_ear.packets(1) == [(COMMAND, b"stopped")]
    await second.disconnect()
    await ear.loss()


_CLIENT = """
import asyncio
from runback.link.ble import BleLink

class Deaf:
    def notified(self, uuid, data): pass
    def lost(self, reason): pass

async def main():
    link = BleLink("Scripted", settle=0.0)
    await link.connect(Deaf())
    await link.subscribe("{data}")
    print("up", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_the_belt_of_a_killed_process_is_taken_over(
    bluez: Bluez,  # noqa: ARG001
    peripheral: Scripted,
    link: BleLink,
    ear: Ear,
) -> None:
    """2: SIGKILL of the client leaves the link up; a new one stops the belt through it, and hears each packet once."""
    client = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _CLIENT.format(data=DATA), stdout=subprocess.PIPE
    )
    assert client.stdout is not None
    async with asyncio.timeout(PATIENCE):
        assert await client.stdout.readline() == b"up\n"
        client.kill()
        await client.wait()
    await until(lambda: peripheral.subscribed_to == set())
    assert len(peripheral.clients) == 1
    peripheral.silent = True
    await connect(link, ear, DATA)
    await order(link, Order.COUNT, b"\x02")
    await ear.packets(2)
    assert ear.heard == [(DATA, b"\x00"), (DATA, b"\x01")]


async def test_characteristics_of_the_same_uuid_do_not_stand_in_each_others_way(serve: Serve, ear: Ear) -> None:
    peripheral = Scripted(doubled=True)
    await serve(peripheral)
    link = BleLink("Scripted", settle=0.0)
    await connect(link, ear, COMMAND)
    await order(link, Order.INDICATE, b"once")
    assert (COMMAND, b"once") in await ear.packets(1)
    await link.disconnect()


# Adapter, service and bus


async def test_an_adapter_that_is_off_is_no_adapter_with_a_hint(bluez: Bluez, link: BleLink, ear: Ear) -> None:
    bluez.power(on=False)
    with pytest.raises(AdapterUnavailable, match="turn Bluetooth on"):
        await link.connect(ear)


async def test_switching_the_adapter_off_is_a_loss_and_on_again_heals_it(bluez: Bluez, link: BleLink, ear: Ear) -> None:
    """10."""
    await connect(link, ear)
    bluez.power(on=False)
    await ear.loss()
    with pytest.raises(AdapterUnavailable):
        await link.connect(ear)
    bluez.power(on=True)
    async with asyncio.timeout(PATIENCE):
        while True:  # bleak hears of the power by a signal, in its own time
            try:
                await link.connect(ear)
            except AdapterUnavailable:
                continue
            break
    assert len(ear.losses) == 1


async def test_a_dead_bluetoothd_is_a_loss_at_the_first_write_and_its_successor_serves(
    bluez: Bluez, peripheral: Scripted, serve: Serve, link: BleLink, ear: Ear
) -> None:
    """7: no callback, and bleak goes on believing in the connection."""
    await connect(link, ear, DATA)
    await bluez.die()
    assert ear.losses == []
    with pytest.raises(LinkLost):
        await order(link, Order.NOTHING)
    await ear.loss()
    with pytest.raises(AdapterUnavailable, match="start the Bluetooth service"):
        await link.connect(ear)
    await serve(peripheral)
    await connect(link, ear, DATA)
    await order(link, Order.COUNT, b"\x01")
    await order(link, Order.COUNT, b"\x01")
    await ear.packets(2)
    assert len(ear.heard) == 2
    assert len(ear.losses) == 1


async def test_disconnecting_from_a_dead_bluetoothd_does_not_raise(bluez: Bluez, link: BleLink, ear: Ear) -> None:
    await connect(link, ear)
    await bluez.die()
    async with asyncio.timeout(PATIENCE):
        await link.disconnect()
    assert ear.losses == []


async def test_without_bluetoothd_there_is_no_adapter(system_bus: str, link: BleLink, ear: Ear) -> None:  # noqa: ARG001
    with pytest.raises(AdapterUnavailable, match="systemctl start bluetooth"):
        await link.connect(ear)


@pytest.mark.parametrize("address", ["unix:path=/nonexistent/runback/bus", "carrier-pigeon:", ""])
async def test_without_a_system_bus_there_is_no_adapter(link: BleLink, ear: Ear, address: str) -> None:
    with as_system_bus(address or "unix:path=/dev/null"), pytest.raises(AdapterUnavailable):
        await link.connect(ear)


async def test_a_system_bus_that_dies_is_a_loss(link: BleLink, ear: Ear, peripheral: Scripted) -> None:
    with private_bus() as address, as_system_bus(address):
        bluez = Bluez([peripheral], Habits(advertise_every=0.005))
        await bluez.start()
        await connect(link, ear)
        reading = asyncio.create_task(link.read(VALUE))
    await ear.loss()
    with pytest.raises(LinkError):
        await link.read(VALUE)
    await asyncio.wait({reading}, timeout=PATIENCE)
    assert reading.exception() is None or isinstance(reading.exception(), LinkError)
    assert len(ear.losses) == 1
    await bluez.stop()


async def test_a_hung_bluetoothd_holds_up_nobody_who_cancels(bluez: Bluez, link: BleLink, ear: Ear) -> None:
    await connect(link, ear)
    bluez.freeze()
    async with asyncio.timeout(PATIENCE):
        for call in (link.read(VALUE), link.write(COMMAND, b"\x00", response=True), link.disconnect()):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01):
                    await call
    assert ear.losses == []


async def test_a_connect_to_a_hung_bluetoothd_can_be_given_up(bluez: Bluez, link: BleLink, ear: Ear) -> None:
    """The clean-up waits for answers that never come; the caller does not."""
    await scan(0.0)
    bluez.freeze()
    attempt = asyncio.create_task(link.connect(ear))
    await asyncio.wait({attempt}, timeout=0.01)
    attempt.cancel()
    done, _ = await asyncio.wait({attempt}, timeout=0.5)  # half of what the link grants its own clean-up
    assert done


# Operations


@pytest.mark.parametrize("what", ["drop", "die", "power"])
async def test_whatever_falls_under_an_operation_it_ends_as_a_link_error(
    bluez: Bluez, link: BleLink, ear: Ear, what: str
) -> None:
    await connect(link, ear)
    bluez.stall()
    tasks: list[asyncio.Task[object]] = [
        asyncio.create_task(link.read(VALUE)),
        asyncio.create_task(link.subscribe(DATA)),
        asyncio.create_task(link.write(COMMAND, b"\x00", response=True)),
        asyncio.create_task(link.write(COMMAND, b"\x00second", response=True)),  # meets InProgress
    ]
    await until(lambda: bluez.received)
    match what:
        case "drop":
            bluez.drop()
        case "die":
            await bluez.die()
        case "power":
            bluez.power(on=False)
    done, pending = await asyncio.wait(tasks, timeout=PATIENCE)
    assert not pending
    assert all(isinstance(task.exception(), LinkError) for task in done)
    await ear.loss()
    assert len(ear.losses) == 1


async def test_a_write_after_a_cancelled_one_waits_its_turn_and_is_never_first(serve: Serve, ear: Ear) -> None:
    """4, 6: BlueZ answers InProgress while the hung one lasts, and bleak repeats."""
    peripheral = Scripted()
    await serve(peripheral, habits=Habits(advertise_every=0.005, att_timeout=0.05, linger=60.0))
    link = BleLink("Scripted", settle=0.0)
    await connect(link, ear)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await link.write(COMMAND, bytes((Order.HANG,)), response=True)
    await order(link, Order.NOTHING, b"next")
    assert peripheral.written == [bytes((Order.HANG,)), bytes((Order.NOTHING,)) + b"next"]
    await link.disconnect()


async def test_an_unanswered_write_ends_in_an_error_and_then_in_a_loss(serve: Serve, ear: Ear) -> None:
    """4: 30 s and 2 s, here shortened."""
    await serve(Scripted(), habits=Habits(advertise_every=0.005, att_timeout=0.02, linger=0.02))
    link = BleLink("Scripted", settle=0.0)
    await connect(link, ear)
    with pytest.raises(AttError) as unanswered:
        await order(link, Order.HANG)
    assert unanswered.value.code == UNLIKELY_ERROR
    await ear.loss()
    assert len(ear.losses) == 1


async def test_a_stalled_machine_still_notifies(bluez: Bluez, link: BleLink, ear: Ear, peripheral: Scripted) -> None:
    """4: reads and writes queue, notifications go on."""
    await connect(link, ear, DATA)
    bluez.stall()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await link.read(VALUE)
    peripheral.say(DATA, b"on and on")
    bluez.wake()
    assert await ear.packets(1) == [(DATA, b"on and on")]


async def test_what_arrives_while_disconnecting_is_not_delivered(serve: Serve, ear: Ear) -> None:
    """9: BlueZ takes 2 s to let go, and notifications go on meanwhile."""
    peripheral = Scripted()
    bluez = await serve(peripheral, habits=Habits(advertise_every=0.005, disconnect_takes=0.03))
    link = BleLink("Scripted", settle=0.0)
    await connect(link, ear, DATA)
    leaving = asyncio.create_task(link.disconnect())
    await asyncio.sleep(0)
    peripheral.say(DATA, b"too late")
    bluez.wake()
    await asyncio.wait({leaving}, timeout=PATIENCE)
    assert ear.heard == []


# Giving up


async def test_a_connect_cancelled_at_any_turn_leaves_nothing_behind(
    bluez: Bluez, peripheral: Scripted, link: BleLink, ear: Ear
) -> None:
    """Whichever reply it was waiting for: the scan ends, no link stays up, and the next one connects."""
    for turns in range(0, 120, 4):
        attempt = asyncio.create_task(link.connect(ear))
        for _ in range(turns):
            await asyncio.sleep(0)
        attempt.cancel()
        await asyncio.wait({attempt}, timeout=PATIENCE)
        async with asyncio.timeout(PATIENCE):
            await link.disconnect()
            await bluez.quiet.wait()
        assert peripheral.clients == set()
    await connect(link, ear, DATA)
    await order(link, Order.COUNT, b"\x01")
    assert await ear.packets(1) == [(DATA, b"\x00")]
    assert ear.losses == []


async def test_a_connect_given_up_during_service_discovery_lets_the_device_go(serve: Serve, ear: Ear) -> None:
    peripheral = Scripted()
    await serve(peripheral, habits=Habits(advertise_every=0.005, explore_takes=60.0))
    link = BleLink("Scripted", settle=0.0)
    attempt = asyncio.create_task(link.connect(ear))
    await until(lambda: peripheral.clients)
    attempt.cancel()
    await link.disconnect()
    assert peripheral.clients == set()
    assert attempt.cancelled()


async def test_a_link_that_falls_during_service_discovery_never_came_up(serve: Serve, ear: Ear) -> None:
    peripheral = Scripted()
    bluez = await serve(peripheral, habits=Habits(advertise_every=0.005, explore_takes=60.0))
    link = BleLink("Scripted", settle=0.0)
    attempt = asyncio.create_task(link.connect(ear))
    await until(lambda: peripheral.clients)
    bluez.drop()
    with pytest.raises(LinkLost):
        await attempt
    assert ear.losses == []
