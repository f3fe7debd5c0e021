"""One line to type, in front of the page that asks for it: what is wrong with it is told while it is typed."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from runback.tui.key_bar import BACK, BarKey, KeyBar


class InputScreen(ModalScreen[str]):
    """Asks for `title`, explained in `words`. `fault` says in a line what is wrong with what was typed, "" if nothing.
    Dismisses with what was typed once nothing is wrong with it; with "" for Esc."""

    def __init__(self, title: str, words: str, fault: Callable[[str], str], enter: str, text: str = "") -> None:
        super().__init__()
        self._title, self._words, self._fault, self._enter, self._text = title, words, fault, enter, text

    def compose(self) -> ComposeResult:
        with Vertical(id="asked"):
            yield Static(self._title, id="title", markup=False)
            yield Static(self._words, markup=False)
            yield Input(self._text)
            yield Static(id="wrong", markup=False)
        yield KeyBar(BarKey("enter", "Enter", self._enter), BACK)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        self.query_one("#wrong", Static).update(self._fault(event.value) if event.value.strip() else "")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        wrong = self._fault(event.value)
        self.query_one("#wrong", Static).update(wrong)
        if not wrong:
            self.dismiss(event.value)

    def key_escape(self) -> None:
        """None."""
        self.dismiss("")
