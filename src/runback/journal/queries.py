"""Reading the journal: functions from its file to frozen values.

Rules:
- Each call sees one state of the file, also while another process writes.
- `history` and `treadmills` read the rows of sessions and nothing below them, `running` their intervals.
- What is shown of a session (names, reasons) is printable: the names may have come from the air, before this program
  looked at them.
- A journal that does not exist yet has an empty history; asking it for a session raises JournalError.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path

from runback.config_files.error_text import CLIP, printable
from runback.errors import JournalError, JournalNotFound
from runback.journal.database import reading
from runback.journal.inserts import EPOCH
from runback.journal.model import (
    Event,
    IntervalRow,
    Json,
    KnownTreadmill,
    MachineRow,
    Packet,
    SampleRow,
    SessionRecord,
    SessionRow,
)

SESSION = """
    SELECT session.id, began, utc_offset, zone, workout, plan, planned, simulated, program, name, address,
           length, active, distance, top_speed, mean_heart_rate, top_heart_rate, outcome, reason, lost
    FROM session LEFT JOIN machine ON machine.id = session.machine
"""
"""What `session_of` reads."""
_TREADMILLS = """
    SELECT name, address, min(began), max(began), count(*) FROM session
    JOIN machine ON machine.id = session.machine GROUP BY machine.id ORDER BY max(began) DESC
"""
_RUNNING = "SELECT session, sum(actual) FROM interval WHERE kind = 'run' AND actual IS NOT NULL GROUP BY session"
NEWEST = "last"
"""The word for the newest session."""


def history(path: Path, *, limit: int = -1, simulated: bool = True) -> tuple[SessionRow, ...]:
    """The sessions, newest first, at most `limit` (-1: all); without the simulator's if `simulated` is false. Raises
    JournalError."""
    where = "" if simulated else "WHERE NOT simulated"
    try:
        with reading(path) as connection:
            rows = connection.execute(f"{SESSION} {where} ORDER BY began DESC, session.id DESC LIMIT ?", (limit,))
            return tuple(session_of(row) for row in rows)
    except JournalNotFound:
        return ()


def running(path: Path) -> Mapping[int, int]:
    """Milliseconds of run intervals done, by session; a session without any is not in it. Raises JournalError."""
    try:
        with reading(path) as connection:
            return dict(connection.execute(_RUNNING))
    except JournalNotFound:
        return {}


def story(path: Path, session: str) -> SessionRecord:
    """Everything kept of `session`: its number, or `last`. Raises JournalError if there is none."""
    with reading(path) as connection:
        found = _find(connection, path, session)
        return SessionRecord(
            found,
            tuple(IntervalRow(*row[1:]) for row in _rows(connection, "interval", "ordinal", found.id)),
            tuple(SampleRow(*row[1:]) for row in _rows(connection, "sample", "at", found.id)),
            tuple(
                Event(row[1], row[2], row[3], _fields(row[4]))
                for row in _rows(connection, "event", '"order"', found.id)
            ),
            tuple(_octets(row) for row in _rows(connection, "octets", '"order"', found.id)),
        )


def treadmills(path: Path) -> tuple[KnownTreadmill, ...]:
    """The treadmills used so far, the newest first. Raises JournalError."""
    try:
        with reading(path) as connection:
            return tuple(
                KnownTreadmill(MachineRow(printable(row[0], CLIP), row[1]), moment(row[2]), moment(row[3]), row[4])
                for row in connection.execute(_TREADMILLS)
            )
    except JournalNotFound:
        return ()


def moment(microseconds: int, offset: int = 0, zone: str = "UTC") -> datetime:
    """An aware datetime from `microseconds` since 1970 UTC, shown in a zone `offset` s from it."""
    return (EPOCH + timedelta(microseconds=microseconds)).astimezone(timezone(timedelta(seconds=offset), zone))


def _find(connection: sqlite3.Connection, path: Path, session: str) -> SessionRow:
    if session == NEWEST:
        row = connection.execute(f"{SESSION} ORDER BY began DESC, session.id DESC LIMIT 1").fetchone()
    elif session.isascii() and session.isdigit() and len(session) < 19:
        row = connection.execute(f"{SESSION} WHERE session.id = ?", (int(session),)).fetchone()
    else:
        raise JournalError(
            f"session {session!r}", "this is not the number of a session", f"give a number, or `{NEWEST}`"
        )
    if row is None:
        newest = connection.execute("SELECT max(id) FROM session").fetchone()[0]
        hint = "run a session first" if newest is None else f"the newest is {newest}, or say `{NEWEST}`"
        raise JournalError(f"session {session}", f"it does not exist in {path}", hint)
    return session_of(row)


def _rows(connection: sqlite3.Connection, table: str, key: str, session: int) -> sqlite3.Cursor:
    return connection.execute(f"SELECT * FROM {table} WHERE session = ? ORDER BY {key}", (session,))


def session_of(row: tuple[object, ...]) -> SessionRow:
    """A session from a row of `SESSION`."""
    id_, began, offset, zone, workout, plan, planned, simulated, *rest = row
    when = moment(int(str(began)), int(str(offset)), str(zone))
    told = [printable(each) if isinstance(each, str) else each for each in rest]
    return SessionRow(id_, when, printable(str(workout)), plan, planned, bool(simulated), *told)  # type: ignore[arg-type]


def _octets(row: tuple[int, int, int, int | str, str | None, bytes]) -> Packet:
    _, order, at, uuid, source, data = row
    return Packet(order, at, uuid if isinstance(uuid, str) else f"{uuid:04X}", data, source)


def _fields(text: str) -> Mapping[str, Json]:
    fields: Mapping[str, Json] = json.loads(text)
    return fields
