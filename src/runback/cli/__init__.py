"""The command line: the only place where links, clocks and sessions are put together."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of `runback`. Everything heavy is imported by the command that needs it; a Stop for the session here
    leaves before anything is."""
    argv = sys.argv[1:]
    asked = None
    if argv[:1] == ["stop"]:
        from runback.cli.stopping import knock

        asked = knock(argv[1:])
    from runback.cli.streams import Streams

    streams = Streams()
    from runback.cli.app import conclude, execute

    sys.exit(conclude(execute(argv, asked), streams.close(), argv))
