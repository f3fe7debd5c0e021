"""The screen's end of the pipes to the engine: newline-delimited JSON of `messages`.

Rules:
- A Stop is never dropped and never waits behind anything but the line that is half written: it throws away whatever
  else was waiting, blocks briefly if it must, and is written as soon as there is room.
- A Beat is dropped when there is no room: late, it would say that a hung screen was alive.
- Of the snapshots in one read only the newest is shown. What is not a message is refused and said to be.
- End of file without a `Goodbye` is a dead engine.
"""

from __future__ import annotations

import asyncio
import os
import select
from typing import Protocol

from pydantic import TypeAdapter, ValidationError

from runback.ipc.line_decoder import LineDecoder
from runback.ipc.messages import Goodbye, Heartbeat, IntentMessage, SessionDied, Snapshot, TimelineView, ToScreen
from runback.session.model import Intent

_READ = 1 << 16
_PATIENCE_S = 0.05
"""How long an intent may hold up the screen for room in the pipe; a twentieth of a second is not felt."""
_TO_SCREEN: TypeAdapter[TimelineView | Snapshot | Goodbye | SessionDied] = TypeAdapter(ToScreen)


class Port(Protocol):
    """The way out of the screen."""

    def send(self, message: IntentMessage | Heartbeat) -> None:
        """Hand the message over; returns at once and never raises. A Stop is never lost, a Beat may be."""
        ...


class Display(Protocol):
    """What the pipe shows things on."""

    def show_plan(self, plan: TimelineView) -> None: ...

    def show(self, snapshot: Snapshot) -> None: ...

    def show_gone(self) -> None: ...

    def show_death(self, gone: SessionDied) -> None: ...

    def show_refused(self) -> None: ...

    def say_goodbye(self, line: str) -> None: ...


class Pipe:
    """A `Port` over two file descriptors, which it makes non-blocking. Both are the pipe's own, and closed by it."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        os.set_blocking(read_fd, False)
        os.set_blocking(write_fd, False)
        self._read_fd = read_fd
        self._write_fd = write_fd
        self._lines = LineDecoder()
        self._half: bytes = b""
        """The rest of a line of which the pipe took a part."""
        self._waiting: list[bytes] = []
        """Intents the pipe had no room for."""
        self._display: Display | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over = False

    # To the engine

    def send(self, message: IntentMessage | Heartbeat) -> None:
        """Write `message`, or see to it that it will be. Returns within a twentieth of a second; never raises."""
        if self._over:
            return
        line = message.model_dump_json().encode() + b"\n"
        if isinstance(message, Heartbeat):
            if self._flush():
                self._write(line)
            self._watch_for_room()
            return
        if message.ask is Intent.STOP:
            self._waiting = [line]
        else:
            self._waiting.append(line)
        if not self._flush() and not self._over:
            select.select([], [self._write_fd], [], _PATIENCE_S)
            self._flush()
        self._watch_for_room()

    def _flush(self) -> bool:
        """Write what waits; whether all of it went."""
        if self._half and not self._write(self._half):
            return False
        while self._waiting:
            if not self._write(self._waiting[0]):
                if self._half:
                    self._waiting.pop(0)  # its first part went; the rest is the half line
                return False
            self._waiting.pop(0)
        return not self._over

    def _write(self, line: bytes) -> bool:
        """Write one line; whether all of it went. What is left of one that went in part is kept in `_half`."""
        try:
            took = os.write(self._write_fd, line)
        except BlockingIOError:
            return False
        except OSError:
            self._end()
            return False
        self._half = line[took:]
        return not self._half

    def _watch_for_room(self) -> None:
        if self._loop is None or self._over:
            return
        if self._half or self._waiting:
            self._loop.add_writer(self._write_fd, self._on_room)
        else:
            self._loop.remove_writer(self._write_fd)

    def _on_room(self) -> None:
        self._flush()
        self._watch_for_room()

    # From the engine

    def start(self, display: Display) -> None:
        """Begin to read, in the running loop."""
        self._display = display
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._read_fd, self._on_readable)

    def _on_readable(self) -> None:
        try:
            data = os.read(self._read_fd, _READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._end()
            return
        newest: Snapshot | None = None
        for line in self._lines.feed(data):
            message = read_message(line)
            if isinstance(message, Snapshot):
                newest = message
            elif message is None:
                self._refuse()
            else:
                self._show(message)
        if newest is not None and self._display is not None and not self._over:
            self._display.show(newest)

    def _show(self, message: TimelineView | Goodbye | SessionDied) -> None:
        if self._display is None or self._over:
            return
        match message:
            case TimelineView():
                self._display.show_plan(message)
            case SessionDied():
                self._display.show_death(message)
            case Goodbye():
                self.close()
                self._display.say_goodbye(message.line)

    def _refuse(self) -> None:
        if self._display is not None and not self._over:
            self._display.show_refused()

    def _end(self) -> None:
        """The engine is gone without a goodbye."""
        if self._over:
            return
        self.close()
        if self._display is not None:
            self._display.show_gone()

    def close(self) -> None:
        """Let go of both ends; a second time does nothing. The engine takes it for the screen's end and stops."""
        if self._over:
            return
        self._over = True
        if self._loop is not None:
            self._loop.remove_reader(self._read_fd)
            self._loop.remove_writer(self._write_fd)
        os.close(self._read_fd)
        if self._write_fd != self._read_fd:
            os.close(self._write_fd)


def read_message(line: bytes | None) -> TimelineView | Snapshot | Goodbye | SessionDied | None:
    """What the engine says in this line; None if it is no message."""
    if line is None:
        return None
    try:
        return _TO_SCREEN.validate_json(line)
    except ValidationError:
        return None
