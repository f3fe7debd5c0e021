"""A person's own keys, units and theme on the real processes: engine and screen go by the same."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes.terminal import Terminal, terminal

MINE = """\
# in my words
theme = "dark"  # for now
units = "mph"

[keys]
pause = "g"
theme = "y"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "config" / "runback" / "config.toml"
    found.parent.mkdir(parents=True)
    found.write_text(MINE, encoding="utf-8")
    return found


@pytest.fixture
def running(file: Path, tmp_path: Path) -> Iterator[Terminal]:
    folders = {"XDG_CONFIG_HOME": str(file.parent.parent), "XDG_STATE_HOME": str(tmp_path / "state")}
    arguments = ("run", "5m walk 4.5, 5m run 7.5", "--start", "--speedup", "8", "--no-journal")
    with terminal(tmp_path / "trace", *arguments, env=folders) as program:
        program.phase("running")
        yield program


def test_a_control_on_a_key_of_the_persons_own_works_and_its_old_key_stops_the_belt(running: Terminal) -> None:
    running.seen(b"pause")
    here = len(running.records)
    running.type(b"g")
    paused = running.phase("paused", here)
    assert all(record.get("event") != "stop" for record in running.records[:paused])
    running.type(b"\r")
    running.phase("running", paused)
    here = len(running.records)
    running.type(b"p")
    stop = running.wait_for(lambda record: record.get("event") == "stop", here)
    running.wait_for(lambda record: record.get("signal") == "belt at rest after stop", stop)
    assert set(running.writes(stop)) == {"0801"}


def test_the_theme_changed_with_a_key_is_kept_when_the_session_is_over_and_all_else_stays(
    running: Terminal, file: Path
) -> None:
    running.seen(b"mph")
    assert b"km/h" not in running.output
    shown = len(running.output)
    running.type(b"y")
    running.seen(b"mph", shown)  # all is drawn again
    assert file.read_text(encoding="utf-8") == MINE
    here = len(running.records)
    running.type(b"q")
    running.wait_for(lambda record: record.get("signal") == "belt at rest after stop", here)
    running.type(b"q")
    assert running.exit_code() == 3
    assert file.read_text(encoding="utf-8") == MINE.replace('"dark"', '"light"')
    assert tomllib.loads(file.read_text(encoding="utf-8"))["theme"] == "light"
    assert b" mph" in running.output
