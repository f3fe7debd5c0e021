"""The carriers of the link contract, and the bench alone for what only Bluetooth does: a pytest plugin.

Test modules name it in `pytest_plugins`, not a conftest.py: without packages mypy allows one module of that name.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from itertools import count

import pytest

from runback.link.ble import BleLink
from runback.link.memory import MemoryLink, Radio
from tests.support.bluez.air import Habits
from tests.support.bluez.fixtures import private_bus_address as private_bus_address
from tests.support.bluez.fixtures import system_bus as system_bus
from tests.support.bluez.service import Bluez
from tests.support.link.ear import Carrier, Ear
from tests.support.link.scripted import Scripted
from tests.support.peripheral.bumble_link import BumbleLink
from tests.support.peripheral.station_bench import on_the_air


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def peripheral() -> Scripted:
    return Scripted()


@pytest.fixture
async def bluez(peripheral: Scripted, system_bus: str) -> AsyncIterator[Bluez]:  # noqa: ARG001
    """A bluetoothd with the scripted peripheral on the air."""
    service = Bluez([peripheral], Habits(advertise_every=0.005))
    await service.start()
    yield service
    await service.stop()


@pytest.fixture
async def bleak_carrier(peripheral: Scripted, bluez: Bluez) -> AsyncIterator[Carrier]:  # noqa: ARG001
    """Links over unmodified bleak."""
    carrier = Carrier(peripheral, partial(BleLink, "Scripted", settle=0.0))
    yield carrier
    for link in carrier.links:
        await link.disconnect()


@pytest.fixture
async def memory_carrier(peripheral: Scripted) -> AsyncIterator[Carrier]:
    """Links in the same process, in no time."""
    radio = Radio(peripheral)
    carrier = Carrier(peripheral, partial(MemoryLink, radio, connect_time=0.0, disconnect_time=0.0))
    yield carrier
    for link in carrier.links:
        await link.disconnect()


@pytest.fixture
async def bumble_carrier(peripheral: Scripted) -> AsyncIterator[Carrier]:
    """Links over real ATT bytes, between two emulated controllers: what is under test is our peripheral."""
    async with on_the_air(peripheral) as (ether, _):
        numbers = count(1)
        carrier = Carrier(peripheral, lambda: BumbleLink(ether, next(numbers)))
        yield carrier
        for link in carrier.links:
            await link.disconnect()


@pytest.fixture(params=["memory", "bleak", "bumble"])
def carrier(request: pytest.FixtureRequest) -> Carrier:
    """Each test of the contract runs over all of them."""
    made: Carrier = request.getfixturevalue(f"{request.param}_carrier")
    return made
