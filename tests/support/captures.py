"""The captures of real machines (tests/captures.json, each with its source) and the advert structures in some."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

_FILE = Path(__file__).parent.parent / "captures.json"


class Capture(TypedDict):
    source: str
    characteristic: str
    hex: str
    decoded: dict[str, object]
    note: str


def captures(characteristic: str | None = None) -> list[Capture]:
    """All captures, or those of one characteristic."""
    everything: list[Capture] = json.loads(_FILE.read_text("utf-8"))
    return [each for each in everything if characteristic in (None, each["characteristic"])]


def ad_structures(data: bytes) -> dict[int, bytes]:
    """AD type to its data (Core vol 3 C 11)."""
    found: dict[int, bytes] = {}
    while data and data[0]:
        found[data[1]] = data[2 : 1 + data[0]]
        data = data[1 + data[0] :]
    return found
