"""How a session goes from phase to phase. The lower half of `session.Session`.

Rules:
- Whatever halts the belt halts the timeline's clock and withdraws what was announced.
- A countdown that is called off leaves the session where it was: ready, or paused.
- What cannot be ordered because the treadmill's own buttons have to be pressed is said (`by_hand`).
"""

from __future__ import annotations

import math

from runback.machine.events import Measured
from runback.session.announcements import LEAD, PERSON_LEAD, SpeedIncrease
from runback.session.belt_ramp import RampModel
from runback.session.manual_prompts import PRESS_PAUSE, PRESS_START, PRESS_STOP, PRESS_WITHIN, UNSEEN_STOP, set_it
from runback.session.model import CountFrom, Cue, CueKind, MachineRequest, ManualMode, Phase, SteppedOff
from runback.session.speed_plan import SpeedPlan
from runback.session.step_detection import AFTER, PresenceLevel, StepDetector
from runback.session.transitions import LINK
from runback.units import Unit
from runback.workout.model import Workout

PAUSE_WITHIN = 20.0
"""Seconds a pause may take to bring the belt to rest before it becomes a Stop; the slowest belts need 15."""
FINDING_UNITS = "at walking pace until it is known what this treadmill counts speed in"

STANDS = "the belt stands still: in three seconds it gets its slowest speed"

ASKED = "are you on the belt? it feels no steps"
SLOWED = "slowed down: the belt feels no steps"
MISSED = "paused: the belt felt no steps"


class Passage:
    """The phase of one session, what is known of its treadmill, and every way from one phase to another."""

    def __init__(
        self,
        workout: Workout,
        *,
        run_cap: float | None = None,
        unit: Unit = Unit.KMH,
        count_from: CountFrom = CountFrom.COMMAND,
        stepped_off: SteppedOff = SteppedOff.PAUSE,
        after: float = AFTER,
        lag: RampModel | None = None,
    ) -> None:
        self.workout = workout
        self.unit = unit
        """What the person has speeds in: notices say them so, and mean the same."""
        self.speed_plan = SpeedPlan(workout, run_cap=run_cap, unit=unit, count_from=count_from, lag=lag)
        self.phase = Phase.CONNECTING
        self.notice: str | None = None
        self.stop_reason = ""
        self._by_hand = ManualMode.NOTHING
        self.steps = StepDetector(stepped_off, after)
        self.incline_offset = 0
        self._incline_hold: int | None = None
        self._countdown: SpeedIncrease | None = None
        self._rousing: SpeedIncrease | None = None
        """A belt that stands after its start is about to be told its slowest speed (quirk 52)."""
        self._pause_by = math.inf
        self._press_by = math.inf
        self._prompted: int | None = None
        """The speed the person was last asked to set."""
        self._linked = False
        self._moving: bool | None = None
        self._control = False
        self._orders: list[MachineRequest] = []
        self._cues: list[Cue] = []

    @property
    def by_hand(self) -> ManualMode:
        """What the person does at the treadmill; set when it is known which treadmill it is."""
        return self._by_hand

    @by_hand.setter
    def by_hand(self, by_hand: ManualMode) -> None:
        self._by_hand = by_hand
        if by_hand is ManualMode.UNSEEN:  # nobody will see when it has reached its speed
            self.speed_plan.counting.count_from = CountFrom.COMMAND

    @property
    def prompts(self) -> bool:
        """Whether the person sets the speed, at the session's word."""
        return self.by_hand in (ManualMode.EVERYTHING, ManualMode.UNSEEN)

    @property
    def timed_only(self) -> bool:
        """Whether nothing is known of the belt, and the clock alone says where the workout is."""
        return self.by_hand is ManualMode.UNSEEN

    # -- towards a moving belt --------------------------------------------------------------------------------------

    def _count_down(self, now: float) -> None:
        speed = self.speed_plan.first_speed()
        self._countdown = SpeedIncrease(speed, now + LEAD, self.speed_plan.timeline.here.kind)
        self.phase = Phase.COUNTDOWN
        if not self.prompts:
            self._orders.append(MachineRequest.ARM)
        self._cues += self._countdown.cues(now)

    def _rearm(self, now: float) -> None:
        if self._moving and self.prompts:
            self._take_over(now)
        elif self._moving:
            self._orders.append(MachineRequest.ARM)
            self.notice = "asking the treadmill for control"
        elif self._moving is None:
            self._orders.append(MachineRequest.LISTEN)
            self.notice = "waiting to hear what the belt does"
        else:
            self._rest(None)

    def _order_start(self, now: float) -> None:
        if self.by_hand is not ManualMode.NOTHING:
            self.notice = PRESS_START
            self._press_by = now + PRESS_WITHIN
        if not self.prompts:
            self._orders.append(MachineRequest.START)

    def _enter(self, phase: Phase, now: float) -> None:
        """A signal's consequence, by `SIGNALS`."""
        match phase:
            case Phase.RUNNING:
                self._begin_running(now)
            case Phase.PAUSED:
                self._call_off(self.notice, now)
            case Phase.PAUSING:
                self._pause(now)
            case Phase.STOPPED:
                if self.phase is Phase.ENDING:
                    self.phase = Phase.STOPPED
                    self.stop_reason = "the workout is over, but the belt does not stop"
                else:
                    self._orders.append(MachineRequest.STOP)
                    self.stopped(self.notice or "stopped", now)
            case Phase.COMPLETED:
                self.phase = phase
                self._cue(CueKind.COMPLETED, now)
            case _:
                self._halt(now)
                self.phase = phase

    def _stands(self, now: float) -> None:
        """The belt has been told to start, and stands: announce that it is told its slowest speed."""
        if self.phase is Phase.STARTING and self.by_hand is ManualMode.NOTHING:
            self._rousing = SpeedIncrease(self.speed_plan.low, now + PERSON_LEAD, None)
            self.notice = STANDS
            self._cues += self._rousing.cues(now)

    def _begin_running(self, now: float) -> None:
        if self.phase is Phase.STARTING and self._countdown is not None:
            if not self.timed_only and not (self._moving and (self._control or self.prompts)):
                return
            speed, resumed = self._countdown.speed, self.speed_plan.timeline.index is not None
            self._countdown = self._rousing = None
            self.notice = None if self.notice == STANDS else self.notice
            self.phase = Phase.RUNNING
            self._prompted = None
            self.notice = self.notice if self.speed_plan.limit is None else FINDING_UNITS
            self.speed_plan.run(speed, now)
            if self.timed_only:
                self._prompted = speed
                self.notice = f"{PRESS_START}, then {set_it(speed, self.unit)}"
            if resumed:
                self._cue(CueKind.RESUMED, now, speed)
        elif self._moving:
            self._take_over(now)
        else:
            self._rest("the belt is at rest")

    def _take_over(self, now: float) -> None:
        """Go on with a belt that moves already, at the speed it has."""
        self.notice = None
        self._prompted = None
        self.phase = Phase.RUNNING
        self.speed_plan.run(min(self.speed_plan.counting.speed, self.speed_plan.high), now)

    # -- towards rest ----------------------------------------------------------------------------------------------

    def _feel(self, record: Measured, now: float) -> None:
        """Is anybody on the belt?"""
        if self.phase is not Phase.RUNNING:
            return
        speed = self.speed_plan.counting.speed
        footing = self.steps.heard(speed, record.steps, record.cadence, now, words_only=self.prompts)
        if footing is None:
            return
        self.speed_plan.empty(now, empty=footing is not PresenceLevel.ON)
        if footing is PresenceLevel.ON:
            self.notice = None if self.notice in (ASKED, SLOWED) else self.notice
        elif footing is PresenceLevel.PAUSED:
            self.notice = MISSED
            self._pause(now)
            self._order_pause()
        else:
            self.notice = ASKED if footing is PresenceLevel.ASKED else SLOWED
            self._cue(CueKind.STEPPED_OFF, now)
            if footing is PresenceLevel.SLOWED:
                self.speed_plan.slow_down(now)

    def stopped(self, reason: str, now: float) -> None:
        """The stop latch has been pulled. Idempotent; the first reason stands."""
        if self.phase in (Phase.STOPPED, Phase.ENDING, Phase.COMPLETED):
            return
        self._halt(now)
        self.phase = Phase.STOPPED
        self.stop_reason = reason
        self.notice = self._press_stop
        self._cue(CueKind.STOPPED, now)

    def released(self) -> None:
        """The latch was let go of. Nothing moves; the person may resume, or leave."""
        if self.phase is not Phase.STOPPED:
            return
        if self.speed_plan.finished:
            self.phase = Phase.COMPLETED
        elif self._linked or self.timed_only:
            self._rest(None)
        else:
            self.phase, self.notice = Phase.LINK_LOST, LINK

    def _pause(self, now: float) -> None:
        self._halt(now)
        self.phase = Phase.PAUSED if self.timed_only else Phase.PAUSING
        self._pause_by = now + PAUSE_WITHIN
        self.notice = PRESS_PAUSE if self.prompts else self.notice
        self._cue(CueKind.PAUSED, now)

    def _order_pause(self) -> None:
        if not self.prompts:
            self._orders.append(MachineRequest.PAUSE)

    @property
    def _waits_for_a_hand(self) -> bool:
        """Whether the start has been counted down, and the treadmill's own button not been pressed yet."""
        return self.phase is Phase.STARTING and self.by_hand is not ManualMode.NOTHING and not self._moving

    def _not_pressed(self, notice: str, now: float) -> None:
        """The start by hand is off; so is whatever would have followed it."""
        self._order_pause()
        self._call_off(notice, now)

    def _call_off(self, notice: str | None, now: float) -> None:
        self._halt(now)
        self._rest(notice)

    def _halt(self, now: float) -> None:
        """Nothing announced stays, and the timeline's clock stands still."""
        self.speed_plan.halt(now)
        self.steps.rest()
        if self.phase is Phase.COUNTDOWN:
            self._cue(CueKind.WITHDRAWN, now)
        self._countdown = self._rousing = None

    def _rest(self, notice: str | None) -> None:
        self.phase = Phase.READY if self.speed_plan.timeline.index is None else Phase.PAUSED
        self.notice = notice

    def _finish_if_over(self, now: float) -> None:
        if self.speed_plan.finished and self.phase is Phase.RUNNING:
            self.speed_plan.halt(now)
            self.phase = Phase.ENDING
            self.notice = self._press_stop
            self._orders.append(MachineRequest.FINISH)

    @property
    def _press_stop(self) -> str | None:
        """What the person has to do, where a Stop from here may not be all."""
        if self.timed_only:
            return UNSEEN_STOP
        return PRESS_STOP if self.prompts else self.notice

    def _cue(self, kind: CueKind, now: float, speed: int | None = None) -> None:
        self._cues.append(Cue(now, kind, 0.0, speed))
