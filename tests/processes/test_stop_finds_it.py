"""`runback stop`, the sentinel and the next session find the treadmill, and say only what was measured.

Sources: issue 11, points 3, 6, 7, 8, 17 and 21 (bleak #1806, bluez #1489, bleak #1484, HA core #76544). The real
command over unmodified bleak, on a private D-Bus, against a treadmill in another process.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.support.bluez.commissioned import commissioned
from tests.support.bluez.fixtures import private_bus_address as private_bus_address
from tests.support.bluez.fixtures import system_bus as system_bus
from tests.support.bluez.process import BluezProcess, bluez_process

NAME = "Simulated Treadmill"
OWN_NAME = "Fit Show"
ADDRESS = "C0:FF:EE:00:00:01"
UNLOCKS = "24e2521c-f63b-48ed-85be-c5330d00fdf7"
"""Where a WalkingPad Z1 is unlocked."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of its own; returns that of the marks."""
    for name in ("state", "data"):
        monkeypatch.setenv(f"XDG_{name.upper()}_HOME", str(tmp_path / name))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(commissioned(tmp_path / "config")))
    (tmp_path / "run").mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    return tmp_path / "state" / "runback"


@asynccontextmanager
async def bench(bus: str, *arguments: str) -> AsyncIterator[BluezProcess]:
    async with bluez_process("--bus", bus, "--address", ADDRESS, *arguments) as served:
        yield served


async def runback(*arguments: str) -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "runback", *arguments), stdin=DEVNULL, stdout=PIPE, stderr=PIPE
    )


async def stop(*arguments: str) -> tuple[int | None, str, str]:
    """`runback stop`: exit code, what it said, and what it complained of."""
    process = await runback("stop", *arguments)
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def record(process: Process, event: str, **fields: object) -> dict[str, object]:
    """The next record of that event with those fields."""
    assert process.stdout is not None
    async for line in process.stdout:
        found: dict[str, object] = json.loads(line)
        if found["event"] == event and fields.items() <= found.items():
            return found
    raise EOFError(f"no {event}")


async def running(treadmill: str = NAME) -> Process:
    """A session whose belt moves."""
    process = await runback("run", "5m walk 3", "--headless", "--json", "--treadmill", treadmill)
    await record(process, "phase", phase="running")
    return process


async def kill(process: Process, *, sentinel: bool) -> None:
    """SIGKILL, of its sentinel first."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
    for child in children if sentinel else ():
        os.kill(int(child), signal.SIGKILL)
    process.send_signal(signal.SIGKILL)
    await process.wait()


async def moving(served: BluezProcess) -> None:
    """Somebody starts the belt at the machine."""
    assert await served.ask("start")
    while (await served.truth())["speed"] == 0:
        pass


async def at_rest(served: BluezProcess) -> None:
    while (await served.truth())["speed"] != 0:
        pass


def since_stop(served: BluezProcess) -> set[object]:
    """What has been written since the first Stop, as far as the bench was asked."""
    written = [write["data"] for write in served.writes]
    return set(written[written.index("0801") :])


def marks(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


# Point 8: beside a session


@pytest.mark.parametrize("named", [(), ("-t", NAME), ("-t", ADDRESS)], ids=["no name", "name", "address"])
async def test_beside_a_session_stop_goes_through_its_door_and_leaves_its_link_alone(
    system_bus: str, named: tuple[str, ...]
) -> None:
    async with bench(system_bus) as served:
        session = await running()
        assert await stop(*named) == (0, f"{NAME}: belt at rest\n", "")
        assert (await served.truth())["speed"] == 0
        halted = await record(session, "stop")
        assert halted["reason"] == "stopped from a second screen"
        assert (await record(session, "summary"))["outcome"] == "stopped"
        assert await session.wait() == 3
        assert since_stop(served) == {"0801"}


async def test_a_session_that_hangs_does_not_keep_stop_waiting(system_bus: str) -> None:
    async with bench(system_bus) as served:
        session = await running()
        family = [session.pid, *map(int, Path(f"/proc/{session.pid}/task/{session.pid}/children").read_text().split())]
        for pid in family:
            os.kill(pid, signal.SIGSTOP)
        code, out, _ = await stop()
        assert (code, out) == (0, f"{NAME}: belt at rest\n")
        assert (await served.truth())["speed"] == 0
        for pid in reversed(family):
            os.kill(pid, signal.SIGKILL)
        await session.wait()


async def test_stop_leaves_another_programs_connection_as_it_was(system_bus: str) -> None:
    holds = (
        "import asyncio, bleak\n"
        "async def main():\n"
        f"    client = bleak.BleakClient(await bleak.BleakScanner.find_device_by_address({ADDRESS!r}))\n"
        "    await client.connect(); print('up', flush=True)\n"
        "    await asyncio.to_thread(input); print(client.is_connected, flush=True)\n"
        "asyncio.run(main())"
    )
    async with bench(system_bus) as served:
        await moving(served)
        other = await asyncio.create_subprocess_exec(sys.executable, "-c", holds, stdin=PIPE, stdout=PIPE)
        assert other.stdout is not None
        assert await other.stdout.readline() == b"up\n"
        assert await stop() == (0, f"{NAME}: belt at rest\n", "")
        assert (await other.communicate(b"\n"))[0] == b"True\n"


# Point 6: the name changes


@pytest.mark.parametrize("named", [(), ("-t", NAME), ("-t", ADDRESS)], ids=["no name", "name", "address"])
async def test_a_treadmill_that_changed_its_name_is_stopped_after_everything_was_killed(
    system_bus: str, folder: Path, named: tuple[str, ...]
) -> None:
    async with bench(system_bus, "--own-name", OWN_NAME) as served:
        await kill(await running(), sentinel=True)
        assert (await served.truth())["speed"] != 0
        assert len(marks(folder)) == 1
        code, out, err = await stop(*named)
        assert (code, out, err) == (0, f"{NAME}: belt at rest\n", "")
        assert (await served.truth())["speed"] == 0
        assert marks(folder) == []


async def test_the_sentinel_finds_a_treadmill_that_changed_its_name(system_bus: str, folder: Path) -> None:
    async with bench(system_bus, "--own-name", OWN_NAME) as served:
        await kill(await running(), sentinel=False)
        await at_rest(served)
        while marks(folder):
            await served.truth()


async def test_the_next_session_finds_a_treadmill_that_changed_its_name_and_opens_stopped(
    system_bus: str, folder: Path
) -> None:
    async with bench(system_bus, "--own-name", OWN_NAME) as served:
        await kill(await running(), sentinel=True)
        again = await runback("run", "5m walk 3", "--headless", "--json", "-t", NAME)
        assert "an earlier session left" in str((await record(again, "stop"))["reason"])
        assert await again.wait() == 3
        assert (await served.truth())["speed"] == 0
        assert since_stop(served) == {"0801"}
        assert marks(folder) == []


async def test_unlocking_is_made_from_the_name_that_was_advertised(system_bus: str, folder: Path) -> None:
    """Quirk 6: the payload has the last four characters of the name."""
    async with bench(system_bus, "--profile", "walkingpad-z1", "--own-name", OWN_NAME) as served:
        session = await running(ADDRESS)
        await served.truth()
        unlocked = {str(write["data"]) for write in served.writes if str(write["uuid"]) == UNLOCKS}
        assert unlocked
        here = len(served.writes)
        await kill(session, sentinel=True)
        assert (await stop("-t", ADDRESS))[0] == 0
        assert (await served.truth())["speed"] == 0
        assert {str(write["data"]) for write in served.writes[here:] if str(write["uuid"]) == UNLOCKS} == unlocked
        assert marks(folder) == []


# Points 3 and 7: links that are not what they seem, errors that pass


async def test_stop_makes_a_link_without_services_again_and_stops(system_bus: str) -> None:
    async with bench(system_bus, "--without-services", "1") as served:
        await moving(served)
        assert await stop("-t", NAME) == (0, f"{NAME}: belt at rest\n", "")
        assert (await served.truth())["speed"] == 0


async def test_stop_tries_again_after_errors_that_pass_and_says_what_to_do_meanwhile(system_bus: str) -> None:
    async with bench(system_bus) as served:
        await moving(served)
        await served.ask("refuse 3")
        code, out, err = await stop("-t", NAME)
        assert (code, out) == (0, f"{NAME}: belt at rest\n")
        assert "Operation already in progress" in err
        assert "trying again: pull the safety key if the belt moves" in err
        assert (await served.truth())["speed"] == 0


async def test_a_session_that_joins_again_tries_again_after_errors_that_pass(system_bus: str) -> None:
    async with bench(system_bus) as served:
        await kill(await running(), sentinel=True)
        await served.ask("drop")
        await served.ask("refuse 3")
        again = await runback("run", "5m walk 3", "--headless", "-t", NAME)
        _, err = await again.communicate()
        assert again.returncode == 3
        assert b"trying again" in err
        assert (await served.truth())["speed"] == 0


# Points 17 and 21: marks


async def test_the_rest_of_another_treadmill_takes_no_mark_away_until_a_person_says_so(
    system_bus: str, folder: Path
) -> None:
    async with bench(system_bus, "--also", "1") as served:
        await kill(await running(ADDRESS), sentinel=True)
        code, out, err = await stop("-t", f"{NAME} 2")
        assert (code, out) == (0, f"{NAME} 2: belt at rest\n")
        assert f"{NAME} ({ADDRESS}) was left by an earlier session" in err
        assert len(marks(folder)) == 1
        assert (await served.truth())["speed"] != 0
        assert (await stop("-t", f"{NAME} 2", "--clear-mark"))[0] == 0
        assert marks(folder) == []
        assert (await stop("-t", ADDRESS))[0] == 0


@pytest.mark.parametrize(
    "text",
    ['{"treadmill": "X", "pid": 100000000000000000000}', '{"treadmill": "X", "pid": 1e400}', "[" * 50_000],
    ids=["pid", "number", "brackets"],
)
async def test_a_mark_that_makes_no_sense_opens_a_session_stopped_and_does_not_end_it(
    system_bus: str, folder: Path, text: str
) -> None:
    folder.mkdir(parents=True)
    (folder / "belt-may-be-moving.json").write_text(text)
    async with bench(system_bus):
        session = await runback("run", "5m walk 3", "--headless", "--json", "-t", NAME)
        assert "an earlier session left" in str((await record(session, "stop"))["reason"])
        assert await session.wait() == 3
    assert len(marks(folder)) == 1
