"""A treadmill on the air in no time: its station, an ether, and as many phones as are wanted."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable

import pytest

from runback.errors import AttError
from runback.peripheral.peripheral import BlePeripheral
from runback.peripheral.virtual import VirtualAir, radio
from runback.simulator.gatt import Peripheral
from tests.support.peripheral.bumble_link import BumbleLink


@contextlib.asynccontextmanager
async def on_the_air(
    peripheral: Peripheral, *, mtu: int = 185, name: str | None = "Simulated Treadmill"
) -> AsyncIterator[tuple[VirtualAir, BlePeripheral]]:
    """`peripheral` served until the end of the block."""
    ether = VirtualAir()
    source, sink = radio("treadmill", ether)
    station = BlePeripheral(peripheral, source, sink, mtu=mtu, name=name)
    ready = asyncio.Event()
    serving = asyncio.create_task(station.serve(ready.set))
    try:
        await ready.wait()
        yield ether, station
    finally:
        serving.cancel()
        await asyncio.wait({serving})
        if not serving.cancelled():
            serving.result()


BOUND = 300.0
"""Virtual seconds."""


def uuid(short: str) -> str:
    return f"0000{short.lower()}-0000-1000-8000-00805f9b34fb"


CONTROL, DATA, STATUS, TRAINING = uuid("2AD9"), uuid("2ACD"), uuid("2ADA"), uuid("2AD3")


class Phone:
    """A link, and all that it heard, as (when, characteristic, bytes)."""

    def __init__(self, ether: VirtualAir, number: int = 1, *, mtu: int | None = 517) -> None:
        self.link = BumbleLink(ether, number, mtu=mtu)
        self.heard: list[tuple[float, str, str]] = []
        self.losses: list[str] = []

    def notified(self, uuid: str, data: bytes) -> None:
        self.heard.append((asyncio.get_running_loop().time(), uuid, data.hex()))

    def lost(self, reason: str) -> None:
        self.losses.append(reason)

    async def join(self, *uuids: str) -> Phone:
        """Connect and subscribe, to the control point and the statuses unless given."""
        await self.link.connect(self)
        for each in uuids or (CONTROL, STATUS, TRAINING):
            await self.link.subscribe(each)
        return self

    async def ask(self, request: str) -> str:
        """Write to the control point; what is indicated within a tenth of a second."""
        before = len(self.of(CONTROL))
        await self.link.write(CONTROL, bytes.fromhex(request), response=True)
        await asyncio.sleep(0.1)
        return " ".join(self.of(CONTROL)[before:])

    def of(self, uuid: str) -> list[str]:
        """Everything heard of one characteristic."""
        return [data for _, each, data in self.heard if each == uuid]


async def running(phone: Phone, speed: int = 800) -> None:
    """Control, start, and `speed` (0.01 km/h) since long ago."""
    assert await phone.ask("00") == "800001"
    assert await phone.ask("07") == "800701"
    await asyncio.sleep(5)
    assert await phone.ask("02" + speed.to_bytes(2, "little").hex()) == "800201"
    await asyncio.sleep(20)


async def failing(operation: Awaitable[object]) -> int:
    with pytest.raises(AttError) as refused:
        await operation
    return refused.value.code
