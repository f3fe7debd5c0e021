"""Stop on the real processes: engine, screen, pseudo-terminal, simulated treadmill."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes.stage import LOAD
from tests.support.processes.terminal import Terminal, terminal

WORKOUT = "5m walk 4.5, 5m run 7.5"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Terminal]:
    """A session whose belt moves, eight times as fast as it would; more makes a busy computer a silent treadmill."""
    with terminal(tmp_path / "trace", "run", WORKOUT, "--start", "--speedup", "8") as program:
        program.phase("running")
        yield program


def stopped(program: Terminal, after: int) -> None:
    """The belt was stopped after record `after`, by nothing but Stop, and was seen at rest."""
    stop = program.wait_for(lambda record: record.get("event") == "stop", after)
    program.wait_for(lambda record: record.get("signal") == "belt at rest after stop", stop)
    assert set(program.writes(stop)) == {"0801"}


@pytest.mark.parametrize(
    "keys", [b"z", b" ", b"\x1b", b"\x03", b"q", b"\x1a", b"\x13"], ids=["z", "space", "esc", "^C", "q", "^Z", "^S"]
)
def test_any_key_stops_the_belt(running: Terminal, keys: bytes) -> None:
    here = len(running.records)
    running.type(keys)
    stopped(running, here)


def test_the_stop_is_let_go_of_by_two_keys_and_then_left(running: Terminal) -> None:
    here = len(running.records)
    running.type(b"z")
    stopped(running, here)
    running.seen(b"then Enter")
    here = len(running.records)
    running.type(b"u")
    running.seen(b"Enter within 5 s")
    running.type(b"\r")
    running.phase("paused", here)
    running.type(b"q")
    running.wait_for(lambda record: record.get("event") == "stop", here)
    running.wait_for(lambda record: record.get("signal") == "belt at rest after stop", here)
    running.type(b"q")
    assert running.exit_code() == 3
    assert "07" not in running.writes(here)


def test_a_killed_screen_stops_the_belt_and_leaves_the_terminal_as_it_was(running: Terminal) -> None:
    here = len(running.records)
    os.kill(running.screen_pid(), signal.SIGKILL)
    stopped(running, here)
    running.seen(b"the screen is gone; the belt is at rest. Enter shows it again, q leaves.")
    assert b"\x1b[?1049l" in running.output
    running.type(b"q")
    assert running.exit_code() == 3
    assert running.settings() == list(running.before)
    assert b"The belt is at rest." in running.output


def test_a_key_after_the_screen_has_died_is_stop_until_the_belt_rests(tmp_path: Path) -> None:
    with terminal(tmp_path / "trace", "run", WORKOUT, "--start", "--speedup", "5", "--fault", "refuses-stop") as slow:
        slow.phase("running")
        here = len(slow.records)
        os.kill(slow.screen_pid(), signal.SIGKILL)
        slow.wait_for(lambda record: record.get("event") == "screen lost", here)
        slow.seen(b"STEP OFF - PULL THE SAFETY KEY")
        here = len(slow.records)
        slow.type(b"\r")
        stop = slow.wait_for(lambda record: record.get("event") == "stop", here)
        assert slow.records[stop]["reason"] == "you stopped the belt"


def test_the_screen_comes_back_on_request_at_rest_and_the_stop_still_holds(running: Terminal) -> None:
    here = len(running.records)
    os.kill(running.screen_pid(), signal.SIGKILL)
    stopped(running, here)
    running.seen(b"Enter shows it again")
    here, shown = len(running.records), len(running.output)
    running.type(b"\r")
    running.seen(b"belt at rest", shown)
    running.seen(b"then Enter", shown)
    running.type(b"u")
    running.seen(b"Enter within 5 s", shown)
    running.type(b"\r")
    running.phase("paused", here)
    running.type(b"\r")
    running.phase("running", here)
    moving = len(running.records)
    running.type(b"z")
    stopped(running, moving)
    assert running.writes(here)[-1] == "0801"


def test_a_frozen_screen_stops_the_belt(running: Terminal) -> None:
    here = len(running.records)
    os.kill(running.screen_pid(), signal.SIGSTOP)
    stopped(running, here)
    running.seen(b"the screen no longer answers; the belt is at rest")
    running.type(b"q")
    assert running.exit_code() == 3
    assert running.settings() == list(running.before)


def test_a_key_stops_the_belt_though_the_screen_is_frozen(running: Terminal) -> None:
    here = len(running.records)
    os.kill(running.screen_pid(), signal.SIGSTOP)
    running.type(b" ")
    stop = running.wait_for(lambda record: record.get("event") == "stop", here)
    assert running.records[stop]["reason"] == "you stopped the belt"
    stopped(running, here)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_the_belt_before_it_ends_the_program(running: Terminal, number: signal.Signals) -> None:
    here = len(running.records)
    running.process.send_signal(number)
    stopped(running, here)
    assert running.exit_code() == 3
    assert running.settings() == list(running.before)


def test_a_closed_terminal_stops_the_belt(running: Terminal) -> None:
    here = len(running.records)
    running.hang_up()
    stopped(running, here)
    assert running.exit_code() == 3  # stopped, and at rest: nobody can read it, which is no error (issue 11, point 11)


def test_nothing_moves_before_enter_and_q_leaves(tmp_path: Path) -> None:
    with terminal(tmp_path / "trace", "run", WORKOUT, "--speedup", "8") as program:
        program.phase("ready")
        program.seen(b"\x1b[?1049h")
        program.wait_for(lambda record: record.get("signal") == "belt at rest")
        program.type(b"q")
        program.exit_code()
        assert program.writes(0) == []


@pytest.mark.parametrize("then", [b" ", b"", b"t"], ids=["space", "nothing", "t"])
def test_an_enter_that_waited_behind_a_hung_screen_starts_nothing(tmp_path: Path, then: bytes) -> None:
    env = {"PYTHONPATH": str(LOAD), "BURDEN_SECONDS": "4"}
    with terminal(tmp_path / "trace", "run", WORKOUT, env=env) as program:
        program.phase("ready")
        program.seen(b"heard")
        here = len(program.records)
        os.kill(program.screen_pid(), signal.SIGUSR1)
        program.wait_for(lambda record: record.get("event") == "snapshot", here)
        program.type(b"\r" + then)
        late = program.wait_for(lambda record: record.get("event") == "stale", here)
        assert program.records[late]["ask"] == "start"
        assert not any(record.get("phase") == "countdown" for record in program.records[here:])
        here = len(program.records)
        program.type(b"\r")
        program.phase("countdown", here)
        program.type(b" ")
        program.wait_for(lambda record: record.get("event") == "stop", here)
