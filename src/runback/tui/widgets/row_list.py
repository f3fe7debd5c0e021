"""A list of rows, drawn only where it is looked at: a thousand of them open as fast as ten.

Textual's DataTable measures every cell before it shows the first: 0.9 s for a thousand rows, where half a second is all
that the history may take.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip


class RowList(ScrollView, can_focus=True):
    """`rows` of one line each; one has the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "go(-1)", show=False),
        Binding("down", "go(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "go(-1000000)", show=False),
        Binding("end", "go(1000000)", show=False),
        Binding("enter", "open", show=False),
    ]

    class Moved(Message):
        """The cursor has come to the row with this index."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    class Opened(Message):
        """The row with this index was opened."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, rows: Sequence[str] = ()) -> None:
        super().__init__(id="rows")
        self._rows = rows
        self._cursor = 0
        self._measure()

    @property
    def cursor(self) -> int:
        """The index of the row with the cursor."""
        return self._cursor

    def show(self, rows: Sequence[str], cursor: int | None = None) -> None:
        """Show `rows` in place of those there were, with the cursor where it was, or at `cursor`."""
        self._rows = rows
        self._measure()
        wanted = self._cursor if cursor is None else cursor
        self._cursor = max(0, min(len(rows) - 1, wanted))
        self.refresh()

    def _measure(self) -> None:
        self.virtual_size = Size(max(map(len, self._rows), default=0) + 2, len(self._rows))

    def render_line(self, y: int) -> Strip:
        """The row at `y` of the window; the pointer says where the cursor is."""
        index = y + self.scroll_offset.y
        style = self.rich_style
        if index >= len(self._rows):
            return Strip.blank(self.size.width, style)
        here = index == self._cursor and self.has_focus
        text = f"{'▸' if here else ' '} {self._rows[index]}"
        style = style + Style(bold=True, reverse=True) if here else style
        return Strip([Segment(text, style)]).adjust_cell_length(self.size.width, style)

    def action_go(self, by: int) -> None:
        """Move the cursor."""
        before = self._cursor
        self._cursor = max(0, min(len(self._rows) - 1, self._cursor + by))
        self.scroll_to_region(Region(0, self._cursor, 1, 1), animate=False)
        self.refresh()
        if self._cursor != before:
            self.post_message(self.Moved(self._cursor))

    def action_page(self, by: int) -> None:
        """Move it by a window."""
        self.action_go(by * max(1, self.size.height - 1))

    def action_open(self) -> None:
        """Open the row with the cursor."""
        if self._rows:
            self.post_message(self.Opened(self._cursor))

    def on_click(self, event: events.Click) -> None:
        """Open what was pressed."""
        index = event.y + self.scroll_offset.y
        if index < len(self._rows):
            self._cursor = index
            self.refresh()
            self.action_open()
