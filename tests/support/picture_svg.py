"""Textual's screenshots as pictures that every viewer draws alike.

A viewer without the font's exact widths (rsvg knows no `textLength`) tears long lines of text and all block characters.
So each word stands at its own place, and block characters are drawn as the rectangles that they are.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import groupby

from rich.cells import cell_len

_FOREIGN = re.compile(r"\s*@font-face \{.*?\}|\s*<!--.*?-->", re.DOTALL)
_TEXT = re.compile(
    r'<text class="([^"]+)" x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)" clip-path="[^"]+">([^<]*)</text>'
)
_CLIP = re.compile(r'<clipPath id="[^"]+-line-\d+">\s*<rect [^>]*/>\s*</clipPath>\s*')
ROW, ASCENT = 24.4, 18.5
"""Of a screenshot's line: its height, and how far its top is above the baseline of its text, in pixels."""
FULL = (0.0, 0.0, 1.0, 1.0)
BLOCKS = {
    "█": FULL,
    "▀": (0.0, 0.0, 1.0, 0.5),
    "▌": (0.0, 0.0, 0.5, 1.0),
    "▐": (0.5, 0.0, 0.5, 1.0),
    **{chr(0x2580 + eighths): (0.0, 1 - eighths / 8, 1.0, eighths / 8) for eighths in range(1, 8)},
    **dict.fromkeys("░▒▓", FULL),
}
"""Block characters: left, top, width and height, in parts of a cell."""
SHADES = {"░": 0.25, "▒": 0.5, "▓": 0.75}


def alone(svg: str) -> str:
    """The picture without what it would load, drawn alike everywhere, and without spaces at the ends of lines."""
    drawn = _TEXT.sub(_placed, _CLIP.sub("", _FOREIGN.sub("", svg)))
    return "\n".join(line.rstrip() for line in drawn.splitlines()) + "\n"


def _placed(found: re.Match[str]) -> str:
    style, x, y, length, content = found.groups()
    text = html.unescape(content).rstrip("\n")
    if not text.strip():
        return ""
    cell = float(length) / cell_len(text)
    return "".join(_parts(style, text, float(x), float(y), cell))


def _parts(style: str, text: str, x: float, y: float, cell: float) -> Iterator[str]:
    for kind, run in groupby(text, key=_kind):
        piece = "".join(run)
        width = cell * cell_len(piece)
        if kind in BLOCKS:
            left, top, part, height = BLOCKS[kind]
            shade = f' opacity="{SHADES[kind]}"' if kind in SHADES else ""
            if part == 1.0:
                yield _rectangle(style, x, y - ASCENT + top * ROW, width, height * ROW, shade)
            else:
                for number in range(len(piece)):
                    yield _rectangle(style, x + (number + left) * cell, y - ASCENT, part * cell, ROW, shade)
        elif kind:
            words = html.escape(piece, quote=False)
            yield f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" textLength="{width:.1f}">{words}</text>'
        x += width


def _kind(character: str) -> str:
    """What stands together: equal blocks, letters (`a`), and spaces (nothing)."""
    if character in BLOCKS:
        return character
    return "" if character.isspace() else "a"


def _rectangle(style: str, x: float, y: float, width: float, height: float, shade: str) -> str:
    size = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect class="{style}" {size}{shade} shape-rendering="crispEdges"/>'
