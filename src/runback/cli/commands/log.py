"""`runback log`: low-impact work, exercises, and a stage that was run without runback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import click

from runback.cli import prompts
from runback.cli.local_time import local_now, moment
from runback.cli.plan_output import at_terminal, chosen, own_log, tell
from runback.config_files.error_text import nearest, quoted
from runback.errors import InputError, PlanError
from runback.rehab import entry_criteria
from runback.rehab.activity import ActivityKind, ExercisesDone, LoggedActivity
from runback.rehab.exercises import CHECKLIST, STOP_AT
from runback.rehab.records import SessionDone
from runback.training_log.history import why_not
from runback.training_log.log import TrainingLog
from runback.workout.quantities import duration

KINDS = {
    "cycling": ActivityKind.CYCLING,
    "elliptical": ActivityKind.ELLIPTICAL,
    "walking": ActivityKind.WALKING,
    "rowing": ActivityKind.ROWING,
}
"""As it is typed."""


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """What every record may say besides itself."""

    at: str | None = None
    note: str | None = None
    replaces: int | None = None
    corrects: int | None = None
    """A session of the journal."""


def log_activity(kind: str, minutes: float, pain: int | None, worse: bool | None, when: RecordOptions) -> int:
    """Keep low-impact work, and say whether it counts. Raises InputError."""
    book, now = own_log(), local_now()
    if pain is None and not at_terminal():
        raise InputError("--pain", "it is missing", "give the worst during it, from 0 to 10")
    if pain is None:
        pain = prompts.ask_pain(f"How was your back at its worst during the {KINDS[kind]}?")
    record = LoggedActivity(KINDS[kind], minutes, moment(when.at, now), pain, worse)
    before = book.history()
    number = _keep(book, record, when)
    click.echo(f"Logged as record {number}: {minutes:g} minutes of {record.kind}.")
    refusal = why_not(record, before)
    if refusal is not None:
        click.echo(refusal)
        return 0
    plan = book.plan()
    wanted = plan is not None and plan.gate.days > 0
    row = entry_criteria.month(book.history().activities, plan.gate.per_week if plan is not None else 0, now)
    if plan is None or not wanted or row.since is None:
        click.echo("It counts as low-impact work.")
        return 0
    days, week = min(row.days, plan.gate.days), f"{row.this_week} of {plan.gate.per_week} this week"
    click.echo(f"It counts: {days} of {plan.gate.days} days, {week}.")
    return 0


def log_exercises(ids: Sequence[str], when: RecordOptions, *, everything: bool) -> int:
    """Keep which exercises were done; without any, ask at a terminal or show the list. Raises InputError."""
    known = [exercise.id for exercise in CHECKLIST]
    for each in ids:
        if each not in known:
            near = nearest(each, known)
            hint = f"did you mean {near}?" if near else f"they are {', '.join(known)}"
            raise InputError("log exercises", f"there is no exercise called {quoted(each)}", hint)
    done = frozenset(known if everything else ids)
    if not done:
        click.echo(STOP_AT)
        for exercise in CHECKLIST:
            click.echo(f"{exercise.id:<14} {exercise.name}. {exercise.how}")
        if not at_terminal():
            return 0
        done = frozenset(each.id for each in CHECKLIST if prompts.ask_yes(f"{each.name}: done?"))
    if done:
        book = own_log()
        number = _keep(book, ExercisesDone(moment(when.at, local_now()), done), when)
        click.echo(f"Logged as record {number}: {len(done)} of {len(known)} exercises.")
    return 0


def log_session(stage_id: str | None, ran: str | None, when: RecordOptions) -> int:
    """Keep a stage that was run without runback and was over `--at`: `ran` of its running, all if
    None. Without `stage_id` it is the one that was due then.
    Raises InputError."""
    book, now = own_log(), local_now()
    ended = moment(when.at, now)
    plan, decision = chosen(book, ended)
    stage = decision.stage if stage_id is None else plan.stages[plan.index(stage_id)]
    if stage is None:
        raise PlanError(f"plan {plan.name}", decision.sentence, "name the stage with --stage")
    began = ended - timedelta(seconds=plan.workout(stage).duration)
    planned = plan.run_seconds(stage)
    done = planned if ran is None else duration(ran, "--ran")
    record = SessionDone(plan.name, stage.id, began, ended, planned, done)
    if when.corrects is None:
        number = _keep(book, record, when)
    else:
        number = book.correct_training(when.corrects, record, when.note or "")
    click.echo(f"Logged as record {number}: stage {stage.id}, {record.share:.0%} of its running.")
    tell(book, now)
    return 0


def withdraw(number: int, note: str | None) -> int:
    """A record that should not have been made counts no longer. Raises PlanError."""
    own_log().withdraw(number, local_now(), note or "")
    click.echo(f"Record {number} no longer counts; it stays in the journal.")
    return 0


def _keep(book: TrainingLog, record: LoggedActivity | ExercisesDone | SessionDone, when: RecordOptions) -> int:
    note = when.note or ""
    return book.add(record, note) if when.replaces is None else book.correct(when.replaces, record, note)
