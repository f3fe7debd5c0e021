"""One session on the screen: the picture of planned and measured speed, its intervals, and what happened. It opens
when a session has ended, and from the history."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from runback.errors import RunbackError
from runback.journal.model import SessionRecord
from runback.rehab.status import local_time
from runback.tui.key_bar import BACK, BarKey, KeyBar
from runback.tui.page_help import PageHelp
from runback.tui.planner import session_detail
from runback.tui.planner.plan_data import PlanData
from runback.tui.styled_text import Role, StyledLine
from runback.tui.widgets.large_text import content

_TONES = {"run": "$run", "walk": "$walk", "plan": "bold $foreground", "plain": ""}


class SpeedPicture(Widget):
    """Planned and measured speed of `story`, in the room there is."""

    def __init__(self, story: SessionRecord) -> None:
        super().__init__(id="speeds")
        self._story = story

    def render(self) -> Content:
        rows = session_detail.picture(self._story, self.content_size.width, self.content_size.height)
        return Content("\n").join(Content.assemble(*((each.text, _TONES[each.tone]) for each in row)) for row in rows)


class SessionScreen(Screen[None]):
    """The session with this number in the journal. `next_up`: what comes next, if it has only just ended."""

    GUIDE = PageHelp(
        "A session",
        (
            "What was planned and what the belt was measured to do, its intervals, and what happened.",
            "`runback replay` and `runback export`, with its number, show it as it ran and take it elsewhere.",
        ),
        (("↑ ↓", "More"), ("e", "Export it as a FIT file, for other programs"), ("Enter", "Go on")),
        topic="records",
    )

    def __init__(self, desk: PlanData, session: int, next_up: Sequence[str] = ()) -> None:
        super().__init__()
        self._desk, self._next = desk, next_up
        self._story = desk.story(session)
        self._before = desk.one_before(self._story.session)
        self._reaction = desk.reaction_to(session)

    def compose(self) -> ComposeResult:
        session = self._story.session
        yield Static(
            f"Session {session.id}   {session.workout}   {local_time(session.began, self._desk.tz)}", id="head"
        )
        with VerticalScroll(id="page"):
            yield Static(
                f"{session_detail.ended(session)} {session_detail.headline(session, self._desk.unit)}", classes="title"
            )
            yield Static(id="exported")
            yield SpeedPicture(self._story)
            yield Static("Speed: █ measured in runs, ▒ in walks, ─ planned", id="legend")
            yield Static(content(self._lines()), id="lines")
        keys = [BarKey("enter", "Enter", "go on"), BarKey("up", "↑ ↓", "more")]
        if self._desk.export is not None:
            keys.append(BarKey("e", "e", "export"))
        yield KeyBar(*keys, BACK, BarKey("t", "t", "theme"))

    def on_mount(self) -> None:
        self.query_one("#exported").display = False
        self.query_one("#page").focus()

    def _lines(self) -> list[StyledLine]:
        lines = [StyledLine(each, Role.STRONG) for each in self._next]
        lines += session_detail.reacted(self._reaction)
        if self._before is not None:
            day = f"{self._before.began.astimezone(self._desk.tz):%-d %B}"
            lines += session_detail.compared(self._story.session, self._before, day, self._desk.unit)
        lines += [StyledLine()] if lines else []
        if self._story.intervals:
            heading, *rows = session_detail.aligned(
                [session_detail.TABLE, *session_detail.table(self._story.intervals, self._desk.unit)]
            )
            lines += [StyledLine(heading, Role.HEAD), *(StyledLine(row) for row in rows), StyledLine()]
        told = session_detail.worth_knowing(self._story.events)
        if told:
            lines += [StyledLine("What happened", Role.HEAD), *told]
        if self._story.session.lost:
            lines.append(StyledLine(f"{self._story.session.lost} records of it could not be saved.", Role.WARN))
        return lines

    def key_e(self) -> None:
        """Export it."""
        if self._desk.export is None:
            return
        try:
            said = f"✓ Exported: {self._desk.export(self._story)}"
        except RunbackError as error:
            said = f"! {error}"
        told = self.query_one("#exported", Static)
        told.update(Content(said))
        told.display = True
        self.query_one("#page").scroll_home(animate=False)

    def key_enter(self, event: events.Key) -> None:
        """Go on."""
        event.stop()  # else the page behind this one hears the same key
        self.dismiss()

    def key_escape(self) -> None:
        """Back."""
        self.dismiss()
