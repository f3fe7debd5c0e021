"""Elements of the page, and the page as text.

Rules:
- Markup is only ever an element; text is only ever text. The serializer escapes it: nobody's word becomes markup.
- What a person wrote stands in an element of its own (`said`), isolated, so that text of another direction cannot turn
  the words around it. What is not shown anywhere (`error_text.shows`) is U+FFFD here; lines stay lines, blanks blanks.
- Attributes hold figures and words of this program alone, never a person's.
- Nothing is loaded from anywhere: no address, no script.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from runback.config_files.error_text import shows

Element = ElementTree.Element
Child = Element | str | None

_BLANKS = re.compile("[\n\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
"""Ends of lines, tabs, and the blanks of Unicode (category Zs)."""


def clean(text: str) -> str:
    """`text` without what a reader cannot see, or a document cannot hold."""
    return "".join(each if shows(each) or _BLANKS.match(each) else "\ufffd" for each in text)


def node(tag: str, *children: Child, **attributes: str | float) -> Element:
    """An element. An attribute named for a word of Python ends in `_`; `_` inside a name is `-`."""
    names = {name.rstrip("_").replace("_", "-"): _figure(value) for name, value in attributes.items()}
    element = Element(tag, names)
    for child in children:
        if isinstance(child, Element):
            element.append(child)
        elif child is not None:
            _add_text(element, clean(child))
    return element


def said(text: str) -> Element:
    """What a person wrote, as they wrote it."""
    return node("bdi", text, class_="said")


def document(title: str, style: str, *body: Child) -> str:
    """The whole page, in HTML."""
    head = node(
        "head",
        node("meta", charset="utf-8"),
        # For a page that was tampered with, or a mistake of ours: a browser then loads and runs nothing.
        Element(
            "meta",
            {"http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"},
        ),
        node("meta", name="viewport", content="width=device-width, initial-scale=1"),
        node("meta", name="color-scheme", content="light"),
        node("title", title),
        node("style", style),
    )
    page = node("html", head, node("body", *body), lang="en")
    return "<!DOCTYPE html>\n" + ElementTree.tostring(page, encoding="unicode", method="html") + "\n"


def _figure(value: str | float) -> str:
    return value if isinstance(value, str) else f"{round(value, 2):g}"


def _add_text(element: Element, text: str) -> None:
    if len(element):
        last = element[-1]
        last.tail = (last.tail or "") + text
    else:
        element.text = (element.text or "") + text
