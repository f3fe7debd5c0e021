"""Writing a file that a person asked for: a new one, or none."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from runback.errors import InputError


def save(path: Path, octets: bytes) -> None:
    """Write `octets` to a new file at `path`, and say its name. Raises InputError: nothing that exists is overwritten,
    and nothing half-written is left."""
    made = False
    try:
        with path.open("xb") as stream:
            made = True
            stream.write(octets)
    except FileExistsError:
        raise InputError(str(path), "there is a file by that name", "name another with --output") from None
    except OSError as error:
        if made:
            with contextlib.suppress(OSError):
                path.unlink()
        reason = error.strerror or str(error)
        raise InputError(str(path), reason, "name a place that can be written with --output") from None
    click.echo(str(path))
