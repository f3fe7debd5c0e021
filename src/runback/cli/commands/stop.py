"""`runback stop`: the session on this computer first, by its own door; then a link of our own.

Rules:
- What brings the belt to rest and measures it takes long to import: the first Stop is written before (`stopping`,
  `first_stop`).
- A session that does not answer at once, or does not act, is passed over: its belt is stopped over a link.
- "Belt at rest" is only said when it was measured, by the session or by us.
- No setting is asked, and no log is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from runback.cli import options
from runback.cli.marks import belt_mark
from runback.cli.saying import say
from runback.cli.stopping import ask_sessions, is_simulated
from runback.errors import InputError, LinkError
from runback.watch import session_stop
from runback.watch.session_stop import AskedSession

ALARM = 4
FOLLOW_FOR = 60.0
"""Seconds for which a session is given to bring its belt to rest (`session_runner.PERSIST`)."""


@dataclass(frozen=True, slots=True)
class StopOptions:
    """What was asked for. `treadmill`: None for the one that is connected; `clear_mark`: it is the one that an earlier
    session left."""

    treadmill: str | None
    profile: str | None
    trace: Path | None
    clear_mark: bool


@click.command()
@click.option("--treadmill", "-t", metavar="NAME|ADDRESS", help="Which one; else the one that is connected.")
@options.plain_profile
@options.trace
@click.option("--clear-mark", is_flag=True, help="It is the treadmill that an earlier session left.")
@options.bind(StopOptions)
def stop(request: StopOptions) -> int:
    """Stop a treadmill's belt, with or without a session, and wait until it is at rest."""
    asked: list[AskedSession] | None = click.get_current_context().obj
    treadmill = request.treadmill
    if treadmill is not None and is_simulated(treadmill):
        raise InputError("--treadmill", "a simulated treadmill lives inside its own session", "stop it there")
    driving = {left.pid for left in belt_mark("").found()}
    stopped: list[int] = []
    alarm = open_ = False
    for one in ask_sessions(treadmill) if asked is None else asked:
        rested = session_stop.follow(one, FOLLOW_FOR, partial(_warn, one.treadmill))
        if rested:
            say(f"{one.treadmill}: belt at rest")
            stopped.append(one.pid)
        alarm, open_ = alarm or rested is False, open_ or rested is None
    real = treadmill is not None or any(pid in driving for pid in stopped)
    if alarm:
        return ALARM
    if stopped and real and not open_:
        return 0
    from runback.cli.first_stop import stop_over_links

    try:
        return stop_over_links(treadmill, request.trace, request.profile, clear_mark=request.clear_mark)
    except LinkError:
        if stopped and not open_:  # no session but one that was not seen to drive a real treadmill: a simulated one
            return 0
        raise


def _warn(treadmill: str) -> None:
    say(f"runback: {treadmill} does not come to rest: STEP OFF, pull the safety key", err=True)
