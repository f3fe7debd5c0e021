"""Home by keys and by mouse: where each row leads, and what it never does."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from runback.errors import SettingsError
from runback.tui.guide_screen import GuideScreen
from runback.tui.home.home_app import AfterSession, HomeAction, HomeApp, HomeRequest
from runback.tui.home.home_page import LastSession, TreadmillState
from runback.tui.home.settings_screen import SettingsScreen
from runback.tui.key_bar import KeyBar
from runback.tui.planner.plan_data import PlanData
from runback.tui.planner.screens.history_screen import HistoryScreen
from runback.tui.planner.screens.plan_screen import ChoosePlan
from runback.tui.planner.screens.today_screen import TodayScreen
from runback.tui.question_screen import QuestionScreen
from tests.planner.test_planner_colours import unreadable
from tests.support.planner import about_to_run, desk, has_run, through_the_gate
from tests.support.tui.home import SIMULATED, FixedPorts
from tests.support.tui.reading import screen_text

SIZES = ((60, 20), (80, 24), (120, 40), (200, 60))
THEMES = ("runback-dark", "runback-light")
AGAIN = LastSession("easy", again=True, when="on Sunday")
STATES = {
    "first time": FixedPorts(SIMULATED),
    "no plan": FixedPorts(sessions=8, newest=AGAIN),
    "left moving": FixedPorts(abandoned="Kettler Arena (AA:BB:CC:DD:EE:FF)"),
    "session runs": FixedPorts(session="Kettler Arena"),
}


def home(at: PlanData, ports: FixedPorts, *, theme: str = THEMES[0], after: AfterSession | None = None) -> HomeApp:
    return HomeApp(lambda: at, ports, theme=theme, after=after)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", STATES)
async def test_home(name: str, size: tuple[int, int], tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    app = home(desk(tmp_path), STATES[name])
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert screen_text(app, clip=True) == snapshot


@pytest.mark.full
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", [*STATES, "plan"])
async def test_home_can_be_read_with_few_colours_or_none(name: str, theme: str, tmp_path: Path) -> None:
    at = desk(tmp_path) if name in STATES else through_the_gate(desk(tmp_path))
    app = home(at, STATES.get(name, FixedPorts(SIMULATED)), theme=theme)
    async with app.run_test(size=SIZES[1]) as pilot:
        await pilot.pause()
        assert unreadable(app) == []


@pytest.mark.parametrize(
    ("ports", "keys", "action"),
    [
        (STATES["first time"], ["enter"], HomeRequest(HomeAction.DEMO)),
        (STATES["no plan"], ["enter"], HomeRequest(HomeAction.WORKOUT, "easy")),
        (STATES["left moving"], ["enter"], HomeRequest(HomeAction.STOP)),
        (STATES["session runs"], ["enter"], HomeRequest(HomeAction.WATCH)),
        (STATES["session runs"], ["s"], HomeRequest(HomeAction.STOP)),
        (STATES["no plan"], ["q"], None),
        (STATES["no plan"], ["ctrl+c"], None),
    ],
)
async def test_where_a_key_leads(
    ports: FixedPorts, keys: list[str], action: HomeRequest | None, tmp_path: Path
) -> None:
    app = home(desk(tmp_path), ports)
    async with app.run_test(size=SIZES[1]) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
    assert app.return_value == action


@pytest.mark.parametrize(("name", "keys"), [("left moving", "rd"), ("session runs", "rdpmeb")])
async def test_no_key_starts_anything_while_a_belt_may_be_moving(name: str, keys: str, tmp_path: Path) -> None:
    app = home(about_to_run(desk(tmp_path)), STATES[name])
    async with app.run_test(size=SIZES[1]) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        assert app.is_running
        assert app.screen is app.screen_stack[1]


async def test_a_plan_is_not_run_on_the_simulator_without_a_yes(tmp_path: Path) -> None:
    app = home(about_to_run(desk(tmp_path)), FixedPorts(SIMULATED))
    async with app.run_test(size=SIZES[1]) as pilot:
        await pilot.pause()
        await pilot.press("enter", "enter", "enter")
        assert isinstance(app.screen, QuestionScreen)
        assert "SIMULATED" in screen_text(app, clip=True)
        await pilot.press("escape", "enter", "y")
        await pilot.pause()
    assert app.return_value == HomeRequest(HomeAction.STAGE)


async def test_on_a_real_treadmill_enter_runs_the_stage_that_is_due(tmp_path: Path) -> None:
    app = home(about_to_run(desk(tmp_path)), FixedPorts())
    async with app.run_test(size=SIZES[1]) as pilot:
        await pilot.press("enter")
        await pilot.pause()
    assert app.return_value == HomeRequest(HomeAction.STAGE)


@pytest.mark.parametrize(
    ("key", "page"), [("p", TodayScreen), ("h", HistoryScreen), ("g", GuideScreen), ("e", SettingsScreen)]
)
async def test_the_doors_lead_to_their_pages_and_esc_leads_back(key: str, page: type, tmp_path: Path) -> None:
    app = home(through_the_gate(desk(tmp_path)), FixedPorts())
    async with app.run_test(size=SIZES[1]) as pilot:
        await pilot.pause()
        front = app.screen
        for _ in range(2):
            await pilot.press(key)
            await pilot.pause()
            assert isinstance(app.screen, page)
            await pilot.press("escape")
            await pilot.pause()
            assert app.screen is front


async def test_every_row_can_be_opened_with_the_mouse(tmp_path: Path) -> None:
    app = home(desk(tmp_path), STATES["no plan"])
    async with app.run_test(size=SIZES[1]) as pilot:
        await pilot.pause()
        lines = screen_text(app, clip=True).splitlines()
        row = next(number for number, line in enumerate(lines) if " Plan " in line)
        await pilot.click(offset=(8, row))
        await pilot.pause()
        assert isinstance(app.screen, ChoosePlan)


@pytest.mark.parametrize("theme", THEMES)
async def test_every_page_says_that_the_belt_is_simulated(theme: str, tmp_path: Path) -> None:
    app = home(through_the_gate(desk(tmp_path)), FixedPorts(SIMULATED), theme=theme)
    async with app.run_test(size=SIZES[0]) as pilot:
        for keys in ([], ["p"], ["escape", "h"], ["escape", "g"]):
            await pilot.press(*keys)
            await pilot.pause()
            assert screen_text(app, clip=True).splitlines()[-1].rstrip().endswith("SIMULATED")
    real = home(desk(tmp_path), FixedPorts())
    async with real.run_test(size=SIZES[0]) as pilot:
        await pilot.pause()
        assert "SIMULATED" not in screen_text(real, clip=True)


class BrokenPorts(FixedPorts):
    """The settings cannot be read."""

    def treadmill(self) -> TreadmillState:
        raise SettingsError("config.toml", "line 3 is not TOML", "correct it")


async def test_broken_settings_are_named_and_the_cursor_still_moves(tmp_path: Path) -> None:
    app = home(desk(tmp_path), BrokenPorts())
    async with app.run_test(size=SIZES[1]) as pilot:
        await pilot.pause()
        assert "line 3 is not TOML" in screen_text(app, clip=True)
        await pilot.press("down")
        assert "line 3 is not TOML" in screen_text(app, clip=True)


async def test_after_a_session_with_trouble_the_check_in_opens_over_home(tmp_path: Path) -> None:
    app = home(has_run(desk(tmp_path)), FixedPorts(), after=AfterSession(None, wrong=True))
    async with app.run_test(size=SIZES[1]) as pilot:
        await pilot.pause()
        assert "What was it?" in screen_text(app, clip=True)


async def test_the_foot_always_says_what_enter_does(tmp_path: Path) -> None:
    app = home(desk(tmp_path), STATES["no plan"])
    async with app.run_test(size=SIZES[0]) as pilot:
        await pilot.pause()
        said = set()
        for _ in range(8):
            foot = app.screen.query_one(KeyBar).render().plain
            assert foot.startswith("Enter ")
            said.add(foot.split("   ")[0])
            await pilot.press("down")
        assert len(said) == 8
