"""A commissioning in the place of a workout: the procedure's moves, carried out by a session's own means.

It stands between the engine and a session that it holds (`engine.ports.SessionPort`): whatever the engine tells goes to
the session first, then to the procedure, and what that wants goes back to the session.

Rules:
1. There is no second way to the belt: a start is a session's start, counted down on the person's word; a step faster is
   a session's step, announced; Stop is the latch.
2. What a person may ask for is a word where one is waited for, an answer, and Stop. No +, no pause, no resume.
3. Any phase in which a session would wait for a person to go on (paused, re-arm, control lost, key pulled) is an end.
4. The latch tells of every Stop: of the procedure's own it is heard once (`_own`), any other is an end.

Units: speed 0.01 km/h, incline 0.1 %, time s.
"""

from __future__ import annotations

from runback.commissioning import bounds
from runback.commissioning.procedure import PersonPrompt, Procedure, ProcedureAction
from runback.commissioning.stages import CommissioningStage
from runback.machine.events import Axis, ConsoleChanged, Event, Measured, Refused, Signal
from runback.machine.targets import SupportedRange
from runback.session.model import Cue, CueKind, Intent, MachineRequest, Phase
from runback.session.session import Session
from runback.session.start_sequence import FINDING_UNITS
from runback.workout.model import Kind, Step, Workout

ANSWERS = (Intent.ANSWER_1, Intent.ANSWER_2, Intent.ANSWER_3, Intent.ANSWER_4, Intent.ANSWER_5)
"""By the number of the choice."""
_SAID = frozenset(CueKind) - {CueKind.HALFWAY, CueKind.LAST_INTERVAL, CueKind.TIME_LEFT, CueKind.POSTURE, CueKind.RUN}
"""A commissioning has no halfway, and nobody runs."""
_ENDS = {
    Phase.PAUSING: "the belt was stopped at the treadmill",
    Phase.PAUSED: "the belt came to rest",
    Phase.LINK_LOST: "the link was lost",
    Phase.REARM: "the link was lost",
    Phase.CONTROL_LOST: "another controller took the treadmill",
    Phase.SAFETY_KEY: "the safety key was pulled",
}
_SURPRISES = {
    Signal.LINK_DOWN: "the link was lost",
    Signal.CONTROL_LOST: "another controller took the treadmill",
    Signal.CONTROL_REFUSED: "the treadmill does not give control",
    Signal.SAFETY_KEY: "the safety key was pulled",
    Signal.CONSOLE_PAUSED: "the belt was stopped at the treadmill",
    Signal.CONSOLE_STOPPED: "the belt was stopped at the treadmill",
    Signal.NOT_FOLLOWING: "the belt does not follow",
    Signal.STOP_ALARM: "the belt does not stop",
}
_COMPLETES = frozenset({Signal.STOP_CONFIRMED, Signal.STOP_UNSEEN})
"""What completes a session whose workout is over."""
_BY_NO_WATCHDOG = "you stopped the belt"
"""What the engine says of a latch that no watchdog pulled."""
_NOTHING = Workout("commissioning", (Step(Kind.WALK, bounds.LONG, 100),))
"""Stands until the treadmill has been read."""


class Commissioning:
    """One commissioning: its `procedure`, and the `session` that it drives."""

    def __init__(self) -> None:
        self.session = Session(_NOTHING)
        """What is shown of it: phase, notice, speed plan."""
        self.procedure = Procedure()
        self._orders: list[MachineRequest] = []
        self._tilts: SupportedRange | None = None
        self._now = 0.0
        self._own = 0
        """Stops of the procedure's own that the latch has not told of yet."""

    # -- what the engine reads -----------------------------------------------------------------------------------------

    @property
    def target(self) -> int | None:
        """The belt's speed from now on, 0.01 km/h; None while nothing is wanted of it."""
        return self.session.target

    @property
    def incline(self) -> int | None:
        """The incline from now on; None before there is anything to be tried."""
        if self.procedure.findings.tilt is None or self.procedure.stage not in (
            CommissioningStage.INCLINE,
            CommissioningStage.DISTANCE,
        ):
            return None
        return self.session.incline

    def fit(self, speed: SupportedRange | None, incline: SupportedRange | None, now: float) -> None:
        """What the treadmill says it can do."""
        self._tilts = incline
        self.procedure.connected(bounds.bounds(speed), now)
        self._follow(now)

    def take_orders(self) -> list[MachineRequest]:
        """What was ordered since the last call."""
        orders, self._orders = self._orders, []
        if MachineRequest.ROUSE in orders:
            self.procedure.roused()
        return orders

    def take_cues(self) -> list[Cue]:
        """What was said since the last call."""
        return [cue for cue in self.session.take_cues() if cue.kind in _SAID]

    def restrict(self, limit: int | None, now: float) -> None:
        """Nothing faster than `limit` until it is None: nobody knows yet what the treadmill counts speeds in."""
        self.procedure.units_known(known=limit is None)
        self.session.restrict(limit, now)

    def refuse_start(self, why: str, now: float) -> None:
        """What a start needs is not there. One that was counted down cannot be asked for again: it is the end."""
        counted = self.session.phase in (Phase.COUNTDOWN, Phase.STARTING)
        self.session.refuse_start(why, now)
        if counted:
            self.procedure.surprise(why)
            self._follow(now)

    # -- the person ----------------------------------------------------------------------------------------------------

    def apply(self, ask: Intent, now: float) -> None:
        """The person asks for something."""
        self.tick(now)
        if ask is Intent.STOP:
            self.stopped(_BY_NO_WATCHDOG, now)
            return
        if ask in (Intent.RESET, Intent.QUIT):
            self.session.apply(ask, now)
            self._take_session_orders(now)
            return
        if ask in ANSWERS:
            question = self.procedure.question
            if question:
                self.procedure.answer(question[ANSWERS.index(ask)], now)
        elif ask is Intent.START and self.session.phase is Phase.READY:
            self._take_word(now)
        else:
            self.session.notice = f"{ask.value} is not possible now"
        self._follow(now)

    def _take_word(self, now: float) -> None:
        word, found = self.procedure.word, self.procedure.findings.bounds
        if word is PersonPrompt.BEGIN and found is not None:
            self._lay_out(found)
        if self.procedure.begin(now) and word is PersonPrompt.START:
            self.session.apply(Intent.START, now)
            self._take_session_orders(now)

    def _lay_out(self, found: bounds.Bounds) -> None:
        """The walk, now that it is known what the treadmill can do."""
        self.procedure.can_tilt(bounds.tilt(self._tilts, self.procedure.incline))
        self.session.replan(bounds.walk(found, self.procedure.findings.tilt))
        self.session.set_range(found.low, found.top)

    def stopped(self, reason: str, now: float) -> None:
        """The stop latch has been pulled: by this procedure, or by whom else it is the end."""
        if self._own and reason == _BY_NO_WATCHDOG:
            self._own -= 1
            return
        self.session.stopped(reason, now)
        self.procedure.surprise(reason)
        self._follow(now)

    def released(self) -> None:
        """The latch was let go of."""
        if self.procedure.over:
            self.session.released()
            return
        self.session.stand_in(Phase.READY)
        self.session.notice = None
        self.procedure.released(self._now)

    # -- the machine ---------------------------------------------------------------------------------------------------

    def observe(self, event: Event, now: float) -> None:
        """The machine core tells a fact."""
        self.tick(now)
        # The Stop that is tried at the beginning completes nothing: its session has not begun.
        if event not in _COMPLETES or self.procedure.stage is CommissioningStage.STOP_AGAIN:
            phase = self.session.phase
            self.session.observe(event, now)
            self._take_session_orders(now)
            if self.session.phase is Phase.STOPPED and phase not in (Phase.STOPPED, Phase.ENDING):
                self.procedure.surprise(self.session.stop_reason)  # it has stopped by itself
        self._follow(now)
        match event:
            case Measured():
                if event.speed is not None:
                    self.procedure.measured(event.speed, event.incline, now)
            case Refused(axis=Axis.INCLINE):
                self.procedure.refused_incline(now)
            case Refused():
                self.procedure.surprise(f"{event.value / 100:g} km/h: {event.why}")
            case ConsoleChanged():
                self.procedure.surprise(f"somebody set its {event.axis.value} at the treadmill")
            case Signal.LINK_DOWN if self.procedure.stage is CommissioningStage.READ:
                self.procedure.unlinked(now)
            case Signal.STOP_ANSWERED:
                self.procedure.answered()
            case Signal.STOP_CONFIRMED:
                self.procedure.stopped(now)
            case Signal() if event in _SURPRISES and self.procedure.stage is not CommissioningStage.READ:
                self.procedure.surprise(_SURPRISES[event])
            case _:
                pass
        self._follow(now)

    # -- time ----------------------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Bring everything that depends on time alone up to `now`."""
        self._now = now
        self.session.tick(now)
        self._take_session_orders(now)
        self._follow(now)

    def deadline(self, now: float) -> float | None:
        """When `tick` will next have something to do, if nothing happens."""
        times = [at for at in (self.session.deadline(now), self.procedure.deadline()) if at is not None]
        return min(times, default=None)

    def _take_session_orders(self, now: float) -> None:
        """What the session has ordered just now goes to the engine with the procedure's own orders, in its place."""
        for order in self.session.take_orders():
            self._orders.append(order)
            if order is MachineRequest.START:
                self.procedure.start_ordered(now)
            elif order is MachineRequest.FINISH:  # the walk is over: that Stop is the last stage's
                self._own += 1

    def _follow(self, now: float) -> None:
        """Tell the procedure where the session has got to, and carry out what it wants."""
        procedure, session = self.procedure, self.session
        session.notice = None if session.notice == FINDING_UNITS else session.notice  # that is what all of this is for
        self._tell_targets(now)
        if session.phase in _ENDS:
            procedure.surprise(session.notice or _ENDS[session.phase])
        procedure.tick(now)
        for move in procedure.take_moves():
            self._carry_out(move, now)
        self._tell_targets(now)

    def _tell_targets(self, now: float) -> None:
        if self.target is not None:
            self.procedure.told(self.target, now)
        if self.incline is not None:
            self.procedure.told_incline(self.incline, now)

    def _carry_out(self, move: ProcedureAction, now: float) -> None:
        match move:
            case ProcedureAction.TRY_STOP:
                self.session.stand_in(Phase.ENDING)  # what the latch tells of this Stop ends no session
                self._own += 1
                self._orders.append(MachineRequest.FINISH)
            case ProcedureAction.RELEASE:
                self._orders.append(MachineRequest.RESET)
            case ProcedureAction.NEXT:
                self.session.skip(now)
                self._take_session_orders(now)
            case _:
                self._end(now)

    def _end(self, now: float) -> None:
        why = self.procedure.why or "stopped"
        if self.procedure.stage is CommissioningStage.READ:
            self.session.notice = why  # nothing has been written, and nothing is
            return
        self._orders.append(MachineRequest.STOP)
        if self.session.phase is not Phase.STOPPED:
            self._own += 1
            self.session.end(why, now)
