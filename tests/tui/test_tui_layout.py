"""Everything fits: at every size, in every state, nothing overlaps, nothing is cut, and the large words are large."""

from __future__ import annotations

from itertools import combinations

import pytest
from textual.color import Color
from textual.widget import Widget

from runback.key_bindings import is_latched
from runback.tui.cockpit.app import CockpitApp
from runback.tui.cockpit.widgets import Gauge, StopBar, TextWidget
from tests.support.tui.reading import screen_text
from tests.support.tui.scenes import AT_REST, PLAN, SCENES, cockpit

SIZES = [(60, 20), (80, 24), (120, 40), (200, 60)]
WIDE_ENOUGH = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


def shown(app: CockpitApp) -> list[Widget]:
    """The pieces that draw something now."""
    pieces = [piece for piece in app.screen.query(Widget) if not piece.children and piece.is_on_screen]
    return [piece for piece in pieces if piece.display and piece.visible and piece.region.area]


@pytest.mark.full
@pytest.mark.parametrize("watching", [False, True], ids=["own", "second"])
@pytest.mark.parametrize("size", [*SIZES, (100, 30), (160, 45), (81, 60), (200, 24)], ids=lambda size: f"{size}")
async def test_in_no_state_does_anything_overlap_leave_the_window_or_lose_a_word(
    size: tuple[int, int], watching: bool
) -> None:
    app, _, _ = cockpit(watching=watching)
    async with app.run_test(size=size) as pilot:
        app.show_plan(PLAN)
        for name, scene in SCENES.items():
            app.show(scene)
            app.tick()
            await pilot.pause()
            pieces = shown(app)
            for piece in pieces:
                assert app.screen.region.contains_region(piece.region), (name, piece)
                if isinstance(piece, TextWidget) and piece.styles.text_wrap == "nowrap":
                    rows = piece.render().plain.splitlines() or [""]
                    assert max(map(len, rows)) <= piece.content_size.width, (name, piece, rows)
                    assert len(rows) <= piece.content_size.height, (name, piece, rows)
            for one, other in combinations(pieces, 2):
                assert not one.region.intersection(other.region).area, (name, one, other)
            assert "…" not in screen_text(app).replace("stopping …", "").replace("Looking for it …", ""), name


@pytest.mark.full
async def test_a_long_notice_takes_two_rows_rather_than_lose_its_end() -> None:
    app, _, _ = cockpit()
    async with app.run_test(size=(60, 20)) as pilot:
        notice = "The treadmill refused 9.5 km/h: it goes from 0.8 to 9.0 km/h, so 9.0 km/h it is."
        app.show(SCENES["run"].model_copy(update={"notice": notice, "treadmill": "A very long name of a treadmill"}))
        await pilot.pause()
        assert notice in " ".join(" ".join(line.split()) for line in screen_text(app).splitlines())
        assert "● heard 0.4 s ago" in screen_text(app)


@pytest.mark.full
@WIDE_ENOUGH
async def test_the_countdown_the_word_and_the_speeds_are_drawn_large(size: tuple[int, int]) -> None:
    app, _, _ = cockpit()
    async with app.run_test(size=size) as pilot:
        app.show_plan(PLAN)
        for name in ("run", "run, long and fast", "walk", "ease", "pausing", "paused", "cool-down", "countdown"):
            app.show(SCENES[name])
            app.tick()
            await pilot.pause()
            for piece, rows in (("#count", 5), ("#now", 3), ("#target", 3), ("#belt", 3)):
                drawn = app.screen.query_one(piece, TextWidget).render().plain
                assert sum("█" in row or "▀" in row for row in drawn.splitlines()) >= rows, (name, piece)


@pytest.mark.full
@WIDE_ENOUGH
async def test_target_and_belt_never_touch(size: tuple[int, int]) -> None:
    """0.0 above 0.0 without a blank between them reads 8.8."""
    app, _, _ = cockpit()
    async with app.run_test(size=size) as pilot:
        app.show(SCENES["paused"])
        await pilot.pause()
        target = app.screen.query_one("#target", Gauge)
        rows = target.render().plain.splitlines()
        assert len(rows) < target.content_size.height or not {"█", "▄"} & set(rows[-1])


@pytest.mark.full
async def test_the_stop_hint_is_there_whenever_the_belt_may_move() -> None:
    app, _, _ = cockpit()
    async with app.run_test(size=(80, 24)) as pilot:
        app.show_plan(PLAN)
        for name, scene in SCENES.items():
            app.show(scene)
            app.tick()
            await pilot.pause()
            bar = app.screen.query_one(StopBar)
            if not is_latched(scene):
                assert bar in shown(app), name
                assert bar.has_class("-rest") == (name in AT_REST), name
            else:
                assert bar not in shown(app), name


@pytest.mark.parametrize("size", [(59, 20), (60, 19), (30, 8), (20, 5)])
async def test_a_window_too_small_says_so_and_that_any_key_stops(size: tuple[int, int]) -> None:
    app, _, _ = cockpit()
    async with app.run_test(size=size) as pilot:
        app.show(SCENES["run"])
        await pilot.pause()
        assert "RUN 1:42" in screen_text(app)
        assert "ANY KEY STOPS" in screen_text(app)
        app.show(SCENES["alarm"])
        await pilot.pause()
        assert "STEP OFF" in screen_text(app)


@pytest.mark.full
@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_what_is_read_stands_out_from_what_is_behind_it(theme: str) -> None:
    """WCAG 2.1, 1.4.3: four and a half to one, and three to one for what is large."""
    app, _, _ = cockpit(theme)
    async with app.run_test(size=(80, 24)) as pilot:
        app.show_plan(PLAN)
        for name, scene in SCENES.items():
            app.show(scene)
            app.tick()
            await pilot.pause()
            for piece in shown(app):
                background, foreground = piece.background_colors[1], piece.colors[3]
                large = piece.region.height > 2
                assert contrast(background, foreground) >= (3.0 if large else 4.5), (name, piece)


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of WCAG 2.1."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: Color) -> float:
    """Relative luminance of WCAG 2.1."""
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
