"""The month of low-impact work in calendar days (training.md, entry criteria)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.rehab.activity import ActivityKind, LoggedActivity
from runback.rehab.decision import DecisionKind
from runback.rehab.local_days import midnight, spell_day
from runback.rehab.low_impact_month import Month, counted_days, month
from runback.rehab.records import History
from tests.support.rehab.story import Story, at
from tests.support.rehab.strategies import QUICK

LONDON = ZoneInfo("Europe/London")
MONDAY = date(2026, 1, 5)
GOOD = [day + 7 * week for week in range(4) for day in (0, 2, 4)]
KINDS = (ActivityKind.CYCLING, ActivityKind.ELLIPTICAL, ActivityKind.WALKING)


def ride(day: int, hour: int = 18, *, kind: ActivityKind = ActivityKind.CYCLING, minutes: float = 30, pain: int = 1,
         worse: bool | None = None) -> LoggedActivity:  # fmt: skip
    """A ride on `day`, counted from Monday 5 January, at `hour` in London."""
    return LoggedActivity(kind, minutes, on(day, hour), pain, worse)


def on(day: int, hour: int = 12) -> datetime:
    return datetime.combine(MONDAY + timedelta(days=day), time(hour), LONDON)


def counted(activities: list[LoggedActivity], day: int) -> Month:
    return month(activities, on(day), LONDON, days=28, per_block=3)


def test_four_weeks_with_three_days_each_are_the_month() -> None:
    rides = [ride(day) for day in GOOD]
    assert counted(rides, 28) == Month(4, 4, 0, MONDAY + timedelta(days=28), done=True)
    on_the_last_evening = counted(rides, 27)
    assert (on_the_last_evening.done, on_the_last_evening.blocks, on_the_last_evening.this_block) == (False, 3, 3)
    assert on_the_last_evening.first_run == MONDAY + timedelta(days=28)


def test_the_hour_of_the_day_changes_nothing() -> None:
    """18:00, 17:30, 18:30, 17:30 on Mondays made 26 of 28 days once, and the count fell from 27 to 23."""
    for hours in ((18, 17, 19, 17), (6, 23, 0, 12)):
        rides = [ride(day, hours[number % 4]) for number, day in enumerate(GOOD)]
        assert counted(rides, 28).done


@pytest.mark.parametrize(
    ("activities", "day", "blocks", "this_block"),
    [
        ([], 28, 0, 0),
        ([ride(0)], 0, 0, 1),
        ([ride(0, 8), ride(0, 20)], 1, 0, 1),  # two on one day are one day
        ([ride(0), ride(1), ride(2), ride(3)], 4, 0, 3),  # never four of three
        ([ride(0), ride(2), ride(4)], 7, 1, 0),
        ([ride(0), ride(2)], 6, 0, 2),
        ([ride(day, kind=ActivityKind.ROWING) for day in GOOD], 28, 0, 0),
        ([ride(day, minutes=9) for day in GOOD], 28, 0, 0),
        ([ride(day, minutes=10) for day in GOOD], 28, 4, 0),
        ([ride(day, pain=6) for day in GOOD], 28, 0, 0),
        ([ride(day, worse=True) for day in GOOD], 28, 0, 0),
        ([ride(day, pain=5, worse=False) for day in GOOD], 28, 4, 0),
        ([ride(day) for day in GOOD] + [ride(0, 8, pain=8)], 28, 3, 2),  # its day does not count: the row begins later
        ([ride(0), *(ride(day + 7) for day in GOOD)], 35, 4, 0),  # a week with one is passed over
        ([ride(day) for day in GOOD], -1, 0, 0),  # all of it is in the future
    ],
)
def test_what_counts_is_days(activities: list[LoggedActivity], day: int, blocks: int, this_block: int) -> None:
    found = counted(activities, day)
    assert (found.blocks, found.this_block) == (blocks, this_block)


def test_a_month_of_long_ago_asks_for_one_more_week() -> None:
    rides = [ride(day) for day in GOOD]
    assert counted(rides, 27 + 28).done
    old = counted(rides, 27 + 29)
    assert (old.blocks, old.done, old.stale) == (4, False, True)
    again = [*rides, *(ride(day + 60) for day in (0, 2, 4))]
    assert not counted(again, 64).done
    assert counted(again, 65).done  # of the seven days up to then, three count


def test_what_is_said_about_it_names_the_first_day_to_run() -> None:
    story = Story().gate(at(1)).only(activities=(ride(0),))
    assert "0 of 4 weeks done, 1 of 3 days in this one" in " ".join(story.ask(on(0, 20)).notes)
    assert "your first run can be on Monday 2 February at the earliest" in " ".join(story.ask(on(0, 20)).notes)
    story.only(activities=tuple(ride(day) for day in GOOD))
    assert "4 weeks done, with 3 days or more in each" in " ".join(story.ask(on(28)).notes)
    assert "one more week first" in " ".join(story.ask(on(60)).notes)


def test_work_that_hurts_twice_suggests_a_professional() -> None:
    story = Story().gate(at(1)).only(activities=(ride(0, pain=7),))
    assert "physiotherapist" not in " ".join(story.ask(on(1)).notes)
    assert "ask a physiotherapist or doctor" in " ".join(story.add(activities=(ride(2, worse=True),)).ask(on(3)).notes)


def test_after_a_long_gap_the_month_is_that_after_the_last_run() -> None:
    story = Story().gate(at(-40)).session("1", at(-40)).gate(at(1))
    story.only(activities=tuple(ride(day - 70) for day in GOOD) + story.history.activities[-1:])
    assert story.ask(at(1)).kind is DecisionKind.WAIT
    assert any("Low-impact work: 0 of 4 weeks" in note for note in story.ask(at(1)).notes)


def test_days_begin_at_local_midnight() -> None:
    late = LoggedActivity(ActivityKind.CYCLING, 30, datetime(2026, 6, 1, 23, 30, tzinfo=UTC), 1)
    assert counted_days([late], LONDON) == [date(2026, 6, 2)]
    assert midnight(date(2026, 6, 2), LONDON) == datetime(2026, 6, 1, 23, tzinfo=UTC)
    assert spell_day(date(2026, 10, 3)) == "Saturday 3 October"


DAYS = st.lists(st.integers(0, 90), max_size=40)


@QUICK
@given(DAYS, st.integers(0, 23), st.integers(0, 23), st.integers(0, 90))
def test_moving_a_session_within_its_day_never_changes_the_month(
    days: list[int], hour: int, other: int, now: int
) -> None:
    asked = on(now, 23) + timedelta(minutes=59)
    first, second = (
        month([ride(day, each) for day in days], asked, LONDON, days=28, per_block=3) for each in (hour, other)
    )
    assert first == second


@QUICK
@given(DAYS, st.integers(0, 90), st.integers(0, 90), st.integers(0, 30))
def test_the_count_never_goes_backwards(days: list[int], more: int, now: int, later: int) -> None:
    rides = [ride(day) for day in days]
    found = counted(rides, now)
    assert counted([*rides, ride(more)], now).blocks >= found.blocks
    assert counted(rides, now + later).blocks >= found.blocks
    assert 0 <= found.this_block <= 3
    assert found.blocks >= 0
    if not found.done:
        assert found.first_run > on(now).date()


@QUICK
@given(DAYS, st.integers(0, 90))
def test_the_number_of_blocks_is_the_greatest_there_can_be(days: list[int], now: int) -> None:
    """Of any seven days that are over, one after another, with three counted ones in each."""
    there = set(days)
    most = [0] * (now + 1)  # blocks that are over by each day
    for day in range(1, now + 1):
        good = day >= 7 and sum(each in there for each in range(day - 7, day)) >= 3
        most[day] = max(most[day - 1], most[day - 7] + 1 if good else 0)
    assert counted([ride(day) for day in days], now).blocks == most[now]


@QUICK
@given(DAYS, st.integers(0, 60))
def test_the_first_day_to_run_is_kept_by_who_keeps_on(days: list[int], now: int) -> None:
    """Three rides in each block from today on open the gate on the day that was said."""
    rides = [ride(day) for day in days if day <= now]
    found = counted(rides, now)
    if found.done:
        return
    ahead = (found.first_run - MONDAY).days
    every_day = [*rides, *(ride(day) for day in range(now, ahead))]
    assert counted(every_day, ahead).done
    assert not counted(every_day, ahead - 1).done


def test_a_history_without_anything_has_begun_nothing() -> None:
    assert Story().ask(on(0)).earliest is None
    assert History().activities == ()
