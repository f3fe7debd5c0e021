"""`runback stop`: the session on this computer first, by its own door; then a link of our own.

Rules:
- Nothing that takes time to import stands before the first Stop: the door needs nothing, not even click (`knock`), a
  link bleak alone (`first_stop`); what brings the belt to rest and measures it (`rescue`) is imported meanwhile.
- A session that does not answer at once, or does not act, is passed over: its belt is stopped over a link.
- "Belt at rest" is only said when it was measured, by the session or by us.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from runback.cli.marks import belt_mark
from runback.errors import InputError, LinkError
from runback.watch import session_stop
from runback.watch.folders import folders
from runback.watch.session_stop import AskedSession

ALARM = 4
FOLLOW_FOR = 60.0
"""Seconds for which a session is given to bring its belt to rest (`session_runner.PERSIST`)."""
SIMULATED = ("sim", "sim:")


def knock(arguments: Sequence[str]) -> list[AskedSession] | None:
    """Tell the sessions here to stop, before the command line is understood; those that have answered. None: this
    command line is for the command to understand, which then asks by itself."""
    match arguments:
        case []:
            treadmill = None
        case ["-t" | "--treadmill", treadmill] if not _is_simulated(treadmill):
            pass
        case _:
            return None
    with contextlib.suppress(Exception):  # whatever it is, the command will meet it again, and say so
        return ask_sessions(treadmill)
    return None


def ask_sessions(treadmill: str | None) -> list[AskedSession]:
    """Tell the sessions on this computer to stop that drive `treadmill`, or all; those that have answered."""
    driving = {} if treadmill is None else {left.pid: left for left in belt_mark("").found()}

    def meant(pid: int, name: str | None) -> bool:
        if treadmill is None:
            return True
        left, asked = driving.get(pid), treadmill.strip().casefold()
        if left is not None and left.machine.address:
            return left.machine.answers_to(treadmill)
        return bool(asked) and name is not None and name.casefold().startswith(asked)

    return session_stop.ask(folders(), meant)


def run_stop(
    treadmill: str | None,
    trace: Path | None,
    profile: str | None = None,
    *,
    clear_mark: bool = False,
    asked: list[AskedSession] | None = None,
) -> int:
    """Stop a treadmill's belt, whoever drives it; the exit code. `profile`: the one the person names. `clear_mark`: the
    treadmill is the one that an earlier session left. `asked`: the sessions that have been told already. Raises
    InputError, LinkError."""
    from runback.cli.saying import say

    if treadmill is not None and _is_simulated(treadmill):
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
        return stop_over_links(treadmill, trace, profile, clear_mark=clear_mark)
    except LinkError:
        if stopped and not open_:  # no session but one that was not seen to drive a real treadmill: a simulated one
            return 0
        raise


def _is_simulated(treadmill: str) -> bool:
    return treadmill == SIMULATED[0] or treadmill.startswith(SIMULATED[1])


def _warn(treadmill: str) -> None:
    from runback.cli.saying import say

    say(f"runback: {treadmill} does not come to rest: STEP OFF, pull the safety key", err=True)
