"""The session as a picture: widths are time, heights are speed, and a mark stands at now.

Rules:
- Pure: a plan, the time on it and a room in cells in; rows of marked cells out.
- Run and walk differ by texture as well as by colour: run is solid, walking is shaded, and both keep their height.
- A step narrower than a cell is still drawn where it covers more of the cell than its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise

from runback.ipc.messages import StepView, TimelineView
from runback.workout.model import Kind

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_SHADE = "▒"
_CURSOR = "▼"


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring cells of one look: `text`, drawn in `tone` (run, walk, past, now)."""

    text: str
    tone: str


def picture(plan: TimelineView, elapsed_s: float, width: int, height: int) -> list[list[Run]]:
    """`height` rows of `width` cells: the mark at now in the first, bars below."""
    total = sum(step.duration_s for step in plan.steps)
    if width < 1 or height < 2 or total <= 0:
        return []
    columns = _columns(plan, width, total)
    now = min(width - 1, int(max(0.0, elapsed_s) / total * width))
    top = max(step.speed_kmh for step in plan.steps)
    bars = height - 1
    rows = [[Run(" " * now, "now"), Run(_CURSOR, "now"), Run(" " * (width - now - 1), "now")]]
    for row in range(bars):
        floor = bars - 1 - row
        cells = [_cell(step, top, bars, floor, past=x < now) for x, step in enumerate(columns)]
        rows.append([Run("".join(text for text, _ in same), tone) for tone, same in _by_tone(cells)])
    return rows


def _by_tone(cells: list[tuple[str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(tone, list(same)) for tone, same in groupby(cells, key=lambda cell: cell[1])]


def _columns(plan: TimelineView, width: int, total: float) -> list[StepView]:
    """For each column the step that covers most of it."""
    edges = [0.0, *accumulate(step.duration_s for step in plan.steps)]
    spans = list(zip(pairwise(edges), plan.steps, strict=True))
    columns = []
    first = 0
    for x in range(width):
        start, end = x * total / width, (x + 1) * total / width
        while first < len(spans) - 1 and spans[first][0][1] <= start:
            first += 1
        best, most = first, -1.0
        for index in range(first, len(spans)):
            (low, high), _ = spans[index]
            if low >= end:
                break
            covered = min(high, end) - max(low, start)
            if covered > most:
                best, most = index, covered
        columns.append(spans[best][1])
    return columns


def _cell(step: StepView, top: float, bars: int, floor: int, past: bool) -> tuple[str, str]:
    """The glyph and tone at `floor` rows above the ground."""
    solid = step.kind in (Kind.RUN, Kind.FREE)
    tone = ("past-" if past else "") + ("run" if solid else "walk")
    eighths = max(1, round(step.speed_kmh / top * bars * 8)) if top > 0 else 1
    filled = min(8, max(0, eighths - 8 * floor))
    if solid:
        return (_EIGHTHS[filled], tone)
    return (_SHADE if filled >= 4 or (floor == 0 and filled) else " ", tone)
