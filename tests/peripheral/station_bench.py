"""A treadmill on the air in no time: its station, an ether, and as many phones as are wanted."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from runback.peripheral.station import Station
from runback.peripheral.virtual import Ether, radio
from runback.simulator.gatt import Peripheral


@contextlib.asynccontextmanager
async def on_the_air(
    peripheral: Peripheral, *, mtu: int = 185, name: str | None = "Simulated Treadmill"
) -> AsyncIterator[tuple[Ether, Station]]:
    """`peripheral` served until the end of the block."""
    ether = Ether()
    source, sink = radio("treadmill", ether)
    station = Station(peripheral, source, sink, mtu=mtu, name=name)
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
