"""The README's pictures are what the program shows today."""

from __future__ import annotations

import html
import re

import pytest

from tests.support.pictures import FOLDER, PICTURES, ROOT


@pytest.mark.full
@pytest.mark.parametrize("name", PICTURES)
async def test_a_picture_is_what_the_program_shows(name: str) -> None:
    kept = (FOLDER / name).read_text(encoding="utf-8")
    assert await PICTURES[name]() == kept, "make them again: python -m tests.support.pictures"


def test_the_readme_shows_each_picture_and_no_other() -> None:
    shown = re.findall(r"\]\(\.readme/([\w.]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(PICTURES) == sorted(each.name for each in FOLDER.iterdir())


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_loads_nothing(name: str) -> None:
    kept = (FOLDER / name).read_text(encoding="utf-8")
    assert re.findall(r"https?://[^\s\"'<)]+", kept) == ["http://www.w3.org/2000/svg"]


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_looks_alike_in_viewers_that_know_no_text_length(name: str) -> None:
    """rsvg tore letters of blocks, and long lines ran into each other (issue 12, point 8)."""
    drawn = re.findall(r'<text class="[^"]*-r\d+"[^>]*>([^<]*)</text>', (FOLDER / name).read_text(encoding="utf-8"))
    assert len(drawn) > 5
    assert not [text for text in drawn if re.search(r"\s|[\u2580-\u2595]", html.unescape(text))]
