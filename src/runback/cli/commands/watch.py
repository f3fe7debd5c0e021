"""`runback watch`: the session that runs here, seen from another terminal.

Rules:
- It reaches no treadmill. What it can do to the session is what its engine lets a watcher do: stop the belt.
- Without a screen it cannot even do that: it prints, and Ctrl-C leaves.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from runback.cli import options
from runback.cli.number_types import WholeParam
from runback.errors import InputError
from runback.watch import socket as door
from runback.watch.folders import folders

if TYPE_CHECKING:
    import socket

    from runback.ipc.messages import Snapshot
    from runback.preferences import Preferences
    from runback.watch.screen import Marked, WatchResult

LOOK_EVERY = 0.5
"""Seconds between two looks for a session."""
ALARM = 4
BY_HAND = "watching only: Ctrl-C leaves and stops nothing"


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """What was asked for. `process` is the session's; None for the only one."""

    process: int | None
    wait: bool
    headless: bool
    json: bool
    taste: Preferences


@click.command()
@click.argument("process", required=False, type=WholeParam(1), metavar="[PROCESS]")
@click.option("--wait", is_flag=True, help="Wait until a session runs.")
@click.option("--headless", is_flag=True, help="No screen: a line each second. Ctrl-C leaves and stops nothing.")
@options.json
@options.safe_taste
@options.bind(WatchOptions)
def watch(asked: WatchOptions) -> int:
    """A second screen: show the session that runs here, from another terminal. It can stop the belt, no more.

    PROCESS tells several sessions apart.
    """
    import asyncio

    if not door.is_supported():
        raise InputError("watch", "on this system a second screen cannot reach a session", "look at its own screen")
    headless = asked.headless or asked.json
    if not headless and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError("this terminal", "there is no screen to draw on", "add --headless")
    connected, path = _come(asked)
    marked = _marked(int(path.stem))
    if headless:
        how = asyncio.run(_tell(asked, connected, path, marked))
    else:
        from runback.watch.screen import run_watching

        how = asyncio.run(run_watching(connected, path, taste=asked.taste, marked=marked))
    from runback.watch.server import FULL  # only now: it brings the whole engine

    if how.line == FULL:
        raise InputError("watch", FULL, "leave one of them")
    if how.line:
        click.echo(f"runback: {how.line}", err=asked.json or how.alarm)
    return ALARM if how.alarm else 0


def _come(asked: WatchOptions) -> tuple[socket.socket, Path]:
    """A socket at the door of the session that was asked for, and where that is."""
    if asked.wait and not _found(asked):
        click.echo("runback: waiting for a session", err=True)
    while True:
        found = _found(asked)
        if len(found) > 1:
            which = ", ".join(map(str, sorted(found)))
            raise InputError("watch", f"several sessions run: {which}", "name one, as in `runback watch PROCESS`")
        refused: OSError | None = None
        for path in found.values():
            try:
                return door.connect(path), path
            except OSError as error:
                refused = error
        if not asked.wait:
            raise _nobody(asked, refused)
        time.sleep(LOOK_EVERY)


def _found(asked: WatchOptions) -> dict[int, Path]:
    found = door.sessions(folders())
    found.pop(os.getpid(), None)
    return found if asked.process is None else {pid: path for pid, path in found.items() if pid == asked.process}


def _nobody(asked: WatchOptions, refused: OSError | None) -> InputError:
    hint = "start one with `runback run`, or add --wait"
    if refused is not None and not isinstance(refused, (ConnectionRefusedError, FileNotFoundError)):
        return InputError("watch", f"the session does not answer: {refused.strerror or refused}", "try again")
    what = "no session runs here" if asked.process is None else f"process {asked.process} is not a session"
    return InputError("watch", what, hint)


def _marked(pid: int) -> Marked:
    """Whether the mark on disk is that process's, or one that nobody can read."""
    from runback.cli.marks import belt_mark

    mark = belt_mark("")

    def marked() -> bool:
        return any(left.pid in (pid, 0) for left in mark.found())

    return marked


async def _tell(asked: WatchOptions, connected: socket.socket, path: Path, marked: Marked) -> WatchResult:
    """Print the newest snapshot each second."""
    import asyncio

    from runback.cli.recording import recording
    from runback.ipc.messages import Snapshot, StopState, TimelineView
    from runback.watch.client import WatchClient
    from runback.watch.screen import WatchResult, after_death, last_words, leaves_on_signals

    newest: list[Snapshot] = []
    loop = asyncio.get_running_loop()
    over: asyncio.Future[WatchResult] = loop.create_future()

    def told(message: TimelineView | Snapshot) -> None:
        if isinstance(message, Snapshot):
            newest[:] = [message]

    def end(how: WatchResult) -> None:
        if not over.done():
            over.set_result(how)

    def ended(line: str | None) -> None:
        if line is None:
            gone = after_death(newest[-1] if newest else None, marked)
            end(WatchResult(last_words(gone.line), gone.state is StopState.ALARM))
        else:
            end(WatchResult(line))

    with recording(json=asked.json, trace=None) as recorder:
        if not asked.json:
            click.echo(BY_HAND)
        visit = WatchClient(connected, path, told, ended)
        with leaves_on_signals(lambda: end(WatchResult("You have left; the session goes on."))):
            count, began, last = 0, loop.time(), None
            while not over.done():
                if newest and newest[0] is not last:
                    last = newest[0]
                    recorder.snapshot(last.t, last)
                    if not asked.json:
                        click.echo(line_of(last))
                count += 1
                await asyncio.wait([over], timeout=max(0.0, began + count - loop.time()))
        visit.close()
        return over.result()


def line_of(now: Snapshot) -> str:
    """A snapshot in a line."""
    minutes, seconds = divmod(int(now.elapsed_s), 60)
    what = now.phase.value if now.step is None else f"{now.phase.value}, {now.step.kind.value}"
    belt = "belt unknown" if now.measured_kmh is None else f"belt {now.measured_kmh:.1f} km/h"
    parts = [f"{minutes:3}:{seconds:02}  {what:<20}  target {now.target_kmh:4.1f}  {belt}"]
    if now.stop is not None:
        parts.append(f"stop: {now.stop.state.value} ({now.stop.reason})")
    if now.notice:
        parts.append(now.notice)
    return "  ".join(parts)
