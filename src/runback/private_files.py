"""Files and folders that nobody but their owner may read: how everything that runback keeps is made.

Rules:
- A file is 0600, a folder 0700, from the moment it is made. The mode is never changed afterwards: between the two
  somebody could have opened it. Folders that are missing on the way are made the same way, as the XDG base directory
  specification asks.
- What exists keeps its mode; `exposed` tells what others may do with it, and `runback doctor` how that is ended.
- Only a plain file is opened to be written. A pipe, a device or a socket is refused without waiting for whoever sits at
  its other end.
- Where the system knows no such modes (Windows), the folder of the user has to do.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path

FILE = 0o600
FOLDER = 0o700
_NEVER_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


def folder(path: Path) -> None:
    """See to it that there is a folder at `path`. Raises OSError."""
    try:
        os.mkdir(path, FOLDER)
    except FileNotFoundError:
        if path.parent == path:
            raise
        folder(path.parent)
        folder(path)
    except FileExistsError:
        if not path.is_dir():
            raise


def create(path: Path) -> int:
    """A descriptor that writes to a new file at `path`. Raises OSError; FileExistsError if anything is there."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NEVER_WAIT, FILE)


def write(path: Path, data: bytes) -> None:
    """Write `data` to a new file at `path`: nothing that exists is touched, nothing half-written is left. Raises
    OSError."""
    fd = create(path)
    try:
        with open(fd, "wb") as stream:
            stream.write(data)
    except OSError:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def replace(path: Path, data: bytes, *, lasting: bool = False) -> None:
    """Put a file of `data` in the place of `path`, whole or not at all; `lasting`: on the disk, before it is there.
    Raises OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)  # of a process of this number that was killed
    fd = create(beside)
    try:
        with open(fd, "wb") as stream:
            stream.write(data)
            if lasting:
                stream.flush()
                os.fsync(stream.fileno())
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def append(path: Path) -> int:
    """A descriptor that appends to the plain file at `path`, which is made if it is not there. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        _check_plain(os.stat(path))  # before it is opened: opening a device may do something
    fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _NEVER_WAIT, FILE)
    try:
        _check_plain(os.fstat(fd))
    except OSError:
        os.close(fd)
        raise
    return fd


def read(path: Path, largest: int) -> bytes:
    """What is in the plain file at `path`, `largest` bytes of it at most. Raises OSError."""
    fd = os.open(path, os.O_RDONLY | _NEVER_WAIT)
    with open(fd, "rb") as stream:
        _check_plain(os.fstat(fd))
        return stream.read(largest)


def exposed(found: os.stat_result, *, secret: bool = True) -> str | None:
    """What others may do with a file or folder, in words; None if nothing, or if this system does not say. What is not
    `secret` may be read."""
    if os.name != "posix":
        return None
    if found.st_uid != os.geteuid():
        return "it belongs to another user"
    if found.st_mode & 0o022:
        return f"other users may change it (mode {stat.S_IMODE(found.st_mode):04o})"
    if secret and found.st_mode & 0o077:
        return f"other users may read it (mode {stat.S_IMODE(found.st_mode):04o})"
    return None


def _check_plain(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "this is not a plain file")
