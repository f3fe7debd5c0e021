"""Lines of a page as widgets draw them, and words as large as there is room."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget

from runback.tui.big_text import biggest
from runback.tui.styled_text import Role, StyledLine

STYLES = {
    Role.PLAIN: "",
    Role.HEAD: "bold $primary",
    Role.QUIET: "$quiet",
    Role.STRONG: "bold",
    Role.GOOD: "$success",
    Role.WARN: "bold $warning",
    Role.RUN: "$run",
    Role.WALK: "$walk",
}


def content(lines: Iterable[StyledLine]) -> Content:
    """`lines` below each other."""
    return Content("\n").join(Content.styled(line.text, STYLES[line.role]) for line in lines)


class Large(Widget):
    """A word or a few, as large as the room allows, with their shape before them where both fit."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._said = ("", "")

    def say(self, words: str, shape: str = "") -> None:
        """Show `words`."""
        if (words, shape) != self._said:
            self._said = (words, shape)
            self.refresh()

    def render(self) -> Content:
        words, shape = self._said
        width, height = self.content_size
        for text in (f"{shape} {words}".strip(), words):
            if len(rows := biggest(text, width, height)) > 1:
                return Content("\n").join(Content.styled(row, "bold") for row in rows)
        return Content.styled(f"{shape} {words}".strip(), "bold")
