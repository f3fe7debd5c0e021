"""What Home proposes: the belt first, then what is to be done now; no key that means two things."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runback.tui.home.home_page import HomeEntry, HomeFacts, LastSession, TreadmillState, home_page, opening_page
from runback.tui.planner.plan_data import PlanData
from runback.tui.planner.today_page import today
from tests.support.planner import at_the_gate, desk, flagged, has_run, resting, through_the_gate
from tests.support.tui.home import REAL, SIMULATED

AT_ONCE = {HomeEntry.START, HomeEntry.AGAIN, HomeEntry.DEMO}
"""Rows that begin a session with one key."""
ELSEWHERE = {"q", "t", "question_mark", "f1", "escape"}
"""Keys that mean the same on every page."""
PLACES = (None, at_the_gate, through_the_gate, has_run, resting, flagged)


class Planned(list[HomeFacts]):
    """States that a failing example does not print whole."""

    def __repr__(self) -> str:
        return f"{len(self)} states"


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Planned:
    """States with every kind of plan, and none."""
    made = Planned()
    for number, place in enumerate(PLACES):
        folder: Path = tmp_path_factory.mktemp(f"home{number}")
        at: PlanData = desk(folder)
        view = None if place is None else place(at).view()
        page = None if view is None else today(view.decision, view.plan, view.gate, at.tz, view.reaction)
        made.append(HomeFacts(REAL, view, page))
    return made


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    number=st.integers(0, len(PLACES) - 1),
    treadmill=st.sampled_from([REAL, SIMULATED, TreadmillState("x" * 200, "", simulated=False)]),
    sessions=st.integers(0, 1000),
    again=st.none() | st.builds(LastSession, st.sampled_from(["easy", "first-run"]), st.booleans(), st.just("today")),
    left=st.sampled_from(["", "Kettler (AA:BB)"]),
    running=st.sampled_from(["", "process 7"]),
    faults=st.lists(st.text(max_size=20), max_size=2),
)
def test_the_belt_comes_first_and_every_key_means_one_thing(
    planned: list[HomeFacts],
    number: int,
    treadmill: TreadmillState,
    sessions: int,
    again: LastSession | None,
    left: str,
    running: str,
    faults: list[str],
) -> None:
    known = planned[number]
    state = HomeFacts(treadmill, known.view, known.page, sessions, again, "", left, running, tuple(faults))
    page = home_page(state)
    keys = [row.key for row in page.rows]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & ELSEWHERE
    assert all(row.enter and row.name for row in page.rows)
    offered = {row.entry for row in page.rows}
    if left:
        assert page.rows[0].entry is HomeEntry.STOP
        assert left in page.rows[0].beside
        assert page.full
    if left or running:
        assert HomeEntry.STOP in offered
        assert not offered & AT_ONCE
    else:
        assert HomeEntry.STOP not in offered
    assert (HomeEntry.WORKOUTS in offered) == (bool(left) or not running)  # the mark may be another treadmill's


def test_the_first_frame_offers_only_what_stays(planned: list[HomeFacts]) -> None:
    shown = {(row.entry, row.key, row.name) for row in opening_page().rows}
    for state in planned:
        assert shown <= {(row.entry, row.key, row.name) for row in home_page(state).rows}


def test_who_has_done_nothing_yet_is_shown_the_demo_first(planned: list[HomeFacts]) -> None:
    rows = home_page(planned[0]).rows
    assert [row.entry for row in rows[:2]] == [HomeEntry.DEMO, HomeEntry.CHOOSE_PLAN]


@pytest.mark.parametrize("number", range(1, len(PLACES)))
def test_with_a_plan_the_first_row_does_what_today_proposes(planned: list[HomeFacts], number: int) -> None:
    state = planned[number]
    assert state.page is not None
    first = home_page(state).rows[0]
    assert (first.entry is HomeEntry.START) == bool(state.page.enter)
    assert home_page(state).words == state.page.words
