"""The workouts' page: what comes first, what each row says, and where Enter, a paste and a typed line lead."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion
from textual import events

from runback.tui.home.home_app import HomeAction, HomeApp, HomeRequest
from runback.tui.home.workout_list import listed, pasted_path, sparkline
from runback.tui.home.workouts_screen import WorkoutsScreen
from runback.tui.input_screen import InputScreen
from runback.workout.library import WorkoutEntry
from runback.workout.model import Kind, Step, Workout
from tests.home.test_home_app import SIZES, THEMES, home
from tests.planner.test_planner_colours import unreadable
from tests.support.planner import desk
from tests.support.tui.home import FixedPorts
from tests.support.tui.reading import screen_text

NAMES = st.lists(st.text("abcdef", min_size=1, max_size=3), unique=True, max_size=8)
STEP = st.builds(Step, st.sampled_from(Kind), st.floats(1, 600), st.integers(50, 2000))


def entry(name: str) -> WorkoutEntry:
    return WorkoutEntry(name, "x", Workout(name, (Step(Kind.RUN, 60.0, 800),)))


@given(NAMES, st.data())
def test_the_last_used_come_first_then_favourites_then_the_rest(names: list[str], data: st.DataObject) -> None:
    used = data.draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    stars = frozenset(data.draw(st.lists(st.sampled_from(names), unique=True)) if names else [])
    shown = [each.entry.name for each in listed(map(entry, names), stars, dict.fromkeys(used, "today"), None)]
    assert shown[: len(used)] == used
    rest = shown[len(used) :]
    assert rest == [*sorted(set(rest) & stars), *sorted(set(rest) - stars)]


def test_a_file_that_has_a_title_is_known_by_it_in_the_journal() -> None:
    titled = WorkoutEntry("easy-hills", "x", Workout("Easy hills", (Step(Kind.RUN, 60.0, 800),)))
    shown = listed([entry("a"), titled], frozenset(), {"Easy hills": "today"}, None)
    assert [(each.entry.name, each.last) for each in shown] == [("easy-hills", "today"), ("a", "")]


@given(st.lists(STEP, min_size=1, max_size=12), st.integers(1, 60))
def test_the_small_picture_has_its_width_and_its_tallest_bar_is_the_fastest(steps: list[Step], width: int) -> None:
    drawn = sparkline(Workout("w", tuple(steps)), width)
    assert len(drawn) == width
    assert " " not in drawn
    if len(steps) == 1:
        assert drawn == "█" * width


def test_a_dragged_file_is_known_however_the_terminal_types_it(tmp_path: Path) -> None:
    path = tmp_path / "my hills #2 [b] (2).zwo"
    path.write_text("x")
    bare = str(path)
    escaped = re.sub(r"([] #[()])", r"\\\1", bare)
    for typed in (bare, f"{bare} ", f"'{bare}'", f'"{bare}"', shlex.quote(bare), escaped, f"file://{quote(bare)}"):
        assert pasted_path(typed) == bare
    assert pasted_path("5m walk 4.5") == ""
    assert pasted_path(f"{path}\n{path}") == ""


@given(st.text(max_size=200) | st.text("[]#?:/a", max_size=9).map("file://".__add__))
def test_whatever_is_pasted_is_no_error(text: str) -> None:
    assert isinstance(pasted_path(text), str)


async def opened(app: HomeApp, size: tuple[int, int] = SIZES[1]) -> None:
    assert isinstance(app.screen, WorkoutsScreen)
    assert app.size == size


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_workouts(size: tuple[int, int], tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    app = home(desk(tmp_path), FixedPorts())
    async with app.run_test(size=size) as pilot:
        await pilot.press("w")
        await pilot.pause()
        await opened(app, size)
        assert screen_text(app, clip=True) == snapshot


@pytest.mark.full
@pytest.mark.parametrize("theme", THEMES)
async def test_the_page_can_be_read_with_few_colours_or_none(theme: str, tmp_path: Path) -> None:
    app = home(desk(tmp_path), FixedPorts(), theme=theme)
    async with app.run_test(size=SIZES[1]) as pilot:
        await pilot.press("w")
        await pilot.pause()
        assert unreadable(app) == []


async def test_enter_runs_the_one_pointed_at_and_a_broken_one_not_at_all(tmp_path: Path) -> None:
    app = home(desk(tmp_path), FixedPorts())
    async with app.run_test(size=SIZES[1]) as pilot:
        await pilot.press("w", "end", "enter")
        await pilot.pause()
        assert "line 3: speed is missing" in screen_text(app, clip=True)
        assert isinstance(app.screen, WorkoutsScreen)
        await pilot.press("home", "enter")
        await pilot.pause()
    assert app.return_value == HomeRequest(HomeAction.WORKOUT, "first-run")


async def test_a_typed_workout_says_what_is_wrong_until_it_can_be_run(tmp_path: Path) -> None:
    app = home(desk(tmp_path), FixedPorts())
    async with app.run_test(size=SIZES[1]) as pilot:
        await pilot.press("w", "n")
        await pilot.pause()
        await pilot.press(*"5m walk", "enter")
        await pilot.pause()
        assert isinstance(app.screen, InputScreen)
        assert "speed" in screen_text(app, clip=True)
        await pilot.press(*" 4.5", "enter")
        await pilot.pause()
    assert app.return_value == HomeRequest(HomeAction.WORKOUT, "5m walk 4.5")


async def test_a_file_dragged_onto_the_page_is_imported(tmp_path: Path) -> None:
    path = tmp_path / "hills.zwo"
    path.write_text("x")
    app = home(desk(tmp_path), FixedPorts())
    async with app.run_test(size=SIZES[1]) as pilot:
        await pilot.press("w")
        await pilot.pause()
        app.screen.post_message(events.Paste(f"'{path}' "))
        await pilot.pause()
    assert app.return_value == HomeRequest(HomeAction.IMPORT, str(path))


async def test_a_favourite_is_starred_and_keeps_the_cursor(tmp_path: Path) -> None:
    app = home(desk(tmp_path), FixedPorts())
    async with app.run_test(size=SIZES[1]) as pilot:
        await pilot.press("w", "f")
        await pilot.pause()
        row = next(line for line in screen_text(app, clip=True).splitlines() if "first-run" in line)
        assert "▸ ★ first-run" in row
