"""What a connected machine can do, as it was read."""

from __future__ import annotations

from dataclasses import dataclass, field

from runback.machine.quirks import MachineQuirks
from runback.machine.targets import SupportedRange


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a connected machine can do. A grid is None where the machine gives no usable range."""

    speed: SupportedRange | None = None
    incline: SupportedRange | None = None
    controllable: bool = True
    write_response: bool = True
    """Whether the control point is written with response (quirk 1)."""
    quirks: MachineQuirks = field(default_factory=MachineQuirks)
    """How it wants to be talked to."""
    fastest: int | None = None
    """The fastest that the machine itself says it can go, 0.01 km/h, whatever we may set; None: it does not say."""
