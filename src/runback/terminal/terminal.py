"""The terminal, owned by the engine: it reads every key before the screen does.

Rules:
- The engine reads the terminal itself, in raw mode, and hands what it does not take to the screen through an inner
  pseudo-terminal. So a busy, hung or dead screen cannot delay Stop (latency.md: 0.6-0.9 ms whatever the screen does).
- What the screen does not read is dropped once the inner terminal is full; nothing waits for it.
- The end of the terminal is the end of the person: Stop.
- Output is not touched: the screen draws on the terminal directly.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import pty
import signal
import sys
import termios
import tty
from collections.abc import Callable

from runback.ipc.pipe_pair import WatchedPair
from runback.ipc.screen_channel import ScreenChannel
from runback.terminal.key_parser import KeyParser, TokenKind, key_name
from runback.terminal.screen_process import ScreenHandles

READ = 1 << 12


class Terminal:
    """Reads the terminal behind standard input. `takes` is asked for each key, by name, whether it is taken (and has
    then acted on it); `gone` hears of the terminal's end. `speedup` is the clock's: Esc waits in real time."""

    lends = False

    def __init__(self, takes: Callable[[str], bool], gone: Callable[[str], None], *, speedup: float = 1.0) -> None:
        self._takes = takes
        self._gone = gone
        self._speedup = speedup
        self._keyboard = KeyParser()
        self._fd = sys.stdin.fileno()
        self._timer: asyncio.TimerHandle | None = None
        self.master, self.inner = pty.openpty()
        """`inner` is the standard input of every screen there will be. The screen holds `master` too, so that its
        input does not break off when the engine dies."""
        os.set_blocking(self.master, False)
        self._resize()
        make_raw(self._fd)
        loop = asyncio.get_running_loop()
        loop.add_reader(self._fd, self._on_readable)
        loop.add_signal_handler(signal.SIGWINCH, self._resize)

    def close(self) -> None:
        """Stop reading. The terminal's modes are `terminal_kept`'s business."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._fd)
        loop.remove_signal_handler(signal.SIGWINCH)
        if self._timer is not None:
            self._timer.cancel()
        os.close(self.master)
        os.close(self.inner)

    def channel(self) -> ScreenChannel:
        """The pipes to a screen."""
        return ScreenChannel(WatchedPair)

    def handles(self) -> ScreenHandles:
        """What the next screen needs. What an earlier one has left unread is nobody's."""
        termios.tcflush(self.inner, termios.TCIFLUSH)
        return ScreenHandles(self.inner, held=[self.master])

    def lent(self) -> None:
        """The keyboard is never lent."""

    def returned(self) -> None:
        """Nor does it ever come back."""

    def _on_readable(self) -> None:
        try:
            data = os.read(self._fd, READ)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(self._fd)
            self._gone("the terminal is gone")
            return
        if self._keyboard.is_key(data):  # straight on: it may be Stop
            self._pass(TokenKind.KEY, data)
            return
        now = self._now()
        for token in self._keyboard.feed(data, now):
            self._pass(token.sort, token.octets)
        self._wait(now)

    def _expire(self) -> None:
        for token in self._keyboard.expire(self._now() + 1e-6):
            self._pass(token.sort, token.octets)

    def _wait(self, now: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        at = self._keyboard.deadline()
        if at is not None:
            wait = max(0.0, at - now) * self._speedup
            self._timer = asyncio.get_running_loop().call_later(wait, self._expire)

    def _pass(self, sort: TokenKind, octets: bytes) -> None:
        if sort is TokenKind.KEY and self._takes(key_name(octets)):
            return
        with contextlib.suppress(OSError):  # full: the screen hangs, and nobody waits for it
            os.write(self.master, octets)

    def _resize(self) -> None:
        with contextlib.suppress(OSError):
            size = fcntl.ioctl(self._fd, termios.TIOCGWINSZ, bytes(8))
            fcntl.ioctl(self.master, termios.TIOCSWINSZ, size)

    def _now(self) -> float:
        return asyncio.get_running_loop().time() / self._speedup


def make_raw(fd: int) -> None:
    """Every byte at once, unchanged, and no signal made of it; output stays as it was."""
    attributes = termios.tcgetattr(fd)
    attributes[tty.IFLAG] &= ~(
        termios.BRKINT | termios.ICRNL | termios.INPCK | termios.ISTRIP | termios.IXON | termios.IXOFF
    )
    attributes[tty.LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    attributes[tty.CC][termios.VMIN] = 1
    attributes[tty.CC][termios.VTIME] = 0
    termios.tcsetattr(fd, termios.TCSANOW, attributes)
