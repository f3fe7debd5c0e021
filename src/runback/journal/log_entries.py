"""Entries: check-ins, clearances, overrides, low-impact work, plan states. Only ever added.

Rules:
- `kind` is the caller's word, `payload` its own shape, numbered by `version`: the tables do not know them.
- A person's words come back as they were written, to the last character.
- An entry is on the disk when `add` returns; the file itself refuses to change or remove one.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from runback.errors import JournalError, JournalNotFound
from runback.journal.database import open_to_write, plainly, reading
from runback.journal.inserts import microseconds
from runback.journal.model import Json, LogRow
from runback.journal.queries import moment

_ADD = "INSERT INTO entry (kind, at, version, payload, session) VALUES (?, ?, ?, ?, ?)"


def add(
    path: Path, kind: str, at: datetime, payload: Mapping[str, Json], *, version: int, session: int | None = None
) -> int:
    """Add an entry said at `at` (aware); returns its id. Raises JournalError if it could not be kept, ValueError for a
    naive time or a payload that is no JSON."""
    # ASCII: what is no Unicode (half of a surrogate pair) is kept as well.
    text = json.dumps(payload, separators=(",", ":"), allow_nan=False)
    values = (kind, microseconds(at), version, text, session)
    try:
        with contextlib.closing(open_to_write(path)) as connection:
            return connection.execute(_ADD, values).lastrowid or 0
    except (sqlite3.Error, OSError) as error:
        raise JournalError(
            str(path), f"this could not be saved: {plainly(error)}", "correct that, and enter it again"
        ) from error


def entries(path: Path, *kinds: str) -> tuple[LogRow, ...]:
    """The entries of `kinds` (all, if none is named) in the order of their times. Raises JournalError."""
    where = f"WHERE kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
    query = f"SELECT id, kind, at, version, payload, session FROM entry {where} ORDER BY at, id"
    try:
        with reading(path) as connection:
            return tuple(
                LogRow(row[0], row[1], moment(row[2]), row[3], _payload(path, row[0], row[4]), row[5])
                for row in connection.execute(query, kinds)
            )
    except JournalNotFound:
        return ()


def _payload(path: Path, number: int, text: object) -> Mapping[str, Json]:
    where = f"{path}: record {number}"
    try:
        payload = json.loads(str(text))
    except (ValueError, RecursionError) as error:  # another program has written it, or the disk has lost it
        raise JournalError(where, "it cannot be read", "the file is damaged") from error
    if not isinstance(payload, dict):
        raise JournalError(where, "it cannot be read", "the file is damaged")
    return payload
