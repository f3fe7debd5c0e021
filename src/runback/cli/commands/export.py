"""`runback export`: a session of the journal as files for other programs."""

from __future__ import annotations

import functools
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from runback.cli import completion, options
from runback.cli.files import save
from runback.errors import InputError
from runback.export.formats import FORMATS, ExportFormat

if TYPE_CHECKING:
    from runback.journal.model import SessionRecord


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What was asked for. `session` is its number, or `last`; `output` `-`: standard output, None: a new file in the
    present folder."""

    session: str
    formats: tuple[ExportFormat, ...]
    output: str | None


def format_options(command: options.Run) -> options.Run:
    """Add a flag for each format to `command`, which has those that were given as `formats`."""

    @functools.wraps(command)
    def call(**given: object) -> int:
        chosen = tuple(each for each in FORMATS if given.pop(each.name))
        return command(formats=chosen, **given)

    for each in reversed(FORMATS):
        call = click.option(f"--{each.name}", is_flag=True, help=each.help)(call)
    return call


@click.command()
@click.argument("session", default="last", metavar="[SESSION]", shell_complete=completion.sessions)
@format_options
@click.option("--output", "-o", metavar="FILE|-", help="Where to; else a new file in this folder.")
@options.bind(ExportOptions)
def export(asked: ExportOptions) -> int:
    """Export SESSION, a number, as a file for other programs; else the last one."""
    from runback.journal.database import default_path
    from runback.journal.log_entries import entries
    from runback.journal.queries import story

    if not asked.formats:
        *others, last = (f"--{each.name}" for each in FORMATS)
        raise InputError("export", "no format is given", f"add {', '.join(others)} or {last}")
    if asked.output is not None and len(asked.formats) > 1:
        raise InputError(
            "--output", f"{len(asked.formats)} formats do not fit in one file", "give one format, or no --output"
        )
    path = default_path()
    told = story(path, asked.session)
    for each in asked.formats:
        data = each.convert(told, lambda: entries(path))
        if asked.output == "-":
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        else:
            save(Path(asked.output or file_name(told, each.name)), data)
    return 0


def file_name(told: SessionRecord, extension: str) -> str:
    """What a session is called as a file."""
    return f"runback-{told.session.id}-{told.session.began:%Y-%m-%d}.{extension}"
