"""The commands of the plan: `plan`, `checkin`, `log`, `history`. What they do is imported when they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from runback.cli import completion
from runback.cli.number_types import NumberParam, WholeParam

if TYPE_CHECKING:
    from runback.cli.commands.log import RecordOptions

_json = click.option("--json", is_flag=True, help="JSON on standard output.")
_at = click.option("--at", metavar="18:30", help="When it was, for a later entry: 18:30, or 2026-03-01 18:30.")
_note = click.option("--note", metavar="TEXT", help="Your own words, kept as they are.")
_replaces = click.option(
    "--replaces", type=WholeParam(1), metavar="N", help="Replaces record N, which stays in the journal."
)
_pain = click.option("--pain", type=WholeParam(0, 10), help="From 0 (none) to 10 (the worst).")
_worse = click.option("--worse/--no-worse", default=None, help="Whether it was worse next morning.")
_FLAGS = (
    *("saddle-numbness", "bladder-or-bowel", "sexual-dysfunction", "both-legs", "chest-pain", "trauma"),
    *("leg-weakness", "foot-drag", "fever", "weight-loss", "night-or-rest-pain", "back-shape"),
)


class _Sign(click.Choice[str]):
    """Signs as people type them: "Chest pain" is chest-pain."""

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:
        """With hyphens, in small letters."""
        return super().normalize_choice(str(choice), ctx).lower().replace(" ", "-").replace("_", "-")


@click.group(invoke_without_command=True)
@_json
@click.pass_context
def plan(context: click.Context, json: bool) -> int:
    """What comes next, and why. Not medical advice."""
    if context.invoked_subcommand is not None:
        return 0
    from runback.cli.commands.plan import show_status

    return show_status(json=json)


@plan.command()
@_json
def status(json: bool) -> int:
    """What comes next, and why; the same as `runback plan` alone."""
    from runback.cli.commands.plan import show_status

    return show_status(json=json)


@plan.command()
@click.argument("name", shell_complete=completion.plans)
@click.option("--cautious", is_flag=True, help="Every stage twice.")
@click.option("--rehearse", is_flag=True, help="Sessions on the simulated treadmill count.")
def start(name: str, cautious: bool, rehearse: bool) -> int:
    """Follow the plan called NAME from now on."""
    from runback.cli.commands.plan import start_plan

    return start_plan(name, cautious=cautious, rehearse=rehearse)


@plan.command(name="list")
@_json
def list_(json: bool) -> int:
    """List the plans."""
    from runback.cli.commands.plan import list_plans

    return list_plans(json=json)


@plan.command()
@click.option("--because", metavar="TEXT", help="Why, in your own words; it goes on record.")
def override(because: str | None) -> int:
    """Go ahead before the wait after a run is over. It lasts an hour, and never helps against pain or a lock."""
    from runback.cli.commands.plan import go_ahead

    return go_ahead(because)


@plan.command()
@click.option("--clinician", required=True, metavar="NAME", help="Who said so.")
@click.option(
    "--what",
    type=click.Choice(["start", "red-flag", "leg-symptoms", "pain"]),
    help="What was cleared; else what the plan waits for.",
)
@_at
@_note
def clear(clinician: str, what: str | None, at: str | None, note: str | None) -> int:
    """Record a clinician's clearance: the only thing that unlocks a plan."""
    from runback.cli.commands.plan import record_clearance

    return record_clearance(clinician, what, at, note or "")


@click.command()
@click.argument(
    "moment",
    required=False,
    type=click.Choice(["before", "during", "morning", "gate", "declaration", "walk"]),
)
@_pain
@click.option("--leg", type=click.Choice(["none", "same", "down"]), help="Leg symptoms; down: further down.")
@click.option("--limp", is_flag=True, help="I limp.")
@click.option("--sharp", is_flag=True, help="A sharp pain.")
@click.option("--red-flag", multiple=True, type=_Sign(_FLAGS), help="Prints what to do now; exit code 6.")
@click.option("--stop-sign", multiple=True, type=_Sign(["dizziness", "palpitations", "breathlessness"]))
@_worse
@click.option("--leg-symptoms/--no-leg-symptoms", default=None, help="For `declaration`.")
@click.option("--surgery/--no-surgery", default=None, help="For `declaration`.")
@_at
@_note
@_replaces
def checkin(
    moment: str | None,
    pain: int | None,
    leg: str | None,
    limp: bool,
    sharp: bool,
    red_flag: tuple[str, ...],
    stop_sign: tuple[str, ...],
    worse: bool | None,
    leg_symptoms: bool | None,
    surgery: bool | None,
    at: str | None,
    note: str | None,
    replaces: int | None,
) -> int:
    """Say how it is. Without options it asks, one question at a time.

    MOMENT is what is due if you leave it out: `before` a run, `during` it at its worst, next `morning`, at the `gate`
    48 hours later or before stage 1; the `declaration` before a plan; the morning after the `walk`.
    """
    from runback.cli.commands.checkin import FLAGS, SIGNS, SUBJECTS, CheckInOptions, check_in
    from runback.cli.prompts import LEGS

    told = CheckInOptions(
        None if moment is None else SUBJECTS[moment],
        pain,
        None if leg is None else LEGS[leg],
        limp=limp,
        sharp=sharp,
        red_flags=frozenset(FLAGS[each] for each in red_flag),
        stop_signs=frozenset(SIGNS[each] for each in stop_sign),
        worse=worse,
        leg_symptoms=leg_symptoms,
        surgery=surgery,
        note=note,
        at=at,
        replaces=replaces,
    )
    return check_in(told)


@click.group()
def log() -> None:
    """Keep what is done on the other days."""


def _when(at: str | None, note: str | None, replaces: int | None, corrects: int | None = None) -> RecordOptions:
    from runback.cli.commands.log import RecordOptions

    return RecordOptions(at, note, replaces, corrects)


def _activity(kind: str, what: str) -> None:
    @log.command(name=kind, help=f"{what}, for MINUTES. --at is when it was over.")
    @click.argument("minutes", type=NumberParam(decimals=1))
    @_pain
    @_worse
    @_at
    @_note
    @_replaces
    def command(
        minutes: float, pain: int | None, worse: bool | None, at: str | None, note: str | None, replaces: int | None
    ) -> int:
        from runback.cli.commands.log import log_activity

        return log_activity(kind, minutes, pain, worse, _when(at, note, replaces))


for _kind, _what in (
    ("cycling", "Cycling"),
    ("elliptical", "Elliptical"),
    ("walking", "Brisk walking"),
    ("rowing", "Rowing (kept, but does not count)"),
):
    _activity(_kind, _what)


@log.command()
@click.argument("ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All of them.")
@_at
@_note
@_replaces
def exercises(ids: tuple[str, ...], everything: bool, at: str | None, note: str | None, replaces: int | None) -> int:
    """Keep which exercises were done; without IDS they are listed, and asked for at a terminal."""
    from runback.cli.commands.log import log_exercises

    return log_exercises(ids, _when(at, note, replaces), everything=everything)


@log.command()
@click.option("--stage", metavar="ID", help="Which stage; else the one that is due.")
@click.option("--ran", metavar="5m", help="How much was run of it; else all.")
@click.option("--corrects", type=WholeParam(1), metavar="N", help="Corrects session N, whose clock was wrong.")
@_at
@_note
@_replaces
def session(
    stage: str | None, ran: str | None, corrects: int | None, at: str | None, note: str | None, replaces: int | None
) -> int:
    """Keep a stage that you ran without runback. --at is when it was over."""
    from runback.cli.commands.log import log_session

    return log_session(stage, ran, _when(at, note, replaces, corrects))


@log.command()
@click.argument("record", type=WholeParam(1))
@_note
def withdraw(record: int, note: str | None) -> int:
    """RECORD should not have been made: it counts no longer, and stays in the journal."""
    from runback.cli.commands.log import withdraw as withdraw_record

    return withdraw_record(record, note)


@click.command()
@click.option("--all", "everything", is_flag=True, help="Every record and every session, with their numbers.")
@_json
def history(everything: bool, json: bool) -> int:
    """Sessions planned and done, the pain around them, and what was decided."""
    from runback.cli.commands.history import show_history

    return show_history(json=json, everything=everything)


COMMANDS = (plan, checkin, log, history)
