"""Where a session's record goes: standard output with `--json`, a file with `--trace`, and the journal."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from runback import __version__
from runback.cli.files import open_to_append
from runback.cli.log_file import heard_by_log
from runback.cli.saying import say
from runback.config_files.error_text import printable
from runback.engine.recorder import Recorder, RecordListener, Sink
from runback.errors import InputError
from runback.ipc.background_writer import BackgroundWriter
from runback.workout.model import Workout

if TYPE_CHECKING:
    from runback.journal.plan_runs import Purpose
    from runback.journal.recording import Recording

CLOSE_WITHIN = 2.0
"""Seconds that the end of a program waits for a record's reader, or its disk."""


@contextlib.contextmanager
def recording(
    *,
    json: bool,
    trace: Path | None,
    journal: Recording | None = None,
    listener: RecordListener | None = None,
    needed: bool = True,
) -> Iterator[Recorder]:
    """A recorder, heard by `journal`, or else `listener`; at the end it is written out, and what is missing is said.
    Raises InputError for a trace that cannot be written; where it is not `needed` that is said, and nothing more: no
    file stands before Stop."""
    with contextlib.ExitStack() as stack:
        drains = []
        if json:
            sys.stdout.flush()
            drains.append((BackgroundWriter(sys.stdout.fileno()), False))
        if trace is not None:
            try:
                drains.append((BackgroundWriter(stack.enter_context(_opened(trace))), True))
            except InputError as error:
                if needed:
                    raise
                say(f"runback: {error}", err=True)
        listener = heard_by_log(listener if journal is None else journal.put)
        recorder = Recorder(*(Sink(drain, everything=everything) for drain, everything in drains), listener=listener)
        try:
            yield recorder
        finally:
            reasons = [reason for drain, _ in drains if (reason := drain.close(CLOSE_WITHIN)) is not None]
            for reason in dict.fromkeys([*recorder.failures(), *reasons]):
                say(f"runback: the record is not complete: {reason}", err=True)
            if journal is not None:
                journal.close()
                if journal.failed is not None:
                    say(f"runback: the journal is not complete: {journal.failed}", err=True)


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
    """A descriptor that appends to `trace`. Raises InputError, also for a disk that does not answer."""
    shown = printable(str(trace), 200)
    fd = open_to_append(trace, "--trace")
    try:
        yield fd
        if os.fstat(fd).st_nlink == 0:
            say(f"runback: {shown} was deleted meanwhile: the trace is lost", err=True)
    finally:
        os.close(fd)
