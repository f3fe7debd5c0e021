"""What a screen that has the keyboard judges its keys by, in the thread that reads them: no loop, no Textual.

Rules:
- A Stop is written to its own pipe where the key was read, by the table and the newest snapshot that has been read.
- Nothing here raises.
"""

from __future__ import annotations

import os

from runback.ipc.messages import Snapshot
from runback.key_bindings import DEFAULT_KEYMAP, STOP, Keymap, stop_pipe_byte


class StopKeys:
    """What the input thread knows. Each attribute is one reference, put in place whole by the one thread that knows:
    `snapshot` by the one that reads the engine's pipe, `typing` (the palette is open) by the loop. `fd` is the pipe,
    `keymap` the person's."""

    def __init__(self, fd: int, keymap: Keymap = DEFAULT_KEYMAP) -> None:
        self.snapshot: Snapshot | None = None
        self.typing = False
        self._fd = fd
        self._keymap = keymap

    def show(self, snapshot: Snapshot) -> None:
        """Judge by this from now on."""
        self.snapshot = snapshot

    def press(self, key: str, character: str | None) -> bool:
        """Whether the key is Stop, and the engine has been told."""
        word = stop_pipe_byte(key, character, self.snapshot, typing=self.typing, keymap=self._keymap)
        if not word:
            return False
        try:
            os.write(self._fd, word)
        except OSError:  # the engine is gone: what the key means now, the loop knows
            return False
        return word == STOP
