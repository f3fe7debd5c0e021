"""The course: which speed the belt should have now, from the timeline, the person and the console.

Rules:
- The commanded speed falls at once and rises only on account of an announcement whose countdown has run (`announce`).
- A coming increase is announced before its step begins, so that steps begin on time. An increase that could not be
  announced in time (a console change, a resume) waits for its own announcement; the timeline does not.
- The console wins: its speed is held to the next step. ± counts from the last commanded speed and is remembered for
  the kind of step; − never raises.
- While it is not known what the treadmill counts speeds in, there is a `limit`; what lies above it is announced once it
  has been lifted.
- While the machine is quiet nothing is announced, and what was announced is withdrawn.

Units: speed 0.01 km/h, time s. Sources: training.md "Session behaviour"; quirks.md, what went wrong elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from runback.session.announce import IN_TIME, LEAD, PERSON_LEAD, Announced, Raise
from runback.session.calls import Calls
from runback.session.states import Cue, CueKind
from runback.session.timeline import Stopwatch, Timeline
from runback.session.totals import Totals
from runback.source import Source
from runback.units import Limit, Unit, spell
from runback.workout.model import Kind, Workout

STEP = 50
"""One press of + or −: 0.5 km/h."""
EXTENSION = 30.0
SLOWEST = 50
"""0.5 km/h, the lowest minimum of any treadmill known (quirk 26): − ends here where a machine tells no range."""


class Course:
    """One session's targets. It knows nothing of phases, links or treadmills; `Session` runs and halts it."""

    def __init__(self, workout: Workout, *, run_cap: float | None = None, unit: Unit = Unit.KMH) -> None:
        self.timeline = Timeline(workout)
        self.watch = Stopwatch()
        self.totals = Totals()
        self.commanded = 0
        self.source = Source.PLAN
        self.low = min(SLOWEST, *(step.speed for step in self.timeline.steps))
        self.limit: int | None = None
        """Walking pace, while the machine's units are not known; None otherwise."""
        self.high = max(step.speed for step in self.timeline.steps)
        self.cues: list[Cue] = []
        self.notice: str | None = None
        self._unit = unit
        """What its notices say speeds in."""
        self._run_cap = run_cap
        self._hold: int | None = None
        self._announced = Announced()
        self._quiet = False
        self._calls = Calls()

    # -- running and halting ------------------------------------------------------------------------------------

    def first_speed(self) -> int:
        """The speed to begin or resume with: that of the step, but never faster than walking on a resume."""
        timeline = self.timeline
        speed = timeline.speed_of(timeline.here)
        return self._fit(speed if timeline.index is None else min(speed, timeline.walking_speed()))

    def run(self, speed: int, now: float) -> None:
        """The belt is heard to move, and `speed` has been announced, or is what it already does."""
        self.watch.run(now)
        self.commanded = speed
        self._quiet = False
        if self.timeline.index is None:
            self._advance(now)
        self.tick(now)

    def halt(self, now: float) -> None:
        """The belt is coming to rest, or is out of our hands: the clock stands still, nothing announced stays."""
        self.watch.halt(now)
        self.totals.count(self.watch.read(now))
        self.totals.clear_clock(now)
        self.cues += self._announced.void(now)
        self._hold = None

    @property
    def finished(self) -> bool:
        """Whether the last step is over."""
        return self.timeline.finished

    @property
    def announced(self) -> Raise | None:
        """The increase that comes next."""
        return self._announced.next

    # -- what the person asks for; only while the belt runs -----------------------------------------------------------

    def faster(self, now: float) -> None:
        """One step up, after its short countdown."""
        if self.timeline.easing:
            self.notice = "eased off: the rest of this session is walked"
            return
        if self._quiet:
            self.notice = "the treadmill has gone quiet: nothing is raised until it is heard again"
            return
        base = self._desired()
        wanted = min(base + STEP, self._top)
        if wanted <= base:
            self.notice = f"{spell(self._top, self._unit, Limit.HIGHEST)} is the limit"
            return
        pending = self._announced.here
        due = now + PERSON_LEAD if pending is None else max(pending.due, now + PERSON_LEAD)
        self._set_by_person(wanted)
        self._announced.here = Raise(wanted, due, None if pending is None else pending.kind)
        self.tick(now)

    def slower(self, now: float) -> None:
        """One step down from the commanded speed, at once; an increase under way is withdrawn."""
        wanted = min(max(self.commanded - STEP, self.low), self.commanded)
        if wanted == self.commanded:
            self.notice = f"{spell(self.low, self._unit, Limit.LOWEST)} is the slowest"
        self._set_by_person(wanted)
        self.tick(now)

    def ease_off(self, now: float) -> None:
        """To walking now; the rest of the session is walked."""
        self._ease(min(self._fit(self.timeline.walking_speed()), self.commanded), now)

    def trouble(self, now: float) -> None:
        """Something is wrong: eased off, and one step below the belt's speed where walking would be no slower."""
        walking = self._fit(self.timeline.walking_speed())
        slower = max(self.commanded - STEP, self.low)
        self._ease(min(walking if walking < self.commanded else slower, self.commanded), now)

    def _ease(self, walking: int, now: float) -> None:
        self.timeline.ease(walking)
        self.cues += self._announced.void(now)
        self._hold = None
        self.commanded = walking
        self.source = Source.PERSON
        self._cue(CueKind.EASED, now, walking)
        self.tick(now)

    def skip(self, now: float) -> None:
        """On to the next step: at once if it is no faster, else after its announcement."""
        following, index = self.timeline.following, self.timeline.number
        faster = following is not None and self._fit(self.timeline.speed_of(following)) > self.commanded
        announced = self._announced.coming.get(index)
        lead = 0.0 if not faster else LEAD if announced is None else max(0.0, announced.due - now)
        end = self.watch.read(now) + lead
        if end < self.timeline.end:
            self.timeline.set_end(end)
        self.tick(now)

    def repeat(self, now: float) -> None:
        """The step under way from its beginning."""
        self.cues += self._announced.void(now)
        self.timeline.again(self.watch.read(now), self.totals.intervals[-1].planned.duration)
        self.tick(now)

    def extend(self, now: float) -> None:
        """`EXTENSION` seconds more of this step. Running is never extended past the plan's own total of running."""
        room = EXTENSION
        if self.timeline.here.kind is Kind.RUN and self._run_cap is not None:
            room = min(room, self._run_cap - self.timeline.run_seconds())
        if room <= 0:
            self.notice = "that would be more running than today's plan has"
            return
        self.cues += self._announced.void_coming(now)
        self.timeline.set_end(self.timeline.end + room)
        self.tick(now)

    # -- what the machine does --------------------------------------------------------------------------------------

    def console(self, speed: int, now: float) -> None:
        """Somebody set `speed` at the console: held until the next step."""
        self._hold = speed
        self.commanded = speed
        self.source = Source.CONSOLE
        self._announced.here = None
        self._cue(CueKind.CONSOLE, now, speed)
        self.tick(now)

    def restrict(self, limit: int | None, now: float) -> None:
        """Nothing faster than `limit` from now on; None: whatever `high` allows."""
        if limit != self.limit:
            self.limit = limit
            self.cues += self._announced.void(now)

    def quiet(self, now: float, *, quiet: bool) -> None:
        """The machine has stopped, or begun again, to say what its belt does."""
        self._quiet = quiet
        if quiet:
            self.cues += self._announced.void(now)

    # -- time -------------------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Begin the steps that are due, announce what comes, and set the commanded speed."""
        before = self.timeline.index
        while not self.finished and now >= self.watch.when(self.timeline.end):
            self._advance(self.watch.when(self.timeline.end))
        self.totals.count(self.watch.read(now))
        if self.finished:
            return
        self._look_ahead(now)
        self.cues += self._announced.cues(now)
        self._steer(now, begun=self.timeline.index != before)
        self.cues += self._announced.cues(now)
        announced = self._announced.next is not None
        self.cues += self._calls.cues(now, self.watch, self.timeline, announced=announced)

    def deadline(self, now: float) -> float | None:
        """When `tick` will next have something to do. Only while the belt runs."""
        times = [self.watch.when(self.timeline.end), *self._announced.deadlines(now)]
        times += [self.watch.when(start - LEAD) for _, start in self._later_starts(now)]
        times += self._calls.deadlines(self.watch, self.timeline)
        return min((at for at in times if at > now), default=None)

    def _advance(self, at: float) -> None:
        self.totals.count(self.timeline.end)
        self.timeline.advance()
        self._hold = None
        step = self.timeline.step
        if step is None:
            self.cues += self._announced.void(at)
            return
        number = self.timeline.number
        self.totals.begin(number, step, self.timeline.start, at)
        self.source = Source.PLAN
        self._announced.begin(number - 1)
        running = step.kind is Kind.RUN
        self._cue(CueKind.RUN if running else CueKind.WALK, at, self._fit(self.timeline.speed_of(step)), step.kind)
        if running and number > 1 and not any(later.kind is Kind.RUN for later in self.timeline.steps[number:]):
            self._cue(CueKind.LAST_INTERVAL, at)

    def _later_starts(self, now: float) -> Iterator[tuple[int, float]]:
        """Index and start of each later step, up to the first whose announcement is not due at `now`."""
        start = self.timeline.end
        for index in range(self.timeline.number, len(self.timeline.steps)):
            yield index, start
            if now < self.watch.when(start - LEAD):
                return
            start += self.timeline.steps[index].duration

    def _look_ahead(self, now: float) -> None:
        before = self._desired()
        coming = self._announced.coming
        for index, start in self._later_starts(now):
            step = self.timeline.steps[index]
            speed = self._fit(self.timeline.speed_of(step))
            begins, known = self.watch.when(start), coming.get(index)
            if speed <= before:
                self.cues += self._announced.void_coming(now, index)
            elif known is not None and speed > known.speed:  # the person's + reaches into it
                coming[index] = Raise(speed, max(begins, now + PERSON_LEAD), step.kind)
            elif known is None and now >= (due := self.watch.when(start - LEAD)) and not self._quiet:
                in_time = now <= due + IN_TIME
                coming[index] = Raise(speed, begins if in_time else max(begins, now + LEAD), step.kind)
            before = speed

    def _steer(self, now: float, *, begun: bool) -> None:
        desired, here = self._desired(), self._announced.here
        if desired <= self.commanded:
            if desired < self.commanded:
                self.commanded = desired
                if not begun or self.timeline.here.kind is Kind.RUN:  # a walk that begins has said so
                    self._cue(CueKind.SLOWER, now, desired)
            self.cues += self._announced.void_here(now)
        elif here is not None and desired <= here.speed:
            if here.ready(now):
                self.commanded = desired
                self._announced.here = None
        elif not self._quiet:
            self._announced.here = Raise(desired, now + LEAD, self.timeline.here.kind)

    def _desired(self) -> int:
        return self._fit(self.timeline.speed_of(self.timeline.here)) if self._hold is None else self._hold

    def _set_by_person(self, speed: int) -> None:
        self.source = Source.PERSON
        if self._hold is None:
            self.timeline.remember(speed)
        else:
            self._hold = speed

    def _fit(self, speed: int) -> int:
        return max(self.low, min(speed, self._top))

    @property
    def _top(self) -> int:
        return self.high if self.limit is None else min(self.high, self.limit)

    def _cue(self, kind: CueKind, at: float, speed: int | None = None, step: Kind | None = None) -> None:
        self.cues.append(Cue(at, kind, 0.0, speed, step))
