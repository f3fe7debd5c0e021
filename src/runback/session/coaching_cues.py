"""What is called out beside the steps themselves: halfway, the time left, and words on posture.

Rules:
- Each is called once. It follows from the timeline and the step's number alone: the same session says the same.
- A time left that has been jumped over (skip, a program held up) is not called late: it would be false.
- Posture is spoken of sparingly: in one step of three, so that runs and walks take turns; `POSTURE_AFTER` into it; not
  in short steps, and not while an increase is announced.

Source: training.md, "The plan" (what readers add) and "Session behaviour", cues. Units: seconds.
"""

from __future__ import annotations

from collections.abc import Iterator

from runback.session.model import Cue, CueKind
from runback.session.timeline import Stopwatch, Timeline
from runback.workout.model import Kind

TIMES_LEFT = (600.0, 300.0, 60.0)
"""Each is called in workouts at least twice as long."""
LATE = 1.0
"""Seconds by which a call of the time left may be late and still be true."""
POSTURE_AFTER = 15.0
POSTURE_NEEDS = 45.0
"""Shorter steps have no room for words between their own cues."""
POSTURE = (
    "Stay tall",
    "Shoulder blades down",
    "Belly button in",
    "Don't lean forward",
)

_Call = tuple[CueKind, float]


def posture(number: int) -> str:
    """The words on posture for step `number` (from 1)."""
    return POSTURE[number // 3 % len(POSTURE)]


class CoachingCues:
    """What has been called, and what is still to be."""

    __slots__ = ("_called",)

    def __init__(self) -> None:
        self._called: set[_Call] = set()

    def cues(self, now: float, watch: Stopwatch, timeline: Timeline, *, announced: bool) -> list[Cue]:
        """What has to be called by `now`, once each. `announced`: an increase is coming."""
        due: list[Cue] = []
        for call, position in list(self._ahead(timeline)):
            at = watch.when(position)
            if now < at:
                continue
            self._called.add(call)
            kind, argument = call
            if kind is CueKind.HALFWAY:
                due.append(Cue(now, kind))
            elif kind is CueKind.TIME_LEFT and now <= at + LATE:
                due.append(Cue(now, kind, argument))
            elif kind is CueKind.POSTURE and not announced:
                due.append(Cue(now, kind, number=timeline.number))
        return due

    def deadlines(self, watch: Stopwatch, timeline: Timeline) -> list[float]:
        """When each will be due."""
        return [watch.when(position) for _, position in self._ahead(timeline)]

    def _ahead(self, timeline: Timeline) -> Iterator[tuple[_Call, float]]:
        """Each call that has not been made, and its place on the session's clock."""
        total = timeline.total
        calls = [((CueKind.HALFWAY, 0.0), total / 2)]
        calls += [((CueKind.TIME_LEFT, left), total - left) for left in TIMES_LEFT if total >= 2 * left]
        step = timeline.step
        fit = step is not None and step.duration >= POSTURE_NEEDS and step.kind in (Kind.RUN, Kind.WALK)
        if fit and timeline.number % 3 == 2:
            calls.append(((CueKind.POSTURE, float(timeline.number)), timeline.start + POSTURE_AFTER))
        return (each for each in calls if each[0] not in self._called)
