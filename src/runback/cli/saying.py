"""Words to a terminal, or to whoever reads standard output, that may have gone meanwhile.

Rules:
- What is said once a belt may have moved is said here: how the session ended, and so the exit code, never depends on
  whether somebody could still hear it.
- A stream that cannot be written any more is let go of, so that the interpreter's own end does not fail on it.
"""

from __future__ import annotations

import contextlib
import os
import sys

import click


def say(line: str, *, err: bool = False) -> None:
    """Print `line`, on standard error with `err`; nothing comes of it where nobody can read it any more."""
    try:
        click.echo(line, err=err)
    except OSError:
        let_go(err=err)


def let_go(*, err: bool = False) -> None:
    """Nobody reads standard output (standard error with `err`) any more: what is still written to it is dropped."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, (sys.stderr if err else sys.stdout).fileno())
        os.close(nowhere)
