"""The real command on the air: HCI over a real socket, its controller in this process, and a phone beside it."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from bumble.transport import open_transport
from bumble.transport.common import StreamPacketSink, StreamPacketSource

from runback.peripheral.virtual import VirtualAir, VirtualRadio
from tests.support.peripheral.bumble_link import BumbleLink

CONTROL = "00002ad9-0000-1000-8000-00805f9b34fb"
PATIENCE = 30.0


class Phone:
    """Hears nothing but the control point's answers, and loses."""

    def __init__(self, link: BumbleLink) -> None:
        self.link = link
        self.answers: asyncio.Queue[str] = asyncio.Queue()
        self.lost_it = asyncio.Event()

    def notified(self, uuid: str, data: bytes) -> None:
        if uuid == CONTROL:
            self.answers.put_nowait(data.hex())

    def lost(self, reason: str) -> None:  # noqa: ARG002
        self.lost_it.set()

    async def ask(self, request: str) -> str:
        await self.link.write(CONTROL, bytes.fromhex(request), response=True)
        return await self.answers.get()


@asynccontextmanager
async def simulate(*arguments: str) -> AsyncIterator[Process]:
    """The command, which does not outlive the block."""
    command = (sys.executable, "-m", "runback", "simulate", *arguments)
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    try:
        async with asyncio.timeout(PATIENCE):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def complaint(process: Process) -> str:
    """All that it said on standard error, once it has ended."""
    assert process.stderr is not None
    said = await process.stderr.read()
    await process.wait()
    return said.decode()


async def told(process: Process, event: str, **fields: object) -> dict[str, object]:
    """The next line of that event with those fields."""
    assert process.stdout is not None
    async for line in process.stdout:
        found: dict[str, object] = json.loads(line)
        if found["event"] == event and fields.items() <= found.items():
            return found
    assert process.stderr is not None
    raise EOFError(f"no {event}: {(await process.stderr.read()).decode()}")


@asynccontextmanager
async def controller() -> AsyncIterator[tuple[str, VirtualAir, Callable[[], None]]]:
    """A controller behind a socket, as bumble names it to its host; the ether it is on, and what unplugs it."""
    ether = VirtualAir()
    plugged: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        plugged.append(writer)
        source = StreamPacketSource()
        source.set_packet_sink(VirtualRadio("treadmill", ether, StreamPacketSink(writer.transport)))
        while data := await reader.read(1024):
            source.data_received(data)
        writer.close()

    def unplug() -> None:
        for writer in plugged:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        try:
            yield f"tcp-client:127.0.0.1:{server.sockets[0].getsockname()[1]}", ether, unplug
        finally:
            unplug()


async def test_it_is_found_driven_touched_by_hand_and_ended_with_ctrl_c() -> None:
    async with controller() as (name, ether, _), simulate("--transport", name, "--json") as process:
        assert process.stdin is not None
        ready = await told(process, "ready")
        assert ready["name"] == "Simulated Treadmill"
        phone = Phone(BumbleLink(ether))
        await phone.link.connect(phone)
        assert phone.link.name == "Simulated Treadmill"
        await phone.link.subscribe(CONTROL)
        assert await phone.ask("00") == "800001"
        assert await told(process, "request", octets="00", result="success")
        process.stdin.write(b"start\n")
        assert await told(process, "belt", phase="countdown")
        process.stdin.write(b"fly\nkey out\n")
        assert await told(process, "belt", phase="at rest")
        assert await phone.ask("07") == "800704"
        process.stdin.close()  # its end is not the treadmill's
        assert await phone.ask("0801") == "800804"
        process.send_signal(signal.SIGINT)
        await phone.lost_it.wait()
        assert await told(process, "disconnected", client=1)
        assert await process.wait() == 0
        assert process.stderr is not None
        assert (
            (await process.stderr.read()).decode().startswith("“fly”: nothing at the treadmill is called that; type ")
        )


async def test_a_twin_goes_by_the_name_it_is_given_and_a_person_is_told_in_lines() -> None:
    twin = ("--treadmill", "sim:urevo-e1l", "--name", "URTM041 TEST")
    async with controller() as (name, ether, _), simulate("--transport", name, *twin) as process:
        assert process.stdout is not None
        line = (await process.stdout.readline()).decode()
        assert " URTM041 TEST is on the air at " in line
        phone = Phone(BumbleLink(ether))
        offered = await phone.link.connect(phone)
        assert offered[CONTROL] == {"write-without-response", "notify"}
        assert (await process.stdout.readline()).decode().endswith(" client 1 is connected\n")
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def test_a_controller_that_is_unplugged_ends_it_in_one_line() -> None:
    async with controller() as (name, _, unplug), simulate("--transport", name, "--json") as process:
        await told(process, "ready")
        unplug()
        assert await complaint(process) == "runback: the Bluetooth controller is gone\n"
        assert process.returncode == 5


async def test_a_controller_that_comes_later_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "hci"
    async with simulate("--transport", f"unix-server:{path}", "--json") as process:
        await told(process, "waiting", transport=f"unix-server:{path}")
        transport = await open_transport(f"unix-client:{path}")
        ether = VirtualAir()
        transport.source.set_packet_sink(VirtualRadio("treadmill", ether, transport.sink))
        await told(process, "ready")
        phone = Phone(BumbleLink(ether))
        await phone.link.connect(phone)
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 0
        await transport.close()


@pytest.mark.parametrize(
    "name", ["tcp-client:127.0.0.1:1", "nothing:0", "usb", "tcp-server:9001", "vhci:/nowhere/vhci"]
)
async def test_a_controller_that_cannot_be_had_is_one_line_and_exit_code_2(name: str) -> None:
    async with simulate("--transport", name) as process:
        (line,) = (await complaint(process)).splitlines()
    assert process.returncode == 2
    assert line.startswith(f"runback: --transport {name}: ")
    assert "; give one that bumble knows" in line


async def test_without_bumble_it_says_what_brings_it() -> None:
    blocked = "import sys; sys.modules['bumble'] = None; from runback.cli import main; main()"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", blocked, "simulate", "--transport", "usb:0", stdout=PIPE, stderr=PIPE
    )
    _, error = await process.communicate()
    assert process.returncode == 2
    what, hint = error.decode().strip().split("; ")
    assert what == "runback: runback simulate: it needs bumble, which is not installed"
    assert hint == "`pip install 'runback[peripheral]'` brings it"
