"""Systems without pty, termios, SIGHUP and a loop that watches pipes: what Windows lacks, taken away from this one.

Windows itself is not here: its own few calls (handles instead of descriptors, its console) are not run by any test.
"""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import runback as package
from tests.support.processes.stage import LOAD
from tests.support.processes.terminal import LIMIT, Terminal, terminal

WORKOUT = "5m walk 4.5"


@pytest.fixture
def there(tmp_path: Path) -> dict[str, str]:
    """The environment of a program that lives there."""
    folders = {f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("DATA", "CONFIG", "STATE")}
    return {"PYTHONPATH": str(LOAD), "BURDEN_ELSEWHERE": "1", **folders}


def test_one_file_only_needs_what_only_some_systems_have() -> None:
    needing = {
        file.name
        for file in Path(package.__file__).parent.rglob("*.py")
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Import) and {"termios", "pty", "fcntl", "resource"} & {one.name for one in node.names}
    }
    assert needing == {"terminal.py"}


def runback(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program, to its end."""
    command = [sys.executable, "-m", "runback", *arguments]
    return subprocess.run(
        command, env={**os.environ, **env}, capture_output=True, text=True, timeout=LIMIT, check=False
    )


@pytest.mark.parametrize("module", ["termios", "pty", "fcntl", "resource"])
def test_there_is_nothing_of_the_kind(there: dict[str, str], module: str) -> None:
    command = [sys.executable, "-c", f"import {module}"]
    done = subprocess.run(command, env={**os.environ, **there}, capture_output=True, text=True, check=False)
    assert "on this system" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--help",), "Exit codes"),
        (("run", "20s walk 3", "--headless", "--speedup", "max"), "The belt is at rest."),
        (("run", "20s walk 3", "--headless", "--speedup", "max", "--json"), '"event": "summary"'),
        (("doctor",), "no session has left a belt that may be moving"),
        (("treadmills",), "walkingpad-z1"),
        (("workouts",), "first-run"),
        (("history",), ""),
        (("demo",), "The belt is at rest."),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_what_needs_no_screen_works(there: dict[str, str], arguments: tuple[str, ...], told: str) -> None:
    done = runback(there, *arguments)
    assert "Traceback" not in done.stderr, done.stderr
    assert told in done.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_belt_of_a_session_without_a_screen(
    there: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    trace = tmp_path / "trace"
    program = subprocess.Popen(
        [sys.executable, "-m", "runback", "run", WORKOUT, "--headless", "--speedup", "8", "--trace", str(trace)],
        env={**os.environ, **there},
        stdout=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + LIMIT
    while not (trace.exists() and b'"phase": "running"' in trace.read_bytes()):
        assert time.monotonic() < deadline
        assert program.poll() is None
    program.send_signal(number)
    assert program.wait(LIMIT) == 3
    assert f"{number.name} was received" in trace.read_text(encoding="utf-8")


@pytest.fixture
def running(tmp_path: Path, there: dict[str, str]) -> Iterator[Terminal]:
    """A session with a screen whose belt moves."""
    with terminal(tmp_path / "trace", "run", WORKOUT, "--start", "--speedup", "8", env=there) as program:
        program.phase("running")
        yield program


def stopped(program: Terminal, after: int) -> None:
    """The belt was stopped after record `after`, by nothing but Stop, and was seen at rest."""
    stop = program.wait_for(lambda record: record.get("event") == "stop", after)
    program.wait_for(lambda record: record.get("signal") == "belt at rest after stop", stop)
    assert set(program.writes(stop)) == {"0801"}


@pytest.mark.parametrize("keys", [b"z", b" ", b"\x1b", b"\x03", b"q"], ids=["z", "space", "esc", "^C", "q"])
def test_any_key_stops_the_belt_there(running: Terminal, keys: bytes) -> None:
    here = len(running.records)
    running.type(keys)
    stopped(running, here)
    running.seen(b"then Enter")
    running.type(b"q")
    assert running.exit_code() == 3
    assert running.settings() == list(running.before)


def test_a_killed_screen_comes_back_there(running: Terminal) -> None:
    here = len(running.records)
    os.kill(running.screen_pid(), signal.SIGKILL)
    stopped(running, here)
    running.seen(b"the screen is gone; the belt is at rest. Enter shows it again, q leaves.")
    shown = len(running.output)
    running.type(b"\r")
    running.seen(b"then Enter", shown)
    running.type(b"q")
    assert running.exit_code() == 3


def test_the_engine_refuses_a_keyboard_that_it_cannot_have(tmp_path: Path, there: dict[str, str]) -> None:
    with terminal(tmp_path / "trace", "run", WORKOUT, "--keyboard", "engine", env=there) as program:
        assert program.exit_code() == 2
    assert b"--keyboard" in program.output
    assert b"leave it out, or give `screen`" in program.output
    assert b"Traceback" not in program.output
