"""The command line: the only place where links, clocks and sessions are put together."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of `runback`. Everything heavy is imported by the command that needs it."""
    from runback.cli.streams import Streams

    streams = Streams()
    from runback.cli.app import conclude, execute

    argv = sys.argv[1:]
    sys.exit(conclude(execute(argv), streams.close(), argv))
