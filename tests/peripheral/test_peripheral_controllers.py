"""Controllers that a station may get: deaf, late, unplugged, unwilling, old."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from bumble import hci
from bumble.transport.common import AsyncPipeSink

from runback.errors import LinkLost
from runback.peripheral.peripheral import BlePeripheral
from runback.peripheral.virtual import RadioSource, VirtualAir, VirtualRadio, radio
from runback.simulator.spec import MachineSpec
from runback.simulator.treadmill import Treadmill
from tests.support.peripheral.bumble_link import BumbleLink
from tests.support.peripheral.station_bench import BOUND, STATUS, Phone, running


async def test_a_controller_that_fails_its_reset_is_a_lost_link() -> None:
    source, _ = radio("treadmill", VirtualAir())

    class Broken:
        def on_packet(self, packet: bytes) -> None:
            answer = hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.HARDWARE_FAILURE_ERROR)
            op_code = int.from_bytes(packet[1:3], "little")
            source.on_packet(bytes(hci.HCI_Command_Complete_Event(1, op_code, answer)))

    with pytest.raises(LinkLost, match="cannot be used"):
        await BlePeripheral(Treadmill(), source, Broken(), mtu=185, name=None).serve()


async def test_a_controller_that_does_not_answer_is_a_lost_link() -> None:
    source, _ = radio("treadmill", VirtualAir())

    class Deaf:
        def on_packet(self, packet: bytes) -> None:
            """Nothing comes of it."""

    with pytest.raises(LinkLost, match="does not answer"):
        await BlePeripheral(Treadmill(), source, Deaf(), mtu=185, name=None).serve()


async def test_a_controller_that_comes_in_its_own_time_is_waited_for() -> None:
    ether = VirtualAir()
    source, sink = radio("treadmill", ether)

    class Late:
        def on_packet(self, packet: bytes) -> None:
            if asyncio.get_running_loop().time() > 60:
                sink.on_packet(packet)

    station = BlePeripheral(Treadmill(), source, Late(), mtu=185, name=None, waits=True)
    ready = asyncio.Event()
    serving = asyncio.create_task(station.serve(ready.set))
    async with asyncio.timeout(BOUND):
        await ready.wait()
        assert station.now() > 60
        serving.cancel()
        await asyncio.wait({serving})


async def test_a_controller_that_goes_is_a_lost_link_and_lets_the_treadmill_know() -> None:
    ether, treadmill = VirtualAir(), Treadmill(MachineSpec(stops_on_disconnect=True))
    source, sink = radio("treadmill", ether)

    class Plugged:
        def on_packet(self, packet: bytes) -> None:
            if not source.terminated.done():
                sink.on_packet(packet)

    station = BlePeripheral(treadmill, source, Plugged(), mtu=185, name="Simulated Treadmill")
    serving = asyncio.create_task(station.serve())
    async with asyncio.timeout(BOUND):
        phone = await Phone(ether).join()
        await running(phone)
        source.on_transport_lost()
        with pytest.raises(LinkLost, match="is gone"):
            await serving
        assert station.clients == 0
        assert treadmill.belt_speed(station.now() + 10) == 0


async def test_a_controller_that_hangs_at_the_end_keeps_nobody_connected() -> None:
    ether, treadmill = VirtualAir(), Treadmill(MachineSpec(stops_on_disconnect=True))
    source, sink = radio("treadmill", ether)
    hung = False

    class Hanging:
        def on_packet(self, packet: bytes) -> None:
            if not hung:
                sink.on_packet(packet)

    station = BlePeripheral(treadmill, source, Hanging(), mtu=185, name="Simulated Treadmill")
    serving = asyncio.create_task(station.serve())
    async with asyncio.timeout(BOUND):
        await running(await Phone(ether).join())
        hung = True
        serving.cancel()
        await asyncio.wait({serving})
        assert serving.cancelled()
        assert station.clients == 0
        assert treadmill.belt_speed(station.now() + 10) == 0


_ENABLING = (hci.HCI_LE_Set_Advertising_Enable_Command, hci.HCI_LE_Set_Extended_Advertising_Enable_Command)


class Grumpy:
    """Between a host and its controller: refuses to advertise while `refuses`, as many do beside a connection."""

    def __init__(self, ether: VirtualAir) -> None:
        self.source, self._sink = radio("treadmill", ether)
        self.refuses: Callable[[], bool] = lambda: True
        self.refused = 0

    def on_packet(self, packet: bytes) -> None:
        command = hci.HCI_Packet.from_bytes(packet)
        if not isinstance(command, _ENABLING) or packet[4] == 0 or not self.refuses():
            self._sink.on_packet(packet)
            return
        self.refused += 1
        answer = hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.source.on_packet(bytes(hci.HCI_Command_Complete_Event(1, command.op_code, answer)))


async def test_a_controller_that_cannot_advertise_beside_a_connection_is_asked_again_after_it() -> None:
    ether, treadmill = VirtualAir(), Treadmill()
    grumpy = Grumpy(ether)
    station = BlePeripheral(treadmill, grumpy.source, grumpy, mtu=185, name="Simulated Treadmill")
    grumpy.refuses = lambda: bool(station.clients)
    serving = asyncio.create_task(station.serve())
    async with asyncio.timeout(BOUND):
        phone = await Phone(ether, 1).join()
        await asyncio.sleep(30)
        assert grumpy.refused == 1
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(10):
                await Phone(ether, 2).join()
        await phone.link.disconnect()
        await Phone(ether, 3).join()
        serving.cancel()
        await asyncio.wait({serving})


async def test_a_controller_that_cannot_advertise_at_all_is_a_lost_link() -> None:
    grumpy = Grumpy(VirtualAir())
    station = BlePeripheral(Treadmill(), grumpy.source, grumpy, mtu=185, name="Simulated Treadmill")
    with pytest.raises(LinkLost, match="does not let it be found"):
        await station.serve()


class Old(VirtualRadio):
    """A controller of before Bluetooth 5: one advertisement, and none of the extended commands."""

    le_features = VirtualRadio.le_features & ~hci.LeFeatureMask.LE_EXTENDED_ADVERTISING


async def test_an_old_controller_serves_as_well_and_is_found_by_an_old_one() -> None:
    ether = VirtualAir()
    source, phones_source = RadioSource(), RadioSource()
    station = BlePeripheral(
        Treadmill(), source, AsyncPipeSink(Old("treadmill", ether, source)), mtu=185, name="Simulated Treadmill"
    )
    serving = asyncio.create_task(station.serve())
    old = Phone(ether, 1)
    old.link = BumbleLink((phones_source, AsyncPipeSink(Old("phone", ether, phones_source))))
    async with asyncio.timeout(BOUND):
        await old.join()
        assert old.link.name == "Simulated Treadmill"
        new = await Phone(ether, 2).join()
        assert await old.ask("00") == await new.ask("00") == "800001"
        assert old.of(STATUS) == ["ff"]
        for phone in (old, new):
            await phone.link.disconnect()
        await old.join()
        assert await old.ask("00") == "800001"
        serving.cancel()
        await asyncio.wait({serving})
