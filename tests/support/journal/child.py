"""A process that keeps a session, to be killed or starved: `tests.support.journal.child PATH kill|full`."""

from __future__ import annotations

import contextlib
import resource
import sys
from pathlib import Path

from runback.journal.writer import Writer
from tests.support.journal.stage import ZERO, begin, events

KILLED_AT = 36.0
"""Seconds into the session of the last thing told before the parent is told that it may kill."""


def say(what: str | None) -> None:
    """One line to the parent."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def kill(path: Path) -> None:
    """Keep a session up to `KILLED_AT`, by the writer's own clock and without any end, then wait for ever."""
    recording = begin(path)
    for t, event, fields in events():
        if t <= ZERO + KILLED_AT:
            recording.put(t, event, fields)
    say("told")
    sys.stdin.read()


def full(path: Path) -> None:
    """Keep a session while files must stay small; say what is wrong; end it once they may grow."""
    writer = Writer(path)
    recording = begin(path, writer=writer)
    told = events()
    for t, event, fields in told[:9]:
        recording.put(t, event, fields)
    writer.flush()
    say(recording.failed)
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 1000, unlimited))
    for t, event, fields in told[9:-1]:
        recording.put(t, event, fields)
        if event == "snapshot":
            writer.flush()
    say(recording.failed)
    if "stays" not in sys.argv:
        resource.setrlimit(resource.RLIMIT_FSIZE, (unlimited, unlimited))
    recording.put(*told[-1])
    recording.close()
    say(recording.failed)


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        {"kill": kill, "full": full}[sys.argv[2]](Path(sys.argv[1]))
