"""The way from a second screen to the session it watches: a socket, and on it messages one way, Stop the other.

Rules:
- There is one thing that can be said, `stop`. It is never lost: where there is no room it goes as soon as there is.
- What is not a message of ours is passed over; of the snapshots in one read only the newest is told.
- End of file without a `Goodbye` means that the session's program died, unless it has removed its socket: then it had
  ended, and its goodbye found no room.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from runback.ipc.line_decoder import LineDecoder
from runback.ipc.messages import Goodbye, SessionDied, Snapshot, TimelineView, ToScreen
from runback.watch.server import STOP_LINE

READ = 1 << 16
_MESSAGE: TypeAdapter[TimelineView | Snapshot | Goodbye | SessionDied] = TypeAdapter(ToScreen)


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
        self._socket = connected
        self._path = path
        self._told = told
        self._ended = ended
        self._lines = LineDecoder()
        self._owed = b""
        """What is left to be said."""
        self._over = False
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(connected.fileno(), self._on_readable)

    def stop(self) -> None:
        """Stop the belt."""
        if not self._over and not self._owed:
            self._owed = STOP_LINE + b"\n"
            self._flush()

    def close(self) -> None:
        """Go."""
        if not self._over:
            self._over = True
            self._loop.remove_reader(self._socket.fileno())
            self._loop.remove_writer(self._socket.fileno())
            self._socket.close()

    def _flush(self) -> None:
        try:
            self._owed = self._owed[os.write(self._socket.fileno(), self._owed) :]
        except BlockingIOError:
            pass
        except OSError:
            self._owed = b""  # nobody is there; the reader hears of it
        if self._owed:
            self._loop.add_writer(self._socket.fileno(), self._flush)
        else:
            self._loop.remove_writer(self._socket.fileno())

    def _on_readable(self) -> None:
        try:
            data = os.read(self._socket.fileno(), READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._end(None if self._path.exists() else "The session has ended.")
            return
        newest: Snapshot | None = None
        for line in self._lines.feed(data):
            message = _message(line)
            match message:
                case Snapshot():
                    newest = message
                case TimelineView():
                    self._told(message)
                case Goodbye():
                    self._end(message.line)
                    return
                case _:
                    pass
        if newest is not None:
            self._told(newest)

    def _end(self, line: str | None) -> None:
        self.close()
        self._ended(line)


def _message(line: bytes | None) -> TimelineView | Snapshot | Goodbye | SessionDied | None:
    if line is None:
        return None
    try:
        return _MESSAGE.validate_json(line)
    except ValidationError:
        return None
