"""The line of keys at the foot of a screen: what can be pressed, and pressed with the mouse."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.widget import Widget


@dataclass(frozen=True, slots=True)
class Key:
    """A key: its `name` as Textual has it, as it is `shown`, and what it does (`label`)."""

    name: str
    shown: str
    label: str

    @property
    def width(self) -> int:
        """Cells it takes."""
        return len(self.shown) + 1 + len(self.label)


GAP = 3
BACK = Key("escape", "Esc", "back")


class KeyBar(Widget):
    """As many of its keys as there is room for, in one row; a press of the mouse on one is the key."""

    def __init__(self, *keys: Key) -> None:
        super().__init__(id="keys")
        self._keys = keys

    def tell(self, *keys: Key) -> None:
        """Show these."""
        if keys != self._keys:
            self._keys = keys
            self.refresh()

    def _fitting(self) -> list[Key]:
        room, shown = self.content_size.width, []
        for key in self._keys:
            if key.width > room:
                break
            shown.append(key)
            room -= key.width + GAP
        return shown

    def render(self) -> Content:
        parts = [Content.assemble((key.shown, "bold $warning"), f" {key.label}") for key in self._fitting()]
        return Content(" " * GAP).join(parts)

    def on_click(self, event: events.Click) -> None:
        """The key that stands there."""
        x = event.get_content_offset(self)
        if x is None:
            return
        start = 0
        for key in self._fitting():
            if start <= x.x < start + key.width:
                self.app.simulate_key(key.name)
            start += key.width + GAP
