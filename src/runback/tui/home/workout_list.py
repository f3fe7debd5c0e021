"""The workouts in the order a runner wants them, and each as a line and as a page. Pure: entries in, text out.

Rules:
- What was run last comes first, then favourites, then the rest by name.
- A broken file is a row that says what is wrong, and can be neither run nor broken further.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from runback.ipc.messages import StepView, TimelineView
from runback.tui.styled_text import Role, StyledLine
from runback.units import Unit, spell
from runback.workout.formatting import spell_duration
from runback.workout.library import WorkoutEntry
from runback.workout.model import Workout

_BARS = " ▁▂▃▄▅▆▇█"
_NAME = 20
_PICTURE = 16


@dataclass(frozen=True, slots=True)
class ListedWorkout:
    """A workout in the list: its entry, whether it is a favourite, and when it was last run, in words ("" for never).
    `limit`: why it cannot be run here, in words; "" if it can."""

    entry: WorkoutEntry
    favourite: bool = False
    last: str = ""
    limit: str = ""


def listed(
    entries: Iterable[WorkoutEntry], favourites: frozenset[str], last: Mapping[str, str], fastest: int | None
) -> tuple[ListedWorkout, ...]:
    """`entries` in order; `last` has when each was last run, the newest first; `fastest` the highest speed the user
    wants, 0.01 km/h, None for no limit of theirs."""
    newest = list(last)

    def called(entry: WorkoutEntry) -> str:
        """What the journal calls it: a file's own title, where that is not its name."""
        title = "" if entry.workout is None else entry.workout.name
        return title if title in last and entry.name not in last else entry.name

    def place(each: ListedWorkout) -> tuple[int, bool, str]:
        name = called(each.entry)
        return (newest.index(name) if name in last else len(newest), not each.favourite, each.entry.name.casefold())

    made = (
        ListedWorkout(entry, entry.name in favourites, last.get(called(entry), ""), _limit(entry.workout, fastest))
        for entry in entries
    )
    return tuple(sorted(made, key=place))


def _limit(workout: Workout | None, fastest: int | None) -> str:
    if workout is None or fastest is None or workout.top_speed <= fastest:
        return ""
    return "faster than your max_speed"


def line(each: ListedWorkout, unit: Unit) -> str:
    """The row: star, name, picture, length, fastest step, and when it was run last."""
    star, name = "★" if each.favourite else " ", each.entry.name
    short = name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
    workout = each.entry.workout
    if workout is None:
        return f"{star} {short:<{_NAME}}  cannot be used: {each.entry.error}"
    figures = f"{spell_duration(workout.duration):>7}  {spell(workout.top_speed, unit):>9}"
    return f"{star} {short:<{_NAME}} {sparkline(workout, _PICTURE)} {figures}  {each.limit or each.last}".rstrip()


def sparkline(workout: Workout, width: int) -> str:
    """The speeds of `workout` over its time, `width` cells of one row; the fastest step is a full block."""
    steps, cells, top = workout.flat(), [], workout.top_speed
    until, index = steps[0].duration, 0
    for x in range(width):
        middle = (x + 0.5) * workout.duration / width
        while middle >= until and index < len(steps) - 1:
            index += 1
            until += steps[index].duration
        cells.append(_BARS[max(1, round(8 * steps[index].speed / top))])
    return "".join(cells)


def timeline(workout: Workout) -> TimelineView:
    """`workout` as the session screen draws it."""
    steps = (
        StepView(
            number=number,
            kind=step.kind,
            duration_s=round(step.duration, 3),
            speed_kmh=step.speed / 100,
            incline_percent=step.incline / 10,
        )
        for number, step in enumerate(workout.flat(), 1)
    )
    return TimelineView(workout=workout.name, steps=tuple(steps))


def page(each: ListedWorkout, unit: Unit) -> list[StyledLine]:
    """What is known of a workout: what it is for, its figures, and its steps."""
    workout = each.entry.workout
    if workout is None:
        return [StyledLine(str(each.entry.error), Role.WARN)]
    length, top = spell_duration(workout.duration), spell(workout.top_speed, unit)
    lines = [StyledLine(workout.description), StyledLine()] if workout.description else []
    lines.append(StyledLine(f"{length} in all, {len(workout.flat())} intervals, {top} at the most", Role.STRONG))
    if each.limit:
        lines.append(StyledLine(f"It is {each.limit}.", Role.WARN))
    lines.append(StyledLine())
    for number, step in enumerate(workout.flat(), 1):
        incline = f", {step.incline / 10:g} %" if step.incline else ""
        role = Role.RUN if step.kind == "run" else Role.WALK
        said = f"{number:>3}  {step.kind:<10} {spell_duration(step.duration):>7} at {spell(step.speed, unit)}{incline}"
        lines.append(StyledLine(said, role))
    return [*lines, StyledLine(), StyledLine(each.entry.source, Role.QUIET)]


def pasted_path(text: str) -> str:
    """The path of a file that was dragged onto the terminal, which types it: bare, quoted, with escaped blanks, or as
    a file:// address. "" if `text` is not the path of a file that is there."""
    typed = text.strip()
    if not typed or "\n" in typed or "\0" in typed:
        return ""
    candidates = [typed, typed.strip("'\"")]
    if typed.startswith("file://"):
        rest = typed.removeprefix("file://")  # no parser of addresses: a # or a [ may be in the name of a file
        candidates.append(unquote(rest[rest.find("/") :]) if "/" in rest else "")
    try:
        words = shlex.split(typed)
    except ValueError:  # an open quote
        words = []
    if len(words) == 1:
        candidates.append(words[0])
    return next((path for path in map(os.path.expanduser, candidates) if os.path.isfile(path)), "")
