"""The session: phases, made of what a person asks for and what the machine does. Pure; time is an argument.

Rules:
1. `ALLOWED` says what may be asked in each phase; anything else is answered with a notice and changes nothing.
   Stop is allowed everywhere, and the keeper latches it before the session hears of it.
2. The belt starts or resumes only on the person's word, after a countdown of `LEAD` seconds, at walking speed at most
   on a resume. The session only ever orders; the machine decides whether the belt may move.
3. Trouble is a phase, not an exception: link lost, control lost, safety key. None is left without the person's word.
4. The timeline's clock runs in RUNNING and nowhere else.
5. Where the treadmill's own buttons have to be pressed (`by_hand`) the session says which, and goes on by what the belt
   is measured to do. In prompt mode it orders nothing but Stop.
6. Where nothing is known of the belt (`by_clock`) it goes by the clock and the person's keys alone, whatever becomes of
   the link: it never says that the belt moves, or rests.

Source: training.md "Session behaviour". Units: speed 0.01 km/h, time s.
"""

from __future__ import annotations

import math
from enum import Enum

from runback.machine.events import Axis, ConsoleChanged, Event, Measured, Refused, Signal
from runback.session.announce import LEAD, Raise
from runback.session.course import Course
from runback.session.phases import ALLOWED, AT_REST_PHASES, LINK, SEEN_ONLY, SIGNALS, TROUBLE
from runback.session.states import Ask, ByHand, Cue, CueKind, Phase
from runback.workout.model import Workout

PAUSE_WITHIN = 20.0
"""Seconds a pause may take to bring the belt to rest before it becomes a Stop; the slowest belts need 15."""
PRESS_WITHIN = 60.0
"""Seconds a person has to press the treadmill's own start button, once it has been counted down."""
SET_AS_ASKED = 30
"""0.3 km/h: a belt this near is set as the person was asked to."""
FINDING_UNITS = "at walking pace until it is known what this treadmill counts speed in"
PRESS_START = "press START on the treadmill"
PRESS_PAUSE = "press PAUSE or STOP on the treadmill"
PRESS_STOP = "press STOP on the treadmill"
UNSEEN_STOP = "press STOP on the treadmill: runback does not see whether its belt rests"
INCLINE_STEP = 10
"""One press of ] or [: 1 %."""


class Order(Enum):
    """What the session wants of the machine beside its targets."""

    ARM = "arm"  # a person has said so: permission, and control if it is not there
    LISTEN = "listen"  # a machine that says nothing before it is unlocked: unlock it, and nothing else
    START = "start"
    PAUSE = "pause"
    FINISH = "finish"  # the workout is over: stop
    STOP = "stop"  # something is wrong: stop
    RESET = "reset"
    QUIT = "quit"


class Session:
    """One workout with one person on one treadmill."""

    def __init__(self, workout: Workout, *, run_cap: float | None = None) -> None:
        self.workout = workout
        self.course = Course(workout, run_cap=run_cap)
        self.phase = Phase.CONNECTING
        self.notice: str | None = None
        self.stop_reason = ""
        self.by_hand = ByHand.NOTHING
        """What the person does at the treadmill; set when it is known which treadmill it is."""
        self.incline_offset = 0
        self._incline_hold: int | None = None
        self._countdown: Raise | None = None
        self._pause_by = math.inf
        self._press_by = math.inf
        self._prompted: int | None = None
        """The speed the person was last asked to set."""
        self._linked = False
        self._moving: bool | None = None
        self._speed = 0
        self._control = False
        self._orders: list[Order] = []
        self._cues: list[Cue] = []

    # -- what the keeper reads ----------------------------------------------------------------------------------

    @property
    def target(self) -> int | None:
        """The belt's speed from now on; None while the session wants nothing of it. A belt that somebody else has
        made slower than anything that can be asked for stays so until a raise has been announced."""
        if self.prompts:
            return None
        if self.phase is Phase.RUNNING:
            return self.course.commanded if self.course.commanded >= self.course.low else None
        return self._countdown.speed if self.phase is Phase.STARTING and self._countdown is not None else None

    @property
    def prompts(self) -> bool:
        """Whether the person sets the speed, at the session's word."""
        return self.by_hand in (ByHand.EVERYTHING, ByHand.UNSEEN)

    @property
    def by_clock(self) -> bool:
        """Whether nothing is known of the belt, and the clock alone says where the workout is."""
        return self.by_hand is ByHand.UNSEEN

    @property
    def asked(self) -> int | None:
        """What the belt should do now, whoever sets it."""
        return self.course.commanded if self.prompts and self.phase is Phase.RUNNING else self.target

    @property
    def start_within(self) -> float:
        """Seconds a start that has been ordered may wait for the person's hand at the treadmill."""
        return 0.0 if self.by_hand is ByHand.NOTHING else PRESS_WITHIN

    @property
    def incline(self) -> int | None:
        """The incline from now on, 0.1 %; None while the session wants nothing of it."""
        step = self.course.timeline.step
        if self.phase is not Phase.RUNNING or step is None or self.prompts:
            return None
        return step.incline + self.incline_offset if self._incline_hold is None else self._incline_hold

    @property
    def announced(self) -> Raise | None:
        """The increase being counted down."""
        return self._countdown if self.phase is Phase.COUNTDOWN else self.course.announced

    def take_orders(self) -> list[Order]:
        """What was ordered since the last call."""
        orders, self._orders = self._orders, []
        return orders

    def take_cues(self) -> list[Cue]:
        """What was said since the last call."""
        cues = self.course.cues + self._cues
        self.course.cues, self._cues = [], []
        return sorted(cues, key=lambda cue: cue.at)

    def set_range(self, low: int, high: int) -> None:
        """The slowest and the fastest speed that machine and caps allow; `low` 0 if nobody knows."""
        self.course.low, self.course.high = max(low, self.course.low), high

    def restrict(self, limit: int | None, now: float) -> None:
        """Nothing faster than `limit` until it is None: nobody knows yet what the treadmill counts speeds in."""
        if limit is None and self.notice == FINDING_UNITS:
            self.notice = None
        self.course.restrict(limit, now)

    # -- the person ----------------------------------------------------------------------------------------------

    def apply(self, ask: Ask, now: float) -> None:
        """The person asks for something."""
        self.tick(now)
        if ask is Ask.STOP:
            self.stopped("you stopped the belt", now)
            return
        if ask not in ALLOWED[self.phase]:
            self.notice = f"{ask.value} is not possible now ({self.phase.value})"
            return
        self.notice = None
        match ask:
            case Ask.START | Ask.RESUME:
                self._count_down(now)
            case Ask.PAUSE if self.phase is Phase.COUNTDOWN:
                self._call_off("the start was called off", now)
            case Ask.PAUSE if self._waits_for_a_hand:
                self._not_pressed("the start was called off", now)
            case Ask.PAUSE:
                self._pause(now)
                self._order_pause()
            case Ask.REARM:
                self._rearm(now)
            case Ask.RESET:
                self._orders.append(Order.RESET)
            case Ask.QUIT:
                self._orders.append(Order.QUIT)
            case Ask.STEEPER | Ask.FLATTER:
                change = INCLINE_STEP if ask is Ask.STEEPER else -INCLINE_STEP
                self.incline_offset += change
                if self._incline_hold is not None:
                    self._incline_hold += change
            case _:
                self._steer(ask, now)

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
        if self.course.finished:
            self.phase = Phase.COMPLETED
        elif self._linked or self.by_clock:
            self._rest(None)
        else:
            self.phase, self.notice = Phase.LINK_LOST, LINK

    def _steer(self, ask: Ask, now: float) -> None:
        course = self.course
        course.notice = None
        actions = {
            Ask.FASTER: course.faster,
            Ask.SLOWER: course.slower,
            Ask.SKIP: course.skip,
            Ask.REPEAT: course.repeat,
            Ask.EXTEND: course.extend,
            Ask.EASE_OFF: course.ease_off,
            Ask.TROUBLE: course.trouble,
        }
        actions[ask](now)
        self.notice = TROUBLE if ask is Ask.TROUBLE else course.notice
        self._finish_if_over(now)

    def _count_down(self, now: float) -> None:
        speed = self.course.first_speed()
        self._countdown = Raise(speed, now + LEAD, self.course.timeline.here.kind)
        self.phase = Phase.COUNTDOWN
        if not self.prompts:
            self._orders.append(Order.ARM)
        self._cues += self._countdown.cues(now)

    def _rearm(self, now: float) -> None:
        if self._moving and self.prompts:
            self._take_over(now)
        elif self._moving:
            self._orders.append(Order.ARM)
            self.notice = "asking the treadmill for control"
        elif self._moving is None:
            self._orders.append(Order.LISTEN)
            self.notice = "waiting to hear what the belt does"
        else:
            self._rest(None)

    def _pause(self, now: float) -> None:
        self._halt(now)
        self.phase = Phase.PAUSED if self.by_clock else Phase.PAUSING
        self._pause_by = now + PAUSE_WITHIN
        self.notice = PRESS_PAUSE if self.prompts else self.notice
        self._cue(CueKind.PAUSED, now)

    def _order_pause(self) -> None:
        if not self.prompts:
            self._orders.append(Order.PAUSE)

    @property
    def _waits_for_a_hand(self) -> bool:
        """Whether the start has been counted down, and the treadmill's own button not been pressed yet."""
        return self.phase is Phase.STARTING and self.by_hand is not ByHand.NOTHING and not self._moving

    def _not_pressed(self, notice: str, now: float) -> None:
        """The start by hand is off; so is whatever would have followed it."""
        self._order_pause()
        self._call_off(notice, now)

    # -- the machine ----------------------------------------------------------------------------------------------

    def observe(self, event: Event, now: float) -> None:
        """The machine core tells a fact."""
        self.tick(now)
        match event:
            case Measured():
                if event.speed is not None and self.phase is Phase.RUNNING:
                    self.course.totals.measured(event.speed, event.at)
                self._speed = event.speed if event.speed is not None else self._speed
                self._set_by_hand()
            case ConsoleChanged(axis=Axis.SPEED):
                if self.phase is Phase.RUNNING:
                    self.course.console(event.value, now)
                    self.notice = f"the console set {event.value / 100:.1f} km/h: held to the next step"
            case ConsoleChanged():
                self._incline_hold = event.value
            case Refused():
                self.notice = f"{event.axis.value} {_figure(event)}: {event.why}"
            case Signal():
                self._signal(event, now)
            case _:
                pass  # garbled octets are the trace's business
        self.tick(now)

    def _signal(self, signal: Signal, now: float) -> None:
        if self.by_clock and signal in SEEN_ONLY and self.phase is not Phase.CONNECTING:
            return
        rested = signal is Signal.BELT_RESTED and not self._moving
        if signal in (Signal.BELT_MOVED, Signal.BELT_RESTED):
            self._moving = signal is Signal.BELT_MOVED
        elif signal in (Signal.LINK_UP, Signal.LINK_DOWN):
            self._linked = signal is Signal.LINK_UP
            self._moving = None
        if signal in (Signal.CONTROL_GRANTED, Signal.CONTROL_LOST, Signal.CONTROL_REFUSED, Signal.LINK_DOWN):
            self._control = signal is Signal.CONTROL_GRANTED
        if signal in (Signal.WENT_QUIET, Signal.HEARD_AGAIN):
            self.course.quiet(now, quiet=signal is Signal.WENT_QUIET)
            self.notice = "the treadmill has gone quiet" if signal is Signal.WENT_QUIET else None
            return
        if signal is Signal.STOP_ALARM:
            self._cue(CueKind.ALARM, now)
        if rested:
            return  # the first that is heard of a belt that lay still: nothing has happened
        if signal is Signal.BELT_MOVED and self.phase is Phase.PAUSING:
            self._order_pause()  # its start has overtaken the pause
        phase, notice = SIGNALS.get((self.phase, signal), (None, None))
        if notice is not None:
            self.notice = notice
        if phase is not None:
            self._enter(phase, now)

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
                    self._orders.append(Order.STOP)
                    self.stopped(self.notice or "stopped", now)
            case Phase.COMPLETED:
                self.phase = phase
                self._cue(CueKind.COMPLETED, now)
            case _:
                self._halt(now)
                self.phase = phase

    def _begin_running(self, now: float) -> None:
        if self.phase is Phase.STARTING and self._countdown is not None:
            if not self.by_clock and not (self._moving and (self._control or self.prompts)):
                return
            speed, resumed = self._countdown.speed, self.course.timeline.index is not None
            self._countdown = None
            self.phase = Phase.RUNNING
            self._prompted = None
            self.notice = self.notice if self.course.limit is None else FINDING_UNITS
            self.course.run(speed, now)
            if self.by_clock:
                self._prompted = speed
                self.notice = f"{PRESS_START}, then {_set_it(speed)}"
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
        self.course.run(min(self._speed, self.course.high), now)

    def _call_off(self, notice: str | None, now: float) -> None:
        self._halt(now)
        self._rest(notice)

    def _halt(self, now: float) -> None:
        """Nothing announced stays, and the timeline's clock stands still."""
        self.course.halt(now)
        if self.phase is Phase.COUNTDOWN:
            self._cue(CueKind.WITHDRAWN, now)
        self._countdown = None

    def _rest(self, notice: str | None) -> None:
        self.phase = Phase.READY if self.course.timeline.index is None else Phase.PAUSED
        self.notice = notice

    # -- time -----------------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Bring everything that depends on time alone up to `now`."""
        if self.phase is Phase.RUNNING:
            index = self.course.timeline.index
            self.course.tick(now)
            self._prompt()
            if self.course.timeline.index != index:
                self._incline_hold = None
            self._finish_if_over(now)
        elif self.phase is Phase.COUNTDOWN and self._countdown is not None:
            self._cues += self._countdown.cues(now)
            if self._countdown.ready(now):
                self.phase = Phase.STARTING
                if self._moving or self.by_clock:
                    self._begin_running(now)
                else:
                    self._order_start(now)
        elif self._waits_for_a_hand and now >= self._press_by:
            self._not_pressed("nobody pressed START on the treadmill", now)
        elif self.phase is Phase.PAUSING and now >= self._pause_by:
            self._orders.append(Order.STOP)
            self.stopped("the pause did not bring the belt to rest", now)

    def deadline(self, now: float) -> float | None:
        """When `tick` will next have something to do, if nothing happens."""
        if self.phase is Phase.RUNNING:
            return self.course.deadline(now)
        if self.phase is Phase.COUNTDOWN and self._countdown is not None:
            return self._countdown.deadline(now)
        if self._waits_for_a_hand:
            return self._press_by
        return self._pause_by if self.phase is Phase.PAUSING else None

    def _finish_if_over(self, now: float) -> None:
        if self.course.finished and self.phase is Phase.RUNNING:
            self.course.halt(now)
            self.phase = Phase.ENDING
            self.notice = self._press_stop
            self._orders.append(Order.FINISH)

    @property
    def _press_stop(self) -> str | None:
        """What the person has to do, where a Stop from here may not be all."""
        if self.by_clock:
            return UNSEEN_STOP
        return PRESS_STOP if self.prompts else self.notice

    def _order_start(self, now: float) -> None:
        if self.by_hand is not ByHand.NOTHING:
            self.notice = PRESS_START
            self._press_by = now + PRESS_WITHIN
        if not self.prompts:
            self._orders.append(Order.START)

    def _prompt(self) -> None:
        """Ask the person to set what has been announced, or lowered."""
        speed = self.course.commanded
        if self.prompts and speed != self._prompted:
            self._prompted = speed
            self.notice = _set_it(speed)

    def _set_by_hand(self) -> None:
        """The belt says whether the person has."""
        prompted = self._prompted
        if prompted is not None and self.notice == _set_it(prompted) and abs(self._speed - prompted) <= SET_AS_ASKED:
            self.notice = None

    def _cue(self, kind: CueKind, now: float, speed: int | None = None) -> None:
        self._cues.append(Cue(now, kind, 0.0, speed))


def _set_it(speed: int) -> str:
    return f"set {speed / 100:.1f} km/h on the treadmill"


def _figure(refused: Refused) -> str:
    if refused.axis is Axis.SPEED:
        return f"{refused.value / 100:.1f} km/h"
    return f"{refused.value / 10:.1f} %"


def at_rest(phase: Phase) -> bool:
    """Whether `phase` is one in which the session wants no belt to move."""
    return phase in AT_REST_PHASES
