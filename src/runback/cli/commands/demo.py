"""`runback demo`: a session on the simulated treadmill, short or whole.

Rules:
- It never runs on a real treadmill, whatever is set: `RunOptions` has the simulator unless told otherwise.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from runback.cli import options
from runback.cli.cue_output import cue_options
from runback.cli.run_options import RunOptions

SHORT = "demo"
"""The workout of 90 seconds."""


@click.command()
@click.option(
    "--full",
    "workout",
    flag_value="first-run",
    default=SHORT,
    help="The physiotherapist's whole first session instead: 23 minutes.",
)
@options.json
@options.trace
@options.taste
@options.journal
@cue_options
@options.log
@options.bind(RunOptions)
def demo(request: RunOptions) -> int:
    """See a session on the simulated treadmill, in 90 seconds; where there is no screen, at once."""
    from runback.cli.demo_coach import coach
    from runback.cli.run_session import run_session

    screen = sys.stdin.isatty() and sys.stdout.isatty() and not request.json
    asked = replace(request, headless=not screen, speedup=None if screen else "max")
    return run_session(asked, coach if screen and request.workout == SHORT else None)
