"""The app, and what the user does from it, in turn: Home, a session, Home again. `runback` alone and `today` open it.

Rules:
- The app is gone before a session begins, and comes back only after it has ended: no field to type into ever stands
  before a belt that moves.
- A session whose belt was not seen at rest ends it here: the user has to look at the belt, not at a page.
- Settings are read again each time: the user may have changed them meanwhile. Broken ones are named on Home, and keep
  nobody from Stop.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from runback.cli import settings_source
from runback.cli.local_time import SystemZone, local_now
from runback.cli.plan_output import NOT_COUNTED, at_terminal, chosen, counts, own_log
from runback.cli.run_options import RunOptions
from runback.cli.signal_handlers import handlers_restored
from runback.errors import InputError, RunbackError, SettingsError
from runback.session.model import Intent

if TYPE_CHECKING:
    from runback.journal.model import SessionRecord
    from runback.tui.home.home_app import AfterSession, FirstPage, HomeRequest
    from runback.tui.planner.plan_data import PlanData

Wanted = Callable[[], RunOptions]
"""What a session would be run with now. Raises SettingsError."""


def front_door(wanted: Wanted, *, today: bool = False, theme: str | None = None) -> int:
    """Open the app, at Home or at `today`, in `theme` (None: the one that is set), and do what the user asks for until
    they leave; returns the exit code. Raises RunbackError for what cannot be done."""
    from runback.journal.database import default_path
    from runback.tui.home.home_app import AfterSession, FirstPage, HomeAction

    path = default_path()
    first, after, told = FirstPage.TODAY if today else FirstPage.HOME, None, ""
    while True:
        asked = _show(path, wanted, theme, first, after, told)
        if asked is None:
            return 0
        first, theme, after, told = FirstPage.HOME, None, None, ""  # a theme that was changed to is set by now
        match asked.action:
            case HomeAction.STAGE | HomeAction.WORKOUT | HomeAction.DEMO:
                before = _newest(path)
                code = _session(asked, wanted())
                from runback.engine.summary import RAN  # loaded with the session; it takes as long as all before Home

                if not at_terminal():  # closed in the midst of it: nobody is left to ask
                    return code
                newest = _newest(path)
                kept = newest if newest != before else None
                if code in RAN:
                    after = AfterSession(kept, kept is not None and said_wrong(path))
                elif kept is None and code == 3:  # nothing was started, which has been said
                    told = "Nothing was started."
                else:
                    return code
            case HomeAction.STOP:
                code = _command("stop")
                if code:
                    return code
                told = "✓ The belt was measured at rest."
            case HomeAction.COMMISSION:
                code = _command("commission", "--treadmill", asked.what)
                if code not in (0, 3):  # 3: stopped by the user, belt at rest
                    return code
            case HomeAction.IMPORT:
                told = _import(asked.what)
            case HomeAction.WATCH:
                code = _command("watch")
                if code:
                    return code


def _show(
    path: Path, wanted: Wanted, theme: str | None, first: FirstPage, after: AfterSession | None, told: str
) -> HomeRequest | None:
    """Show the app until the user leaves it; what they want done, None if nothing."""
    from runback.cli.home_ports import OwnHomePorts
    from runback.tui.home.home_app import HomeApp

    def desk() -> PlanData:
        from runback.preferences import DEFAULTS
        from runback.tui.planner.plan_data import PlanData

        try:
            taste = wanted().taste
        except SettingsError:  # Home names it
            taste = DEFAULTS
        return PlanData(path, local_now, SystemZone(), taste.unit, _exported)

    theme = theme or settings_source.glance("theme") or "dark"
    app = HomeApp(desk, OwnHomePorts(path, wanted), theme=f"runback-{theme}", first=first, after=after, told=told)
    with handlers_restored():
        asked = app.run()
    settings_source.remember_theme(theme, app.theme.removeprefix("runback-"))
    sys.stdout.flush()
    return asked


def _session(asked: HomeRequest, request: RunOptions) -> int:
    """Run what was asked for; the plan's stage is judged again, because time has passed. Raises RunbackError."""
    from runback.cli.run_session import run_session
    from runback.tui.home.home_app import HomeAction

    if asked.action is HomeAction.DEMO:
        return _command("demo")
    if asked.action is HomeAction.WORKOUT:
        from runback.cli.run_outside import run_outside

        return run_outside(replace(request, workout=asked.what), asks=False)
    from runback.training_log.stage_run import staged

    book = own_log()
    plan, decision = chosen(book, local_now())
    made = staged(plan, decision)
    if not counts(book, simulated=request.simulated):
        click.echo(NOT_COUNTED, err=True)
    sys.stdout.flush()
    return run_session(replace(request, workout=made.workout.name, staged=made, journal=True))


def _exported(told: SessionRecord) -> str:
    """Write a session as a FIT file into the present folder; returns its path. Raises InputError."""
    from runback import private_files
    from runback.cli.commands.export import file_name
    from runback.config_files.error_text import printable
    from runback.export.fit import to_fit

    path = Path.cwd() / file_name(told, "fit")
    shown = printable(str(path), 200)
    try:
        private_files.write(path, to_fit(told))
    except FileExistsError:
        return f"{shown} (it was there already)"
    except OSError as error:
        raise InputError(shown, error.strerror or "it cannot be written", "start runback in another folder") from None
    return shown


def _import(path: str) -> str:
    """Import the file at `path`, as the command does, which asks; what Home says of it."""
    try:
        code = _command("import", path)
    except RunbackError as error:
        return f"! {error}"
    except click.Abort:
        code = 1
    return "✓ Imported: it is among your workouts." if code == 0 else "Nothing was imported."


def _command(name: str, *arguments: str) -> int:
    """Run another command of this program, as if it had been typed; returns its exit code. Raises as it does."""
    context = click.get_current_context().find_root()
    group = context.command
    if not isinstance(group, click.Group):
        raise TypeError(group)
    command = group.commands[name]
    with command.make_context(name, list(arguments), parent=context) as made:
        code = command.invoke(made)
    return code if isinstance(code, int) else 0


def _newest(path: Path) -> int | None:
    from runback.journal.queries import history

    return next((each.id for each in history(path, limit=1)), None)


def said_wrong(path: Path) -> bool:
    """Whether in the newest session of the journal at `path` the user said that something is wrong."""
    from runback.journal.queries import NEWEST, story

    events = story(path, NEWEST).events
    return any(event.word == "ask" and event.fields.get("ask") == Intent.TROUBLE.value for event in events)
