"""Each screen as it stands, kept as plain text; and that a person gets through them by keys or mouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from runback.rehab.decision import DecisionKind
from runback.rehab.records import CheckInMoment, LegSymptoms
from runback.rehab.red_flags import RedFlag
from runback.tui.home.home_app import HomeAction, HomeRequest
from runback.tui.planner.plan_data import PlanData
from tests.support.planner import (
    PLAN,
    about_to_run,
    at_the_gate,
    chosen,
    desk,
    flagged,
    for_weeks,
    has_run,
    resting,
    the_day_after,
    through_the_gate,
)
from tests.support.tui.home import today_app
from tests.support.tui.reading import screen_text

SIZES = [(80, 24), (120, 40), (200, 60)]
TODAY: dict[str, Callable[[PlanData], PlanData]] = {
    "nothing chosen": lambda at: at,
    "chosen": chosen,
    "at the gate": at_the_gate,
    "through the gate": through_the_gate,
    "about to run": about_to_run,
    "has run": has_run,
    "resting": resting,
    "red flag": flagged,
    "red flag, urgent": lambda at: flagged(at, RedFlag.FEVER),
}
PAGES: dict[str, tuple[Callable[[PlanData], PlanData], tuple[str, ...]]] = {
    "pain": (through_the_gate, ("enter", "1", "0")),
    "leg": (through_the_gate, ("enter", "2", "enter")),
    "signs": (through_the_gate, ("enter", "2", "enter", "1", "enter", "down")),
    "red flags": (through_the_gate, ("enter", "2", "enter", "1", "enter", "n", "enter", "2")),
    "urgent": (through_the_gate, ("enter", "2", "enter", "1", "enter", "n", "enter", "n", "enter")),
    "read over": (through_the_gate, ("enter", "2", "enter", "1", "enter", "n", "enter", "n", "enter")),
    "leaving": (through_the_gate, ("enter", "2", "escape")),
    "months": (for_weeks, ("h",)),
    "list": (for_weeks, ("h", "tab")),
    "plots": (for_weeks, ("h", "tab", "tab")),
    "session": (for_weeks, ("h", "tab", "enter")),
    "plan": (resting, ("p",)),
    "plans": (resting, ("p", "n")),
    "following": (resting, ("p", "n", "enter", "a")),
}


@pytest.mark.full
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", TODAY)
async def test_today(name: str, size: tuple[int, int], tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    app = today_app(TODAY[name](desk(tmp_path)))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert screen_text(app, clip=True) == snapshot


@pytest.mark.full
@pytest.mark.parametrize("name", PAGES)
async def test_the_other_screens_at_80_by_24(name: str, tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    make, keys = PAGES[name]
    app = today_app(make(desk(tmp_path)), theme="runback-light")
    async with app.run_test(size=SIZES[0]) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        assert screen_text(app, clip=True) == snapshot


@pytest.mark.full
@pytest.mark.parametrize("name", ["red flags", "months", "session", "plan"])
async def test_the_other_screens_where_there_is_room(name: str, tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    make, keys = PAGES[name]
    app = today_app(make(desk(tmp_path)))
    async with app.run_test(size=SIZES[2]) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        assert screen_text(app, clip=True) == snapshot


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_nobody_says_none_of_these_without_having_come_past_the_last_red_flag(
    size: tuple[int, int], tmp_path: Path
) -> None:
    app = today_app(through_the_gate(desk(tmp_path)))
    async with app.run_test(size=size) as pilot:
        await pilot.press("enter", "1", "enter", "1", "enter", "n", "enter")
        await pilot.pause()
        await pilot.press("n")
        await pilot.pause()
        shown = screen_text(app, clip=True)
        assert "[x] None of these" in shown
        assert "shoulder" in shown


@pytest.mark.full
async def test_one_key_says_that_all_is_as_last_time_and_it_is_read_over_before_it_is_kept(tmp_path: Path) -> None:
    at = for_weeks(desk(tmp_path))
    before = len(at.book.history().check_ins)
    app = today_app(at)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("c")
        await pilot.pause()
        assert "Last time: " in screen_text(app, clip=True)
        await pilot.press("s")
        await pilot.pause()
        assert "Is this right?" in screen_text(app, clip=True)
        assert len(at.book.history().check_ins) == before
        await pilot.press("enter")
        await pilot.pause()
        assert len(at.book.history().check_ins) == before + 1


@pytest.mark.full
async def test_from_the_check_in_to_the_run(tmp_path: Path) -> None:
    at = through_the_gate(desk(tmp_path))
    app = today_app(at)
    async with app.run_test(size=SIZES[0]) as pilot:
        await pilot.press("enter", "1", "enter", "1", "enter", "n", "enter", "n", "enter", "enter")
        await pilot.pause()
        assert "Saved" in screen_text(app, clip=True)
        said = at.book.history().check_ins[-1]
        assert (said.moment, said.pain, said.leg) == (CheckInMoment.BEFORE, 1, LegSymptoms.NONE)
        await pilot.press("enter")
    assert app.return_value == HomeRequest(HomeAction.STAGE)


@pytest.mark.full
async def test_nothing_is_kept_before_it_has_been_read_over_and_what_was_left_is_found_again(tmp_path: Path) -> None:
    at = through_the_gate(desk(tmp_path))
    before = len(at.book.kept())
    app = today_app(at)
    async with app.run_test(size=SIZES[0]) as pilot:
        await pilot.press("enter", "7", "enter", "escape")
        assert "Nothing is saved yet" in screen_text(app, clip=True)
        await pilot.press("enter")
        assert "in a leg?" in screen_text(app, clip=True)
        await pilot.press("escape", "y")
        await pilot.pause()
        assert len(at.book.kept()) == before
        await pilot.press("enter")
        assert "in a leg?" in screen_text(app, clip=True)
        await pilot.press("pageup")
        assert "┃ 7  ┃" in screen_text(app, clip=True)


@pytest.mark.full
async def test_a_red_flag_fills_the_screen_at_once_and_no_key_runs(tmp_path: Path) -> None:
    at = about_to_run(desk(tmp_path))
    app = today_app(at)
    async with app.run_test(size=SIZES[0]) as pilot:
        await pilot.press("c", "1", "enter", "1", "enter", "n", "enter", "1", "enter", "n", "enter", "enter")
        await pilot.pause()
        assert "Call your emergency number" in screen_text(app, clip=True)
        await pilot.press("enter", "o", "a")
        assert app.is_running
        assert "Call your emergency number" in screen_text(app, clip=True)
        decision = at.book.decision(at.now())
        assert decision is not None
        assert decision.kind is DecisionKind.LOCKED
        await pilot.press("k", "D", "r", "enter", "enter")
        await pilot.pause()
        assert at.book.history().clearances[-1].clinician == "Dr"


@pytest.mark.full
async def test_after_a_session_the_worst_is_asked_and_what_was_wrong_first(tmp_path: Path) -> None:
    app = today_app(has_run(desk(tmp_path)), after=True, wrong=True)
    async with app.run_test(size=SIZES[0]) as pilot:
        await pilot.pause()
        assert "What was it?" in screen_text(app, clip=True)
    app = today_app(has_run(desk(tmp_path)), after=True)
    async with app.run_test(size=SIZES[0]) as pilot:
        await pilot.pause()
        assert "at its worst during the run" in screen_text(app, clip=True)


async def test_a_plan_is_chosen_and_cautious(tmp_path: Path) -> None:
    at = desk(tmp_path)
    app = today_app(at)
    async with app.run_test(size=SIZES[0]) as pilot:
        await pilot.press("enter", "enter", "a", "y")
        await pilot.pause()
        choice = at.book.choice()
        assert choice is not None
        assert (choice.name, choice.cautious) == (PLAN, True)
        assert "Before stage 1" in screen_text(app, clip=True)


@pytest.mark.full
async def test_going_ahead_against_the_wait_asks_why(tmp_path: Path) -> None:
    at = the_day_after(desk(tmp_path))
    app = today_app(at)
    async with app.run_test(size=SIZES[0]) as pilot:
        await pilot.press("o")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert "Please write a few words." in screen_text(app, clip=True)
        await pilot.press("o", "k", "enter", "enter")
        await pilot.pause()
        assert at.book.history().overrides[-1].words == "ok"
        assert "on record" in screen_text(app, clip=True)


@pytest.mark.full
async def test_the_mouse_does_what_the_keys_do(tmp_path: Path) -> None:
    app = today_app(through_the_gate(desk(tmp_path)))
    async with app.run_test(size=SIZES[0]) as pilot:
        await pilot.click("#keys", offset=(2, 0))
        await pilot.click("#options", offset=(13, 1))
        assert "┃ 2  ┃" in screen_text(app, clip=True)
        await pilot.press("enter")
        await pilot.click("#options", offset=(10, 4))
        assert "(●) Yes, further down" in screen_text(app, clip=True)


@pytest.mark.full
async def test_a_journal_that_cannot_be_read_is_said_and_nothing_runs(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"this is no journal" * 100)
    app = today_app(desk(tmp_path))
    async with app.run_test(size=SIZES[0]) as pilot:
        await pilot.press("enter", "h", "c")
        assert "please do not run" in screen_text(app, clip=True)
    assert app.return_value is None


async def test_q_leaves_today_and_t_changes_the_colours(tmp_path: Path) -> None:
    app = today_app(resting(desk(tmp_path)))
    async with app.run_test(size=SIZES[0]) as pilot:
        await pilot.press("t")
        assert app.theme == "runback-light"
        await pilot.press("q")
    assert not app.is_running
