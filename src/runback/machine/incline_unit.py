"""What a machine counts its incline in (quirk 27).

Rules:
- Inside there is only 0.1 %; this file alone knows what stands on the wire.
- What a level is worth is known or it is not: then nothing is set, and nothing that is reported is taken for percent.
- `to_wire` of what `from_wire` gave is what it was given, so that the ends of a range stay the machine's own.

Source: FTMS S0 4.9.1.5 (0.1 %), 4.9.1.6 (ramp angle, 0.1 degree); quirks.md 27. Units: incline 0.1 %.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum


class InclineUnit(Enum):
    """What a number on the wire is."""

    PERCENT = "percent"  # 0.1 %
    LEVEL = "level"  # so many levels
    OFFSET_16 = "offset-16"  # 0x10, and 10 for each percent
    DEGREES = "degrees"  # 0.1 degree


@dataclass(frozen=True, slots=True)
class InclineConverter:
    """One machine's way of counting. `per_level` 0.1 %; 0 where nobody knows it."""

    scale: InclineUnit = InclineUnit.PERCENT
    per_level: int = 0

    @property
    def known(self) -> bool:
        """Whether a number on the wire can be told in percent."""
        return self.scale is not InclineUnit.LEVEL or self.per_level > 0

    def to_wire(self, incline: int) -> int:
        """A target on the wire. Only where `known`."""
        match self.scale:
            case InclineUnit.LEVEL:
                return round(incline / self.per_level)
            case InclineUnit.OFFSET_16:
                return incline + 0x10
            case InclineUnit.DEGREES:
                return round(math.degrees(math.atan(incline / 1000)) * 10)
            case _:
                return incline

    def from_wire(self, raw: int) -> int | None:
        """What the machine says, in 0.1 %; None: nobody knows."""
        match self.scale:
            case InclineUnit.LEVEL:
                return raw * self.per_level if self.known else None
            case InclineUnit.OFFSET_16:
                return raw - 0x10
            case InclineUnit.DEGREES:
                steep = min(max(raw, -STEEPEST), STEEPEST)
                return round(math.tan(math.radians(steep / 10)) * 1000)
            case _:
                return raw

    @property
    def slack(self) -> int:
        """How far apart, 0.1 %, two readings of the same target may be."""
        return {InclineUnit.LEVEL: self.per_level // 2, InclineUnit.DEGREES: 1}.get(self.scale, 0)

    def step(self, raw: int) -> int:
        """An increment on the wire, in 0.1 %; 0: any value."""
        return {InclineUnit.LEVEL: raw * self.per_level, InclineUnit.DEGREES: 0}.get(self.scale, raw)


STEEPEST = 450
"""0.1 degree: 45 degrees, steeper than any deck; beyond lies nonsense, and the tangent's end."""
