"""The keys of a screen without Textual: standard input, read by a thread.

Rules:
- Each key is judged where it is read (`StopKeys`), if this screen has the keyboard: a busy loop delays no Stop.
- The loop hears each key with the time at which it was read. An old key is no fresh word.
- A thread that has ended is the end of the screen: nobody could stop the belt any more.
"""

from __future__ import annotations

import asyncio
import functools
import threading
import time
from collections.abc import Callable

from runback.terminal.key_parser import KeyParser, Token, TokenKind, key_name
from runback.terminal.screen_keyboard import LOOK_EVERY, read_each_key, typed, waits_for_key
from runback.tui.cockpit.stop_keys import StopKeys


class KeyReader:
    """Reads until `close`, or the input's end, of which `gone` is told. `pressed` is told a key's name and when it was
    read, in seconds of `time.monotonic`. With `stop_keys`, a Stop has been sent by then and is not told."""

    def __init__(
        self,
        pressed: Callable[[str, float], None],
        gone: Callable[[], None],
        *,
        stop_keys: StopKeys | None,
    ) -> None:
        self._pressed = pressed
        self._gone = gone
        self._stop_keys = stop_keys
        self._parser = KeyParser()
        self._loop = asyncio.get_running_loop()
        self._over = threading.Event()
        read_each_key()
        self._thread = threading.Thread(target=self._run, name="runback plain keys", daemon=True)
        self._thread.start()

    @property
    def reads(self) -> bool:
        """Whether keys are read."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Tell nothing more."""
        self._over.set()

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                data = typed() if waits_for_key(LOOK_EVERY) else None
            except OSError:  # the terminal is gone while it was waited for
                data = b""
            now = time.monotonic()
            if data == b"":
                self._tell(self._gone)
                return
            for token in self._parser.expire(now) if data is None else self._parser.feed(data, now):
                self._take(token, now)

    def _take(self, token: Token, now: float) -> None:
        if token.sort is not TokenKind.KEY:
            return
        key = key_name(token.octets)
        if self._stop_keys is None or not self._stop_keys.press(key, key if len(key) == 1 else None):
            self._tell(functools.partial(self._pressed, key, now))

    def _tell(self, act: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(act)
        except RuntimeError:  # the loop has ended
            self._over.set()
