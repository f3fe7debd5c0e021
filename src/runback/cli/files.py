"""Writing a file that a person asked for: a new one that only they may read, or none."""

from __future__ import annotations

from pathlib import Path

import click

from runback import private_files
from runback.config_files.error_text import printable
from runback.errors import InputError


def save(path: Path, octets: bytes) -> None:
    """Write `octets` to a new file at `path`, and say its name. Raises InputError: nothing that exists is overwritten,
    and nothing half-written is left."""
    shown = printable(str(path), 200)
    try:
        private_files.write(path, octets)
    except FileExistsError:
        raise InputError(shown, "there is a file by that name", "name another with --output") from None
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise InputError(shown, reason, "name a place that can be written with --output") from None
    click.echo(printable(str(path), 4096))
