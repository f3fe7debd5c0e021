"""Where a session's record goes: standard output with `--json`, a file with `--trace`."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from runback.errors import InputError
from runback.keeper.drain import Drain
from runback.keeper.recorder import Recorder, Sink

CLOSE_WITHIN = 2.0
"""Seconds that the end of a program waits for a record's reader, or its disk."""


@contextlib.contextmanager
def recording(*, json: bool, trace: Path | None) -> Iterator[Recorder]:
    """A recorder; at the end it is written out, and what is missing is said. Raises InputError."""
    with contextlib.ExitStack() as stack:
        drains = []
        if json:
            sys.stdout.flush()
            drains.append((Drain(sys.stdout.fileno()), False))
        if trace is not None:
            drains.append((Drain(stack.enter_context(_opened(trace))), True))
        recorder = Recorder(*(Sink(drain, everything=everything) for drain, everything in drains))
        try:
            yield recorder
        finally:
            reasons = [reason for drain, _ in drains if (reason := drain.close(CLOSE_WITHIN)) is not None]
            for reason in dict.fromkeys([*recorder.failures(), *reasons]):
                click.echo(f"runback: the record is not complete: {reason}", err=True)


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
