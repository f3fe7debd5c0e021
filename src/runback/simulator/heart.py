"""A heart on a treadmill: it follows the effort late, and never beats twice alike.

Rules:
- No chance: the same efforts at the same times give the same beats.
- It beats at its own times, whenever it is asked about.
"""

from __future__ import annotations

import math
from collections.abc import Callable

SECOND = 1024
"""RR intervals count 1/1024 s (HRS 3.1)."""
LAG = 25.0
"""Seconds in which it makes up some two thirds of the way to where the effort wants it."""
BREATH, SWING = 4.3, 2.0
"""Seconds of a breath, and beats per minute by which it moves the heart up and down."""


class Heart:
    """`resting` beats per minute; `effort` says how many more are wanted at a time, seconds."""

    def __init__(self, resting: float, effort: Callable[[float], float]) -> None:
        self._resting = resting
        self._effort = effort
        self._wanted = resting
        self._beat_at: float | None = None
        self._interval = 0.0

    def beats(self, now: float) -> list[int]:
        """The RR intervals, 1/1024 s, of the beats since the last time; the first call is the first beat."""
        if self._beat_at is None:
            self._begin(now)
        found = []
        while self._beat_at is not None and self._beat_at + self._interval <= now:
            found.append(round(self._interval * SECOND))
            self._begin(self._beat_at + self._interval)
        return found

    def rate(self) -> int:
        """Beats per minute, of the beat under way; the resting rate before the first."""
        return round(60 / self._interval if self._interval else self._resting)

    def _begin(self, at: float) -> None:
        """A beat at `at`; how long it lasts."""
        passed = 0.0 if self._beat_at is None else at - self._beat_at
        self._beat_at = at
        self._wanted += (self._resting + self._effort(at) - self._wanted) * (1 - math.exp(-passed / LAG))
        self._interval = 60 / (self._wanted + SWING * math.sin(math.tau * at / BREATH))
