"""Burdens for an unmodified screen, put on it from outside: this folder stands on PYTHONPATH, and in the process that
runs `runback.tui`, or the script that BURDENED names, signals mean:

    SIGUSR1   60 widgets that change ten times a second stand in front
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
BLOCKED = 0.4
"""Seconds; less than the keeper's patience with its screen (`keeper.screen.BEAT_WITHIN`)."""
CALL = 33_000_000
"""Numbers that `sum` adds without letting go of the lock: about as long."""


def _burden(_: int, __: object) -> None:
    from textual.app import App
    from textual.containers import Grid
    from textual.widgets import Static

    app = next(each for each in gc.get_objects() if isinstance(each, App))
    statics = [Static("0") for _ in range(WIDGETS)]
    grid = Grid(*statics)
    grid.styles.grid_size_columns = 6
    grid.styles.height = WIDGETS // 6
    grid.styles.dock = "bottom"
    count = 0

    def change() -> None:
        nonlocal count
        count += 1
        for number, static in enumerate(statics):
            static.update(f"{number:02} {count:08}")

    def mount() -> None:
        app.screen_stack[0].mount(grid)
        app.set_interval(EVERY, change)

    app.call_later(mount)


def _block(_: int, __: object) -> None:
    time.sleep(BLOCKED)


def _hold(_: int, __: object) -> None:
    sum(range(CALL))


if "runback.tui" in sys.orig_argv or sys.orig_argv[1:2] == [os.environ.get("BURDENED")]:
    signal.signal(signal.SIGUSR1, _burden)
    signal.signal(signal.SIGUSR2, _block)
    signal.signal(signal.SIGRTMIN, _hold)
