"""Pipes between processes, where the event loop may not be able to watch them: a thread for each end.

Rules:
- A pipe's end belongs to its thread, which alone reads or writes it, and closes it: an end that is closed under a
  waiting read may, depending on the system, wait with it, or hand its number to a stranger.
- Reading tells what came, from the thread; `b""` is the end, and the last that is told.
- Writing takes and returns; what waits is kept as `conflating_writer` says.
- The child gets descriptors by number, or handles where the system has those (`pass_handles` and
  `receive_handle` are a pair).
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypedDict

from runback.ipc.conflating_writer import WaitingLines

if sys.platform == "win32":
    from runback.windows import processes
if TYPE_CHECKING:
    import asyncio  # not for a child that has no loop: it would start later

READ = 1 << 16
"""Bytes of one read: as many as a pipe holds."""


class PipeReader:
    """Reads the descriptor `fd` to its end, in a daemon thread that tells `heard` what came; nothing once closed."""

    def __init__(self, fd: int, heard: Callable[[bytes], None], *, name: str) -> None:
        self._fd = fd
        self._heard = heard
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def join(self, within: float) -> None:
        """Wait, up to `within` seconds, until the other end has been closed and all is told."""
        self._thread.join(within)

    def close(self) -> None:
        """Hear nothing more. The descriptor is closed as soon as its other end says something, or is closed."""
        self._closed = True

    def _run(self) -> None:
        data = b"?"
        while data and not self._closed:
            try:
                data = os.read(self._fd, READ)
            except OSError:
                data = b""
            if not self._closed:
                self._heard(data)
        os.close(self._fd)


class PipeWriter:
    """A `ConflatingWriter` to the descriptor `fd`, in a daemon thread; `broken` is told there, once, that nobody reads
    any more."""

    def __init__(self, fd: int, broken: Callable[[], None], *, name: str) -> None:
        self._fd = fd
        self._broken = broken
        self._waiting = WaitingLines()
        self._writing = self._closed = False
        self._changed = threading.Condition()
        threading.Thread(target=self._run, name=name, daemon=True).start()

    @property
    def busy(self) -> bool:
        """As the protocol says."""
        with self._changed:
            return self._writing or bool(self._waiting)

    def give(self, line: bytes, kind: str = "", *, alone: bool = False, within: float = 0.0) -> None:  # noqa: ARG002
        """As the protocol says. The thread waits for room: nobody is held up."""
        with self._changed:
            if not self._closed:
                self._waiting.put(line, kind, alone=alone)
                self._changed.notify()

    def offer(self, line: bytes) -> None:
        """As the protocol says. Only what stands before it can be seen here: if there is no room either, it waits for
        that alone."""
        with self._changed:
            if not (self._closed or self._writing or self._waiting):
                self._waiting.put(line)
                self._changed.notify()

    def close(self) -> None:
        """Write what waits, then close the descriptor."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while data := self._next():
                left = memoryview(data)
                while left:
                    left = left[os.write(self._fd, left) :]
        os.close(self._fd)
        with self._changed:
            closed, self._closed, self._writing = self._closed, True, False
            self._waiting.clear()
        if not closed:
            self._broken()

    def _next(self) -> bytes:
        """The line whose turn it is, once there is one; empty if there will be none."""
        with self._changed:
            self._writing = False
            while not self._waiting and not self._closed:
                self._changed.wait()
            self._writing = bool(self._waiting)
            return self._waiting.take()


def into(loop: asyncio.AbstractEventLoop, act: Callable[[], None]) -> None:
    """Do `act` in `loop`, from a thread; nothing, once the loop has ended."""
    try:
        loop.call_soon_threadsafe(act)
    except RuntimeError:  # closed: nobody is left to be told
        return


class PopenOptions(TypedDict, total=False):
    """What `subprocess.Popen` has to be told."""

    pass_fds: Sequence[int]
    startupinfo: object
    creationflags: int
    start_new_session: bool


def pass_handles(*fds: int) -> tuple[list[int], PopenOptions]:
    """The numbers by which a child knows `fds`, and what Popen needs to hand them over."""
    if sys.platform == "win32":
        handles = processes.handles(fds)
        return handles, {"startupinfo": processes.handing(handles)}
    return list(fds), {"pass_fds": fds}


def receive_handle(number: int, *, reads: bool) -> int:
    """The descriptor behind a number that the parent passed (`pass_handles`)."""
    if sys.platform == "win32":
        return processes.descriptor(number, reads=reads)
    return number  # it is one already, and knows whether it reads


def detached() -> PopenOptions:
    """What Popen needs for a child that neither Ctrl-C nor the end of this terminal or console ends."""
    if sys.platform == "win32":
        return {"creationflags": processes.DETACHED}
    return {"start_new_session": True}
