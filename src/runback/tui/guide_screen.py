"""The manual on the screen: its topics beside the one that is read. The same pages as `runback guide`."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Markdown, OptionList, Static
from textual.widgets.option_list import Option

from runback import guide
from runback.tui.key_bar import BACK, BarKey, KeyBar
from runback.tui.page_help import PageHelp


class GuideScreen(Screen[None]):
    """Shows the manual, and `topic` of it first."""

    GUIDE = PageHelp(
        "The guide",
        ("The manual of runback, a topic at a time. `runback guide TOPIC` prints the same in a terminal.",),
        (("↑ ↓", "Choose a topic, or move the text"), ("Tab", "From the topics to the text, and back")),
    )

    def __init__(self, topic: str = guide.TOPICS[0]) -> None:
        super().__init__()
        self._topic = topic

    def compose(self) -> ComposeResult:
        yield Static("The guide", id="head")
        with Horizontal(id="guide"):
            yield OptionList(*(Option(guide.title(each), id=each) for each in guide.TOPICS), id="topics")
            with VerticalScroll(id="text", can_focus=True):
                yield Markdown(guide.text(self._topic), open_links=False)
        yield KeyBar(BarKey("up", "↑ ↓", "choose a topic"), BarKey("tab", "Tab", "into the text"), BACK)

    def on_mount(self) -> None:
        topics = self.query_one(OptionList)
        topics.highlighted = guide.TOPICS.index(self._topic)
        topics.focus()

    @on(OptionList.OptionHighlighted)
    async def _show(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_id is None or event.option_id == self._topic:
            return  # the text is there already
        self._topic = event.option_id
        await self.query_one(Markdown).update(guide.text(self._topic))
        self.query_one("#text").scroll_home(animate=False)

    @on(OptionList.OptionSelected)
    def _read(self) -> None:
        self.query_one("#text").focus()

    def key_escape(self) -> None:
        """Back."""
        self.dismiss()
