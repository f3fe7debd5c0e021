"""The virtual adapter that `--transport vhci` gives the kernel: what it offers, and connections that are called off.

Source of the values: issue 11, point 13; bluez.md 16; Core vol 4 E 7.8.3, 7.8.13 and 7.7.65.1.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bumble import hci
from bumble.transport.common import AsyncPipeSink, BaseSource, Transport

from runback.peripheral.peripheral import BlePeripheral
from runback.peripheral.virtual import beside
from runback.simulator.treadmill import Treadmill
from tests.support.peripheral.station_bench import BOUND

NOBODY = hci.Address("C0:00:00:00:00:01", hci.Address.RANDOM_DEVICE_ADDRESS)
NOT_OFFERED = (
    hci.LeFeatureMask.LL_PRIVACY | hci.LeFeatureMask.LE_EXTENDED_ADVERTISING | hci.LeFeatureMask.LE_PERIODIC_ADVERTISING
)


class Kernel:
    """The host at the other end of /dev/vhci: sends commands, and keeps every event that comes back."""

    def __init__(self) -> None:
        self.events: list[hci.HCI_Packet] = []
        self._came = asyncio.Event()
        source = BaseSource()
        self._source = source
        self.transport = Transport(source, AsyncPipeSink(self))

    def on_packet(self, packet: bytes) -> None:
        self.events.append(hci.HCI_Packet.from_bytes(packet))
        self._came.set()

    def send(self, command: hci.HCI_Command) -> None:
        assert self._source.sink is not None
        self._source.sink.on_packet(bytes(command))

    async def until(self, told: Callable[[hci.HCI_Packet], bool], start: int = 0) -> hci.HCI_Packet:
        """The first event from number `start` on of which `told` is true."""
        while True:
            for event in self.events[start:]:
                if told(event):
                    return event
            self._came.clear()
            await self._came.wait()

    async def answer(self, command: hci.HCI_Command) -> hci.HCI_ReturnParameters:
        """What the adapter answers to `command` at once."""
        start = len(self.events)
        self.send(command)
        event = await self.until(lambda one: isinstance(one, hci.HCI_Command_Complete_Event), start)
        assert isinstance(event, hci.HCI_Command_Complete_Event)
        answer = event.return_parameters
        assert isinstance(answer, hci.HCI_ReturnParameters)
        return answer

    async def connect(self, address: hci.Address) -> int:
        """Ask for a connection; the status that the adapter takes it with."""
        start = len(self.events)
        self.send(
            hci.HCI_LE_Create_Connection_Command(
                le_scan_interval=96,
                le_scan_window=48,
                initiator_filter_policy=0,
                peer_address_type=hci.Address.RANDOM_DEVICE_ADDRESS,
                peer_address=address,
                own_address_type=hci.OwnAddressType.PUBLIC,
                connection_interval_min=24,
                connection_interval_max=40,
                max_latency=0,
                supervision_timeout=42,
                min_ce_length=0,
                max_ce_length=0,
            )
        )
        event = await self.until(lambda one: isinstance(one, hci.HCI_Command_Status_Event), start)
        assert isinstance(event, hci.HCI_Command_Status_Event)
        return int(event.status)

    async def completed(self, start: int) -> hci.HCI_LE_Connection_Complete_Event:
        event = await self.until(lambda one: isinstance(one, hci.HCI_LE_Connection_Complete_Event), start)
        assert isinstance(event, hci.HCI_LE_Connection_Complete_Event)
        return event


@asynccontextmanager
async def kernel_beside_a_treadmill() -> AsyncIterator[tuple[Kernel, BlePeripheral]]:
    """The kernel with its adapter, and a treadmill that it can hear, on the air."""
    kernel = Kernel()
    source, sink = beside(kernel.transport)
    station = BlePeripheral(Treadmill(), source, sink, mtu=185, name="Simulated Treadmill")
    ready = asyncio.Event()
    serving = asyncio.create_task(station.serve(ready.set))
    try:
        await ready.wait()
        yield kernel, station
    finally:
        serving.cancel()
        await asyncio.wait({serving})


async def test_the_kernel_is_offered_no_feature_that_the_adapter_does_not_have() -> None:
    async with asyncio.timeout(BOUND), kernel_beside_a_treadmill() as (kernel, _):
        found = await kernel.answer(hci.HCI_LE_Read_Local_Supported_Features_Command())
        assert isinstance(found, hci.HCI_LE_Read_Local_Supported_Features_ReturnParameters)
        assert hci.LeFeatureMask(int.from_bytes(found.le_features, "little")) & NOT_OFFERED == 0


async def test_a_connection_that_is_called_off_ends_and_the_next_one_comes_up() -> None:
    async with asyncio.timeout(BOUND), kernel_beside_a_treadmill() as (kernel, station):
        assert await kernel.connect(NOBODY) == 0
        start = len(kernel.events)
        answer = await kernel.answer(hci.HCI_LE_Create_Connection_Cancel_Command())
        ended = await kernel.completed(start)
        assert isinstance(answer, hci.HCI_StatusReturnParameters)
        assert answer.status == hci.HCI_ErrorCode.SUCCESS
        assert ended.status == hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR
        assert ended.peer_address == NOBODY
        assert isinstance(kernel.events[start], hci.HCI_Command_Complete_Event)  # the answer comes before the end
        start = len(kernel.events)
        assert await kernel.connect(hci.Address(station.address, hci.Address.RANDOM_DEVICE_ADDRESS)) == 0
        assert (await kernel.completed(start)).status == hci.HCI_ErrorCode.SUCCESS
        assert station.clients == 1


async def test_one_connection_after_the_other_comes_up_on_the_virtual_adapter() -> None:
    async with asyncio.timeout(BOUND), kernel_beside_a_treadmill() as (kernel, station):
        for _ in range(3):
            start = len(kernel.events)
            assert await kernel.connect(hci.Address(station.address, hci.Address.RANDOM_DEVICE_ADDRESS)) == 0
            up = await kernel.completed(start)
            assert up.status == hci.HCI_ErrorCode.SUCCESS
            kernel.send(hci.HCI_Disconnect_Command(connection_handle=up.connection_handle, reason=0x13))
            await kernel.until(lambda one: isinstance(one, hci.HCI_Disconnection_Complete_Event), start)
            await asyncio.sleep(1)  # virtual
            assert station.clients == 0


async def test_calling_off_a_connection_that_nobody_makes_is_refused() -> None:
    async with asyncio.timeout(BOUND), kernel_beside_a_treadmill() as (kernel, _):
        answer = await kernel.answer(hci.HCI_LE_Create_Connection_Cancel_Command())
        assert isinstance(answer, hci.HCI_StatusReturnParameters)
        assert answer.status == hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR
