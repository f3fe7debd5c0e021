"""The journal's tables, version by version.

Rules:
- A version that was released is never edited: a change is a new function at the end of `MIGRATIONS`. Function n takes a
  journal from version n to n + 1; an empty file is version 0.
- A migration only runs inside a transaction that also sets `user_version`.
- What a history line shows stands in the session's row: no list reads samples.
- Samples, bytes, events and intervals are WITHOUT ROWID: their key is (session, …), and one tree holds it.

Units: as in `model`; wall-clock times are microseconds since 1970 UTC.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

APPLICATION_ID = 0x52754261
"""Of the file's header: it tells a journal of ours from any other SQLite file."""

Migration = Callable[[sqlite3.Connection], None]

_VERSION_1 = (
    """
    CREATE TABLE machine (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        address TEXT NOT NULL,
        UNIQUE (name, address)
    )
    """,
    """
    CREATE TABLE session (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        began INTEGER NOT NULL,
        utc_offset INTEGER NOT NULL,
        zone TEXT NOT NULL,
        workout TEXT NOT NULL,
        plan TEXT NOT NULL,
        planned INTEGER NOT NULL,
        simulated INTEGER NOT NULL,
        program TEXT NOT NULL,
        machine INTEGER REFERENCES machine,
        length INTEGER NOT NULL DEFAULT 0,
        active INTEGER NOT NULL DEFAULT 0,
        distance INTEGER,
        top_speed INTEGER,
        mean_heart_rate INTEGER,
        top_heart_rate INTEGER,
        outcome TEXT,
        reason TEXT,
        lost INTEGER NOT NULL DEFAULT 0
    )
    """,
    "CREATE INDEX session_by_began ON session (began)",
    """
    CREATE TABLE interval (
        session INTEGER NOT NULL REFERENCES session,
        ordinal INTEGER NOT NULL,
        number INTEGER NOT NULL,
        kind TEXT NOT NULL,
        began INTEGER NOT NULL,
        planned INTEGER NOT NULL,
        planned_speed INTEGER NOT NULL,
        planned_incline INTEGER NOT NULL,
        actual INTEGER,
        actual_speed INTEGER,
        top_speed INTEGER,
        distance INTEGER,
        PRIMARY KEY (session, ordinal)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE sample (
        session INTEGER NOT NULL REFERENCES session,
        at INTEGER NOT NULL,
        position INTEGER NOT NULL,
        speed INTEGER,
        target INTEGER,
        incline INTEGER,
        distance INTEGER,
        heart_rate INTEGER,
        PRIMARY KEY (session, at)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE octets (
        session INTEGER NOT NULL REFERENCES session,
        "order" INTEGER NOT NULL,
        at INTEGER NOT NULL,
        uuid, -- the 16-bit number of an assigned UUID, else the full one as text
        source TEXT, -- NULL: it came from the treadmill
        data BLOB NOT NULL,
        PRIMARY KEY (session, "order")
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE event (
        session INTEGER NOT NULL REFERENCES session,
        "order" INTEGER NOT NULL,
        at INTEGER NOT NULL,
        word TEXT NOT NULL,
        fields TEXT NOT NULL,
        PRIMARY KEY (session, "order")
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE entry (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        at INTEGER NOT NULL,
        version INTEGER NOT NULL,
        payload TEXT NOT NULL,
        session INTEGER REFERENCES session
    )
    """,
    "CREATE INDEX entry_by_kind ON entry (kind, at)",
    """
    CREATE TRIGGER entry_is_not_changed BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'entries are only added'); END
    """,
    """
    CREATE TRIGGER entry_is_not_removed BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'entries are only added'); END
    """,
)


def _create(connection: sqlite3.Connection) -> None:
    """0 to 1: the first tables."""
    for statement in _VERSION_1:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


MIGRATIONS: Sequence[Migration] = (_create,)
