"""Stop, in the thread that reads the keyboard: for a screen that has it (`engine.keyboard_lent`).

Rules:
- Each key is judged where it is read, before Textual's loop has it, by the same table as everywhere (`keys.word_for`),
  with the newest snapshot that has been read, and a Stop is written to its own pipe right there.
- A Stop is then not a key any more; the loop is told that there was one when it has time.
- A mouse that only moves is nobody's business: thousands of such reports a second would drown the loop, which nothing
  drops any of, as a pseudo-terminal would.
- Nothing here raises: an error would end the thread, on Windows without anybody noticing.
- A thread that has ended is the end of the screen: nobody could stop the belt any more.
"""

from __future__ import annotations

import sys
import threading
from typing import ClassVar

from textual import events
from textual.driver import Driver
from textual.message import Message

from runback.tui.cockpit.stop_keys import StopKeys

INPUT_THREAD = "textual-input"
"""As Textual's drivers name theirs."""


class StopPressed(Message):
    """The input thread has had a Stop key, and has told the engine."""


class StopKeysDriver(Driver):
    """Mixed in before a driver of Textual's: what that driver's input thread hands on passes here first."""

    stop_keys: ClassVar[StopKeys]

    def process_message(self, message: Message) -> None:
        """In the input thread."""
        if isinstance(message, events.MouseMove):
            return
        if isinstance(message, events.Key) and self.stop_keys.press(message.key, message.character):
            message = StopPressed()
        super().process_message(message)


def with_stop_keys(driver: type[Driver], keys: StopKeys) -> type[Driver]:
    """`driver`, with `keys` in its input thread."""
    return type("StopKeys" + driver.__name__, (StopKeysDriver, driver), {"stop_keys": keys})


def platform_driver() -> type[Driver]:
    """Textual's own for this system."""
    if sys.platform == "win32":
        from textual.drivers.windows_driver import WindowsDriver

        return WindowsDriver
    from textual.drivers.linux_driver import LinuxDriver

    return LinuxDriver


def keyboard_is_read() -> bool:
    """Whether the input thread lives."""
    return any(thread.name == INPUT_THREAD for thread in threading.enumerate())
