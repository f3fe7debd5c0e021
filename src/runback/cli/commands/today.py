"""`runback today`: the app, opened at what the plan says today."""

from __future__ import annotations

import click

from runback.cli import options, run_options
from runback.cli.cue_output import cue_options
from runback.cli.front_door import front_door
from runback.cli.home import wanted
from runback.cli.plan_output import at_terminal
from runback.cli.run_options import RunOptions
from runback.errors import InputError

_GIVEN = "runback.today.given"


class _Remembering(click.Command):
    """Keeps its arguments: what is not given follows the settings, which may be changed while the app is open."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """See `click.Command.parse_args`."""
        ctx.meta[_GIVEN] = list(args)
        return super().parse_args(ctx, args)


@click.command(cls=_Remembering)
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
    if request.taste.plain:
        from runback.cli.plain_today import plain_today

        return plain_today(request)
    context = click.get_current_context()
    given: list[str] = context.meta[_GIVEN]
    return front_door(lambda: wanted(context.find_root(), given), today=True, theme=request.taste.theme)
