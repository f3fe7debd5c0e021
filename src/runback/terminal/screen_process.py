"""The screen's process, seen from the engine: one pipe each way, and a heartbeat.

Rules:
- The screen is expendable. It can stop the belt, by an intent, by its end, or by falling silent; it can hold up
  nothing: what it does not read in time is overwritten (newest snapshot wins), never queued.
- Its end of the pipe closed, or no beat for `BEAT_WITHIN` seconds once it has begun to beat, is its loss. It begins to
  beat when it has drawn how things stand (`tui.app`): coming up has a limit of its own (`attended`).
- The terminal it drew on is put back as it was found, however the screen ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TextIO

from pydantic import TypeAdapter, ValidationError

from runback import child_processes
from runback.ipc.line_decoder import LineDecoder
from runback.ipc.messages import Goodbye, Heartbeat, IntentMessage, SessionDied, Snapshot, TimelineView, ToEngine
from runback.ipc.screen_channel import ScreenChannel
from runback.ipc.threaded_pipes import pass_handles
from runback.session.model import Intent

BEAT_WITHIN = 1.0
"""Seconds of real time. The screen beats ten times a second; its worst redraw takes a third of one (latency.md)."""
RESTORE = (
    "\x1b[?1049l"  # leave the alternate screen
    "\x1b[?25h\x1b[?7h\x1b[0m"  # cursor back, long lines broken again, colours off
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1016l"  # mouse off
    "\x1b[?2004l\x1b[?1004l\x1b[?2048l\x1b[<u"  # paste, focus, resize reports and the kitty keyboard off
)

_TO_ENGINE: TypeAdapter[IntentMessage | Heartbeat] = TypeAdapter(ToEngine)


@dataclass(frozen=True, slots=True)
class ScreenHandles:
    """What a screen is given: its standard input (None: this process's own), descriptors it is told of by `named`
    option, and `held` ones that it only has to keep open."""

    stdin: int | None = None
    named: Mapping[str, int] = field(default_factory=dict)
    held: Sequence[int] = ()


def restoring(*, plain: bool) -> str:
    """What puts a terminal right after its screen is gone; nothing after a plain one, which has only printed lines."""
    return "" if plain else RESTORE


class KeyboardSource(Protocol):
    """Who reads the keyboard: the engine itself (`terminal`), or the screen (`keyboard_lent`), given it (`lends`)."""

    lends: bool

    def channel(self) -> ScreenChannel:
        """New pipes to a screen."""

    def handles(self) -> ScreenHandles:
        """What the next screen needs."""

    def lent(self) -> None:
        """That screen has it."""

    def returned(self) -> None:
        """It is dead."""

    def close(self) -> None:
        """Read nothing more."""


class ScreenProcess:
    """A running screen at the end of `channel`. `asked` hears its intents; `gone` hears, once, that it is lost."""

    def __init__(self, channel: ScreenChannel, asked: Callable[[Intent], None], gone: Callable[[str], None]) -> None:
        self._channel = channel
        self._asked = asked
        self._gone = gone
        self._process: subprocess.Popen[bytes] | None = None
        self._lines = LineDecoder()
        self._lost = False
        self.beats = 0
        self.last_beat_at = 0.0
        """When it last beat, on the loop's clock."""
        self.typing = False
        """Whether it says that keys are being typed into a field."""
        self.theme = ""
        """The theme it says is on; empty before its first beat."""

    def start(self, handles: ScreenHandles, *arguments: str) -> None:
        """Start the process: it draws on this terminal, and gets what `handles` has for it."""
        its_read, its_write = self._channel.theirs
        named = {"read-fd": its_read, "write-fd": its_write, **handles.named}
        numbers, handing = pass_handles(*named.values(), *handles.held)
        told = [f"--{name}={number}" for name, number in zip(named, numbers, strict=False)]
        try:
            self._process = subprocess.Popen(
                child_processes.module("runback.tui.cockpit", *told, *arguments),
                stdin=handles.stdin,
                env=child_processes.environment(),
                **handing,
            )
        finally:
            os.close(its_read)
            os.close(its_write)
        self._channel.open(self._hear)

    def show(self, message: TimelineView | Snapshot | SessionDied | Goodbye) -> None:
        """Give it something to draw; returns at once. A newer snapshot takes the place of one still waiting."""
        self._channel.put(message)

    def lose(self, why: str) -> None:
        """Count it as lost, and see to it that it draws no more."""
        if not self._lost:
            self._lost = True
            self._channel.close()
            self._gone(why)
            self._kill()

    async def reap(self) -> None:
        """Wait until a lost one is dead: from then on the terminal is nobody's."""
        self._kill()
        if self._process is not None:
            await asyncio.to_thread(self._process.wait)

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()  # nothing, once it has ended

    async def end(self, within: float) -> None:
        """Ask it to leave; kill it after `within` seconds of real time."""
        if not self._lost:
            self.show(Goodbye(line=""))
            self._lost = True
        if self._process is not None:
            try:
                await asyncio.to_thread(self._process.wait, within)
            except subprocess.TimeoutExpired:
                await self.reap()
        self._channel.close()

    def _hear(self, data: bytes) -> None:
        if not data:
            if self._lost:
                self._channel.close()
            self.lose("the screen is gone")
            return
        for line in self._lines.feed(data):
            message = _message(line)
            if isinstance(message, IntentMessage):
                self._asked(message.ask)
            elif message is not None:
                self.beats += 1
                self.last_beat_at = asyncio.get_running_loop().time()
                self.typing = message.typing
                self.theme = message.theme


def _message(line: bytes | None) -> IntentMessage | Heartbeat | None:
    if line is None:
        return None
    try:
        return _TO_ENGINE.validate_json(line)
    except ValidationError:
        return None  # a message of another version: never guessed at


@contextlib.contextmanager
def terminal_kept(stream: TextIO, restore: str = RESTORE) -> Iterator[None]:
    """Whatever happens within, the terminal behind `stream` is afterwards as it was before. `restore` undoes what a
    screen may have drawn; a plain one draws nothing."""
    try:
        import termios
    except ImportError:  # Windows: Textual puts the console's modes back; a killed screen's stay, and are raw
        yield
        return
    fd = stream.fileno()
    try:
        attributes = termios.tcgetattr(fd)
    except termios.error:
        yield
        return
    try:
        yield
    finally:
        with contextlib.suppress(termios.error, OSError):
            sys.stdout.write(restore)
            sys.stdout.flush()
            termios.tcsetattr(fd, termios.TCSANOW, attributes)  # waits for no stalled terminal
