"""Reading a payload: every field is there, is what it must be, and there is no other.

Rules:
- Nothing is guessed or converted: a number that should be true or false is refused, one line says where and what.
- Text comes back to the last character. Enumerations are kept by the names of their members.

Why not pydantic: it refuses text that is no Unicode (half of a surrogate pair, from a broken terminal), and a person's
words are kept as they came.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from typing import NoReturn, TypeVar

from runback.errors import JournalError
from runback.journal.model import Json

Member = TypeVar("Member", bound=Enum)


class Fields:
    """The fields of one payload; `where` names it in errors. Every method raises JournalError."""

    def __init__(self, payload: Mapping[str, Json], where: str) -> None:
        self._left = dict(payload)
        self._where = where

    def refuse(self, what: str) -> NoReturn:
        """This entry cannot be read."""
        raise JournalError(self._where, what, "the file is damaged, or another program has written this")

    def _take(self, key: str) -> Json:
        if key not in self._left:
            self.refuse(f"{key} is missing")
        return self._left.pop(key)

    def text(self, key: str) -> str:
        """Text, as it was written."""
        value = self._take(key)
        return value if isinstance(value, str) else self.refuse(f"{key} is not text")

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self._take(key)
        return value if isinstance(value, bool) else self.refuse(f"{key} is neither true nor false")

    def maybe(self, key: str) -> bool | None:
        """True, false, or not known."""
        value = self._take(key)
        return value if value is None or isinstance(value, bool) else self.refuse(f"{key} is neither true nor false")

    def whole(self, key: str) -> int:
        """A whole number."""
        value = self._take(key)
        return value if type(value) is int else self.refuse(f"{key} is not a whole number")

    def number(self, key: str) -> float:
        """A finite number."""
        value = self._take(key)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            self.refuse(f"{key} is not a number")
        return value

    def moment(self, key: str) -> datetime:
        """A moment with its time zone."""
        text = self.text(key)
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            self.refuse(f"{key} is not a moment")
        return at if at.utcoffset() is not None else self.refuse(f"{key} has no time zone")

    def member(self, key: str, kind: type[Member]) -> Member:
        """A member of `kind`."""
        return self._member(key, self.text(key), kind)

    def texts(self, key: str) -> frozenset[str]:
        """Any number of words."""
        value = self._take(key)
        if not isinstance(value, list):
            self.refuse(f"{key} is not a list")
        return frozenset(
            each if isinstance(each, str) else self.refuse(f"{key} is not a list of words") for each in value
        )

    def members(self, key: str, kind: type[Member]) -> frozenset[Member]:
        """Any number of members of `kind`."""
        return frozenset(self._member(key, name, kind) for name in self.texts(key))

    def _member(self, key: str, name: str, kind: type[Member]) -> Member:
        found = kind.__members__.get(name)
        return self.refuse(f"{key} {ascii(name)[:40]} is not known here") if found is None else found

    def end(self) -> None:
        """Nothing may be left."""
        if self._left:
            self.refuse(f"{ascii(min(self._left))[:40]} is not known here")


def names(members: Iterable[Enum]) -> list[Json]:
    """What `Fields.members` reads: in order, so that the same answer is the same text."""
    return [*sorted(member.name for member in members)]
