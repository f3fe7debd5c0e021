"""The command line: the only place where links, clocks and sessions are put together."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of `runback`. Everything heavy is imported by the command that needs it."""
    from runback.cli.app import execute

    sys.exit(execute(sys.argv[1:]))
