"""Entries: added, never changed, and back as they were said."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runback.errors import JournalError
from runback.journal.log_entries import add, entries
from runback.journal.model import Json
from tests.support.effort import examples
from tests.support.journal.stage import keep

NOW = datetime(2026, 3, 2, 7, 30, 0, 123_456, timezone(timedelta(hours=1)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.db"


def test_an_entry_comes_back_as_it_was_said(path: Path) -> None:
    said: dict[str, Json] = {
        "pain": 3,
        "leg": None,
        "limp": False,
        "words": "It's «better» — 🦵\n\x00 \ud800",
        "places": ["left", 0.5],
    }
    id_ = add(path, "check-in", NOW, said, version=2)
    (entry,) = entries(path)
    assert (entry.id, entry.kind, entry.version, entry.session) == (id_, "check-in", 2, None)
    assert (entry.at, entry.at.utcoffset()) == (NOW, timedelta())
    assert entry.payload == said


@settings(max_examples=examples(20))
@given(st.text(st.characters()))
def test_a_persons_words_are_kept_to_the_last_character(words: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        add(path, "check-in", NOW, {"words": words}, version=1)
        assert entries(path)[0].payload == {"words": words}


def test_entries_are_found_by_kind_in_the_order_of_their_times(path: Path) -> None:
    for kind, hours in (("check-in", 3), ("clearance", 2), ("check-in", 1), ("override", 4)):
        add(path, kind, NOW + timedelta(hours=hours), {"hours": hours}, version=1)
    assert [entry.payload["hours"] for entry in entries(path)] == [1, 2, 3, 4]
    assert [entry.payload["hours"] for entry in entries(path, "check-in")] == [1, 3]
    assert [entry.payload["hours"] for entry in entries(path, "check-in", "override")] == [1, 3, 4]
    assert entries(path, "plan") == ()


def test_an_entry_may_belong_to_a_session_that_exists(path: Path) -> None:
    session = keep(path).session.id
    add(path, "check-in", NOW, {}, version=1, session=session)
    assert entries(path)[0].session == session
    with pytest.raises(JournalError):
        add(path, "check-in", NOW, {}, version=1, session=session + 1)


@pytest.mark.parametrize("change", ["UPDATE entry SET payload = '{}'", "DELETE FROM entry"])
def test_the_file_itself_refuses_to_change_or_remove_one(path: Path, change: str) -> None:
    add(path, "check-in", NOW, {"pain": 5}, version=1)
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="entries are only added"):
        connection.execute(change)
    connection.close()
    assert entries(path)[0].payload == {"pain": 5}


def test_what_cannot_be_kept_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match=r"this could not be saved: .*; correct that, and enter it again"):
        add(tmp_path / "file" / "journal.db", "check-in", NOW, {}, version=1)


@pytest.mark.parametrize("payload", ["", "{", "[1]", "null", "[" * 100_000])
def test_an_entry_that_is_damaged_is_said_in_one_line(payload: str, path: Path) -> None:
    add(path, "check-in", NOW, {"pain": 3}, version=1)
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO entry (kind, at, version, payload) SELECT kind, at, version, ? FROM entry", [payload]
        )
    with pytest.raises(JournalError, match="record 2: it cannot be read; the file is damaged"):
        entries(path)


def test_no_journal_no_entries(path: Path) -> None:
    assert entries(path) == ()


def test_a_time_without_a_zone_and_a_payload_that_is_no_json_are_refused(path: Path) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        add(path, "check-in", NOW.replace(tzinfo=None), {}, version=1)
    with pytest.raises(ValueError, match="JSON"):
        add(path, "check-in", NOW, {"pain": float("nan")}, version=1)
    assert not path.exists()
