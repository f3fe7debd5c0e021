"""The commands that only tell: decode, workouts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from runback.config_files.error_text import json_line

if TYPE_CHECKING:
    from runback.units import Unit


def own_workouts() -> Path:
    """The folder of a person's own workouts."""
    import platformdirs

    return platformdirs.user_config_path("runback") / "workouts"


def print_decoded(uuid: str, octets: Sequence[str]) -> int:
    """One JSON object a line for each finished record. Raises InputError, CodecError."""
    from runback.ftms.describe import describe, parse_hex

    for record in describe(uuid, [parse_hex(text) for text in octets]):
        click.echo(json_line(record))
    return 0


def list_workouts(*, json: bool, unit: Unit) -> int:
    """Name, length, top speed and description of each workout; broken files with what is wrong."""
    from runback.units import spell
    from runback.workout.formatting import spell_duration
    from runback.workout.library import available

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
