"""Burdens for an unmodified screen, put on it from outside: this folder stands on PYTHONPATH, and in the process that
runs `runback.tui`, or the script that BURDENED names, signals mean:

    SIGUSR1   60 widgets that change ten times a second, each by its own timer, stand in front
    SIGUSR2   the screen's loop is blocked: `time.sleep`
    SIGRTMIN  one call into C that keeps the interpreter's lock

In every other process nothing happens.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time

WIDGETS = 60
EVERY = 0.1
LINES = 8
ROWS = 30
"""Lines of styled text in each, and rows of the terminal that all of them fill: more than one loop keeps up with."""
BLOCKED = 0.4
"""Seconds; less than the keeper's patience with its screen (`keeper.screen.BEAT_WITHIN`)."""
CALL = 33_000_000
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
    time.sleep(BLOCKED)


def _hold(_: int, __: object) -> None:
    sum(range(CALL))


if "runback.tui" in sys.orig_argv or sys.orig_argv[1:2] == [os.environ.get("BURDENED")]:
    signal.signal(signal.SIGUSR1, _burden)
    signal.signal(signal.SIGUSR2, _block)
    signal.signal(signal.SIGRTMIN, _hold)
