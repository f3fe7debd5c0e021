"""The commands of what is kept: `workouts`, `import`, `export`, `report`, `replay`. What they do is imported when they
are called."""

from __future__ import annotations

from pathlib import Path

import click

from runback.cli import completion, options, settings_source


@click.command()
@settings_source.units_option
@options.json
def workouts(json: bool) -> int:
    """List the workouts: the built-in ones and yours."""
    from runback.cli.commands.workouts import list_workouts

    return list_workouts(json=json, unit=settings_source.unit())


@click.command(name="import")
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
@settings_source.units_option
@options.json
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
    from runback.cli.commands.import_ import ImportOptions, import_workout

    return import_workout(
        ImportOptions(file, name, pace, paces, unit, speeds, open_length, durations, cap=cap, yes=yes, json=json),
        settings_source.unit(),
    )


@click.command()
@click.argument("session", metavar="SESSION", shell_complete=completion.sessions)
@click.option("--fit", is_flag=True, help="For Garmin, Strava and most others: laps, pauses, heart rate.")
@click.option("--tcx", is_flag=True, help="For older programs.")
@click.option("--csv", is_flag=True, help="For a spreadsheet: one row a second.")
@click.option("--json", is_flag=True, help="Everything, with every write to the treadmill.")
@click.option("--output", "-o", metavar="FILE|-", help="Where to; else a new file in this folder.")
def export(session: str, fit: bool, tcx: bool, csv: bool, json: bool, output: str | None) -> int:
    """Export SESSION, a number or `last`, as a file for other programs."""
    from runback.cli.commands.export import export_session

    asked = {"fit": fit, "tcx": tcx, "csv": csv, "json": json}
    return export_session(session, [name for name, wanted in asked.items() if wanted], output)


@click.command()
@click.option("--output", "-o", metavar="FILE|-", help="Where to; else a new file in this folder.")
@click.option("--since", metavar="DATE", help="Show what happened from that day on, like 2026-01-31.")
@settings_source.units_option
def report(output: str | None, since: str | None) -> int:
    """Make the page for a clinician: one HTML file with what was planned, done, said and decided."""
    from runback.cli.commands.report import write_report

    return write_report(output, since, unit=settings_source.unit())


@click.command()
@click.argument("session", metavar="SESSION", shell_complete=completion.sessions)
@click.option("--headless", is_flag=True, help="No screen: what happened, a line each.")
@click.option("--speedup", metavar="max|N", help="N times as fast; `max` without a screen.")
@options.json
@options.theme
@settings_source.units_option
def replay(session: str, headless: bool, speedup: str | None, json: bool, theme: str) -> int:
    """Play SESSION, a number or `last`, as it was recorded. Nothing moves; q leaves."""
    from runback.cli.commands.replay import ReplayOptions, replay_session

    taste = settings_source.taste(theme)
    return replay_session(ReplayOptions(session, headless=headless, speedup=speedup, json=json, taste=taste))


COMMANDS = (workouts, import_, export, report, replay)
