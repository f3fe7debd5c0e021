"""What a commissioning has seen: the evidence that a profile is made of.

Rules:
- Only what was measured stands here. None: it was not seen.

Units: speed 0.01 km/h, incline 0.1 %, time s.
"""

from __future__ import annotations

from dataclasses import dataclass

from runback.commissioning.bounds import Bounds, InclineRange
from runback.commissioning.display import DisplayChoice
from runback.commissioning.stages import CommissioningStage


@dataclass(slots=True)
class Findings:
    """Filled in as it goes."""

    bounds: Bounds | None = None
    tilt: InclineRange | None = None
    start_delay: float | None = None
    """From Start to the first movement that was measured."""
    roused: bool = False
    """It stood after its start until it was told its slowest speed (quirk 52)."""
    up_within: float | None = None
    """From a target one increment faster to a belt that is measured at it."""
    down_within: float | None = None
    stop_within: float | None = None
    """From Stop, at the slowest speed, to a measured 0."""
    tilt_within: float | None = None
    """From a target one increment away to an incline that is reported there."""
    display: DisplayChoice | None = None
    """What the person saw on the treadmill's own display."""
    passed: tuple[CommissioningStage, ...] = ()

    def has(self, *stages: CommissioningStage) -> bool:
        """Whether all of `stages` were seen through."""
        return set(stages) <= set(self.passed)
