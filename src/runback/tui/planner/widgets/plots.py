"""Plots of running and of pain over time, drawn by plotext in Textual.

textual-plotext (MIT, kept by Textual's makers) with plotext (MIT): axes, ticks and braille or block canvases that would
be several hundred lines of our own. It is imported by this file alone.

Rules:
- Each series has its own mark and says its name, so that none needs its colour.
- An empty plot says so in words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, tzinfo

from textual.color import Color
from textual_plotext import PlotextPlot

from runback.rehab.records import CheckIn
from runback.tui.planner import calendar
from runback.tui.planner.calendar import Series, SessionMark

_NEWEST = 60
"""Days shown: what matters is the last two months."""


class _Dated(PlotextPlot):
    """Series over days, on the theme's colours."""

    COLOURS: tuple[str, ...] = ()

    def __init__(self, title: str, series: Sequence[Series], origin: date, *, top: float, empty: str) -> None:
        super().__init__()
        self._title, self._series, self._origin, self._top, self._empty = title, series, origin, top, empty

    def on_mount(self) -> None:
        super().on_mount()
        self.app.theme_changed_signal.subscribe(self, lambda _: self._draw())
        self._draw()

    def on_resize(self) -> None:
        """Fewer dates on the axis where there is less room."""
        self._draw()

    def _colour(self, name: str) -> tuple[int, int, int]:
        return Color.parse(self.app.theme_variables[name]).rgb

    def _draw(self) -> None:
        plt = self.plt
        plt.clear_data()
        plt.title(self._title if any(each.days for each in self._series) else self._empty)
        days = [day for each in self._series for day in each.days]
        if days:
            first, last = max(min(days), max(days) - _NEWEST), max(days)
            for each, colour in zip(self._series, self.COLOURS, strict=False):
                self._put(each, self._colour(colour), first)
            plt.xlim(first - 1, last + 1)
            plt.xticks(*calendar.ticks(self._origin, first, last, max(2, self.size.width // 14)))
            steps = [self._top * part / 5 for part in range(6)]
            plt.ylim(0, self._top)
            plt.yticks(steps, [f"{step:.0f}" for step in steps])
        self.refresh()

    def _put(self, series: Series, colour: tuple[int, int, int], first: float) -> None:
        raise NotImplementedError


class RunPlot(_Dated):
    """Minutes of running in each session."""

    COLOURS = ("run",)

    def __init__(self, ran: Sequence[SessionMark], tz: tzinfo) -> None:
        origin = min((each.began.astimezone(tz).date() for each in ran), default=date(2000, 1, 1))
        series = calendar.run_series(ran, origin, tz)
        top = max(series.values, default=10.0)
        super().__init__(
            "Minutes of running",
            [series],
            origin,
            top=max(10.0, 5.0 * math.ceil(top / 5)),
            empty="Minutes of running: none yet",
        )

    def _put(self, series: Series, colour: tuple[int, int, int], first: float) -> None:
        shown = [(x, y) for x, y in zip(series.days, series.values, strict=True) if x >= first]
        self.plt.bar([x for x, _ in shown], [y for _, y in shown], color=colour, width=0.5, marker=series.mark)


class PainPlot(_Dated):
    """Pain from 0 to 10, by when it was asked."""

    COLOURS = ("walk", "run", "ease", "rest")

    def __init__(self, check_ins: Sequence[CheckIn], tz: tzinfo) -> None:
        origin = min((each.at.astimezone(tz).date() for each in check_ins), default=date(2000, 1, 1))
        series = calendar.pain_series(check_ins, origin, tz)
        names = ", ".join(f"{each.mark} {each.name}" for each in series)
        super().__init__(f"Pain, 0 to 10: {names}", series, origin, top=10.0, empty="Pain: no check-in yet")

    def _put(self, series: Series, colour: tuple[int, int, int], first: float) -> None:
        shown = [(x, y) for x, y in zip(series.days, series.values, strict=True) if x >= first]
        self.plt.scatter([x for x, _ in shown], [y for _, y in shown], color=colour, marker=series.mark)
