"""What the program says and the code it ends with, held against what happened: over unmodified bleak, on a private
D-Bus, and in a pseudo-terminal. Issue 11, point 11."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.bluez.commissioned import commissioned
from tests.support.bluez.fixtures import private_bus_address as private_bus_address
from tests.support.bluez.fixtures import system_bus as system_bus
from tests.support.bluez.process import BluezProcess, bluez_process
from tests.support.bluez.service import Bluez

NAME = "Simulated Treadmill"
STRANGER = "Somebody's Mill"


async def runback(folder: Path, *arguments: str, **environment: str) -> tuple[int, str, str]:
    """The exit code, standard output and standard error of a command."""
    folders = {f"XDG_{name}_HOME": str(folder / name) for name in ("STATE", "DATA", "CONFIG")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "runback", *arguments),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        env=os.environ | folders | environment,
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


@pytest.fixture
async def stranger(system_bus: str) -> AsyncIterator[BluezProcess]:
    async with bluez_process("--bus", system_bus, "--name", STRANGER) as served:
        yield served


@pytest.mark.usefixtures("stranger")
async def test_a_stranger_is_refused_before_a_countdown_is_promised(tmp_path: Path) -> None:
    code, out, err = await runback(tmp_path, "run", "3s walk 2", "--headless", "-t", STRANGER)
    assert (code, out) == (2, "")
    assert "runback commission" in err


async def test_a_countdown_is_promised_once_the_treadmill_is_known_and_the_last_line_says_rest(
    system_bus: str, tmp_path: Path
) -> None:
    commissioned(tmp_path / "CONFIG")
    async with bluez_process("--bus", system_bus):
        code, out, err = await runback(tmp_path, "run", "3s walk 2", "--headless", "-t", NAME)
    assert (code, err) == (0, "")
    first, *_, last = out.splitlines()
    assert first == "3s walk 2: the belt starts after a countdown; Ctrl-C stops it"
    assert last == "The belt is at rest."


REFUSALS = {
    "to be heard": ("wants-pairing:subscribe", 5),
    "to be read": ("wants-pairing:read", 5),
    "to be written": ("att-error@0+600:0x0F", 3),
    "to be written, without authentication": ("att-error@0+600:0x05", 3),
}


@pytest.mark.parametrize(("fault", "code"), REFUSALS.values(), ids=REFUSALS)
async def test_a_treadmill_that_wants_pairing_is_said_to_and_what_to_do(
    system_bus: str, tmp_path: Path, fault: str, code: int
) -> None:
    name = NAME
    if "read" in fault:
        name = STRANGER  # what it is cannot be known
    else:
        commissioned(tmp_path / "CONFIG")
    async with bluez_process("--bus", system_bus, "--name", name, "--fault", fault) as served:
        ended, out, err = await runback(tmp_path, "run", "3s walk 2", "--headless", "-t", name)
        assert (await served.truth())["speed"] == 0
    assert ended == code
    assert "wants to be paired with this computer first" in out + err
    assert "bluetoothctl pair" in out + err
    assert "does not give control" not in out + err


async def test_the_doctor_does_not_call_a_bus_on_tcp_missing(system_bus: str, tmp_path: Path) -> None:
    path = system_bus.partition("path=")[2]
    served: set[asyncio.Task[None]] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def enter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_unix_connection(path)
        served.add(asyncio.create_task(carry(inner_reader, writer)))
        await carry(reader, inner_writer)

    service = Bluez([])
    await service.start()
    async with await asyncio.start_server(enter, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        where = f"tcp:host=127.0.0.1,port={port}"
        code, out, _ = await runback(tmp_path, "doctor", "--json", DBUS_SYSTEM_BUS_ADDRESS=where)
    await service.stop()
    for task in served:
        task.cancel()
    found = {each["what"]: each["state"] for each in map(json.loads, out.splitlines())}
    assert (found["Bluetooth"], found["D-Bus"], code) == ("ok", "ok", 0)


async def test_a_session_nobody_reads_ends_with_the_code_of_its_belt(tmp_path: Path) -> None:
    """The reader of standard output leaves at once; the session is seen through all the same."""
    folders = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("STATE", "DATA", "CONFIG")}
    read, write = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "runback", "run", "3s walk 2", "--headless", "--speedup", "max"),
        stdin=DEVNULL,
        stdout=write,
        stderr=PIPE,
        env=os.environ | folders,
    )
    os.close(read)
    os.close(write)
    _, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")


async def test_a_list_whose_reader_has_seen_enough_is_no_failure(tmp_path: Path) -> None:
    read, write = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "runback", "run", "--fault", "help", "x"),
        stdin=DEVNULL,
        stdout=write,
        stderr=PIPE,
        env=os.environ | {"XDG_CONFIG_HOME": str(tmp_path)},
    )
    os.close(read)
    os.close(write)
    _, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
