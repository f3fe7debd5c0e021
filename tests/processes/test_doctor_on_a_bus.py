"""`runback doctor` on a private D-Bus: no bluetoothd, no adapter, an adapter that is off, one that is on."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE

import pytest

from tests.support.bluez.fixtures import private_bus_address as private_bus_address
from tests.support.bluez.fixtures import system_bus as system_bus
from tests.support.bluez.service import Bluez

pytestmark = pytest.mark.usefixtures("system_bus")
Finding = dict[str, str]


async def doctor() -> tuple[int, dict[str, Finding]]:
    """The exit code, and the findings by what was looked at."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "runback", "doctor", "--json"), stdin=DEVNULL, stdout=PIPE, stderr=PIPE
    )
    out, err = await process.communicate()
    assert err == b""
    assert process.returncode is not None
    return process.returncode, {found["what"]: found for found in map(json.loads, out.splitlines())}


async def test_a_bus_without_bluetoothd_is_told_with_how_to_start_it() -> None:
    code, found = await doctor()
    assert (code, found["D-Bus"]["state"], found["Bluetooth"]["state"]) == (5, "ok", "bad")
    assert "systemctl start bluetooth" in found["Bluetooth"]["mend"]


async def test_an_adapter_that_is_off_is_told_with_how_to_turn_it_on() -> None:
    service = Bluez([])
    service.powered = False
    await service.start()
    code, found = await doctor()
    await service.stop()
    assert (code, found["Bluetooth"]["state"]) == (5, "bad")
    assert "power on" in found["Bluetooth"]["mend"]


async def test_an_adapter_that_hears_nothing_is_in_order_and_the_treadmill_is_to_be_switched_on() -> None:
    service = Bluez([])
    await service.start()
    code, found = await doctor()
    await service.stop()
    assert (code, found["Bluetooth"]["state"], found["treadmills"]["state"]) == (0, "ok", "note")
    assert "switch the treadmill on" in found["treadmills"]["mend"]
