"""`runback plan`: what comes next and why, choosing a plan, going ahead against a wait, a clinician's word."""

from __future__ import annotations

import getpass
import json as json_module
import sys

import click

from runback.cli import completion, options
from runback.cli.local_time import local_now, moment
from runback.cli.plan_output import at_terminal, chosen, last_reaction, own_log, reaction_shown, tell
from runback.config_files.error_text import printable
from runback.errors import InputError, PlanError
from runback.rehab import library
from runback.rehab.decision import override as override_of
from runback.rehab.exercises import BEFORE_THE_FIRST_RUN
from runback.rehab.plan import Plan
from runback.rehab.records import Clearance, Cleared
from runback.rehab.status import NOT_MEDICAL_ADVICE
from runback.training_log.own_name import is_own

CLEARED = {
    "start": Cleared.START,
    "red-flag": Cleared.RED_FLAG,
    "leg-symptoms": Cleared.LEG_SYMPTOMS,
    "pain": Cleared.PAIN,
    "health": Cleared.HEALTH,
}
"""As it is typed."""


@click.group(invoke_without_command=True)
@options.plain_json
@click.pass_context
def plan(context: click.Context, json: bool) -> int:
    """What comes next, and why. Not medical advice."""
    return 0 if context.invoked_subcommand is not None else _show_status(json=json)


@plan.command()
@options.plain_json
def status(json: bool) -> int:
    """What comes next, and why; the same as `runback plan` alone."""
    return _show_status(json=json)


def _show_status(*, json: bool) -> int:
    book, now = own_log(), local_now()
    if book.choice() is None and not json:
        click.echo("No plan is chosen yet. Choose one with `runback plan start NAME`:")
        return _list_plans(json=False)
    reaction = last_reaction(book, now)
    if not json:
        tell(book, now)
        if reaction is not None:
            click.echo(f"Pain last time, 0-10: {reaction.sentence}.")
        return 0
    followed, decision = chosen(book, now)
    choice = book.choice()
    stage = decision.stage
    shown = {
        "plan": followed.name,
        "cautious": choice is not None and choice.cautious,
        "rehearsal": choice is not None and choice.rehearsal,
        "ruling": decision.kind.value,
        "rule": decision.rule,
        "stage": None if stage is None else stage.id,
        "pattern": None if stage is None else stage.pattern,
        "sentence": decision.sentence,
        "ready": decision.ready,
        "ask": None if decision.ask is None else decision.ask.value,
        "earliest": None if decision.earliest is None else decision.earliest.astimezone(now.tzinfo).isoformat(),
        "can_override": decision.can_override,
        "overridden": None if decision.overridden is None else decision.overridden.words,
        "clearance": None if decision.clearance is None else typed(decision.clearance),
        "help": None if decision.help is None else list(decision.help.lines),
        "notes": list(decision.notes),
        "reaction": None if reaction is None else reaction_shown(reaction),
    }
    click.echo(json_module.dumps(shown))
    return 0


@plan.command()
@click.argument("name", shell_complete=completion.plans)
@click.option("--cautious", is_flag=True, help="Every stage twice.")
@click.option("--rehearse", is_flag=True, help="Sessions on the simulated treadmill count.")
def start(name: str, cautious: bool, rehearse: bool) -> int:
    """Follow the plan called NAME from now on."""
    book, now = own_log(), local_now()
    found = library.load(name)
    first = book.choice() is None
    book.choose(name, now, cautious=cautious, rehearsal=rehearse)
    click.echo(f"{found.title}{', every stage twice' if cautious else ''}. {NOT_MEDICAL_ADVICE}")
    for line in (f"For: {found.audience}", *found.exclusions, *found.rules.says, f"Source: {found.source}"):
        click.echo(f"  {line}")
    if first:
        click.echo(f"  {BEFORE_THE_FIRST_RUN}")
    if rehearse:
        click.echo("A rehearsal: sessions on the simulated treadmill count. Leave --rehearse out for the real thing.")
    tell(book, now)
    return 0


@plan.command(name="list")
@options.plain_json
def list_(json: bool) -> int:
    """List the plans."""
    return _list_plans(json=json)


def _list_plans(*, json: bool) -> int:
    choice = own_log().choice()
    for name in library.names():
        each = library.load(name)
        followed = choice is not None and choice.name == name
        if json:
            click.echo(json_module.dumps(_listed(each, followed=followed)))
        else:
            stages = f"{len(each.stages)} stages"
            click.echo(f"{'*' if followed else ' '} {name:<20} {stages:>10}  {each.title}")
    return 0


def _listed(plan: Plan, *, followed: bool) -> dict[str, object]:
    return {
        "name": plan.name,
        "title": plan.title,
        "followed": followed,
        "audience": plan.audience,
        "source": plan.source,
        "rest_hours": plan.rules.rest_hours,
        "stages": [{"id": stage.id, "pattern": stage.pattern, "day": stage.day} for stage in plan.stages],
    }


@plan.command()
@click.option("--because", metavar="TEXT", help="Why, in your own words; it goes on record.")
def override(because: str | None) -> int:
    """Go ahead before the wait after a run is over. It lasts an hour, and never helps against pain or a lock."""
    book, now = own_log(), local_now()
    followed, decision = chosen(book, now)
    if not decision.can_override or decision.overridden is not None:
        again = (
            "you have already chosen to go ahead"
            if decision.overridden
            else f"there is nothing to override (plan {followed.name})"
        )
        if decision.not_ahead and decision.overridden is None:
            again = f"not now: {decision.not_ahead}"
        raise PlanError("override", f"{again}: {decision.sentence}", "`runback plan` says what comes next")
    if because is None:
        if not at_terminal():
            raise InputError("--because", "no reason is given", 'write --because "..." in your own words')
        click.echo(f"{decision.sentence}.")
        because = click.prompt("In your own words: why do you go ahead?")
    book.add(override_of(decision, now, because))
    tell(book, now)
    return 0


@plan.command()
@click.option("--clinician", required=True, metavar="NAME", help="Who said so.")
@click.option("--what", type=click.Choice(list(CLEARED)), help="What was cleared; else what the plan waits for.")
@options.at
@options.note
def clear(clinician: str, what: str | None, at: str | None, note: str | None) -> int:
    """Record a clinician's clearance: the only thing that unlocks a plan."""
    book, now = own_log(), local_now()
    decision = book.decision(now)
    due = None if decision is None else decision.clearance
    cleared = due if what is None else CLEARED[what]
    if cleared is None:
        raise InputError("--what", "nothing is waiting for a clinician's clearance", f"name it: {', '.join(CLEARED)}")
    own = is_own(clinician, own_names(), book.history().clearances)
    if own and at_terminal():
        question = f"{printable(clinician, 80)} is your own name. Has a clinician said this?"
        if not click.confirm(question, default=None):
            click.echo("Nothing is recorded. Give the clinician's name once you have been seen.")
            return 0
    number = book.add(Clearance(cleared, moment(at, now), clinician), note or "")
    if own:
        back = f"`runback log withdraw {number}` takes it back"
        click.echo(f"That is your own name: if no clinician has said this, {back}.")
    click.echo(f"Recorded: {printable(clinician, 80)} has cleared you {cleared.value}.")
    if decision is not None:
        tell(book, now)
    return 0


def own_names() -> tuple[str, ...]:
    """What this computer calls its user: the account's name, and the full name where there is one."""
    try:
        account = getpass.getuser()
    except (OSError, KeyError, ImportError):  # no name at all
        return ()
    if sys.platform == "win32":
        return (account,)
    import pwd

    try:
        return account, pwd.getpwnam(account).pw_gecos.split(",")[0]
    except KeyError:
        return (account,)


def typed(cleared: Cleared) -> str:
    """`cleared` as it is typed."""
    return next(word for word, each in CLEARED.items() if each is cleared)
