"""The marks on disk that say: a belt may be moving. One file for each treadmill.

Rules:
- A mark is set before the first bytes that may move a belt are written, and taken away only when the belt of *that*
  treadmill has been measured at rest, or a person has said that it was this one. So Stop itself writes no file, and a
  program that died in whatever way leaves the mark behind.
- It remembers the treadmill's address and every name it has had: that is how it is found again (`link.remembered`).
- A program that finds a mark opens with the stop latch set.
- What is in the file is believed only within bounds. A mark that nobody can read is still a mark, of a treadmill that
  nobody knows. A mark of version 0.1.0 has a name and a process number, and no more.
- A process is known by its number and the time it began: numbers are used again.
- A disk that cannot be written never stands in the way: it is said, and the session goes on.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase as fnmatch
from pathlib import Path

from runback import private_files
from runback.config_files.error_text import CLIP, printable
from runback.failsafe.process_identity import began, runs
from runback.link.remembered import LONGEST, MOST_NAMES, Remembered

OLD = "belt-may-be-moving.json"
"""The one file of version 0.1.0, and of a treadmill whose address nobody knows."""
_MARKS = "belt-may-be-moving*.json"
_MOST_MARKS = 32
_LARGEST = 1 << 16
"""Bytes of a mark; ours have less than 3,000."""
_MOST_PID = 1 << 31
SOMEBODYS = "a treadmill"


@dataclass(frozen=True, slots=True)
class StaleMarker:
    """A belt that may be moving: whose, and the process that drove it."""

    treadmill: str
    """As the person named it."""
    pid: int
    """0: nobody knows."""
    machine: Remembered = field(default_factory=Remembered)
    began: str | None = None
    """When that process began, as `processes.began` says; None if nobody knows."""
    path: Path = Path()

    @property
    def title(self) -> str:
        """What a person would call it."""
        return printable(self.machine.title or self.treadmill, CLIP)

    def driven(self) -> bool:
        """Whether that process, another than this, still runs."""
        if self.pid in (0, os.getpid()) or not runs(self.pid):
            return False
        if self.began is not None:
            return self.began == began(self.pid)
        try:  # a mark of version 0.1.0, or a system that does not say when processes began
            return b"runback" in Path(f"/proc/{self.pid}/cmdline").read_bytes()
        except OSError:
            return True

    def may_be(self, wanted: str) -> bool:
        """Whether it may be the treadmill that a person calls `wanted`: where the mark cannot tell, it may."""
        return not self.machine.address or self.machine.answers_to(wanted) or _plain(wanted) == _plain(self.treadmill)

    def is_of(self, machine: Remembered) -> bool:
        """Whether it is surely the mark of `machine`. A mark of version 0.1.0 is surely of the address it names."""
        named = Remembered(address=self.treadmill)
        return self.machine.is_same(machine) or (not self.machine.address and named.is_same(machine))


class MovingMarker:
    """The mark of one session on one treadmill, `treadmill` as the person names it, among all those in `folder`.
    `owner`: the process whose session it is, if that is another: who stops its belt may take its mark away."""

    def __init__(self, folder: Path, treadmill: str, owner: int | None = None) -> None:
        self._folder = folder
        self.treadmill = treadmill
        self._owner = owner or os.getpid()
        self._set: Remembered | None = None
        self.failed: str | None = None

    def found(self) -> tuple[StaleMarker, ...]:
        """What earlier programs left without having seen their belts at rest."""
        try:
            with os.scandir(self._folder) as entries:
                names = sorted(entry.name for entry in entries if fnmatch(entry.name, _MARKS))
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError:
            return (StaleMarker(SOMEBODYS, 0, path=self._folder),)  # who cannot look does not know that there is none
        paths = [self._folder / name for name in names[:_MOST_MARKS]]
        return tuple(left for left in map(_read, paths) if left is not None)

    def set(self, machine: Remembered | None = None) -> None:
        """The belt of `machine` may move from now on. What has become known of it since is written as well."""
        machine = machine or Remembered()
        path = self._path_of(machine)
        # The disk is written once a session, not before every write; unless somebody has removed the file.
        if machine == self._set and path.exists():
            return
        content = {
            "version": 2,
            "treadmill": self.treadmill[:LONGEST],
            "pid": os.getpid(),
            "began": began(os.getpid()),
            "address": machine.address,
            "advertised": machine.advertised,
            "names": list(machine.names[:MOST_NAMES]),
            "model": machine.model,
            "serial": machine.serial,
        }
        self._set = machine
        try:
            private_files.folder(self._folder)
            private_files.replace(path, json.dumps(content).encode(), lasting=True)
        except OSError as error:
            self.failed = error.strerror or str(error)

    def clear(self, machine: Remembered | None = None) -> None:
        """The belt of `machine` has been measured at rest: take its mark away, and nobody else's. One that a living
        session holds is that session's to take away."""
        mine, self._set = self._set, None
        machine = machine or mine or Remembered()
        for left in self.found():
            # Another session that still runs holds its own belt: only its end, or its death, takes that mark away.
            own = left.pid == self._owner
            if (own or not left.driven()) and (left.is_of(machine) or (own and left.machine == machine)):
                self.forget(left)

    def forget(self, left: StaleMarker) -> None:
        """Take that mark away: a person says that its belt is at rest."""
        try:
            left.path.unlink(missing_ok=True)
        except OSError as error:
            self.failed = error.strerror or str(error)

    def _path_of(self, machine: Remembered) -> Path:
        key = "".join(letter for letter in machine.address.casefold() if letter.isascii() and letter.isalnum())
        return self._folder / (f"belt-may-be-moving.{key[:64]}.json" if key else OLD)


def _read(path: Path) -> StaleMarker | None:
    """A mark; None if it has just gone."""
    unreadable = StaleMarker(SOMEBODYS, 0, path=path)
    try:
        data = private_files.read(path, _LARGEST + 1)
        content = json.loads(data) if len(data) <= _LARGEST else None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, RecursionError):
        return unreadable
    # Damaged is not absent: a file that somebody wrote here means that a belt may move.
    if not isinstance(content, dict):
        return unreadable
    names = content.get("names")
    names = names[:MOST_NAMES] if isinstance(names, list) else []
    machine = Remembered(
        _text(content, "address") or "",
        _text(content, "advertised"),
        tuple(name[:LONGEST] for name in names if isinstance(name, str) and name.strip()),
        _text(content, "model"),
        _text(content, "serial"),
    )
    pid = content.get("pid")
    known = pid if isinstance(pid, int) and not isinstance(pid, bool) and 0 < pid < _MOST_PID else 0
    treadmill = _text(content, "treadmill") or SOMEBODYS
    return StaleMarker(treadmill, known, machine, _text(content, "began"), path)


def _text(content: Mapping[str, object], key: str) -> str | None:
    found = content.get(key)
    return found[:LONGEST] if isinstance(found, str) and found.strip() else None


def _plain(text: str) -> str:
    return text.strip().casefold()
