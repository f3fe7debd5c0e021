"""F1 on every screen of the planner, and what the mouse is told of the line of keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Markdown

from runback import guide
from runback.tui.guide_screen import GuideScreen
from runback.tui.home.home_app import HomeApp, HomeRequest
from runback.tui.key_bar import KeyBar
from runback.tui.page_help import HasHelp
from tests.planner.test_planner_screens import PAGES
from tests.support.planner import desk, through_the_gate
from tests.support.tui.home import today_app
from tests.support.tui.reading import screen_text

SIZE = (80, 24)


async def helped(pilot: Pilot[HomeRequest], key: str) -> None:
    """The help opens over the screen in front, tells all of itself, and goes again as it came."""
    app = pilot.app
    assert isinstance(app, HomeApp)
    await pilot.pause()
    before, screen = screen_text(app, clip=True), app.screen
    assert isinstance(screen, HasHelp)
    await pilot.press(key)
    shown = screen_text(app, clip=True)
    assert screen.GUIDE.title in shown
    assert all(keys in shown and means.split()[0] in shown for keys, means in screen.GUIDE.keys)
    assert "F1, ? or Esc closes this" in shown
    await pilot.press(key)
    assert screen_text(app, clip=True) == before


@pytest.mark.full
@pytest.mark.parametrize("name", PAGES)
async def test_f1_explains_each_screen_and_leaves_it_as_it_was(name: str, tmp_path: Path) -> None:
    make, keys = PAGES[name]
    app = today_app(make(desk(tmp_path)))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*keys)
        await helped(pilot, "f1")


@pytest.mark.full
async def test_today_has_its_help_too_and_a_question_mark_is_the_same(tmp_path: Path) -> None:
    app = today_app(through_the_gate(desk(tmp_path)))
    async with app.run_test(size=SIZE) as pilot:
        await helped(pilot, "f1")
        await helped(pilot, "question_mark")


@pytest.mark.full
async def test_a_question_mark_among_words_is_text(tmp_path: Path) -> None:
    app = today_app(through_the_gate(desk(tmp_path)))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("a", "1", "enter")
        before = screen_text(app, clip=True)
        await pilot.press("question_mark")
        assert "F1, ? or Esc closes this" not in screen_text(app, clip=True)
        await pilot.press("f1")
        assert "F1, ? or Esc closes this" in screen_text(app, clip=True)
        assert "F1, ? or Esc closes this" not in before


async def test_keys_do_nothing_behind_the_help(tmp_path: Path) -> None:
    app = today_app(through_the_gate(desk(tmp_path)))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        today = app.screen
        await pilot.press("f1", "q", "enter", "h", "p", "c")
        assert app.is_running
        await pilot.press("escape")
        assert app.screen is today


@pytest.mark.full
async def test_the_mouse_is_told_what_a_key_does_and_opens_the_help(tmp_path: Path) -> None:
    app = today_app(through_the_gate(desk(tmp_path)))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        row = screen_text(app, clip=True).splitlines()[-1]
        for words in ("h history", "F1 help"):
            await pilot.hover(offset=(row.index(words), SIZE[1] - 1))
            keys, _, label = words.partition(" ")
            assert app.screen.query_one(KeyBar).tooltip == f"{keys}: {label}"
        await pilot.hover(offset=(SIZE[0] - 1, SIZE[1] - 1))
        assert app.screen.query_one(KeyBar).tooltip is None
        await pilot.click(offset=(row.index("F1 help"), SIZE[1] - 1))
        assert "F1, ? or Esc closes this" in screen_text(app, clip=True)


async def test_g_leads_from_the_help_to_the_page_of_the_guide_that_says_more_and_esc_back(tmp_path: Path) -> None:
    app = today_app(through_the_gate(desk(tmp_path)))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("g")
        assert not isinstance(app.screen, GuideScreen)  # only the help leads there
        await pilot.press("f1", "g")
        await pilot.pause()
        assert app.screen.query_one(Markdown).source == guide.text("plan")
        await pilot.press("up")
        await pilot.pause()
        assert app.screen.query_one(Markdown).source == guide.text("session")
        await pilot.press("escape", "escape")
        assert screen_text(app, clip=True).startswith(" Friday")


@pytest.mark.full
@pytest.mark.parametrize("topic", guide.TOPICS)
async def test_each_page_of_the_guide_can_be_read_to_its_end(topic: str, tmp_path: Path) -> None:
    app = today_app(through_the_gate(desk(tmp_path)))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.push_screen(GuideScreen(topic))
        await pilot.pause()
        await pilot.press("tab", "end")
        await pilot.pause()
        text = app.screen.query_one("#text")
        assert text.scroll_y == text.max_scroll_y > 0
