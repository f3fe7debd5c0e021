"""Plots of running and of pain over time (`chart`), as large as there is room.

Rules:
- Each series has its own mark and says its name, so that none needs its colour.
- An empty plot says so in words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, tzinfo

from textual.content import Content
from textual.widget import Widget

from runback.rehab.local_days import local_day
from runback.rehab.records import CheckIn
from runback.tui.planner import calendar, chart
from runback.tui.planner.calendar import Series, SessionMark

_NEWEST = 60
"""Days shown: what matters is the last two months."""
_A_DATE = 14
"""Columns for each date on the axis."""


class RunPlot(Widget):
    """Minutes of running in each session."""

    def __init__(self, ran: Sequence[SessionMark], tz: tzinfo) -> None:
        super().__init__()
        self._origin = min((local_day(each.began, tz) for each in ran), default=date(2000, 1, 1))
        self._series = calendar.run_series(ran, self._origin, tz)

    def render(self) -> Content:
        """See `Widget.render`."""
        if not self._series.days:
            return Content("Minutes of running: none yet")
        top = max(10.0, 5.0 * math.ceil(max(self._series.values) / 5))
        axis = _axis([self._series], self._origin, top, self.size.width)
        rows = chart.bars(axis, _marks(self._series, "$run", axis), self.size.width, self.size.height - 1)
        return _content("Minutes of running", rows)


class PainPlot(Widget):
    """Pain from 0 to 10, by when it was asked."""

    COLOURS = ("$walk", "$run", "$ease", "$rest")

    def __init__(self, check_ins: Sequence[CheckIn], tz: tzinfo) -> None:
        super().__init__()
        self._origin = min((local_day(each.at, tz) for each in check_ins), default=date(2000, 1, 1))
        self._series = calendar.pain_series(check_ins, self._origin, tz)

    def render(self) -> Content:
        """See `Widget.render`."""
        if not any(each.days for each in self._series):
            return Content("Pain: no check-in yet")
        axis = _axis(self._series, self._origin, 10.0, self.size.width)
        series = [_marks(each, colour, axis) for each, colour in zip(self._series, self.COLOURS, strict=False)]
        names = ", ".join(f"{each.mark} {each.name}" for each in self._series)
        return _content(f"Pain, 0 to 10: {names}", chart.points(axis, series, self.size.width, self.size.height - 1))


def _axis(series: Sequence[Series], origin: date, top: float, width: int) -> chart.ChartAxis:
    days = [day for each in series for day in each.days]
    first, last = max(min(days), max(days) - _NEWEST), max(days)
    return chart.ChartAxis(first, last, top, *calendar.ticks(origin, first, last, max(2, width // _A_DATE)))


def _marks(series: Series, colour: str, axis: chart.ChartAxis) -> chart.Marks:
    shown = [(day, value) for day, value in zip(series.days, series.values, strict=True) if day >= axis.first]
    return chart.Marks(series.mark, colour, shown)


def _content(title: str, rows: list[chart.Row]) -> Content:
    lines = [Content.assemble(*(piece if piece[1] else piece[0] for piece in row)) for row in rows]
    return Content("\n").join([Content(title), *lines])
