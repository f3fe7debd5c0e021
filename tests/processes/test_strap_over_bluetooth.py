"""The real command with a strap beside the treadmill, over unmodified bleak on a private D-Bus."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator
from pathlib import Path

import pytest

from runback.journal.queries import story
from tests.support.bluez.fixtures import private_bus_address as private_bus_address
from tests.support.bluez.fixtures import system_bus as system_bus
from tests.support.bluez.process import bluez_process

NAME, STRAP = "Simulated Treadmill", "Simulated Strap"
STRAP_ADDRESS = "5A:1D:00:00:18:0D"


@pytest.fixture(autouse=True)
def data(tmp_path: Path) -> Iterator[Path]:
    """Folders of its own; returns the journal's."""
    folders = {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_DATA_HOME": str(tmp_path / "data")}
    before = {name: os.environ.get(name) for name in folders}
    os.environ |= folders
    yield tmp_path / "data"
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value


async def runback(*arguments: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "runback", *arguments, stdin=asyncio.subprocess.DEVNULL, stdout=PIPE, stderr=PIPE
    )


async def run(workout: str, *more: str) -> Process:
    return await runback("run", workout, "--headless", "--json", "--treadmill", NAME, *more)


async def record(process: Process, event: str, **fields: object) -> dict[str, object]:
    """The next record of that event with those fields."""
    assert process.stdout is not None
    async for line in process.stdout:
        found: dict[str, object] = json.loads(line)
        if found["event"] == event and all(key in found and found[key] == value for key, value in fields.items()):
            return found
    raise EOFError(f"no {event} with {fields}")


async def beats(process: Process) -> None:
    """The next snapshot with a heart rate."""
    while "heart_rate_bpm" not in await record(process, "snapshot", heart_rate_sensor="strap"):
        pass


async def test_contact_is_lost_the_strap_is_out_of_reach_and_freezes_and_each_time_comes_back(
    system_bus: str, data: Path
) -> None:
    faults = ("strap-no-contact@4+3", "strap-lost@10+3", "strap-frozen@20", "strap-no-beats@20")
    told = [part for fault in faults for part in ("--strap-fault", fault)]
    async with bluez_process("--bus", system_bus, "--strap", *told) as bench:
        process = await run("28s walk 2", "--strap", "simulated str")
        for loss in ("no contact", "no link", "frozen"):
            await beats(process)
            lost = await record(process, "snapshot", heart_rate_lost=loss)
            assert "heart_rate_bpm" not in lost
        assert (await record(process, "summary"))["outcome"] == "completed"
        assert await process.wait() == 0
        assert (await bench.truth())["speed"] == 0
        assert {write["address"] for write in bench.writes} == {"5A:1D:00:00:18:26"}
    samples = story(data / "runback" / "journal.db", "last").samples
    rates = [sample.heart_rate for sample in samples]
    assert {rate is None for rate in rates} == {True, False}
    assert all(rate is None or 50 <= rate <= 110 for rate in rates)


async def stopped(system_bus: str, *, hangs: bool) -> list[tuple[object, object]]:
    """What was written to the treadmill, repetitions aside, when a session is stopped while its strap hangs in connect,
    or has none."""
    strap = ["--strap", "--strap-hangs"] if hangs else []
    async with bluez_process("--bus", system_bus, *strap) as bench:
        process = await run("5m walk 3", *(["--strap", STRAP_ADDRESS] if hangs else []))
        await record(process, "phase", phase="running")
        await record(process, "write", hex="022c01")
        process.send_signal(signal.SIGINT)
        summary = await record(process, "summary")
        assert await process.wait() == 3
        assert summary["outcome"] == "stopped"
        assert (await bench.truth())["speed"] == 0
        return list(dict.fromkeys((write["address"], write["data"]) for write in bench.writes))


async def test_a_stop_while_the_strap_hangs_in_connect_is_the_same_as_without_a_strap(system_bus: str) -> None:
    assert await stopped(system_bus, hangs=True) == await stopped(system_bus, hangs=False)


async def test_the_treadmill_comes_back_though_the_strap_hangs_in_connect(system_bus: str) -> None:
    async with bluez_process("--bus", system_bus, "--strap", "--strap-hangs") as bench:
        process = await run("5m walk 3", "--strap", STRAP)
        await record(process, "phase", phase="running")
        await bench.ask("drop")
        await record(process, "strap", state="no link", why="given up: the treadmill comes first")
        await record(process, "connected")
        assert (await record(process, "summary"))["outcome"] == "stopped"
        assert await process.wait() == 3
        assert (await bench.truth())["speed"] == 0


async def test_scan_lists_the_strap_as_what_it_is(system_bus: str) -> None:
    async with bluez_process("--bus", system_bus, "--strap"):
        process = await runback("scan", "--seconds", "1", "--json")
        out, _ = await process.communicate()
        found = {one["name"]: one for one in map(json.loads, out.splitlines())}
        lines = await runback("scan", "--seconds", "1")
        text, _ = await lines.communicate()
    assert (process.returncode, lines.returncode) == (0, 0)
    strap = found[STRAP]
    assert (strap["machine"], strap["treadmill"], strap["profile"]) == ("heart-rate strap", False, None)
    assert found[NAME]["machine"] == "treadmill"
    assert b"heart-rate strap" in text


async def test_runback_stop_is_not_sent_to_a_strap_that_is_connected(system_bus: str) -> None:
    async with bluez_process("--bus", system_bus, "--strap") as bench:
        process = await run("5m walk 3", "--strap", STRAP)
        await beats(process)
        process.kill()
        await process.wait()
        stop = await runback("stop")
        out, err = await stop.communicate()
        assert (stop.returncode, err) == (0, b""), out
        assert NAME.encode() in out
        assert (await bench.truth())["speed"] == 0
