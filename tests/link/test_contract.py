"""What every link promises (`runback.link.protocol`), kept by the one in memory and the one over Bluetooth alike.

Not here, because the two may differ: a treadmill that is silent. In memory `connect` waits for it as BlueZ does
(bluez.md 8); over Bluetooth nothing is found by its name, and that is NoTreadmill (`test_bleak.py`).
"""

from __future__ import annotations

import asyncio

import pytest

from runback.errors import AttError, LinkLost
from runback.link.protocol import Link
from tests.support.link.ear import PATIENCE, Carrier, Ear
from tests.support.link.scripted import ABSENT, COMMAND, DATA, LOOSE, SECRET, SECRET_FAULT, SERVICE, VALUE, Order

pytest_plugins = ["tests.support.link.fixtures"]


async def connected(carrier: Carrier, ear: Ear, *uuids: str) -> Link:
    """A new link, connected and subscribed to `uuids`."""
    link = carrier.link()
    await connect(link, ear, *uuids)
    return link


async def connect(link: Link, ear: Ear, *uuids: str) -> None:
    async with asyncio.timeout(PATIENCE):
        await link.connect(ear)
        for uuid in uuids:
            await link.subscribe(uuid)


async def order(link: Link, what: Order, rest: bytes = b"") -> None:
    async with asyncio.timeout(PATIENCE):
        await link.write(COMMAND, bytes((what,)) + rest, response=True)


async def hang(link: Link) -> None:
    """A write the machine never answers, given up as the caller gives it up: by cancelling."""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await link.write(COMMAND, bytes((Order.HANG,)), response=True)


async def test_connect_tells_what_the_device_offers(carrier: Carrier, ear: Ear) -> None:
    link = carrier.link()
    services = await link.connect(ear)
    assert dict(services) == {
        COMMAND: frozenset({"write", "indicate"}),
        DATA: frozenset({"notify"}),
        LOOSE: frozenset({"write-without-response", "notify"}),
        VALUE: frozenset({"read"}),
        SECRET: frozenset({"read"}),
    }


async def test_once_connected_a_link_tells_the_name_and_the_services_the_device_shows(
    carrier: Carrier, ear: Ear
) -> None:
    link = await connected(carrier, ear)
    assert link.shown.name == link.name
    assert SERVICE in link.shown.services


async def test_connect_writes_nothing_and_subscribes_to_nothing(carrier: Carrier, ear: Ear) -> None:
    await connected(carrier, ear)
    assert carrier.peripheral.written == []
    assert carrier.peripheral.subscribed_to == set()


async def test_a_connected_link_goes_by_the_advertised_name(carrier: Carrier, ear: Ear) -> None:
    link = await connected(carrier, ear)
    assert link.name == "Scripted"


async def test_a_read_returns_the_value(carrier: Carrier, ear: Ear) -> None:
    link = await connected(carrier, ear)
    assert await link.read(VALUE) == b"value"


async def test_a_refused_read_carries_the_att_error(carrier: Carrier, ear: Ear) -> None:
    link = await connected(carrier, ear)
    with pytest.raises(AttError) as refused:
        await link.read(SECRET)
    assert refused.value.code == SECRET_FAULT
    assert ear.losses == []


async def test_notifications_arrive_after_subscribing(carrier: Carrier, ear: Ear) -> None:
    link = await connected(carrier, ear, DATA)
    await order(link, Order.NOTIFY, b"first")
    assert await ear.packets(1) == [(DATA, b"first")]


async def test_nothing_arrives_without_subscribing(carrier: Carrier, ear: Ear) -> None:
    link = await connected(carrier, ear, COMMAND)
    await order(link, Order.NOTIFY, b"unheard")
    await order(link, Order.INDICATE, b"heard")
    await ear.packets(1)
    assert ear.heard == [(COMMAND, b"heard")]


async def test_indications_arrive_like_notifications(carrier: Carrier, ear: Ear) -> None:
    link = await connected(carrier, ear, COMMAND)
    await order(link, Order.INDICATE, b"\x80\x00\x01")
    assert await ear.packets(1) == [(COMMAND, b"\x80\x00\x01")]


async def test_nothing_is_delivered_from_inside_a_write(carrier: Carrier) -> None:
    writers: set[asyncio.Task[None] | None] = set()
    deliverers: list[asyncio.Task[None] | None] = []

    class Wary(Ear):
        def notified(self, uuid: str, data: bytes) -> None:
            deliverers.append(asyncio.current_task())
            super().notified(uuid, data)

    wary = Wary()
    link = await connected(carrier, wary, COMMAND)
    writers.add(asyncio.current_task())
    await order(link, Order.INDICATE, b"from the loop")
    await wary.packets(1)
    assert writers.isdisjoint(deliverers)


async def test_subscribing_twice_delivers_once(carrier: Carrier, ear: Ear) -> None:
    link = await connected(carrier, ear, DATA, DATA)
    await order(link, Order.COUNT, b"\x02")
    await order(link, Order.COUNT, b"\x01")
    await ear.packets(3)
    assert ear.heard == [(DATA, b"\x00"), (DATA, b"\x01"), (DATA, b"\x00")]


async def test_a_hundred_notifications_keep_their_order(carrier: Carrier, ear: Ear) -> None:
    link = await connected(carrier, ear, DATA)
    await order(link, Order.COUNT, bytes((100,)))
    assert await ear.packets(100) == [(DATA, bytes((n,))) for n in range(100)]


async def test_writes_arrive_in_the_order_they_were_made(carrier: Carrier, ear: Ear) -> None:
    link = await connected(carrier, ear)
    for n in range(20):
        await order(link, Order.NOTHING, bytes((n,)))
    assert carrier.peripheral.written == [bytes((Order.NOTHING, n)) for n in range(20)]


@pytest.mark.full
@pytest.mark.parametrize("code", [0x03, 0x0D, 0x80, 0xFC, 0xFD, 0xFE, 0xFF])
async def test_a_refused_write_carries_the_att_error(carrier: Carrier, ear: Ear, code: int) -> None:
    link = await connected(carrier, ear)
    with pytest.raises(AttError) as refused:
        await order(link, Order.REFUSE, bytes((code,)))
    assert refused.value.code == code
    await order(link, Order.NOTHING)
    assert ear.losses == []


async def test_a_write_without_response_arrives(carrier: Carrier, ear: Ear) -> None:
    link = await connected(carrier, ear, LOOSE)
    await link.write(LOOSE, b"go", response=False)
    assert await ear.packets(1) == [(LOOSE, b"go")]


@pytest.mark.full
@pytest.mark.parametrize("how", [Order.DROP, Order.DROP_UNANSWERED])
async def test_a_loss_is_told_exactly_once(carrier: Carrier, ear: Ear, how: Order) -> None:
    link = await connected(carrier, ear, DATA)
    try:
        await order(link, how)
    except (LinkLost, AttError):  # BlueZ: 0x0E for what was in flight (bluez.md 8)
        assert how is Order.DROP_UNANSWERED
    await ear.loss()
    with pytest.raises(LinkLost):
        await order(link, Order.NOTHING)
    await link.disconnect()
    assert len(ear.losses) == 1


async def test_a_lost_link_refuses_every_operation(carrier: Carrier, ear: Ear) -> None:
    link = await connected(carrier, ear)
    await order(link, Order.DROP)
    await ear.loss()
    for operation in (link.read(VALUE), link.subscribe(DATA), link.write(COMMAND, b"\x00", response=True)):
        with pytest.raises(LinkLost):
            await operation


async def test_before_connecting_every_operation_is_refused(carrier: Carrier) -> None:
    link = carrier.link()
    for operation in (link.read(VALUE), link.subscribe(DATA), link.write(COMMAND, b"\x00", response=True)):
        with pytest.raises(LinkLost):
            await operation


@pytest.mark.full
async def test_after_losses_each_packet_still_arrives_once(carrier: Carrier, ear: Ear) -> None:
    """bluez.md 1: 1 → 2 → 3 callbacks per packet, unless every lost session is released."""
    link = await connected(carrier, ear, DATA, COMMAND)
    for losses in range(1, 4):
        await order(link, Order.DROP)
        await ear.until(lambda: len(ear.losses) == losses)  # noqa: B023 - awaited at once
        await connect(link, ear, DATA, COMMAND)
    await order(link, Order.COUNT, b"\x02")
    await order(link, Order.INDICATE, b"end")
    await ear.until(lambda: (COMMAND, b"end") in ear.heard)
    assert ear.heard == [(DATA, b"\x00"), (DATA, b"\x01"), (COMMAND, b"end")]


@pytest.mark.full
async def test_a_hung_write_leaves_a_new_connection_able_to_write(carrier: Carrier, ear: Ear) -> None:
    link = await connected(carrier, ear, COMMAND)
    await hang(link)
    async with asyncio.timeout(PATIENCE):
        await link.disconnect()
    await connect(link, ear, COMMAND)
    await order(link, Order.INDICATE, b"stopped")
    assert await ear.packets(1) == [(COMMAND, b"stopped")]
    assert ear.losses == []
    assert carrier.peripheral.written == [bytes((Order.HANG,)), bytes((Order.INDICATE,)) + b"stopped"]


@pytest.mark.full
async def test_a_hung_write_does_not_hold_up_notifications(carrier: Carrier, ear: Ear) -> None:
    """bluez.md 4."""
    link = await connected(carrier, ear, LOOSE)
    await hang(link)
    other = carrier.link()
    await link.disconnect()
    await connect(other, ear, LOOSE)
    await other.write(LOOSE, b"still here", response=False)
    assert (LOOSE, b"still here") in await ear.packets(1)


async def test_disconnect_is_idempotent_and_no_loss(carrier: Carrier, ear: Ear) -> None:
    link = await connected(carrier, ear)
    await link.disconnect()
    await link.disconnect()
    assert carrier.peripheral.clients == set()
    assert ear.losses == []


async def test_disconnect_before_any_connection_does_nothing(carrier: Carrier) -> None:
    await carrier.link().disconnect()


@pytest.mark.full
async def test_after_disconnect_the_same_link_connects_again(carrier: Carrier, ear: Ear) -> None:
    link = await connected(carrier, ear)
    await link.disconnect()
    await connect(link, ear, COMMAND)
    await order(link, Order.INDICATE, b"again")
    assert await ear.packets(1) == [(COMMAND, b"again")]


@pytest.mark.full
async def test_connecting_a_connected_link_replaces_the_connection(carrier: Carrier, ear: Ear) -> None:
    link = await connected(carrier, ear, DATA)
    await connect(link, ear, DATA)
    await order(link, Order.COUNT, b"\x01")
    await order(link, Order.COUNT, b"\x01")
    await ear.packets(2)
    assert len(ear.heard) == 2
    assert len(carrier.peripheral.clients) == 1
    assert ear.losses == []


async def test_a_connect_given_up_can_be_tried_again(carrier: Carrier, ear: Ear) -> None:
    carrier.peripheral.silent = True
    link = carrier.link()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await link.connect(ear)
    carrier.peripheral.silent = False
    await connect(link, ear)
    await order(link, Order.NOTHING)
    assert len(carrier.peripheral.clients) == 1


async def test_what_the_device_does_not_have_is_an_att_error(carrier: Carrier, ear: Ear) -> None:
    link = await connected(carrier, ear)
    for operation in (link.read(ABSENT), link.subscribe(ABSENT), link.write(ABSENT, b"", response=True)):
        with pytest.raises(AttError):
            await operation
