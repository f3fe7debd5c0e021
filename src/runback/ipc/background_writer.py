"""A stream that is written by a thread of its own, so that whoever reads it, or the disk under it, holds up nothing.

Rules:
- `write` takes the text and returns: it never waits, and never touches the file. The engine's loop stands before no
  reader: `runback … --json | less` may be left alone while a belt moves.
- What cannot be written is not kept for ever: above `MOST` bytes, or after an error, the stream is given up.
- `close` waits for the rest, but not for ever; whoever writes last may be stuck in the kernel, and is left there.
"""

from __future__ import annotations

import os
import threading
from typing import Protocol

MOST = 1 << 26
"""Bytes: hours of a session's record."""


class Stream(Protocol):
    """What a record's lines are written to. Both may raise OSError or ValueError."""

    def write(self, text: str, /) -> object:
        """Take `text`."""

    def flush(self) -> None:
        """Let it go on its way."""


class BackgroundWriter:
    """Writes to the file descriptor `fd`, which stays its owner's. `most`: bytes that may wait."""

    def __init__(self, fd: int, *, most: int = MOST) -> None:
        self._fd = fd
        self._most = most
        self._waiting: list[bytes] = []
        self._octets = 0
        self._error: OSError | None = None
        self._over = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="runback drain", daemon=True)
        self._thread.start()

    def write(self, text: str) -> None:
        """Take `text`. Raises OSError once the stream is given up."""
        data = text.encode()
        with self._changed:
            if self._error is None and self._octets + len(data) > self._most:
                self._error = OSError("its reader has stopped reading")
            if self._error is not None:
                self._waiting.clear()
                raise self._error
            self._waiting.append(data)
            self._octets += len(data)
            self._changed.notify()

    @property
    def waiting(self) -> int:
        """Bytes that have not been written yet."""
        with self._changed:
            return self._octets

    def flush(self) -> None:
        """Nothing to do: the thread writes as soon as it can."""

    def close(self, within: float) -> str | None:
        """Wait up to `within` seconds for all to be written; why it was not, if so."""
        with self._changed:
            self._over = True
            self._changed.notify()
        self._thread.join(within)
        with self._changed:
            if self._error is not None:
                return self._error.strerror or str(self._error)
            return "its end could not be written in time" if self._thread.is_alive() else None

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._over:
                    self._changed.wait()
                if not self._waiting or self._error is not None:
                    return
                data = b"".join(self._waiting)
                self._waiting.clear()
            try:
                self._put(data)
            except OSError as error:
                with self._changed:
                    self._error = error
                return
            with self._changed:
                self._octets -= len(data)

    def _put(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            left = left[os.write(self._fd, left) :]
