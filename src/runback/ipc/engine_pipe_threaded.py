"""The screen's end of the pipes to the engine, as in `engine_pipe`, where no loop can watch them: a thread for each.

Rules:
- What `engine_pipe` promises holds here: a Stop throws away what else waits, a heartbeat is dropped when there is no
  room, the newest snapshot wins, end of file without a `Goodbye` is a dead engine.
- A snapshot is told to `newest` in the thread that read it, before the screen's loop sees it: whoever judges a key may
  know more than a loop that is blocked.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from runback.ipc.engine_pipe import Display, read_message
from runback.ipc.line_decoder import LineDecoder
from runback.ipc.messages import Goodbye, Heartbeat, IntentMessage, SessionDied, Snapshot, TimelineView
from runback.ipc.threaded_pipes import PipeReader, PipeWriter
from runback.session.model import Intent


class ThreadedPipe:
    """A `Port` over two descriptors, which become its own. `newest` is told each newest snapshot, in a thread."""

    def __init__(self, read_fd: int, write_fd: int, newest: Callable[[Snapshot], None]) -> None:
        self._read_fd = read_fd
        self._newest = newest
        self._lines = LineDecoder()
        self._speaker = PipeWriter(write_fd, self._broken, name="runback to the engine")
        self._listener: PipeReader | None = None
        self._display: Display | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over = False

    def send(self, message: IntentMessage | Heartbeat) -> None:
        """See to it that `message` is written; at once returns, and never raises."""
        if isinstance(message, Heartbeat) and self._speaker.busy:
            return
        stops = isinstance(message, IntentMessage) and message.ask is Intent.STOP
        self._speaker.put(message.model_dump_json().encode() + b"\n", alone=stops)

    def start(self, display: Display) -> None:
        """Begin to read, in the running loop."""
        self._display = display
        self._loop = asyncio.get_running_loop()
        self._listener = PipeReader(self._read_fd, self._heard, name="runback from the engine")

    def close(self) -> None:
        """Let go of both ends; a second time does nothing. The engine takes it for the screen's end and stops."""
        self._over = True
        self._speaker.close()
        if self._listener is not None:
            self._listener.close()

    # In the threads

    def _heard(self, data: bytes) -> None:
        if not data:
            self._broken()
            return
        newest: Snapshot | None = None
        messages: list[TimelineView | Goodbye | SessionDied | None] = []
        for line in self._lines.feed(data):
            message = read_message(line)
            if isinstance(message, Snapshot):
                newest = message
            else:
                messages.append(message)
        if newest is not None:
            self._newest(newest)
        self._do(lambda: self._show(messages, newest))

    def _broken(self) -> None:
        self._do(self._end)

    def _do(self, act: Callable[[], None]) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(act)

    # In the loop

    def _show(self, messages: list[TimelineView | Goodbye | SessionDied | None], newest: Snapshot | None) -> None:
        for message in messages:
            if self._display is None or self._over:
                return
            if isinstance(message, TimelineView):
                self._display.show_plan(message)
            elif isinstance(message, Goodbye):
                self.close()
                self._display.say_goodbye(message.line)
            elif isinstance(message, SessionDied):
                self._display.show_death(message)
            else:
                self._display.show_refused()
        if newest is not None and self._display is not None and not self._over:
            self._display.show(newest)

    def _end(self) -> None:
        if not self._over:
            self.close()
            if self._display is not None:
                self._display.show_gone()
