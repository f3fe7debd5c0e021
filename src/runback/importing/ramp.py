"""Ramps as stages a belt can be set to.

Rules:
- The first stage has the speed the ramp begins with, the last the one it ends with, all are equally long (or far): this
  is how Zwift runs a ramp (qdomyos-zwift issue 1209: 9.1 to 11.1 km/h in 620 s, every tenth as long as the others). The
  mean speed, and so the distance, is the ramp's own.
- Neighbours differ by at most `FINE`, so long as a stage lasts `SETTLED`; a steeper ramp has shorter stages before it
  has steps above `COARSE`, and only one too steep even for stages of a second has larger ones.
- The lengths add up to the ramp's exactly. Where it is whole seconds, so are they.

Units: speed 0.01 km/h, duration s, distance m.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

FINE = 20
COARSE = 50
SETTLED = 15.0
"""Each increase is announced ten seconds ahead; shorter stages would be announced on top of each other."""
SHORTEST = 1.0


def stages(start: int, end: int, seconds: float) -> int:
    """How many stages a ramp of `seconds` from `start` to `end` has (>= 1)."""
    rise = abs(end - start)
    fine = math.ceil(rise / FINE) + 1
    coarse = math.ceil(rise / COARSE) + 1
    settled = int(seconds // SETTLED)
    possible = int(seconds // SHORTEST)
    return max(1, min(possible, max(coarse, min(fine, settled))))


def speeds(start: int, end: int, count: int) -> list[int]:
    """The speeds of `count` stages; the middle of the two where there is but one."""
    if count == 1:
        return [round((start + end) / 2)]
    return [round(start + (end - start) * index / (count - 1)) for index in range(count)]


def shares(total: float, count: int) -> Iterator[float]:
    """`total` in `count` equal parts; whole seconds (the odd ones spread out) where `total` is a whole number."""
    if total != int(total):
        yield from (total / count for _ in range(count))
        return
    marks = [round(total * index / count) for index in range(count + 1)]
    yield from (float(after - before) for before, after in itertools.pairwise(marks))
