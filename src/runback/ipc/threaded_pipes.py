"""Pipes between processes, where the event loop may not be able to watch them: a thread for each end.

Rules:
- A pipe's end belongs to its thread, which alone reads or writes it, and closes it: an end that is closed under a
  waiting read may, depending on the system, wait with it, or hand its number to a stranger.
- Reading tells what came, from the thread; `b""` is the end, and the last that is told.
- Writing takes and returns. What waits is kept by kind, newest wins, so there is nothing to pile up behind a reader
  that sleeps; what has no kind waits its turn.
- The child gets descriptors by number, or handles where the system has those (`handed` and `received` are a pair).
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TypedDict

READ = 1 << 16


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
    """Writes to the descriptor `fd`, in a daemon thread; `broken` is told there, once, that nobody reads any more."""

    def __init__(self, fd: int, broken: Callable[[], None], *, name: str) -> None:
        self._fd = fd
        self._broken = broken
        self._waiting: list[tuple[str, bytes]] = []
        self._writing = self._closed = False
        self._changed = threading.Condition()
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def put(self, data: bytes, kind: str = "", *, alone: bool = False) -> None:
        """Write `data` when its turn comes; at once returns. One of the same `kind` that still waits is forgotten;
        `alone`: whatever waits is."""
        with self._changed:
            if self._closed:
                return
            kept = [] if alone else [each for each in self._waiting if not kind or each[0] != kind]
            self._waiting = [*kept, (kind, data)]
            self._changed.notify()

    @property
    def busy(self) -> bool:
        """Whether something waits, or is half written."""
        with self._changed:
            return self._writing or bool(self._waiting)

    def close(self) -> None:
        """Write what waits, then close the descriptor."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while (data := self._next()) is not None:
                left = memoryview(data)
                while left:
                    left = left[os.write(self._fd, left) :]
        os.close(self._fd)
        with self._changed:
            closed, self._closed, self._writing = self._closed, True, False
            self._waiting.clear()
        if not closed:
            self._broken()

    def _next(self) -> bytes | None:
        with self._changed:
            self._writing = False
            while not self._waiting and not self._closed:
                self._changed.wait()
            if not self._waiting:
                return None
            self._writing = True
            return self._waiting.pop(0)[1]


class PopenOptions(TypedDict, total=False):
    """What `subprocess.Popen` has to be told."""

    pass_fds: Sequence[int]
    startupinfo: object
    creationflags: int
    start_new_session: bool


if sys.platform == "win32":
    import msvcrt

    def pass_handles(*fds: int) -> tuple[list[int], PopenOptions]:
        """The numbers by which a child knows `fds`, and what Popen needs to hand them over."""
        handles = [msvcrt.get_osfhandle(fd) for fd in fds]
        for handle in handles:
            os.set_handle_inheritable(handle, True)  # noqa: FBT003 - it has no name
        return handles, {"startupinfo": subprocess.STARTUPINFO(lpAttributeList={"handle_list": handles})}

    def receive_handle(number: int, *, reads: bool) -> int:
        """The descriptor behind a number that the parent `handed` over."""
        return msvcrt.open_osfhandle(number, os.O_RDONLY if reads else os.O_WRONLY)

    def detached() -> PopenOptions:
        """What Popen needs for a child that neither Ctrl-C nor the end of this console ends."""
        return {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}

else:

    def pass_handles(*fds: int) -> tuple[list[int], PopenOptions]:
        """The numbers by which a child knows `fds`, and what Popen needs to hand them over."""
        return list(fds), {"pass_fds": fds}

    def receive_handle(number: int, *, reads: bool) -> int:  # noqa: ARG001 - a descriptor needs no word about that
        """The descriptor behind a number that the parent `handed` over."""
        return number

    def detached() -> PopenOptions:
        """What Popen needs for a child that neither Ctrl-C nor the end of this terminal ends."""
        return {"start_new_session": True}
