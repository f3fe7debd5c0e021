"""`runback` alone in a real terminal: Home, a session, Home again; and what stays behind of Home while a belt moves."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes.terminal import Terminal, terminal

HOME = b"Workouts"
READY = b"side rails"
PAUSE = b" pause"


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
    program.seen(PAUSE)


def stops(program: Terminal) -> None:
    """A key brings the belt to rest."""
    here = len(program.output)
    program.type(b" ")
    program.seen(b"belt at rest", here)


def test_home_leads_to_the_demo_and_the_demo_back_home_by_keys_alone(program: Terminal) -> None:
    begun(program)
    stops(program)
    here = len(program.output)
    program.type(b"q")
    program.seen(HOME, here)
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
