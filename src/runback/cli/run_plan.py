"""`runback run --plan`: the stage that is due, if it is, and what is asked before and after.

Rules:
- Nothing is run that the plan does not let run now: one line says why, and when at the earliest.
- What is missing is asked first at a terminal; a red flag among the answers ends it there.
- The session is marked with its plan and stage in the journal, and always kept there.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace

import click

from runback.cli.commands.checkin import CheckInOptions, answer
from runback.cli.local_time import local_now
from runback.cli.plan_output import NOT_COUNTED, RED_FLAG, at_terminal, chosen, counts, own_log, refusal, tell
from runback.cli.run_options import RunOptions
from runback.cli.run_session import run_session
from runback.cli.saying import say
from runback.engine.summary import RAN
from runback.errors import InputError
from runback.rehab.decision import DueQuestion
from runback.training_log.log import TrainingLog
from runback.training_log.stage_run import staged
from runback.workout.quantities import speed


def run_plan(request: RunOptions) -> int:
    """Run the stage that is due; returns the exit code. Raises InputError if none is, or for wrong speeds."""
    if request.journal is False:
        raise InputError("--no-journal", "a session of the plan is always recorded", "leave it out")
    book = own_log()
    run = None if request.run_speed is None else speed(request.run_speed, "--run-speed")
    walk = None if request.walk_speed is None else speed(request.walk_speed, "--walk-speed")
    plan, decision = chosen(book, local_now())
    plan.with_speeds(run, walk)  # wrong ones are refused before anything is asked
    if at_terminal() and not request.json:
        while decision.ask is not None:
            if _asked(book, decision.ask):
                return RED_FLAG
            plan, decision = chosen(book, local_now())
    if not decision.ready:
        against = refusal(plan, decision, local_now())
        if decision.help is not None:  # a red flag: what to do now comes before all else
            say(f"runback: {against}", err=True)
            return RED_FLAG
        raise against
    made = staged(plan, decision, run=run, walk=walk)
    counted = counts(book, simulated=request.simulated)
    if not counted:
        say(NOT_COUNTED, err=True)
    kept = True if counted else request.journal
    before = len(book.trainings())
    code = run_session(replace(request, workout=made.workout.name, staged=made, journal=kept))
    if counted and not request.json and code in RAN:
        return _afterwards(book, before, code)
    return code


def _asked(book: TrainingLog, question: DueQuestion) -> bool:
    """Ask `question` at the terminal; returns whether there was a red flag in the answer."""
    flagged = answer(book, question, local_now(), CheckInOptions())
    if flagged:
        say("It is on record, and the plan is locked: only a clinician's recorded clearance unlocks it.")
    return bool(flagged)


def _afterwards(book: TrainingLog, before: int, code: int) -> int:
    """What comes next: "worst during" is asked at once, the rest in its time. `before` counts the sessions until then:
    one that could not be kept is no licence to run again."""
    new = book.trainings()[before:]
    if not new:
        say("This session was not recorded. If you ran, record it: runback log session", err=True)
    elif new[-1].done is None:
        say(f"This session does not count: {new[-1].why}.")
    return ask_afterwards(book, code)


def ask_afterwards(book: TrainingLog, code: int) -> int:
    """After a run: ask for the worst during it, if that is due and somebody is there, and say what the plan says now.
    Returns the exit code: `code`, or that of a red flag."""
    _, decision = chosen(book, local_now())
    if decision.ask is DueQuestion.DURING and at_terminal():
        with contextlib.suppress(click.Abort):  # nobody has to answer now
            if _asked(book, DueQuestion.DURING):
                return RED_FLAG
    tell(book, local_now())
    return code
