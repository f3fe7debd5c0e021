"""The course: which speed the belt should have now, from the timeline, the person and the console.

Rules:
- The console wins: its speed is held to the next step. ± counts from the last commanded speed and is remembered for
  the kind of step; − never raises.
- While it is not known what the treadmill counts speeds in, there is a `limit`; what lies above it is announced once it
  has been lifted.
- While the machine is quiet nothing is announced, and what was announced is withdrawn.
- While nobody is felt on the belt it is the same; what was lowered for that is held to the next step.
- A hand at the console, easing off and a skip end the wait for a step's speed (`counting`).

Below: `progress`, what time alone does; `counting`, from when a step counts.

Units: speed 0.01 km/h, time s. Sources: training.md "Session behaviour"; quirks.md, what went wrong elsewhere.
"""

from __future__ import annotations

from runback.session.announcements import LEAD, PERSON_LEAD, SpeedIncrease
from runback.session.model import CueKind
from runback.session.progress import Progress
from runback.source import Source
from runback.units import Limit, spell
from runback.workout.model import Kind

STEP = 50
"""One press of + or −: 0.5 km/h."""
EXTENSION = 30.0


class Course(Progress):
    """One session's targets. It knows nothing of phases, links or treadmills; `Session` runs and halts it."""

    # -- running and halting ------------------------------------------------------------------------------------

    def first_speed(self) -> int:
        """The speed to begin or resume with: that of the step, but never faster than walking on a resume."""
        timeline = self.timeline
        speed = timeline.speed_of(timeline.here)
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

    def faster(self, now: float) -> None:
        """One step up, after its short countdown."""
        if self.timeline.easing:
            self.notice = "eased off: the rest of this session is walked"
            return
        if self._quiet:
            self.notice = "the treadmill has gone quiet: nothing is raised until it is heard again"
            return
        if self._empty:
            self.notice = "no steps are felt on the belt: nothing is raised until they are"
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
            self.timeline.remember(speed)
        else:
            self._hold = speed
