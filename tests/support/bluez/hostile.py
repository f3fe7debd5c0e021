"""Names that would do something to a terminal, or to who reads it, if they were shown as they are.

Source: issue 11, point 16. The categories are written down here once more, on purpose: they judge `quoting`.
"""

from __future__ import annotations

import unicodedata

NEVER_SHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
FAKED = "runback: belt at rest"

NAMES = {
    "ESC": "Mill \x1b[2J\x1b]0;owned\x07\x1b[8m",
    "C1": "Mill \x9b2J\x9d0;owned\x9c",
    "CR and LF": f"Mill\r\n{FAKED}\r\n",
    "next line": f"Mill\x85{FAKED}",
    "line separators": f"Mill\u2028{FAKED}\u2029",
    "bidi": "Mill \u202etser ta tleb\u202c \u2066x\u2069",
    "zero width": "Mi\u200bl\u200dl\ufeff\u2060",
    "blank letters": "Mill \u3164\u115f\u2800",
    "overlong": "Mill " + " " * 70 + FAKED,
    "wide": "Mill " + "跑步机" * 12,
}
"""What they hold, and the name."""


def harmful(text: str) -> list[str]:
    """The characters of `text` that nobody may be shown; the ends of its own lines are not among them."""
    blanks = "\u3164\u115f\u1160\uffa0\u2800\u034f\u17b4\u17b5"
    return [
        each
        for each in text.replace("\n", "")
        if unicodedata.category(each) in NEVER_SHOWN
        or (unicodedata.category(each) == "Zs" and each != " ")
        or each in blanks
    ]
