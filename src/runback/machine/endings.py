"""What each ending forgets: one table. Whatever fails, is refused, runs out or is called off leaves nothing behind that
could move a belt later.

Rules:
- An ending names what it takes away; `client_state.ClientState` does it, in one place for all of them.
- Permission is taken wherever a belt comes to rest or trouble begins. Only a person's word (`Gate.arm`) gives it again.
- A Start that has been written and is given up is answered with Stop: it may still come.
- The exhaustive search (tests/search) tries everything a console, a person and a link can do after each of them.

Source: issue "What trials broke", point 1: targets outlived a start that had failed, and a start at the console 15 s
later took the belt to 6 km/h.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, Flag, auto
from types import MappingProxyType


class Forget(Flag):
    """What can be taken away."""

    PERMISSION = auto()  # to raise or start anything
    TARGETS = auto()  # wanted and sent: speed, incline, and what the console seemed to set
    START = auto()  # a start that has not been written
    PAUSE = auto()  # a pause that has not been written
    PROCEDURE = auto()  # the request that waits for an answer: it is not repeated, and its answer is dropped
    CLAIM = auto()  # a wish for control that has not been granted
    CONTROL = auto()  # control itself
    GO_ON = auto()  # that the belt may go on: the stop latch is pulled, before anything else


_WISHES = Forget.PERMISSION | Forget.TARGETS | Forget.START | Forget.PAUSE
_ALL = _WISHES | Forget.PROCEDURE | Forget.CLAIM


class ProcedureEnding(Enum):
    """How what was wanted can end."""

    STOPPED = "stopped"
    LINK_LOST = "the link is lost"
    CONTROL_LOST = "control is lost"
    CONTROL_REFUSED = "control is refused"
    SAFETY_KEY = "the safety key is pulled"
    CONSOLE_STOPPED = "the console stopped the belt"
    START_UNSENT = "a start was never written"
    START_FAILED = "a start was written and given up"
    PAUSED = "a pause is asked for"
    RESTED = "the belt came to rest"


ENDINGS: Mapping[ProcedureEnding, Forget] = MappingProxyType(
    {
        ProcedureEnding.STOPPED: Forget.GO_ON | _ALL,
        ProcedureEnding.LINK_LOST: _ALL | Forget.CONTROL,
        ProcedureEnding.CONTROL_LOST: _ALL | Forget.CONTROL,
        ProcedureEnding.CONTROL_REFUSED: _ALL,
        ProcedureEnding.SAFETY_KEY: _ALL,
        ProcedureEnding.CONSOLE_STOPPED: _ALL,
        ProcedureEnding.START_UNSENT: _ALL,
        ProcedureEnding.START_FAILED: Forget.GO_ON | _ALL,
        # The pause itself is still to be written, with the control that there is; the answer of a target that is under
        # way is still waited for, so that two requests never overlap.
        ProcedureEnding.PAUSED: Forget.PERMISSION | Forget.TARGETS | Forget.START,
        # Not the start: the first record of a belt that lies still is no ending, and a belt that moved has none.
        ProcedureEnding.RESTED: Forget.PERMISSION | Forget.TARGETS,
    }
)
