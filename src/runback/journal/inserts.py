"""Records into tables: the SQL of the writer.

Rules:
- One batch is one transaction: all of it, or nothing.
- Nothing here decides anything; what a record means is in `recording`.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from runback.journal.model import (
    Ended,
    Event,
    IntervalRow,
    MachineRow,
    Packet,
    ProgressUpdate,
    Record,
    SampleRow,
    SessionStart,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_BEGIN = """
    INSERT INTO session (began, utc_offset, zone, workout, plan, planned, simulated, program)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_INTERVAL = "INSERT OR REPLACE INTO interval VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_SAMPLE = "INSERT OR IGNORE INTO sample VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_OCTETS = "INSERT OR IGNORE INTO octets VALUES (?, ?, ?, ?, ?, ?)"
_EVENT = "INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?)"
_PROGRESS = """
    UPDATE session SET length = ?, active = ?, distance = ?, top_speed = ?, mean_heart_rate = ?, top_heart_rate = ?
    WHERE id = ?
"""
_END = "UPDATE session SET length = ?, outcome = ?, reason = ?, active = ?, distance = ? WHERE id = ?"


def microseconds(moment: datetime) -> int:
    """An aware `moment` as microseconds since 1970 UTC. Raises ValueError for a naive one."""
    if moment.utcoffset() is None:
        raise ValueError(f"{moment} has no time zone")
    return (moment - EPOCH) // timedelta(microseconds=1)


def zone_name(moment: datetime) -> str:
    """The zone of an aware `moment`: its key (`Europe/Berlin`) if it has one, else its abbreviation."""
    key = getattr(moment.tzinfo, "key", None)
    return key if isinstance(key, str) else moment.tzname() or ""


class Store:
    """Writes one session. `session` is its id once it has begun in the journal."""

    def __init__(self) -> None:
        self.session: int | None = None

    def write(self, connection: sqlite3.Connection, records: Sequence[Record], lost: int) -> None:
        """Put `records` down in one transaction; `lost` is how many others have been lost so far. Raises
        sqlite3.Error, with nothing changed."""
        before = self.session
        connection.execute("BEGIN IMMEDIATE")
        try:
            for record in records:
                self._put(connection, record)
            if lost:
                connection.execute("UPDATE session SET lost = ? WHERE id = ?", (lost, self.session))
            connection.execute("COMMIT")
        except BaseException:
            self.session = before
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise

    def _put(self, connection: sqlite3.Connection, record: Record) -> None:
        id_ = self.session
        match record:
            case SampleRow():
                seen = (record.speed, record.target, record.incline, record.distance, record.heart_rate)
                connection.execute(_SAMPLE, (id_, record.at, record.position, *seen))
            case Packet():
                sent = (_number(record.uuid), record.source, record.data)
                connection.execute(_OCTETS, (id_, record.order, record.at, *sent))
            case Event():
                text = json.dumps(record.fields, separators=(",", ":"))
                connection.execute(_EVENT, (id_, record.order, record.at, record.word, text))
            case ProgressUpdate():
                totals = (record.at, record.active, record.distance, record.top_speed)
                connection.execute(_PROGRESS, (*totals, record.mean_heart_rate, record.top_heart_rate, id_))
                if record.interval is not None:
                    self._put(connection, record.interval)
            case IntervalRow():
                planned = (record.planned, record.planned_speed, record.planned_incline)
                actual = (record.actual, record.actual_speed, record.top_speed, record.distance)
                step = (record.ordinal, record.number, record.kind, record.began)
                connection.execute(_INTERVAL, (id_, *step, *planned, *actual))
            case MachineRow():
                key = (record.name, record.address)
                connection.execute("INSERT OR IGNORE INTO machine (name, address) VALUES (?, ?)", key)
                found = "(SELECT id FROM machine WHERE name = ? AND address = ?)"
                connection.execute(f"UPDATE session SET machine = {found} WHERE id = ?", (*key, id_))
            case SessionStart():
                offset = record.began.utcoffset() or timedelta()
                when = (microseconds(record.began), round(offset.total_seconds()), zone_name(record.began))
                what = (record.workout, record.plan, record.planned, record.simulated, record.program)
                self.session = connection.execute(_BEGIN, (*when, *what)).lastrowid
            case Ended():
                for interval in record.intervals:
                    self._put(connection, interval)
                words = (record.outcome, record.reason)
                connection.execute(_END, (record.at, *words, record.active, record.distance, id_))


def _number(uuid: str) -> int | str:
    """A short UUID as its 16-bit number: two bytes a row instead of five."""
    return int(uuid, 16) if len(uuid) == 4 else uuid
