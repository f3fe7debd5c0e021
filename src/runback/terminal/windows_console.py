"""The end of a Windows console: its window is closed, the person logs off, the computer is shut down.

Rules:
- Windows tells it to a handler, in a thread of its own, and ends the process as soon as that returns, or after some
  seconds (5 for a closed window). Python's signals do not outlast that: they only set a flag. So the handler asks for
  Stop and does not return before this program has done with the belt.
- Whatever it does not get done in that time is the sentinel's, which has no console.

Sources: Microsoft's description of HandlerRoutine and SetConsoleCtrlHandler; cpython pull request 96289 (what becomes
of the signal).
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator

if sys.platform == "win32":
    from runback.windows import console

CLOSED, LOGGED_OFF, SHUT_DOWN = 2, 5, 6
ENDS = {CLOSED: "the window was closed", LOGGED_OFF: "you logged off", SHUT_DOWN: "the computer is shut down"}
"""CTRL_CLOSE_EVENT, CTRL_LOGOFF_EVENT, CTRL_SHUTDOWN_EVENT."""
WITHIN = 30.0
"""Seconds; Windows waits less."""


class ConsoleCloseHandler:
    """What the system calls. `stop` is told why, in that thread."""

    def __init__(self, stop: Callable[[str], None]) -> None:
        self._stop = stop
        self._over = threading.Event()

    def __call__(self, kind: int) -> bool:
        """Whether that was for us; returns when all is done."""
        if kind not in ENDS:
            return False
        self._stop(ENDS[kind])
        self._over.wait(WITHIN)
        return True

    def over(self) -> None:
        """All is done."""
        self._over.set()


@contextlib.contextmanager
def stops_at_its_end(stop: Callable[[str], None]) -> Iterator[ConsoleCloseHandler]:
    """Within, the end of this console asks for `stop`, and waits for the end of this block."""
    ending = ConsoleCloseHandler(stop)
    with contextlib.ExitStack() as stack:
        if sys.platform == "win32":
            stack.enter_context(console.told_of_its_end(ending))
        stack.callback(ending.over)
        yield ending
