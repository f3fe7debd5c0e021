"""`runback workouts`: name, length, top speed and description of each; broken files with what is wrong."""

from __future__ import annotations

import click

from runback.cli import options, settings_source
from runback.cli.files import own_workouts
from runback.config_files.error_text import json_line


@click.command()
@settings_source.units_option
@options.json
def workouts(json: bool) -> int:
    """List the workouts: the built-in ones and yours."""
    from runback.units import spell
    from runback.workout.formatting import spell_duration
    from runback.workout.library import available

    unit = settings_source.unit()
    for entry in available(own_workouts()):
        workout = entry.workout
        if json:
            shown: dict[str, object] = {"name": entry.name, "source": str(entry.source)}
            if workout is None:
                shown["error"] = str(entry.error)
            else:
                shown |= {
                    "duration_s": workout.duration,
                    "top_kmh": workout.top_speed / 100,
                    "description": workout.description,
                }
            click.echo(json_line(shown))
        elif workout is None:
            click.echo(f"{entry.name:<14} cannot be used: {entry.error}")
        else:
            figures = f"{spell_duration(workout.duration):>8}  up to {spell(workout.top_speed, unit):>9}"
            click.echo(f"{entry.name:<14} {figures}  {workout.description}")
    return 0
