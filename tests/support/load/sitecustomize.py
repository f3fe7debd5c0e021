"""Burdens for a process of the unmodified program, put on it from outside: this folder stands on PYTHONPATH, and

    SIGUSR1   blocks the main thread, and with it the loop: `time.sleep`
    SIGUSR2   is one call into C that keeps the interpreter's lock
    SIGRTMIN  puts 60 widgets that change ten times a second, each by its own timer, in front of a screen

The first two take BURDEN_SECONDS (5 if unset). With BURDEN_ELSEWHERE set it lives on another system (`without_pty`),
with BURDEN_OLD_WINDOWS on one whose pipes cannot be kept from blocking. BURDEN_DIES names a module: a process that runs
it ends as it comes up; BURDEN_HANGS the same: it hangs there, as long as its parent lives.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import sys
import time

WIDGETS = 60
EVERY = 0.1
LINES = 8
ROWS = 30
"""Lines of styled text in each, and rows of the terminal that all of them fill: more than one loop keeps up with."""
SECONDS = float(os.environ.get("BURDEN_SECONDS", "5"))
HELD = int(SECONDS * 80_000_000)
"""Numbers that `sum` adds without letting go of the lock: about as long."""


def _burden(_: int, __: object) -> None:
    from textual.app import App
    from textual.containers import Grid
    from textual.widgets import Static

    class Changing(Static):
        """Changes by itself, as a widget does that shows something live, and not in step with the others."""

        count = 0

        def __init__(self, number: int) -> None:
            super().__init__("0")
            self.styles.border = ("round", "white")
            self._first = number * EVERY / WIDGETS

        def on_mount(self) -> None:
            self.set_timer(self._first, lambda: self.set_interval(EVERY, self.change))

        def change(self) -> None:
            self.count += 1
            lines = (
                f"[b]{self.count:06}[/b] [reverse]{'▁▂▃▄▅▆▇█'[(self.count + line) % 8]}[/reverse]" for line in range(3)
            )
            self.update("\n".join(lines))

    app = next(each for each in gc.get_objects() if isinstance(each, App))
    grid = Grid(*(Changing(number) for number in range(WIDGETS)))
    grid.styles.grid_size_columns = 6
    grid.styles.height = ROWS
    grid.styles.dock = "bottom"
    app.call_later(app.screen_stack[0].mount, grid)


def _block(_: int, __: object) -> None:
    time.sleep(SECONDS)


def _hold(_: int, __: object) -> None:
    sum(range(HELD))


if os.environ.get("BURDEN_DIES") in sys.orig_argv:
    os._exit(1)
if os.environ.get("BURDEN_HANGS") in sys.orig_argv:
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.05)
    os._exit(1)
if "BURDEN_OLD_WINDOWS" in os.environ:
    del os.set_blocking
if "BURDEN_ELSEWHERE" in os.environ:
    importlib.import_module("without_pty")  # stands beside this file, which its folder being on the path shows
signal.signal(signal.SIGUSR1, _block)
signal.signal(signal.SIGUSR2, _hold)
signal.signal(signal.SIGRTMIN, _burden)
