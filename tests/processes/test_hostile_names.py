"""Names from the air, in the program's own output: over unmodified bleak, on a private D-Bus. Issue 11, point 16."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from runback.simulator.spec import MachineSpec
from runback.simulator.treadmill import Treadmill
from tests.support.bluez.air import Habits
from tests.support.bluez.commissioned import OWN, commissioned
from tests.support.bluez.fixtures import private_bus_address as private_bus_address
from tests.support.bluez.fixtures import system_bus as system_bus
from tests.support.bluez.hostile import FAKED, NAMES, harmful
from tests.support.bluez.service import Bluez
from tests.support.processes.bench import bench
from tests.support.processes.terminal import terminal


def address(number: int) -> str:
    return f"C0:FF:EE:00:01:{number:02X}"


@pytest.fixture
async def air(system_bus: str) -> AsyncIterator[None]:  # noqa: ARG001
    """A treadmill of each hostile name."""
    treadmills = [Treadmill(MachineSpec(name=name, address=address(n))) for n, name in enumerate(NAMES.values())]
    service = Bluez(treadmills, Habits(advertise_every=0.02))
    await service.start()
    yield
    await service.stop()


async def runback(folder: Path, *arguments: str, err: int = PIPE) -> tuple[int, str, str]:
    """The exit code, standard output and standard error of a command."""
    folders = {f"XDG_{name}_HOME": str(folder / name) for name in ("STATE", "DATA", "CONFIG")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "runback", *arguments), stdin=DEVNULL, stdout=PIPE, stderr=err, env=os.environ | folders
    )
    out, told = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), (told or b"").decode()


def honest(text: str) -> bool:
    """Whether `text` holds nothing that a terminal obeys, and no line that only this program may write."""
    return harmful(text) == [] and not any(line.startswith(FAKED) for line in text.split("\n"))


@pytest.mark.usefixtures("air")
@pytest.mark.parametrize("json_too", [False, True], ids=["lines", "json"])
async def test_a_scan_lists_every_hostile_name_on_a_line_of_its_own(tmp_path: Path, json_too: bool) -> None:
    code, out, err = await runback(tmp_path, "scan", "--seconds", "1", *(["--json"] if json_too else []))
    assert code == 0
    assert honest(out + err)
    rows = out.splitlines()[0 if json_too else 1 :]
    assert sorted(at for row in rows for at in map(address, range(len(NAMES))) if at in row) == [
        address(number) for number in range(len(NAMES))
    ]
    if json_too:
        assert all(harmful(json.loads(row)["name"]) == [] for row in rows)


@pytest.mark.usefixtures("air")
async def test_the_live_line_of_a_scan_stays_one_line(tmp_path: Path) -> None:
    master, slave = pty.openpty()
    try:
        code, _, _ = await runback(tmp_path, "scan", "--seconds", "1", err=slave)
        os.set_blocking(master, False)
        drawn = os.read(master, 1 << 16).decode()
    finally:
        os.close(slave)
        os.close(master)
    assert code == 0
    frames = drawn.split("\r\x1b[K")
    assert any("Mill" in frame for frame in frames)
    live = [frame for frame in frames if frame.startswith("listening")]
    assert all(harmful(frame) == [] and "\n" not in frame for frame in live)


@pytest.mark.usefixtures("air")
async def test_the_doctor_names_hostile_treadmills_in_one_line(tmp_path: Path) -> None:
    for options in ((), ("--json",)):
        _, out, err = await runback(tmp_path, "doctor", *options)
        assert honest(out + err)
        assert sum(address(0) in line for line in out.splitlines()) == 1


@pytest.mark.usefixtures("air")
async def test_stop_says_in_one_line_which_hostile_names_could_be_meant(tmp_path: Path) -> None:
    """Stop waits for no second one: whether several have been heard by then is up to the air."""
    code, out, err = await runback(tmp_path, "stop", "-t", "Mi")
    assert (code, "could be any of" in err, "belt at rest" in out) in {(2, True, False), (0, False, True)}
    assert (out + err).count("\n") == 1
    assert honest(out + err)


@pytest.mark.usefixtures("air")
async def test_the_mark_a_stop_and_a_refusal_call_a_hostile_treadmill_by_a_printable_name(tmp_path: Path) -> None:
    name = NAMES["CR and LF"] + NAMES["ESC"]
    where = address(list(NAMES).index("CR and LF"))
    mark = tmp_path / "STATE" / "runback" / "belt-may-be-moving.json"
    mark.parent.mkdir(parents=True)
    mark.write_text(json.dumps({"treadmill": name, "pid": 0}))
    _, marked, _ = await runback(tmp_path, "doctor")
    assert "left Mill" in marked
    assert honest(marked)
    mark.unlink()
    code, stopped, _ = await runback(tmp_path, "stop", "-t", where)
    assert (code, stopped.count("\n")) == (0, 1)
    assert stopped.endswith(": belt at rest\n")
    assert honest(stopped)
    code, _, refused = await runback(tmp_path, "run", "1m walk 3", "--headless", "-t", where)
    assert (code, refused.count("\n")) == (2, 1)  # a stranger is not driven
    assert honest(refused)


def test_the_cockpit_shows_a_hostile_name_as_text(tmp_path: Path) -> None:
    name = "Mill\x1b]0;owned\x07\x9b2J\u202e"
    env = {f"XDG_{each}_HOME": str(tmp_path / each) for each in ("STATE", "DATA", "CONFIG")}
    profile = commissioned(tmp_path / "CONFIG") / "runback" / "devices" / "bench.toml"
    profile.write_text(OWN.format(prefix="Mill"), encoding="utf-8")
    with bench("--name", name) as treadmill:
        env["DBUS_SYSTEM_BUS_ADDRESS"] = str(treadmill.bus)
        with terminal(tmp_path / "trace", "run", "1m walk 3", "-t", "mill", env=env) as program:
            program.phase("ready")
            program.seen(b"Enter")
            program.seen(b"Mill")
            program.type(b"q")
            program.exit_code()
            shown = program.output.decode("utf-8", "replace")
    assert "\x1b]0;owned" not in shown
    assert not {"\x9b", "\u202e"} & set(shown)
