"""`runback` alone in a real terminal: Home, a session, Home again; and what stays behind of Home while a belt moves."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bluez.commissioned import commissioned
from tests.support.bluez.fixtures import private_bus_address as private_bus_address
from tests.support.bluez.fixtures import system_bus as system_bus
from tests.support.bluez.process import bluez_process
from tests.support.processes.terminal import Terminal, terminal

HOME = b"Workouts"
READY = b"side rails"
LINKED = b"heard 0."
"""The real treadmill is being heard."""
MOVES = b" wrong"


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, str]:
    return {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "DATA", "STATE")}


@pytest.fixture
def program(folders: dict[str, str]) -> Iterator[Terminal]:
    with terminal(None, env=folders) as running:
        running.seen(HOME)
        yield running


def begun(program: Terminal) -> None:
    """The demo's belt moves."""
    program.type(b"d")
    program.seen(READY)
    program.type(b"\r")
    program.seen(MOVES)


def stops(program: Terminal) -> None:
    """A key brings the belt to rest."""
    here = len(program.output)
    program.type(b" ")
    program.seen(b"belt at rest", here)


def back_home(program: Terminal, here: int) -> None:
    """The session that has ended is shown; Enter leads on to Home."""
    program.seen(b"go on", here)
    here = len(program.output)
    program.type(b"\r")
    program.seen(HOME, here)


def test_home_leads_to_the_demo_and_the_demo_back_home_by_keys_alone(program: Terminal) -> None:
    begun(program)
    stops(program)
    here = len(program.output)
    program.type(b"q")
    back_home(program, here)
    program.type(b"q")
    assert program.exit_code() == 0


def test_a_window_that_is_closed_in_a_session_ends_the_program(program: Terminal) -> None:
    begun(program)
    program.hang_up()
    assert program.exit_code() in (3, 4)  # 4 where nobody could read that the belt rests


def test_home_leaves_the_keyboard_to_the_engine_whatever_signal_comes(program: Terminal) -> None:
    begun(program)
    os.kill(program.process.pid, signal.SIGCONT)
    here = len(program.output)
    program.seen(b"km/h", here)  # the screen draws on
    assert not any(
        b"textual" in Path(f"/proc/{program.process.pid}/task/{thread}/comm").read_bytes()
        for thread in os.listdir(f"/proc/{program.process.pid}/task")
    )
    stops(program)


def test_without_a_terminal_the_short_help_is_printed_and_nothing_opened(
    folders: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    from runback.cli.app import execute

    assert execute([]) == 0
    told = capfd.readouterr().out
    assert [line for line in told.splitlines() if line.endswith(":")] == ["Start:", "Plan:", "Treadmill:", "Data:"]
    assert folders


async def test_a_treadmill_is_chosen_run_and_run_again_without_a_flag(
    folders: dict[str, str], tmp_path: Path, system_bus: str
) -> None:
    env = folders | {"XDG_CONFIG_HOME": str(commissioned(tmp_path / "own"))}
    async with bluez_process("--bus", system_bus) as bench:
        with terminal(None, env=env) as program:
            program.seen(HOME)
            program.type(b"m")
            program.seen(b"Choose a treadmill")
            program.seen(b"ready")  # heard
            here = len(program.output)
            program.type(b"\x1b[A\r")
            program.seen(HOME, here)
            program.type(b"w")
            program.seen(b"first-run", here)
            program.type(b"n")
            program.seen(b"in one line", here)
            program.type(b"5m walk 3\r")
            program.seen(READY, here)
            program.seen(LINKED, len(program.output))
            program.type(b"\r")
            program.seen(MOVES, here)
            assert (await bench.truth())["speed"] != 0
            stops(program)
            assert (await bench.truth())["speed"] == 0
            here = len(program.output)
            program.type(b"q")
            back_home(program, here)
            program.type(b"q")
            assert program.exit_code() == 0
        with terminal(None, env=env) as program:
            program.seen(b"5m walk 3")  # what was run last stands first
            program.type(b"\r")
            program.seen(READY)
            program.seen(LINKED, len(program.output))
            program.type(b"\r")
            program.seen(MOVES)
            stops(program)
        assert (await bench.truth())["speed"] == 0
        assert [write["data"] for write in bench.writes].count("07") == 2
