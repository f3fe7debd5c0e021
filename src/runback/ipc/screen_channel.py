"""The engine's ends of the pipes to its screen, in two makes: watched by the loop, or by a thread for each.

Rules:
- `put` returns at once. A newer snapshot takes the place of one that waits (`outlet`).
- What came is told in the loop; `b""` is the end, and after `close` nothing is.
- The loop watches where it can (POSIX), which is the quicker. Threads work everywhere, also where no loop can watch a
  pipe (Windows).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Protocol

from runback.ipc.conflating_writer import ConflatingWriter
from runback.ipc.messages import Goodbye, SessionDied, Snapshot, TimelineView
from runback.ipc.threaded_pipes import READ, PipeReader, PipeWriter

ScreenMessage = Callable[[bytes], None]


class ScreenChannel(Protocol):
    """Two pipes: one to the screen, one from it."""

    theirs: tuple[int, int]
    """What the screen reads, and what it writes; to be closed here once the screen has them."""

    def open(self, heard: ScreenMessage) -> None:
        """Begin, in the running loop, to tell `heard` what the screen says."""

    def put(self, message: TimelineView | Snapshot | SessionDied | Goodbye) -> None:
        """See to it that the message is written."""

    def close(self) -> None:
        """Let go of both ends; a second time does nothing."""


def encoded(message: TimelineView | Snapshot | SessionDied | Goodbye) -> bytes:
    """The message as a line."""
    return message.model_dump_json().encode() + b"\n"


class WatchedChannel:
    """A `ScreenChannel` whose descriptors the loop watches."""

    def __init__(self) -> None:
        its_read, self._write_fd = os.pipe()
        self._read_fd, its_write = os.pipe()
        self.theirs = its_read, its_write
        for fd in (self._read_fd, self._write_fd):
            os.set_blocking(fd, False)
        self._heard: ScreenMessage = lambda _: None
        self._outlet = ConflatingWriter(self._write_fd, lambda: self._heard(b""))

    def open(self, heard: ScreenMessage) -> None:
        """As the protocol says."""
        self._heard = heard
        asyncio.get_running_loop().add_reader(self._read_fd, self._on_readable)

    def put(self, message: TimelineView | Snapshot | SessionDied | Goodbye) -> None:
        """As the protocol says."""
        self._outlet.give(message.type, encoded(message))

    def _on_readable(self) -> None:
        try:
            data = os.read(self._read_fd, READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self._heard(data)

    def close(self) -> None:
        """As the protocol says."""
        loop = asyncio.get_running_loop()
        if self._read_fd >= 0:
            loop.remove_reader(self._read_fd)
            os.close(self._read_fd)
            self._read_fd = -1
        if self._write_fd >= 0:
            self._outlet.close()
            os.close(self._write_fd)
            self._write_fd = -1


class ThreadedChannel:
    """A `ScreenChannel` for systems whose loop cannot watch a pipe."""

    def __init__(self) -> None:
        its_read, self._write_fd = os.pipe()
        self._read_fd, its_write = os.pipe()
        self.theirs = its_read, its_write
        self._loop = asyncio.get_running_loop()
        self._heard: ScreenMessage | None = None
        self._speaker = PipeWriter(self._write_fd, lambda: self._from_thread(b""), name="runback to the screen")
        self._listener: PipeReader | None = None

    def open(self, heard: ScreenMessage) -> None:
        """As the protocol says."""
        self._heard = heard
        self._listener = PipeReader(self._read_fd, self._from_thread, name="runback from the screen")

    def put(self, message: TimelineView | Snapshot | SessionDied | Goodbye) -> None:
        """As the protocol says."""
        self._speaker.put(encoded(message), message.type)

    def close(self) -> None:
        """As the protocol says."""
        self._heard = None
        self._speaker.close()
        if self._listener is not None:
            self._listener.close()
        elif self._read_fd >= 0:
            os.close(self._read_fd)
            self._read_fd = -1

    def _from_thread(self, data: bytes) -> None:
        into(self._loop, lambda: self._tell(data))

    def _tell(self, data: bytes) -> None:
        if self._heard is not None:
            self._heard(data)


def into(loop: asyncio.AbstractEventLoop, act: Callable[[], None]) -> None:
    """Do `act` in `loop`, from a thread; nothing, once the loop has ended."""
    try:
        loop.call_soon_threadsafe(act)
    except RuntimeError:  # closed: nobody is left to be told
        return
