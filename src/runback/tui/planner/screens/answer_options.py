"""What can be answered: a scale from 0 to 10, or rows to choose one of, or to tick.

Rules:
- Nothing is chosen or ticked beforehand, and no row has the cursor before a key is pressed.
- What is chosen is told by shape (a filled box, a cross, a pointer) as well as by colour.
- Rows wrap, so that no word of a question is cut.
"""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from runback.tui.planner.form import Answer, AnswerKind, FormQuestion

_CELL, _NARROW = 6, 4
"""Columns for a number of the scale, and where there is little room."""


class AnswerOptions(Widget):
    """The answers to one question; `tell` shows them, `Picked` says which was pressed with the mouse."""

    class Picked(Message):
        """The mouse pressed the option with this number (the one after the last is "none of these")."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self) -> None:
        super().__init__(id="options")
        self._question: FormQuestion | None = None
        self._answer: Answer | None = None
        self._cursor: int | None = None
        self._places: list[int] = []

    def tell(self, question: FormQuestion, answer: Answer | None, cursor: int | None) -> None:
        """Show the answers of `question`, of which `answer` is given, with the pointer at `cursor`."""
        self._question, self._answer, self._cursor = question, answer, cursor
        self.refresh(layout=True)

    def render(self) -> Content:
        if self._question is None:
            return Content("")
        return self._scale() if self._question.asks is AnswerKind.SCALE else self._rows(self._question)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        """As many rows as there are once they are wrapped."""
        if self._question is None:
            return 0
        return 4 if self._question.asks is AnswerKind.SCALE else len(self._laid_out(self._question, width))

    @property
    def _cell(self) -> int:
        return _CELL if self.content_size.width >= 11 * _CELL else _NARROW

    def _scale(self) -> Content:
        cell = self._cell
        bar, room = cell - 2, " " * (cell - 4)
        parts: list[list[Content]] = [[], [], [], []]
        for number in range(11):
            chosen = number == self._answer
            edges = ("┏", "━", "┓", "┃", "┗", "┛") if chosen else ("┌", "─", "┐", "│", "└", "┘")
            left, line, right, side, low, end = edges
            box = (f"{left}{line * bar}{right}", f"{side}{number:>2}{room}{side}", f"{low}{line * bar}{end}")
            style = "bold $background on $foreground" if chosen else ""
            for row in range(3):
                parts[row].append(Content.styled(box[row], style))
            parts[3].append(Content(("▲" if chosen else "").center(cell)))
        return Content("\n").join(Content("").join(row) for row in parts)

    def _laid_out(self, question: FormQuestion, width: int) -> list[tuple[int, Content]]:
        texts = [*question.options, question.none] if question.asks is AnswerKind.TICKS else [*question.options]
        laid: list[tuple[int, Content]] = []
        for index, text in enumerate(texts):
            pointer = "▸" if index == self._cursor else " "
            style = "bold" if index == self._cursor or self._is_chosen(question, index) else ""
            room = max(10, width - 9)
            rows = Content.styled(text, style).wrap(room)
            if question.asks is AnswerKind.TICKS and index == len(question.options):
                laid.append((-1, Content("")))
            for number, row in enumerate(rows):
                head = (
                    f"{pointer} {index + 1 if index < 9 else ' '} {self._box(question, index)} "
                    if not number
                    else " " * 8
                )
                laid.append((index, Content.assemble((head, style), row)))
        return laid

    def rows_of(self, index: int) -> tuple[int, int]:
        """The first row, and how many, of the option `index`; the blank row before "none of these" is its own."""
        if self._question is None:
            return 0, 0
        laid = [each for each, _ in self._laid_out(self._question, self.content_size.width)]
        rows = [row for row, each in enumerate(laid) if each == index]
        return (rows[0], len(rows)) if rows else (0, 0)

    def _is_chosen(self, question: FormQuestion, index: int) -> bool:
        match self._answer:
            case frozenset():
                return index in self._answer or (not self._answer and index == len(question.options))
            case int():
                return index == self._answer
            case _:
                return False

    def _box(self, question: FormQuestion, index: int) -> str:
        chosen = self._is_chosen(question, index)
        if question.asks is AnswerKind.TICKS:
            return "[x]" if chosen else "[ ]"
        return "(●)" if chosen else "( )"

    def _rows(self, question: FormQuestion) -> Content:
        laid = self._laid_out(question, self.content_size.width)
        self._places = [index for index, _ in laid]
        return Content("\n").join(content for _, content in laid)

    def on_click(self, event: events.Click) -> None:
        """The option that stands there."""
        at = event.get_content_offset(self)
        if at is None or self._question is None:
            return
        if self._question.asks is AnswerKind.SCALE:
            if at.y < 3 and at.x < 11 * self._cell:
                self.post_message(self.Picked(at.x // self._cell))
        elif at.y < len(self._places) and self._places[at.y] >= 0:
            self.post_message(self.Picked(self._places[at.y]))
