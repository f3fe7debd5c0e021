"""One session: its speed, planned and measured, as a picture; its intervals as a table; and what is worth knowing.

Rules:
- Measured is drawn solid where running was planned and shaded where walking was; the plan is a line across it, so that
  both are told apart without colour.
- A second without a measurement is a gap, never a zero.
- What happened is told in plain words; what was routine is left out.
- Pure: the journal's story in, text out.

Units: ms, speed 0.01 km/h, as the journal's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from runback.journal.model import Event, IntervalRow, SampleRow, SessionRecord, SessionRow
from runback.rehab.reaction import Reaction
from runback.tui.planner.today_page import clock
from runback.tui.styled_text import Role, StyledLine
from runback.units import Unit, figure, spell, spell_length

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_SHADE = "▒"
_PLANNED = "─"
_RUNNING = frozenset({"run", "free"})


@dataclass(frozen=True, slots=True)
class ColouredText:
    """Neighbouring cells of one look: `text`, drawn in `tone` (run, walk, plan, plain)."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class _Column:
    planned: float | None
    measured: float | None
    running: bool


def length(story: SessionRecord) -> int:
    """From its beginning to the last thing known, ms."""
    last = [each.at for each in story.samples[-1:]] + [story.session.length]
    return max(last)


def picture(story: SessionRecord, width: int, height: int) -> list[list[ColouredText]]:
    """`height` rows of `width` cells: planned and measured speed over the time of the session."""
    columns = _columns(story, width)
    top = max((speed for each in columns for speed in (each.planned, each.measured) if speed is not None), default=0)
    if not columns or top <= 0 or height < 1:
        return []
    rows = []
    for floor in range(height - 1, -1, -1):
        cells = [_cell(each, top, height, floor) for each in columns]
        runs = groupby(cells, lambda cell: cell[1])
        rows.append([ColouredText("".join(text for text, _ in same), tone) for tone, same in runs])
    return rows


def _columns(story: SessionRecord, width: int) -> list[_Column]:
    total = length(story)
    if total <= 0 or width < 1:
        return []
    columns, samples, intervals = [], story.samples, story.intervals
    first = number = 0
    for x in range(width):
        end = (x + 1) * total / width
        middle = (x + 0.5) * total / width
        heard = []
        while first < len(samples) and samples[first].at < end:
            if (speed := samples[first].speed) is not None:
                heard.append(speed)
            first += 1
        while number < len(intervals) and intervals[number].began <= middle:
            number += 1
        present = intervals[number - 1] if number else None
        measured = sum(heard) / len(heard) if heard else _between(samples, first, middle)
        running = present is not None and present.kind in _RUNNING
        columns.append(_Column(None if present is None else present.planned_speed, measured, running))
    return columns


def _between(samples: Sequence[SampleRow], first: int, middle: float) -> float | None:
    """A column narrower than a second has the sample before it, if that is near."""
    if not first or middle - samples[first - 1].at > 1500:
        return None
    return samples[first - 1].speed


def _cell(column: _Column, top: float, height: int, floor: int) -> tuple[str, str]:
    tone = "run" if column.running else "walk"
    if column.planned is not None and min(height - 1, int(column.planned / top * height - 0.01)) == floor:
        return (_PLANNED, "plan")
    if column.measured is None:
        return (" ", "plain")
    filled = min(8, max(0, round(column.measured / top * height * 8) - 8 * floor))
    if column.running:
        return (_EIGHTHS[filled], tone)
    return (_SHADE if filled >= 4 or (floor == 0 and filled) else " ", tone)


def headline(session: SessionRow, unit: Unit = Unit.KMH) -> str:
    """The session in a line."""
    parts = [f"{clock(session.active / 1000)} of {clock(session.planned / 1000)}"]
    if session.distance is not None:
        parts.append(spell_length(session.distance / 10, unit))
    if session.top_speed is not None:
        parts.append(f"top {spell(session.top_speed, unit)}")
    if session.mean_heart_rate is not None:
        parts.append(f"heart {session.mean_heart_rate} on average, {session.top_heart_rate} at most")
    if session.simulated:
        parts.append("simulated: no treadmill moved")
    return ", ".join(parts)


def ended(session: SessionRow) -> str:
    """How it ended, in words."""
    words = {
        "completed": "Completed.",
        "stopped": "Stopped, belt at rest.",
        "alarm": "The belt was not seen at rest at the end.",
    }
    told = words.get(session.outcome or "", "It was cut off: the program ended in the middle of it.")
    # What a person reads after "completed" is of no use.
    return told if session.outcome == "completed" or not session.reason else f"{told} Why: {session.reason}."


def reacted(reaction: Reaction | None) -> list[StyledLine]:
    """How the back reacted to it, in a line; nothing for a session of no plan."""
    return [] if reaction is None else [StyledLine(f"Pain, 0-10: {reaction.sentence}.")]


def compared(session: SessionRow, before: SessionRow | None, day: str, unit: Unit = Unit.KMH) -> list[StyledLine]:
    """How `session` compares with the one `before` it of its kind, which was on `day`, without a judgement; nothing
    where there was none."""
    if before is None:
        return []
    told = []
    seconds = round((session.active - before.active) / 1000)
    if seconds:
        told.append(f"{clock(abs(seconds))} {'longer' if seconds > 0 else 'shorter'}")
    if session.distance is not None and before.distance is not None:
        metres = round((session.distance - before.distance) / 10)
        if metres:
            told.append(f"{spell_length(abs(metres), unit)} {'farther' if metres > 0 else 'less far'}")
    if session.mean_heart_rate is not None and before.mean_heart_rate is not None:
        beats = session.mean_heart_rate - before.mean_heart_rate
        if beats:
            told.append(f"heart {abs(beats)} {'higher' if beats > 0 else 'lower'}")
    return [
        StyledLine(f"The time before, {day}: {', '.join(told)}." if told else f"The same as the time before, {day}.")
    ]


TABLE = ("", "kind", "planned", "at", "done", "at", "top")


def table(intervals: Sequence[IntervalRow], unit: Unit = Unit.KMH) -> list[tuple[str, ...]]:
    """The intervals as rows under `TABLE`: planned against done."""
    return [
        (
            str(each.number),
            each.kind,
            clock(each.planned / 1000),
            speed(each.planned_speed, unit),
            "-" if each.actual is None else clock(each.actual / 1000),
            speed(each.actual_speed, unit),
            speed(each.top_speed, unit),
        )
        for each in intervals
    ]


def speed(hundredths: int | None, unit: Unit) -> str:
    """The figure in `unit`, or a dash where nothing was measured."""
    return "-" if hundredths is None else figure(hundredths, unit)


def aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows as text, the numbers of each column below each other."""
    widths = [max(len(each[column]) for each in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            part.ljust(width) if column == 1 else part.rjust(width)
            for column, (part, width) in enumerate(zip(each, widths, strict=True))
        )
        for each in rows
    ]


_ASKED = {
    "something is wrong": "You said that something is wrong; the belt was made slower.",
    "ease off": "You eased off to a walk.",
    "pause": "You paused.",
    "skip": "You went on to the next step.",
    "repeat": "You did the step again.",
    "extend": "You took 30 s more.",
}
_SIGNALS = {
    "safety key pulled": "The safety key was pulled.",
    "control lost": "Another controller took the treadmill.",
    "paused at the console": "Paused at the console.",
    "stopped at the console": "Stopped at the console.",
    "the belt does not stop": "The belt did not come to rest as it should.",
    "no data": "The treadmill went quiet.",
}
_WORDS = {"link lost": "The link was lost."}


def worth_knowing(events: Sequence[Event]) -> list[StyledLine]:
    """What happened besides the plan, with its time."""
    lines = []
    for event in events:
        said, role = _said(event)
        if said:
            lines.append(StyledLine(f"{clock(event.at / 1000):>6}  {said}", role))
    return lines


def _said(event: Event) -> tuple[str, Role]:
    match event.word:
        case "stop":
            return f"■ Stopped: {event.fields.get('reason') or 'no reason was recorded'}.", Role.STRONG
        case "ask":
            return _ASKED.get(str(event.fields.get("ask")), ""), Role.PLAIN
        case "signal":
            return _SIGNALS.get(str(event.fields.get("signal")), ""), Role.PLAIN
        case word:
            return _WORDS.get(word, ""), Role.STRONG
