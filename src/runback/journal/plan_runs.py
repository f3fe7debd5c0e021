"""What sessions were run for: the stage of a plan or none, and how much running was done.

Rules:
- A purpose is the first event of its session, so that it is kept as soon as the session is.
- A session without a purpose is a run as well if run intervals were done in it, or if the belt went at 6.5 km/h or more
  for a minute [D]: that is no walking.
- Running is the time of run intervals, less what was walked of them: after the person eased off, or at a target no
  faster than the plan's walking. It is right up to the second, also for a session whose program was killed.

Units: ms, speed 0.01 km/h.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runback.errors import JournalError, JournalNotFound
from runback.journal.database import reading
from runback.journal.model import Event, Json, SessionRow
from runback.journal.queries import SESSION, session_of

WORD = "purpose"
VERSION = 1

_PURPOSED = f"""
    {SESSION} JOIN event ON event.session = session.id AND event."order" = 0 AND event.word = '{WORD}'
    ORDER BY session.began, session.id
"""
_FIELDS = 'SELECT fields FROM event WHERE session = ? AND "order" = 0'
_RUNS = """
    SELECT began, actual, (SELECT min(next.began) FROM interval AS next
                           WHERE next.session = interval.session AND next.ordinal > interval.ordinal)
    FROM interval WHERE session = ? AND kind = 'run' AND actual IS NOT NULL ORDER BY ordinal
"""
_EASED = """
    SELECT min(at) FROM event WHERE session = ? AND word = 'cue' AND json_extract(fields, '$.kind') = 'eased'
"""
_WALKED = """
    SELECT count(DISTINCT position / 1000) FROM sample
    WHERE session = ? AND at >= ? AND at < ? AND (target <= ? OR at >= ?)
"""
_OTHERS = f"""
    {SESSION} WHERE NOT EXISTS
        (SELECT 1 FROM event WHERE event.session = session.id AND event."order" = 0 AND event.word = '{WORD}')
    ORDER BY session.began, session.id
"""
_RUN = "SELECT coalesce(sum(actual), 0) FROM interval WHERE session = ? AND kind = 'run'"
_FAST = "SELECT count(DISTINCT position / 1000) FROM sample WHERE session = ? AND speed >= ?"
RUNNING_SPEED = 650
"""No slower than this, 0.01 km/h, nobody walks; for so long, s, nobody means to."""
_LEAST = 60
_END_OF_TIME = 2**62


@dataclass(frozen=True, slots=True)
class Purpose:
    """A session is run for `stage` (its id) of `plan` (its name): `running` ms of running are planned, and at
    `walking` or slower nobody runs."""

    plan: str
    stage: str
    running: int
    walking: int

    def event(self, order: int = 0, at: int = 0) -> Event:
        """As the session's first event."""
        fields: dict[str, Json] = {"version": VERSION, "plan": self.plan, "stage": self.stage}
        return Event(order, at, WORD, fields | {"running_ms": self.running, "walking": self.walking})


@dataclass(frozen=True, slots=True)
class PlanRun:
    """A session, what it was run for, and the running done, ms."""

    session: SessionRow
    purpose: Purpose
    ran: int


def purposed(path: Path) -> tuple[PlanRun, ...]:
    """Every session that was run for a stage of a plan, in the order of time. Raises JournalError."""
    try:
        with reading(path) as connection:
            sessions = [session_of(row) for row in connection.execute(_PURPOSED)]
            return tuple(_read(connection, path, session) for session in sessions)
    except JournalNotFound:
        return ()


def others(path: Path) -> tuple[tuple[SessionRow, int], ...]:
    """Every session that was run for no stage of a plan, in the order of time, with its running, ms. Raises
    JournalError."""
    try:
        with reading(path) as connection:
            sessions = [session_of(row) for row in connection.execute(_OTHERS)]
            found = ((session, _ran_freely(connection, session)) for session in sessions)
            return tuple((session, ran) for session, ran in found if ran)
    except JournalNotFound:
        return ()


def _ran_freely(connection: sqlite3.Connection, session: SessionRow) -> int:
    ran: int = connection.execute(_RUN, (session.id,)).fetchone()[0]
    if ran or session.top_speed is None or session.top_speed < RUNNING_SPEED:
        return ran
    fast: int = connection.execute(_FAST, (session.id, RUNNING_SPEED)).fetchone()[0]
    return fast * 1000 if fast >= _LEAST else 0


def _read(connection: sqlite3.Connection, path: Path, session: SessionRow) -> PlanRun:
    fields: Mapping[str, Json] = json.loads(connection.execute(_FIELDS, (session.id,)).fetchone()[0])
    purpose = _purpose(fields, f"{path}: session {session.id}")
    return PlanRun(session, purpose, _ran(connection, session.id, purpose))


def _purpose(fields: Mapping[str, Json], where: str) -> Purpose:
    version = fields.get("version")
    if type(version) is int and version > VERSION:
        raise JournalError(where, "a newer runback has written what it was run for", "update runback")
    plan, stage = fields.get("plan"), fields.get("stage")
    running, walking = fields.get("running_ms"), fields.get("walking")
    if version != VERSION or not isinstance(plan, str) or not isinstance(stage, str):
        raise JournalError(where, "what it was run for cannot be read", "the file is damaged")
    if type(running) is not int or type(walking) is not int or running <= 0:
        raise JournalError(where, "what it was run for cannot be read", "the file is damaged")
    return Purpose(plan, stage, running, walking)


def _ran(connection: sqlite3.Connection, session: int, purpose: Purpose) -> int:
    eased = connection.execute(_EASED, (session,)).fetchone()[0]
    ran = 0
    for began, actual, ended in connection.execute(_RUNS, (session,)).fetchall():
        until = _END_OF_TIME if ended is None else ended
        limits = (purpose.walking, _END_OF_TIME if eased is None else eased)
        walked = connection.execute(_WALKED, (session, began, until, *limits)).fetchone()[0]
        ran += max(0, actual - walked * 1000)
    return ran
