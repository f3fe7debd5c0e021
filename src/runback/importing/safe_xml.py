"""XML from strangers.

Rules:
- Read with defusedxml: a document type, an entity of its own or anything outside the file is refused, in one line.
- Elements and attributes are compared without capitals: the programs that write these files do not agree on them.
- Two slips that Zwift itself overlooks are overlooked here too: a bare `&`, and Windows-1252 letters in a file that
  does not say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runback.config_files.error_text import printable
from runback.errors import WorkoutError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_BARE = re.compile(r"&(?!#?[0-9A-Za-z]{1,10};)")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_MEND = "export the workout again from the program it is from"


@dataclass(frozen=True, slots=True)
class Node:
    """An element: its name and attributes in small letters, its text, its children in order."""

    name: str
    attributes: dict[str, str]
    element: Element

    @property
    def text(self) -> str:
        """What stands between its tags, on one line."""
        return " ".join((self.element.text or "").split())

    def __iter__(self) -> Iterator[Node]:
        return (_node(child) for child in self.element)

    def get(self, *names: str) -> str | None:
        """The first of the attributes `names` that is there and not empty."""
        return next((value for name in names if (value := self.attributes.get(name, "").strip())), None)


def _node(element: Element) -> Node:
    attributes = {_local(key): value for key, value in element.attrib.items()}
    return Node(_local(element.tag), attributes, element)


def _local(name: str) -> str:
    """A name without its namespace, in small letters."""
    return name.rpartition("}")[2].lower()


def parse(data: bytes, where: str) -> Node:
    """The root element. Raises WorkoutError."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        try:
            return _node(fromstring(data, forbid_dtd=True))
        except (ParseError, ValueError, LookupError) as error:
            if isinstance(error, DefusedXmlException):
                raise
            return _node(fromstring(_corrected(data), forbid_dtd=True))
    except DefusedXmlException as error:
        what = "the XML has a document type or entities, which a workout does not need"
        raise WorkoutError(where, what, _MEND) from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise WorkoutError(where, f"the XML is broken ({printable(str(error), 80)})", _MEND) from error


def _corrected(data: bytes) -> bytes:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return _BARE.sub("&amp;", _DECLARATION.sub("", text)).encode("utf-8", "replace")
