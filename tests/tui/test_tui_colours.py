"""What can be read where there are few colours, or none: the Linux console, a bare `screen`, NO_COLOR."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rich.segment import Segment

from runback.tui.cockpit.app import CockpitApp
from runback.tui.cockpit.widgets import TimelineStrip
from tests.support.tui.reading import TERMINALS, contrast, least_contrast
from tests.support.tui.scenes import PLAN, SCENES, cockpit


def drawn(app: CockpitApp) -> Iterator[Segment]:
    """Everything on the screen that is to be read; the picture of the steps is beside figures that say the same."""
    picture = app.screen.query(TimelineStrip).first().region if len(app.screen.query(TimelineStrip)) else None
    for row, strip in enumerate(app.screen._compositor.render_strips(app.size)):
        if picture is None or not picture.contains_point((picture.x, row)):
            yield from (segment for segment in strip if segment.text.strip() and segment.style is not None)


def unreadable(app: CockpitApp, terminal: str) -> list[tuple[str, float]]:
    """What is too faint in `terminal`, and its contrast."""
    found = []
    for segment in drawn(app):
        ratio = 0.0 if segment.style is None else contrast(*TERMINALS[terminal](segment.style))
        if ratio < least_contrast(segment.text):
            found.append((segment.text, round(ratio, 1)))
    return found


@pytest.mark.full
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("terminal", TERMINALS)
async def test_every_state_can_be_read_with_few_colours_or_none(terminal: str, theme: str) -> None:
    app, _, _ = cockpit(theme)
    async with app.run_test(size=(80, 24)) as pilot:
        app.show_plan(PLAN)
        for name, scene in SCENES.items():
            app.show(scene)
            app.tick()
            await pilot.pause()
            assert unreadable(app, terminal) == [], name
