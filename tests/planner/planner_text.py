"""The planner's screen read back as plain text."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from runback.planner.app import PlannerApp

_SVG = "{http://www.w3.org/2000/svg}"
_CELL = 12.2
"""Width of a cell in Textual's screenshots."""


def screen_text(app: PlannerApp) -> str:
    """What is on the screen, as plain lines: read from the screenshot, which is Textual's public way out."""
    width, height = app.size
    rows = [[" "] * width for _ in range(height)]
    for element in ElementTree.fromstring(app.export_screenshot()).iter(f"{_SVG}text"):
        line = re.search(r"line-(\d+)\)", element.get("clip-path", ""))
        if line is None:
            continue  # the title of the window
        start = round(float(element.get("x", "0")) / _CELL)
        for offset, character in enumerate((element.text or "").rstrip("\n").replace("\xa0", " ")):
            if start + offset < width:
                rows[int(line[1])][start + offset] = character
    return "\n".join("".join(row).rstrip() for row in rows)
