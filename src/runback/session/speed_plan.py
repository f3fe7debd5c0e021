"""The speed plan: which speed the belt should have now, from the timeline, the user and the console.

Rules:
- The commanded speed falls at once. It rises only after an announcement whose countdown has run (`announcements`).
- A coming increase is announced before its step begins, so that steps begin on time. An increase that could not be
  announced in time (a console change, a resume) waits for its own announcement; the timeline does not.
- Nothing is announced ahead of a time that nobody knows: while a step does not count yet (`interval_clock`), or behind
  one that will have to be waited for.
- The console wins: its speed is held to the next step. + and - count from the last commanded speed and are remembered
  for the kind of step; - never raises.
- While it is not known what the treadmill counts speeds in, there is a `limit`; what is above it is announced once the
  limit is lifted.
- While the machine is silent nothing is announced, and what was announced is withdrawn. While no steps are felt on the
  belt it is the same; what was lowered for that is held to the next step.
- A change at the console, easing off and a skip end the wait for a step's speed.

Units: speed 0.01 km/h, time s. Sources: training.md "Session behaviour"; quirks.md, what went wrong elsewhere.
"""

from __future__ import annotations

import math

from runback.session.announcements import LEAD, PERSON_LEAD, LaterStep, PendingIncreases, SpeedIncrease
from runback.session.belt_ramp import RampModel
from runback.session.coaching_cues import CoachingCues
from runback.session.interval_clock import IntervalClock
from runback.session.model import CountFrom, Cue, CueKind, Intent
from runback.session.timeline import Stopwatch, Timeline, whole
from runback.session.totals import SessionTotals
from runback.source import Source
from runback.units import Limit, Unit, spell
from runback.workout.model import Kind, Workout

SLOWEST = 50
"""0.5 km/h, the lowest minimum of any treadmill known (quirk 26): − ends here where a machine tells no range."""
STEP = 50
"""One press of + or −: 0.5 km/h."""
EXTENSION = 30.0


class SpeedPlan:
    """One session's targets. It knows nothing of phases, links or treadmills; `Session` runs and halts it."""

    def __init__(
        self,
        workout: Workout,
        *,
        run_cap: float | None = None,
        unit: Unit = Unit.KMH,
        count_from: CountFrom = CountFrom.COMMAND,
        lag: RampModel | None = None,
    ) -> None:
        self.timeline = Timeline(workout)
        self.counting = IntervalClock(count_from, capped=run_cap is not None, lag=lag)
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
        self._announced = PendingIncreases()
        self._quiet = False
        self._empty = False
        self._calls = CoachingCues()

    # -- running and halting ------------------------------------------------------------------------------------

    def first_speed(self) -> int:
        """The speed to begin or resume with: that of the step, but never faster than walking on a resume."""
        timeline = self.timeline
        speed = timeline.speed
        return self._fit(speed if timeline.index is None else min(speed, timeline.walking_speed()))

    def run(self, speed: int, now: float) -> None:
        """The belt is heard to move, and `speed` has been announced, or is what it already does."""
        self.counting.run(now)
        self._command(speed, now, clean=False)
        self._quiet = self._empty = False
        if self.timeline.index is None:
            self._advance(now)
        else:
            self._await_speed(now)
        self.tick(now)

    def halt(self, now: float) -> None:
        """The belt is coming to rest, or is out of our hands: the clock stands still, nothing announced stays."""
        self.counting.halt(now)
        self.cues += self._announced.void(now)
        self._hold = None

    # -- what the person asks for; only while the belt runs -----------------------------------------------------------

    def apply(self, ask: Intent, now: float) -> str | None:
        """Do what `ask` says of speed or steps. Returns why it does not come to what was meant, if so."""
        self.notice = None
        actions = {
            Intent.FASTER: self.faster,
            Intent.SLOWER: self.slower,
            Intent.SKIP: self.skip,
            Intent.REPEAT: self.repeat,
            Intent.EXTEND: self.extend,
            Intent.EASE_OFF: self.ease_off,
            Intent.TROUBLE: self.trouble,
        }
        actions[ask](now)
        return self.notice

    def faster(self, now: float) -> None:
        """One step up, after its short countdown."""
        if self.timeline.easing:
            self.notice = "eased off: the rest of this session is walked"
            return
        if self._quiet:
            self.notice = "the treadmill has gone quiet: no speed-up until it is heard again"
            return
        if self._empty:
            self.notice = "no steps are felt on the belt: no speed-up until they are"
            return
        base = self._desired()
        wanted = min(base + STEP, self._top)
        if wanted <= base:
            self.notice = f"{spell(self._top, self._unit, Limit.HIGHEST)} is the limit"
            return
        pending = self._announced.here
        due = now + PERSON_LEAD if pending is None else max(pending.due, now + PERSON_LEAD)
        self._set_by_person(wanted)
        self._announced.here = SpeedIncrease(wanted, due, None if pending is None else pending.kind)
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
        self._command(walking, now)
        self.counting.count_on(now)
        self.source = Source.PERSON
        self._cue(CueKind.EASED, now, walking)
        self.tick(now)

    def skip(self, now: float) -> None:
        """On to the next step: at once if it is no faster, else after its announcement."""
        self.counting.count_on(now)
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
        self._await_speed(now)
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
        self._command(speed, now, clean=False)
        self.counting.count_on(now)
        self.source = Source.CONSOLE
        self._announced.here = None
        self._cue(CueKind.CONSOLE, now, speed)
        self.tick(now)

    def restrict(self, limit: int | None, now: float) -> None:
        """Nothing faster than `limit` from now on; None: whatever `high` allows."""
        if limit != self.limit:
            self.limit = limit
            self.cues += self._announced.void(now)

    def empty(self, now: float, *, empty: bool) -> None:
        """Nobody has been felt on the belt for a while, or somebody is again."""
        self._empty = empty
        if empty:
            self.cues += self._announced.void(now)

    def slow_down(self, now: float) -> None:
        """To walking speed now, if that is slower; held until the next step."""
        self._hold = min(self._fit(self.timeline.walking_speed()), self.commanded)
        self.source = Source.SAFETY
        self.counting.count_on(now)
        self.tick(now)

    def quiet(self, now: float, *, quiet: bool) -> None:
        """The machine has stopped, or begun again, to say what its belt does."""
        self._quiet = quiet
        if quiet:
            self.cues += self._announced.void(now)

    def _set_by_person(self, speed: int) -> None:
        self.source = Source.PERSON
        if self._hold is None:
            # Where the machine's slowest is faster than the step, "slower" must not add to later steps of its kind.
            self.timeline.remember(min(speed, self.timeline.speed) if speed <= self.commanded else speed)
        else:
            self._hold = speed

    # -- what time alone does ----------------------------------------------------------------------------------------

    @property
    def finished(self) -> bool:
        """Whether the last step is over."""
        return self.timeline.finished

    @property
    def announced(self) -> SpeedIncrease | None:
        """The increase that comes next."""
        return self._announced.next

    @property
    def watch(self) -> Stopwatch:
        """The session's clock."""
        return self.counting.watch

    @property
    def totals(self) -> SessionTotals:
        """What was done so far."""
        return self.counting.totals

    # -- time -------------------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Begin the steps that are due, announce what comes, and set the commanded speed."""
        before = self.timeline.index
        while True:
            desired = self._desired()
            self.counting.look(desired, now)
            if self.finished or now < self.watch.when(self.timeline.end):
                break
            self._advance(self.watch.when(self.timeline.end))
        self.counting.count(now)
        if self.finished:
            return
        later = self._later_steps(now, desired)
        self.cues += self._announced.look_ahead(later, desired, now, may_rise=self._may_rise)
        self.cues += self._announced.cues(now)
        self._steer(now, desired, begun=self.timeline.index != before)
        self.cues += self._announced.cues(now)
        announced = self._announced.next is not None
        self.cues += self._calls.cues(now, self.watch, self.timeline, announced=announced)

    def deadline(self, now: float) -> float | None:
        """When `tick` will next have something to do. Only while the belt runs."""
        times = [self.watch.when(self.timeline.end), *self._announced.deadlines(now)]
        times += [step.due for step in self._later_steps(now, self._desired())]
        times += self._calls.deadlines(self.watch, self.timeline)
        times.append(self.counting.by)
        return min((at for at in times if now < at < math.inf), default=None)

    def changes_ahead(self) -> float:
        """Seconds that the changes of speed to come will take on top of what counts, as far as this belt is known."""
        speeds = [self._fit(self.timeline.speed_of(step)) for step in self.timeline.steps[self.timeline.number :]]
        before = 0 if self.timeline.index is None else self._desired()
        lag, seconds = self.counting.ramps.lag, 0.0
        for step, start, goal in zip(
            self.timeline.steps[self.timeline.number :], [before, *speeds], speeds, strict=False
        ):
            if self.counting.waits_for(step, start, goal):
                seconds += lag.seconds(start, goal) or 0.0
        return seconds

    def _advance(self, at: float) -> None:
        self.timeline.advance()
        self._hold = None
        step = self.timeline.step
        if step is None:
            self.counting.count(at)
            self.cues += self._announced.void(at)
            return
        number = self.timeline.number
        self.counting.begin(number, step, self.timeline.start, at)
        self.source = Source.PLAN
        self._announced.begin(number - 1)
        running = step.kind is Kind.RUN
        self._cue(CueKind.RUN if running else CueKind.WALK, at, self._fit(self.timeline.speed_of(step)), step.kind)
        if running and number > 1 and not any(later.kind is Kind.RUN for later in self.timeline.steps[number:]):
            self._cue(CueKind.LAST_INTERVAL, at)
        self._await_speed(at)

    def _await_speed(self, at: float) -> None:
        """The step under way counts from now on, or from the moment the belt is at its speed."""
        goal = self._desired()
        if self.counting.await_speed(self.timeline.here, goal, at, told=self.commanded == goal):
            self.cues += self._announced.void_coming(at)  # nobody knows any more when those will be

    def _command(self, speed: int, now: float, *, clean: bool = True) -> None:
        self.commanded = speed
        self.counting.commanded(speed, self._desired(), now, clean=clean)

    # -- ahead --------------------------------------------------------------------------------------------------------

    def _later_steps(self, now: float, before: int) -> list[LaterStep]:
        """The steps after one at `before`, up to the first whose announcement is not due at `now`, or after which
        nobody knows when the next one starts."""
        later: list[LaterStep] = []
        start = self.timeline.end
        for index in range(self.timeline.number, len(self.timeline.steps)):
            step = self.timeline.steps[index]
            speed, due = self._fit(self.timeline.speed_of(step)), self.watch.when(start - LEAD)
            later.append(LaterStep(index, self.watch.when(start), due, speed, step.kind))
            if now < due or self.counting.waits_for(step, before, speed):
                break
            start, before = whole(start + step.duration), speed
        return later

    def _steer(self, now: float, desired: int, *, begun: bool) -> None:
        """Lower at once to what is `desired`; raise to it once that has been announced, and counted down."""
        if desired <= self.commanded:
            if desired < self.commanded:
                self._command(desired, now)
                if not begun or self.timeline.here.kind is Kind.RUN:  # a walk that begins has said so
                    self._cue(CueKind.SLOWER, now, desired)
            self.cues += self._announced.void_here(now)
        elif self._announced.rise(desired, self.timeline.here.kind, now, may_rise=self._may_rise):
            self._command(desired, now)

    @property
    def _may_rise(self) -> bool:
        """Whether an increase may be announced: the machine is heard, and nobody is missed on its belt."""
        return not (self._quiet or self._empty)

    def _desired(self) -> int:
        return self._fit(self.timeline.speed) if self._hold is None else self._hold

    def _fit(self, speed: int) -> int:
        return max(self.low, min(speed, self._top))

    @property
    def _top(self) -> int:
        return self.high if self.limit is None else min(self.high, self.limit)

    def _cue(self, kind: CueKind, at: float, speed: int | None = None, step: Kind | None = None) -> None:
        self.cues.append(Cue(at, kind, 0.0, speed, step))
