"""Both ends that a process has of the pipes between the engine and its screen: one to read, one to write.

Rules:
- The descriptors become the pair's own, and are closed by it.
- What came is told as it came; `b""` is the end, also if the other process only reads no more. After `close` nothing
  is.
- The loop watches where it can (POSIX), which is the quicker. Threads work everywhere, also where no loop can watch a
  pipe (Windows): then `heard` is called in one, and `in_loop` brings what follows into the loop.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Protocol

from runback.ipc.threaded_pipes import PipeReader, PipeWriter, into
from runback.ipc.watched_pipes import WatchedReader, WatchedWriter

Heard = Callable[[bytes], None]


class PipePair(Protocol):
    """Either form."""

    def open(self, heard: Heard) -> None:
        """Begin, in the running loop, to tell `heard` what the other process says."""

    def in_loop(self, act: Callable[[], None]) -> None:
        """Do `act` in the loop: at once if `heard` is called there, else when it is its turn."""

    def give(self, line: bytes, kind: str = "", *, alone: bool = False, within: float = 0.0) -> None:
        """As `ConflatingWriter`."""

    def offer(self, line: bytes) -> None:
        """As `ConflatingWriter`."""

    def close(self) -> None:
        """Give up both ends; a second time does nothing."""


class WatchedPair:
    """A `PipePair` whose descriptors the loop watches; they may be one (a socket)."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._fds = {read_fd, write_fd}
        for fd in self._fds:
            os.set_blocking(fd, False)
        self._read_fd = read_fd
        self._writer = WatchedWriter(write_fd, None, lambda: self._tell(b""))
        self._reader: WatchedReader | None = None
        self._heard: Heard | None = None
        self.give = self._writer.give
        self.offer = self._writer.offer

    def open(self, heard: Heard) -> None:
        """As the protocol says."""
        self._heard = heard
        self._reader = WatchedReader(self._read_fd, self._tell)
        self._writer.watch(asyncio.get_running_loop())

    def in_loop(self, act: Callable[[], None]) -> None:
        """As the protocol says."""
        act()

    def close(self) -> None:
        """As the protocol says."""
        self._heard = None
        self._writer.close()
        if self._reader is not None:
            self._reader.close()
        while self._fds:
            os.close(self._fds.pop())

    def _tell(self, data: bytes) -> None:
        if self._heard is not None:
            self._heard(data)


class ThreadedPair:
    """A `PipePair` for systems whose loop cannot watch a pipe."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._read_fd = read_fd
        self._writer = PipeWriter(write_fd, lambda: self._tell(b""), name="runback pipe, written")
        self._reader: PipeReader | None = None
        self._heard: Heard | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.give = self._writer.give
        self.offer = self._writer.offer

    def open(self, heard: Heard) -> None:
        """As the protocol says."""
        self._loop = asyncio.get_running_loop()
        self._heard = heard  # only now: the writer's thread may tell it at once
        self._reader = PipeReader(self._read_fd, self._tell, name="runback pipe, read")

    def in_loop(self, act: Callable[[], None]) -> None:
        """As the protocol says."""
        if self._loop is not None:
            into(self._loop, act)

    def close(self) -> None:
        """As the protocol says."""
        self._heard = None
        self._writer.close()
        if self._reader is not None:
            self._reader.close()
        elif self._read_fd >= 0:
            os.close(self._read_fd)
            self._read_fd = -1

    def _tell(self, data: bytes) -> None:
        heard = self._heard
        if heard is not None:
            heard(data)
