"""The bench as a process, with the simulated treadmill on it. Bytes: ftms.md (S0 4.16), written out by hand."""

from __future__ import annotations

import asyncio

import pytest

from runback.errors import LinkLost
from runback.link.ble import BleLink
from tests.support.bluez.process import bluez_process
from tests.support.link.ear import PATIENCE, Ear

pytest_plugins = ["tests.support.link.fixtures"]

CONTROL_POINT = "00002ad9-0000-1000-8000-00805f9b34fb"
TREADMILL_DATA = "00002acd-0000-1000-8000-00805f9b34fb"


async def request(link: BleLink, ear: Ear, octets: str) -> None:
    """One control point procedure that succeeds: 80, the request's op code, 01."""
    before = len(ear.heard)
    await link.write(CONTROL_POINT, bytes.fromhex(octets), response=True)
    success = (CONTROL_POINT, bytes((0x80, int(octets[:2], 16), 0x01)))
    await ear.until(lambda: success in ear.heard[before:])


async def test_a_simulated_treadmill_is_driven_over_d_bus(system_bus: str, ear: Ear) -> None:
    async with bluez_process("--bus", system_bus, "--name", "Benchmill", "--speed", "20") as bench:
        link = BleLink("benchmill", settle=0.0)
        async with asyncio.timeout(PATIENCE):
            services = await link.connect(ear)
            assert services[CONTROL_POINT] == {"write", "indicate"}
            await link.subscribe(CONTROL_POINT)
            await link.subscribe(TREADMILL_DATA)
            await request(link, ear, "00")
            await request(link, ear, "07")
            await ear.until(lambda: any(uuid == TREADMILL_DATA and data[2:4] != b"\0\0" for uuid, data in ear.heard))
            moving = await bench.truth()
            await request(link, ear, "0801")
        assert moving["speed"] != 0
        assert [write["data"] for write in bench.writes] == ["00", "07"]
        await bench.ask("truth")
        assert [write["data"] for write in bench.writes] == ["00", "07", "0801"]
        await link.disconnect()


@pytest.mark.full
async def test_a_twin_is_unlocked_and_driven_over_d_bus(system_bus: str, ear: Ear) -> None:
    """devices/merach-t.toml: nothing comes of a command before aa 01 00 01 55 (quirk 8)."""
    async with bluez_process("--bus", system_bus, "--profile", "merach-t", "--speed", "20") as bench:
        link = BleLink("MRK-T10", settle=0.0)
        async with asyncio.timeout(PATIENCE):
            services = await link.connect(ear)
            assert services["59554c55-0000-6666-8888-4d4552414348"] == {"write-without-response"}
            await link.subscribe(CONTROL_POINT)
            await link.write(CONTROL_POINT, b"\x00", response=True)
            await bench.truth()
            assert ear.heard == []
            await link.write("59554c55-0000-6666-8888-4d4552414348", bytes.fromhex("aa01000155"), response=False)
            await request(link, ear, "00")
            await request(link, ear, "07")
        await link.disconnect()


@pytest.mark.full
async def test_a_twin_that_takes_write_commands_answers_by_notification(system_bus: str, ear: Ear) -> None:
    """captures.json, Urevo E1L: ATT 0x52 write command, 0x1B notification (quirks 1 and 2)."""
    async with bluez_process("--bus", system_bus, "--profile", "urevo-e1l", "--speed", "20"):
        link = BleLink("URTM041", settle=0.0)
        async with asyncio.timeout(PATIENCE):
            services = await link.connect(ear)
            assert services[CONTROL_POINT] == {"write-without-response", "notify"}
            await link.subscribe(CONTROL_POINT)
            await link.write(CONTROL_POINT, b"\x00", response=False)
            assert await ear.packets(1) == [(CONTROL_POINT, bytes.fromhex("800001"))]
        await link.disconnect()


@pytest.mark.full
async def test_a_hand_at_the_machine_is_heard_of(system_bus: str, ear: Ear) -> None:
    async with bluez_process("--bus", system_bus, "--name", "Benchmill") as bench:
        link = BleLink("benchmill", settle=0.0)
        await link.connect(ear)
        await link.subscribe("00002ada-0000-1000-8000-00805f9b34fb")
        assert await bench.ask("start") is True
        assert await ear.packets(1) == [("00002ada-0000-1000-8000-00805f9b34fb", b"\x04")]
        assert await bench.ask("nonsense") == "nonsense"
        await link.disconnect()


@pytest.mark.full
async def test_a_killed_bench_is_a_dead_bluetoothd(system_bus: str, ear: Ear) -> None:
    async with bluez_process("--bus", system_bus, "--name", "Benchmill") as bench:
        link = BleLink("benchmill", settle=0.0)
        await link.connect(ear)
        await bench.kill()
        with pytest.raises(LinkLost):
            await link.write(CONTROL_POINT, b"\x08\x01", response=True)
        await ear.loss()
        await link.disconnect()
