"""Telling a hand at the console from a machine that traces its own ramp.

Rules:
- A machine reports target changes by Machine Status 05 and 06. Some stream them all along a ramp (quirk 36), some echo
  our own writes: a change counts as the console's only when it has stood for `SETTLE` and is not what we wrote.
- Nothing counts before we have written a target ourselves: the first status after subscribing may be stale.
- While a foreign value has not settled, nothing is raised: the console always wins.
"""

from __future__ import annotations

from runback.machine.slots import Slot

SETTLE = 1.5
"""Five times the longest gap between two statuses of a ramp trace (300 ms, capture of a Urevo E1L)."""


class ConsoleTrace:
    """The newest foreign target of one axis."""

    __slots__ = ("_at", "value")

    def __init__(self) -> None:
        self.value: int | None = None
        self._at = 0.0

    def saw(self, value: int, slot: Slot, now: float) -> None:
        """Machine Status reports target `value` for the axis of `slot`."""
        foreign = None if slot.sent is None or slot.is_sent(value) else value
        if foreign != self.value:
            self.value = foreign
            self._at = now

    def clear(self) -> None:
        """Forget it: a new target of ours is on its way, or the link is gone."""
        self.value = None

    def settled(self, now: float) -> int | None:
        """The console's target, once; None while there is none or it may still move."""
        if self.value is None or now < self._at + SETTLE:
            return None
        value, self.value = self.value, None
        return value

    def deadline(self) -> float | None:
        """When `settled` will have something to say."""
        return None if self.value is None else self._at + SETTLE
