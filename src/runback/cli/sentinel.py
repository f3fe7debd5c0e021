"""`python -m runback.cli.sentinel`: a small process that outlives the keeper, and stops the belt if the keeper died.

Rules:
- It waits on a pipe whose other end only the keeper holds. The keeper's "bye" ends it. An end of file without it means
  that the keeper was killed or crashed: the link is still up (bluez.md 2), the belt still moves, and it is stopped from
  here. "hung" means the same while the keeper still exists.
- It has everything imported before it is needed, belongs to no terminal, and cannot be ended by a hang-up or Ctrl-C.
- How it goes is told on a second pipe, a line each, to whoever still shows a screen.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import time

from runback.cli.session import run_stop
from runback.errors import RunbackError
from runback.keeper.guardian import BYE, HUNG
from runback.link import ble as ble  # imported now, so that it costs nothing later

TRIES = 60
AGAIN_AFTER = 1.0
AT_REST = "The program that drove the treadmill died; the belt was stopped and is at rest."
FAILED = "The program that drove the treadmill died and the belt could not be stopped: PULL THE SAFETY KEY."


def main() -> int:
    """Wait for the keeper's end; returns the exit code."""
    parser = argparse.ArgumentParser(prog="runback.cli.sentinel")
    parser.add_argument("--keeper-fd", type=int, required=True, help="the pipe only the keeper holds the other end of")
    parser.add_argument("--status-fd", type=int, required=True, help="where to tell how a rescue goes")
    parser.add_argument("--treadmill", required=True)
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while True:
        word = os.read(options.keeper_fd, 1)
        if word == BYE:
            return 0
        stopped = rescue(options.treadmill, options.status_fd)
        if word != HUNG:
            return 0 if stopped else 4


def rescue(treadmill: str, status_fd: int) -> bool:
    """Stop the belt, however often it takes; whether it was seen at rest."""
    for number in range(1, TRIES + 1):
        _say(status_fd, f"Stopping the belt from here: attempt {number} …")
        try:
            if run_stop(treadmill, None) == 0:
                _say(status_fd, AT_REST)
                return True
        except RunbackError as error:
            _say(status_fd, str(error))
        time.sleep(AGAIN_AFTER)
    _say(status_fd, FAILED)
    return False


def _say(fd: int, line: str) -> None:
    with contextlib.suppress(OSError):
        os.write(fd, (" ".join(line.split()) + "\n").encode())


if __name__ == "__main__":
    sys.exit(main())
