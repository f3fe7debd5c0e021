"""What the machine core tells its session: facts about the treadmill, never wishes.

Units: speed 0.01 km/h, incline 0.1 %, distance m, heart rate bpm, cadence steps a minute, `at` s on the injected clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Measured:
    """A complete Treadmill Data record. A field is None if the machine does not report it."""

    at: float
    speed: int | None
    incline: int | None = None
    distance: int | None = None
    heart_rate: int | None = None
    elapsed: int | None = None
    steps: int | None = None
    """Counted so far, from any number on; of a vendor's own (quirk 29)."""
    cadence: int | None = None


class Signal(Enum):
    """Facts without a number. The value is the word used in traces."""

    BELT_MOVED = "belt moved"  # from rest, whoever started it
    BELT_RESTED = "belt at rest"
    CONTROL_GRANTED = "control granted"
    CONTROL_LOST = "control lost"  # taken by another controller (status FF), or gone with a reset
    CONTROL_REFUSED = "control refused"
    CONSOLE_STARTED = "started at the console"
    CONSOLE_PAUSED = "paused at the console"
    CONSOLE_STOPPED = "stopped at the console"
    SAFETY_KEY = "safety key pulled"
    STANDS = "the belt stands after its start"  # it may be waiting for a speed (quirk 52)
    START_FAILED = "the belt did not start"
    PAUSE_REFUSED = "the treadmill does not pause"
    NOT_FOLLOWING = "the belt does not follow"  # slower than its target, for long
    WENT_QUIET = "no data"  # permission to raise is suspended
    HEARD_AGAIN = "data again"
    LATCHED = "stop latched"
    STOP_ANSWERED = "stop answered"  # by the machine; what the belt does, the speed says
    STOP_CONFIRMED = "belt at rest after stop"
    STOP_ALARM = "the belt does not stop"
    STOP_UNSEEN = "nobody but the person can see whether the belt rests"  # and all has been done from here
    LINK_UP = "link up"
    LINK_DOWN = "link down"


class Axis(Enum):
    """What can be set on a treadmill."""

    SPEED = "speed"
    INCLINE = "incline"


@dataclass(frozen=True, slots=True)
class ConsoleChanged:
    """Somebody at the machine set another target, and it has settled."""

    axis: Axis
    value: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The machine will not take `value`; `why` is one plain phrase."""

    axis: Axis
    value: int
    why: str


@dataclass(frozen=True, slots=True)
class Garbled:
    """Bytes that could not be read, and why. Kept for the trace; nothing else follows from them."""

    uuid: str
    why: str


Event = Measured | Signal | ConsoleChanged | Refused | Garbled
