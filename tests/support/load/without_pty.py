"""A system that lacks what Windows lacks, as far as Python shows it.

There is no termios, pty, fcntl, resource, pwd; no SIGHUP; no loop that watches pipes or signals. Of the engine's
children only the screen, which has Textual's driver of this system to keep, has it all.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

MISSING = frozenset({"termios", "tty", "pty", "fcntl", "resource", "pwd", "grp", "syslog", "readline"})
SCREEN = "runback.tui.cockpit"


class Nowhere:
    """Finds none of them."""

    @staticmethod
    def find_spec(
        name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As `importlib` asks."""
        if name in MISSING:
            raise ModuleNotFoundError(f"No module named {name!r} on this system", name=name)
        return None


def _not_here(*_: object) -> None:
    raise NotImplementedError


if SCREEN not in sys.orig_argv:
    for name in MISSING & sys.modules.keys():
        del sys.modules[name]
    sys.meta_path.insert(0, Nowhere)
    del signal.SIGHUP, os.killpg, os.fork, os.setsid
    for watches in ("reader", "writer", "signal_handler"):
        setattr(asyncio.SelectorEventLoop, f"add_{watches}", _not_here)
        setattr(asyncio.SelectorEventLoop, f"remove_{watches}", _not_here)
