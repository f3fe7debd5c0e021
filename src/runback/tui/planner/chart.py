"""Small charts over days, drawn in characters: bars that end where their value is, and points on the row of theirs.

Rules:
- Axis and marks use one mapping, so that a mark is level with the label of its value: a bar whose value is a label's
  ends with the row of that label; a point stands in it.
- A bar is drawn to an eighth of a row. A value that is not 0 is seen.
- Pure: sizes in cells in, rows of (text, colour) out.

(textual-plotext drew a 9 above its 10: it holds plotext below 6, which its author has given up.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

EIGHTHS = " ▁▂▃▄▅▆▇█"
PARTS = (5, 4, 3, 2)
"""Into how many parts the axis may be divided."""
ENOUGH = 0.6
"""Of the rows there are: fewer are not given up for another label."""


@dataclass(frozen=True, slots=True)
class ChartAxis:
    """The days from `first` to `last`, and values from 0 to `top`; `days` to be labelled, each with its `dates`."""

    first: float
    last: float
    top: float
    days: Sequence[float] = ()
    dates: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Marks:
    """One series: its `mark` (of points), its `colour`, and its values by day."""

    mark: str
    colour: str
    values: Sequence[tuple[float, float]]


Row = list[tuple[str, str]]
"""Pieces of text with their colour, from the left; "" is the foreground."""


def bars(axis: ChartAxis, marks: Marks, width: int, height: int) -> list[Row]:
    """A bar for each value, in `height` rows of `width` cells, axis and dates included."""
    rows, parts = _bar_rows(axis, max(2, height - 2))
    labels = {rows * part // parts - 1: f"{axis.top * part / parts:g}" for part in range(parts + 1)}
    frame = _Frame(axis, width, rows, labels)
    for day, value in marks.values:
        eighths = round(min(value, axis.top) / axis.top * rows * 8)
        eighths = max(eighths, 1) if value > 0 else 0
        for row in range(rows):
            if filled := min(max(eighths - 8 * row, 0), 8):
                frame.put(day, row, EIGHTHS[filled], marks.colour)
    return frame.drawn()


def points(axis: ChartAxis, series: Sequence[Marks], width: int, height: int) -> list[Row]:
    """A mark for each value of each series; where two fall on one cell, the later series is seen."""
    rows, parts = _point_rows(axis, max(2, height - 2))
    labels = {(rows - 1) * part // parts: f"{axis.top * part / parts:g}" for part in range(parts + 1)}
    frame = _Frame(axis, width, rows, labels)

    def row(value: float) -> int:
        return round(min(max(value, 0.0), axis.top) / axis.top * (rows - 1))

    for marks in series:
        for day, value in marks.values:
            frame.put(day, row(value), marks.mark, marks.colour)
    return frame.drawn()


def _parts(axis: ChartAxis) -> list[int]:
    """Into how many parts its labels may divide it: each label is a whole number."""
    return [parts for parts in PARTS if (axis.top / parts).is_integer()] or [1]


def _bar_rows(axis: ChartAxis, most: int) -> tuple[int, int]:
    """Rows and parts for bars: many labels, as an eighth of a row can be told all the same."""
    fitting = [(parts, most - most % parts) for parts in _parts(axis) if most - most % parts >= ENOUGH * most]
    parts, rows = max(fitting, default=(1, most))
    return rows, parts


def _point_rows(axis: ChartAxis, most: int) -> tuple[int, int]:
    """Rows and parts for points: many rows, as a point is no finer than its row."""
    return max((most - (most - 1) % parts, parts) for parts in _parts(axis))


class _Frame:
    """The cells of one chart, counted from the bottom left, with the labels of its rows and its days."""

    def __init__(self, axis: ChartAxis, width: int, rows: int, labels: dict[int, str]) -> None:
        self._axis = axis
        self._labels = labels
        self._margin = max(len(label) for label in labels.values())
        self._columns = max(2, width - self._margin - 1)
        self._cells: list[dict[int, tuple[str, str]]] = [{} for _ in range(rows)]

    def _column(self, day: float) -> int:
        first, last = self._axis.first - 1, self._axis.last + 1
        return round((day - first) / (last - first) * (self._columns - 1))

    def put(self, day: float, row: int, mark: str, colour: str) -> None:
        """Draw `mark` over whatever is there."""
        self._cells[row][self._column(day)] = (mark, colour)

    def drawn(self) -> list[Row]:
        """From the top down."""
        made: list[Row] = []
        for number in reversed(range(len(self._cells))):
            label, cells = self._labels.get(number, ""), self._cells[number]
            row: Row = [(f"{label:>{self._margin}}{'┤' if label else '│'}", "")]
            at = 0
            for column in sorted(cells):
                row += [(" " * (column - at), ""), cells[column]]
                at = column + 1
            made.append([piece for piece in row if piece[0]])
        ground = self._labels.get(-1, "")
        made.append([(f"{ground:>{self._margin}}{'┼' if ground else '└'}{'─' * self._columns}", "")])
        made.append([(self._dates(), "")])
        return made

    def _dates(self) -> str:
        line = " " * (self._margin + 1)
        for day, label in zip(self._axis.days, self._axis.dates, strict=True):
            start = self._margin + 1 + self._column(day) - len(label) // 2
            start = max(self._margin + 1, min(start, self._margin + 1 + self._columns - len(label)))
            if start >= len(line):  # what has no room is left out
                line = line.ljust(start) + label + " "
        return line.rstrip()
