"""`runback replay`, as a person calls it: after `runback run --journal`, on nothing but the journal."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.cli.warm_program import run
from tests.support.journal.stage import keep

WORKOUT = "12s walk 4, 12s run 6"


def runback(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"XDG_DATA_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    return run(*arguments, env=environment)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of somebody who has run one session, whose belt ran away."""
    home = tmp_path_factory.mktemp("home")
    fault = ("--fault", "surge@16+20")
    done = runback(home, "run", WORKOUT, "--headless", "--speedup", "max", "--journal", "--json", *fault)
    assert done.returncode == 3
    (home / "told").write_text(done.stdout, "utf-8")
    return home


def told(lines: Sequence[str], *words: str) -> list[dict[str, object]]:
    records = [json.loads(line) for line in lines]
    return [record for record in records if record["event"] in words]


@pytest.mark.full
def test_a_replay_tells_the_phases_and_writes_that_the_session_told(home: Path) -> None:
    done = runback(home, "replay", "last", "--json", "--speedup", "max")
    assert (done.returncode, done.stderr) == (0, "")
    lines, recorded = done.stdout.splitlines(), (home / "told").read_text("utf-8").splitlines()
    assert told(lines, "divergence") == []
    for word, key in (("phase", "phase"), ("write", "hex"), ("stop", "reason"), ("step", "number")):
        assert [each[key] for each in told(lines, word)] == [each[key] for each in told(recorded, word)]
    summary, before = told(lines, "summary")[0], told(recorded, "summary")[0]
    assert summary["divergences"] == 0
    assert summary["recorded_outcome"] == summary["outcome"] == before["outcome"] == "stopped"


@pytest.mark.full
def test_without_json_it_tells_a_person_what_happened_and_why(home: Path) -> None:
    done = runback(home, "replay", "1", "--headless", "--speedup", "max")
    assert (done.returncode, done.stderr) == (0, "")
    assert "0:13.6  running" in done.stdout
    assert "STOP: the belt is faster than its target (safety)" in done.stdout
    assert done.stdout.splitlines()[-1] == "recorded: stopped (the belt is faster than its target)"


@pytest.mark.full
def test_a_replay_keeps_nothing_and_touches_nothing(home: Path) -> None:
    before = (home / "runback" / "journal.db").read_bytes()
    runback(home, "replay", "last", "--headless", "--speedup", "max")
    assert (home / "runback" / "journal.db").read_bytes() == before


def test_what_came_too_fast_to_be_kept_is_said_before_a_replay(home: Path, tmp_path: Path) -> None:
    """Issue 11, point 21: the record of a flood is bounded, and says what it lacks."""
    with sqlite3.connect(home / "runback" / "journal.db") as source:
        (tmp_path / "runback").mkdir()
        copy = sqlite3.connect(tmp_path / "runback" / "journal.db")
        source.backup(copy)
    row = "INSERT INTO event SELECT 1, ?, 9000, 'left out', ?"
    for order, (count, judged) in enumerate(((1900, "false"), (50, "true"), (7, "true")), 100_000):
        copy.execute(row, (order, f'{{"uuid": "2ACD", "count": {count}, "judged": {judged}}}'))
    copy.commit()
    copy.close()
    source.close()
    done = runback(tmp_path, "replay", "last", "--headless", "--speedup", "max")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "runback: 1900 notifications of the treadmill came too fast and were left out; session 1 was decided without "
        "them, and so is its replay",
        "runback: 57 notifications of the treadmill came too fast to be recorded: what followed from them may diverge",
    ]


@pytest.mark.full
def test_what_this_version_does_otherwise_is_one_line_each(home: Path, tmp_path: Path) -> None:
    with sqlite3.connect(home / "runback" / "journal.db") as source:
        (tmp_path / "runback").mkdir()
        copy = sqlite3.connect(tmp_path / "runback" / "journal.db")
        source.backup(copy)
    copy.execute("UPDATE octets SET data = x'022003' WHERE data = x'029001'")
    copy.execute("UPDATE session SET program = '0.0.9', lost = 3, outcome = 'completed'")
    copy.commit()
    copy.close()
    source.close()
    done = runback(tmp_path, "replay", "last", "--headless", "--speedup", "max")
    assert done.returncode == 0
    lines = done.stderr.splitlines()
    assert len(lines) == 5
    assert lines[0].startswith("runback: session 1 was recorded by runback 0.0.9; this is")
    assert "3 records of session 1 are missing" in lines[1]
    assert {line.split(" s ", 1)[1] for line in lines[2:4]} == {
        "the record has the write 022003 (plan), which this version does not make",
        "this version makes the write 029001 (plan), which is not in the record",
    }
    assert lines[4] == "runback: the session ended as 'completed', the replay as 'stopped'"


@pytest.mark.full
@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("last",), "there is no screen to draw on"),
        (("last", "--speedup", "max"), "`max` leaves nothing to look at"),
        (("last", "--headless", "--speedup", "0"), "is not a speed"),
        (("17", "--headless"), "the newest is 1"),
        (("first", "--headless"), "this is not the number of a session"),
    ],
)
def test_what_cannot_be_played_is_one_line_and_exit_code_two(home: Path, arguments: tuple[str, ...], line: str) -> None:
    done = runback(home, "replay", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert line in done.stderr


@pytest.mark.full
def test_a_session_of_an_older_program_is_one_line(tmp_path: Path) -> None:
    keep(tmp_path / "runback" / "journal.db")
    done = runback(tmp_path, "replay", "last", "--headless")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "runback 1.2.3 recorded it without what its treadmill offers" in done.stderr


@pytest.mark.full
def test_a_damaged_record_is_one_line(tmp_path: Path) -> None:
    keep(tmp_path / "runback" / "journal.db")
    with sqlite3.connect(tmp_path / "runback" / "journal.db") as journal:
        journal.execute("UPDATE event SET fields = '{' WHERE word = 'phase'")
    journal.close()
    done = runback(tmp_path, "replay", "last", "--headless")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "its record is damaged" in done.stderr
