"""Signal handlers that a library leaves behind.

An app of Textual's catches the terminal's signals, and goes on doing so after it has ended: at the next SIGCONT, which
also comes when a window is closed, it would take the keyboard back, in front of an engine whose belt moves.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator

_OF_A_TERMINAL = ("SIGTSTP", "SIGCONT", "SIGWINCH", "SIGTTOU", "SIGTTIN", "SIGINT")


@contextlib.contextmanager
def handlers_restored() -> Iterator[None]:
    """Afterwards the terminal's signals are handled as before, whatever was installed within."""
    names = [name for name in _OF_A_TERMINAL if hasattr(signal, name)]  # Windows has few of them
    before = {name: signal.getsignal(getattr(signal, name)) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), signal.SIG_DFL if handler is None else handler)
