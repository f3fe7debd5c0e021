"""`runback export`, as a person calls it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.journal.stage import events, keep

LOCAL = "runback-1-2026-03-01"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    keep(tmp_path / "data" / "runback" / "journal.db")
    (tmp_path / "here").mkdir()
    return tmp_path


def export(home: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"XDG_DATA_HOME": str(home / "data")}
    command = [sys.executable, "-m", "runback", "export", *arguments]
    return subprocess.run(
        command, capture_output=True, env=environment, cwd=home / "here", stdin=subprocess.DEVNULL, check=False
    )


@pytest.mark.full
def test_every_format_is_a_new_file_of_its_own(home: Path) -> None:
    done = export(home, "last", "--fit", "--tcx", "--csv", "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    names = [f"{LOCAL}.{extension}" for extension in ("fit", "tcx", "csv", "json")]
    assert done.stdout.decode().split() == names
    assert sorted(file.name for file in (home / "here").iterdir()) == sorted(names)
    assert (home / "here" / f"{LOCAL}.fit").read_bytes()[8:12] == b".FIT"


@pytest.mark.full
def test_one_format_goes_where_it_is_told(home: Path) -> None:
    assert export(home, "1", "--csv", "-o", "mine.csv").stdout == b"mine.csv\n"
    assert export(home, "1", "--csv", "--output", "-").stdout == (home / "here" / "mine.csv").read_bytes()


@pytest.mark.full
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["last"], "no format is given; add --fit"),
        (["last", "--fit", "--csv", "-o", "x"], "2 formats do not fit in one file"),
        (["7", "--fit"], "the newest is 1"),
        (["seven", "--fit"], "this is not the number of a session"),
        (["1", "--fit", "-o", "there"], "there is a file by that name"),
        (["1", "--fit", "-o", "nowhere/x.fit"], "name a place that can be written"),
        (["1", "--fit", "-o", "/dev/full"], "there is a file by that name"),
        (["2", "--tcx"], "the belt never ran in it"),
    ],
)
def test_what_cannot_be_exported_is_one_line_and_nothing_is_lost(home: Path, arguments: list[str], told: str) -> None:
    there = home / "here" / "there"
    there.write_text("precious")
    if arguments[0] == "2":
        keep(home / "data" / "runback" / "journal.db", [one for one in events() if one[0] <= 1005])
    done = export(home, *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1
    assert told in done.stderr.decode()
    assert there.read_text() == "precious"
    assert list((home / "here").iterdir()) == [there]


def test_without_a_journal_it_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    done = export(tmp_path, "last", "--fit")
    assert done.returncode == 2
    assert b"there is no journal yet; run a session first" in done.stderr
