"""The full stop screen: what the belt does, as large as it goes. It lets go only when the engine says so."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from runback.tui.cockpit.instructions import StopPage
from runback.tui.cockpit.widgets import BigText, TextWidget


class StopPanel(Vertical):
    """A whole screen for the stop, the alarm and the death of the engine."""

    def __init__(self) -> None:
        super().__init__(id="stopped")

    def compose(self) -> ComposeResult:
        with Vertical(id="stop-words"):
            yield BigText(id="stop-1")
            yield BigText(id="stop-2")
            yield BigText(id="stop-3")
        yield TextWidget(id="stop-belt")
        yield TextWidget(id="stop-why")
        yield TextWidget(id="stop-hint")

    def tell(self, page: StopPage) -> None:
        """Show `page`."""
        words = (*page.big, page.figure, "")[:3]
        for index, word in enumerate(words, start=1):
            line = self.query_one(f"#stop-{index}", BigText)
            line.say(word)
            line.display = bool(word)
        self.query_one("#stop-belt", TextWidget).say(page.belt)
        self.query_one("#stop-why", TextWidget).say(page.why)
        self.query_one("#stop-hint", TextWidget).say(page.hint)
        self.set_class(page.rest, "-rest")
        self.set_class(page.alarm, "-alarm")
        if not page.alarm:
            self.remove_class("-inverse")

    def blink(self) -> None:
        """Turn the alarm over; called twice a second, so one full blink a second (WCAG 2.3.1 allows three)."""
        self.toggle_class("-inverse")
