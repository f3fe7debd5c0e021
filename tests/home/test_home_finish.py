"""The page after a session: how it compares, what comes next, and its export with one key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.errors import InputError
from runback.journal.model import SessionRecord, SessionRow
from runback.tui.home.home_app import AfterSession, HomeApp
from runback.tui.home.home_screen import HomeScreen
from runback.tui.planner.plan_data import PlanData
from runback.tui.planner.screens.history_screen import HistoryScreen
from runback.tui.planner.screens.session_screen import SessionScreen
from runback.tui.planner.session_detail import compared
from tests.support.planner import NOW, ago, desk, has_run, keep, session
from tests.support.tui.home import FixedPorts
from tests.support.tui.reading import screen_text

SIZES = ((60, 20), (80, 24), (120, 40), (200, 60))
REAL = False
ROW = SessionRow(2, NOW, "easy", "", 0, REAL, "1", None, None, 0, 300_000, 5000, 750, 131, 149, "completed", None, 0)


def finish(at: PlanData, number: int = 1, *, wrong: bool = False) -> HomeApp:
    return HomeApp(lambda: at, FixedPorts(), after=AfterSession(number, wrong))


@given(st.integers(-600, 600), st.integers(-5000, 5000), st.none() | st.integers(-20, 20))
def test_the_comparison_tells_what_differs_and_which_way(seconds: int, metres: int, beats: int | None) -> None:
    heart = None if beats is None else 131 - beats
    before = replace(ROW, active=ROW.active - seconds * 1000, distance=5000 - metres * 10, mean_heart_rate=heart)
    (line,) = compared(ROW, before, "3 May")
    assert ("longer" in line.text) == (seconds > 0)
    assert ("shorter" in line.text) == (seconds < 0)
    assert ("farther" in line.text) == (metres > 0)
    assert ("less far" in line.text) == (metres < 0)
    assert ("heart" in line.text) == bool(beats)
    assert ("The same" in line.text) == (not seconds and not metres and not beats)


def test_there_is_nothing_to_compare_the_first_with() -> None:
    assert compared(ROW, None, "") == []


@pytest.mark.parametrize("size", SIZES)
async def test_the_session_that_ended_stands_first_and_enter_asks_about_it(
    size: tuple[int, int], tmp_path: Path
) -> None:
    app = finish(has_run(desk(tmp_path)))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, SessionScreen)
        assert screen_text(app, clip=True).splitlines()[-1].strip().startswith("Enter go on")
        await pilot.press("enter")
        await pilot.pause()
        assert "at its worst during the run" in screen_text(app, clip=True)


@pytest.mark.parametrize("key", ["enter", "escape"])
async def test_the_key_that_leaves_the_page_opens_nothing_behind_it(key: str, tmp_path: Path) -> None:
    """It ran the first row of Home, or opened the session again from the history."""
    at = desk(tmp_path)
    keep(at.path, session(ago(days=2), plan=None))
    app = finish(at)
    async with app.run_test(size=SIZES[1]) as pilot:
        await pilot.pause()
        await pilot.press(key)
        await pilot.pause()
        assert app.is_running
        assert [type(each) for each in app.screen_stack[1:]] == [HomeScreen]
        await pilot.press("h", "tab")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        opened = [type(each) for each in app.screen_stack[1:]]
        assert opened == [HomeScreen, HistoryScreen, SessionScreen]
        await pilot.press(key)
        await pilot.pause()
        assert [type(each) for each in app.screen_stack[1:]] == opened[:2]
    assert app.return_value is None


async def test_the_one_before_of_its_kind_is_the_last_that_was_run_to_its_end(tmp_path: Path) -> None:
    at = desk(tmp_path)
    runs = [
        session(ago(days=6), plan=None),
        session(ago(days=4), plan=None, outcome="stopped"),
        session(ago(days=2), plan=None),
    ]
    keep(at.path, *runs)
    newest = at.story(3).session
    before = at.one_before(newest)
    assert before is not None
    assert before.id == 1
    assert at.one_before(before) is None
    app = finish(at, 3)
    async with app.run_test(size=SIZES[2]) as pilot:
        await pilot.pause()
        assert "The same as the time before, 26 September." in screen_text(app, clip=True)


@pytest.mark.parametrize("broken", [False, True])
async def test_e_exports_it_and_says_where_or_why_not(broken: bool, tmp_path: Path) -> None:
    at = has_run(desk(tmp_path))

    def export(told: SessionRecord) -> str:
        if broken:
            raise InputError("here", "the disk is full", "make room")
        return f"/somewhere/runback-{told.session.id}.fit"

    at.export = export
    app = finish(at)
    async with app.run_test(size=SIZES[1]) as pilot:
        await pilot.pause()
        await pilot.press("e")
        await pilot.pause()
        shown = screen_text(app, clip=True)
        assert ("the disk is full" if broken else "✓ Exported: /somewhere/runback-1.fit") in shown
