"""The keyboard, where the screen has it: the engine gets its Stop back over a pipe of its own.

Rules:
- The screen reads the keys. The thread that reads them there, not its loop, judges each by the same table and writes
  one byte for a Stop, so a blocked, busy or flooded loop delays nothing. What holds that whole process (its
  interpreter's lock, a freeze, its death) does: then the beats stop, and with them the belt, within a second.
- A thread of its own hears that byte here. Nothing stands in that pipe but Stops.
- While there is no screen, the engine reads the bare terminal, in a thread, a few times a second; so a key that is
  meant for the next screen is not taken from it.

This is for systems where a terminal cannot be taken from the screen (Windows), and for whoever asks for it. Where it
can, `terminal` is better: it needs nothing of the screen.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import select
import sys
import threading
import time
from collections.abc import Callable

from runback.ipc.pipe_pair import ThreadedPair
from runback.ipc.screen_channel import ScreenChannel
from runback.ipc.threaded_pipes import PipeReader, into
from runback.terminal.key_parser import KeyParser, TokenKind, key_name
from runback.terminal.screen_process import ScreenHandles

if sys.platform == "win32":
    from runback.windows import console

LOOK_EVERY = 0.05
"""Seconds between two looks at the bare terminal."""
READ = 1 << 12


class ScreenKeyboard:
    """Hears the Stops of a screen that has the keyboard: `pressed` is told its words (`keys.word_for`). Without one,
    `takes` is told each key by name, and `gone` of the terminal's end."""

    lends = True

    def __init__(
        self, pressed: Callable[[bytes], None], takes: Callable[[str], bool], gone: Callable[[str], None]
    ) -> None:
        self._pressed = pressed
        self._takes = takes
        self._gone = gone
        self._listener: PipeReader | None = None
        self._its_end = -1
        self._bare: FallbackKeyReader | None = None

    def channel(self) -> ScreenChannel:
        """The pipes to a screen: no loop need watch them."""
        return ScreenChannel(ThreadedPair)

    def handles(self) -> ScreenHandles:
        """What the next screen needs."""
        self._close_bare()
        self._forget()
        loop = asyncio.get_running_loop()
        reads, self._its_end = os.pipe()
        listener = PipeReader(reads, lambda words: into(loop, lambda: self._hear(listener, words)), name="runback Stop")
        self._listener = listener
        return ScreenHandles(named={"stop-fd": self._its_end})

    def lent(self) -> None:
        """The screen has it."""
        os.close(self._its_end)

    def returned(self) -> None:
        """There is no screen any more."""
        self._close_bare()
        self._bare = FallbackKeyReader(self._takes, self._gone)

    def close(self) -> None:
        """Hear and read nothing more."""
        self._close_bare()
        self._forget()

    def _hear(self, listener: PipeReader, words: bytes) -> None:
        if words and listener is self._listener:
            self._pressed(words)

    def _forget(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def _close_bare(self) -> None:
        if self._bare is not None:
            self._bare.close()
            self._bare = None


class FallbackKeyReader:
    """Reads keys from standard input, as far as the system lets it: without Enter and without echo."""

    def __init__(self, takes: Callable[[str], bool], gone: Callable[[str], None]) -> None:
        self._takes = takes
        self._gone = gone
        self._keyboard = KeyParser()
        self._loop = asyncio.get_running_loop()
        self._over = threading.Event()
        read_each_key()
        threading.Thread(target=self._run, name="runback bare keys", daemon=True).start()

    def close(self) -> None:
        """Read nothing more."""
        self._over.set()

    def _run(self) -> None:
        while not self._over.is_set():
            waiting = waits_for_key(LOOK_EVERY)
            if self._over.is_set():
                return
            data = typed() if waiting else None
            into(self._loop, functools.partial(self._take, data))
            if data == b"":
                return

    def _take(self, data: bytes | None) -> None:
        if self._over.is_set():
            return
        if data == b"":
            self._gone("the terminal is gone")
            return
        now = time.monotonic()  # an Esc waits in real time
        tokens = self._keyboard.expire(now) if data is None else self._keyboard.feed(data, now)
        for token in tokens:
            if token.sort is TokenKind.KEY:
                self._takes(key_name(token.octets))


def waits_for_key(within: float) -> bool:
    """Whether something has been typed, `within` seconds."""
    if sys.platform == "win32":
        return console.waits_for_key(within)
    return bool(select.select([sys.stdin.fileno()], [], [], within)[0])


def typed() -> bytes:
    """What has been typed; `b""` at the terminal's end."""
    if sys.platform == "win32":
        return console.typed()
    try:
        return os.read(sys.stdin.fileno(), READ)
    except OSError:
        return b""


def read_each_key() -> None:
    """Every key at once, and unseen. A terminal that has been closed has no modes: its end is read next."""
    try:
        import termios

        from runback.terminal.terminal import make_raw
    except ImportError:  # Windows: it is read so, key by key
        return
    with contextlib.suppress(termios.error):
        make_raw(sys.stdin.fileno())
