"""The app: shows what the engine says, hands on what the person asks.

Rules:
- Every key and every press of the mouse is judged in `post_message`, before it is queued: no modal, focused input,
  binding or busy handler stands before Stop. Textual gets a key only when it is being typed into the palette.
- Whatever the screen shows came in a snapshot. It assumes nothing: a Stop is shown when the engine says it holds.
- The newest snapshot wins. It is drawn at the next tick (four a second), or at once if a phase, a stop or a counted
  number changes.
- Actions are plain `def`; nothing here is awaited.
- It begins to beat with the first picture of how things stand: before that nobody has seen anything, and no belt is
  started (`engine.start_condition`). On a busy computer that picture alone may take longer than a beat may.
- A engine that falls silent is said to be silent; one that dies is an alarm.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable

from textual import events, on
from textual.app import App, ComposeResult, ScreenStackError, SystemCommand
from textual.command import CommandPalette
from textual.driver import Driver
from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker

from runback.ipc.engine_pipe import Port
from runback.ipc.messages import Heartbeat, IntentMessage, SessionDied, Snapshot, TimelineView
from runback.key_bindings import STARTS_BELT, KeyContext, UiAction, controls_in, decide, is_latched, may_move, shown_in
from runback.preferences import DEFAULTS, Preferences
from runback.session.model import Intent
from runback.tui import themes
from runback.tui.cockpit import texts
from runback.tui.cockpit.help import CockpitHelp
from runback.tui.cockpit.main_view import MainView, ViewState
from runback.tui.cockpit.rescue import Rescue
from runback.tui.cockpit.stop_key_driver import StopPressed, keyboard_is_read
from runback.tui.cockpit.stop_keys import StopKeys
from runback.tui.cockpit.widgets import StopBar

TICK_S = 0.25
BEAT_S = 0.1
BLINK_S = 0.5
UNLOCK_S = 5.0
SILENT_S = 2.0
ENTER_HOLDS_S = 1.0
"""How old an Enter that sets the belt going may be, where this screen has the keyboard; else the engine knows it."""
EVENT_TIME = time.perf_counter if sys.platform == "win32" else time.monotonic
"""The clock that Textual's events carry the time of."""
LEFT_ALONE = "This second screen's program has died; the session goes on."


class CockpitApp(App[None]):
    """The screen. `port` is the way to the engine; `when_ready` is called once it can be shown things; `rescue` stops
    the belt once the engine is gone; `clock` is monotonic seconds; `watching`: it is a second screen, which asks for
    Stop and nothing else. A screen that has the keyboard has `stop_keys` in the input thread of its `driver_class`."""

    TITLE = "runback"
    CSS_PATH = "cockpit.tcss"
    ALLOW_SELECT = False
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual's own, which it declares as no class variable
        (0, "-w-tiny"), (60, "-w-60"), (80, "-w-80"), (110, "-w-120"), (160, "-w-200"),
    ]  # fmt: skip
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - the same
        (0, "-h-tiny"), (20, "-h-20"), (24, "-h-24"), (32, "-h-40"), (50, "-h-60"),
    ]  # fmt: skip

    def __init__(
        self,
        port: Port,
        *,
        taste: Preferences = DEFAULTS,
        when_ready: Callable[[], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        rescue: Rescue | None = None,
        watching: bool = False,
        stop_keys: StopKeys | None = None,
        driver_class: type[Driver] | None = None,
    ) -> None:
        super().__init__(driver_class)
        self.last_line = ""
        """The engine's last plain line, once it has said goodbye."""
        self.said_goodbye = False
        self._taste = taste
        self._port = port
        self._when_ready = when_ready
        self._clock = clock
        self._plan: TimelineView | None = None
        self._now: Snapshot | None = None
        self._heard_at = clock()
        self._drawn: tuple[object, ...] = ()
        self._dirty = False
        self._unlocked_at: float | None = None
        self._gone = False
        self._only_watches = watching
        self._death: SessionDied | None = None
        """What is known, at a second screen, since the session's program died."""
        self._seen = False
        """Whether a snapshot has been drawn."""
        self._was_latched = False
        """Whether the stop screen stood when it was last drawn."""
        self._rescue = rescue
        self._stop_keys = stop_keys
        self._watching: Worker[None] | None = None
        self._rescue_line = ""
        self._refused = False
        themes.use(self, taste.theme)

    def compose(self) -> ComposeResult:
        yield MainView()

    def on_mount(self) -> None:
        self._paint()
        self.set_interval(BEAT_S, self._beat)
        self.set_interval(TICK_S, self.tick)
        self.set_interval(BLINK_S, self.blink)
        if self._rescue is not None:
            self._watching = self.run_worker(self._rescue.watch(self._told), exit_on_error=False)
        if self._when_ready is not None:
            self._when_ready()

    # What the engine says

    def show_plan(self, plan: TimelineView) -> None:
        """Show this timeline from now on."""
        self._plan = plan
        self._dirty = True

    def show(self, snapshot: Snapshot) -> None:
        """Show this moment: at once if it matters, else at the next tick."""
        self._now = snapshot
        self._heard_at = self._clock()
        self._dirty = True
        self._rescue_line = ""
        if not is_latched(snapshot):
            self._unlocked_at = None
        if texts.urgent(snapshot) != self._drawn:
            self.call_later(self._draw)

    def show_gone(self) -> None:
        """The engine has died: alarm, until a key."""
        self._gone = True
        if self._only_watches:  # its own process: the session is another, and nobody reads this keyboard any more
            self.last_line = LEFT_ALONE
            self.exit()
        if self._rescue is not None and self._watching is not None:
            self.run_worker(self._stop_without_engine(self._rescue, self._watching), exit_on_error=False)
        self.call_later(self._draw)

    def show_death(self, gone: SessionDied) -> None:
        """The session that is watched has lost its program: say what is known of the belt, until a key."""
        self._gone, self._death = True, gone
        self.call_later(self._draw)

    async def _stop_without_engine(self, rescue: Rescue, watching: Worker[None]) -> None:
        await watching.wait()
        self.last_line = await rescue.finish(self._told)
        self.exit()

    def _told(self, line: str) -> None:
        self._rescue_line = line
        self.call_later(self._draw)

    def show_refused(self) -> None:
        """The engine said something this screen does not understand; it goes on with what it does."""
        self._refused = True
        self._dirty = True

    def say_goodbye(self, line: str) -> None:
        """The engine has ended as it meant to."""
        self.last_line = line
        self.said_goodbye = True
        self.exit()

    # What the person does

    def post_message(self, message: Message) -> bool:
        """Judge keys and mouse presses here, at the door, and let everything else in."""
        if isinstance(message, events.Key) and not message.is_forwarded:
            if self._judge(message):
                return True
        elif isinstance(message, events.MouseDown) and not message.is_forwarded and self._is_stop(message):
            self._ask(Intent.STOP)
            return True
        elif isinstance(message, StopPressed):
            self._unlocked_at = None
            self.call_later(self._after_stop)
            return True
        return super().post_message(message)

    def _judge(self, event: events.Key) -> bool:
        """Do what the key means; whether Textual must not see it."""
        overlay = self._overlay
        scene = KeyContext(
            self._now,
            help=isinstance(overlay, CockpitHelp),
            palette=isinstance(overlay, CommandPalette),
            unlocked=self._unlocked_at is not None,
            gone=self._gone,
            watching=self._only_watches,
            keymap=self._taste.keymap,
        )
        what = decide(event.key, event.character, scene)
        if what is UiAction.TYPE:
            return False
        if isinstance(what, Intent):
            if what in STARTS_BELT and self._late(event):
                return True  # it waited behind something: whoever pressed it may have given up
            self._ask(what)
        elif what is not UiAction.NOTHING:
            self.call_later(self._do, what)
        return True

    def _late(self, event: events.Key) -> bool:
        """Whether a key was read so long ago that it is no fresh word any more; a later key may already wait."""
        return self._stop_keys is not None and EVENT_TIME() > event.time + ENTER_HOLDS_S

    @property
    def _overlay(self) -> Screen[object] | None:
        """The help or the palette, if one is open."""
        try:
            return self.screen if len(self.screen_stack) > 1 else None
        except ScreenStackError:
            return None  # a key before the first screen, or after the last

    def _is_stop(self, press: events.MouseDown) -> bool:
        """Whether the press means Stop: on the STOP bar, or anywhere while the stop screen waits for the belt."""
        if self._gone or self._now is None or not may_move(self._now):
            return False
        return is_latched(self._now) or self._face.stop_bar.contains(int(press.x), int(press.y))

    @on(StopBar.Pressed)
    def _stop_bar_pressed(self) -> None:
        """A press that did not come through the door."""
        if may_move(self._now) and not self._gone:
            self._ask(Intent.STOP)

    def _ask(self, ask: Intent) -> None:
        if self._only_watches and ask is not Intent.STOP:
            return
        self._port.send(IntentMessage(ask=ask))
        locked_again = self._unlocked_at is not None
        self._unlocked_at = None
        if ask is Intent.STOP or locked_again:
            self.call_later(self._after_stop)

    def _after_stop(self) -> None:
        self._close_overlays()
        self._draw()

    def _do(self, what: UiAction) -> None:
        match what:
            case UiAction.HELP:
                opened = isinstance(self.screen, CockpitHelp)
                self._close_overlays()
                if not opened:
                    controls = controls_in(self._now, self._taste.keymap)
                    self.push_screen(CockpitHelp(controls, self._taste.keymap, watching=self._only_watches))
            case UiAction.PALETTE:
                self._close_overlays()
                self.action_command_palette()
                self._tell_typing()
            case UiAction.THEME:
                themes.use(self, themes.following(self.theme))
            case UiAction.CLOSE:
                self._close_overlays()
            case UiAction.UNLOCK:
                self._unlocked_at = self._clock()
                self._draw()
            case UiAction.LEAVE:
                self.exit()
            case _:
                pass

    def _close_overlays(self) -> None:
        for _ in range(len(self.screen_stack) - 1):
            self.pop_screen()
        self._tell_typing()

    def _tell_typing(self) -> bool:
        """Whether keys are typed into the palette; the input thread knows it then too."""
        typing = isinstance(self._overlay, CommandPalette)
        if self._stop_keys is not None:
            self._stop_keys.typing = typing
        return typing

    def action_quit(self) -> None:  # type: ignore[override]  # Textual's is async; ours asks and returns
        """Ask the engine to end; only it may."""
        self._ask(Intent.QUIT)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:  # noqa: ARG002 - Textual's signature
        """The palette: what the keys do now, except whatever sets the belt going, which has its own key."""
        yield SystemCommand("Stop", "Stop the belt now", lambda: self._ask(Intent.STOP))
        for control in shown_in(self._now, self._taste.keymap):
            if control.what not in (Intent.START, Intent.RESUME, Intent.REARM):
                yield SystemCommand(control.means, f"Key {control.shown}", lambda ask=control.what: self._ask(ask))
        yield SystemCommand("Help", "The keys, and the check before the start", lambda: self._do(UiAction.HELP))
        yield SystemCommand("Next theme", "Change the colours", lambda: self._do(UiAction.THEME))

    # What time does

    def tick(self) -> None:
        """Four times a second: draw what is new, lock again what was unlocked, notice silence."""
        if self._unlocked_at is not None and self._clock() - self._unlocked_at >= UNLOCK_S:
            self._unlocked_at = None
            self._dirty = True
        if self._dirty or self._silent_s():
            self._draw()

    def _silent_s(self) -> float:
        silent = self._clock() - self._heard_at
        return silent if self._now is not None and silent > SILENT_S else 0.0

    def post_display_hook(self) -> None:
        """Textual has drawn something."""
        if self._drawn and not self._seen:
            self._seen = True
            self._beat()  # now: what a person does who has seen it comes after this

    def _beat(self) -> None:
        typing, theme = self._tell_typing(), self.theme.removeprefix("runback-")
        if self._stop_keys is not None and not keyboard_is_read():
            self.exit()  # which stops the belt
            return
        if self._seen:
            self._port.send(Heartbeat(typing=typing, theme=theme))

    def blink(self) -> None:
        """Twice a second: turn an alarm over."""
        if self.is_running:
            self._face.blink()

    @property
    def _face(self) -> MainView:
        return self.screen_stack[0].query_one(MainView)

    def _draw(self) -> None:
        if self.is_running:  # while it ends, its parts go one by one before its timers do
            self._paint()

    def _paint(self) -> None:
        self._dirty = False
        self._drawn = texts.urgent(self._now) if self._now else ()
        latched = is_latched(self._now)
        if self._gone or (latched and (may_move(self._now) or not self._was_latched)):
            self._close_overlays()  # also of a stop that was at rest before this screen heard of it
        self._was_latched = latched
        unlocked = self._unlocked_at is not None
        self._face.tell(
            ViewState(
                self._now,
                self._plan,
                self._silent_s(),
                unlocked,
                self._gone,
                self._refused,
                self._rescue_line,
                self._only_watches,
                self._death,
                self._taste,
            )
        )
