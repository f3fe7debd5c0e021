"""Opening the journal's file: as its writer, or to read.

Rules:
- The file is its owner's alone (0600, its folder 0700 if made here).
- A file that is not a journal, or of a newer runback, is refused before anything is written to it.
- Before a migration the file as it was is copied beside it (`journal.db.v1`), complete, or there is no migration.
- Whatever SQLite says is told in one plain line (`plainly`).
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from runback import private_files
from runback.errors import JournalError, JournalNotFound
from runback.journal.schema import APPLICATION_ID, MIGRATIONS, Migration

PATIENCE = 0.5
"""Seconds to wait for another process that is writing; the journal's own thread then tries again (`writer`)."""


def default_path() -> Path:
    """The journal in the user's data folder."""
    import platformdirs

    return platformdirs.user_data_path("runback") / "journal.db"


@contextlib.contextmanager
def reading(path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> Iterator[sqlite3.Connection]:
    """A connection that sees one state of the journal at `path` and cannot write. An older journal is brought up to
    date first. Raises JournalNotFound, JournalError."""
    try:
        connection = _open_to_read(path)
        try:
            connection.execute("BEGIN")
            version = _check(connection, path, migrations)
            if version == 0:
                raise JournalNotFound(str(path), "the journal is empty", "run a session first")
            if version < len(migrations):
                connection.close()
                open_to_write(path, migrations).close()
                connection = _open_to_read(path)
                connection.execute("BEGIN")
            yield connection
        finally:
            connection.close()
    except (sqlite3.Error, OSError) as error:
        raise JournalError(str(path), plainly(error), _hint(error)) from error


def _open_to_read(path: Path) -> sqlite3.Connection:
    if not path.exists():
        raise JournalNotFound(str(path), "there is no journal yet", "run a session first")
    if not path.is_file():
        raise JournalError(str(path), "this is not a file", "move it elsewhere")
    uri = path.absolute().as_uri()
    connection = sqlite3.connect(f"{uri}?mode=ro", uri=True, timeout=PATIENCE, isolation_level=None)
    try:
        connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error as error:
        connection.close()
        if _code(error) != sqlite3.SQLITE_CANTOPEN or _waiting(path):
            raise
        # A folder nobody may write to: SQLite cannot make its shared memory there, and needs none if nobody writes.
        connection = sqlite3.connect(f"{uri}?immutable=1", uri=True, isolation_level=None)
    return connection


def _waiting(path: Path) -> bool:
    """Whether something written is not in the file itself yet."""
    try:
        return os.path.getsize(f"{path}-wal") > 0
    except OSError:
        return False


def open_to_write(path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> sqlite3.Connection:
    """A connection that may write to the journal at `path`, made and brought up to date if need be. Transactions are
    begun and ended by hand. Raises JournalError for a file that must not be touched, sqlite3.Error and OSError for
    what may pass."""
    _make(path)
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    try:
        connection.execute("BEGIN")  # one state of the file: another process may be making it just now
        version = _check(connection, path, migrations)
        connection.execute("ROLLBACK")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        if version < len(migrations):
            _migrate(connection, path, migrations)
    except BaseException:
        connection.close()
        raise
    return connection


def _make(path: Path) -> None:
    private_files.folder(path.parent)
    with contextlib.suppress(FileExistsError):
        os.close(private_files.create(path.resolve()))
    if not path.is_file():  # SQLite would wait for somebody at the other end of a pipe
        raise JournalError(str(path), "this is not a plain file", "move it elsewhere")
    if path.stat().st_mode & 0o077:
        path.chmod(private_files.FILE)


def _check(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> int:
    """The journal's version. Raises JournalError if this is no journal, or a newer one."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    empty = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    if application != APPLICATION_ID and not (empty and version == 0):
        raise JournalError(str(path), "this is a database, but no journal of runback", "move it elsewhere")
    if version > len(migrations):
        what = f"a newer runback has written it (version {version}; this one knows {len(migrations)})"
        raise JournalError(str(path), what, "update runback; nothing was changed")
    return version


def _migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> None:
    connection.execute("BEGIN IMMEDIATE")  # from here on nobody else migrates it
    try:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if 0 < version < len(migrations):
            _back_up(path, version)
        for migration in migrations[version:]:
            migration(connection)
        connection.execute(f"PRAGMA user_version = {max(version, len(migrations))}")
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _back_up(path: Path, version: int) -> None:
    """Copy the journal beside itself. An older copy of the same version is replaced: it is older, and the same."""
    partial = path.with_name(f"{path.name}.v{version}.partial")
    partial.unlink(missing_ok=True)
    os.close(private_files.create(partial))
    try:
        with (
            contextlib.closing(sqlite3.connect(path, timeout=PATIENCE)) as source,
            contextlib.closing(sqlite3.connect(partial)) as copy,
        ):
            source.backup(copy)
        partial.replace(path.with_name(f"{path.name}.v{version}"))
    finally:
        partial.unlink(missing_ok=True)


def _code(error: Exception) -> int:
    """SQLite's primary result code; -1 if it is not SQLite that complains."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else -1


def plainly(error: Exception) -> str:
    """What went wrong, for a person."""
    if isinstance(error, sqlite3.Error):
        return _PLAIN.get(_code(error), str(error))
    if isinstance(error, OSError):
        return error.strerror or str(error)
    if isinstance(error, MemoryError):  # it has no words of its own
        return "there is not enough memory"
    return str(error) or type(error).__name__


def may_pass(error: Exception) -> bool:
    """Whether the same may work later: it is the disk's or the file's fault, not that of what was to be written."""
    theirs = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError, sqlite3.DataError)
    return isinstance(error, (sqlite3.Error, OSError, MemoryError)) and not isinstance(error, theirs)


_PLAIN = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_BUSY: "another program is writing to it",
    sqlite3.SQLITE_LOCKED: "another program is writing to it",
    sqlite3.SQLITE_READONLY: "it cannot be written to (read-only)",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened here (read-only folder?)",
    sqlite3.SQLITE_IOERR: "the disk refuses to read or write",
    sqlite3.SQLITE_CORRUPT: "the file is damaged",
    sqlite3.SQLITE_NOTADB: "this is not a journal, or it is damaged",
    sqlite3.SQLITE_PERM: "it may not be opened",
}
"""By SQLite's primary result code."""

_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def _hint(error: Exception) -> str:
    if _code(error) in _DAMAGED:
        return "move it away; runback begins a new one"
    return "try again when that is repaired"
