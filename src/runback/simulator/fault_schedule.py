"""The declared faults as a running machine consults them.

Rules: nothing is active before the clock has begun; a fault of sort `next` without duration is spent once taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runback.simulator.fault_kinds import SHAPES, FaultKind, FaultTiming
from runback.simulator.faults import Fault


class FaultSchedule:
    """Faults on one clock."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self._faults = tuple(faults)
        self._spent: set[int] = set()
        self._epoch: float | None = None

    @property
    def begun(self) -> bool:
        """Whether the clock runs."""
        return self._epoch is not None

    def begin(self, now: float) -> None:
        """Start the clock."""
        self._epoch = now

    def edges(self) -> Iterator[tuple[float, float | None, Fault]]:
        """When each moment and span begins, and when it ends (None: never), for those that act by themselves."""
        for fault in self._faults:
            if SHAPES[fault.kind].sort is not FaultTiming.NEXT:
                yield *self._bounds(fault), fault

    def take(self, kind: FaultKind, now: float) -> Fault | None:
        """A fault of `kind` for the occasion at `now`, used up if it was for one occasion."""
        for index, fault in enumerate(self._faults):
            if fault.kind is kind and index not in self._spent and self._covers(fault, now):
                if fault.duration is None:
                    self._spent.add(index)
                return fault
        return None

    def active(self, kind: FaultKind, now: float) -> Fault | None:
        """The fault of `kind` that holds at `now`; the one declared last, if several do."""
        return next(
            (fault for fault in reversed(self._faults) if fault.kind is kind and self._covers(fault, now)), None
        )

    def _bounds(self, fault: Fault) -> tuple[float, float | None]:
        begin = (self._epoch or 0.0) + fault.start
        return begin, None if fault.duration is None else begin + fault.duration

    def _covers(self, fault: Fault, now: float) -> bool:
        begin, end = self._bounds(fault)
        return self._epoch is not None and begin <= now and (end is None or now < end)
