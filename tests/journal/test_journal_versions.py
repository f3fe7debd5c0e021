"""Versions of the journal: made, brought up to date with a copy beside, refused if newer."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from runback.errors import JournalError
from runback.journal.database import open_to_write, reading
from runback.journal.log_entries import add, entries
from runback.journal.queries import history, story
from runback.journal.schema import MIGRATIONS
from runback.journal.writer import Writer
from tests.support.journal.stage import BEGAN, begin, events, keep

FIRST = Path(__file__).parent / "journal_v1.sql"
"""The tables of version 1, as released: never edited."""


def to_2(connection: sqlite3.Connection) -> None:
    """A version 2 that never was."""
    connection.execute("ALTER TABLE session ADD COLUMN weather TEXT")
    connection.execute("UPDATE session SET weather = 'rain'")


def broken(connection: sqlite3.Connection) -> None:
    """A version 2 that fails half way."""
    to_2(connection)
    connection.execute("UPDATE no_such_table SET weather = 'sun'")


TWO = (*MIGRATIONS, to_2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def version(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def schema(path: Path) -> list[str]:
    """The statements that made the file, blanks evened out."""
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name != 'sqlite_sequence'")
        return sorted(" ".join(row[0].split()) for row in rows)
    finally:
        connection.close()


def test_version_1_is_what_was_released(path: Path) -> None:
    open_to_write(path, MIGRATIONS[:1]).close()
    released = path.with_name("released.db")
    connection = sqlite3.connect(released)
    connection.executescript(FIRST.read_text("utf-8"))
    connection.close()
    assert schema(path) == schema(released)
    assert version(path) == version(released) == 1


def test_a_journal_of_version_1_can_be_written_and_read(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(FIRST.read_text("utf-8"))
    connection.close()
    assert keep(path).session.outcome == "completed"


def test_an_older_journal_is_brought_up_to_date_and_its_copy_is_as_it_was(path: Path) -> None:
    kept = keep(path)
    open_to_write(path, TWO).close()
    copy = path.with_name("journal.db.v1")
    assert sorted(file.name for file in path.parent.iterdir()) == ["journal.db", "journal.db.v1"]
    assert (version(path), version(copy)) == (2, 1)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert story(copy, "last") == kept
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT weather FROM session").fetchall() == [("rain",)]
    connection.close()


def test_reading_brings_an_older_journal_up_to_date_too(path: Path) -> None:
    keep(path)
    with reading(path, TWO) as connection:
        assert connection.execute("SELECT weather FROM session").fetchall() == [("rain",)]
    assert path.with_name("journal.db.v1").exists()


def test_what_another_process_has_not_put_away_yet_is_in_the_copy(path: Path) -> None:
    writer = Writer(path)
    recording = begin(path, writer=writer)
    for t, event, fields in events():
        recording.put(t, event, fields)
    assert writer.flush()  # all of it is in the write-ahead log still
    open_to_write(path, TWO).close()
    assert len(story(path.with_name("journal.db.v1"), "last").samples) == 69
    recording.close()


def test_a_migration_that_fails_changes_nothing(path: Path) -> None:
    kept = keep(path)
    with pytest.raises(sqlite3.OperationalError):
        open_to_write(path, (*MIGRATIONS, broken))
    assert version(path) == 1
    assert story(path, "last") == kept
    with pytest.raises(JournalError):  # and a reader says so in one line
        reading(path, (*MIGRATIONS, broken)).__enter__()


def test_no_copy_no_migration(path: Path) -> None:
    kept = keep(path)
    path.with_name("journal.db.v1.partial").mkdir()
    with pytest.raises(OSError, match="partial"):
        open_to_write(path, TWO)
    assert version(path) == 1
    assert story(path, "last") == kept


def test_a_newer_journal_is_refused_and_not_touched(path: Path) -> None:
    keep(path)
    open_to_write(path, TWO).close()
    before = path.read_bytes()
    for attempt in (
        lambda: history(path),
        lambda: story(path, "last"),
        lambda: entries(path),
        lambda: add(path, "check-in", BEGAN, {}, version=1),
        lambda: open_to_write(path),
    ):
        with pytest.raises(JournalError) as caught:
            attempt()
        assert str(caught.value) == (
            f"{path}: a newer runback has written it (version 2; this one knows 1); update runback; nothing was changed"
        )
    assert path.read_bytes() == before


def test_a_session_beside_a_newer_journal_goes_on_and_is_told(path: Path) -> None:
    open_to_write(path, TWO).close()
    before = path.read_bytes()
    writer = Writer(path)
    recording = begin(path, writer=writer)
    for t, event, fields in events():
        recording.put(t, event, fields)
        if event == "phase":
            assert writer.flush()
    recording.close()
    assert "a newer runback has written it" in str(recording.failed)
    assert path.read_bytes() == before
