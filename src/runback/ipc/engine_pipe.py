"""The screen's end of the pipes to the engine: newline-delimited JSON of `messages`.

Rules:
- A Stop is never dropped and never waits behind anything but the line that is half written: it throws away whatever
  else was waiting, blocks briefly if it must, and is written as soon as there is room.
- A Beat is dropped when there is no room: late, it would say that a hung screen was alive.
- Of the snapshots in one read only the newest is shown, after what else was in it. What is not a message is refused and
  said to be.
- End of file without a `Goodbye` is a dead engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from pydantic import TypeAdapter, ValidationError

from runback.ipc.line_decoder import LineDecoder
from runback.ipc.messages import Goodbye, Heartbeat, IntentMessage, SessionDied, Snapshot, TimelineView, ToScreen
from runback.ipc.pipe_pair import PipePair
from runback.session.model import Intent

_PATIENCE_S = 0.05
"""How long an intent may hold up the screen for room in the pipe; a twentieth of a second is not felt."""
OtherMessage = TimelineView | Goodbye | SessionDied
_TO_SCREEN: TypeAdapter[OtherMessage | Snapshot] = TypeAdapter(ToScreen)


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


class EnginePipe:
    """A `Port` over `pair`, which becomes its own. `newest` is told each newest snapshot, before the display is: where
    a thread reads, in that thread, so that a key is judged there by more than a blocked loop knows."""

    def __init__(self, pair: PipePair, newest: Callable[[Snapshot], None] = lambda _: None) -> None:
        self._pair = pair
        self._newest = newest
        self._lines = LineDecoder()
        self._display: Display | None = None
        self._over = False

    def send(self, message: IntentMessage | Heartbeat) -> None:
        """Write `message`, or see to it that it will be. Returns within a twentieth of a second; never raises."""
        if self._over:
            return
        line = message.model_dump_json().encode() + b"\n"
        if isinstance(message, Heartbeat):
            self._pair.offer(line)
        else:
            self._pair.give(line, alone=message.ask is Intent.STOP, within=_PATIENCE_S)

    def start(self, display: Display) -> None:
        """Begin to read, in the running loop."""
        self._display = display
        self._pair.open(self._hear)

    def close(self) -> None:
        """Give up both ends; a second time does nothing. The engine takes it for the screen's end and stops."""
        self._over = True
        self._pair.close()

    def _hear(self, data: bytes) -> None:
        """Where the pipe is read: in the loop, or in a thread."""
        if not data:
            self._pair.in_loop(self._end)
            return
        others, newest = read_messages(self._lines.feed(data))
        if newest is not None:
            self._newest(newest)
        self._pair.in_loop(lambda: self._show(others, newest))

    # In the loop

    def _show(self, others: Sequence[OtherMessage | None], newest: Snapshot | None) -> None:
        display = self._display
        for message in others:
            if display is None or self._over:
                return
            match message:
                case TimelineView():
                    display.show_plan(message)
                case SessionDied():
                    display.show_death(message)
                case Goodbye():
                    self.close()
                    display.say_goodbye(message.line)
                case None:
                    display.show_refused()
        if newest is not None and display is not None and not self._over:
            display.show(newest)

    def _end(self) -> None:
        """The engine is gone without a goodbye."""
        if not self._over:
            self.close()
            if self._display is not None:
                self._display.show_gone()


def read_messages(lines: Iterable[bytes | None]) -> tuple[list[OtherMessage | None], Snapshot | None]:
    """What the engine says in these lines, which were read together: of its snapshots the newest, and everything else
    in order; None for a line that is not a message."""
    others: list[OtherMessage | None] = []
    newest: Snapshot | None = None
    for line in lines:
        message = _message(line)
        if isinstance(message, Snapshot):
            newest = message
        else:
            others.append(message)
    return others, newest


def _message(line: bytes | None) -> OtherMessage | Snapshot | None:
    if line is None:
        return None
    try:
        return _TO_SCREEN.validate_json(line)
    except ValidationError:
        return None
