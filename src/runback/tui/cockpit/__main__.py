"""`python -m runback.tui.cockpit --read-fd N --write-fd M`: the screen, as the engine starts it."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Sequence

from runback.preferences import THEMES, Preferences, taste
from runback.units import Unit

INPUT_WAITS = 0.0005
"""Seconds for which a loop that computes may keep the interpreter from the thread that reads the keyboard; 5 ms is
Python's own. It is paid for by a few more switches while two threads are busy, which they hardly ever are."""

LAST_WORDS_WITHIN = 1.0
"""Seconds that the end of a plain screen waits for the terminal to take its last lines."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the screen on this terminal until the engine ends, or the person leaves a dead one. Returns the exit code:
    0 after a goodbye, 1 without."""
    parser = argparse.ArgumentParser(prog="runback.tui.cockpit", description="The screen; the engine starts it.")
    parser.add_argument("--read-fd", type=int, required=True, help="where the engine's messages come from")
    parser.add_argument("--write-fd", type=int, required=True, help="where intents and heartbeats go")
    parser.add_argument("--theme", choices=THEMES, default=THEMES[0])
    parser.add_argument("--unit", default=Unit.KMH.value, help="what speeds are shown in")
    parser.add_argument("--key", action="append", default=[], help="what is on other keys than usual: pause=g,h")
    parser.add_argument("--status-fd", type=int, help="where a rescue tells how it goes, should the engine die")
    parser.add_argument("--stop-fd", type=int, help="where Stop goes, if this screen has the keyboard")
    parser.add_argument("--treadmill", help="the real one, for a rescue from here")
    parser.add_argument("--profile", help="what it is, where the person has said so")
    parser.add_argument("--plain", action="store_true", help="told in lines, not drawn")
    parser.add_argument("--watching", action="store_true", help="a second screen: it shows, and may stop, no more")
    options = parser.parse_args(arguments)
    if hasattr(signal, "SIGHUP"):  # comes when a engine dies that began the terminal's session: now it is needed most
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if options.plain:
        return _plain(options)
    # Kitty's key protocol spells Space and Escape in several ways, the legacy one in one (latency.md, Traps).
    # Textual reads this when it is imported.
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    from runback.ipc.engine_pipe import EnginePipe
    from runback.ipc.pipe_pair import ThreadedPair, WatchedPair
    from runback.ipc.threaded_pipes import receive_handle
    from runback.tui.cockpit.app import CockpitApp
    from runback.tui.cockpit.rescue import Rescue, make_usable
    from runback.tui.cockpit.stop_key_driver import platform_driver, with_stop_keys
    from runback.tui.cockpit.stop_keys import StopKeys

    reads, writes = receive_handle(options.read_fd, reads=True), receive_handle(options.write_fd, reads=False)
    status = None if options.status_fd is None else receive_handle(options.status_fd, reads=True)
    likes = _likes(options)
    keys = None if options.stop_fd is None else StopKeys(receive_handle(options.stop_fd, reads=False), likes.keymap)
    if keys is not None:
        sys.setswitchinterval(INPUT_WAITS)
    if keys is None:
        pipe = EnginePipe(WatchedPair(reads, writes))
    else:
        pipe = EnginePipe(ThreadedPair(reads, writes), keys.show)
    app = CockpitApp(
        pipe,
        taste=likes,
        when_ready=lambda: pipe.start(app),
        rescue=None if options.watching else Rescue(status, options.treadmill, options.profile),
        watching=options.watching,
        stop_keys=keys,
        driver_class=None if keys is None else with_stop_keys(platform_driver(), keys),
    )
    app.run()
    pipe.close()
    if not app.said_goodbye:
        make_usable(sys.stdout.fileno())
    if app.last_line:
        sys.stdout.write(app.last_line + "\n")
    return 0 if app.said_goodbye else 1


def _likes(options: argparse.Namespace) -> Preferences:
    """How the person wants it."""
    return taste(options.theme, options.unit, options.key, plain=options.plain)


def _plain(options: argparse.Namespace) -> int:
    """Tell the session in lines; returns the exit code, as `main` does. Textual is never imported."""
    import asyncio

    return asyncio.run(_tell_in_lines(options))


async def _tell_in_lines(options: argparse.Namespace) -> int:
    from runback.ipc.engine_pipe import EnginePipe
    from runback.ipc.pipe_pair import ThreadedPair, WatchedPair
    from runback.ipc.threaded_pipes import receive_handle
    from runback.tui.cockpit.key_reader import KeyReader
    from runback.tui.cockpit.line_output import LineOutput
    from runback.tui.cockpit.plain_screen import PlainScreen
    from runback.tui.cockpit.rescue import Rescue, make_usable
    from runback.tui.cockpit.stop_keys import StopKeys

    reads, writes = receive_handle(options.read_fd, reads=True), receive_handle(options.write_fd, reads=False)
    status = None if options.status_fd is None else receive_handle(options.status_fd, reads=True)
    likes = _likes(options)
    stop_keys = (
        None if options.stop_fd is None else StopKeys(receive_handle(options.stop_fd, reads=False), likes.keymap)
    )
    if stop_keys is None:
        pipe = EnginePipe(WatchedPair(reads, writes))
    else:
        pipe = EnginePipe(ThreadedPair(reads, writes), stop_keys.show)
    output = LineOutput(sys.stdout.fileno(), sys.stdout.encoding)
    screen = PlainScreen(
        pipe,
        output,
        taste=likes,
        rescue=None if options.watching else Rescue(status, options.treadmill, options.profile),
        watching=options.watching,
        lends=stop_keys is not None,
        reads=lambda: keys.reads,
    )
    keys = KeyReader(screen.pressed, screen.keys_gone, stop_keys=stop_keys)
    pipe.start(screen)
    try:
        await screen.run()
    finally:
        keys.close()
        pipe.close()
    if screen.last_line:
        with contextlib.suppress(OSError):
            output.write(screen.last_line)
    output.close(LAST_WORDS_WITHIN)
    if not screen.said_goodbye:
        make_usable(sys.stdout.fileno())
    return 0 if screen.said_goodbye else 1


if __name__ == "__main__":
    sys.exit(main())
