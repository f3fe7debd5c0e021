"""The engine's end of the cues: hands them to the player process, a process of its own, and never waits for it.

Rules:
- `cry` writes one line to a pipe that does not block, and raises nothing. A player process that does not read loses
  cues; one that is gone is said once. No player is started, waited for or killed in this process.
- The player process has its own session without a terminal, and ends with the pipe: also when this process is killed.
- `told` is called from a thread.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from runback import child_processes
from runback.cues import protocol
from runback.cues.protocol import NO_SOUND, PLAYS, TROUBLE
from runback.cues.settings import CueSettings
from runback.ipc.line_decoder import LineDecoder
from runback.ipc.threaded_pipes import PipeReader
from runback.session.model import Cue

LOUDSPEAKER = tuple(child_processes.module("runback.cues.player_process"))
FINISH_WITHIN = 1.5
"""Seconds that the end of a session waits for its last tone."""
GONE_WITHIN = 1.0
"""Seconds that a player process takes at most to be gone, once it should be."""


class CueClient:
    """Cries cues. `clock` is theirs; `told` gets one plain line for each thing that cannot be heard; `environment` is
    the player process's (None: ours), `command` what is started as one."""

    def __init__(
        self,
        settings: CueSettings,
        *,
        clock: Callable[[], float],
        told: Callable[[str], object],
        environment: Mapping[str, str] | None = None,
        command: Sequence[str] = LOUDSPEAKER,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._told = told
        self._environment = environment
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe = -1
        self._lines = LineDecoder()
        self._reader: PipeReader | None = None
        self._said: set[str] = set()
        self._closing = False
        self.plays: tuple[str, ...] = ()
        """The players in use."""
        self.known = threading.Event()
        """Set once it is known whether there is sound."""

    @property
    def pid(self) -> int | None:
        """The player process's process."""
        return None if self._process is None else self._process.pid

    def begin(self) -> None:
        """Start the player process; before the belt is controlled, as it takes some milliseconds."""
        if not hasattr(os, "set_blocking"):  # Windows before Python 3.12: a pipe could hold us up
            self._silent()
            return
        its_end, mine = os.pipe()
        voice, its_voice = os.pipe()
        os.set_blocking(mine, False)
        try:
            self._process = subprocess.Popen(
                [*self._command, protocol.pack_settings(self._settings)],
                stdin=its_end,
                stdout=its_voice,
                stderr=subprocess.DEVNULL,
                env=child_processes.environment(self._environment),
                start_new_session=True,
            )
        except OSError:
            os.close(mine)
            os.close(voice)
            self._silent()
            return
        finally:
            os.close(its_end)
            os.close(its_voice)
        self._pipe = mine
        self._reader = PipeReader(voice, self._hear, name="runback cues")

    def cry(self, cues: Sequence[Cue]) -> None:
        """Let `cues`, said in one turn, be heard. Never waits, never raises."""
        if self._pipe < 0 or not cues:
            return
        line = protocol.pack(cues, time.monotonic() - self._clock())
        try:
            whole = os.write(self._pipe, line) == len(line)
        except BlockingIOError:
            return  # it does not read; these cues are lost
        except OSError:
            whole = False
        if not whole:
            self._hang_up()

    def close(self, within: float = FINISH_WITHIN) -> None:
        """Let what sounds come to its end, for `within` seconds at most; then there is silence."""
        self._closing = True
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            os.write(self._pipe, protocol.BYE)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(within)
        self._hang_up()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GONE_WITHIN)  # it kills its player, then ends
        if process.poll() is None:
            _kill(process)
        self.join(GONE_WITHIN)

    def join(self, within: float) -> None:
        """Wait up to `within` seconds for the player process's end to be heard."""
        if self._reader is not None:
            self._reader.join(within)

    def _hang_up(self) -> None:
        pipe, self._pipe = self._pipe, -1
        if pipe >= 0:
            os.close(pipe)

    def _hear(self, data: bytes) -> None:
        """In the reader's thread: what the player process tells, or (nothing) its end."""
        for line in self._lines.feed(data):
            word, _, rest = (line or b"").decode(errors="replace").strip().partition(" ")
            if word == PLAYS:
                self.plays = tuple(rest.split())
                self.known.set()
            elif word == TROUBLE and rest != NO_SOUND:
                self._say(rest)
            elif word == TROUBLE:
                data = b""  # nothing will be heard any more: as if it had ended
        if not data and not self._closing:
            self._silent()

    def _silent(self) -> None:
        self.plays = ()
        self._say(NO_SOUND)
        self.known.set()

    def _say(self, line: str) -> None:
        if line not in self._said:
            self._said.add(line)
            self._told(line)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(GONE_WITHIN)
