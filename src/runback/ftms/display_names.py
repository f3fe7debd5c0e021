"""How codes and bits are called in front of people: the specification's words.

A name is made from the enum member's; only those that Python cannot spell stand in a table.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Final

_SMALL: Final = frozenset({"Or", "And", "By", "The", "Of", "On", "In"})
_SPELLED: Final = {
    "MANUAL_MODE": "Manual Mode (Quick Start)",
    "PRE_WORKOUT": "Pre-Workout",
    "POST_WORKOUT": "Post-Workout",
}


def _words(name: str) -> str:
    if name in _SPELLED:
        return _SPELLED[name]
    words = name.title().split("_")
    return " ".join(word.lower() if word in _SMALL else word for word in words)


def code_text(value: int) -> str:
    """A code as the specification writes it: `0x02`."""
    return f"0x{value:02X}"


def code_label(value: int) -> str:
    """`Set Target Speed` for a member, `Unknown 0x7F` for a number that is none."""
    return _words(value.name) if isinstance(value, IntEnum) else f"Unknown {code_text(value)}"


def flag_labels(value: IntFlag) -> list[str]:
    """The bits that are set, lowest first; one that is not assigned as `Reserved Bit 20`."""
    kind = type(value)
    labels = []
    for bit in range(int(value).bit_length()):
        if value & (1 << bit):
            name = kind(1 << bit).name
            labels.append(f"Reserved Bit {bit}" if name is None else _words(name))
    return labels
