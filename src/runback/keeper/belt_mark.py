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
from pathlib import Path


class BeltMark:
    """The mark for one treadmill, named as the person names it, in `folder`."""

    def __init__(self, folder: Path, treadmill: str) -> None:
        self._path = folder / "belt-may-be-moving.json"
        self._treadmill = treadmill
        self._set = False
        self.failed: str | None = None

    def found(self) -> str | None:
        """The treadmill an earlier program left without having seen its belt at rest, if one did."""
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
            return str(content["treadmill"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            return "a treadmill"  # a mark nobody can read is still a mark

    def set(self) -> None:
        """A belt may move from now on."""
        if self._set:
            return
        self._set = True
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            partial = self._path.with_suffix(f".{os.getpid()}")
            with partial.open("w", encoding="utf-8") as stream:
                json.dump({"treadmill": self._treadmill, "pid": os.getpid()}, stream)
                stream.flush()
                os.fsync(stream.fileno())
            partial.replace(self._path)
        except OSError as error:
            self.failed = error.strerror or str(error)

    def clear(self) -> None:
        """The belt has been seen at rest."""
        self._set = False
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            self.failed = error.strerror or str(error)
