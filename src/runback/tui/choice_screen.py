"""One of several values, chosen in front of the page that asks: arrows and Enter, the mouse, or Esc for none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from runback.tui.key_bar import BACK, BarKey, KeyBar


class ChoiceScreen(ModalScreen[str | None]):
    """Asks for one of `values`, of which `now` is the present one. `looked_at` hears each value that the cursor comes
    to. Dismisses with the value; with None for Esc."""

    def __init__(
        self, title: str, values: Sequence[str], now: str, looked_at: Callable[[str], None] = lambda _: None
    ) -> None:
        super().__init__()
        self._title, self._values, self._now = title, values, now
        self._looked_at = looked_at

    def compose(self) -> ComposeResult:
        with Vertical(id="choice"):
            yield Static(self._title, classes="title", markup=False)
            yield OptionList(*(Option(f"{'●' if each == self._now else '○'} {each}") for each in self._values))
        yield KeyBar(BarKey("enter", "Enter", "take this one"), BarKey("down", "↑ ↓", "choose"), BACK)

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        options.highlighted = self._values.index(self._now) if self._now in self._values else 0
        options.focus()

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self._looked_at(self._values[event.option_index])

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._values[event.option_index])

    def key_escape(self) -> None:
        """None of them."""
        self.dismiss(None)
