"""`run` and `demo` on a screen."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from runback.cli.session_factory import RunOptions, conclude, unwrap_group
from runback.cli.settings_source import remember_theme
from runback.engine.recorder import Recorder
from runback.engine.session_engine import SessionEngine
from runback.errors import InputError
from runback.failsafe.dead_mans_switch import DeadMansSwitch

if TYPE_CHECKING:
    from runback.engine.screen_session import ScreenSession
    from runback.terminal.screen_process import KeyboardSource

SCREEN = "screen"
"""Reads the keyboard if it is named, or if the engine cannot."""


async def run_on_screen(
    request: RunOptions,
    make: Callable[[], SessionEngine],
    recorder: Recorder,
    deadman: DeadMansSwitch | None,
    *,
    speedup: float,
) -> int:
    """Run a session on this terminal; returns the exit code. `make` builds the conductor on the running loop,
    whose time passes `speedup` times as fast."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError("this terminal", "there is no screen to draw on", "add --headless")
    from runback.engine.screen_session import run_attended

    engine = make()
    taste = request.taste
    attended = run_attended(
        engine,
        taste=taste,
        start=request.start,
        speedup=speedup,
        deadman=deadman,
        keys=keys_of(request.keyboard, speedup),
    )
    last = await unwrap_group(attended, engine, deadman)
    code = conclude(engine, recorder, json=request.json)
    remember_theme(taste.theme, last)
    return code


def keys_of(keyboard: str | None, speedup: float) -> Callable[[ScreenSession], KeyboardSource]:
    """Who reads the keyboard. Raises InputError if the engine shall and cannot."""
    if keyboard != SCREEN:
        try:
            from runback.terminal.terminal import Terminal
        except ImportError:  # no termios, no pty: Windows
            if keyboard is not None:
                what = "a keyboard cannot be taken from the screen here, as it can on Linux and macOS"
                raise InputError("--keyboard", what, "leave it out, or give `screen`") from None
        else:
            return lambda desk: Terminal(desk.takes, desk.hung_up, speedup=speedup)
    from runback.terminal.screen_keyboard import ScreenKeyboard

    return lambda desk: ScreenKeyboard(desk.pressed, desk.takes, desk.hung_up)
