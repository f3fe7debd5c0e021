"""Telling a hand at the console from a machine that traces its own ramp.

Rules:
- A machine reports target changes by Machine Status 05 and 06. Some stream them all along a ramp (quirk 36), some echo
  our own writes: a change counts as the console's only when it has stood for `SETTLE` and is not what we wrote.
- Nothing counts before we have written a target ourselves: the first status after subscribing may be stale.
- A ramp to a target of ours does not go beyond it. A value that does is a hand's; whatever the hand then sets, it has
  set, even if that is what we wrote.
- While a foreign value has not settled, nothing is raised: the console always wins.
"""

from __future__ import annotations

from runback.machine.targets import Target

SETTLE = 1.5
"""Five times the longest gap between two statuses of a ramp trace (300 ms, capture of a Urevo E1L)."""


class ConsoleTargetTracker:
    """The newest foreign target of one axis."""

    __slots__ = ("_at", "_began", "_hand", "value")

    def __init__(self) -> None:
        self.value: int | None = None
        self._at = 0.0
        self._began: int | None = None
        """What the axis was at when our newest target was written."""
        self._hand = False
        """Whether the values that come are a hand's beyond doubt."""

    def saw(self, value: int, slot: Target, now: float) -> None:
        """Machine Status reports target `value` for the axis of `slot`."""
        self._hand = self._hand or self._beyond(value, slot)
        foreign = None if slot.sent is None or (slot.is_sent(value) and not self._hand) else value
        if foreign != self.value:
            self.value = foreign
            self._at = now

    def _beyond(self, value: int, slot: Target) -> bool:
        """Whether no ramp to our newest target passes `value`."""
        # Without a target of ours there is no ramp of ours that could be told from a hand.
        if slot.sent is None or self._began is None or slot.is_sent(value):
            return False
        # What lies below a ramp that rises may be the machine's: some begin theirs at 0 (capture of a Urevo E1L).
        return value > max(self._began, slot.sent) or value < slot.sent < self._began

    def clear(self, began: int | None = None) -> None:
        """Forget it: a new target of ours is on its way, from `began` on, or the link is gone."""
        self.value, self._began, self._hand = None, began, False

    def settled(self, now: float) -> int | None:
        """The console's target, once; None while there is none or it may still move."""
        if self.value is None or now < self._at + SETTLE:
            return None
        value, self.value, self._hand = self.value, None, False
        return value

    def deadline(self) -> float | None:
        """When `settled` will have something to say."""
        return None if self.value is None else self._at + SETTLE
