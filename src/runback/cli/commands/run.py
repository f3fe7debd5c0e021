"""`runback run`: a workout, or the stage of the plan that is due."""

from __future__ import annotations

import click

from runback.cli import completion, options, run_options
from runback.cli.cue_output import cue_options
from runback.cli.run_options import RunOptions
from runback.config_files.error_text import CLIP, printable
from runback.errors import InputError


def _one(_: click.Context, __: click.Parameter, words: tuple[str, ...]) -> str | None:
    """The workout that was typed. Raises InputError for one in several words: the shell has taken it apart."""
    if len(words) > 1:
        line = " ".join(words)
        raise InputError("run", "a workout of several words needs quotes", f'runback run "{printable(line, CLIP)}"')
    return words[0] if words else None


@click.command()
@click.argument("workout", nargs=-1, metavar="[WORKOUT]", callback=_one, shell_complete=completion.workouts)
@click.option("--plan", is_flag=True, help="Run the stage of your plan that is due, instead of a WORKOUT.")
@click.option("--run-speed", metavar="7.5", help="Of the plan's running, within its range.")
@click.option("--walk-speed", metavar="5.0", help="Of the plan's walking.")
@run_options.treadmill
@run_options.strap
@options.profile
@click.option("--headless", is_flag=True, help="No screen: starts after the countdown, Ctrl-C stops.")
@options.speedup
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="FAULT",
    shell_complete=completion.faults,
    help="The simulator misbehaves; `--fault help` says how.",
)
@click.option("--start", is_flag=True, help="Begin after the countdown without asking (simulator only).")
@options.seed
@options.json
@options.trace
@options.taste
@run_options.keyboard
@options.journal
@run_options.counting
@cue_options
@options.log
@options.bind(RunOptions)
def run(request: RunOptions) -> int:
    """Run WORKOUT: a name, a TOML file, or "5m walk 4.5, 5x(1m run 7.5, 1m walk 5.0), 3m walk 4.0"."""
    if request.plan == (request.workout is not None):
        raise InputError("run", "it takes a WORKOUT or --plan", "`runback workouts` lists the first")
    if request.plan:
        from runback.cli.run_plan import run_plan

        return run_plan(request)
    if request.run_speed or request.walk_speed:
        raise InputError("run", "--run-speed and --walk-speed are the plan's", "write speeds into the workout")
    from runback.cli.run_outside import run_outside

    return run_outside(request)
