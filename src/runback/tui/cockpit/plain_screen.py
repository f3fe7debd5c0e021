"""The screen that prints lines instead of drawing: `--plain`. It stands where `CockpitApp` stands, and does as it does.

Rules:
- A line is written and left: no cursor is moved, nothing is drawn again, no colour is needed.
- Keys are judged by the same table as everywhere. The one that changes the theme says how things stand instead.
- It beats only while the terminal has taken every line: what has not been read out was not said, and no belt moves
  without a screen that is heard. A terminal that stalls is a lost screen, which stops the belt.
- An Enter that sets the belt going counts only if it was pressed after the line that asks for it was written.
- An engine that falls silent is said to be silent; one that dies is an alarm. Neither waits for the terminal.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from runback.ipc.engine_pipe import Port
from runback.ipc.messages import STEP_OFF, Heartbeat, IntentMessage, SessionDied, Snapshot, TimelineView
from runback.key_bindings import STARTS_BELT, KeyContext, UiAction, decide, is_latched, may_move
from runback.preferences import DEFAULTS, Preferences
from runback.session.model import Intent, Phase
from runback.tui.cockpit import instructions, texts
from runback.tui.cockpit.event_lines import AGAIN, EventLines, sentence
from runback.tui.cockpit.rescue import Rescue

TICK_S = 0.25
BEAT_S = 0.1
UNLOCK_S = 5.0
SILENT_S = 2.0
ENTER_HOLDS_S = 1.0
"""How old an Enter that sets the belt going may be, where this screen has the keyboard; else the engine knows it."""
LEAVES_WITHIN_S = 2.0
LEFT_ALONE = "This second screen's program has died; the session goes on."
_ASKS = frozenset({Phase.READY, Phase.PAUSED, Phase.REARM, Phase.CONTROL_LOST, Phase.SAFETY_KEY})
"""Where Enter sets the belt going."""


class Lines(Protocol):
    """Where they go: `write` takes a line, returns at once and may raise OSError; `waiting` bytes have not been taken
    yet."""

    def write(self, line: str) -> None: ...

    @property
    def waiting(self) -> int: ...


class PlainScreen:
    """Tells what comes by `port` on `output`. `rescue` stops the belt once the engine is gone; `clock` is monotonic
    seconds; `watching`: a second screen, which asks for Stop and nothing else; `lends`: this screen has the keyboard;
    `reads` says whether keys are read."""

    def __init__(
        self,
        port: Port,
        output: Lines,
        *,
        taste: Preferences = DEFAULTS,
        rescue: Rescue | None = None,
        watching: bool = False,
        lends: bool = False,
        reads: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.last_line = ""
        """The engine's last plain line, once it has said goodbye."""
        self.said_goodbye = False
        self.over = asyncio.Event()
        """Set once there is nothing left to tell."""
        self._port = port
        self._output = output
        self._taste = taste
        self._rescue = rescue
        self._watching = watching
        self._lends = lends
        self._reads = reads
        self._clock = clock
        self._lines = EventLines(taste.unit, taste.keymap, watching=watching)
        self._now: Snapshot | None = None
        self._heard_at = clock()
        self._silence_told_at: float | None = None
        self._asked_at = clock()
        """When the line was written that a starting Enter answers."""
        self._unlocked_at: float | None = None
        self._gone = False
        self._rescued: asyncio.Task[None] | None = None
        self._watch: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Tell until it is over."""
        if self._rescue is not None:
            self._watch = asyncio.create_task(self._rescue.watch(self._told))
        working = [asyncio.create_task(work) for work in (self._beat_on(), self._tick_on(), self._ended())]
        try:
            done, _ = await asyncio.wait(working, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()  # an error ends this process, which stops the belt
        finally:
            for task in working if self._watch is None else (*working, self._watch):
                task.cancel()

    async def _ended(self) -> None:
        await self.over.wait()

    # -- what the engine says -----------------------------------------------------------------------------------------

    def show_plan(self, plan: TimelineView) -> None:
        """Tell by this timeline from now on."""
        self._say(*self._lines.plan(plan))

    def show(self, snapshot: Snapshot) -> None:
        """Tell what has happened."""
        before, self._now = self._now, snapshot
        self._heard_at = self._clock()
        if self._silence_told_at is not None:
            self._silence_told_at = None
            self._say("The program answers again.")
        if not is_latched(snapshot):
            self._unlocked_at = None
        self._say(*self._lines.tell(snapshot))
        if before is None or before.phase is not snapshot.phase or is_latched(before) != is_latched(snapshot):
            self._asked_at = self._clock()

    def show_gone(self) -> None:
        """The engine has died: alarm, and stop the belt without it."""
        self._gone = True
        if self._watching or self._rescue is None:
            self.last_line = LEFT_ALONE if self._watching else instructions.GONE
            self.over.set()
            return
        self._say(sentence(STEP_OFF, instructions.GONE))
        self._rescued = asyncio.create_task(self._stop_without_engine(self._rescue))

    def show_death(self, gone: SessionDied) -> None:
        """The session that is watched has lost its program: say what is known of the belt."""
        self._gone = True
        self._say(self._lines.died(gone))

    def show_refused(self) -> None:
        """The engine said something this screen does not understand; it goes on with what it does."""
        self._say(texts.GARBLED.line)

    def say_goodbye(self, line: str) -> None:
        """The engine has ended as it meant to."""
        self.last_line = line
        self.said_goodbye = True
        self.over.set()

    async def _stop_without_engine(self, rescue: Rescue) -> None:
        if self._watch is not None:
            await self._watch
        self.last_line = await rescue.finish(self._told)
        self.over.set()

    def _told(self, line: str) -> None:
        if self._gone or self._silence_told_at is not None:
            self._say(sentence(line))

    # -- what the person does -----------------------------------------------------------------------------------------

    def pressed(self, key: str, read_at: float) -> None:
        """A key, by its name, read at `read_at` of the clock."""
        scene = KeyContext(
            self._now,
            unlocked=self._unlocked_at is not None,
            gone=self._gone,
            watching=self._watching,
            keymap=self._taste.keymap,
        )
        what = decide(key, key if len(key) == 1 else None, scene)
        if not isinstance(what, Intent):
            self._do(what, key)
        elif what in STARTS_BELT and not self._fresh(read_at):
            self._say("That Enter came before the question. Press it again.")
        else:
            self._ask(what)

    def keys_gone(self) -> None:
        """Keys are read no more: the end of this screen."""
        if not self._gone:  # else the rescue goes on
            self.over.set()

    def _fresh(self, read_at: float) -> bool:
        """Whether an Enter answers what stands there now."""
        waited = self._lends and self._clock() > read_at + ENTER_HOLDS_S  # whoever pressed it may have given up
        return read_at >= self._asked_at and not waited and not self._output.waiting

    def _ask(self, ask: Intent) -> None:
        if self._watching and ask is not Intent.STOP:
            return
        self._port.send(IntentMessage(ask=ask))
        if ask is Intent.QUIT:  # an Enter right behind it starts nothing
            self._asked_at = self._clock() + LEAVES_WITHIN_S
        if self._unlocked_at is not None:
            self._unlocked_at = None
            if ask is Intent.STOP:
                self._say("Locked again.")

    def _do(self, what: UiAction, key: str) -> None:
        match what:
            case UiAction.THEME:
                self._say(self._lines.status())
            case UiAction.HELP:
                self._say(*self._lines.keys())
            case UiAction.UNLOCK if self._now is not None:
                self._unlocked_at = self._clock()
                page = instructions.stop_page(self._now, unlocked=True, unit=self._taste.unit)
                self._say(sentence(page.hint))
            case UiAction.LEAVE:
                self.over.set()
            case UiAction.NOTHING if not self._gone and key != "enter" and not may_move(self._now):
                self._say("That key does nothing now. F1 tells the keys.")
            case UiAction.PALETTE:
                self._say("F1 tells the keys.")
            case _:
                pass

    # -- what time does -----------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Four times a second: lock again what was unlocked, notice silence."""
        now = self._clock()
        if self._unlocked_at is not None and now - self._unlocked_at >= UNLOCK_S:
            self._unlocked_at = None
            self._say("Locked again.")
        silent_s = now - self._heard_at
        told = self._silence_told_at
        if self._now is None or self._gone or silent_s <= SILENT_S or (told is not None and now < told + AGAIN):
            return
        self._silence_told_at = now
        latched = is_latched(self._now) and may_move(self._now)
        self._say(sentence(STEP_OFF if latched else "", texts.silence(silent_s).line))

    def beat(self) -> None:
        """Ten times a second: say that this screen is heard, if it is."""
        if not self._reads() and not self._gone:
            self.over.set()  # nobody reads the keys: which stops the belt
        elif self._now is not None and not self._output.waiting:
            self._port.send(Heartbeat(theme=self._taste.theme))

    async def _beat_on(self) -> None:
        while True:
            self.beat()
            await asyncio.sleep(BEAT_S)

    async def _tick_on(self) -> None:
        while True:
            self.tick()
            await asyncio.sleep(TICK_S)

    def _say(self, *lines: str) -> None:
        for line in filter(None, lines):
            try:
                self._output.write(line)
            except OSError:  # nobody hears it any more: which stops the belt
                if not self._gone:  # else it has to be stopped from here, whether or not anybody can read it
                    self.over.set()
