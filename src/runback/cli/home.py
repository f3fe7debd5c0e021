"""`runback` alone, at a terminal: the app, with everything as it is set."""

from __future__ import annotations

import click

from runback.cli import options, run_options
from runback.cli.cue_output import cue_options
from runback.cli.front_door import front_door
from runback.cli.run_options import RunOptions


def home(context: click.Context) -> int:
    """Open the app; returns the exit code. Raises RunbackError."""

    def wanted() -> RunOptions:
        with _as_set.make_context("runback", [], parent=context) as made:
            _as_set.invoke(made)
            found: RunOptions = made.obj
        return found

    return front_door(wanted)


@click.command()
@run_options.treadmill
@run_options.strap
@options.profile
@options.taste
@run_options.counting
@cue_options
@options.bind(RunOptions)
def _as_set(request: RunOptions) -> int:
    """Find out what a session is run with where nothing is given on the command line. Never called by a user."""
    click.get_current_context().obj = request
    return 0
