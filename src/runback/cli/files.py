"""A person's files: where their own workouts and treadmill profiles are, and those that they ask a command for."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import click

from runback import private_files
from runback.cli.saying import say
from runback.config_files.error_text import printable
from runback.errors import InputError

OPEN_WITHIN = 1.0
"""Seconds that a session, or a Stop, waits for a file to be opened."""


def own_workouts() -> Path:
    """The folder of a person's own workouts."""
    import platformdirs

    return platformdirs.user_config_path("runback") / "workouts"


def own_profiles() -> Path:
    """The folder of a person's own treadmill profiles."""
    import platformdirs

    return platformdirs.user_config_path("runback") / "devices"


def own_reports() -> Path:
    """The folder of the reports that commissionings make."""
    import platformdirs

    return platformdirs.user_data_path("runback") / "commissioning"


def save(path: Path, data: bytes) -> None:
    """Write `data` to a new file at `path`, and say its name. Raises InputError: nothing that exists is overwritten,
    and nothing half-written is left."""
    shown = printable(str(path), 200)
    try:
        private_files.write(path, data)
    except FileExistsError:
        raise InputError(shown, "there is a file by that name", "name another with --output") from None
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        raise InputError(shown, _reason(error), "name a place that can be written with --output") from None
    click.echo(printable(str(path), 4096))


def open_to_append(path: Path, option: str) -> int:
    """A descriptor that appends to the plain file at `path`, which `option` named; that others may read it is said.
    Raises InputError, also for a disk that does not answer."""
    shown = printable(str(path), 200)
    try:
        fd = _soon(lambda: private_files.append(path))
    except (OSError, ValueError) as error:
        raise InputError(option, f"{shown}: {_reason(error)}", "give a file that can be written") from None
    exposed = private_files.exposed(os.fstat(fd))
    if exposed is not None:
        say(f"runback: {shown}: {exposed}; `chmod 600` ends that", err=True)
    return fd


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _soon(opening: Callable[[], int]) -> int:
    """What `opening` returns; OSError if that takes longer than `OPEN_WITHIN`. Opening cannot be called off, so it has
    a thread, which is left to the system."""
    import threading
    from concurrent.futures import Future

    made: Future[int] = Future()

    def run() -> None:
        try:
            fd = opening()
        except (OSError, ValueError) as error:
            made.set_exception(error)
        else:
            made.set_result(fd)

    threading.Thread(target=run, name="runback open", daemon=True).start()
    try:
        return made.result(OPEN_WITHIN)
    except TimeoutError:
        raise OSError(errno.ETIMEDOUT, "its disk does not answer") from None
