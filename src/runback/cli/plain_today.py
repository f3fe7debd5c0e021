"""`runback today --plain`: what the plan says today, what is asked, and the session, all in lines.

Rules:
- A check-in that is due is asked first; a red flag among the answers ends it there.
- A session of the plan on the simulated treadmill is asked about first: it counts for nothing.
- Nothing that the plan does not let run is run; that is an answer, not an error.
"""

from __future__ import annotations

import click

from runback.cli.commands.checkin import CheckInOptions, answer
from runback.cli.local_time import local_now
from runback.cli.plan_output import RED_FLAG, chosen, counts, own_log, tell
from runback.cli.run_options import RunOptions
from runback.cli.run_plan import run_plan
from runback.cli.saying import say

NO_PLAN = (
    "You follow no plan yet. What you can do:",
    "runback demo --plain: a session on the simulated treadmill, in 90 seconds.",
    "runback workouts: the workouts there are. runback run NAME --plain runs one.",
    "runback plan start return-to-running: begin the physiotherapist's plan.",
    "runback scan: find your treadmill. runback --help: every command.",
)


def plain_today(request: RunOptions) -> int:
    """Tell what is due today, ask what has to be asked, and run the session; returns the exit code. Raises
    RunbackError for what cannot be run."""
    book = own_log()
    if book.choice() is None:
        for line in NO_PLAN:
            say(line)
        return 0
    tell(book, local_now())
    _, decision = chosen(book, local_now())
    while decision.ask is not None:
        if answer(book, decision.ask, local_now(), CheckInOptions()):
            say("It is on record, and the plan is locked: only a clinician's recorded clearance unlocks it.")
            return RED_FLAG
        tell(book, local_now())
        _, decision = chosen(book, local_now())
    if not decision.ready:
        return 0
    if not counts(book, simulated=request.simulated) and not click.confirm(
        "Sessions run on the SIMULATED treadmill now: no belt moves, and nothing counts for your plan. Run it all the "
        "same?",
        default=False,
    ):
        say("Nothing was started. Choose your treadmill with: runback config treadmill NAME")
        return 0
    return run_plan(request)
