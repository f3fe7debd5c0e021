"""The writer: a thread of its own that alone writes to the journal's file.

Rules:
- `put` never waits and never raises. Once each `PERIOD` what was put is written, in one transaction unless much has
  piled up, so a killed program loses the last second at most.
- What cannot be written (disk full, read-only, another writer) waits and is tried again each period; the hand-over
  bounds how much. What must not be written (a newer journal, a file that is none) is given up at once.
- Nothing is opened or made before there is something to write.
- `failed` says in one plain line what has gone wrong, once something is lost or at risk.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

from runback.errors import JournalError
from runback.journal.database import may_pass, open_to_write, plainly
from runback.journal.inserts import Store
from runback.journal.model import Record
from runback.journal.schema import MIGRATIONS, Migration
from runback.journal.write_queue import ROOM, WriteQueue

PERIOD = 0.8
"""Seconds between two rounds of writing. With the time that a disk takes, a killed program loses a second at most."""
BATCH = 500
"""Records in one transaction: what has piled up while the disk was full is not tried, in vain, all at once."""
LAST_WAIT = 5.0
"""Seconds that the end of a session waits for the disk."""


GONE = "it was deleted or moved away while the session ran"


class Writer:
    """Writes one session's records to the journal at `path`. `room` and `migrations` are the hand-over's and the
    schema's."""

    def __init__(
        self,
        path: Path,
        *,
        period: float = PERIOD,
        room: int = ROOM,
        migrations: Sequence[Migration] = MIGRATIONS,
    ) -> None:
        self._path = path
        self._period = period
        self._migrations = migrations
        self._handover = WriteQueue(room)
        self._store = Store()
        self._connection: sqlite3.Connection | None = None
        self._trouble: str | None = None
        """Why the newest attempt failed."""
        self._loss: str | None = None
        """Why records are gone for good."""
        self._given_up = False
        self._place: tuple[int, int] | None = None
        """Which file it is, once it has been opened."""
        self._written = 0
        """Records, so far."""
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    @property
    def session(self) -> int | None:
        """The session's id in the journal; None while nothing of it is written."""
        return self._store.session

    @property
    def failed(self) -> str | None:
        """What is wrong with this session's place in the journal, in one line; None if nothing is."""
        lost = self._handover.dropped
        if self._trouble is None and not lost:
            return None
        why = self._trouble or self._loss or "more came than could be written"
        missing = lost + len(self._handover)
        return f"{self._path}: {why}" + (f"; {missing} records of this session are not in it" if missing else "")

    def put(self, record: Record) -> None:
        """Hand `record` over, to be written soon."""
        self._handover.put(record)

    def flush(self, timeout: float = LAST_WAIT) -> bool:
        """Have everything written now, or tried; whether that came to pass within `timeout` seconds."""
        return self._handover.flush(timeout)

    def close(self, timeout: float = LAST_WAIT) -> None:
        """Write what is left, and let go of the file; give up after `timeout` seconds. Never raises."""
        self._handover.close()
        self._thread.join(timeout)
        if self._thread.is_alive():
            self._trouble = self._trouble or "the disk does not answer"

    # -- the thread ----------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        going = True
        while going:
            going = self._handover.wait(self._period)
            while (records := self._handover.take(BATCH)) and self._write(records):
                pass
            self._handover.attempted()
        self._let_go()

    def _write(self, records: Sequence[Record]) -> bool:
        """Write `records`; whether it makes sense to write more now."""
        if self._given_up:
            self._handover.lose(len(records))
            return True
        try:
            if self._connection is None:
                self._connection = open_to_write(self._path, self._migrations)
                self._place = self._place or _place(self._path)
            self._check_place(0)
            self._store.write(self._connection, records, self._handover.dropped)
            self._written += len(records)
            self._check_place(len(records))
            self._trouble = None
        except JournalError as error:
            self._trouble, self._given_up = f"{error.what}; {error.hint}", True
            self._handover.lose(len(records))
        except Exception as error:  # noqa: BLE001 - the edge: whatever the disk does, the session goes on
            self._let_go()
            if may_pass(error):
                self._trouble = plainly(error)
                self._handover.put_back(records)
                return False
            self._loss = plainly(error)
            self._handover.lose(len(records))
        return True

    def _check_place(self, counted: int) -> None:
        """Raise JournalError if the file is not where it was: what was written is lost, or elsewhere, though SQLite
        goes on without a word. `counted` records of it the caller counts as lost."""
        if self._place is None or _place(self._path) != self._place:
            self._handover.lose(self._written - counted)
            raise JournalError(str(self._path), GONE, "leave it where it is while a session runs")

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):  # what was committed is on the disk already
                connection.close()


def _place(path: Path) -> tuple[int, int] | None:
    """Which file is at `path`; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
