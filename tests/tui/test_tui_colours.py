"""What can be read where there are few colours, or none: the Linux console, a bare `screen`, NO_COLOR."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.filter import monochrome_style
from tui_scenes import PLAN, SCENES, cockpit

from runback.tui.app import CockpitApp
from runback.tui.widgets.painted import Timeline

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


def drawn(app: CockpitApp) -> Iterator[Segment]:
    """Everything on the screen that is to be read; the picture of the steps is beside figures that say the same."""
    picture = app.screen.query(Timeline).first().region if len(app.screen.query(Timeline)) else None
    for row, strip in enumerate(app.screen._compositor.render_strips(app.size)):
        if picture is None or not picture.contains_point((picture.x, row)):
            yield from (segment for segment in strip if segment.text.strip() and segment.style is not None)


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
            for segment in drawn(app):
                assert segment.style is not None
                text, behind = TERMINALS[terminal](segment.style)
                least = 3.0 if set(segment.text) <= BLOCKS else 4.5  # WCAG 1.4.3: large letters, and others
                assert contrast(text, behind) >= least, (name, segment.text, text, behind)
