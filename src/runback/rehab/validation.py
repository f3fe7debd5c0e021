"""The two scales of every record: the moment and the pain.

Rules:
- Every moment is absolute: a naive datetime is refused, any other is turned into UTC, because two datetimes of one
  time zone subtract their wall clocks and lose the hour of a clock change.
- Pain, and how hard a run was, is the numeric rating scale, a whole number from 0 (none) to 10 (worst).
"""

from __future__ import annotations

from datetime import UTC, datetime

from runback.errors import PlanError

WORST_PAIN = 10


def utc(at: datetime, where: str) -> datetime:
    """`at` in UTC. Raises PlanError if it is naive: nobody knows which moment that is."""
    if at.utcoffset() is None:
        raise PlanError(where, "this time has no time zone", "give the time with its zone, such as UTC")
    return at.astimezone(UTC)


def on_scale(value: object, where: str, name: str = "pain") -> None:
    """Raise PlanError unless `value` is on the scale."""
    if type(value) is not int or not 0 <= value <= WORST_PAIN:
        raise PlanError(where, f"{name} {value!r} is not on the scale", "give a whole number from 0 to 10")
