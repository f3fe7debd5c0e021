"""People at second screens, on the virtual line: real sockets, real bytes."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator

from pydantic import TypeAdapter

from runback.ipc.messages import Goodbye, IntentMessage, SessionDied, Snapshot, TimelineView, ToScreen
from runback.session.model import Intent
from runback.watch.server import WatchServer
from tests.support.engine.bench import Line

_MESSAGE: TypeAdapter[TimelineView | Snapshot | Goodbye | SessionDied] = TypeAdapter(ToScreen)


def said(ask: Intent) -> bytes:
    """The intent as a line."""
    return IntentMessage(ask=ask).model_dump_json().encode() + b"\n"


class Audience:
    """The watchers of one line. Each is named by a number, in the order they come."""

    def __init__(self, room: int = 1 << 20) -> None:
        self.room = room
        """Bytes between engine and watcher."""
        self.hub: WatchServer | None = None
        self.seats: list[socket.socket] = []

    def comes(self, line: Line) -> None:
        """One more comes in."""
        if self.hub is None:
            self.hub = WatchServer(line.engine)
        theirs, ours = socket.socketpair()
        for end in (theirs, ours):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self.room)
        theirs.settimeout(0.0)
        self.seats.append(theirs)
        self.hub.admit(ours)

    def says(self, data: bytes, seat: int = 0) -> Callable[[Line], object]:
        """Somebody sends `data`, or as much of it as there is room for."""

        def say(_: Line) -> None:
            with contextlib.suppress(OSError):
                self.seats[seat].send(data)

        return say

    def goes(self, seat: int = 0) -> Callable[[Line], object]:
        """Somebody leaves."""
        return lambda _: self.seats[seat].close()

    def hears(self, seat: int = 0) -> list[TimelineView | Snapshot | Goodbye | SessionDied]:
        """Everything that can be read from where somebody sits."""
        data = b""
        with contextlib.suppress(BlockingIOError):
            while more := self.seats[seat].recv(1 << 16):
                data += more
        return [_MESSAGE.validate_json(line) for line in data.splitlines()]

    def close(self) -> None:
        """Everybody goes home."""
        if self.hub is not None:
            self.hub.close("")
        for seat in self.seats:
            seat.close()


@contextlib.contextmanager
def audience(room: int = 1 << 20) -> Iterator[Audience]:
    """An audience that is sent home afterwards."""
    here = Audience(room)
    try:
        yield here
    finally:
        here.close()
