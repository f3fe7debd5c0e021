"""Second screens (`runback watch`), seen from the engine: they see what the screen sees, and may stop the belt.

Rules:
- The law: a watcher can stop the belt, and can do nothing else whatever. Of what it says only `Intent.STOP` is heard;
  everything else, intents and noise alike, is read past and answered with nothing.
- Its Stop is looked for before anything else that came with it is read, and goes the way of a Stop key
  (`SessionEngine.stop`). As with keys, one that comes while nothing moves, nor is about to, changes nothing.
- A watcher is nobody's guard: no beat is asked of it, and its end changes nothing.
- It costs little, whatever it does: `MOST` are let in, one every `LET_IN_EVERY`; of each, `READ` bytes are read every
  `READ_EVERY`; what it does not take in time is overwritten (`conflating_writer`), never queued.
- One that has gone has no seat any more, however much of what it said is still unread: that is read on, at the same
  pace, for the Stop that may be in it. `MOST` of these are kept, the newest.
- While nobody watches, nothing is made for watchers.
"""

from __future__ import annotations

import asyncio
import contextlib
import select
import socket
from collections.abc import Callable

from pydantic import ValidationError

from runback.engine import snapshots
from runback.engine.session_engine import SessionEngine
from runback.ipc.line_decoder import LineDecoder
from runback.ipc.messages import Goodbye, IntentMessage, Snapshot, TimelineView
from runback.ipc.watched_pipes import WatchedReader, WatchedWriter
from runback.key_bindings import may_move
from runback.session.model import Intent
from runback.watch.socket import WatchSocket, is_user

MOST = 8
READ = 256
"""Bytes; a Stop is 38."""
READ_EVERY = 0.05
LET_IN_EVERY = 0.05
LONGEST_LINE = 128
REDRAW = 0.25
"""Seconds between snapshots, where no screen has one more often."""
REASON = "stopped from a second screen"
FULL = f"{MOST} second screens watch already"
STOP_LINE = IntentMessage(ask=Intent.STOP).model_dump_json().encode()
"""A Stop as a second screen sends it: known without being parsed."""


class WatchServer:
    """Everybody who watches one session. Times are real seconds; the loop's pass `speedup` times as fast."""

    def __init__(self, engine: SessionEngine, *, speedup: float = 1.0) -> None:
        self._engine = engine
        self._speedup = speedup
        self._loop = asyncio.get_running_loop()
        self._watchers: list[_Watcher] = []
        self._left: list[_Watcher] = []
        """Gone, and still to be read to the end; the oldest first."""
        self._door: WatchSocket | None = None
        self._user = -1
        self._shown_at = 0.0
        self._ticking = False

    def listen(self, door: WatchSocket, user: int) -> None:
        """Let in whoever comes to `door` and is `user`."""
        self._door, self._user = door, user
        self._listen()

    def _listen(self) -> None:
        if self._door is not None:
            self._loop.add_reader(self._door.socket.fileno(), self._accept)

    def _accept(self) -> None:
        if self._door is None:
            return
        self._loop.remove_reader(self._door.socket.fileno())
        self._loop.call_later(LET_IN_EVERY * self._speedup, self._listen)
        with contextlib.suppress(OSError):
            coming, _ = self._door.socket.accept()
            if is_user(coming, self._user):
                self.admit(coming)
            else:
                coming.close()

    def admit(self, coming: socket.socket) -> None:
        """Let the other end of `coming` watch, which is this object's from now on."""
        coming.settimeout(0.0)
        if len(self._watchers) >= MOST:
            self._take_seats_back()
        if len(self._watchers) >= MOST:
            with contextlib.suppress(OSError):
                coming.send(_line(Goodbye(line=FULL)))
            coming.close()
            return
        watcher = _Watcher(coming, self._stop, self._gone, READ_EVERY * self._speedup)
        self._watchers.append(watcher)
        self._engine.publisher.watched = self.show
        now = self._snapshot()
        if now is not None:
            watcher.outlet.give(_line(snapshots.plan(self._engine.session)), "plan")
            watcher.outlet.give(_line(now), "snapshot")
        if not self._ticking:
            self._ticking = True
            self._tick()

    def _take_seats_back(self) -> None:
        gone = [watcher for watcher in self._watchers if watcher.has_gone()]
        self._watchers = [watcher for watcher in self._watchers if watcher not in gone]
        self._left += gone
        for watcher in self._left[:-MOST]:
            watcher.close()
        self._left = self._left[-MOST:]

    def show(self, message: TimelineView | Snapshot) -> None:
        """Show it to everybody; returns at once and does not raise."""
        if isinstance(message, Snapshot):
            self._shown_at = self._loop.time()
        line = _line(message)
        for watcher in tuple(self._watchers):
            watcher.outlet.give(line, message.type)

    def close(self, line: str) -> None:
        """The session is over: say `line`, and let everybody go. The loop may be closed by now."""
        door, self._door = self._door, None
        if door is not None:
            if not self._loop.is_closed():
                self._loop.remove_reader(door.socket.fileno())
            door.close()
        self._engine.publisher.watched = None
        for watcher in tuple(self._watchers):
            watcher.outlet.give(_line(Goodbye(line=line)), "bye")
            watcher.close()
        for watcher in self._left:
            watcher.close()
        self._watchers.clear()
        self._left.clear()

    def _stop(self) -> None:
        if not (self._engine.resting() and not may_move(self._snapshot())):
            self._engine.stop(REASON)

    def _snapshot(self) -> Snapshot | None:
        """How things stand. None if nobody can tell: then something is broken, which the session's next turn finds."""
        try:
            return self._engine.snapshot()
        except Exception:  # noqa: BLE001 - whatever it is, it is not for watchers to bring up
            return None

    def _gone(self, watcher: _Watcher) -> None:
        for those in (self._watchers, self._left):
            if watcher in those:
                those.remove(watcher)
                watcher.close()
        if not self._watchers:
            self._engine.publisher.watched = None

    def _tick(self) -> None:
        """Without a screen nobody else asks for snapshots."""
        self._ticking = bool(self._watchers)
        if not self._ticking:
            return
        wait = REDRAW * self._speedup
        now = self._snapshot() if self._loop.time() >= self._shown_at + wait else None
        if now is not None:
            self._engine.publisher.redraw(now)
        self._loop.call_later(wait, self._tick)


class _Watcher:
    """One of them. `stop` hears its Stop, `gone` its end; `pause`: seconds of the loop between two reads."""

    def __init__(
        self, connected: socket.socket, stop: Callable[[], None], gone: Callable[[_Watcher], None], pause: float
    ) -> None:
        self._socket = connected
        self._stop = stop
        self._gone = gone
        self._lines = LineDecoder(LONGEST_LINE)
        self.outlet = WatchedWriter(connected.fileno(), asyncio.get_running_loop())
        """One that reads no more may have said Stop before it went: its end is found by reading."""
        self._reader = WatchedReader(connected.fileno(), self._hear, most=READ, pause=pause)

    def has_gone(self) -> bool:
        """Whether the other end is closed, even if what it said is unread."""
        waiting = select.poll()
        waiting.register(self._socket.fileno(), 0)  # the end is told unasked
        return bool(waiting.poll(0))

    def close(self) -> None:
        """Hear and tell it nothing more; a second time does nothing."""
        self.outlet.close()
        self._reader.close()
        self._socket.close()

    def _hear(self, data: bytes) -> None:
        if not data:
            self._gone(self)
            return
        lines = self._lines.feed(data)
        if STOP_LINE in lines or any(_is_stop(line) for line in lines):
            self._stop()


def _is_stop(line: bytes | None) -> bool:
    """Whether `line` asks for Stop, spelled otherwise than a second screen of ours does."""
    try:
        return line is not None and IntentMessage.model_validate_json(line).ask is Intent.STOP
    except ValidationError:
        return False


def _line(message: TimelineView | Snapshot | Goodbye) -> bytes:
    return message.model_dump_json().encode() + b"\n"
