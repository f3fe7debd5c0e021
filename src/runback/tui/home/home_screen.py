"""Home on the screen: the page of `home_page`, and the doors to everything else."""

from __future__ import annotations

from collections.abc import Callable

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from runback.tui.home.home_page import HomeEntry, HomeFacts, HomeRow, home_page, opening_page
from runback.tui.key_bar import BarKey, KeyBar
from runback.tui.page_help import PageHelp
from runback.tui.styled_text import Role, StyledLine
from runback.tui.widgets.large_text import Large, content
from runback.tui.widgets.row_list import RowList

GLANCE_EVERY = 2.0
"""Seconds after which it is looked again whether a session runs here, or a belt was left moving."""
LOOK_EVERY = 30.0
"""And at everything: a wait may be over."""
_MOST_EARLY = 16
"""Keys that are remembered at most until the page is there."""
_NAMES = 11
"""Columns for the name of a row."""


class HomeScreen(Screen[None]):
    """Shows what `look` finds: it is given what is known, or None to look at everything. `chosen` hears which
    row the user opened."""

    CSS_PATH = "home.tcss"
    GUIDE = PageHelp(
        "Home",
        (
            "What to do now, and the doors to everything else. Enter does what stands at the foot of the page.",
            "No key on this page moves a belt: a session has its own screen, and asks for another Enter.",
        ),
        (
            ("↑ ↓  Enter", "Choose a row, and open it; its letter does the same at once"),
            ("q", "Leave"),
        ),
        "start",
    )

    def __init__(self, look: Callable[[HomeFacts | None], HomeFacts], chosen: Callable[[HomeEntry], None]) -> None:
        super().__init__()
        self._look, self._chosen = look, chosen
        self._page = opening_page()
        self.state: HomeFacts | None = None
        self.early: list[str] = []

    def compose(self) -> ComposeResult:
        yield Static(id="head")
        yield Large(id="words")
        yield Static(id="sentence")
        with Container(id="body"):
            yield RowList()
            with VerticalScroll(id="page"):
                yield Static(id="told")
                yield Static(id="more")
        yield KeyBar()

    def on_mount(self) -> None:
        self.tell("")
        self.query_one(RowList).show([_line(row) for row in self._page.rows])
        self._show()

    def begin(self) -> None:
        """Look for the first time: the first frame stands."""
        self.look()
        self.query_one(RowList).focus()
        self.set_interval(GLANCE_EVERY, self._glance)
        self.set_interval(LOOK_EVERY, self.look)

    def on_screen_resume(self) -> None:
        """Something may have changed meanwhile."""
        if self.state is not None:
            self.look()

    def tell(self, words: str) -> None:
        """Say in one line what has just been done; until the next one."""
        told = self.query_one("#told", Static)
        told.update(words)
        told.display = bool(words)

    def look(self) -> None:
        """Look at everything, and show it."""
        self._draw(self._look(None))

    def _glance(self) -> None:
        if self.is_current:
            self._draw(self._look(self.state))

    def _draw(self, state: HomeFacts) -> None:
        """Show `state`. The cursor stays on its row, unless what matters has changed."""
        before, first = self._page, self.state is None
        self.state = state
        page = self._page = home_page(self.state)
        rows = self.query_one(RowList)
        cursor = 0
        if not first and before.words == page.words:
            was = before.rows[rows.cursor].entry
            cursor = next((index for index, row in enumerate(page.rows) if row.entry is was), 0)
        if before.rows != page.rows:
            rows.show([_line(row) for row in page.rows], cursor)
        self._show()

    def _show(self) -> None:
        page = self._page
        treadmill = "" if self.state is None else self.state.treadmill.name
        self.query_one("#head", Static).update(f"runback   {treadmill}")
        self.query_one(Large).say(page.words, page.shape)
        self.query_one("#sentence", Static).update(page.sentence)
        for name in ("run", "rest", "wait", "walk", "done", "help"):
            self.set_class(page.tone.value == name, f"-{name}")
        self.set_class(page.full, "-full")
        self._more()

    def _more(self) -> None:
        """What is known about the row with the cursor, and what its Enter does."""
        row = self._page.rows[min(self.query_one(RowList).cursor, len(self._page.rows) - 1)]
        faults = () if self.state is None else (StyledLine(f"! {fault}", Role.WARN) for fault in self.state.faults)
        self.query_one("#more", Static).update(content([*faults, *row.more]))
        self.query_one(KeyBar).tell(
            BarKey("enter", "Enter", row.enter), BarKey("down", "↑ ↓", "choose"), BarKey("q", "q", "leave")
        )

    @on(RowList.Moved)
    def _moved(self) -> None:
        self._more()

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        if event.index < len(self._page.rows):
            self._choose(self._page.rows[event.index].entry)

    def on_key(self, event: events.Key) -> None:
        """A row's letter opens it. What is pressed before anything was looked at waits for it."""
        if not self.is_current:  # it was pressed before another page came to the front, and is meant for that
            event.stop()
            self.app.simulate_key(event.key)
            return
        if self.state is None:
            self.early = [*self.early, event.key][:_MOST_EARLY]
            event.stop()
            return
        if event.key == "q":
            self.app.exit()
        for row in self._page.rows:
            if row.key == event.key:
                event.stop()
                self._choose(row.entry)
                return

    def _choose(self, entry: HomeEntry) -> None:
        self.tell("")
        self._chosen(entry)


def _line(row: HomeRow) -> str:
    return f"{row.key}  {row.name:<{_NAMES}}{row.beside}"
