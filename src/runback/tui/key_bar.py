"""The line of keys at the foot of a screen: what can be pressed, and pressed with the mouse.

Rules:
- Where sessions run on a simulated treadmill (the app's class `SIMULATED_CLASS`), it says so at its end, on every page.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.widget import Widget


@dataclass(frozen=True, slots=True)
class BarKey:
    """A key: its `name` as Textual has it, as it is `shown`, and what it does (`label`)."""

    name: str
    shown: str
    label: str
    means: str = ""
    """The label in a sentence, for the mouse that rests on it."""

    @property
    def width(self) -> int:
        """Cells it takes."""
        return len(self.shown) + 1 + len(self.label)


GAP = 3
BACK = BarKey("escape", "Esc", "back")
HELP = BarKey("f1", "F1", "help")
SIMULATED_CLASS = "-simulated"
_BADGE = " SIMULATED "


class KeyBar(Widget):
    """As many of its keys as there is room for, in one row, and help at the end; a press of the mouse on one is the
    key."""

    def __init__(self, *keys: BarKey) -> None:
        super().__init__(id="keys")
        self._keys = keys

    def tell(self, *keys: BarKey) -> None:
        """Show these."""
        if keys != self._keys:
            self._keys = keys
            self.refresh()

    @property
    def _width(self) -> int:
        """Cells for the keys."""
        badge = len(_BADGE) + 1 if self.app.has_class(SIMULATED_CLASS) else 0
        return self.content_size.width - badge

    def _fitting(self) -> list[BarKey]:
        room, shown = self._width - HELP.width, []
        for key in self._keys:
            if key.width + GAP > room:
                break
            shown.append(key)
            room -= key.width + GAP
        return [*shown, HELP]

    def render(self) -> Content:
        parts = [
            Content.assemble((key.shown, "bold $footer-key-foreground"), f" {key.label}") for key in self._fitting()
        ]
        keys = Content(" " * GAP).join(parts)
        if not self.app.has_class(SIMULATED_CLASS):
            return keys
        return Content.assemble(keys.pad_right(max(1, self._width + 1 - keys.cell_length)), (_BADGE, "bold reverse"))

    def on_click(self, event: events.Click) -> None:
        """The key that stands there."""
        key = self._under(event)
        if key is not None and key.name:
            self.app.simulate_key(key.name)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Say what it does."""
        key = self._under(event)
        self.tooltip = None if key is None else key.means or f"{key.shown}: {key.label}"

    def _under(self, event: events.MouseEvent) -> BarKey | None:
        at = event.get_content_offset(self)
        start = 0
        for key in self._fitting() if at is not None else ():
            if at is not None and start <= at.x < start + key.width:
                return key
            start += key.width + GAP
        return None
