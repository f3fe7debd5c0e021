"""What can be read of the planner's screens where there are few colours, or none."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.screen import ModalScreen

from runback.tui.home.home_app import HomeApp
from tests.planner.test_planner_screens import PAGES, SIZES, TODAY
from tests.support.planner import desk
from tests.support.tui.home import today_app
from tests.support.tui.reading import TERMINALS, contrast, least_contrast


def unreadable(app: HomeApp) -> list[tuple[str, str, float]]:
    """Terminal, text and contrast of everything that is too faint in one of them; behind a question all may be."""
    found = []
    asks = app.screen.children[0].region if isinstance(app.screen, ModalScreen) else app.screen.region
    for row, strip in enumerate(app.screen._compositor.render_strips(app.size)):
        if not asks.contains_point((asks.x, row)):
            continue
        for segment in strip.crop(asks.x, asks.right):
            if not segment.text.strip() or segment.style is None:
                continue
            for terminal, shown in TERMINALS.items():
                ratio = contrast(*shown(segment.style))
                if ratio < least_contrast(segment.text):
                    found.append((terminal, segment.text, round(ratio, 1)))
    return found


@pytest.mark.full
@pytest.mark.parametrize("theme", ["runback-dark", "runback-light"])
@pytest.mark.parametrize("name", [*TODAY, *PAGES])
async def test_every_page_can_be_read_with_few_colours_or_none(name: str, theme: str, tmp_path: Path) -> None:
    make, keys = PAGES[name] if name in PAGES else (TODAY[name], ())
    app = today_app(make(desk(tmp_path)), theme=theme)
    async with app.run_test(size=SIZES[0]) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        assert unreadable(app) == []
