"""The first thing that `runback stop` does: it tells the sessions on this computer to stop, by their own door.

Rules:
- Nothing that takes time to import stands before the first Stop: the door needs nothing, not even click (`knock`), a
  link bleak alone (`first_stop`); what brings the belt to rest and measures it (`rescue`) is imported meanwhile.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from runback.cli.marks import belt_mark
from runback.watch import session_stop
from runback.watch.folders import folders
from runback.watch.session_stop import AskedSession

SIMULATED = ("sim", "sim:")


def knock(arguments: Sequence[str]) -> list[AskedSession] | None:
    """Tell the sessions here to stop, before the command line is understood; those that have answered. None: this
    command line is for the command to understand, which then asks by itself."""
    match arguments:
        case []:
            treadmill = None
        case ["-t" | "--treadmill", treadmill] if not is_simulated(treadmill):
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


def is_simulated(treadmill: str) -> bool:
    """Whether `treadmill` is the simulator's, as it is named on the command line."""
    return treadmill == SIMULATED[0] or treadmill.startswith(SIMULATED[1])
