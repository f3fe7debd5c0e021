"""Where a session's record goes: standard output with `--json`, a file with `--trace`, and the journal."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from runback import __version__
from runback.errors import InputError
from runback.keeper.drain import Drain
from runback.keeper.recorder import Recorder, Sink
from runback.workout.model import Workout

if TYPE_CHECKING:
    from runback.journal.purposes import Purpose
    from runback.journal.recording import Recording

CLOSE_WITHIN = 2.0
"""Seconds that the end of a program waits for a record's reader, or its disk."""


@contextlib.contextmanager
def recording(*, json: bool, trace: Path | None, journal: Recording | None = None) -> Iterator[Recorder]:
    """A recorder; at the end it is written out, and what is missing is said. Raises InputError."""
    with contextlib.ExitStack() as stack:
        drains = []
        if json:
            sys.stdout.flush()
            drains.append((Drain(sys.stdout.fileno()), False))
        if trace is not None:
            drains.append((Drain(stack.enter_context(_opened(trace))), True))
        listener = None if journal is None else journal.put
        recorder = Recorder(*(Sink(drain, everything=everything) for drain, everything in drains), listener=listener)
        try:
            yield recorder
        finally:
            reasons = [reason for drain, _ in drains if (reason := drain.close(CLOSE_WITHIN)) is not None]
            for reason in dict.fromkeys([*recorder.failures(), *reasons]):
                click.echo(f"runback: the record is not complete: {reason}", err=True)
            if journal is not None:
                journal.close()
                if journal.failed is not None:
                    click.echo(f"runback: the journal is not complete: {journal.failed}", err=True)


def journal_of(workout: Workout, *, simulated: bool, purpose: Purpose | None = None) -> Recording:
    """The journal of a session of `workout`, in the person's data folder; `purpose` is the plan's stage it is for."""
    from runback.journal.database import default_path
    from runback.journal.recording import record

    return record(
        default_path(),
        workout,
        lambda: datetime.now().astimezone(),
        simulated=simulated,
        program=__version__,
        purpose=purpose,
    )


@contextlib.contextmanager
def _opened(trace: Path) -> Iterator[int]:
    try:
        fd = os.open(trace, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError("--trace", f"{trace}: {reason}", "give a file that can be written") from None
    try:
        yield fd
    finally:
        os.close(fd)
