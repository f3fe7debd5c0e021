"""The real command over unmodified bleak, on a private D-Bus, against a treadmill in another process."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from runback.journal.queries import history, story
from runback.journal.write_results import writes
from tests.support.bluez.commissioned import commissioned
from tests.support.bluez.fixtures import private_bus_address as private_bus_address
from tests.support.bluez.fixtures import system_bus as system_bus
from tests.support.bluez.process import BluezProcess, bluez_process

NAME = "Simulated Treadmill"
STARTED: list[Process] = []


@pytest.fixture(autouse=True)
def state(tmp_path: Path) -> Iterator[Path]:
    """Folders of its own: for the mark that a belt may be moving, which is returned, for the journal, and for the
    profile of a commissioned treadmill."""
    folders = {f"XDG_{name.upper()}_HOME": str(tmp_path / name) for name in ("state", "data")}
    folders["XDG_CONFIG_HOME"] = str(commissioned(tmp_path / "config"))
    before = {name: os.environ.get(name) for name in folders}
    os.environ |= folders
    yield tmp_path / "state"
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value


@pytest.fixture
async def bench(system_bus: str) -> AsyncIterator[BluezProcess]:
    async with bluez_process("--bus", system_bus) as served:
        yield served


@pytest.fixture(autouse=True)
async def nothing_outlives_its_test() -> AsyncIterator[None]:
    """Not even what a test that fails has started."""
    yield
    while STARTED:
        process = STARTED.pop()
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def runback(*arguments: str, **environment: str) -> Process:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "runback", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        env=os.environ | environment,
    )
    STARTED.append(process)
    return process


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
    assert written == ["00", "07", "025000", "0801"]  # the lowest speed first: nobody knows its units yet
    assert [write["hex"] for write in summary["writes"]] == written  # type: ignore[attr-defined]


async def test_a_profile_that_the_person_names_holds_whatever_the_treadmill_is_called(bench: BluezProcess) -> None:
    named = ("--treadmill", NAME, "--profile", "Bowflex-T9")
    process = await runback("run", "3s walk 2", "--headless", "--json", *named)
    summary = await record(process, "summary")
    await process.wait()
    written = {write["hex"] for write in summary["writes"]}  # type: ignore[attr-defined]
    assert written == {
        "00",
        "07",
        "023200",
        "0801",
    }  # 0.8 km/h in hundredths of a mile an hour: quirk 22, this profile's
    stop = await runback("stop", *named)
    assert await stop.wait() == 0
    assert (await bench.truth())["speed"] == 0


async def test_a_session_is_in_the_journal_with_its_samples_writes_and_outcome(
    bench: BluezProcess, state: Path
) -> None:
    process = await runback("run", "4s walk 2", "--headless", "--json", "--treadmill", NAME)
    await record(process, "summary")
    assert await process.wait() == 0
    journal = state.parent / "data" / "runback" / "journal.db"
    (session,) = history(journal)
    assert (session.outcome, session.simulated, session.treadmill) == ("completed", False, NAME)
    told = story(journal, "last")
    assert (await bench.truth())["speed"] == 0
    assert [write.octets.data.hex() for write in writes(told)] == [write["data"] for write in bench.writes]
    assert len(told.samples) >= 4
    assert len(told.intervals) == 1


async def at_rest(bench: BluezProcess) -> None:
    """Wait until the belt itself is at rest; a test that waits in vain times out."""
    while (await bench.truth())["speed"] != 0:
        pass


async def test_a_killed_engine_is_followed_by_its_sentinel_which_stops_the_belt(
    bench: BluezProcess, state: Path
) -> None:
    process = await runback("run", "5m walk 3", "--headless", "--json", "--treadmill", NAME)
    await record(process, "phase", phase="running")
    assert len(list(state.rglob("*.json"))) == 1
    process.send_signal(signal.SIGKILL)
    await process.wait()
    assert (await bench.truth())["speed"] != 0
    await at_rest(bench)
    assert bench.writes[-1]["data"] == "0801"
    while list(state.rglob("*.json")):
        await bench.truth()


async def test_engine_and_sentinel_killed_leave_a_mark_and_the_next_session_opens_stopped(
    bench: BluezProcess, state: Path
) -> None:
    process = await runback("run", "5m walk 3", "--headless", "--json", "--treadmill", NAME)
    await record(process, "phase", phase="running")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
    for child in children:
        os.kill(int(child), signal.SIGKILL)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    assert (await bench.truth())["speed"] != 0
    here = len(bench.writes)
    again = await runback("run", "5m walk 3", "--headless", "--json", "--treadmill", NAME)
    stop = await record(again, "stop")
    assert "an earlier session left" in str(stop["reason"])
    assert await again.wait() == 3
    assert (await bench.truth())["speed"] == 0
    assert {write["data"] for write in bench.writes[here:]} <= {"0801", "00"}
    assert list(state.rglob("*.json")) == []


async def test_runback_stop_stops_a_belt_that_no_session_drives(bench: BluezProcess) -> None:
    assert await bench.ask("start")
    while (await bench.truth())["speed"] == 0:
        pass
    stop = await runback("stop", "--treadmill", NAME)
    out, err = await stop.communicate()
    assert (stop.returncode, err) == (0, b""), out
    assert b"belt at rest" in out
    assert (await bench.truth())["speed"] == 0
    assert bench.writes[0]["data"] == "0801"


async def test_runback_stop_stops_a_belt_whatever_the_settings_hold(bench: BluezProcess, state: Path) -> None:
    folder = state.parent / "config" / "runback"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text("units = \n[[[", encoding="utf-8")
    broken = {"XDG_CONFIG_HOME": str(folder.parent), "RUNBACK_UNITS": "furlongs", "RUNBACK_NONSENSE": "1"}
    refused = await runback("run", "1m walk 4", "--headless", "--treadmill", NAME, **broken)
    assert await refused.wait() == 2
    assert bench.writes == []
    assert await bench.ask("start")
    while (await bench.truth())["speed"] == 0:
        pass
    stop = await runback("stop", "--treadmill", NAME, **broken)
    out, err = await stop.communicate()
    assert (stop.returncode, err) == (0, b""), out
    assert b"belt at rest" in out
    assert (await bench.truth())["speed"] == 0


async def test_a_second_session_is_refused_while_the_first_runs(bench: BluezProcess) -> None:  # noqa: ARG001
    first = await runback("run", "5m walk 3", "--headless", "--json", "--treadmill", NAME)
    await record(first, "phase", phase="running")
    second = await runback("run", "5m walk 3", "--headless", "--treadmill", NAME)
    _, err = await second.communicate()
    assert second.returncode == 2
    assert f"process {first.pid} drives {NAME} (5A:1D:00:00:18:26) already".encode() in err
    first.send_signal(signal.SIGTERM)
    assert await first.wait() == 3


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
    await bench.ask("drop")
    here = len(bench.writes)
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
    found = json.loads(out)
    assert (found["name"], found["machine"], found["profile"]) == (NAME, "treadmill", "bench")
    assert (found["treadmill"], found["connected"], found["verified"]) == (True, False, True)


async def test_scan_says_what_is_to_be_done_with_a_treadmill_nobody_has_described(system_bus: str) -> None:
    async with bluez_process("--bus", system_bus, "--name", "Unheard Of"):
        process = await runback("scan", "--seconds", "1")
        out, err = await process.communicate()
    assert "generic (not verified" in out.decode()
    assert err.decode() == '"Unheard Of" is new here: nobody on its belt, then `runback commission -t "Unheard Of"`\n'


async def test_scan_knows_the_profile_of_a_described_machine_and_that_it_is_not_verified(system_bus: str) -> None:
    async with bluez_process("--bus", system_bus, "--name", "URTM041"):
        process = await runback("scan", "--seconds", "1")
        out, _ = await process.communicate()
    heading, line = out.decode().splitlines()
    assert heading.split() == ["name", "address", "signal", "machine", "profile"]
    assert line.startswith('"URTM041" ')
    assert line.endswith("dBm  treadmill        urevo-e1l (not verified; capture)")


async def test_scan_lists_a_treadmill_that_is_connected_already(bench: BluezProcess) -> None:
    session = await runback("run", "5m walk 3", "--headless", "--json", "--treadmill", NAME)
    await record(session, "phase", phase="countdown")
    process = await runback("scan", "--seconds", "0.5", "--json")
    out, _ = await process.communicate()
    assert json.loads(out)["connected"] is True
    session.send_signal(signal.SIGTERM)
    assert await session.wait() == 3
    assert (await bench.truth())["speed"] == 0


async def test_doctor_finds_the_adapter_and_the_treadmill(bench: BluezProcess, state: Path) -> None:  # noqa: ARG001
    process = await runback("doctor", "--json")
    out, err = await process.communicate()
    found = {one["what"]: one for one in map(json.loads, out.splitlines())}
    assert (process.returncode, err) == (0, b"")
    assert {found[what]["state"] for what in ("D-Bus", "Bluetooth", "treadmills", "state", "belt")} == {"ok"}
    assert found["treadmills"]["found"] == f"heard “{NAME}” (5A:1D:00:00:18:26)"


async def test_doctor_says_that_the_adapter_is_off_and_what_to_do_about_it(bench: BluezProcess) -> None:
    await bench.ask("off")
    process = await runback("doctor")
    out, err = await process.communicate()
    assert (process.returncode, err) == (5, b"")
    assert b"bad   Bluetooth    Bluetooth is off; turn Bluetooth on" in out


async def test_an_unknown_treadmill_is_one_line_and_exit_code_2(bench: BluezProcess) -> None:  # noqa: ARG001
    process = await runback("run", "1m walk 4", "--headless", "-t", "Nobody's")
    _, err = await process.communicate()
    assert process.returncode == 2
    assert len(err.decode().splitlines()) == 1, err


@pytest.mark.parametrize(
    "arguments", [("scan", "--seconds", "0.5"), ("stop",), ("run", "1m walk 4", "--headless", "-t", "X")]
)
async def test_no_bluetooth_is_one_line_and_exit_code_2(arguments: tuple[str, ...], system_bus: str) -> None:
    assert os.environ["DBUS_SYSTEM_BUS_ADDRESS"] == system_bus  # a bus without org.bluez on it
    process = await runback(*arguments)
    _, err = await process.communicate()
    lines = err.decode().splitlines()
    assert process.returncode == 2
    assert len(lines) == 1, lines
    assert "Bluetooth" in lines[0] or "bluetooth" in lines[0]
