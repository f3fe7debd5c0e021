"""What the commands of the plan share: this user's training log, and a decision told to them."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from runback.cli.saying import say
from runback.errors import PlanError

if TYPE_CHECKING:
    from runback.rehab.decision import Decision
    from runback.rehab.plan import Plan
    from runback.rehab.reaction import Reaction
    from runback.rehab.red_flags import Help
    from runback.training_log.log import TrainingLog

RED_FLAG = 6
"""Exit code: a red flag was reported; what to do now has been printed."""
NOT_COUNTED = "This is the simulated treadmill: the session will not count towards the plan."
_ANSWERED_BY = {
    "leg symptoms or surgery": "runback checkin declaration --[no-]leg-symptoms --[no-]surgery --risk none",
    "the morning after the walk": "runback checkin walk --[no-]worse",
    "before": "runback checkin before --pain N",
    "worst during": "runback checkin during --pain N",
    "next morning": "runback checkin morning --pain N",
    "gate": "runback checkin 48h --pain N",
}


def own_log() -> TrainingLog:
    """The training log in the user's own journal."""
    from runback.journal.database import default_path
    from runback.training_log.log import TrainingLog

    return TrainingLog(default_path())


def counts(book: TrainingLog, *, simulated: bool) -> bool:
    """Whether a session counts for the plan followed: on the simulated treadmill only in a rehearsal."""
    choice = book.choice()
    return not simulated or (choice is not None and choice.rehearsal)


def at_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def chosen(book: TrainingLog, now: datetime) -> tuple[Plan, Decision]:
    """The plan followed, and what it says now. Raises PlanError if there is none."""
    plan, decision = book.plan(), book.decision(now)
    if plan is None or decision is None:
        raise PlanError("plan", "no plan is chosen", "`runback plan start return-to-running` chooses one")
    return plan, decision


def last_reaction(book: TrainingLog, now: datetime) -> Reaction | None:
    """The reaction to the last run of the plan followed; None if there is no such run, if it is so long ago that the
    plan begins again, or while a red flag stands, which is all that matters then. Raises PlanError without a plan."""
    from runback.rehab.decision import DecisionKind
    from runback.rehab.evaluation import judge
    from runback.rehab.reaction import reaction

    plan, decision = chosen(book, now)
    choice = book.choice()
    judged = judge(plan, book.history(), decision.at, cautious=choice is not None and choice.cautious)
    if judged is None or decision.help is not None or judged.found.kind is DecisionKind.START:
        return None
    return reaction(judged.case)


def reaction_shown(reaction: Reaction) -> dict[str, object]:
    """`reaction` as programs are told it: pain 0-10, hours, null what was not said."""
    hours = None if reaction.settled is None else round(reaction.settled.total_seconds() / 3600, 1)
    return {
        "before": reaction.before,
        "worst": reaction.worst,
        "next_morning": reaction.morning,
        "last": reaction.now,
        "settled_after_h": hours,
        "sentence": reaction.sentence,
    }


def tell(book: TrainingLog, now: datetime, *, helped: Help | None = None) -> None:
    """Print what the plan followed says at `now`; `helped`: these words of a red flag stand on the screen already. The
    words of a graver one that stands are printed all the same."""
    from runback.rehab.status import status_lines

    plan, decision = chosen(book, now)
    zone = now.tzinfo or UTC
    for line in status_lines(replace(decision, help=None) if decision.help == helped else decision, zone):
        say(line)
    if decision.stage is not None:
        say(f"Stage {decision.stage.id} of {plan.name}: {decision.stage.pattern}")
    if decision.ready:
        say("Start it with: runback run --plan")
    elif decision.ask is not None:
        say(f"Answer with: {command_for(decision)}")
    elif decision.stage is not None:
        _tell_coming(book, plan, now, zone)


def _tell_coming(book: TrainingLog, plan: Plan, now: datetime, zone: tzinfo) -> None:
    from runback.rehab.records import CheckInMoment
    from runback.rehab.status import local_time
    from runback.training_log.next_check_in import coming

    choice = book.choice()
    found = coming(plan, book.history(), now, zone, cautious=choice is not None and choice.cautious)
    if found is None:
        return
    when = local_time(found.at, zone)
    if found.moment is CheckInMoment.MORNING:
        when = "this morning" if found.at.date() == now.date() else "tomorrow morning"
    say(f"Next check-in: {when}, with: runback checkin")


def command_for(decision: Decision) -> str:
    """The command that answers what is asked; "" if nothing is."""
    if decision.ask is None:
        return ""
    return "runback checkin" if at_terminal() else _ANSWERED_BY[decision.ask.value]


def refusal(plan: Plan, decision: Decision, now: datetime) -> PlanError:
    """Why nothing is run at `now`, by `plan`, and what to do: what `decision` says, as an error."""
    from runback.rehab.status import local_time, wait_words

    what = decision.sentence
    if decision.help is not None:
        what = f"{decision.help.lines[0]} {what}"
    if decision.ask is not None:
        hint = f"answer with `{command_for(decision)}`"
    elif decision.clearance is not None:
        hint = f"a clinician's clearance {decision.clearance.value} unlocks it: `runback plan clear`"
    elif decision.earliest is not None and decision.earliest > now and now.tzinfo is not None:
        wait = wait_words(decision.earliest - now)
        hint = f"at the earliest {local_time(decision.earliest, now.tzinfo)}, in {wait}"
    else:
        hint = "`runback plan` says what is missing"
    return PlanError(f"plan {plan.name}", what, hint)
