"""The door for second screens: a Unix socket a session, in a folder of its user's own.

Rules:
- The folder is this user's alone (0700, and no link to elsewhere), the socket 0600. Who comes in must be this user, as
  the kernel says (SO_PEERCRED), and so must whoever sits behind the socket that a second screen comes to.
- A socket is named for its session's process. What a process left that has died is swept away by the next session.
- Nothing here waits, and nothing here is needed: a door that cannot be opened is an OSError, and the session goes on.
"""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

from runback import private_files

LONGEST_PATH = 107
"""Bytes of a socket's path on Linux (`sun_path`, less the final zero); others have fewer and say so themselves."""
_KNOCKING = 8
"""How many may wait to be let in."""
_SUFFIX = ".sock"
_OWN_FOLDERS = Path("/proc/self/fd")


def is_supported() -> bool:
    """Whether this system has such sockets, and folders that are one user's alone."""
    return hasattr(socket, "AF_UNIX") and hasattr(os, "geteuid")


class WatchSocket:
    """A socket that listens. `path` is where it stands."""

    def __init__(self, socket: socket.socket, path: Path) -> None:
        self.socket = socket
        self.path = path

    def close(self) -> None:
        """Shut it and take it away; a second screen that finds it gone knows that the session ended as it meant to."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)
        self.socket.close()


def open_door(folders: Sequence[Path]) -> WatchSocket:
    """A door for this process in the first of `folders` where there can be one. Raises OSError: why not in the last."""
    for folder in folders[:-1]:
        with contextlib.suppress(OSError):
            return _open_in(folder, parents=False)
    return _open_in(folders[-1], parents=True)


def _open_in(folder: Path, *, parents: bool) -> WatchSocket:
    if parents:
        private_files.folder(folder.parent)
    folder.mkdir(mode=private_files.FOLDER, exist_ok=True)
    _check(folder, repair=True)
    _sweep(folder)
    path = folder / f"{os.getpid()}{_SUFFIX}"
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listening.settimeout(0.0)
        with _address(path) as address:
            listening.bind(address)
        path.chmod(0o600)
        listening.listen(_KNOCKING)
    except OSError:
        listening.close()
        raise
    return WatchSocket(listening, path)


def _check(folder: Path, *, repair: bool = False) -> None:
    """Raise OSError unless `folder` is this user's alone; `repair` its mode."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PermissionError(f"{folder} is not this user's own folder")
    if found.st_mode & 0o077:
        if not repair:
            raise PermissionError(f"{folder} is open to others")
        folder.chmod(0o700)


def _sweep(folder: Path) -> None:
    """Take away the sockets of processes that have died, and of one that had this process's number before it."""
    for pid, path in _found_in(folder):
        if pid == os.getpid() or not _lives(pid):
            with contextlib.suppress(OSError):
                path.unlink()


def _found_in(folder: Path) -> Iterator[tuple[int, Path]]:
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        if path.stem.isascii() and path.stem.isdigit() and len(path.stem) < 10:
            yield int(path.stem), path


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextlib.contextmanager
def _address(path: Path) -> Iterator[str]:
    """`path` as a socket takes it: one that is too long goes by way of its open folder, where there are such ways."""
    if len(os.fsencode(path)) <= LONGEST_PATH or not _OWN_FOLDERS.is_dir():
        yield str(path)
        return
    fd = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield str(_OWN_FOLDERS / str(fd) / path.name)
    finally:
        os.close(fd)


def sessions(folders: Sequence[Path]) -> dict[int, Path]:
    """The sessions that can be watched: the process of each, and its door."""
    found: dict[int, Path] = {}
    for folder in folders:
        try:
            _check(folder)
        except OSError:
            continue
        found |= {pid: path for pid, path in _found_in(folder) if _lives(pid)}
    return found


def connect(path: Path) -> socket.socket:
    """Come to a session's door. Raises OSError if nobody is behind it, or somebody else is."""
    coming = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        coming.settimeout(0.0)
        with _address(path) as address:
            coming.connect(address)
        if not is_user(coming, os.geteuid()):
            raise PermissionError(f"{path} belongs to another user's program")
    except OSError:
        coming.close()
        raise
    return coming


def is_user(connected: socket.socket, uid: int) -> bool:
    """Whether `uid` is at the other end. Where the kernel does not say, the folder's mode has to do."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    credentials = struct.Struct("3i")  # struct ucred: pid, uid, gid
    try:
        _, theirs, _ = credentials.unpack(connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, credentials.size))
    except OSError:
        return False
    return bool(theirs == uid)
