"""Commands and options. What a command does is in the module it calls, imported when it is called.

Rules:
- Bad input is one line on standard error (where, what, the mend) and exit code 2; never a traceback.
- Exit codes are those of `EXIT_CODES`, and stand in `runback --help`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Unpack

import click

from runback import __version__
from runback.cli import plan_commands
from runback.cli.cueing import Asked, cue_options
from runback.errors import InputError, LinkError, NoAdapter, NoTreadmill, RunbackError

EXIT_CODES = """
\b
Exit codes:
  0  completed
  1  internal error
  2  bad input, an unknown treadmill, or no Bluetooth
  3  stopped (by a person, a signal or the watchdog), belt at rest
  4  alarm: the belt was not seen at rest
  5  no treadmill answers, or the link failed
  6  a red flag was reported: what to do now has been printed
"""
BAD_INPUT = 2
LINK_FAILED = 5

_trace = click.option(
    "--trace", type=click.Path(path_type=Path, dir_okay=False), help="Append every write, notification and event."
)
_theme = click.option("--theme", type=click.Choice(["dark", "light"]), default="dark", help="Colours of the screen.")
_journal = click.option(
    "--journal/--no-journal", default=None, help="Keep it in the journal (the default, unless its time is sped up)."
)
_profile = click.option("--profile", metavar="PROFILE", help="What a real treadmill is (`runback treadmills`).")
_json = click.option("--json", is_flag=True, help="One JSON object a line on standard output.")


@click.group(
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="runback")
def app() -> None:
    """A treadmill interval timer with live control over Bluetooth FTMS.

    Not an emergency stop: wear the safety key. Not medical advice.
    """


@app.command()
@_json
@_trace
@_theme
@_journal
@cue_options
def demo(json: bool, trace: Path | None, theme: str, journal: bool | None, **cues: Unpack[Asked]) -> int:
    """Run the first session on the simulated treadmill: on a screen, or at once where there is none."""
    from runback.cli.session import Request, run_session

    screen = sys.stdin.isatty() and sys.stdout.isatty() and not json
    speedup = None if screen else "max"
    request = Request(
        "first-run",
        headless=not screen,
        speedup=speedup,
        json=json,
        trace=trace,
        theme=theme,
        journal=journal,
        cues=cues,
    )
    return run_session(request)


@app.command()
@click.argument("workout", required=False)
@click.option("--plan", is_flag=True, help="Run the stage of your plan that is due, instead of a WORKOUT.")
@click.option("--run-speed", metavar="7.5", help="Of the plan's running, within its range.")
@click.option("--walk-speed", metavar="5.0", help="Of the plan's walking.")
@click.option(
    "--treadmill",
    "-t",
    default="sim",
    show_default=True,
    metavar="sim|sim:PROFILE|NAME|ADDRESS",
    help="`sim` is simulated; `sim:PROFILE` as that model behaves (`runback treadmills`).",
)
@_profile
@click.option("--headless", is_flag=True, help="No screen: starts after the countdown, Ctrl-C stops.")
@click.option("--speedup", metavar="max|N", help="Simulated time, N times as fast.")
@click.option("--fault", multiple=True, metavar="FAULT", help="The simulator misbehaves; `--fault help` says how.")
@click.option("--start", is_flag=True, help="Begin after the countdown without asking (simulator only).")
@click.option("--seed", type=int, default=0, help="Seed of the simulator's own jitter.")
@_json
@_trace
@_theme
@_journal
@cue_options
def run(
    workout: str | None,
    plan: bool,
    run_speed: str | None,
    walk_speed: str | None,
    treadmill: str,
    profile: str | None,
    headless: bool,
    speedup: str | None,
    fault: tuple[str, ...],
    start: bool,
    seed: int,
    json: bool,
    trace: Path | None,
    theme: str,
    journal: bool | None,
    **cues: Unpack[Asked],
) -> int:
    """Run WORKOUT: a name, a TOML file, or "5m walk 4.5, 5x(1m run 7.5, 1m walk 5.0), 3m walk 4.0"."""
    from runback.cli.session import Request, run_session

    request = Request(
        workout or "",
        treadmill=treadmill,
        profile=profile,
        headless=headless,
        speedup=speedup,
        faults=fault,
        start=start,
        seed=seed,
        json=json,
        trace=trace,
        theme=theme,
        journal=journal,
        cues=cues,
    )
    if plan == (workout is not None):
        raise InputError("run", "it takes a WORKOUT or --plan", "`runback workouts` lists the first")
    if plan:
        from runback.cli.staged import run_plan

        return run_plan(request, run_speed, walk_speed)
    if run_speed or walk_speed:
        raise InputError("run", "--run-speed and --walk-speed are the plan's", "write speeds into the workout")
    return run_session(request)


@app.command()
@click.option("--treadmill", "-t", default="sim", show_default=True, metavar="sim|NAME|ADDRESS", help="To run on.")
@_profile
@_theme
@cue_options
def today(treadmill: str, profile: str | None, theme: str, **cues: Unpack[Asked]) -> int:
    """What to do now and why: check in, run, look back, choose a plan; on screens of their own."""
    from runback.cli.today import show_today

    return show_today(treadmill, theme, cues, profile)


@app.command()
@click.option("--treadmill", "-t", metavar="NAME|ADDRESS", help="Which one; else the one that is connected.")
@_profile
@_trace
def stop(treadmill: str | None, profile: str | None, trace: Path | None) -> int:
    """Stop a treadmill's belt, whoever drives it, and wait until it is seen at rest."""
    from runback.cli.session import run_stop

    return run_stop(treadmill, trace, profile=profile)


@app.command()
@click.option("--seconds", type=click.FloatRange(0.5, 120), default=8.0, show_default=True, help="How long to listen.")
@_json
def scan(seconds: float, json: bool) -> int:
    """List the treadmills in reach, those already connected included, and the profile each would have."""
    from runback.cli.scan import scan_treadmills

    return scan_treadmills(seconds, json=json)


@app.command()
@_json
def doctor(json: bool) -> int:
    """Look at what runback needs here: Bluetooth, folders, terminal; each finding with its mend."""
    from runback.cli.doctor import examine

    return examine(json=json)


@app.command()
@click.argument("uuid")
@click.argument("octets", nargs=-1, required=True, metavar="HEX...")
def decode(uuid: str, octets: tuple[str, ...]) -> int:
    """Decode a characteristic's octets to JSON. UUID as `2ACD` or full; several HEX are successive notifications."""
    from runback.cli.listing import print_decoded

    return print_decoded(uuid, octets)


@app.command()
@_json
def workouts(json: bool) -> int:
    """List the workouts: the built-in ones and yours."""
    from runback.cli.listing import list_workouts

    return list_workouts(json=json)


@app.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--pace", metavar="5:30/km", help="Your pace that shares are counted in.")
@click.option(
    "--paces", multiple=True, metavar="5k=5:00/km", help="One of them: 1mi, 5k, 10k, half, marathon, threshold."
)
@click.option("--unit", type=click.Choice(["km/h", "mph"]), help="Unit of speeds and paces that say none.")
@click.option(
    "--speed", "speeds", multiple=True, metavar="walk=5.0", help="Speed of steps of that kind that have none."
)
@click.option("--open", "open_length", metavar="5m", help="Length of steps that have none (until the lap key).")
@click.option("--durations", type=click.Choice(["time", "distance"]), help="What a Zwift file's durations count.")
@click.option("--cap", metavar="12", help="Nothing faster than this; 20 km/h in any case.")
@click.option("--name", metavar="NAME", help="What to call it; else what the file says.")
@click.option("--yes", is_flag=True, help="Write it without asking.")
@_json
def import_(
    file: Path,
    pace: str | None,
    paces: tuple[str, ...],
    unit: str | None,
    speeds: tuple[str, ...],
    open_length: str | None,
    durations: str | None,
    cap: str | None,
    name: str | None,
    yes: bool,
    json: bool,
) -> int:
    """Import FILE: a Zwift .zwo, QZ .xml, FIT workout or intervals.icu text. Shows it, then asks."""
    from runback.cli.importing import Options, import_workout

    return import_workout(
        Options(file, name, pace, paces, unit, speeds, open_length, durations, cap=cap, yes=yes, json=json)
    )


@app.command()
@click.argument("session", metavar="SESSION")
@click.option("--fit", is_flag=True, help="For Garmin, Strava and most others: laps, pauses, heart rate.")
@click.option("--tcx", is_flag=True, help="For older programs.")
@click.option("--csv", is_flag=True, help="For a spreadsheet: one row a second.")
@click.option("--json", is_flag=True, help="Everything, with every write to the treadmill.")
@click.option("--output", "-o", metavar="FILE|-", help="Where to; else a new file in this folder.")
def export(session: str, fit: bool, tcx: bool, csv: bool, json: bool, output: str | None) -> int:
    """Export SESSION, a number or `last`, as a file for other programs."""
    from runback.cli.export import export_session

    asked = {"fit": fit, "tcx": tcx, "csv": csv, "json": json}
    return export_session(session, [name for name, wanted in asked.items() if wanted], output)


@app.command()
@click.option("--validate", metavar="PATH", type=click.Path(path_type=Path), help="Check one file, or all of a folder.")
@_json
def treadmills(validate: Path | None, json: bool) -> int:
    """List the treadmill profiles: those that ship with runback, and yours."""
    from runback.cli.treadmills import check_profiles, list_profiles

    return list_profiles(json=json) if validate is None else check_profiles(validate, json=json)


@app.command()
@click.option("--output", "-o", metavar="FILE|-", help="Where to; else a new file in this folder.")
@click.option("--since", metavar="DATE", help="Show what happened from that day on, like 2026-01-31.")
def report(output: str | None, since: str | None) -> int:
    """Make the page for a clinician: one HTML file with what was planned, done, said and decided."""
    from runback.cli.report import write_report

    return write_report(output, since)


@app.command()
@click.argument("session", metavar="SESSION")
@click.option("--headless", is_flag=True, help="No screen: what happened, a line each.")
@click.option("--speedup", metavar="max|N", help="N times as fast; `max` without a screen.")
@_json
@_theme
def replay(session: str, headless: bool, speedup: str | None, json: bool, theme: str) -> int:
    """Play SESSION, a number or `last`, as it was recorded. Nothing moves; q leaves."""
    from runback.cli.replay import Replay, replay_session

    return replay_session(Replay(session, headless=headless, speedup=speedup, json=json, theme=theme))


@app.command()
@click.argument("kinds", nargs=-1, metavar="[CUE]...")
@click.option("--list", "only_list", is_flag=True, help="Say what there is; play nothing.")
@click.option("--quiet", is_flag=True, help="Play, and print nothing.")
@cue_options
def cues(kinds: tuple[str, ...], only_list: bool, quiet: bool, **asked: Unpack[Asked]) -> int:
    """Play every cue, or only those named, and say what plays them.

    Without sound it says so; that is no error, as every cue is shown too.
    """
    from runback.cli.cues import play_cues

    return play_cues(kinds, asked, only_list=only_list, quiet=quiet)


for _command in (plan_commands.plan, plan_commands.checkin, plan_commands.log, plan_commands.history):
    app.add_command(_command)


def execute(argv: Sequence[str]) -> int:
    """Run the program with `argv`; returns its exit code. Nothing that a person can cause ends in a traceback."""
    try:
        code = app.main(list(argv), prog_name="runback", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return BAD_INPUT
    except click.ClickException as error:
        return _complain(f"{error.format_message().rstrip('.')}; `runback --help` lists what there is", BAD_INPUT)
    except click.Abort:
        return _complain("interrupted before anything was started", 3)
    except (InputError, NoTreadmill, NoAdapter) as error:
        return _complain(str(error), BAD_INPUT)
    except LinkError as error:
        return _complain(str(error), LINK_FAILED)
    except RunbackError as error:
        return _complain(str(error), BAD_INPUT)
    except BrokenPipeError:
        # Whoever read standard output has gone; keep the interpreter from complaining on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 - the last edge: the belt has been stopped, the person gets one line
        return _complain(f"internal error: {error!r}; please report it with --trace FILE", 1)
    return code if isinstance(code, int) else 0


def _complain(line: str, code: int) -> int:
    click.echo("runback: " + " ".join(line.split()), err=True)
    return code
