"""Fields of the engine's record, read: whatever they hold, the answer is a value that the journal can keep."""

from __future__ import annotations

import math
from collections.abc import Mapping

from runback.journal.model import Json

Fields = Mapping[str, object]

_LARGEST = 2**63 - 1


def scaled(value: object, scale: int) -> int | None:
    """A number in units of 1/`scale`, rounded; None if it is none, or none that SQLite can hold."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    product = value * scale
    return round(product) if -_LARGEST <= product <= _LARGEST else None  # not a number is no smaller than any


def text(value: object) -> str:
    """As text that can be stored: what is no Unicode (a name from a broken terminal) is replaced."""
    return ("" if value is None else str(value)).encode("utf-8", "replace").decode()


def octets(hexadecimal: str) -> bytes | None:
    """The bytes that `hexadecimal` spells; None if it spells none."""
    try:
        return bytes.fromhex(hexadecimal)
    except ValueError:
        return None


def as_json(value: object) -> dict[str, Json]:
    """A mapping as JSON can hold it; what it cannot hold is told in words."""
    return {str(key): _plain(each) for key, each in value.items()} if isinstance(value, Mapping) else {}


def _plain(value: object) -> Json:
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, Mapping):
        return as_json(value)
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return str(value)
