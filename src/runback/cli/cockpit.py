"""`run` and `demo` on a screen."""

from __future__ import annotations

import sys
from collections.abc import Callable

from runback.cli.configured import remember_theme
from runback.cli.session import Request, conclude, unwrapped
from runback.errors import InputError
from runback.keeper.conductor import Conductor
from runback.keeper.deadman import DeadMan
from runback.keeper.recorder import Recorder


async def run_on_screen(
    request: Request,
    make: Callable[[], Conductor],
    recorder: Recorder,
    deadman: DeadMan | None,
    *,
    speedup: float,
) -> int:
    """Run a session on this terminal; returns the exit code. `make` builds the conductor on the running loop,
    whose time passes `speedup` times as fast."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError("this terminal", "there is no screen to draw on", "add --headless")
    try:
        from runback.keeper.attended import run_attended
    except ImportError:  # no termios: Windows
        what = "a screen needs a terminal whose keys the keeper can read before it, as Linux and macOS have"
        raise InputError("this system", what, "add --headless") from None
    conductor = make()
    taste = request.taste
    attended = run_attended(conductor, taste=taste, start=request.start, speedup=speedup, deadman=deadman)
    last = await unwrapped(attended, conductor, deadman)
    code = conclude(conductor, recorder, json=request.json)
    remember_theme(taste.theme, last)
    return code
