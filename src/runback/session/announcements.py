"""Announce, then move: an increase of belt speed happens only after its countdown has run.

Rules:
- A planned increase, a start and a resume are announced `LEAD` seconds before; one the person asked for with + is
  announced `PERSON_LEAD` seconds before. Every one counts 3, 2, 1.
- At its time the belt may go to the announced speed or any lower one, never higher.
- A count that could not be said in time (the program was held up) puts the move off: nobody is moved by a countdown
  that nobody heard.
- Decreases need no announcement; whatever makes an announced increase void withdraws it, audibly.

Source: training.md "Session behaviour". Units: speed 0.01 km/h, time s.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from runback.session.model import Cue, CueKind
from runback.workout.model import Kind

LEAD = 10.0
PERSON_LEAD = 3.0
COUNTS = (3, 2, 1)
IN_TIME = 0.05
"""What is this little late still counts as on time: timers fire late, steps should not."""


class SpeedIncrease:
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
            if now > self.due - count + IN_TIME:
                self.due = now + count
            said.append(Cue(now, CueKind.COUNTDOWN, count, self.speed, self.kind))
        return said

    def ready(self, now: float) -> bool:
        """Whether its countdown has run: the belt may go to its speed."""
        return not self._left and now >= self.due

    def deadline(self, now: float) -> float | None:
        """When it will next have something to say, or be due."""
        times = [self.due - count for count in self._left] + [self.due]
        return next((at for at in times if at > now), None)


@dataclass(frozen=True, slots=True)
class LaterStep:
    """A step to come: its `index`, when it `begins`, when that is `due` to be announced, its `speed` and kind."""

    index: int
    begins: float
    due: float
    speed: int
    kind: Kind


class PendingIncreases:
    """The increases announced and not yet made: one for the step under way, others for later steps, by their index."""

    __slots__ = ("coming", "here")

    def __init__(self) -> None:
        self.here: SpeedIncrease | None = None
        self.coming: dict[int, SpeedIncrease] = {}

    @property
    def next(self) -> SpeedIncrease | None:
        """The one that comes next."""
        return self.here or next(iter(self.coming.values()), None)

    def begin(self, index: int) -> None:
        """Step `index` begins: its announcement is the one for the step under way."""
        self.here = self.coming.pop(index, self.here)

    def look_ahead(self, later: Iterable[LaterStep], before: int, now: float, *, may_rise: bool) -> list[Cue]:
        """Announce what is due of the steps that come after one at `before`, if anything may rise, and withdraw what is
        no increase any more. Returns what is said of that."""
        said: list[Cue] = []
        for step in later:
            known = self.coming.get(step.index)
            if step.speed <= before:
                said += self.void_coming(now, step.index)
            elif known is not None and step.speed > known.speed:  # the person's + reaches into it
                self.coming[step.index] = SpeedIncrease(step.speed, max(step.begins, now + PERSON_LEAD), step.kind)
            elif known is None and now >= step.due and may_rise:
                in_time = now <= step.due + IN_TIME
                at = step.begins if in_time else max(step.begins, now + LEAD)
                self.coming[step.index] = SpeedIncrease(step.speed, at, step.kind)
            before = step.speed
        return said

    def rise(self, desired: int, kind: Kind, now: float, *, may_rise: bool) -> bool:
        """Whether the step under way, of `kind`, may have its faster `desired` speed now: what was announced for it has
        been counted down. Where nothing was, or less, that is announced, if anything may rise."""
        here = self.here
        if here is not None and desired <= here.speed:
            if here.ready(now):
                self.here = None
                return True
        elif may_rise:
            self.here = SpeedIncrease(desired, now + LEAD, kind)
        return False

    def cues(self, now: float) -> list[Cue]:
        """What has to be said by `now`. Two that are due together at one speed (the person's +, and the next step of
        that kind) are one to whoever hears them."""
        said: dict[tuple[CueKind, float, int | None], Cue] = {}
        for raised in self._all():
            for cue in raised.cues(now):
                said.setdefault((cue.kind, cue.seconds, cue.speed), cue)
        return list(said.values())

    def deadlines(self, now: float) -> list[float]:
        """When each will next have something to say, or be due."""
        return [at for raised in self._all() if (at := raised.deadline(now)) is not None]

    def void(self, now: float) -> list[Cue]:
        """Nothing announced will come; says so of each that was."""
        return self._withdrawn(now, [*self._take_here(), *self._take_coming()])

    def void_here(self, now: float) -> list[Cue]:
        """The same for the step under way."""
        return self._withdrawn(now, self._take_here())

    def void_coming(self, now: float, *indices: int) -> list[Cue]:
        """The same for the later steps at `indices`, or for all."""
        return self._withdrawn(now, self._take_coming(*indices))

    def _take_here(self) -> list[SpeedIncrease]:
        raised, self.here = self.here, None
        return [] if raised is None else [raised]

    def _take_coming(self, *indices: int) -> list[SpeedIncrease]:
        return [self.coming.pop(index) for index in list(self.coming) if index in indices or not indices]

    def _all(self) -> list[SpeedIncrease]:
        return [*([] if self.here is None else [self.here]), *self.coming.values()]

    def _withdrawn(self, now: float, gone: list[SpeedIncrease]) -> list[Cue]:
        """Says of which speeds: an increase that was announced beside them still comes, and if it sounded the same,
        nothing is withdrawn."""
        left = {(raised.speed, raised.due) for raised in self._all()}
        speeds = dict.fromkeys(raised.speed for raised in gone if (raised.speed, raised.due) not in left)
        return [Cue(now, CueKind.WITHDRAWN, 0.0, speed) for speed in speeds]
