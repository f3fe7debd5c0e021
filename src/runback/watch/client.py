"""The way from a second screen to the session it watches: a socket, and on it messages one way, Stop the other.

Rules:
- There is one thing that can be said, `stop`. It is never lost: where there is no room it goes as soon as there is.
- What is not a message of ours is passed over; of the snapshots in one read only the newest is told.
- End of file without a `Goodbye` means that the session's program died, unless it has removed its socket: then it had
  ended, and its goodbye found no room.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

from runback.ipc.engine_pipe import read_messages
from runback.ipc.line_decoder import LineDecoder
from runback.ipc.messages import Goodbye, Snapshot, TimelineView
from runback.ipc.pipe_pair import WatchedPair
from runback.watch.server import STOP_LINE


class WatchClient:
    """A socket that came through the door at `path`. `told` hears plans and snapshots; `ended` hears, once, that it is
    over: with the session's last line, or None if its program has died."""

    def __init__(
        self,
        connected: socket.socket,
        path: Path,
        told: Callable[[TimelineView | Snapshot], None],
        ended: Callable[[str | None], None],
    ) -> None:
        fd = connected.detach()
        self._pair = WatchedPair(fd, fd)
        self._path = path
        self._told = told
        self._ended = ended
        self._lines = LineDecoder()
        self._over = False
        self._pair.open(self._hear)

    def stop(self) -> None:
        """Stop the belt."""
        self._pair.give(STOP_LINE + b"\n", alone=True)

    def close(self) -> None:
        """Go."""
        self._over = True
        self._pair.close()

    def _hear(self, data: bytes) -> None:
        if not data:
            self._end(None if self._path.exists() else "The session has ended.")
            return
        others, newest = read_messages(self._lines.feed(data))
        for message in others:
            if isinstance(message, TimelineView):
                self._told(message)
            elif isinstance(message, Goodbye):
                self._end(message.line)
                return
        if newest is not None:
            self._told(newest)

    def _end(self, line: str | None) -> None:
        if not self._over:
            self.close()
            self._ended(line)
