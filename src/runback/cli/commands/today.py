"""`runback today`: the app, opened at what the plan says today."""

from __future__ import annotations

from dataclasses import replace

import click

from runback.cli import options, run_options, settings_source
from runback.cli.cue_output import cue_options
from runback.cli.front_door import front_door
from runback.cli.plan_output import at_terminal
from runback.cli.run_options import RunOptions
from runback.errors import InputError


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

    catalog_of(request.treadmill, request.profile)  # a name nobody has is told now, not once the user has checked in
    if not at_terminal():
        raise InputError("this terminal", "there is no screen to draw on", "`runback plan` says the same in lines")
    check_strap(request)
    began = _theme_set()

    def wanted() -> RunOptions:
        theme = _theme_set()
        return request if theme == began else replace(request, taste=replace(request.taste, theme=theme))

    return front_door(wanted, today=True, theme=request.taste.theme)


def _theme_set() -> str:
    """The theme in the settings: a key may have changed it meanwhile."""
    return settings_source.load(settings_source.path()).settings.theme.value
