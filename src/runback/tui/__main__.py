"""`python -m runback.tui --read-fd N --write-fd M`: the screen as the keeper starts it. Not for people to type."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the screen on this terminal until the keeper ends, or the person leaves a dead one. Returns the exit code:
    0 after a goodbye, 1 without."""
    parser = argparse.ArgumentParser(prog="runback.tui", description="The screen of runback; the keeper starts it.")
    parser.add_argument("--read-fd", type=int, required=True, help="where the keeper's messages come from")
    parser.add_argument("--write-fd", type=int, required=True, help="where intents and heartbeats go")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument("--status-fd", type=int, help="where a rescue tells how it goes, should the keeper die")
    parser.add_argument("--treadmill", help="the real one, for a rescue from here")
    parser.add_argument("--profile", help="what it is, where the person has said so")
    options = parser.parse_args(arguments)
    if hasattr(signal, "SIGHUP"):  # comes when a keeper dies that began the terminal's session: now it is needed most
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    # Kitty's key protocol spells Space and Escape in several ways, the legacy one in one (latency.md, Traps).
    # Textual reads this when it is imported.
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    from runback.tui.app import CockpitApp
    from runback.tui.pipe import Pipe
    from runback.tui.rescue import Rescue, make_usable

    pipe = Pipe(options.read_fd, options.write_fd)
    app = CockpitApp(
        pipe,
        theme=f"runback-{options.theme}",
        when_ready=lambda: pipe.start(app),
        rescue=Rescue(options.status_fd, options.treadmill, options.profile),
    )
    app.run()
    pipe.close()
    if not app.said_goodbye:
        make_usable(sys.stdout.fileno())
    if app.last_line:
        sys.stdout.write(app.last_line + "\n")
    return 0 if app.said_goodbye else 1


if __name__ == "__main__":
    sys.exit(main())
