"""Charts in characters: what is read off the axis is the value.

Issue 12, point 5: with textual-plotext a bar of 5 minutes reached 7 on its axis, and 9 reached above 10.
Issue 13, point 7: bars of neighbouring days stood together, and one mark of pain hid another.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.rehab.records import CheckInMoment
from runback.tui.planner import calendar
from runback.tui.planner.chart import (
    EIGHTHS,
    FOOT,
    HARDLY,
    LEAST,
    MARGIN,
    TOPS,
    Row,
    WeekAxis,
    bars,
    monday,
    points,
    top_of,
    week_axis,
)

heights, widths = st.integers(5, 40), st.integers(MARGIN + 7 * LEAST, 160)
DAY = date(2026, 9, 30)
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


def text(row: Row) -> str:
    return "".join(piece for piece, _ in row)


def ticks(rows: list[Row]) -> dict[float, float]:
    """How high each tick of the axis is, in rows above that of the 0: it stands in the middle of its row."""
    found = [(re.match(r" *([0-9.]+)[┤┼]", text(row)), number) for number, row in enumerate(rows)]
    (ground,) = [number for match, number in found if match and float(match[1]) == 0]
    return {float(match[1]): float(ground - number) for match, number in found if match}


def bar_in(rows: list[Row], column: int) -> float:
    """How high the bar in this column ends, in rows above the middle of that of the 0."""
    cells = [text(row)[MARGIN + column] for row in rows[:-1]]
    foot = {FOOT: 0.5, HARDLY: 0.0}.get(cells[-1])
    if foot is None:
        return -1.0
    return foot + sum(EIGHTHS.index(cell) for cell in cells[:-1]) / 8


@given(value=st.floats(0, 240), top=st.sampled_from(TOPS), width=widths, height=heights)
def test_a_bar_ends_at_its_value_by_the_ticks_of_its_axis(value: float, top: int, width: int, height: int) -> None:
    value = min(value, top)
    axis = week_axis(DAY, DAY, width)
    rows = bars(axis, top, {DAY: value}, "$run", height)
    start, level = axis.column(DAY), ticks(rows)
    assert start is not None
    assert level[0] == 0
    row = level[top] / top
    assert all(abs(at - label * row) < 1e-9 for label, at in level.items())
    end = bar_in(rows, start)
    assert (end < 0) == (value == 0)
    rough = 0.25 if value * row < 0.5 else 1 / 16
    assert abs(max(end, 0.0) - value * row) <= rough + 1e-9
    assert len(rows) <= height
    assert all(len(text(row)) <= width for row in rows)


def test_a_bar_of_five_minutes_is_level_with_the_tick_of_five_and_nine_stays_below_ten() -> None:
    axis = week_axis(DAY, DAY, 80)
    other = DAY + timedelta(days=1)
    rows = bars(axis, 10, {DAY: 5.0, other: 9.0}, "$run", 12)
    level = ticks(rows)
    assert list(level) == [10, 8, 6, 4, 2, 0]
    first, second = axis.column(DAY), axis.column(other)
    assert first is not None
    assert second is not None
    assert bar_in(rows, first) == level[10] / 2
    assert level[8] < bar_in(rows, second) < level[10]


@given(ran=st.sets(days, min_size=1, max_size=60), width=widths, height=heights)
def test_each_day_that_fits_has_a_bar_and_no_two_bars_touch(ran: set[date], width: int, height: int) -> None:
    axis = week_axis(min(ran), max(ran), width)
    ground = text(bars(axis, 5, dict.fromkeys(ran, 3.0), "$run", height)[-2])
    shown = [day for day in ran if axis.column(day) is not None]
    assert max(ran) in shown
    assert len(re.findall(f"{FOOT}+", ground)) == len(shown)


@given(value=st.integers(0, 10), width=widths, height=st.integers(13, 60))
def test_a_mark_stands_in_a_row_of_its_value_alone(value: int, width: int, height: int) -> None:
    axis = week_axis(DAY, DAY, width)
    rows = points(axis, 10, {(DAY, value): [("●", "$run")]}, height)
    level = ticks(rows)
    (marked,) = [number for number, each in enumerate(rows) if "●" in text(each)]
    ground = next(number for number, each in enumerate(rows) if text(each).startswith("  0"))
    assert ground - marked == value * level[10] / 10
    assert all(at == label * level[10] / 10 for label, at in level.items())


@given(
    asked=st.dictionaries(st.tuples(days, st.integers(0, 10)), st.sets(st.sampled_from(CheckInMoment), min_size=1)),
    width=widths,
)
def test_no_mark_of_pain_hides_another(asked: dict[tuple[date, int], set[CheckInMoment]], width: int) -> None:
    """Which moments had which pain can be read back from the cells of each day."""
    when = [day for day, _ in asked] or [DAY]
    axis = week_axis(min(when), max(when), width)
    marks = {place: [(each.mark(said)[0], "") for each in calendar.PAIN_SIGNS] for place, said in asked.items()}
    rows = points(axis, 10, marks, 13)
    meaning = {mark: {moment} for sign in calendar.PAIN_SIGNS for moment, mark in (sign.first, sign.second)}
    meaning |= {sign.both: {sign.first[0], sign.second[0]} for sign in calendar.PAIN_SIGNS}
    for (day, value), said in asked.items():
        start = axis.column(day)
        if start is not None:
            cells = text(rows[10 - value])[MARGIN + start : MARGIN + start + axis.cells]
            assert set().union(*(meaning[cell] for cell in cells.strip() if cell != " ")) == said


@given(first=days, last=days, width=widths)
def test_the_axis_has_whole_weeks_named_by_mondays_that_do_not_collide(first: date, last: date, width: int) -> None:
    first, last = sorted((first, last))
    axis = week_axis(first, last, width)
    names = text(bars(axis, 5, {}, "", 5)[-1])
    assert axis.first == monday(axis.first)
    assert axis.column(last) is not None
    assert len(re.findall(r"Mo \d+ [A-Z][a-z]{2}(?: |$)", names)) == axis.weeks
    assert len(names) <= width
    assert axis.column(first) is not None or axis.weeks == (width - MARGIN) // (7 * LEAST)


@pytest.mark.parametrize(("most", "top"), [(0, 5), (2, 5), (9, 10), (10, 10), (31, 40), (240, 240), (500, 540)])
def test_the_top_of_an_axis_is_round_and_high_enough(most: float, top: float) -> None:
    assert top_of([0.0, most]) == top


def test_what_is_not_on_the_axis_is_left_out() -> None:
    axis = WeekAxis(monday(DAY), 1, 2)
    assert "█" not in "".join(map(text, bars(axis, 5, {DAY - timedelta(days=7): 5.0}, "", 8)))
    assert "●" not in "".join(map(text, points(axis, 10, {(DAY + timedelta(days=7), 3): [("●", "")]}, 13)))
