"""The session: phases, made of what a person asks for and what the machine does. Pure; time is an argument.

Rules:
1. `ALLOWED` says what may be asked in each phase; anything else is answered with a notice and changes nothing.
   Stop is allowed everywhere, and the engine latches it before the session hears of it.
2. The belt starts or resumes only on the person's word, after a countdown of `LEAD` seconds, at walking speed at most
   on a resume. The session only ever orders; the machine decides whether the belt may move.
3. Trouble is a phase, not an exception: link lost, control lost, safety key. None is left without the person's word.
4. The timeline's clock runs in RUNNING and nowhere else.
5. Where the treadmill's own buttons have to be pressed (`by_hand`) the session says which, and goes on by what the belt
   is measured to do. In prompt mode it orders nothing but Stop.
6. Where nothing is known of the belt (`timed_only`) it goes by the clock and the keys alone, whatever becomes of
   the link: it never says that the belt moves, or rests.

The rooms below: `session_state` how it goes from phase to phase, `transitions` its tables, `speed_plan` the wanted speed,
`by_hand` what the person is told to press.

Source: training.md "Session behaviour". Units: speed 0.01 km/h, time s.
"""

from __future__ import annotations

from runback.machine.events import Axis, ConsoleChanged, Event, Measured, Refused, Signal
from runback.session.announcements import SpeedIncrease
from runback.session.manual_prompts import PRESS_PAUSE as PRESS_PAUSE
from runback.session.manual_prompts import PRESS_START as PRESS_START
from runback.session.manual_prompts import PRESS_STOP as PRESS_STOP
from runback.session.manual_prompts import PRESS_WITHIN, SET_AS_ASKED, set_it
from runback.session.model import Cue, CueKind, Intent, ManualMode, Phase
from runback.session.model import MachineRequest as MachineRequest
from runback.session.session_state import FINDING_UNITS as FINDING_UNITS
from runback.session.session_state import PAUSE_WITHIN as PAUSE_WITHIN
from runback.session.session_state import Passage
from runback.session.transitions import ALLOWED, AT_REST_PHASES, SEEN_ONLY, SIGNALS, TROUBLE
from runback.units import Unit, spell

INCLINE_STEP = 10
"""One press of ] or [: 1 %."""


class Session(Passage):
    """One workout with one person on one treadmill."""

    # -- what the engine reads --------------------------------------------------------------------------------------

    @property
    def target(self) -> int | None:
        """The belt's speed from now on; None while the session wants nothing of it. A belt that somebody else has
        made slower than anything that can be asked for stays so until a raise has been announced."""
        if self.prompts:
            return None
        if self.phase is Phase.RUNNING:
            return self.speed_plan.commanded if self.speed_plan.commanded >= self.speed_plan.low else None
        return self._countdown.speed if self.phase is Phase.STARTING and self._countdown is not None else None

    @property
    def asked(self) -> int | None:
        """What the belt should do now, whoever sets it."""
        return self.speed_plan.commanded if self.prompts and self.phase is Phase.RUNNING else self.target

    @property
    def start_within(self) -> float:
        """Seconds a start that has been ordered may wait for the person's hand at the treadmill."""
        return 0.0 if self.by_hand is ManualMode.NOTHING else PRESS_WITHIN

    @property
    def incline(self) -> int | None:
        """The incline from now on, 0.1 %; None while the session wants nothing of it."""
        step = self.speed_plan.timeline.step
        if self.phase is not Phase.RUNNING or step is None or self.prompts:
            return None
        return step.incline + self.incline_offset if self._incline_hold is None else self._incline_hold

    @property
    def announced(self) -> SpeedIncrease | None:
        """The increase being counted down."""
        if self.phase is Phase.STARTING:
            return self._rousing
        return self._countdown if self.phase is Phase.COUNTDOWN else self.speed_plan.announced

    def take_orders(self) -> list[MachineRequest]:
        """What was ordered since the last call."""
        orders, self._orders = self._orders, []
        return orders

    def take_cues(self) -> list[Cue]:
        """What was said since the last call."""
        cues = self.speed_plan.cues + self._cues
        self.speed_plan.cues, self._cues = [], []
        return sorted(cues, key=lambda cue: cue.at)

    def set_range(self, low: int, high: int) -> None:
        """The slowest and the fastest speed that machine and caps allow; `low` 0 if nobody knows."""
        self.speed_plan.low, self.speed_plan.high = max(low, self.speed_plan.low), high

    def restrict(self, limit: int | None, now: float) -> None:
        """Nothing faster than `limit` until it is None: nobody knows yet what the treadmill counts speeds in."""
        if limit is None and self.notice == FINDING_UNITS:
            self.notice = None
        self.speed_plan.restrict(limit, now)

    # -- the person ------------------------------------------------------------------------------------------------

    def apply(self, ask: Intent, now: float) -> None:
        """The person asks for something."""
        self.tick(now)
        if ask is Intent.STOP:
            self.stopped("you stopped the belt", now)
            return
        if ask not in ALLOWED[self.phase]:
            self.notice = f"{ask.value} is not possible now ({self.phase.value})"
            return
        self.notice = None
        match ask:
            case Intent.START | Intent.RESUME:
                self._count_down(now)
            case Intent.PAUSE if self.phase is Phase.COUNTDOWN:
                self._call_off("the start was cancelled", now)
            case Intent.PAUSE if self._waits_for_a_hand:
                self._not_pressed("the start was cancelled", now)
            case Intent.PAUSE:
                self._pause(now)
                self._order_pause()
            case Intent.REARM:
                self._rearm(now)
            case Intent.RESET:
                self._orders.append(MachineRequest.RESET)
            case Intent.QUIT:
                self._orders.append(MachineRequest.QUIT)
            case Intent.STEEPER | Intent.FLATTER:
                change = INCLINE_STEP if ask is Intent.STEEPER else -INCLINE_STEP
                self.incline_offset += change
                if self._incline_hold is not None:
                    self._incline_hold += change
            case _:
                self._steer(ask, now)

    def refuse_start(self, why: str, now: float) -> None:
        """What a start needs is not there. One that is counted down, or just ordered, is called off."""
        if self.phase in (Phase.COUNTDOWN, Phase.STARTING):
            self._call_off(why, now)
        else:
            self.notice = why

    def _steer(self, ask: Intent, now: float) -> None:
        speed_plan = self.speed_plan
        speed_plan.notice = None
        actions = {
            Intent.FASTER: speed_plan.faster,
            Intent.SLOWER: speed_plan.slower,
            Intent.SKIP: speed_plan.skip,
            Intent.REPEAT: speed_plan.repeat,
            Intent.EXTEND: speed_plan.extend,
            Intent.EASE_OFF: speed_plan.ease_off,
            Intent.TROUBLE: speed_plan.trouble,
        }
        actions[ask](now)
        self.notice = TROUBLE if ask is Intent.TROUBLE else speed_plan.notice
        self._finish_if_over(now)

    # -- the machine -----------------------------------------------------------------------------------------------

    def observe(self, event: Event, now: float) -> None:
        """The machine core tells a fact."""
        self.tick(now)
        match event:
            case Measured():
                if event.speed is not None:
                    self.speed_plan.counting.measured(event.speed, event.at)
                self._set_by_hand()
                self._feel(event, now)
            case ConsoleChanged(axis=Axis.SPEED):
                if self.phase is Phase.RUNNING:
                    self.speed_plan.console(event.value, now)
                    self.notice = f"the console set {spell(event.value, self.unit)}: kept until the next step"
            case ConsoleChanged():
                self._incline_hold = event.value
            case Refused():
                self.notice = f"{event.axis.value} {_figure(event, self.unit)}: {event.why}"
            case Signal():
                self._signal(event, now)
            case _:
                pass  # garbled bytes are the trace's business
        self.tick(now)

    def _signal(self, signal: Signal, now: float) -> None:
        if self.timed_only and signal in SEEN_ONLY and self.phase is not Phase.CONNECTING:
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
            self.speed_plan.quiet(now, quiet=signal is Signal.WENT_QUIET)
            self.notice = "the treadmill has gone quiet" if signal is Signal.WENT_QUIET else None
            return
        if signal is Signal.STOP_ALARM:
            self._cue(CueKind.ALARM, now)
        if rested:
            return  # the first that is heard of a belt that lay still: nothing has happened
        if signal is Signal.BELT_MOVED and self.phase is Phase.PAUSING:
            self._order_pause()  # its start has overtaken the pause
        if signal is Signal.STANDS:
            self._stands(now)
        phase, notice = SIGNALS.get((self.phase, signal), (None, None))
        if notice is not None:
            self.notice = notice
        if phase is not None:
            self._enter(phase, now)

    # -- time ------------------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Bring everything that depends on time alone up to `now`."""
        if self.phase is Phase.RUNNING:
            index = self.speed_plan.timeline.index
            self.speed_plan.tick(now)
            self._prompt()
            if self.speed_plan.timeline.index != index:
                self._incline_hold = None
            self._finish_if_over(now)
        elif self.phase is Phase.COUNTDOWN and self._countdown is not None:
            self._cues += self._countdown.cues(now)
            if self._countdown.ready(now):
                self.phase = Phase.STARTING
                if self._moving or self.timed_only:
                    self._begin_running(now)
                else:
                    self._order_start(now)
        elif self._rousing is not None:
            self._cues += self._rousing.cues(now)
            if self._rousing.ready(now):
                self._rousing = None
                self._orders.append(MachineRequest.ROUSE)
        elif self._waits_for_a_hand and now >= self._press_by:
            self._not_pressed("nobody pressed START on the treadmill", now)
        elif self.phase is Phase.PAUSING and now >= self._pause_by:
            self._orders.append(MachineRequest.STOP)
            self.stopped("the pause did not bring the belt to rest", now)

    def deadline(self, now: float) -> float | None:
        """When `tick` will next have something to do, if nothing happens."""
        if self.phase is Phase.RUNNING:
            return self.speed_plan.deadline(now)
        if self.phase is Phase.COUNTDOWN and self._countdown is not None:
            return self._countdown.deadline(now)
        if self._rousing is not None:
            return self._rousing.deadline(now)
        if self._waits_for_a_hand:
            return self._press_by
        return self._pause_by if self.phase is Phase.PAUSING else None

    def _prompt(self) -> None:
        """Ask the person to set what has been announced, or lowered."""
        speed = self.speed_plan.commanded
        if self.prompts and speed != self._prompted:
            self._prompted = speed
            self.notice = set_it(speed, self.unit)

    def _set_by_hand(self) -> None:
        """The belt says whether the person has."""
        prompted = self._prompted
        speed, asked = self.speed_plan.counting.speed, None if prompted is None else set_it(prompted, self.unit)
        if prompted is not None and self.notice == asked and abs(speed - prompted) <= SET_AS_ASKED:
            self.notice = None


def _figure(refused: Refused, unit: Unit) -> str:
    if refused.axis is Axis.SPEED:
        return spell(refused.value, unit)
    return f"{refused.value / 10:.1f} %"


def at_rest(phase: Phase) -> bool:
    """Whether `phase` is one in which the session wants no belt to move."""
    return phase in AT_REST_PHASES
