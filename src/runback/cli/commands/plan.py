"""`runback plan`: what comes next and why, choosing a plan, going ahead against a wait, a clinician's word."""

from __future__ import annotations

import json as json_module

import click

from runback.cli.local_time import local_now, moment
from runback.cli.plan_output import at_terminal, chosen, own_log, tell
from runback.config_files.error_text import printable
from runback.errors import InputError, PlanError
from runback.rehab import library
from runback.rehab.decision import override
from runback.rehab.exercises import BEFORE_THE_FIRST_RUN
from runback.rehab.plan import Plan
from runback.rehab.records import Clearance, Cleared
from runback.rehab.status import NOT_MEDICAL_ADVICE

CLEARED = {
    "start": Cleared.START,
    "red-flag": Cleared.RED_FLAG,
    "leg-symptoms": Cleared.LEG_SYMPTOMS,
    "pain": Cleared.PAIN,
}
"""As it is typed."""


def show_status(*, json: bool) -> int:
    """What the plan says now."""
    book, now = own_log(), local_now()
    if book.choice() is None and not json:
        click.echo("No plan is chosen yet. Choose one with `runback plan start NAME`:")
        return list_plans(json=False)
    if not json:
        tell(book, now)
        return 0
    plan, decision = chosen(book, now)
    choice = book.choice()
    stage = decision.stage
    shown = {
        "plan": plan.name,
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
    }
    click.echo(json_module.dumps(shown))
    return 0


def start_plan(name: str, *, cautious: bool, rehearse: bool) -> int:
    """Follow the plan called `name` from now on. Raises PlanError."""
    book, now = own_log(), local_now()
    plan = library.load(name)
    first = book.choice() is None
    book.choose(name, now, cautious=cautious, rehearsal=rehearse)
    click.echo(f"{plan.title}{', every stage twice' if cautious else ''}. {NOT_MEDICAL_ADVICE}")
    for line in (f"For: {plan.audience}", *plan.exclusions, *plan.rules.says, f"Source: {plan.source}"):
        click.echo(f"  {line}")
    if first:
        click.echo(f"  {BEFORE_THE_FIRST_RUN}")
    if rehearse:
        click.echo("A rehearsal: sessions on the simulated treadmill count. Leave --rehearse out for the real thing.")
    tell(book, now)
    return 0


def list_plans(*, json: bool) -> int:
    """The plans that come with runback."""
    choice = own_log().choice()
    for name in library.names():
        plan = library.load(name)
        followed = choice is not None and choice.name == name
        if json:
            click.echo(json_module.dumps(_listed(plan, followed=followed)))
        else:
            stages = f"{len(plan.stages)} stages"
            click.echo(f"{'*' if followed else ' '} {name:<20} {stages:>10}  {plan.title}")
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


def go_ahead(because: str | None) -> int:
    """Record that the person goes ahead against the wait, and why. Raises PlanError where that cannot be."""
    book, now = own_log(), local_now()
    plan, decision = chosen(book, now)
    if not decision.can_override or decision.overridden is not None:
        again = (
            "you have already chosen to go ahead"
            if decision.overridden
            else f"there is nothing to override ({_of(plan)})"
        )
        raise PlanError("override", f"{again}: {decision.sentence}", "`runback plan` says what comes next")
    if because is None:
        if not at_terminal():
            raise InputError("--because", "no reason is given", 'write --because "..." in your own words')
        click.echo(f"{decision.sentence}.")
        because = click.prompt("In your own words: why do you go ahead?")
    book.add(override(decision, now, because))
    tell(book, now)
    return 0


def _of(plan: Plan) -> str:
    return f"plan {plan.name}"


def record_clearance(clinician: str, what: str | None, at: str | None, note: str) -> int:
    """Record a clinician's word. Raises InputError."""
    book, now = own_log(), local_now()
    decision = book.decision(now)
    due = None if decision is None else decision.clearance
    cleared = due if what is None else CLEARED[what]
    if cleared is None:
        raise InputError("--what", "nothing is waiting for a clinician's clearance", f"name it: {', '.join(CLEARED)}")
    book.add(Clearance(cleared, moment(at, now), clinician), note)
    click.echo(f"Recorded: {printable(clinician, 80)} has cleared you {cleared.value}.")
    if decision is not None:
        tell(book, now)
    return 0


def typed(cleared: Cleared) -> str:
    """`cleared` as it is typed."""
    return next(word for word, each in CLEARED.items() if each is cleared)
