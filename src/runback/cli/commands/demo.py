"""`runback demo`: the first workout on the simulated treadmill."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from runback.cli import options
from runback.cli.cue_output import cue_options
from runback.cli.run_options import RunOptions


@click.command()
@options.json
@options.trace
@options.taste
@options.journal
@cue_options
@options.log
@options.bind(RunOptions)
def demo(request: RunOptions) -> int:
    """Run the first session on the simulated treadmill: on a screen if there is one, else at once."""
    from runback.cli.run_session import run_session

    screen = sys.stdin.isatty() and sys.stdout.isatty() and not request.json
    return run_session(replace(request, workout="first-run", headless=not screen, speedup=None if screen else "max"))
