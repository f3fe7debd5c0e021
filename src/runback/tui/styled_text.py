"""Text with a role: what a page is made of before it is drawn.

Rules:
- A role is never the only signal: whatever it colours also says itself in words or by its shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a line is; the screens have one style for each."""

    PLAIN = "plain"
    HEAD = "head"
    QUIET = "quiet"
    STRONG = "strong"
    GOOD = "good"
    WARN = "warn"
    RUN = "run"
    WALK = "walk"


class PageTone(StrEnum):
    """What a page feels like; the stylesheet has one colour for each."""

    RUN = "run"
    ASK = "rest"
    WAIT = "wait"
    WALK = "walk"
    DONE = "done"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class StyledLine:
    """A line that may wrap."""

    text: str = ""
    role: Role = Role.PLAIN


def bar(part: float, width: int) -> str:
    """How much of something there is, as a bar of `width` cells."""
    filled = round(min(1.0, max(0.0, part)) * width)
    return "█" * filled + "░" * (width - filled)
