"""Today on the screen: the page of `planner.today`, and the doors to everything else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from runback.errors import RunbackError
from runback.rehab.status import local_time
from runback.tui.key_bar import BACK, BarKey, KeyBar
from runback.tui.page_help import PageHelp
from runback.tui.planner.plan_data import PlanData, View
from runback.tui.planner.today_page import WELCOME, Today, broken, today
from runback.tui.widgets.large_text import Large, content

LOOK_AGAIN = timedelta(seconds=20)
"""How often the countdown is read again."""


class TodayScreen(Screen[None]):
    """What to do now and why. `pressed` hears of every key that was pressed here."""

    AUTO_FOCUS = ""
    GUIDE = PageHelp(
        "Today",
        (
            "What to do now and why, and when next. The large words are the answer; the sentence below says why.",
            "Enter does what the page proposes: it checks in, or starts the stage that is due. The belt does not move "
            "from here: the session has its own screen, and asks for another Enter.",
        ),
        (
            ("Enter", "What the page proposes"),
            ("c", "Check in now: how you are"),
            ("a", "Low-impact work that you did"),
            ("x", "Exercises that you did"),
            ("k", "A clinician's clearance, when the plan is locked"),
            ("o", "Go ahead before the wait is over, with your reason on record"),
            ("h  p", "History; the plan, or another one"),
            ("Esc  q", "Home; leave"),
        ),
    )

    def __init__(self, desk: PlanData, pressed: Callable[[str], None]) -> None:
        super().__init__()
        self._desk, self._pressed = desk, pressed
        self.view: View | None = None
        self.page: Today = WELCOME

    def compose(self) -> ComposeResult:
        yield Static(id="head")
        yield Large(id="words")
        with VerticalScroll(id="page"):
            yield Static(id="told")
            yield Static(id="sentence", classes="title")
            yield Static(id="lines")
        yield KeyBar()

    def on_mount(self) -> None:
        self.tell("")
        self.look()
        self.set_interval(LOOK_AGAIN.total_seconds(), self.look)

    def on_key(self, event: events.Key) -> None:
        """Hand it on."""
        if event.key not in ("t", "question_mark"):  # the app's
            event.stop()
        self._pressed(event.key)

    def on_screen_resume(self) -> None:
        """Something may have been recorded meanwhile."""
        self.look()

    def tell(self, words: str) -> None:
        """One line above the rest, until the next one: what has just been done."""
        told = self.query_one("#told", Static)
        told.update(words)
        told.display = bool(words)

    def look(self) -> None:
        """Read the training log, and show what it says now."""
        fault = ""
        try:
            self.view = self._desk.view()
        except RunbackError as error:
            self.view, fault = None, str(error)
        view = self.view
        self.page = (
            WELCOME if view is None else today(view.decision, view.plan, view.gate, self._desk.tz, view.reaction)
        )
        if fault:
            self.page = broken(fault)
        self._show(view)

    def _show(self, view: View | None) -> None:
        page = self.page
        now = local_time(self._desk.now(), self._desk.tz)
        where = "" if view is None else f"   {view.plan.title}{', cautious' if view.choice.cautious else ''}"
        if view is not None and view.choice.rehearsal:
            where += "   REHEARSAL: simulated sessions count"
        self.query_one("#head", Static).update(f"{now}{where}")
        self.query_one(Large).say(page.words, page.shape)
        self.query_one("#sentence", Static).update(page.sentence)
        self.query_one("#sentence").display = bool(page.sentence)
        self.query_one("#lines", Static).update(content(page.lines))
        for name in ("run", "rest", "wait", "walk", "done", "help"):
            self.set_class(page.mood.value == name, f"-{name}")
        self.set_class(page.full, "-full")
        self.query_one(KeyBar).tell(*self._keys(view))

    def _keys(self, view: View | None) -> list[BarKey]:
        shown = [BarKey("enter", "Enter", self.page.enter)] if self.page.enter else []
        last = [
            BarKey("h", "h", "history"),
            BarKey("p", "p", "plan"),
            BarKey("t", "t", "theme"),
            BACK,
            BarKey("q", "q", "leave"),
        ]
        if view is None:
            return [*shown, *last]
        decision = view.decision
        if decision.clearance is not None:
            shown.append(BarKey("k", "k", "clinician's word"))
        if decision.can_override and decision.overridden is None:
            shown.append(BarKey("o", "o", "go ahead"))
        if decision.ask is None or decision.ask.moment is None:
            shown.append(BarKey("c", "c", "check in"))
        if not self.page.full:
            shown += [BarKey("a", "a", "low-impact"), BarKey("x", "x", "exercises")]
        return [*shown, *last]
