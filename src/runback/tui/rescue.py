"""What the screen does once the keeper is gone: it shows the alarm, and how the sentinel's rescue goes.

Rules:
- The sentinel stops the belt whether or not anybody shows it (`cli.sentinel`); the screen only tells.
- Nobody reads the keyboard any more, so the screen leaves by itself: `LINGER` seconds after the sentinel has said its
  last word, or at once told that there is none.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable

LINGER = 5.0
NOBODY = "The program was killed, and its simulated treadmill with it."


async def watch_rescue(status_fd: int | None, said: Callable[[str], None]) -> str:
    """Tell `said` each line the sentinel says on `status_fd` (None: a simulated treadmill needs none); returns the
    last, for the person."""
    last = NOBODY
    if status_fd is not None:
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        with os.fdopen(status_fd, "rb", buffering=0) as pipe:
            transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, pipe)
            async for line in reader:
                last = line.decode(errors="replace").strip()
                said(last)
            transport.close()
    said(last)
    await asyncio.sleep(LINGER)
    return last


def make_usable(fd: int) -> None:
    """Undo the keeper's raw mode on the terminal behind `fd`: whoever types next wants to see it."""
    with contextlib.suppress(ImportError):
        import signal
        import termios

        with contextlib.suppress(termios.error, OSError):
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # the shell may have the terminal already
            attributes = termios.tcgetattr(fd)
            attributes[0] |= termios.BRKINT | termios.ICRNL | termios.IXON
            attributes[3] |= termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG
            termios.tcsetattr(fd, termios.TCSADRAIN, attributes)
