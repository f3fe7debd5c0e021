"""`runback today`: the planner's screens, and the sessions that are started from them.

Rules:
- The planner's screen is gone before a session begins, and comes back only after it has ended: no field to type into
  ever stands before a belt that moves.
- After a session the check-in "worst during" is asked, with what was wrong if the person had pressed that key.
- A session whose belt was not seen at rest ends it here: the person has to look at the belt, not at questions.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from runback.cli import options, run_options, settings_source
from runback.cli.cue_output import cue_options
from runback.cli.local_time import SystemZone, local_now
from runback.cli.plan_output import NOT_COUNTED, at_terminal, chosen, counts, own_log
from runback.cli.run_options import RunOptions
from runback.errors import InputError
from runback.session.model import Intent


@click.command()
@run_options.treadmill
@run_options.strap
@options.profile
@options.taste
@run_options.counting
@cue_options
@options.log
@options.bind(RunOptions)
def today(request: RunOptions) -> int:
    """What to do now and why: check in, run, look back, choose a plan; on screens of their own."""
    from runback.cli.heart_rate_link import check_strap
    from runback.cli.session_factory import catalog_of
    from runback.engine.summary import RAN
    from runback.journal.database import default_path

    catalog_of(request.treadmill, request.profile)  # a name nobody has is told now, not once the person has checked in
    if not at_terminal():
        raise InputError("this terminal", "there is no screen to draw on", "`runback plan` says the same in lines")
    check_strap(request)
    path = default_path()
    after = wrong = False
    while True:
        runs, theme = _plan(request, path, after=after, wrong=wrong)
        request = replace(request, taste=replace(request.taste, theme=theme))
        said = _theme_set()
        if not runs:
            return 0
        before = _newest(path)
        code = _run(request)
        if code not in RAN or not at_terminal():  # closed in the midst of it: nobody is left to ask
            return code
        if (kept := _theme_set()) != said:  # changed within the session
            request = replace(request, taste=replace(request.taste, theme=kept))
        after, wrong = True, _newest(path) != before and said_wrong(path)


def _plan(request: RunOptions, path: Path, *, after: bool, wrong: bool) -> tuple[bool, str]:
    """Show the planner until the person leaves; whether they left it to run, and with which theme."""
    from runback.tui.planner.app import PlannerApp
    from runback.tui.planner.plan_data import PlanData

    taste = request.taste
    data = PlanData(path, local_now, SystemZone(), taste.unit)
    app = PlannerApp(data, theme=f"runback-{taste.theme}", after=after, wrong=wrong)
    runs = app.run() is not None
    theme = app.theme.removeprefix("runback-")
    settings_source.remember_theme(taste.theme, theme)
    return runs, theme


def _theme_set() -> str:
    return settings_source.load(settings_source.path()).settings.theme.value


def _run(request: RunOptions) -> int:
    """Run the stage that is due: judged again, because time has passed. Raises InputError."""
    from runback.cli.run_session import run_session
    from runback.training_log.stage_run import staged

    book = own_log()
    plan, decision = chosen(book, local_now())
    made = staged(plan, decision)
    if not counts(book, simulated=request.simulated):
        click.echo(NOT_COUNTED, err=True)
    sys.stdout.flush()
    return run_session(replace(request, workout=made.workout.name, staged=made, journal=True))


def _newest(path: Path) -> int | None:
    from runback.journal.queries import history

    return next((each.id for each in history(path, limit=1)), None)


def said_wrong(path: Path) -> bool:
    """Whether in the newest session of the journal at `path` the person said that something is wrong."""
    from runback.journal.queries import NEWEST, story

    events = story(path, NEWEST).events
    return any(event.word == "ask" and event.fields.get("ask") == Intent.TROUBLE.value for event in events)
