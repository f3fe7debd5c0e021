"""What a connected machine can do, as it was read."""

from __future__ import annotations

from dataclasses import dataclass, field

from runback.machine.quirks import Habits
from runback.machine.targets import Grid


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a connected machine can do. A grid is None where the machine gives no usable range."""

    speed: Grid | None = None
    incline: Grid | None = None
    controllable: bool = True
    write_response: bool = True
    """Whether the control point is written with response (quirk 1)."""
    habits: Habits = field(default_factory=Habits)
    """How it wants to be talked to."""
    fastest: int | None = None
    """The fastest that the machine itself says it can go, 0.01 km/h, whatever we may set; None: it does not say."""
