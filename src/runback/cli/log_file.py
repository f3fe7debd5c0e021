"""The log: what bleak and this program have to say while a command runs, a line each: for reports of faults.

Rules:
- Nothing waits for it: Stop goes out on the thread that logs. A line is put on a list and written by another thread;
  what that cannot write is dropped, and said at the end.
- A file is the user's alone (0600) and bounded: one of `FULL` bytes is put aside as `FILE.1` before a command begins,
  and no command makes it longer than `MOST`.
- A file that cannot be written is told in one line before anything moves. `runback stop` has no log.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from runback import __version__, private_files
from runback.cli.files import open_to_append
from runback.cli.saying import say
from runback.config_files.error_text import printable
from runback.errors import InputError, RunbackError
from runback.ipc.background_writer import BackgroundWriter

if TYPE_CHECKING:
    from runback.engine.recorder import Field, RecordListener

LOGGED = ("bleak", "runback")
"""The loggers that are heard in full; of all others, warnings and errors."""
FULL = 4_000_000
MOST = 8_000_000
"""Bytes: hours of a session."""
WAITING = 1 << 20
"""Bytes that may wait for the disk."""
CLOSE_WITHIN = 2.0
LONGEST = 2000
"""Characters of a line."""
FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
_PROGRAM = logging.getLogger("runback")
_SESSION = logging.getLogger("runback.session")


class LogHandler(logging.Handler):
    """Hands lines on to `writer`, `room` bytes of them at most."""

    def __init__(self, writer: BackgroundWriter, room: int) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter(FORMAT))
        self._writer = writer
        self._room = room

    def emit(self, record: logging.LogRecord) -> None:
        """Take one record. Never raises, and never waits."""
        if self._room <= 0:
            return
        try:
            text = "".join(f"{printable(line, LONGEST)}\n" for line in self.format(record).splitlines())
            self._room -= len(text)
            self._writer.write(text if self._room > 0 else f"The log ends here: it has {MOST // 1_000_000} MB.\n")
        except Exception:  # noqa: BLE001 - a line that cannot be made, or a disk that is full, ends no session
            self._room = 0


@contextlib.contextmanager
def open_log(file: str | None) -> Iterator[None]:
    """Within, a log is written to `file`; None: to `runback.log` in the state folder. Raises InputError."""
    fd = _opened(_usual() if file is None else Path(file).expanduser())
    writer = BackgroundWriter(fd, most=WAITING)
    try:
        with _heard(LogHandler(writer, MOST - os.fstat(fd).st_size)):
            yield
    finally:
        reason = writer.close(CLOSE_WITHIN)
        if reason is None:
            os.close(fd)
        else:  # its thread may still write to that descriptor, whose number must not become another file's
            say(f"runback: the log is not complete: {reason}", err=True)


@contextlib.contextmanager
def _heard(handler: LogHandler) -> Iterator[None]:
    """Within, `handler` has what is logged; also how the command fails, with its traceback if it is our fault."""
    root = logging.getLogger()
    root.addHandler(handler)
    for name in LOGGED:
        logging.getLogger(name).setLevel(logging.DEBUG)
    _PROGRAM.info("runback %s, Python %s, %s", __version__, sys.version.split()[0], sys.platform)
    try:
        yield
    except RunbackError as error:
        _PROGRAM.error("%s", error)
        raise
    except Exception:
        _PROGRAM.exception("internal error")
        raise
    finally:
        _PROGRAM.info("the end")
        for name in LOGGED:
            logging.getLogger(name).setLevel(logging.NOTSET)
        root.removeHandler(handler)


def heard_by_log(listener: RecordListener | None) -> RecordListener | None:
    """What hears a session's record: `listener`, and the log if one is written; snapshots are left out of that."""
    if not _SESSION.isEnabledFor(logging.DEBUG):
        return listener

    def hear(t: float, event: str, fields: Mapping[str, Field]) -> None:
        if event != "snapshot":
            _SESSION.debug("%s %s", event, dict(fields))
        if listener is not None:
            listener(t, event, fields)

    return hear


def _usual() -> Path:
    import platformdirs

    folder = platformdirs.user_state_path("runback")
    try:
        private_files.folder(folder)
    except OSError as error:
        what = f"{folder}: {error.strerror or error}"
        raise InputError("--verbose", what, "make this folder writable, or give --log-file FILE") from None
    return folder / "runback.log"


def _opened(path: Path) -> int:
    """A descriptor that appends to `path`; what is there already is put aside if it is long. Raises InputError."""
    fd = open_to_append(path, "log_file")
    if os.fstat(fd).st_size >= FULL:
        with contextlib.suppress(OSError):  # a folder in which nothing can be renamed: it goes on until `MOST`
            path.replace(path.with_name(f"{path.name}.1"))
            os.close(fd)
            fd = open_to_append(path, "log_file")
    return fd
