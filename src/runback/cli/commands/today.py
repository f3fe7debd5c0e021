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

from runback.cli import settings_source
from runback.cli.counting import CountingOptions
from runback.cli.cue_output import CueOptions
from runback.cli.heart_rate_link import check_strap
from runback.cli.local_time import SystemZone, local_now
from runback.cli.plan_output import at_terminal, chosen
from runback.cli.run_options import RunOptions
from runback.cli.run_session import run_session
from runback.cli.session_factory import catalog_of
from runback.engine.summary import EXIT_CODES, SessionOutcome
from runback.errors import InputError
from runback.journal.database import default_path
from runback.journal.queries import NEWEST, history, story
from runback.preferences import Preferences
from runback.session.model import Intent
from runback.training_log.log import TrainingLog
from runback.training_log.stage_run import staged
from runback.tui.planner.plan_data import PlanData

_ENDED = (EXIT_CODES[SessionOutcome.COMPLETED], EXIT_CODES[SessionOutcome.STOPPED])


def show_today(
    treadmill: str,
    taste: Preferences,
    cues: CueOptions,
    counted: CountingOptions,
    strap: str | None,
    profile: str | None = None,
    max_speed: int | None = None,
) -> int:
    """Show the planner until the person leaves; returns the exit code. Raises InputError where there is no terminal, or
    no such `profile`."""
    catalog_of(treadmill, profile)  # a name nobody has is told now, not once the person has checked in
    if not at_terminal():
        raise InputError("this terminal", "there is no screen to draw on", "`runback plan` says the same in lines")
    from runback.tui.planner.app import PlannerApp

    check_strap(RunOptions("", treadmill=treadmill, strap=strap))
    path = default_path()
    after = wrong = False
    while True:
        shown = taste.theme
        app = PlannerApp(
            PlanData(path, local_now, SystemZone(), taste.unit),
            theme=f"runback-{taste.theme}",
            after=after,
            wrong=wrong,
        )
        departure = app.run()
        taste = replace(taste, theme=app.theme.removeprefix("runback-"))
        settings_source.remember_theme(shown, taste.theme)
        said = settings_source.load(settings_source.path()).settings.theme.value
        if departure is None:
            return 0
        before = _newest(path)
        request = RunOptions("", treadmill=treadmill, strap=strap, profile=profile, taste=taste, cues=cues, **counted)
        code = _run(replace(request, max_speed=max_speed))
        if code not in _ENDED or not at_terminal():  # closed in the midst of it: nobody is left to ask
            return code
        if (kept := settings_source.load(settings_source.path()).settings.theme.value) != said:
            taste = replace(taste, theme=kept)  # changed within the session
        after, wrong = True, _newest(path) != before and said_wrong(path)


def _run(request: RunOptions) -> int:
    """Run the stage that is due: judged anew, because time has passed. Raises InputError."""
    book = TrainingLog(default_path())
    plan, decision = chosen(book, local_now())
    made = staged(plan, decision)
    choice = book.choice()
    if request.simulated and not (choice is not None and choice.rehearsal):
        click.echo("This is the simulated treadmill: the session will not count towards the plan.", err=True)
    sys.stdout.flush()
    return run_session(replace(request, workout=made.workout.name, staged=made, journal=True))


def _newest(path: Path) -> int | None:
    return next((each.id for each in history(path, limit=1)), None)


def said_wrong(path: Path) -> bool:
    """Whether in the newest session of the journal at `path` the person said that something is wrong."""
    events = story(path, NEWEST).events
    return any(event.word == "ask" and event.fields.get("ask") == Intent.TROUBLE.value for event in events)
