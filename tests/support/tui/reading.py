"""A Textual program's screen read back: as plain text, and as what a terminal with few colours makes of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

from rich.color import ColorSystem
from rich.style import Style
from textual.app import App
from textual.filter import monochrome_style

_SVG = "{http://www.w3.org/2000/svg}"
_CELL = 12.2
"""Width of a cell in Textual's screenshots."""


def screen_text(app: App[Any], *, clip: bool = False) -> str:
    """What is on the screen, as plain lines: read from the screenshot, which is Textual's public way out. What stands
    beyond its edge is an error, unless `clip`."""
    width, height = app.size
    rows = [[" "] * width for _ in range(height)]
    for element in ElementTree.fromstring(app.export_screenshot()).iter(f"{_SVG}text"):
        line = re.search(r"line-(\d+)\)", element.get("clip-path", ""))
        if line is None:
            continue  # the title of the window
        start = round(float(element.get("x", "0")) / _CELL)
        for offset, character in enumerate((element.text or "").rstrip("\n").replace("\xa0", " ")):
            if not clip or start + offset < width:
                rows[int(line[1])][start + offset] = character
    return "\n".join("".join(row).rstrip() for row in rows)


VGA = (
    *((0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170)),
    *((85, 85, 85), (255, 85, 85), (85, 255, 85), (255, 255, 85), (85, 85, 255), (255, 85, 255), (85, 255, 255)),
    (255, 255, 255),
)
"""The sixteen colours of the Linux console."""
Colour = tuple[int, int, int]


def luminance(colour: Colour) -> float:
    """WCAG 2.2, relative luminance."""
    red, green, blue = (
        value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in (c / 255 for c in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """WCAG 2.2, contrast ratio."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def few(system: ColorSystem, *, grey: bool) -> Callable[[Style], tuple[Colour, Colour]]:
    """How a terminal of `system` shows a style; `grey`: with NO_COLOR."""

    def shown(style: Style) -> tuple[Colour, Colour]:
        style = monochrome_style(style) if grey else style
        assert style.color is not None
        assert style.bgcolor is not None
        found = [colour.downgrade(system) for colour in (style.color, style.bgcolor)]
        if style.reverse:
            found.reverse()
        text, behind = (
            VGA[each.number or 0] if system is ColorSystem.STANDARD else tuple(each.get_truecolor()) for each in found
        )
        return text, behind  # type: ignore[return-value]  # three numbers each

    return shown


TERMINALS = {
    "16 colours": few(ColorSystem.STANDARD, grey=False),
    "256 colours": few(ColorSystem.EIGHT_BIT, grey=False),
    "NO_COLOR": few(ColorSystem.TRUECOLOR, grey=True),
    "NO_COLOR, 256": few(ColorSystem.EIGHT_BIT, grey=True),
    "NO_COLOR, 16": few(ColorSystem.STANDARD, grey=True),
}
BLOCKS = frozenset("█▀▄▌▐ ")


def least_contrast(text: str) -> float:
    """WCAG 1.4.3: what `text` needs, large letters being made of blocks."""
    return 3.0 if set(text) <= BLOCKS else 4.5
