"""What the commands of the plan share: the casebook of this person, and a decision told to them."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING

import click

from runback.errors import PlanError

if TYPE_CHECKING:
    from runback.casebook.book import Casebook
    from runback.rehab.decision import Decision
    from runback.rehab.plan import Plan

RED_FLAG = 6
"""Exit code: a red flag was reported; what to do now has been printed."""
_ANSWERED_BY = {
    "leg symptoms or surgery": "runback checkin declaration --[no-]leg-symptoms --[no-]surgery",
    "the morning after the walk": "runback checkin walk --[no-]worse",
    "before": "runback checkin before --pain N",
    "worst during": "runback checkin during --pain N",
    "next morning": "runback checkin morning --pain N",
    "gate": "runback checkin gate --pain N",
}


def casebook() -> Casebook:
    """The casebook in the person's own journal."""
    from runback.casebook.book import Casebook
    from runback.journal.database import default_path

    return Casebook(default_path())


def at_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def chosen(book: Casebook, now: datetime) -> tuple[Plan, Decision]:
    """The plan followed, and what it says now. Raises PlanError if there is none."""
    plan, decision = book.plan(), book.decision(now)
    if plan is None or decision is None:
        raise PlanError("plan", "no plan is chosen", "`runback plan start return-to-running` chooses one")
    return plan, decision


def tell(plan: Plan, decision: Decision, now: datetime) -> None:
    """Print what `plan` says at `now`."""
    from runback.rehab.status import status_lines

    zone = now.tzinfo
    if zone is None:
        raise ValueError("now is naive")
    for line in status_lines(decision, zone):
        click.echo(line)
    if decision.stage is not None:
        click.echo(f"Stage {decision.stage.id} of {plan.name}: {decision.stage.pattern}")
    if decision.ready:
        click.echo("Start it with: runback run --plan")
    elif decision.ask is not None:
        click.echo(f"Answer with: {command_for(decision)}")


def command_for(decision: Decision) -> str:
    """The command that answers what is asked; "" if nothing is."""
    if decision.ask is None:
        return ""
    return "runback checkin" if at_terminal() else _ANSWERED_BY[decision.ask.value]
