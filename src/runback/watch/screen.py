"""`runback watch` on a screen: a small engine, with another session's socket in the place of a belt.

Rules:
- It reads the terminal itself, as a session does (`terminal`), and sends Stop before its screen sees the key: a busy,
  hung or dead second screen cannot delay it. What stops a belt is `keys`' business.
- Leaving takes `LEAVE_AFTER` to happen: a hand that comes down on several keys means Stop, whichever was first.
- Nothing that befalls this program changes the session. It starts nothing and rescues nothing: should the session's
  program die, its sentinel stops the belt, and this screen tells what the mark on disk says of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from runback.ipc.messages import SessionDied, Snapshot, StopState, TimelineView
from runback.key_bindings import KeyContext, UiAction, decide, may_move
from runback.preferences import Preferences
from runback.session.model import Intent
from runback.terminal.screen_process import ScreenProcess, restoring, terminal_kept
from runback.terminal.terminal import Terminal
from runback.watch.client import WatchClient

LEAVE_AFTER = 0.3
LEAVE_WITHIN = 2.0
LOOK_EVERY = 0.5
"""Seconds between two looks at the mark."""

ALARM = "Its sentinel stops the belt now. If it does not: the safety key, or `runback stop`."
STOPPED = "The belt was stopped from another process and is at rest."
WAS_AT_REST = "The belt was at rest."
BY_HAND = "Its belt moved, started at its console: use its own STOP, or `runback stop`."
UNTOUCHED = "It had sent nothing that could have left a belt moving."
SIMULATED = "It was killed, and its simulated treadmill with it."

Marked = Callable[[], bool]
"""Whether a mark on disk says that the session's real belt may be moving."""


@dataclass(frozen=True, slots=True)
class WatchResult:
    """How it ended: what to say last; whether a belt may be moving that nobody is seen to stop."""

    line: str
    alarm: bool = False


def after_death(last: Snapshot | None, marked: Marked) -> SessionDied:
    """What is known of the belt of a session whose program has died after `last`."""
    if last is not None and last.measured_kmh == 0 and not may_move(last):
        return SessionDied(state=StopState.AT_REST, line=WAS_AT_REST)
    if marked():
        return SessionDied(state=StopState.ALARM, line=ALARM)
    if last is not None and last.simulated:
        return SessionDied(state=None, line=SIMULATED)
    if last is not None and last.measured_kmh:  # without a mark, which stands before whatever could have moved it
        return SessionDied(state=StopState.ALARM, line=BY_HAND)
    return SessionDied(state=None, line=UNTOUCHED)


def last_words(known: str) -> str:
    """The last line after such a death; `known` is what is known of the belt."""
    return f"The session's program is gone. {known}"


async def run_watching(connected: socket.socket, path: Path, *, taste: Preferences, marked: Marked) -> WatchResult:
    """Show the session behind `connected`, come through the door at `path`, until it ends or the person leaves."""
    with terminal_kept(sys.stdin, restoring(plain=taste.plain)):
        spectator = _Spectator(connected, path, marked, taste)
        terminal = Terminal(spectator.takes, spectator.gone)
        screen = spectator.screen = ScreenProcess(terminal.channel(), spectator.asked, spectator.gone)
        try:
            with leaves_on_signals(spectator.leave):
                screen.start(terminal.handles(), *taste.arguments(), "--watching")
                return await spectator.watch()
        finally:
            spectator.visit.close()
            terminal.close()
            await screen.end(LEAVE_WITHIN)


class _Spectator:
    """What stands between a terminal, a screen and a session."""

    screen: ScreenProcess

    def __init__(self, connected: socket.socket, path: Path, marked: Marked, taste: Preferences) -> None:
        self.visit = WatchClient(connected, path, self._told, self._ended)
        self._marked = marked
        self._keymap = taste.keymap
        self._newest: Snapshot | None = None
        self._died = asyncio.Event()
        self._over: asyncio.Future[WatchResult] = asyncio.get_running_loop().create_future()
        self._known = ""
        """What has been said of the belt since the session's program died."""
        self._alarm = False
        self._leaving: asyncio.TimerHandle | None = None

    async def watch(self) -> WatchResult:
        """Until it is over."""
        telling = asyncio.create_task(self._tell_of_death())
        try:
            return await self._over
        finally:
            telling.cancel()

    def takes(self, key: str) -> bool:
        """The keys that stop or leave; the screen has the others."""
        scene = KeyContext(self._newest, watching=True, gone=self._died.is_set(), keymap=self._keymap)
        what = decide(key, key if len(key) == 1 else None, scene)
        if what is Intent.STOP:
            self.asked(Intent.STOP)
        elif what is UiAction.LEAVE:
            self._leaving = self._leaving or asyncio.get_running_loop().call_later(LEAVE_AFTER, self.leave)
        return what in (Intent.STOP, UiAction.LEAVE)

    def asked(self, ask: Intent) -> None:
        """The screen's, of which only Stop is the session's business."""
        if ask is Intent.STOP:
            self.visit.stop()
            if self._leaving is not None:
                self._leaving.cancel()
                self._leaving = None

    def leave(self) -> None:
        """The person goes; the session does not."""
        left = "You have left; the session goes on."
        self._end(WatchResult(last_words(self._known) if self._died.is_set() else left, self._alarm))

    def gone(self, why: str) -> None:
        """The second screen, or its terminal, is lost."""
        self._end(WatchResult(f"{why}; the session goes on.", self._alarm))

    def _told(self, message: TimelineView | Snapshot) -> None:
        if isinstance(message, Snapshot):
            self._newest = message
        self.screen.show(message)

    def _ended(self, line: str | None) -> None:
        if line is None:
            self._died.set()
        else:
            self._end(WatchResult(line))

    def _end(self, how: WatchResult) -> None:
        if not self._over.done():
            self._over.set_result(how)

    async def _tell_of_death(self) -> None:
        await self._died.wait()
        self._say(after_death(self._newest, self._marked))
        if self._known != ALARM:
            return
        while self._marked():  # noqa: ASYNC110 - a file is no event
            await asyncio.sleep(LOOK_EVERY)
        if self._alarm:
            self._say(SessionDied(state=StopState.AT_REST, line=STOPPED))

    def _say(self, gone: SessionDied) -> None:
        self._known, self._alarm = gone.line, gone.state is StopState.ALARM
        self.screen.show(gone)


@contextlib.contextmanager
def leaves_on_signals(leave: Callable[[], None]) -> Iterator[None]:
    """Within, SIGINT, SIGTERM and SIGHUP leave the watched session to itself."""
    loop, caught = asyncio.get_running_loop(), (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in caught:
        loop.add_signal_handler(number, leave)
    try:
        yield
    finally:
        for number in caught:
            loop.remove_signal_handler(number)
