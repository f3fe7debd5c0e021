"""`runback log`: low-impact work, a run, exercises, and a stage that was run without runback."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING

import click

from runback.cli import options, prompts
from runback.cli.local_time import day, local_now, moment
from runback.cli.number_types import NumberParam, WholeParam
from runback.cli.plan_output import at_terminal, chosen, own_log, tell
from runback.config_files.error_text import nearest, quoted
from runback.errors import InputError, PlanError
from runback.rehab.activity import RUNNING_WHY, ActivityKind, ExercisesDone, LoggedActivity
from runback.rehab.exercises import CHECKLIST, STOP_AT
from runback.rehab.low_impact_month import FRESH, MonthDone, month
from runback.rehab.records import SessionDone
from runback.workout.quantities import duration

if TYPE_CHECKING:
    from runback.training_log.log import TrainingLog

KINDS = {
    "cycling": ActivityKind.CYCLING,
    "elliptical": ActivityKind.ELLIPTICAL,
    "walking": ActivityKind.WALKING,
    "rowing": ActivityKind.ROWING,
    "swimming": ActivityKind.SWIMMING,
    "aqua-jogging": ActivityKind.AQUA_JOGGING,
    "running": ActivityKind.RUNNING,
    "other": ActivityKind.OTHER,
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


_record = options.together(options.at, options.note, options.replaces, options.part("when", RecordOptions))


@click.group()
def log() -> None:
    """Log what you did: low-impact work, a run, exercises, or a stage that you ran without runback."""


def _activity(kind: str, what: str) -> None:
    @log.command(name=kind, help=f"{what}, for MINUTES. --at is when it was over.")
    @click.argument("minutes", type=NumberParam(decimals=1))
    @options.pain
    @options.worse
    @_record
    def command(minutes: float, pain: int | None, worse: bool | None, when: RecordOptions) -> int:
        return _log_activity(kind, minutes, pain, worse, when)


for _kind, _what in (
    ("cycling", "Cycling"),
    ("elliptical", "Elliptical"),
    ("walking", "Brisk walking"),
    ("rowing", "Rowing (kept, but does not count)"),
    ("swimming", "Swimming"),
    ("aqua-jogging", "Aqua-jogging"),
    ("running", "A run outside the plan (starts the 48 hours)"),
    ("other", "Anything else (kept, but does not count)"),
):
    _activity(_kind, _what)


def _log_activity(kind: str, minutes: float, pain: int | None, worse: bool | None, when: RecordOptions) -> int:
    """Keep what was done, and say whether it counts; after a run, what the plan says now. Raises InputError."""
    from runback.training_log.history import why_not

    book, now = own_log(), local_now()
    if pain is None and not at_terminal():
        raise InputError("--pain", "it is missing", "give the worst during it, from 0 to 10")
    if pain is None:
        pain = prompts.ask_pain("How was your back at its worst while you did it?")
    record = LoggedActivity(KINDS[kind], minutes, moment(when.at, now), pain, worse)
    before = book.history()
    number = _keep(book, record, when)
    click.echo(f"Logged as record {number}: {minutes:g} minutes of {record.kind}.")
    if record.kind is ActivityKind.RUNNING:
        # A run is never low-impact work, so how much it hurt is the plan's business and not the month's.
        click.echo(RUNNING_WHY)
        if book.choice() is not None:
            tell(book, now)
        return 0
    zone = now.tzinfo or UTC
    refusal = why_not(record, before, zone)
    if refusal is not None:
        click.echo(refusal)
        return 0
    plan = book.plan()
    if plan is None or not plan.gate.days:
        click.echo("It counts as low-impact work.")
        return 0
    days, most = plan.gate.days, plan.gate.per_week
    row = month(book.history().activities, now, zone, days=days, per_block=most)
    click.echo(f"It counts: {row.blocks} of {row.wanted} weeks done, {row.this_block} of {most} days in this one.")
    return 0


@log.command()
@click.argument("ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All of them.")
@_record
def exercises(ids: tuple[str, ...], everything: bool, when: RecordOptions) -> int:
    """Keep which exercises were done; without IDS they are listed, and asked for at a terminal."""
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


@log.command(name="month")
@click.option("--from", "first", metavar="DATE", required=True, help="Its first day: 2026-03-01.")
@click.option("--to", "last", metavar="DATE", required=True, help="Its last day.")
@options.note
@options.replaces
@options.part("when", RecordOptions)
def month_done(first: str, last: str, when: RecordOptions) -> int:
    """Say that you have done your month of low-impact work already.

    It is kept as your own word, and shown as self-reported.
    """
    book, now = own_log(), local_now()
    record = MonthDone(now, _day("--from", first), _day("--to", last))
    if record.last > now.date():
        raise InputError("--to", f"{quoted(last)} has not come yet", "say it when the month is done")
    number = _keep(book, record, when)
    click.echo(f"Logged as record {number}: your month from {record.first} to {record.last}, self-reported.")
    if (now.date() - record.last).days > FRESH:
        click.echo(f"It ended more than {FRESH} days ago, so it does not stand for the month before your first run.")
    if book.choice() is not None:
        tell(book, now)
    return 0


def _day(option: str, text: str) -> date:
    try:
        return day(text.strip()).date()
    except ValueError:
        raise InputError(option, f"{quoted(text)} is not a date", "write it like 2026-03-01") from None


@log.command()
@click.option("--stage", "stage_id", metavar="ID", help="Which stage; else the one that is due.")
@click.option("--ran", metavar="5m", help="How much was run of it; else all.")
@click.option("--corrects", type=WholeParam(1), metavar="N", help="Corrects session N, whose clock was wrong.")
@_record
def session(stage_id: str | None, ran: str | None, when: RecordOptions) -> int:
    """Keep a stage that you ran without runback. --at is when it was over."""
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


@log.command()
@click.argument("record", type=WholeParam(1))
@options.note
def withdraw(record: int, note: str | None) -> int:
    """RECORD should not have been made: it counts no longer, and stays in the journal."""
    own_log().withdraw(record, local_now(), note or "")
    click.echo(f"Record {record} no longer counts; it stays in the journal.")
    return 0


def _keep(
    book: TrainingLog, record: LoggedActivity | ExercisesDone | MonthDone | SessionDone, when: RecordOptions
) -> int:
    note = when.note or ""
    return book.add(record, note) if when.replaces is None else book.correct(when.replaces, record, note)
