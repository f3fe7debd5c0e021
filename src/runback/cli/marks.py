"""The marks that a belt may be moving: where they are, and what is done about those of other treadmills.

Rules:
- A mark is taken away by a measured rest of the same treadmill. Of a mark that may be of another only the person can
  say whether it is: they are asked where there is a terminal, and have `--clear-mark` where there is none.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runback.failsafe.moving_marker import MovingMarker
    from runback.link.remembered import Remembered


def belt_mark(treadmill: str, owner: int | None = None) -> MovingMarker:
    """The mark that a belt may be moving, of a session on `treadmill`; `owner`: its process, if that is not this."""
    import platformdirs

    from runback.failsafe.moving_marker import MovingMarker

    return MovingMarker(platformdirs.user_state_path("runback"), treadmill, owner)


def settle(mark: MovingMarker, machine: Remembered, *, clear: bool = False) -> None:
    """The belt of `machine` has been measured at rest: take its mark away. Of the marks left behind that may be of
    another treadmill the person is asked, unless they have said so (`clear`)."""
    from runback.cli.saying import say

    mark.clear(machine)
    for left in mark.found():
        if not left.driven() and (clear or _says_so(left.title, machine.title)):
            mark.forget(left)
    tell_of_others(mark)
    if mark.failed is not None:
        say(f"runback: the mark that a belt may be moving could not be taken away: {mark.failed}", err=True)


def tell_of_others(mark: MovingMarker) -> None:
    """Say which belts earlier sessions left, now that this one rests."""
    from runback.cli.saying import say

    for left in mark.found():
        if not left.driven():
            what = f"{left.title} was left by an earlier session, and its belt has not been seen at rest"
            say(f"runback: {what}; if it is the one just stopped: `runback stop --clear-mark`", err=True)


def _says_so(left: str, machine: str) -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    import click

    from runback.cli.saying import say

    say(f"An earlier session left {left} without seeing its belt at rest.")
    return click.confirm(f"Is that the treadmill that has just been stopped, {machine}?", default=False)
