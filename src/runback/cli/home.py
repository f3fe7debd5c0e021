"""`runback` alone, at a terminal: the app, with everything as it is set."""

from __future__ import annotations

from collections.abc import Sequence

import click

from runback.cli import options, run_options, settings_source
from runback.cli.cue_output import cue_options
from runback.cli.front_door import front_door
from runback.cli.run_options import RunOptions


def home(context: click.Context) -> int:
    """Open the app; returns the exit code. Raises RunbackError. Where the user has set `plain`, today's page is told in
    lines instead."""
    if settings_source.glance("plain") == "true":
        from runback.cli.plain_today import plain_today

        return plain_today(wanted(context, ()))
    return front_door(lambda: wanted(context, ()))


def wanted(context: click.Context, arguments: Sequence[str]) -> RunOptions:
    """What a session is run with now: what is set, unless `arguments` say something else. Raises SettingsError."""
    settings_source.forget()
    with _as_set.make_context("runback", list(arguments), parent=context) as made:
        _as_set.invoke(made)
        found: RunOptions = made.obj
    return found


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@run_options.treadmill
@run_options.strap
@options.profile
@options.taste
@run_options.counting
@cue_options
@options.bind(RunOptions)
def _as_set(request: RunOptions) -> int:
    """Find out what a session is run with. Never called by a user."""
    click.get_current_context().obj = request
    return 0
