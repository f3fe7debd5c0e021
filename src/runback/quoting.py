"""How foreign text is shown back to a person, and what it was probably meant to be.

Rules:
- What is shown back is one line of printable characters, clipped: an error is one line, whatever was typed.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

CLIP = 40
"""Characters of foreign text shown back at most."""


def printable(text: str, limit: int) -> str:
    """`text` on one line: control characters, line ends and lone surrogates escaped, clipped to `limit` characters."""
    head = text[: limit + 1]
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in head)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def quoted(text: str) -> str:
    """`text` in double quotes, printable and clipped."""
    return f'"{printable(text, CLIP)}"'


def nearest(text: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The word of `known` that `text` was probably meant to be, or None."""
    found = get_close_matches(printable(text, CLIP).lower(), list(known), n=1, cutoff=cutoff)
    return found[0] if found else None
