"""The two slots of a machine: one wanted speed, one wanted incline. Newest wins; nothing queues.

Rules:
- A target outside the machine's range is refused when it is asked for, with LimitError.
- What is written lies on the machine's grid, minimum + n * increment; an increment of zero means "no grid".
- What has been written is never written again, unless the machine lost it (`lost`, `forget`) or did not answer
  (`retry`). A value less than half an increment from it is the same, rounded by the machine (quirk 24).
- What the machine refused is not offered again until something else is wanted.
"""

from __future__ import annotations

from dataclasses import dataclass

from runback.errors import LimitError
from runback.source import Source

MAX_TRIES = 3


@dataclass(frozen=True, slots=True)
class SupportedRange:
    """A supported range: `low`, `high` and `step` in the wire's unit; `step` may be 0 (quirk 25)."""

    low: int
    high: int
    step: int

    def check(self, quantity: str, value: int) -> None:
        """Raise LimitError unless `value` lies in the range."""
        if not self.low <= value <= self.high:
            raise LimitError(quantity, value, self.low, self.high, "the treadmill's range")

    def nearest(self, value: int) -> int:
        """The supported value nearest to `value` (a tie goes down), within the range."""
        if value <= self.low or self.step <= 0:
            return min(max(value, self.low), self.high)
        steps = (value - self.low + (self.step - 1) // 2) // self.step
        last = (self.high - self.low) // self.step
        return self.low + min(steps, last) * self.step

    def floor(self, value: int) -> int:
        """The highest supported value not above `value`; `low` if there is none."""
        if value <= self.low or self.step <= 0:
            return min(max(value, self.low), self.high)
        return self.low + (min(value, self.high) - self.low) // self.step * self.step


UNKNOWN_RANGE = SupportedRange(0, 0xFFFF, 0)
"""What a slot takes of a machine whose range is unknown: whatever the wire can carry."""


class Target:
    """What is wanted of one axis, and what the machine has been told."""

    __slots__ = ("_offered", "_refused", "_retry_at", "_tries", "grid", "quantity", "sent", "slack", "source", "wanted")

    def __init__(self, quantity: str) -> None:
        self.quantity = quantity
        self.grid = UNKNOWN_RANGE
        self.slack = 0
        """What the machine may be off by for the unit it counts in."""
        self.source = Source.PLAN
        self.forget()

    def forget(self) -> None:
        """Nothing is wanted, and nothing is known of the machine's target."""
        self.wanted: int | None = None
        self.sent: int | None = None
        self._offered: int | None = None
        self._renew()

    def _renew(self) -> None:
        self._refused: int | None = None
        self._tries = 0
        self._retry_at: float | None = None

    def want(self, value: int, source: Source) -> None:
        """Take a target. Raises LimitError if it lies outside the machine's range."""
        self.grid.check(self.quantity, value)
        value = self.grid.nearest(value)
        # The machine has it, rounded its own way (24): writing it again would only make it beep (42).
        if self.sent is not None and self.is_sent(value):
            value = self.sent
        # Something else is wanted: what was refused, or tried in vain, says nothing of it.
        if value != self.wanted:
            self.wanted = value
            self._renew()
        self.source = source

    def due(self, now: float) -> int | None:
        """The target that has to be written, if one has."""
        if self.wanted in (None, self.sent, self._refused) or (self._retry_at is not None and now < self._retry_at):
            return None
        return self.wanted

    def is_sent(self, value: int) -> bool:
        """Whether `value` is what has been written, as a machine may round it."""
        apart = None if self.sent is None else abs(value - self.sent)
        return apart is not None and (apart <= self.slack or 2 * apart < self.grid.step)

    def offer(self, value: int) -> None:
        """`value` is being written, on the way to what is wanted."""
        self.sent = value
        self._offered = self.wanted

    def took(self) -> None:
        """The machine has taken what was written."""
        self._tries = 0

    def hold(self, value: int) -> None:
        """The console set `value`: it is wanted, and known to the machine."""
        self.wanted = self.sent = value
        self.source = Source.CONSOLE
        self._renew()

    def lost(self) -> None:
        """The machine has not taken what was written: it is due again."""
        self.sent = None

    def retry(self, at: float) -> bool:
        """What was written did not take; offer it again from `at` on. False once it has been tried often enough."""
        self.sent = None
        self._tries += 1
        self._retry_at = at
        if self._tries >= MAX_TRIES:
            self._refused = self._offered
        return self._tries < MAX_TRIES

    def refuse(self) -> None:
        """The machine will not take what was written on the way to what was wanted: do not offer that again."""
        self.sent = None
        self._refused = self._offered

    def retry_at(self) -> float | None:
        """When a postponed target becomes due; None if none is postponed."""
        return self._retry_at if self.wanted not in (None, self.sent, self._refused) else None
