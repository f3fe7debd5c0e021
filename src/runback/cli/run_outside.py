"""`runback run WORKOUT` while a plan is followed: a run that the plan did not ask for counts all the same.

Rules:
- A red flag that no clinician has cleared refuses every workout with running in it.
- While the plan waits, asks or is locked, the person is told so, and asked; where nobody can be asked, it is refused.
- Afterwards the worst during the run is asked, as after a stage. Walking is free, and so is the simulator, unless the
  plan was started as a rehearsal.
- A journal that cannot be read is named, and keeps nobody from running: nothing is known of a plan then.

Source: training.md "The plan": "Any run counts, whether it belonged to the plan or not".
"""

from __future__ import annotations

import click

from runback.cli.commands.checkin import get_help
from runback.cli.files import own_workouts
from runback.cli.local_time import local_now
from runback.cli.plan_output import RED_FLAG, at_terminal, counts, own_log, refusal
from runback.cli.run_options import RunOptions
from runback.cli.run_plan import ask_afterwards
from runback.cli.run_session import run_session
from runback.cli.saying import say
from runback.engine.summary import EXIT_CODES, RAN, SessionOutcome
from runback.errors import JournalError
from runback.journal.plan_runs import RUNNING_SPEED
from runback.rehab.session_review import uncleared_flags
from runback.training_log.log import TrainingLog
from runback.workout.library import find
from runback.workout.model import Kind, Workout


def run_outside(request: RunOptions, *, asks: bool = True) -> int:
    """Run the workout of `request`, which is for no stage; returns the exit code. `asks`: ask afterwards, unless the
    caller does. Raises RunbackError for what cannot be run, PlanError where the plan is against it and nobody can be
    asked."""
    if "help" in request.faults or not has_running(find(request.workout or "", own_workouts())):
        return run_session(request)
    book = own_log()
    try:
        choice = book.choice()
        refused = _refused(book, request) if counts(book, simulated=request.simulated) else None
    except JournalError as error:
        say(f"runback: {error}", err=True)
        return run_session(request)
    if refused is not None:
        return refused
    code = run_session(request)
    if asks and choice is not None and code in RAN and at_terminal() and not request.json:
        return ask_afterwards(book, code)
    return code


def has_running(workout: Workout) -> bool:
    """Whether somebody runs in it: a run step, or a speed at which nobody walks."""
    return any(step.kind is Kind.RUN or step.speed >= RUNNING_SPEED for step in workout.flat())


def _refused(book: TrainingLog, request: RunOptions) -> int | None:
    """The exit code if the workout is not run; None if it may be."""
    now, history = local_now(), book.history()
    flagged = uncleared_flags(history, history.check_ins, now)
    if flagged:
        get_help(flag for each in flagged for flag in each.red_flags)
        say(
            "runback: not started: a red flag was reported, and no clinician has cleared it yet; once you have been "
            "seen: `runback plan clear`",
            err=True,
        )
        return RED_FLAG
    plan, decision = book.plan(), book.decision(now)
    if plan is None or decision is None or decision.may_run:
        return None
    against = refusal(plan, decision, now)
    if request.headless or request.json or not at_terminal():
        raise against
    say(f"Your plan says: {against.what}. ({against.hint})")
    say("This workout is not part of it. It counts as a run: the 48 hours begin again.")
    if click.confirm("Run it all the same?", default=False):
        return None
    say("Nothing was started.")
    return EXIT_CODES[SessionOutcome.STOPPED]
