"""The memory link is as slow, as sequential and as forgetful as a real one (bluez.md), on a virtual clock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import pytest

from runback.errors import AttError, LinkLost
from runback.link.memory import MemoryLink, Radio
from runback.link.protocol import Link
from runback.simulator.faults import parse_fault
from runback.simulator.spec import MachineSpec
from runback.simulator.treadmill import Treadmill
from tests.support.simulator.loop import VirtualLoop
from tests.support.simulator.treadmill_bench import CONTROL_POINT, DATA, STATUS, uuid


class Ear:
    """A listener that remembers, with the loop's time."""

    def __init__(self) -> None:
        self.values: list[tuple[float, str, str]] = []
        self.losses: list[tuple[float, str]] = []

    def notified(self, uuid: str, data: bytes) -> None:
        self.values.append((_now(), uuid, data.hex()))

    def lost(self, reason: str) -> None:
        self.losses.append((_now(), reason))

    def of(self, uuid: str) -> list[str]:
        return [data for _, name, data in self.values if name == uuid]


def _now() -> float:
    return asyncio.get_running_loop().time()


def radio(*faults: str, spec: MachineSpec | None = None) -> tuple[Treadmill, Radio]:
    treadmill = Treadmill(spec, [parse_fault(text) for text in faults])
    return treadmill, Radio(treadmill)


async def joined(air: Radio, *uuids: str) -> tuple[MemoryLink, Ear]:
    """A link, connected and subscribed (to the control point and the status unless given)."""
    link, ear = MemoryLink(air), Ear()
    await link.connect(ear)
    for each in uuids or (CONTROL_POINT, STATUS):
        await link.subscribe(each)
    return link, ear


async def ask(link: Link, octets: str) -> None:
    await link.write(CONTROL_POINT, bytes.fromhex(octets), response=True)
    await asyncio.sleep(0.05)


async def outcome(call: Awaitable[object]) -> str:
    try:
        await call
    except (LinkLost, AttError) as error:
        return f"{type(error).__name__}: {error}"
    return "done"


async def test_connecting_takes_time_and_tells_what_there_is() -> None:
    _, air = radio()
    link: Link = MemoryLink(air, connect_time=0.3)
    services = await link.connect(Ear())
    assert _now() == pytest.approx(0.3)
    assert services[CONTROL_POINT] == {"write", "indicate"}
    assert services[uuid("2A24")] == {"read"}
    assert link.name == "Simulated Treadmill"


async def test_a_machine_without_a_name_is_called_by_its_address() -> None:
    assert MemoryLink(Radio(Treadmill(MachineSpec(name=None)))).name == MachineSpec().address


async def test_a_whole_session_by_hand() -> None:
    treadmill, air = radio()
    link, ear = await joined(air, CONTROL_POINT, DATA)
    assert (await link.read(uuid("2AD4"))).hex() == "5000d0070a00"
    for request in ("00", "07"):
        await ask(link, request)
    await asyncio.sleep(5)
    await ask(link, "022003")
    await asyncio.sleep(60)
    assert treadmill.belt_speed(_now()) == 800
    await ask(link, "0801")
    await asyncio.sleep(10)
    assert ear.of(CONTROL_POINT) == ["800001", "800701", "800201", "800801"]
    assert ear.of(DATA)[-1].startswith("9e040000")
    await link.disconnect()
    assert ear.losses == []


async def test_nothing_is_delivered_inside_the_call() -> None:
    _, air = radio(spec=MachineSpec(write_latency=0.0, response_latency=0.0))
    link, ear = await joined(air)
    pending = asyncio.ensure_future(link.write(CONTROL_POINT, b"\x00", response=True))
    assert ear.values == []
    await pending
    await asyncio.sleep(0)
    assert ear.of(CONTROL_POINT) == ["800001"]


async def test_att_errors_carry_their_code() -> None:
    _, air = radio()
    link, _ = await joined(air, STATUS)
    calls = (
        (link.write(CONTROL_POINT, b"\x00", response=True), 0xFD),
        (link.read(CONTROL_POINT), 0x02),
        (link.read(uuid("2AD8")), 0x0A),
        (link.subscribe(uuid("2AD4")), 0x0A),
        (link.write(DATA, b"", response=True), 0x03),
    )
    for call, code in calls:
        with pytest.raises(AttError) as caught:
            await call
        assert caught.value.code == code


async def test_a_refused_command_is_no_error() -> None:
    _, air = radio()
    link, ear = await joined(air)
    await link.write(CONTROL_POINT, b"\x00", response=False)
    await asyncio.sleep(1)
    assert ear.values == []


async def test_a_cancelled_write_has_still_been_delivered() -> None:
    treadmill, air = radio()
    link, _ = await joined(air)
    writing = asyncio.ensure_future(link.write(CONTROL_POINT, b"\x00", response=True))
    await asyncio.sleep(0)
    writing.cancel()
    await asyncio.sleep(0.1)
    assert writing.cancelled()
    assert [each.data.hex() for each in treadmill.received] == ["00"]


async def test_a_write_after_a_cancelled_one_is_not_reordered_before_it() -> None:
    treadmill, air = radio()
    link, _ = await joined(air)
    await ask(link, "00")
    first = asyncio.ensure_future(link.write(CONTROL_POINT, b"\x07", response=True))
    second = asyncio.ensure_future(link.write(CONTROL_POINT, b"\x08\x01", response=True))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0.005)
    assert not second.done()
    # the second went out as soon as the first was answered: its procedure was then still in progress
    assert await outcome(second) == "AttError: ATT error 0xFE"
    assert [each.data.hex() for each in treadmill.received] == ["00", "07"]


async def test_everything_waits_behind_a_hung_write_but_notifications_go_on() -> None:
    treadmill, air = radio("hung-write@2")
    link, ear = await joined(air, CONTROL_POINT, DATA)
    await asyncio.sleep(3)
    calls = [
        asyncio.ensure_future(outcome(call))
        for call in (
            link.write(CONTROL_POINT, b"\x00", response=True),
            link.read(uuid("2AD4")),
            link.subscribe(STATUS),
            link.write(CONTROL_POINT, b"\x08\x01", response=False),
        )
    ]
    await asyncio.sleep(30)
    assert not any(call.done() for call in calls)
    assert len(ear.of(DATA)) == 33
    await link.disconnect()
    assert await asyncio.gather(*calls) == ["LinkLost: disconnected"] * 4
    assert list(treadmill.received) == []
    await link.connect(ear)
    await link.subscribe(CONTROL_POINT)
    await ask(link, "00")
    assert ear.of(CONTROL_POINT) == ["800001"]


async def test_a_lost_link_fails_what_is_under_way_and_says_so_once() -> None:
    _, air = radio("link-loss@2+5")
    link, ear = await joined(air)
    await asyncio.sleep(1.975)
    writes = [asyncio.ensure_future(outcome(link.write(CONTROL_POINT, b"\x00", response=True))) for _ in range(2)]
    assert await asyncio.gather(*writes) == ["LinkLost: radio lost"] * 2
    assert _now() == pytest.approx(2.75)  # connected at 0.3, silent from 2.3, known 0.45 later
    assert await outcome(link.read(uuid("2AD4"))) == "LinkLost: not connected"
    await asyncio.sleep(60)
    ((at, reason),) = ear.losses
    assert reason == "radio lost"
    assert at == pytest.approx(2.75)


async def test_connecting_to_a_silent_machine_waits_until_it_advertises() -> None:
    _, air = radio("link-loss@2+5")
    link, ear = await joined(air)
    await asyncio.sleep(4)
    assert len(ear.losses) == 1
    await link.connect(ear)
    assert 7.3 <= _now() <= 7.8
    await link.subscribe(CONTROL_POINT)
    await ask(link, "00")
    assert ear.of(CONTROL_POINT) == ["800001"]


async def test_connecting_can_be_given_up() -> None:
    _, air = radio("link-loss@1")
    link, ear = await joined(air)
    await asyncio.sleep(2)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(link.connect(ear), 20)
    await link.disconnect()
    assert len(ear.losses) == 1


async def test_disconnecting_is_idempotent_and_no_loss() -> None:
    _, air = radio()
    link, ear = await joined(air, DATA)
    await link.disconnect()
    await link.disconnect()
    await asyncio.sleep(5)
    assert (ear.losses, ear.values) == ([], [])
    assert await outcome(link.write(CONTROL_POINT, b"\x00", response=True)) == "LinkLost: not connected"


async def test_notifications_go_on_until_disconnected() -> None:
    """As on BlueZ, where it takes two seconds (bluez.md 9)."""
    _, air = radio()
    link, ear = MemoryLink(air, disconnect_time=2.0), Ear()
    await link.connect(ear)
    await link.subscribe(DATA)
    await link.disconnect()
    await asyncio.sleep(10)
    assert [at for at, *_ in ear.values] == pytest.approx([1.0, 2.0])


async def test_a_cancelled_disconnect_has_disconnected() -> None:
    treadmill, air = radio(spec=MachineSpec(max_clients=1))
    link, ear = MemoryLink(air, disconnect_time=2.0), Ear()
    await link.connect(ear)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(link.disconnect(), 0.5)
    assert treadmill.advertisement(_now()) is not None
    await link.connect(ear)


async def test_a_second_client_can_stop_what_the_first_started() -> None:
    treadmill, air = radio()
    first, ear = await joined(air)
    await ask(first, "00")
    await ask(first, "07")
    await asyncio.sleep(10)
    second, other = await joined(air)
    await ask(second, "00")
    await ask(second, "0801")
    await asyncio.sleep(3)
    assert treadmill.belt_speed(_now()) == 0
    assert (ear.of(STATUS), other.of(STATUS)) == (["ff", "0201"], [])


async def test_the_end_of_one_connection_is_not_the_end_of_the_other() -> None:
    _, air = radio()
    first, _ = await joined(air, DATA)
    _, ear = await joined(air, DATA)
    await first.disconnect()
    await asyncio.sleep(5)
    assert len(ear.of(DATA)) == 5
    assert ear.losses == []


async def test_a_button_is_noticed_at_once_after_wake_and_soon_without() -> None:
    treadmill, air = radio()
    _, ear = await joined(air)
    treadmill.buttons.press_start(_now())
    air.wake()
    pressed = _now()
    await asyncio.sleep(10.013)
    treadmill.buttons.press_stop(_now())
    pressed_again = _now()
    await asyncio.sleep(1)
    (first, *_), (second, *_) = ear.values
    assert ear.of(STATUS) == ["04", "0201"]
    assert first == pressed
    assert pressed_again <= second <= pressed_again + 0.25


def test_the_same_session_twice_is_the_same_to_the_octet_and_the_instant() -> None:
    async def session() -> list[tuple[float, str, str]]:
        _, air = radio("late-indication@3", "duplicate-indication@4", "console-speed@20:9", "split-data@30")
        link, ear = await joined(air, CONTROL_POINT, DATA, STATUS)
        for request in ("00", "07", "022003", "033c00", "0801"):
            await ask(link, request)
            await asyncio.sleep(6)
        await link.disconnect()
        return ear.values

    runs = []
    for _ in range(2):
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runs.append(runner.run(session()))
    assert runs[0] == runs[1]
    assert len(runs[0]) > 30


async def test_no_task_is_left_behind() -> None:
    _, air = radio("link-loss@5")
    link, _ = await joined(air)
    await asyncio.sleep(10)
    await link.disconnect()
    assert asyncio.all_tasks() == {asyncio.current_task()}
