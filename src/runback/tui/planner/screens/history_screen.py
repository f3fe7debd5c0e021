"""The history on the screen: months, the list of sessions, and plots of running and pain; Enter opens a session.

Rules:
- One pane at a time where there is little room, all of them where there is much.
"""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Static

from runback.rehab.records import History
from runback.tui.key_bar import BACK, BarKey, KeyBar
from runback.tui.page_help import PageHelp
from runback.tui.planner import calendar
from runback.tui.planner.plan_data import PlanData
from runback.tui.planner.screens.plots import PainPlot, RunPlot
from runback.tui.planner.screens.session_screen import SessionScreen
from runback.tui.widgets.row_list import RowList

_PANES = ("months", "list", "plots")
_STEP = {"left_square_bracket": -1, "right_square_bracket": 1}


class HistoryScreen(Screen[None]):
    """Everything that was done and said: the journal's sessions, and `history` for the rest."""

    GUIDE = PageHelp(
        "History",
        (
            "Months, the list of sessions, and plots of minutes run and of pain; side by side where there is room.",
            "Low-impact work and exercises are in the months; `runback history --all` lists every record.",
        ),
        (
            ("Tab", "The next pane"),
            ("[  ]", "A month earlier, later"),
            ("↑ ↓  Enter", "In the list: choose a session, open it"),
        ),
    )

    def __init__(self, desk: PlanData, history: History) -> None:
        super().__init__()
        self._desk = desk
        self._ran = desk.ran()
        self._days = calendar.days(self._ran, history, desk.tz)
        self._check_ins = history.check_ins
        self._pane = 0
        self._today = desk.now().astimezone(desk.tz).date()
        self._last = (self._today.year, self._today.month)

    def compose(self) -> ComposeResult:
        yield Static(id="head")
        with Horizontal(id="panes"):
            with Vertical(id="months"):
                yield Static(id="sheet")
                yield Static(calendar.LEGEND, id="legend")
            with Vertical(id="list"):
                heading, *rows = calendar.listed(self._ran, self._days, self._desk.tz)
                yield Static(f"  {heading}", id="heading")
                yield RowList(rows)
            with Vertical(id="plots"):
                yield RunPlot(self._ran, self._desk.tz)
                yield PainPlot(self._check_ins, self._desk.tz)
        yield KeyBar()

    def on_mount(self) -> None:
        self.turn(0)

    def turn(self, pane: int) -> None:
        """Show this pane."""
        self._pane = pane
        for index, name in enumerate(_PANES):
            self.set_class(index == pane, f"-{name}")
        if pane == 1:
            self.query_one(RowList).focus()
        else:
            self.set_focus(None)
        number = len(self._ran)
        told = f"History   {number} session{'' if number == 1 else 's'}" if number else "History   nothing yet"
        self.query_one("#head", Static).update(told)
        names = ("months", "list", "plots")
        keys = [BarKey("tab", "Tab", names[(pane + 1) % 3])]
        keys += [BarKey("left_square_bracket", "[", "earlier"), BarKey("right_square_bracket", "]", "later")]
        keys += [BarKey("enter", "Enter", "open session")] if number and pane == 1 else []
        self.query_one(KeyBar).tell(*keys, BACK, BarKey("t", "t", "theme"))

    def on_resize(self) -> None:
        """As many months as fit."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        size = self.query_one("#sheet").content_size
        across = max(1, (size.width + 2) // (calendar.MONTH_WIDTH + 2))
        down = max(1, (size.height + 1) // (calendar.MONTH_HEIGHT + 1))
        rows = calendar.sheet(self._last, across, down, self._days, self._today)
        self.query_one("#sheet", Static).update("\n".join(rows))

    def key_tab(self) -> None:
        """The next pane."""
        self.turn((self._pane + 1) % 3)

    def key_shift_tab(self) -> None:
        """The pane before."""
        self.turn((self._pane - 1) % 3)

    def key_left_square_bracket(self) -> None:
        """A month earlier."""
        self._page(-1)

    def key_right_square_bracket(self) -> None:
        """A month later."""
        self._page(1)

    def _page(self, by: int) -> None:
        year, month = divmod(self._last[0] * 12 + self._last[1] - 1 + by, 12)
        if (year, month + 1) <= (self._today.year, self._today.month) and year > 1970:
            self._last = (year, month + 1)
            self._draw()

    def key_escape(self) -> None:
        """Back."""
        self.dismiss()

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        """Open the session."""
        self.app.push_screen(SessionScreen(self._desk, self._ran[event.index].id))
