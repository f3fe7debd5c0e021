"""`runback watch` on the real processes: sessions with a screen and without one, on the simulated treadmill."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.processes.terminal import LIMIT, Terminal, terminal

WORKOUT = "5m walk 4.5, 5m run 7.5"
FAST = ("--headless", "--speedup", "8")
REASON = "stopped from a second screen"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "run").mkdir(mode=0o700)
    return {"XDG_RUNTIME_DIR": str(tmp_path / "run"), "XDG_STATE_HOME": str(tmp_path / "state")}


@contextlib.contextmanager
def session(tmp_path: Path, env: dict[str, str], *arguments: str) -> Iterator[Terminal]:
    """A session whose belt moves, or is about to."""
    with terminal(tmp_path / f"trace{len(list(tmp_path.iterdir()))}", "run", WORKOUT, *arguments, env=env) as program:
        program.phase("countdown")
        yield program


@contextlib.contextmanager
def watching(program: Terminal, env: dict[str, str]) -> Iterator[Terminal]:
    """A second screen that shows the moving belt of `program`."""
    with terminal(None, "watch", str(program.process.pid), env=env) as second, second.at_once_with(program):
        second.seen(b"leave, belt goes on")
        yield second


def told(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """`runback watch`, where there is no terminal, to its end."""
    command = [sys.executable, "-m", "runback", "watch", *arguments]
    return subprocess.run(
        command, env=os.environ | env, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


def until(program: Terminal, met: Callable[[], bool]) -> None:
    """Wait, while `program` is read, and whoever is beside it."""
    deadline = time.monotonic() + LIMIT
    while not met():
        assert time.monotonic() < deadline, program.output[-300:]
        program.listen(0.02)


def stopped(program: Terminal, after: int) -> None:
    stop = program.wait_for(lambda record: record.get("event") == "stop", after)
    assert program.records[stop]["reason"] == REASON
    program.wait_for(lambda record: record.get("signal") == "belt at rest after stop", stop)
    assert set(program.writes(stop)) == {"0801"}


def test_where_no_session_runs_it_is_said_in_a_line(env: dict[str, str]) -> None:
    ended = told(env, "--headless")
    assert ended.returncode == 2
    assert ended.stderr == "runback: watch: no session runs here; start one with `runback run`, or add --wait\n"
    assert told(env, "1", "--json").stderr.startswith("runback: watch: process 1 is not a session")


def test_a_stop_key_ends_a_session_that_has_no_screen(tmp_path: Path, env: dict[str, str]) -> None:
    with session(tmp_path, env, *FAST) as program:
        program.phase("running")
        with watching(program, env) as second:
            here = len(program.records)
            second.type(b" ")
            stopped(program, here)
            assert second.exit_code() == 0
            assert f"The session has ended: stopped ({REASON}).".encode() in second.output
            assert second.settings() == list(second.before)
        assert program.exit_code() == 3
        assert REASON.encode() in program.output
    assert list((tmp_path / "run").rglob("*.sock")) == []


def test_a_stop_key_is_shown_on_every_screen_and_let_go_of_at_the_first(tmp_path: Path, env: dict[str, str]) -> None:
    with session(tmp_path, env, "--start", "--speedup", "4") as program:
        program.phase("running")
        with watching(program, env) as second, watching(program, env) as third:
            here = len(program.records)
            third.type(b"\x1b[<0;10;22M")  # a click on STOP
            stopped(program, here)
            until(program, lambda: b"q leaves" in second.output and b"q leaves" in third.output)
            assert all(REASON.encode() in each.output for each in (program, second, third))
            second.type(b"u\r\r")
            second.type(b"q")
            assert second.exit_code() == 0
            assert [record for record in program.records if record.get("event") == "reset"] == []
            here = len(program.records)
            program.type(b"u")
            program.seen(b"Enter within 5 s")
            program.type(b"\r")
            program.phase("paused", here)


def test_leaving_stops_nothing_and_a_hand_on_several_keys_stops(tmp_path: Path, env: dict[str, str]) -> None:
    with session(tmp_path, env, *FAST) as program:
        program.phase("running")
        with watching(program, env) as second:
            here = len(program.records)
            second.type(b"l")
            assert second.exit_code() == 0
            assert "You have left; the session goes on." in second.output.decode(errors="replace")
        with watching(program, env) as second:
            second.hang_up()
            second.exit_code()
        with watching(program, env) as second:
            second.process.terminate()
            second.exit_code()
        program.wait_for(lambda record: record.get("event") == "snapshot", len(program.records))
        assert [record for record in program.records[here:] if record.get("event") == "stop"] == []
        with watching(program, env) as second:
            second.type(b"l;")
            stopped(program, here)


def test_a_second_screen_that_is_killed_by_halves_says_so_and_the_session_goes_on(
    tmp_path: Path, env: dict[str, str]
) -> None:
    with session(tmp_path, env, *FAST) as program:
        program.phase("running")
        with watching(program, env) as second:
            os.kill(second.screen_pid(), signal.SIGKILL)
            second.exit_code()
            assert b"the screen is gone; the session goes on" in second.output
            assert second.settings() == list(second.before)
        with watching(program, env) as second:
            screen = second.screen_pid()
            second.process.kill()
            second.seen(b"program has died; the session goes on")
            until(second, lambda: not Path(f"/proc/{screen}").exists())
        here = len(program.records)
        program.wait_for(lambda record: record.get("event") == "snapshot", here)
        assert [record for record in program.records if record.get("event") == "stop"] == []


def test_of_several_sessions_one_is_named_and_a_killed_one_is_told_of(tmp_path: Path, env: dict[str, str]) -> None:
    with session(tmp_path, env, *FAST) as first, session(tmp_path, env, *FAST) as other:
        pids = sorted(str(each.process.pid) for each in (first, other))
        assert f"several sessions run: {', '.join(pids)}; name one" in told(env, "--headless").stderr
        with watching(other, env) as second:
            shown = len(second.output)
            other.process.kill()
            second.seen(b"its simulated treadmill with it", shown)
            second.type(b"q")
            assert second.exit_code() == 0
            assert b"The session's program is gone. It was killed" in second.output
        until(first, lambda: other.process.poll() is not None)
        with watching(first, env):
            pass


def test_it_is_told_in_lines_to_a_program_and_an_interrupt_stops_nothing(tmp_path: Path, env: dict[str, str]) -> None:
    command = [sys.executable, "-m", "runback", "watch", "--json", "--wait"]
    with subprocess.Popen(
        command, env=os.environ | env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as waiting:
        assert waiting.stdout is not None
        assert waiting.stderr is not None
        assert waiting.stderr.readline() == "runback: waiting for a session\n"
        with session(tmp_path, env, *FAST) as program:
            lines = [json.loads(waiting.stdout.readline()) for _ in range(3)]
            assert {line["event"] for line in lines} == {"snapshot"}
            assert {line["treadmill"] for line in lines} <= {"Simulated Treadmill", "sim"}
            waiting.send_signal(signal.SIGINT)
            program.listen(0.1)
            assert waiting.wait() == 0
            assert waiting.stderr.read() == "runback: You have left; the session goes on.\n"
            program.phase("running")
            assert [record for record in program.records if record.get("event") == "stop"] == []


def test_where_there_can_be_no_door_the_session_says_so_and_runs(tmp_path: Path, env: dict[str, str]) -> None:
    (tmp_path / "state").touch()
    blocked = env | {"XDG_RUNTIME_DIR": str(tmp_path / "state")}
    with session(tmp_path, blocked, *FAST) as program:
        remark = program.wait_for(lambda record: record.get("event") == "remark")
        assert str(program.records[remark]["line"]).startswith("no second screen can watch: ")
        program.phase("running")
