"""What outlives the engine: a sentinel process that stops the belt, and a mark on disk for whoever comes later.

Rules:
- The sentinel (`cli.sentinel`) hears the engine's loop beat, and with each beat whether a belt may be moving. Silence
  while one may, or the pipe's end, makes it take over the link and stop. So it covers what no thread of this process
  could: a kill, a crash, a frozen process, and code that holds the interpreter.
- The word that a belt may be moving leaves before the first byte that may move it, and the mark is on disk before
  that. So does what is known of the treadmill: its name may be another once it is connected (bluez.md 13).
- A sentinel counts once it has been heard: it says so when all is imported that a rescue needs. Until then `missing`
  says what is not there, and no belt is started (`start_condition`).
- A sentinel that has died is replaced, a few times; what cannot be watched over is said (`failed`), not hidden.
- Only real treadmills need one: a simulated belt dies with this process.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import subprocess
from collections.abc import Callable

from runback import child_processes
from runback.failsafe.moving_marker import MovingMarker
from runback.failsafe.safeguard import LOOK, Missing
from runback.ipc.threaded_pipes import PipeReader, PopenOptions, detached, pass_handles
from runback.link.remembered import Remembered

BYE = b"b"
MOVING = b"m"
RESTING = b"r"
"""The words the sentinel understands: the engine ends as it meant to; its belt may be moving; its belt rests."""

HERE = b"h"
"""The sentinel's own word: it has everything it needs, and listens."""
MACHINE, END = b"\x01", b"\x04"
"""Between these two: what is known of the treadmill, as JSON in ASCII."""
ATOMIC = 4096
"""Bytes that are written to a pipe as a whole or not at all (PIPE_BUF)."""
REPLACEMENTS = 3
BURY_WITHIN = 5.0
SENTINEL = "runback.cli.sentinel"

GUARD = "the process that stops the belt if runback dies"
NOT_YET = Missing(f"{GUARD} is not ready")
LOST = Missing(f"{GUARD} keeps dying", LOOK, comes=False)
NOBODY = "nothing stops the belt if runback dies: that takes Python 3.12 or newer here"
UNGUARDED = Missing(NOBODY, "leave with q, then begin again and confirm it", comes=False)
REPLACED = f"{GUARD} had died; another one was started"


def can_be_guarded() -> bool:
    """Whether this system can have a sentinel. Not Windows before Python 3.12: the pipe to it could hold us up."""
    return hasattr(os, "set_blocking")


class DeadMansSwitch:
    """The dead man's switch of one session on `mark`'s treadmill. `possible`: this system can have a sentinel."""

    def __init__(
        self, mark: MovingMarker, treadmill: str, profile: str | None = None, *, possible: bool | None = None
    ) -> None:
        self.mark = mark
        self.possible = can_be_guarded() if possible is None else possible
        self.changed: Callable[[], None] = lambda: None
        """Called, from any thread, when `missing` may have changed."""
        self.told: Callable[[str], None] = lambda _: None
        """Told, by the loop, what has become of a sentinel."""
        self.confirmed = False
        """Whether the person has said to go on without one, where there can be none."""
        self._named = [f"--treadmill={treadmill}", *([] if profile is None else [f"--profile={profile}"])]
        self._process: subprocess.Popen[bytes] | None = None
        self._dead: list[subprocess.Popen[bytes]] = []
        self._ear: PipeReader | None = None
        self._heard = False
        self._mine = self.status = -1
        self._left = REPLACEMENTS
        self._machine = self._told = Remembered()
        """What is known of the treadmill, and what of that the sentinel has been told."""
        self._wanted = self._lost = False

    @property
    def naming(self) -> list[str]:
        """The options that say which treadmill it is, to whoever has to stop it in another process."""
        return self._named

    @property
    def failed(self) -> str | None:
        """What did not hold in this session, although it went on."""
        if self.mark.failed is not None:
            return f"the mark that a belt may be moving could not be saved: {self.mark.failed}"
        return LOST.what if self._lost else None

    def missing(self) -> Missing | None:
        """What keeps a belt from being started now; None if the sentinel is there and has been heard, or there can be
        none and the person has confirmed that."""
        if not self.possible:
            return None if self.confirmed else UNGUARDED
        if self._lost:
            return LOST
        alive = self._process is not None and self._process.poll() is None
        return None if alive and self._heard else NOT_YET

    def begin(self) -> None:
        """Start the sentinel. `status` then tells how a rescue goes, for the screen. Never raises: one that cannot be
        started is one that has died, and the next beat tries again."""
        if not self.possible:
            return
        self._wanted, self._heard = True, False
        ends: list[int] = []
        try:
            for _ in range(3):
                ends += os.pipe()
            self._start(ends)
        except (OSError, RuntimeError):  # no descriptor, process, memory or thread left
            for end in ends:
                os.close(end)
            self._mine = self.status = -1
            self._let_go()

    def _start(self, ends: list[int]) -> None:
        """`ends` are three pipes: to it, from it to the screen, from it to us. They are closed by the caller if this
        raises."""
        its_end, self._mine, self.status, its_status, ear, its_voice = ends
        os.set_blocking(self._mine, False)
        (engine, status, voice), handing = pass_handles(its_end, its_status, its_voice)
        how: PopenOptions = {**handing, **detached()}
        self._process = subprocess.Popen(
            child_processes.module(
                SENTINEL, f"--engine-fd={engine}", f"--status-fd={status}", f"--ready-fd={voice}", *self._named
            ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=child_processes.environment(),
            **how,
        )
        process = self._process
        self._ear = PipeReader(ear, lambda word: self._hear(process, word), name="runback sentinel's word")
        for end in (its_end, its_status, its_voice):
            os.close(end)

    def _hear(self, process: subprocess.Popen[bytes], word: bytes) -> None:
        """In the listener's thread: the sentinel is ready, or (nothing) gone."""
        # One that has been replaced may still say something: it speaks for nobody any more.
        if process is self._process:
            self._heard = HERE in word
            self.changed()

    def may_move(self, machine: Remembered | None = None) -> None:
        """Bytes that may move the belt of `machine` are about to be written."""
        self._machine = machine or self._machine
        self.mark.set(self._machine)
        self.beat(moving=True)

    def beat(self, *, moving: bool) -> None:
        """The loop turns. Never blocks, never raises."""
        if self._dead:
            self._reap()
        # It could not be started, or has died: each beat of the loop tries again, until `REPLACEMENTS` are used up.
        if self._process is None:
            if self._wanted and not self._lost:
                self._replace(moving=moving)
            return
        # One write, so that the sentinel never has the word without knowing which treadmill it is of.
        words = b"" if self._told == self._machine else framed(self._machine)
        try:
            os.write(self._mine, words + (MOVING if moving else RESTING))
            self._told = self._machine
        except BlockingIOError:
            pass  # it does not read: frozen, but there
        except OSError as error:
            if error.errno != errno.ENOSPC:  # which is how Windows says the same
                self._replace(moving=moving)

    def dismiss(self, *, at_rest: bool, machine: Remembered | None = None) -> None:
        """This process ends as it meant to, with the belt of `machine` measured `at_rest` or not."""
        self._wanted = False
        # Only what was measured: a mark that is taken away too soon leaves a belt that nobody will look for.
        if at_rest:
            self.mark.clear(machine or self._machine)
        if self._process is not None:
            try:
                os.write(self._mine, BYE)
            except BlockingIOError:
                # It has not read for so long that the pipe is full. At the pipe's end it would take this for a death,
                # and go for a treadmill that nobody uses any more.
                self._process.kill()
            except OSError:
                pass  # it has ended already
            self._let_go()
        for process in self._dead:
            with contextlib.suppress(subprocess.TimeoutExpired):  # in the midst of a rescue, which it ends by itself
                process.wait(BURY_WITHIN)

    def _replace(self, *, moving: bool) -> None:
        self._let_go()
        self._lost = self._left == 0
        if not self._lost:
            self._left -= 1
            self._told = Remembered()
            self.begin()
            self.beat(moving=moving)
        self.told(LOST.what if self._lost else REPLACED)
        self.changed()

    def _let_go(self) -> None:
        process, self._process = self._process, None
        if self._ear is not None:
            self._ear.close()
            self._ear = None
        for fd in (self._mine, self.status):
            if fd >= 0:
                os.close(fd)
        self._mine = self.status = -1
        if process is not None:
            self._dead.append(process)
        self._reap()

    def _reap(self) -> None:
        """Those that have ended need not be waited for; the loop waits for none."""
        self._dead = [each for each in self._dead if each.poll() is None]


def framed(machine: Remembered) -> bytes:
    """What is known of `machine`, for the sentinel: as many of its names as go into one write."""
    names = list(machine.names)
    while True:
        known = {"address": machine.address, "advertised": machine.advertised, "names": names}
        data = MACHINE + json.dumps(known).encode("ascii") + END
        if len(data) < ATOMIC or not names:
            return data if len(data) < ATOMIC else b""
        names.pop()
