"""How workouts are spelled, and how what a person wrote is shown back to them.

Rules:
- What is shown back is one line of printable characters, clipped: an error is one line, whatever was typed.
- What is spelled here is read back by `quantity` as the same value.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def spell_duration(seconds: float) -> str:
    """Seconds as `1h`, `1m30s`, `90.5s`."""
    if seconds != int(seconds):
        return f"{seconds!r}s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (rest, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0s"


def spell_speed(speed: int) -> str:
    """0.01 km/h as km/h without unit: `7.5`, `8.25`."""
    return f"{speed / 100:.1f}" if speed % 10 == 0 else f"{speed / 100:.2f}"


def spell_incline(incline: int) -> str:
    """0.1 % as percent without sign: `1`, `-2.5`."""
    return f"{incline / 10:g}"
