"""`runback history`: sessions with what was planned and done, the pain around them, and what was decided.

Rules:
- A decision is told as it was in force when the next session began, with the override a session was begun with.
- Real sessions are always there, of a plan or not. `--all` adds simulated ones, and every record with its number, the
  replaced ones too.
"""

from __future__ import annotations

import json as json_module
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

import click

from runback.cli import options
from runback.cli.local_time import local_now
from runback.cli.plan_output import own_log, reaction_shown
from runback.config_files.error_text import printable
from runback.errors import PlanError
from runback.workout.formatting import spell_duration

if TYPE_CHECKING:
    from runback.journal.model import SessionRow
    from runback.training_log.entries import LogEntry, RecordedRun
    from runback.training_log.history import SessionHistory
    from runback.training_log.log import TrainingLog

WORDS = 500
"""Characters of a person's words on one line at most; `--json` has them all."""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One thing that happened, for people and for programs."""

    at: datetime
    lines: tuple[str, ...]
    shown: dict[str, object]


@click.command()
@click.option("--all", "everything", is_flag=True, help="Every record and every session, with their numbers.")
@options.plain_json
def history(everything: bool, json: bool) -> int:
    """Sessions planned and done, the pain around them, and what was decided."""
    book, now = own_log(), local_now()
    zone = now.tzinfo
    if zone is None:
        raise PlanError("history", "this time has no time zone", "set the computer's time zone")
    trainings = book.trainings()
    rows = [*_chapters(book, trainings, now, zone), *_others(trainings, zone, everything=everything)]
    if everything:
        rows += [_record(kept, zone) for kept in book.kept()]
    for row in sorted(rows, key=lambda row: row.at):
        for line in (json_module.dumps(row.shown),) if json else row.lines:
            click.echo(line)
    return 0


def _chapters(
    book: TrainingLog, trainings: tuple[RecordedRun, ...], now: datetime, zone: tzinfo
) -> Iterator[HistoryRow]:
    from runback.training_log.history import every_session

    numbers = {training.done: training.id for training in trainings if training.done is not None}
    for chapter in every_session(book.history(), now, tz=zone):
        yield _chapter(chapter, numbers.get(chapter.session), zone)


def _chapter(chapter: SessionHistory, number: int | None, zone: tzinfo) -> HistoryRow:
    session, override, decision = chapter.session, chapter.override, chapter.decision
    ran = f"{spell_duration(round(session.done_run))} of {spell_duration(round(session.planned_run))} run"
    pain = (chapter.before, chapter.during, chapter.morning, chapter.gate)
    said = " ".join("-" if each is None else str(each) for each in pain)
    which = "without runback" if number is None else f"session {number}"
    lines = [
        f"{_when(session.began, zone)}  {which}, {session.plan} {session.stage}: {ran} ({session.share:.0%}); "
        f"pain before, during, next morning, at 48 h: {said}"
    ]
    if chapter.reaction is not None:
        lines.append(f"    pain 0-10: {chapter.reaction.sentence}")
    if override is not None:
        lines.append(f"    went ahead before the wait was over, because: {printable(override.words, WORDS)}")
    shown: dict[str, object] = {
        "type": "session",
        "session": number,
        "plan": session.plan,
        "stage": session.stage,
        "began": session.began.astimezone(zone).isoformat(),
        "ended": session.ended.astimezone(zone).isoformat(),
        "planned_run_s": session.planned_run,
        "done_run_s": session.done_run,
        "pain_before": chapter.before,
        "pain_during": chapter.during,
        "pain_next_morning": chapter.morning,
        "pain_gate": chapter.gate,
        "reaction": None if chapter.reaction is None else reaction_shown(chapter.reaction),
        "override": None if override is None else {"words": override.words, "decision": override.decision},
        "ruling": decision.kind.value,
        "rule": decision.rule,
        "next_stage": None if decision.stage is None else decision.stage.id,
        "sentence": decision.sentence,
    }
    return HistoryRow(session.began, (*lines, f"    {decision.sentence}."), shown)


def _others(trainings: tuple[RecordedRun, ...], zone: tzinfo, *, everything: bool) -> Iterator[HistoryRow]:
    """Sessions that no plan hears of."""
    from runback.journal import queries
    from runback.journal.database import default_path

    counted = {training.id: training for training in trainings}
    for session in queries.history(default_path(), simulated=everything):
        training = counted.get(session.id)
        if training is None or training.done is None:
            yield _other(session, "not of a plan" if training is None else f"does not count: {training.why}", zone)


def _other(session: SessionRow, why: str, zone: tzinfo) -> HistoryRow:
    done = f"{spell_duration(session.active // 1000)} of {spell_duration(session.planned // 1000)}"
    simulated = ", simulated" if session.simulated and "simulated" not in why else ""
    name = printable(session.workout, 60)
    line = f"{_when(session.began, zone)}  session {session.id}, {name}: {done}; {why}{simulated}"
    shown: dict[str, object] = {
        "type": "other session",
        "session": session.id,
        "workout": session.workout,
        "began": session.began.astimezone(zone).isoformat(),
        "planned_s": session.planned / 1000,
        "actual_s": session.active / 1000,
        "simulated": session.simulated,
        "outcome": session.outcome,
        "why": why,
    }
    return HistoryRow(session.began, (line,), shown)


def _record(kept: LogEntry, zone: tzinfo) -> HistoryRow:
    from runback.training_log.serialization import write

    made = write(kept.record)
    told = [
        f"{key} {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for key, value in made.payload.items()
        if value is not None and value is not False and value != []
    ]
    words = f'; "{printable(kept.words, WORDS)}"' if kept.words else ""
    gone = "" if kept.replaced_by is None else f"; replaced by record {kept.replaced_by}"
    line = f"{_when(made.at, zone)}  record {kept.id}, {made.kind}: {printable('; '.join(told), WORDS)}{words}{gone}"
    shown: dict[str, object] = {
        "type": "record",
        "record": kept.id,
        "kind": made.kind,
        "at": made.at.astimezone(zone).isoformat(),
        "payload": dict(made.payload),
        "words": kept.words,
        "replaces": kept.replaces,
        "replaced_by": kept.replaced_by,
    }
    return HistoryRow(made.at, (line,), shown)


def _when(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
