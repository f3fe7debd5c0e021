"""Three drawings, each an SVG in the page (`templates/macros.html.j2`): running planned and done, pain, rest.

Rules:
- Black, white and grey, told apart by shape and pattern: a photocopy says the same.
- Each has a title and a description for whoever does not see it; every figure stands in a table below as well.
- What it looks like stands in the drawing itself, so that it is the same without the page's style sheet.
- What is missing is drawn as a cross under the line, not left out.

Units: pixels of a drawing 720 wide, which the page scales.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from runback.rehab.pain_findings import MOST_DURING
from runback.rehab.plan import ProgressionKind
from runback.rehab.records import CheckInMoment
from runback.rehab.session_review import AT_MOST_DURING
from runback.report.formatting import LETTERS, day, hours, minutes
from runback.report.report_data import Done, ReportData, rest_needed

WIDTH, LEFT, RIGHT = 720.0, 44.0, 12.0
TOP, HEIGHT, BELOW = 26.0, 120.0, 34.0
LABELS = 24
"""More than these do not fit under a drawing: then every second, third, ... is named."""
LONGEST_REST = timedelta(hours=168)
"""A longer one is drawn as this, with its own figure."""
_LINE = {"fill": "none", "stroke": "#111"}
_WHITE = {"fill": "#fff", "stroke": "#111"}
_LOOKS: dict[str, dict[str, str]] = {
    "middle": {"text-anchor": "middle"},
    "value": {"text-anchor": "middle"},
    "missing": {"text-anchor": "middle", "font-weight": "bold"},
    "start": {},
    "end": {"text-anchor": "end"},
    "grid": {"stroke": "#d0d0d0"},
    "axis": {"stroke": "#111"},
    "bound": {"stroke": "#111", "stroke-dasharray": "5 3"},
    "planned": _WHITE,
    "enough": _WHITE,
    "done": {"fill": "#666", "stroke": "#111"},
    "short": {"fill": "url(#rest-hatching)", "stroke": "#111"},
    "during": {**_LINE, "stroke-width": "1.5"},
    "morning": {**_LINE, "stroke-width": "1.5", "stroke-dasharray": "3 3"},
    "before-mark": _WHITE,
    "during-mark": {"fill": "#111"},
    "morning-mark": {"fill": "#888", "stroke": "#111"},
    "gate-mark": _WHITE,
}
_TEXT = {
    "font-family": "system-ui, sans-serif",
    "font-size": "11",
    "fill": "#111",
    "stroke": "#fff",  # a rim, so that a line behind it does not strike it through
    "stroke-width": "3",
    "paint-order": "stroke",
}
_ROOM = WIDTH - LEFT - RIGHT
_FLOOR = TOP + HEIGHT


@dataclass(frozen=True, slots=True)
class Mark:
    """One element of a drawing: an SVG shape with its attributes, and the text in it."""

    shape: str
    attributes: Mapping[str, str]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing `height` high; `told` says in words all that it shows."""

    id: str
    title: str
    told: str
    marks: tuple[Mark, ...]
    height: str
    width: str = f"{WIDTH:g}"


def run_minutes(done: Sequence[Done]) -> Drawing:
    """Bars: minutes of running, planned (white) and done (grey), each session."""
    longest = max((max(each.session.planned_run, each.session.done_run) for each in done), default=60.0)
    top = max(2, -(-int(longest) // 120) * 2)  # minutes, even
    marks: list[Mark] = _grid([(value, f"{value}") for value in _steps(top)], top, "min")
    for x, width, each in _places(done):
        bars = ((each.session.planned_run, "planned", 0.0), (each.session.done_run, "done", width * 0.42))
        for seconds, kind, remark_line in bars:
            height = HEIGHT * seconds / 60 / top
            marks.append(
                _mark(
                    "rect",
                    x=x - width * 0.4 + remark_line,
                    y=_FLOOR - height,
                    width=width * 0.38,
                    height=height,
                    kind=kind,
                )
            )
    marks += _names(done)
    marks += _legend((("rect", "planned", "planned"), ("rect", "done", "done")))
    told = "; ".join(
        f"session {each.number}: {minutes(each.session.done_run)} of {minutes(each.session.planned_run)}"
        for each in done
    )
    return _drawing("run", "Minutes of running in each session, planned and done", told, marks)


def pain_curve(dossier: ReportData, done: Sequence[Done]) -> Drawing:
    """Every check-in's pain over the days, the worst during (D) and the next morning (M) joined to lines."""
    check_ins = [each for each in dossier.history.check_ins if dossier.shows(each.at) and each.at <= dossier.now]
    shown = [each for each in done if each.case is not None]
    times = [*(each.at for each in check_ins), *(each.session.began for each in shown), dossier.now]
    first, last = min(times), max(times)
    across = _scale(first, max(last, first + timedelta(days=1)))
    marks: list[Mark] = _grid([(value, f"{value}") for value in range(0, 11, 2)], 10, "0–10")
    if dossier.plan.rules.judge is ProgressionKind.CHECK_INS:
        marks += _bounds()
    for moment, kind in ((CheckInMoment.DURING, "during"), (CheckInMoment.MORNING, "morning")):
        points = [f"{across(each.at):.1f},{_height(each.pain):.1f}" for each in check_ins if each.moment is moment]
        if len(points) > 1:
            marks.append(_mark("polyline", points=" ".join(points), kind=kind))
    marks += [_marker(each.moment, across(each.at), _height(each.pain)) for each in check_ins]
    for each in shown:
        x = across(each.session.began)
        marks.append(_mark("line", x1=x, x2=x, y1=_FLOOR, y2=_FLOOR + 5, kind="axis"))
        missing = () if each.case is None else each.case.missing
        for row, moment in enumerate(missing):
            marks.append(_text(f"×{LETTERS[moment]}", x=x, y=_FLOOR + 15 + 9 * row, kind="missing"))
    marks += _dates(first, last, across, dossier)
    marks += _legend(tuple(("marker", moment, f"{LETTERS[moment]} {moment.value}") for moment in CheckInMoment))
    told = "; ".join(f"{day(each.at, dossier.tz)} {each.moment.value} {each.pain}" for each in check_ins)
    return _drawing("pain", "Pain from 0 (none) to 10 (worst), as reported in the check-ins", told, marks, 18)


def rest_hours(dossier: ReportData, done: Sequence[Done]) -> Drawing:
    """Bars: the hours from the end of the session before, against what the plan wants."""
    needed = rest_needed(dossier.plan)
    least = needed // timedelta(hours=1)
    shown = [each for each in done if each.rest is not None]
    longest = max((min(each.rest, LONGEST_REST) for each in shown if each.rest is not None), default=needed)
    top = max(int(longest / timedelta(hours=24)) + 1, least // 24 + 1) * 24
    marks: list[Mark] = _grid([(value, f"{value}") for value in range(0, top + 1, 24)], top, "h")
    for x, width, each in _places(done):
        if each.rest is None:
            continue
        height = HEIGHT * max(0.0, min(each.rest, LONGEST_REST) / timedelta(hours=top))
        kind = "short" if each.short(needed) else "enough"
        marks.append(_mark("rect", x=x - width * 0.3, y=_FLOOR - height, width=width * 0.6, height=height, kind=kind))
        if len(done) <= LABELS or each.short(needed):
            more = " ↑" if each.rest > LONGEST_REST else ""
            figure = f"{each.rest // timedelta(hours=1)}{more}"
            marks.append(_text(figure, x=x, y=_FLOOR - height - 3, kind="value"))
    y = _FLOOR - HEIGHT * least / top
    marks.append(_mark("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, kind="bound"))
    marks += _names(done)
    marks += _legend((("rect", "enough", f"{least} h or more"), ("rect", "short", f"less than {least} h")))
    told = "; ".join(f"before session {each.number}: {hours(each.rest)}" for each in shown if each.rest is not None)
    return _drawing("rest", f"Hours of rest before each session, against the {least} that are wanted", told, marks)


def _drawing(id_: str, title: str, told: str, marks: Sequence[Mark], more: float = 0.0) -> Drawing:
    return Drawing(id_, title, told, tuple(marks), f"{_FLOOR + BELOW + more:g}")


def _mark(shape: str, *, kind: str, **places: str | float) -> Mark:
    figures = {name: value if isinstance(value, str) else f"{round(value, 2):g}" for name, value in places.items()}
    return Mark(shape, {**figures, "class": kind, **_LOOKS[kind]})


def _text(text: str, *, x: float, y: float, kind: str) -> Mark:
    return Mark("text", {**_mark("text", x=x, y=y, kind=kind).attributes, **_TEXT}, text)


def _steps(top: int) -> range:
    return range(0, top + 1, 2 if top <= 12 else 10 if top <= 60 else 60)


def _grid(values: Sequence[tuple[float, str]], top: float, unit: str) -> list[Mark]:
    marks: list[Mark] = []
    for value, text in values:
        y = _FLOOR - HEIGHT * value / top
        marks.append(
            _mark("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, kind="axis" if value == 0 else "grid"),
        )
        marks.append(_text(text, x=LEFT - 6, y=y + 4, kind="end"))
    return [*marks, _text(unit, x=LEFT - 6, y=TOP - 12, kind="end")]


def _places(done: Sequence[Done]) -> list[tuple[float, float, Done]]:
    """Where each session stands, and how wide."""
    width = _ROOM / max(len(done), 4)
    return [(LEFT + width * (place + 0.5), min(width, 60.0), each) for place, each in enumerate(done)]


def _names(done: Sequence[Done]) -> list[Mark]:
    every = -(-len(done) // LABELS) or 1
    marks: list[Mark] = []
    for place, (x, _, each) in enumerate(_places(done)):
        if place % every == 0:
            marks.append(_text(f"{each.number}", x=x, y=_FLOOR + 14, kind="middle"))
            marks.append(_text(each.session.stage, x=x, y=_FLOOR + 28, kind="middle"))
    marks.append(_text("session", x=LEFT - 4, y=_FLOOR + 14, kind="end"))
    return [*marks, _text("stage", x=LEFT - 4, y=_FLOOR + 28, kind="end")]


def _scale(first: datetime, last: datetime) -> Callable[[datetime], float]:
    return lambda at: LEFT + 8 + (_ROOM - 16) * ((at - first) / (last - first))


def _height(pain: float) -> float:
    return _FLOOR - HEIGHT * pain / 10


def _bounds() -> list[Mark]:
    marks: list[Mark] = []
    for value, text in ((MOST_DURING, "D above: repeat"), (AT_MOST_DURING, "D above: one stage back")):
        y = _height(value + 0.5)
        marks.append(_mark("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, kind="bound"))
        marks.append(_text(text, x=WIDTH - RIGHT, y=y - 3, kind="end"))
    return marks


def _dates(first: datetime, last: datetime, across: Callable[[datetime], float], dossier: ReportData) -> list[Mark]:
    marks: list[Mark] = []
    free = 0.0
    for part in range(6):
        at = first + (last - first) * part / 5
        x = min(across(at), WIDTH - 66)
        if x >= free:
            marks.append(_text(day(at, dossier.tz), x=x, y=_FLOOR + BELOW + 14, kind="start"))
            free = x + 70
    return marks


def _marker(moment: CheckInMoment, x: float, y: float) -> Mark:
    match moment:
        case CheckInMoment.BEFORE:
            return _mark("circle", cx=x, cy=y, r=3.2, kind="before-mark")
        case CheckInMoment.DURING:
            return _mark("path", d=_path(x, y, ((0, -5), (5, 0), (0, 5), (-5, 0))), kind="during-mark")
        case CheckInMoment.MORNING:
            return _mark("rect", x=x - 3.2, y=y - 3.2, width=6.4, height=6.4, kind="morning-mark")
        case _:
            return _mark("path", d=_path(x, y, ((0, -4.5), (4.5, 4), (-4.5, 4))), kind="gate-mark")


def _path(x: float, y: float, corners: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x + dx:.1f} {y + dy:.1f}" for dx, dy in corners) + " Z"


def _legend(entries: Sequence[tuple[str, str, str]]) -> list[Mark]:
    marks: list[Mark] = []
    x = LEFT + 4
    for form, kind, text in entries:
        if form == "rect":
            marks.append(_mark("rect", x=x, y=3, width=10, height=10, kind=kind))
        else:
            marks.append(_marker(CheckInMoment(kind), x + 5, 8))
        marks.append(_text(text, x=x + 15, y=12, kind="start"))
        x += 26 + 6.4 * len(text)
    return marks
