"""`--plain` on the real processes: lines and nothing else, the same keys, and a screen that has to be heard."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes.terminal import Terminal, terminal

RUN = ("run", "20s walk 4.5, 5m run 7.5", "--plain", "--no-journal", "--no-sound")
BY_SCREEN = pytest.param(("--keyboard", "screen"), id="the screen reads the keyboard")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")


@pytest.fixture(params=[pytest.param((), id="the engine reads the keyboard"), BY_SCREEN])
def plain(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    folders = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_STATE_HOME": str(tmp_path / "s"), "TERM": "dumb"}
    arguments = (*RUN, "--speedup", "8", *request.param)
    with terminal(tmp_path / "trace", *arguments, env=folders) as program:
        yield program


def begin(program: Terminal) -> None:
    """Start it with Enter, as its own line asks."""
    program.seen(b"Enter starts")
    program.listen(0.3)  # the question has been read
    program.type(b"\r")


def rests_after_stop(program: Terminal, after: int) -> None:
    stop = program.wait_for(lambda record: record.get("event") == "stop", after)
    program.wait_for(lambda record: record.get("signal") == "belt at rest after stop", stop)
    assert set(program.writes(stop)) == {"0801"}


def test_it_asks_counts_down_runs_stops_and_leaves_in_lines_alone(plain: Terminal) -> None:
    begin(plain)
    plain.seen(b"GET READY.")
    plain.phase("running")
    plain.seen(b"WALK, 4.5 km/h")
    plain.type(b"t")
    plain.seen(b"Heart rate")
    here = len(plain.records)
    plain.type(b" ")
    rests_after_stop(plain, here)
    plain.seen(b"STOPPED, the belt is at")
    plain.type(b"q")
    assert plain.exit_code() == 3
    lines = plain.output.replace(b"\r\n", b"\n")
    assert b"\x1b" not in lines
    assert b"\r" not in lines


def test_an_enter_typed_before_the_question_starts_nothing(plain: Terminal) -> None:
    plain.type(b"\r")
    plain.seen(b"leave")  # it asks; or has stopped, which is what an unknown moment makes of a key
    plain.listen(1.0)
    assert not any(record.get("phase") == "countdown" for record in plain.records)


def test_a_plain_screen_that_is_lost_stops_the_belt_and_comes_back_with_enter(plain: Terminal) -> None:
    begin(plain)
    plain.phase("running")
    here = len(plain.records)
    os.kill(plain.screen_pid(), signal.SIGKILL)
    rests_after_stop(plain, here)
    shown = len(plain.output)
    plain.seen(b"Enter shows it again")
    plain.type(b"\r")
    plain.seen(b"STOPPED, the belt is at", shown)
    plain.type(b"q")
    assert plain.exit_code() == 3
    assert b"\x1b" not in plain.output


def test_a_plain_screen_that_hangs_stops_the_belt(plain: Terminal) -> None:
    begin(plain)
    plain.phase("running")
    here = len(plain.records)
    os.kill(plain.screen_pid(), signal.SIGSTOP)
    rests_after_stop(plain, here)
    plain.seen(b"the screen no longer answers")


def test_a_terminal_that_takes_no_line_stops_the_belt(plain: Terminal) -> None:
    begin(plain)
    plain.phase("running")
    here = len(plain.records)
    plain.hold()
    plain.type(b"t")
    stop = plain.wait_for(lambda record: record.get("event") == "stop", here)
    plain.wait_for(lambda record: record.get("signal") == "belt at rest after stop", stop)
    plain.hold(over=True)
    lost = plain.wait_for(lambda record: record.get("event") == "screen lost", here)
    assert plain.records[lost]["why"] == "the screen no longer answers"
