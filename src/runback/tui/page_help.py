"""F1 on any page where no belt moves: what it is for and what its keys do, in front of it until the next F1 or Esc."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

COMMON = (("g", "the guide"), ("Esc", "back"), ("t", "next theme"), ("Ctrl-C", "leave runback"))
"""Keys that mean the same everywhere."""


@dataclass(frozen=True, slots=True)
class PageHelp:
    """The help of one screen: its `title`, what it is for in `words` (one paragraph each), and its `keys` with what
    they do, those of `COMMON` left out. `topic` of the guide (`runback guide`) says more."""

    title: str
    words: tuple[str, ...]
    keys: tuple[tuple[str, str], ...] = ()
    topic: str = "plan"


@runtime_checkable
class HasHelp(Protocol):
    """A screen that has a help."""

    GUIDE: ClassVar[PageHelp]


class HelpScreen(ModalScreen[None]):
    """Shows `guide`. Nothing that stands behind it hears a key meanwhile."""

    def __init__(self, guide: PageHelp) -> None:
        super().__init__()
        self._guide = guide

    @property
    def topic(self) -> str:
        """The topic of the guide that says more."""
        return self._guide.topic

    def compose(self) -> ComposeResult:
        guide = self._guide
        with VerticalScroll(id="help"):
            yield Static(guide.title, classes="title")
            for words in guide.words:
                yield Static(words, classes="paragraph")
            yield Static(_table(guide.keys))
            yield Static(_row(COMMON), id="help-common")
            yield Static("Not medical advice. F1, ? or Esc closes this.", id="help-close")

    def on_mount(self) -> None:
        self.query_one("#help").focus()

    def key_escape(self) -> None:
        """Back."""
        self.dismiss()


def _row(keys: tuple[tuple[str, str], ...]) -> Content:
    return Content("   ").join(Content.assemble((key, "bold $warning"), f" {means}") for key, means in keys)


def _table(rows: tuple[tuple[str, str], ...]) -> Content:
    width = max(len(keys) for keys, _ in rows) + 2
    return Content("\n").join(Content.assemble((keys.ljust(width), "bold $warning"), means) for keys, means in rows)
