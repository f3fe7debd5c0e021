"""One Control Point procedure: a request and the answer it waits for (FTMS S0 4.16).

Rules:
- One at a time. An answer counts only for the op code that is waiting; a late one for an overtaken request is dropped.
- The specification gives a machine 30 s; a belt is not left in doubt that long (`ANSWER_WITHIN`).
- What is waited for after a Start is the belt, not the answer: Start is never sent again on its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from runback.ftms.assigned_numbers import OpCode
from runback.machine.targets import Target

ANSWER_WITHIN = 3.0
BUSY_RETRY = 0.1
"""After ATT error 0xFE (the write was not queued)."""
FAILED_RETRY = 0.5
"""After "operation failed", which machines answer while they ramp up (quirk 16)."""
START_WITHIN = 15.0
"""Twice the longest time seen from Start to a moving belt (6.2 s, quirk 16)."""
READY_WITHIN = 10.0
"""After a belt should move, for Training Status to say that it takes targets; should it never, the belt itself has."""
MAX_CLAIMS = 3
"""Requests for control without a lasting grant before it is called refused."""


class ControlState(Enum):
    """Whether we may control the machine."""

    NONE = "none"
    WANTED = "wanted"
    GRANTED = "granted"


class StartIntent:
    """One person's wish that the belt start: good once, and only until `expires` (s).

    Whoever makes one vouches that a person asked for it and has been warned.
    """

    __slots__ = ("expires", "spent")

    def __init__(self, expires: float) -> None:
        self.expires = expires
        self.spent = False

    def usable(self, now: float) -> bool:
        """Whether it may still start a belt."""
        return not self.spent and now < self.expires


@dataclass(slots=True)
class ControlProcedure:
    """A request under way. `slot` is the axis it sets to `value`; `intent` what a Start came from."""

    op: OpCode
    answer_by: float
    slot: Target | None = None
    value: int = 0
    intent: StartIntent | None = None
    feeds: bool = False
    """A Start that keeps a moving belt going (quirk 13): it starts nothing, and its failure is none."""

    @property
    def stands(self) -> Target | None:
        """The axis, if what was written is still the newest it knows: no console, pause or rest has overtaken it."""
        return self.slot if self.slot is not None and self.slot.sent == self.value else None
