"""The person on the belt, as the machine's own sensors feel one: steps, and none of them while nobody is on it.

Units: distance m (of belt that has run past).
"""

from __future__ import annotations


class StepCounter:
    """Somebody who walks or runs as the belt does, until they step off."""

    def __init__(self) -> None:
        self._off_at: float | None = None
        self._missed = 0.0

    @property
    def on(self) -> bool:
        """Whether they are on the belt."""
        return self._off_at is None

    def missed(self, distance: float) -> float:
        """How much of `distance` the belt has run with nobody on it."""
        return self._missed + (0.0 if self._off_at is None else max(0.0, distance - self._off_at))

    def step_off(self, distance: float) -> None:
        """They step off when the belt has run for `distance`."""
        if self._off_at is None:
            self._off_at = distance

    def step_on(self, distance: float) -> None:
        """And on again."""
        self._missed, self._off_at = self.missed(distance), None
