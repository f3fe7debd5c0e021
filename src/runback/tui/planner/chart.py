"""Small charts over weeks, drawn in characters: bars that end where their value is, and marks on the row of theirs.

Rules:
- A value is measured from the middle of the row of the 0 to the middle of the row of a label: there the axis has its
  line and its ticks. A bar whose value is a label's ends level with that tick; a mark stands in that row.
- A bar is drawn to an eighth of a row, in its lowest half row to a quarter. A value that is not 0 is seen.
- The axis has whole weeks, named by their Mondays. A day has columns of its own, one of which no bar takes: what
  belongs to one day never covers what belongs to another, and bars stand apart.
- Pure: sizes in cells in, rows of (text, colour) out.

(textual-plotext drew a 9 above its 10: it holds plotext below 6, which its author has given up.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from runback.rehab.local_days import MONTHS

EIGHTHS = " ▁▂▃▄▅▆▇█"
FOOT = "▀"
"""A bar in the row of the 0: its upper half."""
HARDLY = "━"
"""There, of a bar that is lower still."""
MARGIN = 4
"""Columns for a label of three figures, and the axis."""
LEAST, MOST = 2, 8
"""Columns for each day."""
PARTS = (5, 4, 3, 2)
"""Into how many parts the axis may be divided."""
ENOUGH = 0.6
"""Of the rows there are: fewer are not given up for another label."""
TOPS = (5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 90, 120, 150, 180, 240)


@dataclass(frozen=True, slots=True)
class WeekAxis:
    """`weeks` whole weeks from the Monday `first`; each day has `cells` columns."""

    first: date
    weeks: int
    cells: int

    def column(self, day: date) -> int | None:
        """The first column of `day`, from that of the first; None if it is not on the axis."""
        number = (day - self.first).days
        return number * self.cells if 0 <= number < 7 * self.weeks else None

    @property
    def columns(self) -> int:
        """All of them, without the margin."""
        return 7 * self.weeks * self.cells

    def mondays(self) -> Iterator[tuple[int, str]]:
        """The first column of each week, and its name."""
        for week in range(self.weeks):
            day = self.first + timedelta(weeks=week)
            yield 7 * week * self.cells, f"Mo {day.day} {MONTHS[day.month - 1][:3]}"


def monday(day: date) -> date:
    """Of the week of `day`."""
    return day - timedelta(days=day.weekday())


def week_axis(first: date, last: date, width: int) -> WeekAxis:
    """The weeks up to the one of `last`, from the one of `first`, or as many of them as `width` columns have room
    for; at least one."""
    wanted = max(0, (monday(last) - monday(first)).days // 7) + 1
    weeks = min(wanted, max(1, (width - MARGIN) // (7 * LEAST)))
    cells = min(MOST, max(LEAST, (width - MARGIN) // (7 * weeks)))
    return WeekAxis(monday(last) - timedelta(weeks=weeks - 1), weeks, cells)


def top_of(values: Sequence[float]) -> float:
    """A round figure for the top of an axis that has room for all of `values`."""
    most = max(values, default=0.0)
    return float(next((top for top in TOPS if top >= most), -(-most // 60) * 60))


Row = list[tuple[str, str]]
"""Pieces of text with their colour, from the left; "" is the foreground."""


def bars(axis: WeekAxis, top: float, values: Mapping[date, float], colour: str, height: int) -> list[Row]:
    """A bar for each day of `values` (0 to `top`), in `height` rows, the weeks' names included."""
    rows, parts = _bar_rows(top, max(2, height - 1))
    frame = _Frame(axis, _labels(top, rows, parts), rows)
    frame.line(0)
    for day, value in values.items():
        start = axis.column(day)
        if start is None or value <= 0:
            continue
        eighths = round(min(value, top) / top * (rows - 1) * 8)
        for column in range(start, start + axis.cells - 1):
            frame.put(column, 0, FOOT if eighths >= 2 else HARDLY, colour)
            for row in range(1, rows):
                if filled := min(max(eighths + 4 - 8 * row, 0), 8):
                    frame.put(column, row, EIGHTHS[filled], colour)
    return frame.drawn()


def points(
    axis: WeekAxis, top: int, marks: Mapping[tuple[date, int], Sequence[tuple[str, str]]], height: int
) -> list[Row]:
    """For each day and value (0 to `top`) its marks with their colours beside each other, at most `LEAST`, where "" is
    a column left free; in `height` rows, the weeks' names included. A value has a row of its own, if there are
    `top` + 3 rows."""
    rows, parts = _point_rows(top, max(2, height - 2))
    frame = _Frame(axis, _labels(top, rows, parts), rows)
    frame.line(-1)
    for (day, value), beside in marks.items():
        start = axis.column(day)
        if start is None:
            continue
        row = round(min(max(value, 0), top) / top * (rows - 1))
        for column, (mark, colour) in enumerate(beside[:LEAST], start):
            if mark:
                frame.put(column, row, mark, colour)
    return frame.drawn()


def _labels(top: float, rows: int, parts: int) -> dict[int, str]:
    return {(rows - 1) * part // parts: f"{top * part / parts:g}" for part in range(parts + 1)}


def _parts(top: float) -> list[int]:
    """Into how many parts its labels may divide it: each label is a whole number."""
    return [parts for parts in PARTS if (top / parts).is_integer()] or [1]


def _bar_rows(top: float, most: int) -> tuple[int, int]:
    """Rows and parts for bars: many labels, as an eighth of a row can be told all the same."""
    fitting = [(parts, most - (most - 1) % parts) for parts in _parts(top)]
    parts, rows = max((each for each in fitting if each[1] > each[0] and each[1] >= ENOUGH * most), default=(1, most))
    return rows, parts


def _point_rows(top: int, most: int) -> tuple[int, int]:
    """Rows and parts for marks: if there is room, as many rows for each value as for every other."""
    if most > top:
        rows = most - (most - 1) % top
        return rows, max(parts for parts in _parts(top) if (rows - 1) % parts == 0)
    return max((most - (most - 1) % parts, parts) for parts in _parts(top))


class _Frame:
    """The cells of one chart, counted from the bottom left, with the labels of its rows and its weeks."""

    def __init__(self, axis: WeekAxis, labels: dict[int, str], rows: int) -> None:
        self._axis, self._labels, self._rows = axis, labels, rows
        self._cells: dict[tuple[int, int], tuple[str, str]] = {}
        self._lowest = 0

    def line(self, row: int) -> None:
        """Draw the line of the axis in `row`, with a tick at each Monday."""
        self._lowest = row
        ticks = {column for column, _ in self._axis.mondays()}
        for column in range(self._axis.columns):
            self.put(column, row, "┬" if column in ticks else "─", "")

    def put(self, column: int, row: int, mark: str, colour: str) -> None:
        """Draw `mark` over whatever is there."""
        self._cells[column, row] = (mark, colour)

    def drawn(self) -> list[Row]:
        """From the top down."""
        made: list[Row] = []
        for row in range(self._rows - 1, self._lowest - 1, -1):
            label = self._labels.get(row, "")
            line = row == self._lowest
            edge = ("┼" if label else "└") if line else ("┤" if label else "│")
            cells = [self._cells.get((column, row), (" ", "")) for column in range(self._axis.columns)]
            made.append([(f"{label:>{MARGIN - 1}}{edge}", ""), *cells])
        names = " " * MARGIN
        for column, name in self._axis.mondays():
            names = names.ljust(MARGIN + column) + name
        made.append([(names, "")])
        return made
