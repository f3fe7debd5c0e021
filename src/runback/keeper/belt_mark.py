"""The mark on disk that says: a belt may be moving.

Rules:
- It is set before the first octet that may move a belt is written, and taken away only when the belt has been seen at
  rest. So Stop itself writes no file, and a program that died in whatever way leaves the mark behind.
- A program that finds the mark opens with the stop latch set.
- A disk that cannot be written never stands in the way: it is said, and the session goes on.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from runback import private
from runback.quoting import CLIP, printable

LARGEST = 1 << 16
"""Bytes that are read of a mark; ours have a few hundred."""


@dataclass(frozen=True, slots=True)
class Left:
    """A belt that may be moving: whose, and the process that drove it."""

    treadmill: str
    pid: int

    def driven(self) -> bool:
        """Whether that process, another than this, still runs."""
        if self.pid in (0, os.getpid()):
            return False
        if not runs(self.pid):
            return False
        try:
            return b"runback" in Path(f"/proc/{self.pid}/cmdline").read_bytes()
        except OSError:
            return True


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _SYNCHRONIZE, _ACCESS_DENIED, _TIMEOUT = 0x0010_0000, 5, 0x102

    def runs(pid: int) -> bool:
        """Whether there is such a process. `os.kill(pid, 0)` would send it a Ctrl-C here."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = wintypes.HANDLE
        handle = kernel.OpenProcess(_SYNCHRONIZE, 0, pid)
        if not handle:
            return ctypes.get_last_error() == _ACCESS_DENIED
        try:
            return kernel.WaitForSingleObject(wintypes.HANDLE(handle), 0) == _TIMEOUT
        finally:
            kernel.CloseHandle(wintypes.HANDLE(handle))

else:

    def runs(pid: int) -> bool:
        """Whether there is such a process."""
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except OSError:
            return True
        return True


class BeltMark:
    """The mark for one treadmill, named as the person names it, in `folder`."""

    def __init__(self, folder: Path, treadmill: str) -> None:
        self._path = folder / "belt-may-be-moving.json"
        self._treadmill = treadmill
        self._set = False
        self.failed: str | None = None

    def found(self) -> Left | None:
        """What an earlier program left without having seen its belt at rest, if one did."""
        try:
            content = json.loads(private.read(self._path, LARGEST))
            return Left(printable(str(content["treadmill"]), CLIP), int(content["pid"]))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, KeyError, TypeError):
            return Left("a treadmill", 0)  # a mark nobody can read is still a mark

    def set(self) -> None:
        """A belt may move from now on."""
        if self._set:
            return
        self._set = True
        try:
            private.folder(self._path.parent)
            content = json.dumps({"treadmill": self._treadmill, "pid": os.getpid()})
            private.replace(self._path, content.encode(), lasting=True)
        except OSError as error:
            self.failed = error.strerror or str(error)

    def clear(self) -> None:
        """The belt has been seen at rest."""
        self._set = False
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            self.failed = error.strerror or str(error)
