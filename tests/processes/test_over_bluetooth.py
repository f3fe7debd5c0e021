"""The real command over unmodified bleak, on a private D-Bus, against a treadmill in another process."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator

import pytest
from bluez_fixtures import private_bus_address as private_bus_address
from bluez_fixtures import system_bus as system_bus
from bluez_process import BluezProcess, bluez_process

pytestmark = pytest.mark.timeout(90)

NAME = "Simulated Treadmill"


@pytest.fixture
async def bench(system_bus: str) -> AsyncIterator[BluezProcess]:
    async with bluez_process("--bus", system_bus) as served:
        yield served


async def runback(*arguments: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "runback", *arguments, stdin=asyncio.subprocess.DEVNULL, stdout=PIPE, stderr=PIPE
    )


async def record(process: Process, event: str, **fields: object) -> dict[str, object]:
    """The next record of that event with those fields on its standard output."""
    assert process.stdout is not None
    async for line in process.stdout:
        found: dict[str, object] = json.loads(line)
        if found["event"] == event and fields.items() <= found.items():
            return found
    raise EOFError(f"no {event}")


async def test_a_workout_is_walked_to_its_end_on_real_bleak(bench: BluezProcess) -> None:
    process = await runback("run", "3s walk 2", "--headless", "--json", "--treadmill", NAME)
    summary = await record(process, "summary")
    assert await process.wait() == 0
    assert summary["outcome"] == "completed"
    assert (await bench.truth())["speed"] == 0
    written = [write["data"] for write in bench.writes]
    assert written == ["00", "07", "02c800", "0801"]
    assert [write["hex"] for write in summary["writes"]] == written  # type: ignore[attr-defined]


async def test_a_killed_keeper_is_followed_by_runback_stop(bench: BluezProcess) -> None:
    process = await runback("run", "5m walk 3", "--headless", "--json", "--treadmill", NAME)
    await record(process, "phase", phase="running")
    process.send_signal(signal.SIGKILL)
    await process.wait()
    assert (await bench.truth())["speed"] != 0
    stop = await runback("stop")
    out, err = await stop.communicate()
    assert (stop.returncode, err) == (0, b""), out
    assert b"belt at rest" in out
    assert (await bench.truth())["speed"] == 0
    assert bench.writes[-1]["data"] == "0801"


async def test_ctrl_c_stops_the_belt_before_the_program_ends(bench: BluezProcess) -> None:
    process = await runback("run", "5m walk 3", "--headless", "--json", "--treadmill", NAME)
    await record(process, "phase", phase="running")
    process.send_signal(signal.SIGINT)
    summary = await record(process, "summary")
    assert await process.wait() == 3
    assert summary["outcome"] == "stopped"
    assert (await bench.truth())["speed"] == 0


async def test_a_lost_link_halts_the_session_and_only_stop_follows_its_return(bench: BluezProcess) -> None:
    process = await runback("run", "5m walk 3", "--headless", "--json", "--treadmill", NAME)
    await record(process, "phase", phase="running")
    before = await bench.truth()
    here = len(bench.writes)
    await bench.ask("drop")
    await record(process, "phase", phase="link lost")
    summary = await record(process, "summary")
    assert await process.wait() == 3
    assert summary["outcome"] == "stopped"
    assert before["speed"] != 0
    assert (await bench.truth())["speed"] == 0
    assert {write["data"] for write in bench.writes[here:]} <= {"0801", "00"}


async def test_a_hung_write_does_not_keep_the_belt_running(bench: BluezProcess) -> None:
    process = await runback("run", "5m walk 3", "--headless", "--json", "--treadmill", NAME)
    await record(process, "phase", phase="running")
    await record(process, "write", hex="022c01")
    await bench.ask("stall")
    process.send_signal(signal.SIGINT)
    await record(process, "write hung", hex="0801")
    await bench.ask("unstall")
    assert (await record(process, "summary"))["outcome"] == "stopped"
    assert await process.wait() == 3
    assert (await bench.truth())["speed"] == 0


async def test_scan_lists_the_treadmill_on_the_air(bench: BluezProcess) -> None:  # noqa: ARG001
    process = await runback("scan", "--seconds", "1", "--json")
    out, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert json.loads(out)["name"] == NAME


@pytest.mark.parametrize(
    "arguments", [("scan", "--seconds", "0.5"), ("stop",), ("run", "1m walk 4", "--headless", "-t", "X")]
)
async def test_no_bluetooth_is_one_line_and_exit_code_5(arguments: tuple[str, ...], system_bus: str) -> None:
    assert os.environ["DBUS_SYSTEM_BUS_ADDRESS"] == system_bus  # a bus without org.bluez on it
    process = await runback(*arguments)
    _, err = await process.communicate()
    lines = [line for line in err.decode().splitlines() if not line.startswith("1m walk 4:")]
    assert process.returncode == 5
    assert len(lines) == 1, lines
    assert "Bluetooth" in lines[0] or "bluetooth" in lines[0]
