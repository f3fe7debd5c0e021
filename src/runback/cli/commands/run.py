"""The commands of sessions: `demo`, `run`, `today`, `watch`, `stop`. What they do is imported when they are called."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from runback.cli import completion, options, settings_source
from runback.cli.counting import CountingOptions, counting_options
from runback.cli.cue_output import CueOptions, cue_options
from runback.cli.number_types import WholeParam
from runback.errors import InputError

if TYPE_CHECKING:
    from runback.watch.session_stop import AskedSession


@click.command()
@options.json
@options.trace
@options.theme
@settings_source.units_option
@options.journal
@cue_options
def demo(json: bool, trace: Path | None, theme: str, journal: bool | None, **cues: Unpack[CueOptions]) -> int:
    """Run the first session on the simulated treadmill: on a screen if there is one, else at once."""
    from runback.cli.run_options import RunOptions
    from runback.cli.run_session import run_session

    screen = sys.stdin.isatty() and sys.stdout.isatty() and not json
    speedup = None if screen else "max"
    request = RunOptions(
        "first-run",
        headless=not screen,
        speedup=speedup,
        json=json,
        trace=trace,
        taste=settings_source.taste(theme),
        max_speed=settings_source.settings().max_speed,
        journal=journal,
        cues=cues,
    )
    return run_session(request)


@click.command()
@click.argument("workout", required=False, shell_complete=completion.workouts)
@click.option("--plan", is_flag=True, help="Run the stage of your plan that is due, instead of a WORKOUT.")
@click.option("--run-speed", metavar="7.5", help="Of the plan's running, within its range.")
@click.option("--walk-speed", metavar="5.0", help="Of the plan's walking.")
@options.treadmill
@options.strap
@options.profile
@click.option("--headless", is_flag=True, help="No screen: starts after the countdown, Ctrl-C stops.")
@options.speedup
@click.option(
    "--fault",
    multiple=True,
    metavar="FAULT",
    shell_complete=completion.faults,
    help="The simulator misbehaves; `--fault help` says how.",
)
@click.option("--start", is_flag=True, help="Begin after the countdown without asking (simulator only).")
@options.seed
@options.json
@options.trace
@options.theme
@settings_source.units_option
@options.keyboard
@options.journal
@counting_options
@cue_options
def run(
    workout: str | None,
    plan: bool,
    run_speed: str | None,
    walk_speed: str | None,
    treadmill: str,
    strap: str | None,
    profile: str | None,
    headless: bool,
    speedup: str | None,
    fault: tuple[str, ...],
    start: bool,
    seed: int,
    json: bool,
    trace: Path | None,
    theme: str,
    keyboard: str | None,
    journal: bool | None,
    count_from: str,
    stepped_off: str,
    stepped_off_after: float,
    **cues: Unpack[CueOptions],
) -> int:
    """Run WORKOUT: a name, a TOML file, or "5m walk 4.5, 5x(1m run 7.5, 1m walk 5.0), 3m walk 4.0"."""
    from runback.cli.run_options import RunOptions
    from runback.cli.run_session import run_session

    request = RunOptions(
        workout or "",
        treadmill=treadmill,
        strap=settings_source.strap(strap, real_time=speedup is None),
        profile=settings_source.profile(profile),
        headless=headless,
        speedup=speedup,
        faults=fault,
        start=start,
        seed=seed,
        json=json,
        trace=trace,
        taste=settings_source.taste(theme),
        keyboard=keyboard,
        max_speed=settings_source.settings().max_speed,
        journal=journal,
        cues=cues,
        count_from=count_from,
        stepped_off=stepped_off,
        stepped_off_after=stepped_off_after,
    )
    if plan == (workout is not None):
        raise InputError("run", "it takes a WORKOUT or --plan", "`runback workouts` lists the first")
    if plan:
        from runback.cli.run_plan import run_plan

        return run_plan(request, run_speed, walk_speed)
    if run_speed or walk_speed:
        raise InputError("run", "--run-speed and --walk-speed are the plan's", "write speeds into the workout")
    return run_session(request)


@click.command()
@options.treadmill
@options.strap
@options.profile
@options.theme
@settings_source.units_option
@counting_options
@cue_options
def today(
    treadmill: str,
    strap: str | None,
    profile: str | None,
    theme: str,
    count_from: str,
    stepped_off: str,
    stepped_off_after: float,
    **cues: Unpack[CueOptions],
) -> int:
    """What to do now and why: check in, run, look back, choose a plan; on screens of their own."""
    from runback.cli.commands.today import show_today

    counted = CountingOptions(count_from=count_from, stepped_off=stepped_off, stepped_off_after=stepped_off_after)
    profile = settings_source.profile(profile)
    return show_today(
        treadmill, settings_source.taste(theme), cues, counted, strap, profile, settings_source.settings().max_speed
    )


@click.command()
@click.argument("process", required=False, type=WholeParam(1), metavar="[PROCESS]")
@click.option("--wait", is_flag=True, help="Wait until a session runs.")
@click.option("--headless", is_flag=True, help="No screen: a line each second. Ctrl-C leaves and stops nothing.")
@options.json
@options.theme
@settings_source.units_option
def watch(process: int | None, wait: bool, headless: bool, json: bool, theme: str) -> int:
    """A second screen: show the session that runs here, from another terminal. It can stop the belt, no more.

    PROCESS tells several sessions apart.
    """
    from runback.cli.commands.watch import WatchOptions, watch_session

    taste = settings_source.preferences_or_defaults(theme)
    return watch_session(WatchOptions(process, wait=wait, headless=headless, json=json, taste=taste))


@click.command()
@click.option("--treadmill", "-t", metavar="NAME|ADDRESS", help="Which one; else the one that is connected.")
@options.profile
@options.trace
@click.option("--clear-mark", is_flag=True, help="It is the treadmill that an earlier session left.")
@click.pass_obj
def stop(
    asked: list[AskedSession] | None,
    treadmill: str | None,
    profile: str | None,
    trace: Path | None,
    *,
    clear_mark: bool,
) -> int:
    """Stop a treadmill's belt, with or without a session, and wait until it is at rest."""
    from runback.cli.commands.stop import run_stop

    return run_stop(treadmill, trace, profile, clear_mark=clear_mark, asked=asked)


COMMANDS = (demo, run, today, watch, stop)
