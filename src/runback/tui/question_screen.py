"""A question before something is done, in front of the page that asks it: a letter for each answer, Esc for none."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from runback.tui.key_bar import BACK, BarKey, KeyBar


class QuestionScreen(ModalScreen[str]):
    """Asks `title`, explained in `words`. Dismisses with the key of the answer; with "" for Esc. Enter answers nothing:
    it may have been typed ahead."""

    def __init__(self, title: str, words: str, *answers: BarKey) -> None:
        super().__init__()
        self._title, self._words = title, words
        self._answers = answers

    def compose(self) -> ComposeResult:
        with Vertical(id="asked"):
            yield Static(self._title, id="title", markup=False)
            yield Static(self._words, markup=False)
        yield KeyBar(*self._answers, BACK)

    def on_key(self, event: events.Key) -> None:
        """One of the answers, or none."""
        event.stop()
        if event.key == "escape":
            self.dismiss("")
        elif any(answer.name == event.key for answer in self._answers):
            self.dismiss(event.key)
