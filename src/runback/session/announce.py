"""Announce, then move: an increase of belt speed happens only after its countdown has run.

Rules:
- A planned increase, a start and a resume are announced `LEAD` seconds before; one the person asked for with + is
  announced `PERSON_LEAD` seconds before. Every one counts 3, 2, 1.
- At its time the belt may go to the announced speed or any lower one, never higher.
- Decreases need no announcement; whatever makes an announced increase void withdraws it, audibly.

Source: training.md "Session behaviour". Units: speed 0.01 km/h, time s.
"""

from __future__ import annotations

from runback.session.states import Cue, CueKind
from runback.workout.model import Kind

LEAD = 10.0
PERSON_LEAD = 3.0
COUNTS = (3, 2, 1)


class Raise:
    """One announced increase to `speed` at `due`, for a step of `kind` (None: the person's +)."""

    __slots__ = ("_left", "_said", "due", "kind", "speed")

    def __init__(self, speed: int, due: float, kind: Kind | None) -> None:
        self.speed = speed
        self.due = due
        self.kind = kind
        self._said = False
        self._left = list(COUNTS)

    def cues(self, now: float) -> list[Cue]:
        """What has to be said by `now`, once each: the heads-up, then the counts."""
        said: list[Cue] = []
        if not self._said:
            self._said = True
            said.append(Cue(now, CueKind.HEADS_UP, self.due - now, self.speed, self.kind))
        while self._left and now >= self.due - self._left[0]:
            count = self._left.pop(0)
            said.append(Cue(now, CueKind.COUNTDOWN, count, self.speed, self.kind))
        return said

    def covers(self, speed: int, now: float) -> bool:
        """Whether the belt may go to `speed` now on this announcement's account."""
        return speed <= self.speed and now >= self.due

    def deadline(self, now: float) -> float | None:
        """When it will next have something to say, or be due."""
        times = [self.due - count for count in self._left] + [self.due]
        return next((at for at in times if at > now), None)
