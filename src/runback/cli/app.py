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
from runback.cli import completing, configured, plan_commands
from runback.cli.counting import Counted, counting_options
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
VERSION = f"%(prog)s %(version)s (Python {sys.version.split()[0]}, {sys.platform})"
BAD_INPUT = 2
LINK_FAILED = 5

_trace = click.option(
    "--trace", type=click.Path(path_type=Path, dir_okay=False), help="Append every write, notification and event."
)
_theme = click.option("--theme", type=click.Choice(["dark", "light"]), default="dark", help="Colours of the screen.")
_keyboard = click.option(
    "--keyboard",
    type=click.Choice(["keeper", "screen"]),
    help="Who reads the keys first; `screen` if the keeper's way makes trouble with your terminal.",
)
_journal = click.option(
    "--journal/--no-journal", default=None, help="Keep it in the journal (the default, unless its time is sped up)."
)
_treadmill = click.option(
    "--treadmill",
    "-t",
    default="sim",
    show_default=True,
    metavar="sim|sim:PROFILE|NAME|ADDRESS",
    shell_complete=completing.treadmills,
    help="`sim` is simulated; `sim:PROFILE` as that model behaves (`runback treadmills`).",
)
_strap = click.option(
    "--strap", metavar="sim|NAME|ADDRESS", help="A heart-rate strap to listen to; `sim` with a simulated treadmill."
)
_profile = click.option(
    "--profile",
    metavar="PROFILE",
    shell_complete=completing.profiles,
    help="What a real treadmill is (`runback treadmills`).",
)
_json = click.option("--json", is_flag=True, help="One JSON object a line on standard output.")


@click.group(
    epilog=EXIT_CODES,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
        "default_map": configured.Defaults(),
    },
)
@click.version_option(__version__, prog_name="runback", message=VERSION)
def app() -> None:
    """A treadmill interval timer with live control over Bluetooth FTMS.

    Not an emergency stop: wear the safety key. Not medical advice.
    """


@app.command()
@_json
@_trace
@_theme
@configured.units_option
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
        taste=configured.taste(theme),
        max_speed=configured.settings().max_speed,
        journal=journal,
        cues=cues,
    )
    return run_session(request)


@app.command()
@click.argument("workout", required=False, shell_complete=completing.workouts)
@click.option("--plan", is_flag=True, help="Run the stage of your plan that is due, instead of a WORKOUT.")
@click.option("--run-speed", metavar="7.5", help="Of the plan's running, within its range.")
@click.option("--walk-speed", metavar="5.0", help="Of the plan's walking.")
@_treadmill
@_strap
@_profile
@click.option("--headless", is_flag=True, help="No screen: starts after the countdown, Ctrl-C stops.")
@click.option("--speedup", metavar="max|N", help="Simulated time, N times as fast.")
@click.option(
    "--fault",
    multiple=True,
    metavar="FAULT",
    shell_complete=completing.faults,
    help="The simulator misbehaves; `--fault help` says how.",
)
@click.option("--start", is_flag=True, help="Begin after the countdown without asking (simulator only).")
@click.option("--seed", type=int, default=0, help="Seed of the simulator's own jitter.")
@_json
@_trace
@_theme
@configured.units_option
@_keyboard
@_journal
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
    **cues: Unpack[Asked],
) -> int:
    """Run WORKOUT: a name, a TOML file, or "5m walk 4.5, 5x(1m run 7.5, 1m walk 5.0), 3m walk 4.0"."""
    from runback.cli.session import Request, run_session

    request = Request(
        workout or "",
        treadmill=treadmill,
        strap=configured.strap(strap, real_time=speedup is None),
        profile=configured.profile(profile),
        headless=headless,
        speedup=speedup,
        faults=fault,
        start=start,
        seed=seed,
        json=json,
        trace=trace,
        taste=configured.taste(theme),
        keyboard=keyboard,
        max_speed=configured.settings().max_speed,
        journal=journal,
        cues=cues,
        count_from=count_from,
        stepped_off=stepped_off,
        stepped_off_after=stepped_off_after,
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
@_treadmill
@_strap
@_profile
@_theme
@configured.units_option
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
    **cues: Unpack[Asked],
) -> int:
    """What to do now and why: check in, run, look back, choose a plan; on screens of their own."""
    from runback.cli.today import show_today

    counted = Counted(count_from=count_from, stepped_off=stepped_off, stepped_off_after=stepped_off_after)
    profile = configured.profile(profile)
    return show_today(
        treadmill, configured.taste(theme), cues, counted, strap, profile, configured.settings().max_speed
    )


@app.command()
@click.option(
    "--treadmill", "-t", required=True, metavar="NAME|ADDRESS|sim|sim:PROFILE", help="Which one. Nobody on its belt."
)
@click.option("--unit", type=click.Choice(["mph"]), help="It counts speed in miles, as its display has shown.")
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="FOLDER", help="Where profile and report go.")
@click.option("--headless", is_flag=True, help="No screen (simulator only); with --yes and --console.")
@click.option("--yes", is_flag=True, help="Every word that a person would give.")
@click.option("--console", metavar="1.0", help="What its display would show.")
@click.option("--speedup", metavar="max|N", help="Simulated time, N times as fast.")
@click.option("--fault", multiple=True, metavar="FAULT", help="The simulator misbehaves; `run --fault help` says how.")
@click.option("--seed", type=int, default=0, help="Seed of the simulator's own jitter.")
@_trace
@_theme
@cue_options
def commission(
    treadmill: str,
    unit: str | None,
    output: Path | None,
    headless: bool,
    yes: bool,
    console: str | None,
    speedup: str | None,
    fault: tuple[str, ...],
    seed: int,
    trace: Path | None,
    theme: str,
    **cues: Unpack[Asked],
) -> int:
    """Find out what an unknown treadmill does, with nobody on it: read, Stop, slowest start, one step, incline."""
    from runback.cli.commission import Options, run_commission

    return run_commission(
        Options(
            treadmill,
            headless=headless,
            yes=yes,
            console=console,
            unit=unit,
            output=output,
            speedup=speedup,
            faults=fault,
            seed=seed,
            trace=trace,
            taste=configured.taste(theme),
            max_speed=configured.settings().max_speed,
            cues=cues,
        )
    )


@app.command()
@click.option(
    "--transport",
    required=True,
    metavar="usb:0|vhci|…",
    help="Its Bluetooth controller, as bumble names it: usb:0, hci-socket:0, tcp-client:HOST:PORT; with vhci this "
    "computer gets a virtual adapter that hears it.",
)
@click.option("--treadmill", "-t", default="sim", show_default=True, metavar="sim|sim:PROFILE", help="Which one to be.")
@click.option("--name", metavar="NAME", help="What it advertises, instead of its own name; empty for none.")
@click.option("--fault", multiple=True, metavar="FAULT", help="It misbehaves; `--fault help` says how.")
@click.option("--seed", type=int, default=0, help="Seed of its own jitter.")
@_json
def simulate(transport: str, treadmill: str, name: str | None, fault: tuple[str, ...], seed: int, json: bool) -> int:
    """Put the simulated treadmill on the air, for other programs to drive. Needs `runback[peripheral]`.

    Lines typed meanwhile are hands at the treadmill: start, stop, pause, speed 6, incline 2, key out, key in, take.
    """
    from runback.cli.simulate import Options
    from runback.cli.simulate import simulate as run_simulator

    return run_simulator(Options(transport, treadmill, name, fault, seed, json=json))


@app.command()
@click.option("--treadmill", "-t", metavar="NAME|ADDRESS", help="Which one; else the one that is connected.")
@_profile
@_trace
def stop(treadmill: str | None, profile: str | None, trace: Path | None) -> int:
    """Stop a treadmill's belt, whoever drives it, and wait until it is seen at rest."""
    from runback.cli.session import run_stop

    return run_stop(treadmill, trace, profile=profile)


@app.command()
@click.argument("process", required=False, type=int, metavar="[PROCESS]")
@click.option("--wait", is_flag=True, help="Wait until a session runs.")
@click.option("--headless", is_flag=True, help="No screen: a line each second. Ctrl-C leaves and stops nothing.")
@_json
@_theme
@configured.units_option
def watch(process: int | None, wait: bool, headless: bool, json: bool, theme: str) -> int:
    """A second screen: show the session that runs here, from another terminal. It can stop the belt, no more.

    PROCESS tells several sessions apart.
    """
    from runback.cli.watch import Watch, watch_session

    taste = configured.taste_at_any_rate(theme)
    return watch_session(Watch(process, wait=wait, headless=headless, json=json, taste=taste))


@app.command()
@click.option("--seconds", type=click.FloatRange(0.5, 120), default=8.0, show_default=True, help="How long to listen.")
@_json
def scan(seconds: float, json: bool) -> int:
    """List the treadmills in reach, those already connected included, and the profile each would have; and straps."""
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
@configured.units_option
@_json
def workouts(json: bool) -> int:
    """List the workouts: the built-in ones and yours."""
    from runback.cli.listing import list_workouts

    return list_workouts(json=json, unit=configured.unit())


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
@configured.units_option
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
        Options(file, name, pace, paces, unit, speeds, open_length, durations, cap=cap, yes=yes, json=json),
        configured.unit(),
    )


@app.command()
@click.argument("session", metavar="SESSION", shell_complete=completing.sessions)
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
@configured.units_option
def report(output: str | None, since: str | None) -> int:
    """Make the page for a clinician: one HTML file with what was planned, done, said and decided."""
    from runback.cli.report import write_report

    return write_report(output, since, unit=configured.unit())


@app.command()
@click.argument("session", metavar="SESSION", shell_complete=completing.sessions)
@click.option("--headless", is_flag=True, help="No screen: what happened, a line each.")
@click.option("--speedup", metavar="max|N", help="N times as fast; `max` without a screen.")
@_json
@_theme
@configured.units_option
def replay(session: str, headless: bool, speedup: str | None, json: bool, theme: str) -> int:
    """Play SESSION, a number or `last`, as it was recorded. Nothing moves; q leaves."""
    from runback.cli.replay import Replay, replay_session

    taste = configured.taste(theme)
    return replay_session(Replay(session, headless=headless, speedup=speedup, json=json, taste=taste))


@app.command()
@click.argument("kinds", nargs=-1, metavar="[CUE]...", shell_complete=completing.cues)
@click.option("--list", "only_list", is_flag=True, help="Say what there is; play nothing.")
@click.option("--quiet", is_flag=True, help="Play, and print nothing.")
@configured.units_option
@cue_options
def cues(kinds: tuple[str, ...], only_list: bool, quiet: bool, **asked: Unpack[Asked]) -> int:
    """Play every cue, or only those named, and say what plays them.

    Without sound it says so; that is no error, as every cue is shown too.
    """
    from runback.cli.cues import play_cues

    return play_cues(kinds, asked, only_list=only_list, quiet=quiet)


@app.command()
@click.argument("name", required=False, shell_complete=completing.settings)
@click.argument("value", required=False, shell_complete=completing.values)
@click.option("--unset", is_flag=True, help="Take NAME out of the file: its default holds again.")
@click.option("--path", is_flag=True, help="Where the file is, or would be.")
@click.option("--example", is_flag=True, help="A whole file with every setting, its meaning and its default.")
@_json
def config(name: str | None, value: str | None, unset: bool, path: bool, example: bool, json: bool) -> int:
    """Show the settings and what they mean, or set one: NAME to VALUE, in the file.

    An option wins over the environment (RUNBACK_UNITS, RUNBACK_CUES_VOLUME), that over the file, that over the default.
    """
    from runback.cli.config import Wish, configure

    return configure(Wish(name, value, unset=unset, path=path, example=example, json=json))


@app.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print what makes SHELL complete commands, workouts, treadmills and sessions.

    \b
    bash:  eval "$(runback completion bash)"     in ~/.bashrc
    zsh:   eval "$(runback completion zsh)"      in ~/.zshrc
    fish:  runback completion fish > ~/.config/fish/completions/runback.fish
    """
    click.echo(completing.script(app, shell))
    return 0


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
