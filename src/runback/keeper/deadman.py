"""What outlives the keeper: a sentinel process that stops the belt, and a mark on disk for whoever comes later.

Rules:
- The sentinel (`cli.sentinel`) hears the keeper's loop beat, and with each beat whether a belt may be moving. Silence
  while one may, or the pipe's end, makes it take over the link and stop. So it covers what no thread of this process
  could: a kill, a crash, a frozen process, and code that holds the interpreter.
- The word that a belt may be moving leaves before the first octet that may move it, and the mark is on disk before
  that.
- A sentinel that has died is replaced, a few times; what cannot be watched over is said (`failed`), not hidden.
- Only real treadmills need one: a simulated belt dies with this process.
"""

from __future__ import annotations

import contextlib
import errno
import os
import subprocess
import sys

from runback.keeper.belt_mark import BeltMark
from runback.pipes import Handing, handed, outliving

BYE = b"b"
MOVING = b"m"
RESTING = b"r"
"""The words the sentinel understands: the keeper ends as it meant to; its belt may be moving; its belt rests."""

REPLACEMENTS = 3
BURY_WITHIN = 5.0


class DeadMan:
    """The dead man's switch of one session on `mark`'s treadmill."""

    def __init__(self, mark: BeltMark, treadmill: str, profile: str | None = None) -> None:
        self.mark = mark
        self._named = [f"--treadmill={treadmill}", *([] if profile is None else [f"--profile={profile}"])]
        self._process: subprocess.Popen[bytes] | None = None
        self._mine = self.status = -1
        self._left = REPLACEMENTS
        self._lost = self._unwatched = False

    @property
    def naming(self) -> list[str]:
        """The options that say which treadmill it is, to whoever has to stop it in another process."""
        return self._named

    @property
    def failed(self) -> str | None:
        """Why somebody who comes later may not know, or nobody would stop the belt should this process die."""
        if self.mark.failed is not None:
            return f"the mark that a belt may be moving could not be kept: {self.mark.failed}"
        if self._unwatched:
            return "nothing would stop the belt should this process die; on this system that takes Python 3.12 or newer"
        return "the process that would stop the belt should this one die has itself died" if self._lost else None

    def begin(self) -> None:
        """Start the sentinel. `status` then tells how a rescue goes, for the screen."""
        if not hasattr(os, "set_blocking"):  # Windows before Python 3.12: the pipe could hold us up
            self._unwatched = True
            return
        its_end, self._mine = os.pipe()
        self.status, its_status = os.pipe()
        os.set_blocking(self._mine, False)
        (keeper, status), handing = handed(its_end, its_status)
        how: Handing = {**handing, **outliving()}
        try:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "runback.cli.sentinel"),
                    *(f"--keeper-fd={keeper}", f"--status-fd={status}", *self._named),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                **how,
            )
        finally:
            os.close(its_end)
            os.close(its_status)

    def touch(self) -> None:
        """Octets that may move the belt are about to be written."""
        self.mark.set()
        self.beat(moving=True)

    def beat(self, *, moving: bool) -> None:
        """The loop turns. Never blocks, never raises."""
        if self._process is None:
            return
        try:
            os.write(self._mine, MOVING if moving else RESTING)
        except BlockingIOError:
            pass  # it does not read: frozen, but there
        except OSError as error:
            if error.errno != errno.ENOSPC:  # which is how Windows says the same
                self._replace(moving=moving)

    def dismiss(self, *, at_rest: bool) -> None:
        """This process ends as it meant to, with the belt `at_rest` or not."""
        if at_rest:
            self.mark.clear()
        if self._process is not None:
            with contextlib.suppress(OSError):
                os.write(self._mine, BYE)
            self._bury()

    def _replace(self, *, moving: bool) -> None:
        self._bury()
        self._lost = self._left == 0
        if not self._lost:
            self._left -= 1
            self.begin()
            self.beat(moving=moving)

    def _bury(self) -> None:
        process, self._process = self._process, None
        os.close(self._mine)
        os.close(self.status)
        if process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):  # in the midst of a rescue, which it ends by itself
                process.wait(BURY_WITHIN)
