"""A session with a screen: the keeper, and the screen as its child.

Rules:
- A lost or silent screen stops a belt that may move, at once; a session at rest just ends.
- The program ends when the person leaves with the belt at rest, or when a belt that does not obey has been tried for
  `custody.PERSIST` seconds and nobody is left to see the alarm.
"""

from __future__ import annotations

import asyncio
import os
import sys

from runback.keeper.conductor import Conductor
from runback.keeper.custody import PERSIST, check_range, run_beside, stops_on_signals, trouble_since
from runback.keeper.guardian import Guardian
from runback.keeper.screen import BEAT_WITHIN, Screen, terminal_kept
from runback.keeper.terminal import Terminal
from runback.keys import Scene, decide, is_latched
from runback.session.states import Ask
from runback.source import Source

REDRAW = 0.25
"""Seconds between snapshots: the screen draws four times a second at most (latency.md, cost)."""
LEAVE_WITHIN = 2.0


async def run_attended(
    conductor: Conductor, *, theme: str, start: bool, speedup: float, guardian: Guardian | None
) -> None:
    """Run the session with a screen, until the person leaves. `start` presses Enter once, `speedup` is the clock's,
    `guardian` stops the belt should this process die (None: it is simulated).

    Raises LinkError if there is no treadmill, WorkoutError if it cannot do the workout.
    """
    desk = _Desk(conductor, start=start, speedup=speedup)
    with terminal_kept(sys.stdin), stops_on_signals(conductor, desk.leave):
        screen = desk.screen = Screen(conductor.ask, desk.gone)
        terminal = Terminal(desk.takes, desk.gone, speedup=speedup)
        status = [] if guardian is None else [guardian.status]
        told = [f"--status-fd={fd}" for fd in status]
        await screen.start(terminal.inner, [terminal.master, *status], f"--theme={theme}", *told)
        os.close(terminal.inner)
        conductor.reporter.show = screen.show
        try:
            await run_beside(conductor, guardian, desk.attend(), desk.redraw())
        finally:
            conductor.reporter.show = None
            terminal.close()
            await screen.end(LEAVE_WITHIN * speedup)


class _Desk:
    """What stands between a screen and a conductor."""

    def __init__(self, conductor: Conductor, *, start: bool, speedup: float) -> None:
        self.screen: Screen | None = None
        self._conductor = conductor
        self._start = start
        self._speedup = speedup

    def takes(self, key: str) -> bool:
        """The Stop keys, before the screen sees them. The stop screen's own keys are the screen's."""
        shown, screen = self._conductor.reporter.shown, self.screen
        if shown is None or is_latched(shown):
            return False
        typing = screen is not None and screen.typing
        if decide(key, key if len(key) == 1 else None, Scene(shown, palette=typing)) is not Ask.STOP:
            return False
        self._conductor.stop()
        return True

    def leave(self) -> None:
        """Nobody is left to look: end as soon as the belt is at rest."""
        self._conductor.leaving = True
        self._conductor.turn()

    def gone(self, why: str) -> None:
        """The screen is lost."""
        self._conductor.reporter.show = None
        self._conductor.recorder.put(self._conductor.now(), "screen lost", why=why)
        if self._conductor.may_move():
            self._conductor.stop(why, Source.SAFETY)
        self.leave()

    async def attend(self) -> None:
        """End the session when it is time to."""
        conductor = self._conductor
        since: float | None = None
        checked = False
        while True:
            await conductor.changed.wait()
            conductor.changed.clear()
            if conductor.lifeline.ready.is_set() and not checked:
                checked = True
                check_range(conductor)
                if self._start:
                    conductor.ask(Ask.START)
            leaving = conductor.leaving or conductor.failure is not None
            since = trouble_since(conductor, since)
            if leaving and since is not None and conductor.now() >= since + PERSIST:
                conductor.over.set()

    async def redraw(self) -> None:
        """Show how things stand, on absolute times; and miss the screen's beats."""
        conductor, screen = self._conductor, self.screen
        count, began = 0, conductor.now()
        beats, beaten_at = 0, began
        while screen is not None:
            now = conductor.now()
            if screen.beats != beats:
                beats, beaten_at = screen.beats, now
            elif beats and self._conductor.may_move() and now >= beaten_at + BEAT_WITHIN * self._speedup:
                screen.lose("the screen no longer answers")
                return
            conductor.reporter.redraw(conductor.snapshot())
            count += 1
            due = began + count * REDRAW * self._speedup
            await asyncio.sleep(max(0.0, due - conductor.now()))
