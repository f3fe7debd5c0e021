"""Which of its faces the screen shows: waiting, the cockpit, the full stop screen, or a word in a window too small.

Rules:
- The stop screen stands whenever the latch holds or the engine is gone; nothing of the cockpit is left around it.
- While a stop is being watched, a engine that says nothing is an alarm: nobody can see whether the belt obeys.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Region
from textual.widgets import Static

from runback.ipc.messages import STEP_OFF, SessionDied, Snapshot, TimelineView
from runback.key_bindings import is_latched, may_move
from runback.preferences import DEFAULTS, Preferences
from runback.tui.cockpit import instructions, texts, watch_texts
from runback.tui.cockpit.cockpit_view import Cockpit
from runback.tui.cockpit.stop_view import StopPanel
from runback.tui.cockpit.widgets import StopBar, TextWidget


@dataclass(frozen=True, slots=True)
class ViewState:
    """All that a face is drawn from. `silent_s`: how long nothing came from the engine, 0.0 while all is well;
    `unlocked`: the first step of the release is taken; `gone`: the engine is dead; `refused`: it was not understood;
    `rescue`: how stopping the belt without the engine goes; `watching`: this is a second screen; `death`: what is known
    there since the engine died; `taste`: how the person wants it."""

    now: Snapshot | None = None
    plan: TimelineView | None = None
    silent_s: float = 0.0
    unlocked: bool = False
    gone: bool = False
    refused: bool = False
    rescue: str = ""
    watching: bool = False
    death: SessionDied | None = None
    taste: Preferences = DEFAULTS

    @property
    def trouble(self) -> texts.TroubleText | None:
        """What is wrong between the engine and the screen, if anything."""
        if self.silent_s:
            return texts.silence(self.silent_s)
        return texts.GARBLED if self.refused else None

    @property
    def stop_page(self) -> instructions.StopPage | None:
        """The full stop screen, where that has to stand."""
        if self.death is not None:
            return watch_texts.gone_page(self.death)
        if self.gone:
            return instructions.gone_page(self.rescue)
        if self.now is None or not is_latched(self.now):
            return None
        if self.silent_s and may_move(self.now):
            return instructions.silent_page(self.silent_s, watch_texts.AGAIN if self.watching else self.rescue)
        if self.watching:
            return watch_texts.stop_page(self.now, self.taste.unit)
        return instructions.stop_page(self.now, self.unlocked, self.taste.unit)


class MainView(Container):
    """The whole screen."""

    def compose(self) -> ComposeResult:
        yield Cockpit()
        yield StopPanel()
        yield TextWidget(id="too-small")
        yield Static("runback\n\nwaiting for the program that drives the treadmill …", id="waiting")

    def tell(self, moment: ViewState) -> None:
        """Show `moment`."""
        page = moment.stop_page
        cockpit, stopped = self.query_one(Cockpit), self.query_one(StopPanel)
        if page is None and moment.now is not None:
            cockpit.display = True
        elif cockpit.display:
            cockpit.hide()
        stopped.display = page is not None
        self.query_one("#waiting").display = page is None and moment.now is None
        if moment.watching and moment.now is None:
            self.query_one("#waiting", Static).update(watch_texts.WAITING)
        self.query_one("#too-small", TextWidget).say(STEP_OFF if moment.gone else instructions.too_small(moment.now))
        if page is not None:
            stopped.tell(page)
        elif moment.now is not None:
            cockpit.tell(moment.now, moment.plan, moment.trouble, moment.taste, watched=moment.watching)

    def blink(self) -> None:
        """Turn over what is an alarm."""
        for stopped in self.query(StopPanel):  # none yet, where a loaded computer is slow to draw the first frame
            if stopped.display and stopped.has_class("-alarm"):
                stopped.blink()

    @property
    def stop_bar(self) -> Region:
        """Where the STOP bar is."""
        return self.query_one(StopBar).region
