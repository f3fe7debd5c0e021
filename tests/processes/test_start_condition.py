"""What has to be there before the belt may start, and what has no business there: the real processes (issue 11, 15).

`poisoned` is a folder in which a person happens to be. Modules of the standard library lie there, a `runback`, and
players: whatever is run of them says so in a file.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cues import Players
from tests.support.processes.stage import LOAD, NAME, Stage, stage
from tests.support.processes.terminal import INSTALLED

WALK = "5m walk 4"
SENTINEL, SCREEN = "runback.cli.sentinel", "runback.tui.cockpit"
GUARD = b"the process that stops the belt if runback dies"
BITES = """
import os, sys
with open({log!r}, "a") as log:
    log.write(f"{{__name__}} in {{sys.orig_argv}}\\n")
os._exit(9)
"""
INNOCENT = ("queue", "asyncio", "json", "argparse", "typing", "tempfile", "miniaudio", "textual", "pydantic")


class Poisoned:
    """The folder, and what was run of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "poisoned"
        self._log = folder / "bitten"
        (self.folder / "runback" / "cli").mkdir(parents=True)
        modules = [f"{name}.py" for name in (*INNOCENT, "sitecustomize", "usercustomize")]
        for name in (*modules, "runback/__init__.py", "runback/cli/__init__.py"):
            (self.folder / name).write_text(BITES.format(log=str(self._log)), encoding="utf-8")
        for name in ("aplay", "pw-play", "espeak-ng", "spd-say"):
            program = self.folder / name
            program.write_text(f'#!/bin/sh\necho "{name} $*" >>"{self._log}"\n', encoding="utf-8")
            program.chmod(0o755)

    @property
    def bitten(self) -> str:
        """What was run of it."""
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""


@pytest.fixture
def poisoned(tmp_path: Path) -> Poisoned:
    return Poisoned(tmp_path)


@pytest.fixture
def walking(tmp_path: Path, poisoned: Poisoned) -> Iterator[Stage]:
    """A session that was begun in the poisoned folder; its belt moves at 4 km/h."""
    with stage(tmp_path, WALK, cwd=poisoned.folder) as played:
        played.counting()
        played.program.phase("running")
        played.until("the belt goes at 4 km/h", lambda: played.treadmill.speed >= 390)
        yield played


def killed(played: Stage, pid: int) -> None:
    """From here on it counts."""
    played.signal(pid, signal.SIGKILL)


# -- a poisoned folder ---------------------------------------------------------------------------------------------


def test_the_sentinel_stops_the_belt_from_a_poisoned_folder(walking: Stage, poisoned: Poisoned) -> None:
    killed(walking, walking.program.process.pid)
    walking.belt_rests()
    walking.program.seen(b"the belt was stopped and is at rest")
    assert poisoned.bitten == ""


def test_without_a_screen_the_sentinel_stops_it_there_as_well(tmp_path: Path, poisoned: Poisoned) -> None:
    """The story of issue 11, point 15: the belt still went at 4 km/h 12 s later."""
    with stage(tmp_path, WALK, options=("--headless",), cwd=poisoned.folder) as played:
        played.until("the belt goes at 4 km/h", lambda: played.treadmill.speed >= 390)
        killed(played, played.program.process.pid)
        played.belt_rests()
    assert poisoned.bitten == ""


def test_the_screens_own_rescue_works_from_a_poisoned_folder(walking: Stage, poisoned: Poisoned) -> None:
    sentinel = walking.program.sentinel_pid()
    os.kill(sentinel, signal.SIGSTOP)
    killed(walking, walking.program.process.pid)
    os.kill(sentinel, signal.SIGKILL)
    walking.belt_rests()
    walking.program.seen(b"the belt was stopped and is at rest")
    assert poisoned.bitten == ""


def test_a_second_screen_comes_up_in_a_poisoned_folder(walking: Stage, poisoned: Poisoned) -> None:
    with walking.watched(cwd=poisoned.folder) as second:
        second.type(b" ")
        walking.belt_rests()
    assert poisoned.bitten == ""


def test_cues_are_played_by_nothing_of_a_poisoned_folder(tmp_path: Path, poisoned: Poisoned) -> None:
    """Relative and empty folders of PATH mean the current one; those that follow are searched."""
    players = Players(tmp_path / "players").add("aplay").add("espeak-ng")
    env = os.environ | {"PATH": os.pathsep.join((".", "", players.path))}
    command = [*INSTALLED, "cues", "halfway"]
    done = subprocess.run(command, env=env, cwd=poisoned.folder, capture_output=True, text=True, check=False)
    assert (done.returncode, poisoned.bitten) == (0, "")
    assert "aplay -q halfway.wav" in players.calls


@pytest.mark.parametrize("command", [[*INSTALLED], [sys.executable, "-P", "-m", "runback"]], ids=["installed", "-P"])
def test_the_program_itself_runs_in_a_poisoned_folder(command: list[str], poisoned: Poisoned) -> None:
    run = ["run", "3s walk 3", "--headless", "--speedup", "max"]
    done = subprocess.run([*command, *run], cwd=poisoned.folder, capture_output=True, text=True, check=False)
    assert (done.returncode, poisoned.bitten) == (0, "")


def test_python_m_runback_imports_nothing_that_lies_beside_it(tmp_path: Path) -> None:
    """But what Python itself imports first, and a folder `runback`: that cannot be helped."""
    poisoned = Poisoned(tmp_path)
    for name in ("typing.py", "runback/cli/__init__.py", "runback/__init__.py"):
        (poisoned.folder / name).unlink()
    (poisoned.folder / "runback" / "cli").rmdir()
    (poisoned.folder / "runback").rmdir()
    command = [sys.executable, "-m", "runback", "run", "3s walk 3", "--headless", "--speedup", "max"]
    done = subprocess.run(command, cwd=poisoned.folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr, poisoned.bitten) == (0, "", "")


# -- what is missing -----------------------------------------------------------------------------------------------


def refused(played: Stage, what: bytes) -> None:
    """Enter is answered with one line, and there is no countdown."""
    played.program.phase("ready")
    played.program.seen(b"Enter")
    played.program.type(b"\r")
    played.recorded(event="start refused")
    played.program.seen(b"not started: the process that stops the belt")
    played.program.seen(what)
    assert "countdown" not in [record.get("phase") for record in played.program.records]
    assert played.treadmill.speed == 0
    assert played.treadmill.writes == []


def test_a_sentinel_that_has_not_been_heard_refuses_the_start(tmp_path: Path) -> None:
    with stage(tmp_path, WALK, also={"BURDEN_HANGS": SENTINEL}) as played:
        refused(played, b"not ready")


def test_a_sentinel_that_keeps_dying_refuses_the_start(tmp_path: Path) -> None:
    with stage(tmp_path, WALK, also={"BURDEN_DIES": SENTINEL}) as played:
        played.recorded(event="remark", line=f"{GUARD.decode()} keeps dying")
        refused(played, b"keeps dying")
        played.program.type(b"q")
        assert played.program.exit_code() == 3


def test_without_a_screen_it_ends_with_one_line_and_a_code_of_its_own(tmp_path: Path) -> None:
    with stage(tmp_path, WALK, options=("--headless",), also={"BURDEN_DIES": SENTINEL}) as played:
        assert played.program.exit_code() == 7
        (line,) = [line for line in played.program.output.splitlines() if line.startswith(b"runback: ")]
        assert line.startswith(b"runback: not started: " + GUARD)
        assert played.treadmill.speed == 0
        assert played.treadmill.writes == []


def test_a_sentinel_that_dies_in_the_countdown_calls_it_off(tmp_path: Path) -> None:
    with stage(tmp_path, WALK) as played:
        played.counting()
        first = played.program.sentinel_pid()
        played.signal(first, signal.SIGKILL)
        played.recorded(event="start refused")
        played.program.phase("ready", played.here)
        played.recorded(event="remark", line=f"{GUARD.decode()} had died; another one was started")
        assert "07" not in played.treadmill.writes
        assert played.program.sentinel_pid() != first
        played.until("Enter starts once the next one is heard", lambda: _starts(played))


def _starts(played: Stage) -> bool:
    played.program.type(b"\r")
    here = len(played.program.records)
    played.program.wait_for(lambda record: record.get("event") in ("ask", "start refused"), here)
    return any(record.get("event") == "ask" for record in played.program.records[here:])


def test_no_belt_is_started_behind_a_screen_that_has_not_been_drawn(tmp_path: Path) -> None:
    with stage(tmp_path, WALK, also={"BURDEN_HANGS": SCREEN}) as played:
        played.program.wait_for(lambda record: record.get("signal") == "belt at rest")
        played.program.type(b"\r")
        played.recorded(event="screen lost", why="the screen did not come up")
        assert "countdown" not in [record.get("phase") for record in played.program.records]
        assert played.treadmill.writes == []
        played.program.seen(b"the screen did not come up; the belt is at rest. Enter shows it again, q leaves.")
        played.program.type(b"q")
        assert played.program.exit_code() == 3


@pytest.mark.parametrize(("answer", "code"), [(b"n\r", 7), (b"y\r", None)])
def test_where_there_can_be_no_sentinel_the_person_confirms(tmp_path: Path, answer: bytes, code: int | None) -> None:
    """Windows before Python 3.12."""
    with stage(tmp_path, WALK, also={"BURDEN_OLD_WINDOWS": "1"}, options=("--keyboard", "screen")) as played:
        played.program.seen(b"nothing stops the belt if runback dies")
        played.program.seen(b"[y/N]")
        played.program.type(answer)
        if code is not None:
            assert played.program.exit_code() == code
            assert b"you did not confirm" in played.program.output
            return
        played.counting()


def test_where_nobody_can_confirm_it_the_start_is_refused(tmp_path: Path) -> None:
    folders = {f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("DATA", "CONFIG", "STATE")}
    done = subprocess.run(
        [*INSTALLED, "run", WALK, "--headless", "--treadmill", NAME],
        env=os.environ | folders | {"PYTHONPATH": str(LOAD), "BURDEN_OLD_WINDOWS": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 7
    (line,) = done.stderr.splitlines()
    assert line.startswith("runback: not started: nothing stops the belt if runback dies")
