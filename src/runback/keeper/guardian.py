"""The keeper's side of the sentinel (`cli.sentinel`): the process that stops the belt should this one die.

Rules:
- Only real treadmills need one: a simulated belt dies with this process.
- This process alone holds the end of the pipe whose closing is the signal; no child inherits it.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys

BYE = b"b"
HUNG = b"h"
"""The two words the sentinel understands; an end of file is the third."""


class Guardian:
    """A running sentinel for `treadmill`. `status` is a descriptor that tells how a rescue goes, for the screen."""

    def __init__(self, treadmill: str) -> None:
        its_end, self._mine = os.pipe()
        self.status, its_status = os.pipe()
        try:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "runback.cli.sentinel"),
                    *(f"--keeper-fd={its_end}", f"--status-fd={its_status}", f"--treadmill={treadmill}"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(its_end, its_status),
                start_new_session=True,
            )
        finally:
            os.close(its_end)
            os.close(its_status)

    def hung(self) -> None:
        """This process does not get anything done: stop the belt from there. Safe to call from any thread."""
        with contextlib.suppress(OSError):
            os.write(self._mine, HUNG)

    def dismiss(self) -> None:
        """This process ends as it meant to."""
        with contextlib.suppress(OSError):
            os.write(self._mine, BYE)
        os.close(self._mine)
        os.close(self.status)
        self._process.wait()
