"""The engine's ends of the pipes to its screen, in two forms (`pipe_pair`): watched by the loop, or by threads.

Rules:
- `put` returns at once. A newer snapshot takes the place of one that waits (`conflating_writer`).
- What came is told in the loop; `b""` is the end, and after `close` nothing is.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable

from runback.ipc.messages import Goodbye, SessionDied, Snapshot, TimelineView
from runback.ipc.pipe_pair import PipePair
from runback.ipc.threaded_pipes import into as into  # engine and command line look for it here

ScreenMessage = Callable[[bytes], None]


def encoded(message: TimelineView | Snapshot | SessionDied | Goodbye) -> bytes:
    """The message as a line."""
    return message.model_dump_json().encode() + b"\n"


class ScreenChannel:
    """Two new pipes: one to the screen, one from it. `pair` makes this process's ends of them a `PipePair`."""

    def __init__(self, pair: Callable[[int, int], PipePair]) -> None:
        its_read, write_fd = os.pipe()
        read_fd, its_write = os.pipe()
        self.theirs = its_read, its_write
        """What the screen reads, and what it writes; to be closed here once the screen has them."""
        self._pair = pair(read_fd, write_fd)
        self._heard: ScreenMessage | None = None

    def open(self, heard: ScreenMessage) -> None:
        """Begin, in the running loop, to tell `heard` what the screen says."""
        self._heard = heard
        self._pair.open(lambda data: self._pair.in_loop(functools.partial(self._tell, data)))

    def put(self, message: TimelineView | Snapshot | SessionDied | Goodbye) -> None:
        """See to it that the message is written."""
        self._pair.give(encoded(message), message.type)

    def close(self) -> None:
        """Give up both ends; a second time does nothing."""
        self._heard = None
        self._pair.close()

    def _tell(self, data: bytes) -> None:
        if self._heard is not None:  # what a thread has read before, but the loop hears only now
            self._heard(data)
