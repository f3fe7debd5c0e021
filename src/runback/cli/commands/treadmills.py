"""`runback treadmills`: lists and checks treadmill profiles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from runback.cli import options
from runback.cli.files import own_profiles
from runback.config_files.error_text import json_line

if TYPE_CHECKING:
    from runback.devices.profile import Profile, ProfileEntry

BAD_INPUT = 2


@click.command()
@click.option("--validate", metavar="PATH", type=click.Path(path_type=Path), help="Check one file, or all of a folder.")
@options.json
def treadmills(validate: Path | None, json: bool) -> int:
    """List the treadmill profiles: those that ship with runback, and yours."""
    if validate is not None:
        return _check(validate, json=json)
    from runback.devices.library import available

    _show(available(own_profiles()), json=json)
    return 0


def _check(path: Path, *, json: bool) -> int:
    """Check the file at `path`, or every profile in the folder. Raises DeviceError for a single broken file."""
    from runback.devices.library import load_folder, read

    if path.is_dir():
        entries = load_folder(path)
        _show(entries, json=json)
        return BAD_INPUT if any(entry.error is not None for entry in entries) else 0
    _show([read(path)], json=json)
    return 0


def _show(entries: Iterable[ProfileEntry], *, json: bool) -> None:
    for entry in entries:
        if json:
            click.echo(json_line(dict(_facts(entry))))
        elif entry.profile is None:
            click.echo(f"{entry.name:<22} cannot be used: {entry.error}")
        else:
            mark = " (yours)" if entry.own else ""
            profile = entry.profile
            click.echo(f"{entry.name:<22} {_range(profile):<18} {level(profile):<17} {profile.title}{mark}")


def _facts(entry: ProfileEntry) -> Iterator[tuple[str, object]]:
    yield "name", entry.name
    yield "source", entry.source
    profile = entry.profile
    if profile is None:
        yield "error", str(entry.error)
        return
    speed = profile.speed
    yield "title", profile.title
    yield "prompts", profile.prompts
    yield "minimum_kmh", None if speed.minimum is None else speed.minimum / 100
    yield "maximum_kmh", None if speed.maximum is None else speed.maximum / 100
    yield (
        "evidence",
        [{"source": one.source, "level": str(one.level), "covers": one.covers} for one in profile.evidence],
    )
    yield "unverified", profile.unverified


def _range(profile: Profile) -> str:
    """The profile's own limits; `reported` stands for what only the machine knows."""
    if profile.prompts:
        return "set by hand"
    low, high = profile.speed.minimum, profile.speed.maximum
    if low is None and high is None:
        return "as reported"
    ends = ["…" if end is None else f"{end / 100:g}" for end in (low, high)]
    return f"{ends[0]} to {ends[1]} km/h"


def level(profile: Profile) -> str:
    """The best evidence there is."""
    from runback.devices.quirk_values import Level

    return min((one.level for one in profile.evidence), key=list(Level).index)
