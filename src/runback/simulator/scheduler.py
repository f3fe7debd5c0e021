"""What is to happen later, in order of time and, at one time, in the order it was put down."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count

ScheduledCall = Callable[[float], None]
"""Done with the time it was due."""


class Scheduler:
    """A heap of deeds. Nothing happens by itself: whoever owns it asks."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, ScheduledCall]] = []
        self._order = count()

    def at(self, when: float, deed: ScheduledCall) -> None:
        """Put `deed` down for `when`, seconds."""
        heapq.heappush(self._heap, (when, next(self._order), deed))

    def next_at(self) -> float | None:
        """When the next deed is due; None if there is none."""
        return self._heap[0][0] if self._heap else None

    def do_next(self) -> None:
        """Do the first deed. Raises IndexError if there is none."""
        when, _, deed = heapq.heappop(self._heap)
        deed(when)
