"""Pipes and sockets that the event loop watches: the quicker form, where the loop can (POSIX).

Rules:
- A descriptor does not block, and stays its owner's: a reader or a writer is closed before its descriptor is.
- Reading tells what came; `b""` is the end, and the last that is told. Closed, it tells nothing.
"""

from __future__ import annotations

import asyncio
import os
import select
from collections.abc import Callable

from runback.ipc.conflating_writer import WaitingLines

READ = 1 << 16
"""Bytes of one read: as many as a pipe holds."""


class WatchedReader:
    """Reads the descriptor `fd` in the running loop, at most `most` bytes at a time, and tells `heard` what came. After
    each read it looks away for `pause` seconds of the loop, so that it costs little, whatever the other end sends."""

    def __init__(self, fd: int, heard: Callable[[bytes], None], *, most: int = READ, pause: float = 0.0) -> None:
        self._fd = fd
        self._heard = heard
        self._most = most
        self._pause = pause
        self._closed = False
        self._loop = asyncio.get_running_loop()
        self._watch()

    def close(self) -> None:
        """Hear nothing more; a second time does nothing. The loop may be closed by now."""
        if not self._closed:
            self._closed = True
            if not self._loop.is_closed():
                self._loop.remove_reader(self._fd)

    def _watch(self) -> None:
        if not self._closed:
            self._loop.add_reader(self._fd, self._on_readable)

    def _on_readable(self) -> None:
        try:
            data = os.read(self._fd, self._most)
        except BlockingIOError:
            return
        except OSError:
            data = b""  # a connection that was reset has ended too
        if not data:
            self.close()  # an end stays readable: the loop would tell it for ever
        self._heard(data)
        if self._pause and not self._closed:
            self._loop.remove_reader(self._fd)
            self._loop.call_later(self._pause, self._watch)


class WatchedWriter:
    """A `ConflatingWriter` to the descriptor `fd`, for which `loop` waits for room (None: no loop runs yet, see
    `watch`). Once nobody reads any more, `broken` is told, and nothing more is written."""

    def __init__(
        self, fd: int, loop: asyncio.AbstractEventLoop | None, broken: Callable[[], None] = lambda: None
    ) -> None:
        self._fd = fd
        self._loop = loop
        self._broken = broken
        self._waiting = WaitingLines()
        self._half = b""
        """The rest of a line of which a part has gone."""
        self._closed = False

    @property
    def busy(self) -> bool:
        """As the protocol says."""
        return bool(self._half or self._waiting)

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let `loop` wait for room from now on."""
        self._loop = loop
        self._wait_for_room()

    def give(self, line: bytes, kind: str = "", *, alone: bool = False, within: float = 0.0) -> None:
        """As the protocol says."""
        if self._closed:
            return
        self._waiting.put(line, kind, alone=alone)
        self._flush()
        if within and self.busy:
            select.select([], [self._fd], [], within)
            self._flush()

    def offer(self, line: bytes) -> None:
        """As the protocol says."""
        self._flush()
        if not self._closed and not self.busy:
            went = self._write(line)
            self._half = line[went:] if went else b""
            self._wait_for_room()

    def close(self) -> None:
        """Send nothing more; a second time does nothing, as `fd` may be somebody else's by then. To be called before it
        is closed; the loop may be closed already."""
        if self._closed:
            return
        self._closed = True
        self._waiting.clear()
        self._half = b""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_writer(self._fd)

    def _flush(self) -> None:
        while line := self._half or self._waiting.first:
            went = self._write(line)
            if not went:
                break
            if not self._half:
                self._waiting.take()  # only now: until it is begun, a newer one may take its place
            self._half = line[went:]
        self._wait_for_room()

    def _write(self, line: bytes) -> int:
        """How many bytes of `line` went; 0 if there is no room, or nobody who reads."""
        try:
            return os.write(self._fd, line)
        except BlockingIOError:
            return 0
        except OSError:
            self.close()
            self._broken()
            return 0

    def _wait_for_room(self) -> None:
        if self._closed or self._loop is None or self._loop.is_closed():
            return
        if self.busy:
            self._loop.add_writer(self._fd, self._flush)
        else:
            self._loop.remove_writer(self._fd)
