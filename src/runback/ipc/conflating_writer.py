"""Lines on their way to a reader who may be slow, hang, or be gone.

Rules:
- `give` returns at once. One line of each kind waits at most, and a newer one takes its place; what waits goes in the
  order of `KINDS`: a plan before the snapshots that speak of it, a goodbye last.
- A line that has been begun is ended before the next.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

KINDS = ("plan", "snapshot", "gone", "bye")


class ConflatingWriter:
    """Writes to `fd`, which does not block and stays its owner's. Once nobody reads any more, `gone` is told, and it is
    given nothing."""

    def __init__(self, fd: int, gone: Callable[[], None] = lambda: None) -> None:
        self._fd = fd
        self._gone = gone
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[str, bytes] = {}
        self._half = b""
        self._over = False

    def give(self, kind: str, line: bytes) -> None:
        """Send `line` as soon as there is room, unless a newer one of this `kind` comes first."""
        if not self._over:
            self._waiting[kind] = line
            self._flush()

    def close(self) -> None:
        """Send nothing more. To be called before `fd` is closed."""
        self._over = True
        if not self._loop.is_closed():
            self._loop.remove_writer(self._fd)

    def _flush(self) -> None:
        while self._half or self._waiting:
            if not self._half:
                self._half = self._waiting.pop(min(self._waiting, key=KINDS.index))
            try:
                self._half = self._half[os.write(self._fd, self._half) :]
            except BlockingIOError:
                if not self._loop.is_closed():
                    self._loop.add_writer(self._fd, self._flush)
                return
            except OSError:
                self.close()
                self._gone()
                return
        if not self._loop.is_closed():
            self._loop.remove_writer(self._fd)
