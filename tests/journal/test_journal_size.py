"""What the journal takes, and what its history reads. `tests.support.journal.years` tells times; none is asserted."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from runback.journal.database import open_to_write
from runback.journal.queries import history, treadmills
from tests.support.journal.years import SECONDS, TREADMILL_DATA, fill

SESSIONS = 5


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def packed(path: Path) -> int:
    """The size of the same content with nothing to spare."""
    copy = path.with_name("packed.db")
    connection = sqlite3.connect(path)
    connection.execute("VACUUM INTO ?", (str(copy),))
    connection.close()
    return copy.stat().st_size


def a_second(path: Path, *, octets: bool) -> float:
    """Bytes of the file for each second of a session, without what an empty journal takes."""
    open_to_write(path).close()
    empty = path.stat().st_size
    fill(path, SESSIONS, octets=octets)
    return (path.stat().st_size - empty) / (SESSIONS * SECONDS)


def test_a_second_takes_no_more_than_its_numbers(path: Path) -> None:
    # A row of SQLite is a header of an byte a column, and integers of 1 to 3 bytes each here (file format, 2.1).
    assert a_second(path, octets=False) < 32


def test_octets_take_little_more_than_themselves(path: Path) -> None:
    assert a_second(path, octets=True) < 32 + len(TREADMILL_DATA) + 28


def test_the_file_is_as_small_as_sqlite_can_pack_it(path: Path) -> None:
    fill(path, SESSIONS)
    assert path.stat().st_size < 1.15 * packed(path)


def test_a_history_reads_sessions_and_nothing_below_them(path: Path) -> None:
    fill(path, SESSIONS)
    told = history(path)
    used = treadmills(path)
    assert len(told) == SESSIONS
    connection = sqlite3.connect(path)
    for table in ("sample", "octets", "event", "interval", "entry"):
        connection.execute(f"DROP TABLE {table}")
    connection.commit()
    connection.close()
    assert history(path) == told
    assert treadmills(path) == used


def test_the_newest_are_found_by_their_index(path: Path) -> None:
    fill(path, 1)
    connection = sqlite3.connect(path)
    plan = connection.execute("EXPLAIN QUERY PLAN SELECT * FROM session ORDER BY began DESC LIMIT 50").fetchall()
    connection.close()
    assert "session_by_began" in str(plan)
    assert "TEMP B-TREE" not in str(plan)
