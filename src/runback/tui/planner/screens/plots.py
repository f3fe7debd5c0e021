"""Plots of running and of pain over weeks (`chart`), as large as there is room, on one axis of time.

Rules:
- Each mark says its name, so that none needs its colour.
- Where there is no room for all weeks, the plots say so, and show the ones up to the month that is looked at.
- An empty plot says so in words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from textual.content import Content
from textual.widget import Widget

from runback.rehab.records import CheckInMoment
from runback.tui.planner import calendar, chart
from runback.tui.planner.chart import WeekAxis


class _WeeksPlot(Widget):
    """A plot of something on `days`, all that the plots beside it show among them; nothing after `until`."""

    def __init__(self, days: Collection[date]) -> None:
        super().__init__()
        self._days = days
        self._until = date.max

    def show(self, until: date) -> None:
        """Show the weeks up to this day."""
        self._until = until
        self.refresh()

    def _axis(self) -> WeekAxis:
        """Up to the newest that may be shown; where all is newer, up to the oldest."""
        last = max((each for each in self._days if each <= self._until), default=min(self._days))
        return chart.week_axis(min(self._days), last, self.content_size.width)

    def _drawn(self, title: str, axis: WeekAxis, rows: list[chart.Row]) -> Content:
        wanted = (chart.monday(max(self._days)) - chart.monday(min(self._days))).days // 7 + 1
        if axis.weeks < wanted:
            cut = f"{title} ({axis.weeks} of {wanted} weeks)"
            title = cut if len(cut) <= self.content_size.width else title
        lines = [Content.assemble(*(piece if piece[1] else piece[0] for piece in row)) for row in rows]
        return Content("\n").join([Content(title), *lines])


class RunPlot(_WeeksPlot):
    """Minutes of running on each day."""

    def __init__(self, minutes: Mapping[date, float], days: Collection[date]) -> None:
        super().__init__(days)
        self._minutes = minutes

    def render(self) -> Content:
        """See `Widget.render`."""
        if not self._minutes:
            return Content("Minutes of running: none yet")
        axis, top = self._axis(), chart.top_of(list(self._minutes.values()))
        rows = chart.bars(axis, top, self._minutes, "$run", self.content_size.height - 1)
        return self._drawn("Minutes of running a day", axis, rows)


class PainPlot(_WeeksPlot):
    """Pain from 0 to 10, by day and by when it was asked."""

    TOP = 10
    COLOURS = {  # noqa: RUF012 - a constant table
        CheckInMoment.BEFORE: "$walk",
        CheckInMoment.DURING: "$run",
        CheckInMoment.MORNING: "$ease",
        CheckInMoment.GATE: "$rest",
    }

    def __init__(self, asked: Mapping[tuple[date, int], Collection[CheckInMoment]], days: Collection[date]) -> None:
        super().__init__(days)
        self._asked = asked

    def render(self) -> Content:
        """See `Widget.render`."""
        if not self._asked:
            return Content("Pain: no check-in yet")
        marks = {
            place: [(mark, self.COLOURS[moment]) for mark, moment in (each.mark(asked) for each in calendar.PAIN_SIGNS)]
            for place, asked in self._asked.items()
        }
        axis = self._axis()
        rows = chart.points(axis, self.TOP, marks, self.content_size.height - 1)
        return self._drawn(f"Pain: {calendar.PAIN_LEGEND}", axis, rows)
