"""The pieces that draw text of their own: words, big words, gauges, the timeline and the STOP bar.

Rules:
- `say` is cheap and idempotent: a piece that is told the same again does nothing.
- A piece draws for the room it has; where the large drawing does not fit it says the same in plain text.
"""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from runback.ipc.messages import TimelineView
from runback.tui.big_text import biggest
from runback.tui.timeline_chart import picture

_PLAIN = str.maketrans({"»": "▶▶", "›": "▶", "‖": "❚❚"})
"""The shapes as single characters, for plain text."""

_TONES = {"run": "$run", "walk": "$walk", "past-run": "$past", "past-walk": "$past", "now": "bold $foreground"}


def plain(text: str) -> str:
    """`text` with the drawn shapes as characters a terminal has."""
    return text.translate(_PLAIN)


class TextWidget(Widget):
    """A widget that redraws only when told something new."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._said: tuple[str, ...] = ("",)

    def say(self, *words: str) -> None:
        """Show `words`."""
        if words != self._said:
            self._said = words
            self.refresh()

    def render(self) -> Content:
        return Content(plain("\n".join(self._said)))


class BigText(TextWidget):
    """One line of text, as large as the room allows: `say(text, shorter)`, the shorter where the text does not fit."""

    def render(self) -> Content:
        return Content(_large(self._said, self.content_size.width, self.content_size.height))


def _large(texts: tuple[str, ...], width: int, height: int) -> str:
    """The first of `texts` that can be drawn large in the room, else the first in plain."""
    for text in texts:
        rows = biggest(text, width, height)
        if len(rows) > 1:
            return "\n".join(rows)
    return plain(texts[0])


class Gauge(TextWidget):
    """A number with its name: `say(name, number, unit, note)`. In one row as text; in three or more the number is
    drawn large, its name above (`over`) or beside it (`beside`)."""

    def __init__(self, *, id: str, beside: int = 0) -> None:
        super().__init__(id=id)
        self._beside = beside
        """Columns for the name beside the number; 0 for above."""

    def render(self) -> Content:
        name, number, unit, note = (*self._said, "", "", "", "")[:4]
        width, height = self.content_size
        if height >= 3 and self._beside and len(figures := biggest(number, width - self._beside, height)) > 1:
            labels = [Content.styled(name, "bold"), Content.styled(unit, "$quiet"), Content(note)]
            labels += [Content("")] * (len(figures) - len(labels))
            beside = (label.pad_right(max(0, self._beside - label.cell_length)) for label in labels)
            pairs = zip(beside, figures, strict=False)
            return Content("\n").join(Content.assemble(label, (figure, "bold")) for label, figure in pairs)
        if height >= 3 and not self._beside:
            head = Content.assemble((f"{name} {unit}", "$quiet"), f" {note}".rstrip())
            return Content("\n").join([head, *_bold(_large((number,), width, height - 1))])
        return _in_a_row(name, number, unit, note, width)


def _in_a_row(name: str, number: str, unit: str, note: str, width: int) -> Content:
    """The most of it that fits in a row, and room to breathe before the next; the number is never left out."""
    for parts in ((name, number, unit, note), (name, number, unit), (name, number), (number, unit)):
        said = [part for part in parts if part]
        if sum(map(len, said)) + len(said) <= width:
            styled = (Content.styled(part, "bold" if part is number else "$quiet") for part in said)
            return Content(" ").join(styled)
    return Content.styled(number, "bold")


def _bold(text: str) -> list[Content]:
    return [Content.styled(row, "bold") for row in text.splitlines()]


class SessionHeader(TextWidget):
    """One row with two ends: `say(left, right, style)`. The right end is always whole, in `style`."""

    def render(self) -> Content:
        left, right, style = (*self._said, "", "", "")[:3]
        room = max(0, self.content_size.width - len(right) - 2)
        kept = left if len(left) <= room else left[: max(0, room - 1)] + "…"
        return Content.assemble(kept.ljust(room), "  "[: self.content_size.width], (right, style))


class NextStep(TextWidget):
    """What next: `say(lead, word, detail)`, the word large where there is room, else the first part of it."""

    def render(self) -> Content:
        lead, word, detail = (*self._said, "", "", "")[:3]
        width, height = self.content_size
        rows = next(
            (rows for part in (word, *word.split()[:1]) if len(rows := biggest(part, width, height - 1)) > 1), [word]
        )
        arrow = f"{lead} ▶ " if lead else ""
        short = detail if len(arrow + detail) <= width else detail.partition(" for ")[0]
        return Content("\n").join([Content.assemble((arrow, "bold"), short), *_bold("\n".join(rows))])


class KeyLine(TextWidget):
    """The keys: `say(always, hint, …)`. As many hints as there is room for, and at the end the one that is always
    there. A hint's last words are its label, what stands before them the keys; `explain` has a sentence for each, which
    the mouse that rests on it is told."""

    def __init__(self, *, id: str, explain: Callable[[str], str]) -> None:
        super().__init__(id=id)
        self._explain = explain

    def render(self) -> Content:
        return Content("  ").join(_hint(hint) for hint in self._fitting())

    def _fitting(self) -> list[str]:
        always, *others = self._said
        room = self.content_size.width - len(always)
        shown = []
        for hint in others:
            if len(hint) + 2 > room:
                break
            shown.append(hint)
            room -= len(hint) + 2
        return [*shown, always]

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Say what the key under the mouse does."""
        at = event.get_content_offset(self)
        start, found = 0, ""
        for hint in self._fitting():
            if at is not None and start <= at.x < start + len(hint):
                found = self._explain(hint)
            start += len(hint) + 2
        self.tooltip = found or None


def _hint(hint: str) -> Content:
    words = hint.split(" ")
    keys = next((index for index, word in enumerate(words) if index and len(word) > 1), 1)
    return Content.assemble((" ".join(words[:keys]), "bold $accent"), " ", " ".join(words[keys:]))


class StopBar(TextWidget):
    """The STOP hint: `say(large, line, …)`. A press anywhere on it is Stop. The app judges those of the terminal at its
    door; `Pressed` is for a press that comes another way."""

    class Pressed(Message):
        """The bar was pressed."""

    def on_mouse_down(self) -> None:
        self.post_message(self.Pressed())

    def render(self) -> Content:
        large, *lines = self._said
        width, height = self.content_size
        beside = max((len(line) for line in lines), default=0)
        rows = biggest(large, width - beside - 3, height)
        if len(rows) == 1:
            alone = _large((large, large[2:]), width, height)
            return Content.styled(alone if "\n" in alone else f"{plain(large)}  {lines[0]}", "bold")
        first = (len(rows) - len(lines)) // 2
        drawn = []
        for index, row in enumerate(rows):
            line = lines[index - first] if 0 <= index - first < len(lines) else ""
            drawn.append(Content.assemble((row, "bold"), "   ", line.ljust(beside)))
        return Content("\n").join(drawn)


class TimelineStrip(Widget):
    """The session as a picture, with a mark at now."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._plan: TimelineView | None = None
        self._elapsed_s = 0.0

    def say(self, plan: TimelineView | None, elapsed_s: float) -> None:
        """Show `plan` with the mark at `elapsed_s`; redraws only when the mark comes to another cell."""
        if plan is not self._plan or self._column(elapsed_s) != self._column(self._elapsed_s):
            self.refresh()
        self._plan, self._elapsed_s = plan, elapsed_s

    def _column(self, elapsed_s: float) -> int:
        total = sum(step.duration_s for step in self._plan.steps) if self._plan else 0.0
        return int(elapsed_s / total * self.content_size.width) if total else 0

    def render(self) -> Content:
        if self._plan is None:
            return Content("")
        rows = picture(self._plan, self._elapsed_s, *self.content_size)
        return Content("\n").join(Content.assemble(*((run.text, _TONES[run.tone]) for run in row)) for row in rows)
