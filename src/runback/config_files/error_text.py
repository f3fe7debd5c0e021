"""How foreign text is shown to a person, and what it was probably meant to be.

Foreign is whatever this program did not write itself: a name from the air, a file's name or content, a person's note, a
message from another process.

Rules:
- What is shown is one line of printable characters, clipped: an error is one line, whatever was typed.
- There is one set of characters that are never shown as they are (`shows`); each is written as its escape, so that
  nobody mistakes the text for another one.
- Text that is compared (a treadmill's name with a profile) is compared as it came, and never shown in that form.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from difflib import get_close_matches

CLIP = 40
"""Characters of foreign text shown at most, where it stands inside a sentence or a table."""
LINE = 500
"""Characters of a foreign line shown at most."""
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters, marks and symbols that are drawn as nothing: a name made of them would look like no name."""


def shows(character: str) -> bool:
    """Whether `character` may be shown as it is.

    Not if its Unicode category is one of these:
    - Cc: control characters; ESC and C1 begin a terminal's commands, CR and LF fake a line of this program's own.
    - Cf: format characters; those for the direction of text turn the words around it, zero-width ones hide in it.
    - Zl, Zp, and Zs but the space: line and paragraph separators, and blanks that look like the space.
    - Cs: halves of a surrogate pair (undecodable bytes of a file name), which no terminal's encoding can hold.
    - Co, Cn: private and unassigned, which mean whatever a terminal's font makes of them.
    Nor if it is drawn as nothing.
    """
    return character.isprintable() and character not in _BLANK


def printable(text: str, limit: int = LINE) -> str:
    """`text` on one line: characters that are not shown are escaped; clipped to `limit` characters."""
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text  # nearly every text is like this, and snapshots are made four times a second
    head = text[: limit + 1]
    shown = "".join(c if shows(c) else c.encode("unicode_escape").decode("ascii") for c in head)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def is_printable(text: str) -> bool:
    """Whether every character of `text` may be shown as it is."""
    return all(map(shows, text))


def quoted(text: str) -> str:
    """`text` in double quotes, printable and clipped."""
    return f'"{printable(text, CLIP)}"'


def json_line(record: object) -> str:
    """`record` as JSON on one line; characters that are not shown are JSON's own escapes, so that nothing is lost."""
    text = json.dumps(record, ensure_ascii=False)
    return "".join(c if shows(c) else json.dumps(c)[1:-1] for c in text)


def nearest(text: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The word of `known` that `text` was probably meant to be, or None."""
    found = get_close_matches(printable(text, CLIP).lower(), list(known), n=1, cutoff=cutoff)
    return found[0] if found else None
