"""The course: which speed the belt should have now, from the timeline, the person and the console.

Rules:
- The commanded speed falls at once and rises only on account of an announcement whose countdown has run (`announce`).
- A coming increase is announced before its step begins, so that steps begin on time. An increase that could not be
  announced in time (a console change, a resume) waits for its own announcement; the timeline does not.
- The console wins: its speed is held to the next step. ± counts from the last commanded speed and is remembered for
  the kind of step; − never raises.
- While the machine is quiet nothing is announced, and what was announced is withdrawn.

Units: speed 0.01 km/h, time s. Sources: training.md "Session behaviour"; quirks.md, what went wrong elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from runback.session.announce import LEAD, PERSON_LEAD, Raise
from runback.session.states import Cue, CueKind
from runback.session.timeline import Stopwatch, Timeline
from runback.session.totals import Totals
from runback.source import Source
from runback.workout.model import Kind, Step, Workout

STEP = 50
"""One press of + or −: 0.5 km/h."""
EXTENSION = 30.0
IN_TIME = 0.05
"""An announcement this little late still counts as on time: timers fire late, steps should not."""


class Course:
    """One session's targets. It knows nothing of phases, links or treadmills; `Session` runs and halts it."""

    def __init__(self, workout: Workout, *, run_cap: float | None = None) -> None:
        self.timeline = Timeline(workout)
        self.watch = Stopwatch()
        self.totals = Totals()
        self.commanded = 0
        self.source = Source.PLAN
        self.low = 0
        self.high = max(step.speed for step in self.timeline.steps)
        self.cues: list[Cue] = []
        self.notice: str | None = None
        self._run_cap = run_cap
        self._hold: int | None = None
        self._now: Raise | None = None
        self._coming: dict[int, Raise] = {}
        """Announced increases of later steps, by the step's index."""
        self._quiet = False
        self._halfway_said = False

    # -- running and halting ------------------------------------------------------------------------------------

    def first_speed(self) -> int:
        """The speed to begin or resume with: that of the step, but never faster than walking on a resume."""
        step = self.timeline.step
        if step is None:
            following = self.timeline.following
            return self._fit(self.timeline.speed_of(following)) if following is not None else self.low
        return self._fit(min(self.timeline.speed_of(step), self.timeline.walking_speed()))

    def run(self, speed: int, now: float) -> None:
        """The belt moves, and `speed` has been announced, or is what it already does."""
        self.watch.run(now)
        self.commanded = speed
        self._hold = self._now = None
        self._coming.clear()
        if self.timeline.index is None:
            self._advance(now)
        self.tick(now)

    def halt(self, now: float) -> None:
        """The belt is coming to rest, or is out of our hands: the clock stands still, nothing announced stays."""
        self.watch.halt(now)
        self.totals.count(self.watch.read(now))
        self.totals.clear_clock(now)
        self._withdraw(now)
        self._hold = None

    @property
    def finished(self) -> bool:
        """Whether the last step is over."""
        return self.timeline.finished

    @property
    def announced(self) -> Raise | None:
        """The increase that comes next."""
        return self._now or next(iter(self._coming.values()), None)

    # -- what the person asks for ---------------------------------------------------------------------------------

    def faster(self, now: float) -> None:
        """One step up, after its short countdown."""
        if self.timeline.easing:
            self.notice = "eased off: the rest of this session is walked"
            return
        base = self._desired()
        wanted = min(base + STEP, self.high)
        if wanted <= base:
            self.notice = f"{self.high / 100:.1f} km/h is the limit"
            return
        pending = self._now
        due = now + PERSON_LEAD if pending is None else max(pending.due, now + PERSON_LEAD)
        self._set_by_person(wanted)
        self._now = Raise(wanted, due, None if pending is None else pending.kind)
        self.tick(now)

    def slower(self, now: float) -> None:
        """One step down from the commanded speed, at once; an increase under way is withdrawn."""
        wanted = min(max(self.commanded - STEP, self.low), self.commanded)
        if wanted == self.commanded:
            self.notice = f"{self.low / 100:.1f} km/h is the slowest"
        self._set_by_person(wanted)
        self.tick(now)

    def ease_off(self, now: float) -> None:
        """To walking now; the rest of the session is walked."""
        walking = self._fit(min(self.timeline.walking_speed(), self.commanded))
        self.timeline.ease(walking)
        self._withdraw(now)
        self._hold = None
        self.commanded = walking
        self.source = Source.PERSON
        self._cue(CueKind.EASED, now, walking)
        self.tick(now)

    def skip(self, now: float) -> None:
        """On to the next step: at once if it is no faster, else after its announcement."""
        following, index = self.timeline.following, self.timeline.index
        if index is None:
            return
        faster = following is not None and self._fit(self.timeline.speed_of(following)) > self.commanded
        announced = self._coming.get(index + 1)
        lead = 0.0 if not faster else LEAD if announced is None else max(0.0, announced.due - now)
        end = self.watch.read(now) + lead
        if end < self.timeline.end:
            self.timeline.set_end(end)
            self._coming = {} if announced is None else {index + 1: announced}
        self.tick(now)

    def repeat(self, now: float) -> None:
        """The step under way from its beginning."""
        if self.timeline.index is not None and self.timeline.step is not None:
            planned = self.totals.intervals[-1].planned
            self._withdraw(now)
            self.timeline.again(self.watch.read(now), planned.duration)
            self.tick(now)

    def extend(self, now: float) -> None:
        """`EXTENSION` seconds more of this step. Running is never extended past the plan's own total of running."""
        step = self.timeline.step
        if step is None:
            return
        room = EXTENSION
        if step.kind is Kind.RUN and self._run_cap is not None:
            room = min(room, self._run_cap - self.timeline.run_seconds())
        if room <= 0:
            self.notice = "that would be more running than today's plan has"
            return
        self._withdraw_coming(now)
        self.timeline.set_end(self.timeline.end + room)
        self.tick(now)

    # -- what the machine does --------------------------------------------------------------------------------------

    def console(self, speed: int, now: float) -> None:
        """Somebody set `speed` at the console: held until the next step."""
        self._hold = speed
        self.commanded = speed
        self.source = Source.CONSOLE
        self._now = None
        self._cue(CueKind.CONSOLE, now, speed)
        self.tick(now)

    def quiet(self, now: float, *, quiet: bool) -> None:
        """The machine has stopped, or begun again, to say what its belt does."""
        self._quiet = quiet
        if quiet:
            self._withdraw(now)

    # -- time -------------------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Begin the steps that are due, announce what comes, and set the commanded speed."""
        if not self.watch.running:
            return
        while self.timeline.step is not None and now >= self._when(self.timeline.end):
            self._advance(self._when(self.timeline.end))
        self.totals.count(self.watch.read(now))
        if self.timeline.finished:
            return
        self._look_ahead(now)
        self._steer(now)
        for raised in (self._now, *self._coming.values()):
            if raised is not None:
                self.cues += raised.cues(now)
        if not self._halfway_said and self.watch.read(now) >= self.timeline.total / 2:
            self._halfway_said = True
            self._cue(CueKind.HALFWAY, now)

    def deadline(self, now: float) -> float | None:
        """When `tick` will next have something to do."""
        if not self.watch.running or self.timeline.finished:
            return None
        times = [self._when(self.timeline.end)]
        times += [self._when(start - LEAD) for _, start in self._later_starts(now)]
        for raised in (self._now, *self._coming.values()):
            at = None if raised is None else raised.deadline(now)
            if at is not None:
                times.append(at)
        if not self._halfway_said:
            times.append(self._when(self.timeline.total / 2))
        return min((at for at in times if at > now), default=None)

    def _advance(self, at: float) -> None:
        self.totals.count(self.timeline.end)
        self.timeline.advance()
        step = self.timeline.step
        if step is None:
            self._withdraw(at)
            return
        number = (self.timeline.index or 0) + 1
        self.totals.begin(number, step, self.timeline.start, at)
        self._hold = None
        self.source = Source.PLAN
        announced = self._coming.pop(number - 1, None)
        self._now = announced or self._now
        running = step.kind is Kind.RUN
        self._cue(CueKind.RUN if running else CueKind.WALK, at, self._fit(self.timeline.speed_of(step)), step.kind)
        later = self.timeline.steps[number:]
        if running and number > 1 and not any(other.kind is Kind.RUN for other in later):
            self._cue(CueKind.LAST_INTERVAL, at)

    def _later_starts(self, now: float) -> Iterator[tuple[int, float]]:
        """Index and start of each later step, up to the first whose announcement is not due at `now`."""
        here, start = self.timeline.index or 0, self.timeline.end
        for index in range(here + 1, len(self.timeline.steps)):
            yield index, start
            if now < self._when(start - LEAD):
                return
            start += self.timeline.steps[index].duration

    def _look_ahead(self, now: float) -> None:
        before = self._desired()
        for index, start in self._later_starts(now):
            step = self.timeline.steps[index]
            speed = self._fit(self.timeline.speed_of(step))
            begins, known = self._when(start), self._coming.get(index)
            if speed <= before:
                if self._coming.pop(index, None) is not None:
                    self._cue(CueKind.WITHDRAWN, now)
            elif known is not None and speed > known.speed:  # the person's + reaches into it
                self._coming[index] = Raise(speed, max(begins, now + PERSON_LEAD), step.kind)
            elif known is None and now >= self._when(start - LEAD) and not self._quiet:
                in_time = now <= begins - LEAD + IN_TIME
                self._coming[index] = Raise(speed, begins if in_time else max(begins, now + LEAD), step.kind)
            before = speed

    def _steer(self, now: float) -> None:
        desired = self._desired()
        if desired <= self.commanded:
            if desired < self.commanded:
                self.commanded = desired
                if not self.cues or self.cues[-1].at < now or self.cues[-1].kind is not CueKind.WALK:
                    self._cue(CueKind.SLOWER, now, desired)
            if self._now is not None:
                self._now = None
                self._cue(CueKind.WITHDRAWN, now)
        elif self._now is not None and self._now.covers(desired, now):
            self.commanded = desired
            self._now = None
        elif (self._now is None or desired > self._now.speed) and not self._quiet:
            step = self.timeline.step
            self._now = Raise(desired, now + LEAD, None if step is None else step.kind)

    def _desired(self) -> int:
        step = self.timeline.step
        if self._hold is not None or step is None:
            return self.commanded if self._hold is None else self._hold
        return self._fit(self.timeline.speed_of(step))

    def _set_by_person(self, speed: int) -> None:
        self.source = Source.PERSON
        self._hold = None if self._hold is None else speed
        if self._hold is None:
            self.timeline.remember(speed)

    def _withdraw(self, now: float) -> None:
        if self._now is not None or self._coming:
            self._now = None
            self._coming.clear()
            self._cue(CueKind.WITHDRAWN, now)

    def _withdraw_coming(self, now: float) -> None:
        if self._coming:
            self._coming.clear()
            self._cue(CueKind.WITHDRAWN, now)

    def _fit(self, speed: int) -> int:
        return max(self.low, min(speed, self.high))

    def _when(self, position: float) -> float:
        at = self.watch.when(position)
        return float("inf") if at is None else at

    def _cue(self, kind: CueKind, at: float, speed: int | None = None, step: Kind | None = None) -> None:
        self.cues.append(Cue(at, kind, 0.0, speed, step))


def incline_of(step: Step | None) -> int:
    """The incline a step asks for, 0.1 %; level before the first and after the last."""
    return 0 if step is None else step.incline
