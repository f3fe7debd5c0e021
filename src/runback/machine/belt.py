"""The belt as the machine reports it, never as it was asked to be.

Rules:
- At rest is a measured speed of 0; moving is a measured speed above 0. Nothing else is evidence.
- `confirmed_at_rest` needs a record no older than `FRESH`, and no start of ours on its way: only then Start is sent.

Units: speed 0.01 km/h, time s.
"""

from __future__ import annotations

from enum import Enum

from runback.machine.events import Signal

FRESH = 2.0
"""Seconds a record stays evidence; machines send about one a second (ftms.md)."""


class BeltPhase(Enum):
    """What is known of the belt."""

    UNKNOWN = "unknown"
    AT_REST = "at rest"
    STARTING = "starting"  # we sent Start; still at rest
    MOVING = "moving"


MEASURED: dict[tuple[BeltPhase, bool], tuple[BeltPhase, Signal | None]] = {
    # (state, speed > 0): (next state, what to say)
    (BeltPhase.UNKNOWN, False): (BeltPhase.AT_REST, Signal.BELT_RESTED),
    (BeltPhase.UNKNOWN, True): (BeltPhase.MOVING, Signal.BELT_MOVED),
    (BeltPhase.AT_REST, False): (BeltPhase.AT_REST, None),
    (BeltPhase.AT_REST, True): (BeltPhase.MOVING, Signal.BELT_MOVED),
    (BeltPhase.STARTING, False): (BeltPhase.STARTING, None),
    (BeltPhase.STARTING, True): (BeltPhase.MOVING, Signal.BELT_MOVED),
    (BeltPhase.MOVING, False): (BeltPhase.AT_REST, Signal.BELT_RESTED),
    (BeltPhase.MOVING, True): (BeltPhase.MOVING, None),
}


class BeltState:
    """State, speed and age of what the machine last said about its belt."""

    __slots__ = ("heard_at", "incline", "speed", "state")

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Nothing is known: a new link."""
        self.state = BeltPhase.UNKNOWN
        self.speed: int | None = None
        self.incline: int | None = None
        """0.1 %; None if the machine does not report it."""
        self.heard_at: float | None = None

    def measured(self, speed: int, now: float) -> Signal | None:
        """Take a fresh speed; says what changed."""
        self.speed = speed
        self.heard_at = now
        self.state, signal = MEASURED[self.state, speed > 0]
        return signal

    def starting(self) -> None:
        """Start has been sent to a belt at rest."""
        self.state = BeltPhase.STARTING

    def not_started(self) -> None:
        """That start came to nothing."""
        if self.state is BeltPhase.STARTING:
            self.state = BeltPhase.AT_REST

    def confirmed_at_rest(self, now: float) -> bool:
        """Whether Start may be sent, as far as the belt is concerned."""
        return self.state is BeltPhase.AT_REST and self.heard_at is not None and now <= self.heard_at + FRESH
