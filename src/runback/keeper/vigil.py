"""The keeper watches itself: a loop that hangs, and a computer that slept.

Rules:
- Whoever hangs cannot stop a belt. So a thread of its own watches the loop, and when that has not turned for
  `HUNG_AFTER` seconds while a belt may move, starts a rescue: another process that takes over the link and stops.
- A loop that turns again after such a gap stops the belt first of all.
- A computer that slept has lost its link, whatever the link says: the session is halted, nothing moves by itself.
- The gaps are measured on two clocks, of which one counts sleep (latency.md, time).
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from enum import Enum

BEAT = 0.1
HUNG_AFTER = 1.0
SLEPT_AFTER = 2.0


class Gap(Enum):
    """What lies between two beats."""

    NONE = "none"
    HUNG = "hung"
    SLEPT = "slept"


class Beats:
    """Judges the time between two beats. `waking` counts while the computer is awake, `all_time` always."""

    def __init__(self) -> None:
        self._last: tuple[float, float] | None = None

    def beat(self, waking: float, all_time: float) -> Gap:
        """A beat at these times, seconds."""
        last, self._last = self._last, (waking, all_time)
        if last is None:
            return Gap.NONE
        awake, passed = waking - last[0], all_time - last[1]
        if passed - awake > SLEPT_AFTER:
            return Gap.SLEPT
        return Gap.HUNG if awake > HUNG_AFTER else Gap.NONE


def all_time() -> float:
    """Seconds, sleep included; the wall clock where there is nothing better."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.time() if clock is None else time.clock_gettime(clock)


class Vigil:
    """Beats on the loop; a thread misses the beats. `heard` is told of a gap, on the loop; `rescue` is called from
    the thread, once for each hang, if `may_move` says that a belt may."""

    def __init__(self, heard: Callable[[Gap], None], may_move: Callable[[], bool], rescue: Callable[[], None]) -> None:
        self._heard = heard
        self._may_move = may_move
        self._rescue = rescue
        self._beats = Beats()
        self._beaten_at = time.monotonic()
        self._over = threading.Event()

    async def keep(self) -> None:
        """Beat, until cancelled."""
        thread = threading.Thread(target=self._watch, name="runback vigil", daemon=True)
        thread.start()
        try:
            while True:
                self._beaten_at = time.monotonic()
                gap = self._beats.beat(self._beaten_at, all_time())
                if gap is not Gap.NONE:
                    self._heard(gap)
                await asyncio.sleep(BEAT)
        finally:
            self._over.set()

    def _watch(self) -> None:
        called = False
        while not self._over.wait(BEAT):
            silent = time.monotonic() - self._beaten_at
            if silent < HUNG_AFTER:
                called = False
            elif not called and self._may_move():
                called = True
                self._rescue()
