"""The engine's heartbeat: it tells the sentinel that the loop turns, and notices when it did not.

Rules:
- Whoever hangs cannot stop a belt: that is the sentinel's part (`deadman`).
- A loop that turns again after such a gap stops the belt first of all.
- A computer that slept has lost its link, whatever the link says: the session is halted, nothing moves by itself.
- The gaps are measured on two clocks, of which one counts sleep (latency.md, time).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from enum import Enum

BEAT = 0.1
HUNG_AFTER = 1.0
"""Seconds without a beat after which the sentinel stops a belt that may move."""
SLEPT_AFTER = 2.0


class LoopGap(Enum):
    """What lies between two beats."""

    NONE = "none"
    HUNG = "hung"
    SLEPT = "slept"


class BeatIntervals:
    """Judges the time between two beats. `waking` counts while the computer is awake, `all_time` always."""

    def __init__(self) -> None:
        self._last: tuple[float, float] | None = None

    def beat(self, waking: float, all_time: float) -> LoopGap:
        """A beat at these times, seconds."""
        last, self._last = self._last, (waking, all_time)
        # The first look has nothing to compare with.
        if last is None:
            return LoopGap.NONE
        awake, passed = waking - last[0], all_time - last[1]
        # Sleep first: around it the loop may have stood still as well, and what sleep means is a lost link.
        if passed - awake > SLEPT_AFTER:
            return LoopGap.SLEPT
        return LoopGap.HUNG if awake > HUNG_AFTER else LoopGap.NONE


def all_time() -> float:
    """Seconds, sleep included; the wall clock where there is nothing better."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.time() if clock is None else time.clock_gettime(clock)


class SuspendDetector:
    """The two clocks (seconds) and the last time they were looked at."""

    def __init__(self, waking: Callable[[], float] = time.monotonic, all_time: Callable[[], float] = all_time) -> None:
        self._waking = waking
        self._all_time = all_time
        self._beats = BeatIntervals()

    def look(self) -> LoopGap:
        """What lies between now and the last look. Whoever does anything looks first."""
        return self._beats.beat(self._waking(), self._all_time())


async def send_heartbeats(look: Callable[[], None], beat: Callable[[], None]) -> None:
    """Look and beat on the loop, until cancelled."""
    while True:
        look()
        beat()
        await asyncio.sleep(BEAT)
