"""A session with a screen: the engine, and the screen as its child.

Rules:
- A lost or silent screen stops a belt that may move, at once. The session lives on without it: every key is Stop until
  the belt rests, then Enter brings the screen back and q leaves.
- A lost terminal stops the belt and ends the session: nobody is left to look.
- No belt is started before the screen has been drawn (`start_condition`). Coming up has a limit of its own; a beat is
  missed only once there has been one.
- What sets the belt going is an Enter. It holds for `HOLDS` seconds, once, and only as long as nothing else has been
  pressed since: a user who presses another key has changed their mind, even if a busy screen has yet to see either.
  Where the screen has the keyboard this is its own business: nothing else has seen the keys.
- The program ends when the person leaves with the belt at rest, or when a belt that does not obey has been tried for
  `session_runner.PERSIST` seconds and nobody is left to see the alarm.
"""

from __future__ import annotations

import asyncio
import dataclasses
import sys
from collections.abc import Callable

from runback.engine import fallback_prompt
from runback.engine.ports import EngineControls
from runback.engine.session_engine import SessionEngine
from runback.engine.session_runner import (
    PERSIST,
    check_range,
    run_beside,
    stops_on_signals,
    tell_each_second,
    trouble_since,
)
from runback.failsafe.dead_mans_switch import DeadMansSwitch
from runback.failsafe.safeguard import Missing
from runback.ipc.background_writer import BackgroundWriter
from runback.ipc.messages import Snapshot
from runback.key_bindings import STARTS_BELT, STOP, may_move, stops
from runback.preferences import Preferences
from runback.session.model import Intent
from runback.source import Source
from runback.terminal.screen_process import BEAT_WITHIN, KeyboardSource, ScreenProcess, restoring, terminal_kept

HOLDS = 2.0
"""Seconds of real time from the Enter to what the screen makes of it; it takes a hundredth (latency.md)."""
START_EXPIRED = "that Enter came too late to count: press it again"


class StartKeyGuard:
    """The last key, as far as it matters. `speedup` is the clock's."""

    def __init__(self, speedup: float) -> None:
        self._holds = HOLDS * speedup
        self._entered: float | None = None

    def pressed(self, key: str, now: float) -> None:
        """The person has pressed `key`."""
        self._entered = now if key == "enter" else None

    def allows(self, ask: Intent, now: float) -> bool:
        """Whether `ask` may be carried out at `now`; one Enter allows one."""
        if ask not in STARTS_BELT:
            return True
        entered, self._entered = self._entered, None
        return entered is not None and now <= entered + self._holds


REDRAW = 0.25
"""Seconds between snapshots: the screen draws four times a second at most (latency.md, cost)."""
FIRST_BEAT_WITHIN = 10.0
"""Seconds a screen may take to come up while a belt moves."""
UP_WITHIN = 30.0
"""Seconds it may take while none does; a busy computer needs some."""
NOT_DRAWN = Missing("the screen has not been drawn yet")
LEAVE_WITHIN = 2.0
TELL_WITHIN = 0.5
"""Seconds that the end waits for a terminal to take the last words without a screen."""


async def run_attended(
    engine: SessionEngine,
    *,
    taste: Preferences,
    start: bool,
    speedup: float,
    deadman: DeadMansSwitch | None,
    keys: Callable[[ScreenSession], KeyboardSource],
    check: Callable[[SessionEngine], None] = check_range,
    controls: EngineControls | None = None,
) -> str:
    """Run the session with a screen, until the person leaves; returns the theme that was on last. `taste` is the
    person's, `start` presses Enter once, `speedup` is the clock's, `deadman` stops the belt should this process die
    (None: it is simulated), `keys` reads the keyboard, `check` refuses a treadmill that has been read and will not do,
    `controls` hear the person in the engine's place (a replay's).

    Raises LinkError if there is no treadmill, WorkoutError if it cannot do the workout.
    """
    desk = ScreenSession(engine, controls or engine, taste, deadman, check, start=start, speedup=speedup)
    with terminal_kept(sys.stdin, restoring(plain=taste.plain)), stops_on_signals(engine, desk.leave, controls):
        terminal = desk.keys = keys(desk)
        desk.open()
        try:
            work = (desk.attend(), desk.redraw(), desk.stand_in(), tell_each_second(engine))
            await run_beside(engine, deadman, *work, controls=controls)
        finally:
            engine.publisher.show = None
            terminal.close()
            await desk.screen.end(LEAVE_WITHIN)
            desk.voice.close(TELL_WITHIN)
    return desk.screen.theme or taste.theme


class ScreenSession:
    """What stands between a screen and the engine: it shows the engine, and passes what the person says to
    `controls`."""

    keys: KeyboardSource
    screen: ScreenProcess

    def __init__(
        self,
        engine: SessionEngine,
        controls: EngineControls,
        taste: Preferences,
        deadman: DeadMansSwitch | None,
        check: Callable[[SessionEngine], None],
        *,
        start: bool,
        speedup: float,
    ) -> None:
        self._check = check
        self.voice = BackgroundWriter(sys.stdout.fileno())
        """Words on the terminal itself, while there is no screen; a terminal that is stalled holds up nothing."""
        self._engine = engine
        self._controls = controls
        self._taste = taste
        self._deadman = deadman
        self._start = start
        self._speedup = speedup
        self._lost = asyncio.Event()
        self._why = ""
        self._said: tuple[str, ...] | None = None
        """What was last said without a screen; None until the terminal is ours to speak on."""
        self._wanted = asyncio.Event()
        self._fresh = StartKeyGuard(speedup)
        engine.start_condition.needs(self._missing)

    def open(self) -> None:
        """Start a screen, the first or a new one."""
        deadman = self._deadman
        screen = self.screen = ScreenProcess(self.keys.channel(), self.asked, self.gone)
        handles, told = self.keys.handles(), self._taste.arguments()
        if deadman is not None:
            if deadman.status >= 0:
                handles = dataclasses.replace(handles, named={**handles.named, "status-fd": deadman.status})
            told += deadman.naming
        screen.start(handles, *told)
        self.keys.lent()
        self._engine.session.speed_plan.timeline.changed = True  # it has not seen the plan
        self._engine.publisher.show = screen.show
        self._engine.turn()

    def _missing(self) -> Missing | None:
        return None if self.screen.beats and not self._lost.is_set() else NOT_DRAWN

    # -- keys --------------------------------------------------------------------------------------------------------

    def takes(self, key: str) -> bool:
        """The Stop keys, before the screen sees them. The stop screen's own keys are the screen's."""
        taken = self._takes(key)
        self._fresh.pressed(key, self._engine.now())
        return taken

    def _takes(self, key: str) -> bool:
        if self._lost.is_set():
            self._without_screen(key)
            return True
        shown = self._engine.publisher.shown
        # Nothing has been shown yet, so nothing can have been meant by the key.
        if shown is None:
            return False
        if not self._stops(key, shown):
            # No Stop key on what the user sees moving, or no belt to stop: the screen's own business.
            if may_move(shown) or self._engine.resting():
                return False
            if not self._stops(key, self._engine.snapshot()):  # it has begun to move since the screen was last told
                return False
        self._controls.stop()
        return True

    def _stops(self, key: str, shown: Snapshot) -> bool:
        character = key if len(key) == 1 else None
        return stops(key, character, shown, typing=self.screen.typing, keymap=self._taste.keymap)

    def asked(self, ask: Intent) -> None:
        """What the screen has made of the other keys."""
        # A screen that has the keyboard itself has seen its keys in their order; nobody else has.
        if self.keys.lends or self._fresh.allows(ask, self._engine.now()):
            self._controls.ask(ask)
        else:
            self._engine.recorder.put(self._engine.now(), "stale", ask=ask.value)
            self._engine.remark(START_EXPIRED)

    def pressed(self, words: bytes) -> None:
        """What the input thread of a screen that has the keyboard says (`keys.word_for`)."""
        # Of a screen that reads the keyboard any word means that a key was pressed: over a moving belt that is enough.
        if STOP in words or may_move(self._engine.snapshot()):
            self._controls.stop()

    def _without_screen(self, key: str) -> None:
        match fallback_prompt.action_for(key, at_rest=self._engine.may_leave()):
            case fallback_prompt.FallbackAction.STOP:
                self._controls.stop()
            case fallback_prompt.FallbackAction.STOP_AND_LEAVE:
                self._controls.stop()
                self.leave()
            case fallback_prompt.FallbackAction.LEAVE:
                self.leave()
            case fallback_prompt.FallbackAction.REOPEN:
                self._wanted.set()
            case _:
                pass

    # -- losses ------------------------------------------------------------------------------------------------------

    def leave(self) -> None:
        """Nobody is left to look: end as soon as the belt is at rest."""
        self._engine.leaving = True
        self._engine.turn()

    def gone(self, why: str) -> None:
        """The screen is lost."""
        self._engine.publisher.show = None
        self._stop_if_moving(why)
        self._why = why
        self._lost.set()

    def hung_up(self, why: str) -> None:
        """The terminal is lost, and with it the person."""
        self._stop_if_moving(why)
        self._engine.recorder.put(self._engine.now(), "terminal lost", why=why)
        self.leave()

    def _stop_if_moving(self, why: str) -> None:
        if self._engine.may_move():
            self._controls.stop(why, Source.SAFETY)

    async def stand_in(self) -> None:
        """While there is no screen, speak on the terminal; bring a screen back when the person wants one."""
        while True:
            await self._lost.wait()
            await self.screen.reap()
            self.keys.returned()
            self._engine.turn()
            self._engine.recorder.put(self._engine.now(), "screen lost", why=self._why)
            self._said = ()
            self._say(restoring(plain=self._taste.plain))
            self._tell()
            await self._wanted.wait()
            self._wanted.clear()
            self._said = None
            self._lost.clear()
            self.open()

    def _tell(self) -> None:
        if self._said is None:
            return
        lines = fallback_prompt.lines(self._engine, self._why)
        if lines != self._said:
            self._said = lines
            self._say("".join(f"{line}\r\n" for line in lines))

    def _say(self, text: str) -> None:
        try:
            self.voice.write(text)
        except OSError as error:
            self._engine.recorder.put(self._engine.now(), "cannot tell", why=str(error))

    # -- time --------------------------------------------------------------------------------------------------------

    async def attend(self) -> None:
        """End the session when it is time to."""
        engine = self._engine
        since: float | None = None
        checked = False
        while True:
            await engine.changed.wait()
            engine.changed.clear()
            self._tell()
            engine.start_condition.look_again(engine.now())
            latched = engine.machine.latch.latched  # a belt that has to be stopped first is no time to refuse it
            if engine.connection.ready.is_set() and not checked and not latched:
                checked = True
                self._check(engine)
            if checked and self._start and self.screen.beats:  # nobody starts before there is something to see
                self._start = False
                self._controls.ask(Intent.START)
            leaving = engine.leaving or engine.failure is not None
            since = trouble_since(engine, since)
            if leaving and since is not None and engine.now() >= since + PERSIST:
                engine.over.set()

    async def redraw(self) -> None:
        """Show how things stand, on absolute times; and miss the screen's beats, when they are due. After a gap of our
        own they may lie unread in the pipe, and are waited for again."""
        engine, speedup = self._engine, self._speedup
        count, began = 0, engine.now()
        screen, since = self.screen, began
        """The screen, and from when on its beats are missed."""
        due = began
        while True:
            now = engine.now()
            # After a gap of our own the screen's beats may lie unread in the pipe: they are missed from here on only.
            if screen is not self.screen or now > due + BEAT_WITHIN * speedup / 2:
                screen, since = self.screen, now
            moves = engine.may_move()
            if screen.beats:
                missed = max(since, screen.last_beat_at) + BEAT_WITHIN * speedup
            else:
                missed = since + (FIRST_BEAT_WITHIN if moves else UP_WITHIN) * speedup
            if now >= missed and (moves or not screen.beats):
                screen.lose("the screen no longer answers" if screen.beats else "the screen did not come up")
            if now >= began + count * REDRAW * speedup:
                engine.publisher.redraw(engine.snapshot())
                engine.changed.set()
                count += 1
            due = began + count * REDRAW * speedup
            if missed > now:
                due = min(due, missed)
            await asyncio.sleep(max(0.0, due - engine.now()))
