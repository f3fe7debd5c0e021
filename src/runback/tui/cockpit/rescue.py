"""What the screen does about a engine that hangs or is gone: it shows the alarm, and how stopping the belt goes.

Rules:
- The sentinel stops the belt whether or not anybody shows it (`cli.sentinel`); the screen tells what it says.
- A sentinel that ended without having seen the belt at rest has died too: then the screen starts a fresh process that
  takes over the link and stops (`runback stop`), again and again.
- Nobody reads the keyboard any more, so the screen leaves by itself, `LINGER` seconds after the last word.
"""

from __future__ import annotations

import asyncio
import contextlib
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections.abc import Callable

from runback import child_processes
from runback.ipc.line_decoder import LineDecoder
from runback.ipc.messages import RESCUED
from runback.ipc.threaded_pipes import PipeReader

LINGER = 5.0
TRIES = 60
AGAIN_AFTER = 1.0
NOBODY = "The program was killed, and its simulated treadmill with it."

Said = Callable[[str], None]


class Rescue:
    """The rescue as the screen sees it. `status_fd` is where the sentinel tells how it goes; `treadmill` is the real
    one, and `profile` what the person says it is; None for a simulated treadmill, which dies with its engine."""

    def __init__(self, status_fd: int | None, treadmill: str | None, profile: str | None = None) -> None:
        self._status_fd = status_fd
        self._treadmill = treadmill
        self._profile = [] if profile is None else ["--profile", profile]
        self._last = NOBODY

    async def watch(self, said: Said) -> None:
        """Tell `said` each line of the sentinel, until that ends."""
        if self._status_fd is None:
            return
        self._last = ""
        loop, heard, lines = asyncio.get_running_loop(), asyncio.Queue[bytes](), LineDecoder()

        def hear(data: bytes) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(heard.put_nowait, data)

        PipeReader(self._status_fd, hear, name="runback sentinel's word")
        while data := await heard.get():
            for line in lines.feed(data):
                self._tell(said, line or b"")

    async def finish(self, said: Said) -> str:
        """The engine is gone and the sentinel has ended: see to it that the belt is at rest; returns the last line."""
        if self._treadmill is not None:
            for _ in range(TRIES):
                if self._last == RESCUED:
                    break
                await self._stop(self._treadmill, said)
        said(self._last)
        await asyncio.sleep(LINGER)
        return self._last

    async def _stop(self, treadmill: str, said: Said) -> None:
        said("Stopping the belt from a fresh process …")
        process = await asyncio.create_subprocess_exec(
            *child_processes.module("runback", "stop", "--treadmill", treadmill, *self._profile),
            env=child_processes.environment(),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
        )
        if process.stdout is not None:
            async for line in process.stdout:
                self._tell(said, line)
        if await process.wait() == 0:
            self._last = RESCUED
        else:
            await asyncio.sleep(AGAIN_AFTER)

    def _tell(self, said: Said, line: bytes) -> None:
        self._last = line.decode(errors="replace").strip()
        said(self._last)


def make_usable(fd: int) -> None:
    """Undo the engine's raw mode on the terminal behind `fd`: whoever types next wants to see it."""
    with contextlib.suppress(ImportError):
        import signal
        import termios

        with contextlib.suppress(termios.error, OSError):
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # the shell may have the terminal already
            attributes = termios.tcgetattr(fd)
            attributes[0] |= termios.BRKINT | termios.ICRNL | termios.IXON
            attributes[3] |= termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG
            termios.tcsetattr(fd, termios.TCSANOW, attributes)
