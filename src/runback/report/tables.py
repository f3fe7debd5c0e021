"""What the page's tables hold, where it is not in the records as it is: what was measured, pain, weeks without runs.

Rules:
- What is missing is said as missing, never left blank.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from runback.journal.model import SessionRow
from runback.rehab.activity import ActivityKind
from runback.rehab.exercises import CHECKLIST
from runback.rehab.reaction import reaction
from runback.rehab.records import CheckInMoment, Clearance, Declaration, History
from runback.report.formatting import NONE, pain
from runback.report.report_data import Done, ReportData
from runback.units import Unit, spell, spell_length

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WeeklyWork:
    """How many `minutes`, and how many times, something was done in a week."""

    kind: ActivityKind
    minutes: float
    times: int


@dataclass(frozen=True, slots=True)
class WeekBeside:
    """A week of what goes beside the running: low-impact work with its `worst` pain, and on how many occasions which
    exercises were done."""

    begins: datetime
    work: tuple[WeeklyWork, ...]
    worst: int | None
    exercised: int
    exercises: tuple[str, ...]


def pain_at(done: Done, moment: CheckInMoment) -> str:
    """What was said at `moment`, or why nothing was."""
    if done.case is None:
        return NONE
    return "not yet" if moment in done.case.pending else pain(done.pain(moment))


def reacted(done: Done) -> str:
    """How the back reacted to a run; a dash where its answers belong to another plan."""
    return NONE if done.case is None else reaction(done.case).sentence


def measured(kept: SessionRow | None, unit: Unit) -> str:
    """What the treadmill told: distance, top speed, mean heart rate."""
    if kept is None:
        return "not measured"
    metres = None if kept.distance is None else kept.distance / 10
    distance = "" if metres is None else f"{metres:.0f} m" if unit.length == "km" else spell_length(metres, unit)
    top = "" if kept.top_speed is None else spell(kept.top_speed, unit)
    beats = "" if kept.mean_heart_rate is None else f"{kept.mean_heart_rate} bpm"
    return ", ".join(filter(None, (distance, top, beats))) or "not measured"


def injury(history: History) -> list[Declaration | Clearance]:
    """What was said about the injury, and what clinicians have cleared."""
    return sorted((*history.declarations, *history.clearances), key=attrgetter("at"))


def weeks_beside(dossier: ReportData) -> list[WeekBeside]:
    """Low-impact work and exercises, week by week from the first that is shown."""
    history = dossier.history
    times = [each.at for each in history.activities] + [each.at for each in history.exercises]
    times = [at for at in times if dossier.shows(at)]
    if not times:
        return []
    first = min(times)
    return [_week(history, first + WEEK * week) for week in range((max(times) - first) // WEEK + 1)]


def _week(history: History, begins: datetime) -> WeekBeside:
    ends = begins + WEEK
    work = [each for each in history.activities if begins <= each.at < ends]
    done = [each for each in history.exercises if begins <= each.at < ends]
    minutes: dict[ActivityKind, list[float]] = {}
    for each in work:
        minutes.setdefault(each.kind, []).append(each.minutes)
    known = {exercise.id: exercise.name for exercise in CHECKLIST}
    return WeekBeside(
        begins,
        tuple(WeeklyWork(kind, sum(all_), len(all_)) for kind, all_ in minutes.items()),
        max((each.pain for each in work), default=None),
        len(done),
        tuple(sorted({known.get(id_, "another") for each in done for id_ in each.done})),
    )
