"""Charts in characters: what is read off the axis is the value.

Issue 12, point 5: with textual-plotext a bar of 5 minutes reached 7 on its axis, and 9 reached above 10.
"""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from runback.tui.planner.chart import EIGHTHS, ChartAxis, Marks, Row, bars, points

heights, widths = st.integers(4, 40), st.integers(12, 120)


def text(row: Row) -> str:
    return "".join(piece for piece, _ in row)


def labelled(rows: list[Row]) -> dict[float, int]:
    """The row, from the top, that each label of the axis stands in."""
    found = ((re.match(r" *([0-9.]+)[┤┼]", text(row)), number) for number, row in enumerate(rows))
    return {float(match[1]): number for match, number in found if match}


def reached(rows: list[Row]) -> float:
    """How many rows above the ground the only bar ends."""
    above = [text(row) for row in rows[:-2]]
    return sum(max((EIGHTHS.index(cell) for cell in row if cell in EIGHTHS[1:]), default=0) for row in above) / 8


@given(part=st.integers(0, 60), width=widths, height=heights)
def test_a_bar_ends_at_its_value_by_the_labels_of_its_axis(part: int, width: int, height: int) -> None:
    value = part / 2
    rows = bars(ChartAxis(0, 9, 30.0), Marks("█", "", [(5, value)]), width, height)
    ground, labels = len(rows) - 2, labelled(rows)
    top = ground - labels[30.0]
    assert labels[0.0] == ground
    assert abs(reached(rows) / top * 30.0 - value) <= 30.0 / top / 8 * (1 if 0 < value < 30 / top / 16 else 0.5) + 1e-9
    assert len(rows) <= height
    assert all(len(text(row)) <= width for row in rows)


def test_a_bar_of_five_minutes_reaches_five_and_nine_stays_below_ten() -> None:
    rows = bars(ChartAxis(0, 9, 10.0), Marks("█", "", [(2, 5.0), (6, 9.0)]), 40, 12)
    labels = labelled(rows)
    assert list(labels) == [10.0, 8.0, 6.0, 4.0, 2.0, 0.0]
    assert "█" in text(rows[labels[4.0]])
    five = [number for number, row in enumerate(rows[:-2]) if re.search(r"[▁-█].*[▁-█]", text(row))]
    assert len(five) == round(5.0 / 10.0 * (len(rows) - 2))
    assert "█" not in text(rows[labels[10.0]])


@given(value=st.integers(0, 10), width=widths)
def test_a_point_stands_in_the_row_of_its_value_where_there_is_a_row_for_each(value: int, width: int) -> None:
    rows = points(ChartAxis(0, 9, 10.0), [Marks("●", "$run", [(5, value)])], width, 13)
    (row,) = [number for number, each in enumerate(rows) if "●" in text(each)]
    assert row == 10 - value
    labels = labelled(rows)
    assert all(number == 10 - label for label, number in labels.items())


@given(days=st.lists(st.floats(0, 60), min_size=1, max_size=40), width=widths, height=heights)
def test_nothing_leaves_its_frame(days: list[float], width: int, height: int) -> None:
    axis = ChartAxis(min(days), max(days), 10.0, [min(days), max(days)], ["1 Jan", "28 Feb"])
    for rows in (
        points(axis, [Marks("●", "", [(day, 7) for day in days])], width, height),
        bars(axis, Marks("█", "", [(day, 7) for day in days]), width, height),
    ):
        assert len(rows) <= height
        assert all(len(text(row)) <= width for row in rows)
