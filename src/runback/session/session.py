"""The session: phases, made of what a person asks for and what the machine does. Pure; time is an argument.

Rules:
1. `ALLOWED` says what may be asked in each phase; anything else is answered with a notice and changes nothing.
   Stop is allowed everywhere, and the engine latches it before the session hears of it.
2. The belt starts or resumes only on the person's word, after a countdown of `LEAD` seconds, at walking speed at most
   on a resume. The session only ever orders; the machine decides whether the belt may move.
3. Trouble is a phase, not an exception: link lost, control lost, safety key. None is left without the person's word.
4. The timeline's clock runs in RUNNING and nowhere else. Whatever halts the belt halts it, and withdraws what was
   announced. A countdown that is called off leaves the session where it was: ready, or paused.
5. Where the treadmill's own buttons have to be pressed (`manual`) the session says which, and goes on by what the belt
   is measured to do. In prompt mode it orders nothing but Stop.
6. Where nothing is known of the belt (`timed_only`) it goes by the clock and the keys alone, whatever becomes of
   the link: it never says that the belt moves, or rests.

It holds its parts: `SpeedPlan` the wanted speed, `StartSequence` the way to a moving belt, `SessionState` what they
share and the ways to rest, `ManualPrompts` what the person is told to press, `StepDetector` whether anybody is on the
belt, `InclineTarget` the incline. `transitions` has the two tables.

Source: training.md "Session behaviour". Units: speed 0.01 km/h, time s.
"""

from __future__ import annotations

from runback.machine.events import Axis, ConsoleChanged, Event, Measured, Refused, Signal
from runback.session.announcements import SpeedIncrease
from runback.session.belt_ramp import RampModel
from runback.session.model import CountFrom, Cue, CueKind, Intent, MachineRequest, ManualMode, Phase, SteppedOff
from runback.session.session_state import SessionState
from runback.session.speed_plan import SpeedPlan
from runback.session.start_sequence import FINDING_UNITS, StartSequence
from runback.session.step_detection import AFTER, ASKED, SLOWED, WORDS, PresenceLevel, StepDetector
from runback.session.timeline import InclineTarget
from runback.session.transitions import ALLOWED, LINK, SEEN_ONLY, SIGNALS, TROUBLE
from runback.units import Unit, spell
from runback.workout.model import Workout

INCLINE_STEP = 10
"""One press of ] or [: 1 %."""
_MOVES = frozenset({Intent.START, Intent.RESUME, Intent.REARM})
"""What may lead to a moving belt."""


class Session:
    """One workout with one person on one treadmill."""

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
        self.steps = StepDetector(stepped_off, after)
        self.incline_target = InclineTarget()
        plan = SpeedPlan(workout, run_cap=run_cap, unit=unit, count_from=count_from, lag=lag)
        self._state = SessionState(plan, self.steps, unit)
        self._starting = StartSequence(self._state)

    # -- what the engine reads --------------------------------------------------------------------------------------

    @property
    def phase(self) -> Phase:
        """Where it stands."""
        return self._state.phase

    @property
    def notice(self) -> str | None:
        """The line that the person is shown; whoever has a better one sets it."""
        return self._state.notice

    @notice.setter
    def notice(self, notice: str | None) -> None:
        self._state.notice = notice

    @property
    def stop_reason(self) -> str:
        """Why it was stopped; empty if it was not."""
        return self._state.stop_reason

    @property
    def speed_plan(self) -> SpeedPlan:
        """The wanted speed, and with it the timeline."""
        return self._state.speed_plan

    @property
    def by_hand(self) -> ManualMode:
        """What the person does at the treadmill; set when it is known which treadmill it is."""
        return self._state.manual.mode

    @by_hand.setter
    def by_hand(self, mode: ManualMode) -> None:
        self._state.manual.mode = mode
        if mode is ManualMode.UNSEEN:  # nobody will see when it has reached its speed
            self.speed_plan.counting.count_from = CountFrom.COMMAND

    @property
    def prompts(self) -> bool:
        """Whether the person sets the speed, at the session's word."""
        return self._state.manual.speeds

    @property
    def timed_only(self) -> bool:
        """Whether nothing is known of the belt, and the clock alone says where the workout is."""
        return self._state.manual.unseen

    @property
    def target(self) -> int | None:
        """The belt's speed from now on; None while the session wants nothing of it. A belt that somebody else has
        made slower than anything that can be asked for stays so until a raise has been announced."""
        if self.prompts:
            return None
        if self.phase is Phase.RUNNING:
            return self.speed_plan.commanded if self.speed_plan.commanded >= self.speed_plan.low else None
        return self._starting.speed if self.phase is Phase.STARTING else None

    @property
    def asked(self) -> int | None:
        """What the belt should do now, whoever sets it."""
        return self.speed_plan.commanded if self.prompts and self.phase is Phase.RUNNING else self.target

    @property
    def start_within(self) -> float:
        """Seconds a start that has been ordered may wait for the person's hand at the treadmill."""
        return self._state.manual.start_within

    @property
    def incline(self) -> int | None:
        """The incline from now on, 0.1 %; None while the session wants nothing of it."""
        step = self.speed_plan.timeline.step
        return None if self.phase is not Phase.RUNNING or step is None or self.prompts else self.incline_target.of(step)

    @property
    def announced(self) -> SpeedIncrease | None:
        """The increase being counted down."""
        if self.phase is Phase.STARTING:
            return self._state.rousing
        return self._state.countdown if self.phase is Phase.COUNTDOWN else self.speed_plan.announced

    def take_orders(self) -> list[MachineRequest]:
        """What was ordered since the last call."""
        orders, self._state.orders = self._state.orders, []
        return orders

    def take_cues(self) -> list[Cue]:
        """What was said since the last call."""
        cues = self.speed_plan.cues + self._state.cues
        self.speed_plan.cues, self._state.cues = [], []
        return sorted(cues, key=lambda cue: cue.at)

    def set_range(self, low: int, high: int) -> None:
        """The slowest and the fastest speed that machine and caps allow; `low` 0 if nobody knows."""
        self.speed_plan.low, self.speed_plan.high = max(low, self.speed_plan.low), high

    def restrict(self, limit: int | None, now: float) -> None:
        """Nothing faster than `limit` until it is None: nobody knows yet what the treadmill counts speeds in."""
        if limit is None and self.notice == FINDING_UNITS:
            self.notice = None
        self.speed_plan.restrict(limit, now)

    def replan(self, workout: Workout) -> None:
        """`workout` takes the place of the one so far, of which nothing has begun."""
        self.workout, self._state.speed_plan = workout, SpeedPlan(workout)

    # -- the person ------------------------------------------------------------------------------------------------

    def apply(self, ask: Intent, now: float) -> None:
        """The person asks for something."""
        self.tick(now)
        if ask is Intent.STOP:  # before the table: there is no phase in which it is not allowed
            self.stopped("you stopped the belt", now)
            return
        state = self._state
        if ask not in ALLOWED[state.phase]:
            state.notice = f"{ask.value} is not possible now ({state.phase.value})"
            return
        if state.leaving and ask in _MOVES:  # an Enter behind a q: who leaves is not on the belt
            state.notice = "you are leaving: nothing starts"
            return
        state.notice = None
        match ask:
            case Intent.START | Intent.RESUME:
                self._starting.count_down(now)
            case Intent.PAUSE if state.phase is Phase.COUNTDOWN or self._starting.waits_for_a_hand:
                self._starting.cancel("the start was cancelled", now)
            case Intent.PAUSE:
                state.pause(now)
                state.order_pause()
            case Intent.REARM:
                self._starting.go_on(now)
            case Intent.RESET:
                state.orders.append(MachineRequest.RESET)
            case Intent.QUIT:
                state.leaving = True
                state.orders.append(MachineRequest.QUIT)
            case Intent.STEEPER | Intent.FLATTER:
                self.incline_target.change(INCLINE_STEP if ask is Intent.STEEPER else -INCLINE_STEP)
            case _:
                self._steer(ask, now)

    def refuse_start(self, why: str, now: float) -> None:
        """What a start needs is not there. One that is counted down, or just ordered, is called off."""
        if self.phase in (Phase.COUNTDOWN, Phase.STARTING):
            self._state.call_off(why, now)
        else:
            self.notice = why

    def _steer(self, ask: Intent, now: float) -> None:
        notice = self.speed_plan.apply(ask, now)
        self.notice = TROUBLE if ask is Intent.TROUBLE else notice
        self._state.finish_if_over(now)

    # -- the machine -----------------------------------------------------------------------------------------------

    def observe(self, event: Event, now: float) -> None:
        """The machine core tells a fact."""
        self.tick(now)
        match event:
            case Measured():
                if event.speed is not None:
                    self.speed_plan.counting.measured(event.speed, event.at)
                if self._state.manual.is_set(self.speed_plan.counting.speed, self.notice):
                    self.notice = None
                self._feel(event, now)
            case ConsoleChanged(axis=Axis.SPEED):
                if self.phase is Phase.RUNNING:
                    self.speed_plan.console(event.value, now)
                    self.notice = f"the console set {spell(event.value, self.unit)}: kept until the next step"
            case ConsoleChanged():
                self.incline_target.hold(event.value)
            case Refused():
                self.notice = f"{event.axis.value} {_figure(event, self.unit)}: {event.why}"
            case Signal():
                self._signal(event, now)
            case _:
                pass  # garbled bytes are the trace's business
        self.tick(now)

    def _signal(self, signal: Signal, now: float) -> None:
        state = self._state
        if self.timed_only and signal in SEEN_ONLY and state.phase is not Phase.CONNECTING:
            return
        # The first that is heard of a belt that lay still is no news: only one that has moved can come to rest.
        lay_still = signal is Signal.BELT_RESTED and not state.heard.moving
        state.heard.note(signal)
        if signal in (Signal.WENT_QUIET, Signal.HEARD_AGAIN):
            self.speed_plan.quiet(now, quiet=signal is Signal.WENT_QUIET)
            state.notice = "the treadmill has gone quiet" if signal is Signal.WENT_QUIET else None
            return
        if signal is Signal.STOP_ALARM:
            state.cue(CueKind.ALARM, now)
        if lay_still:
            return
        if signal is Signal.BELT_MOVED and state.phase is Phase.PAUSING:
            state.order_pause()  # its start has overtaken the pause
        if signal is Signal.STANDS:
            self._starting.stands(now)
        phase, notice = SIGNALS.get((state.phase, signal), (None, None))
        if notice is not None:
            state.notice = notice
        if phase is not None:
            self._enter(phase, now)

    def _enter(self, phase: Phase, now: float) -> None:
        """A signal's consequence, by `SIGNALS`."""
        state = self._state
        match phase:
            case Phase.RUNNING:
                self._starting.begin_running(now)
            case Phase.PAUSED:
                state.call_off(state.notice, now)
            case Phase.PAUSING:
                state.pause(now)
            case Phase.STOPPED if state.phase is Phase.ENDING:  # Stop has been ordered already, and does not work
                state.phase = Phase.STOPPED
                state.stop_reason = "the workout is over, but the belt does not stop"
            case Phase.STOPPED:
                state.orders.append(MachineRequest.STOP)
                self.stopped(state.notice or "stopped", now)
            case Phase.COMPLETED:
                state.phase = phase
                state.cue(CueKind.COMPLETED, now)
            case _:
                state.halt(now)
                state.phase = phase

    def _feel(self, record: Measured, now: float) -> None:
        """Is anybody on the belt?"""
        state = self._state
        if state.phase is not Phase.RUNNING:
            return
        speed = self.speed_plan.counting.speed
        level = self.steps.heard(speed, record.steps, record.cadence, now, words_only=self.prompts)
        if level is None:
            return
        self.speed_plan.empty(now, empty=level is not PresenceLevel.ON)
        if level is PresenceLevel.ON:
            state.notice = None if state.notice in (ASKED, SLOWED) else state.notice
            return
        state.notice = WORDS[level]
        if level is PresenceLevel.PAUSED:
            state.pause(now)
            state.order_pause()
            return
        state.cue(CueKind.STEPPED_OFF, now)
        if level is PresenceLevel.SLOWED:
            self.speed_plan.slow_down(now)

    def stopped(self, reason: str, now: float) -> None:
        """The stop latch has been pulled. Idempotent; the first reason stands."""
        if self.phase not in (Phase.STOPPED, Phase.ENDING, Phase.COMPLETED):
            self._state.end(reason, now)

    def released(self) -> None:
        """The latch was let go of. Nothing moves; the person may resume, or leave."""
        state = self._state
        if state.phase is not Phase.STOPPED:
            return
        if self.speed_plan.finished:
            state.phase = Phase.COMPLETED
        elif state.heard.linked or self.timed_only:
            state.rest(None)
        else:
            state.phase, state.notice = Phase.LINK_LOST, LINK

    # -- who runs it by stages, in a person's place ------------------------------------------------------------------

    def skip(self, now: float) -> None:
        """On to the next step."""
        self._steer(Intent.SKIP, now)

    def stand_in(self, phase: Phase) -> None:
        """Be in `phase` from now on; nothing follows from it."""
        self._state.phase = phase

    def end(self, reason: str, now: float) -> None:
        """Be stopped for `reason`, whatever is under way."""
        self._state.end(reason, now)

    # -- time ------------------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Bring everything that depends on time alone up to `now`."""
        if self.phase is Phase.RUNNING:
            self._tick_running(now)
        elif self.phase in (Phase.COUNTDOWN, Phase.STARTING):
            self._starting.tick(now)
        elif self.phase is Phase.PAUSING and now >= self._state.pause_by:
            self._state.orders.append(MachineRequest.STOP)
            self.stopped("the pause did not bring the belt to rest", now)

    def _tick_running(self, now: float) -> None:
        plan, manual = self.speed_plan, self._state.manual
        index = plan.timeline.index
        plan.tick(now)
        if manual.speeds and not manual.has_asked(plan.commanded):
            self.notice = manual.ask_speed(plan.commanded)
        if plan.timeline.index != index:
            self.incline_target.release()
        self._state.finish_if_over(now)

    def deadline(self, now: float) -> float | None:
        """When `tick` will next have something to do, if nothing happens."""
        if self.phase is Phase.RUNNING:
            return self.speed_plan.deadline(now)
        if self.phase in (Phase.COUNTDOWN, Phase.STARTING):
            return self._starting.deadline(now)
        return self._state.pause_by if self.phase is Phase.PAUSING else None


def _figure(refused: Refused, unit: Unit) -> str:
    if refused.axis is Axis.SPEED:
        return spell(refused.value, unit)
    return f"{refused.value / 10:.1f} %"
