"""One turn: machine core, session and targets brought up to one moment. It knows no loop, no link and no clock.

Rules:
1. Facts go one way and orders the other, until neither brings anything new: what the machine core has noticed is told
   to the session, what the session orders is carried out, and only then are its targets handed over.
2. The session's targets pass the gate in the machine core; one that is refused is said, and nothing comes in its place.
3. Whatever latched Stop (a watchdog too) has the write under way got out of its way, in the turn that notices.
4. A start is refused here, at its countdown's end, while anything is missing that it needs (`start_condition`).

`tests/search/search_shell.py` does the same in the same order: the search is worth as much as that is true.
"""

from __future__ import annotations

from runback.engine import snapshots
from runback.engine.connection import ConnectionManager
from runback.engine.ports import SessionPort, TurnHost
from runback.engine.recorder import Recorder
from runback.engine.start_condition import StartCondition
from runback.engine.write_pump import WritePump
from runback.errors import PAIR_FIRST, LimitError
from runback.machine.client import Machine
from runback.machine.events import ConsoleChanged, Event, Garbled, Measured, Refused, Signal
from runback.machine.procedure import StartIntent
from runback.session.model import MachineRequest
from runback.session.session import Session
from runback.source import Source

START_VALID = 5.0
"""Seconds after its countdown within which a start must have gone out, or it is off."""


class SessionTurn:
    """Brings `session`, driven through `port`, and `machine` up to a moment; `seen` keeps what is only shown."""

    def __init__(
        self,
        session: Session,
        port: SessionPort,
        machine: Machine,
        recorder: Recorder,
        seen: snapshots.DisplayState,
        start_condition: StartCondition,
        connection: ConnectionManager,
        pump: WritePump,
        host: TurnHost,
    ) -> None:
        self._session = session
        self._port = port
        self._machine = machine
        self._recorder = recorder
        self._seen = seen
        self._start_condition = start_condition
        self._connection = connection
        self._pump = pump
        self._host = host

    def run(self, now: float) -> None:
        """Bring everything up to `now`."""
        self._machine.tick(now)
        # Before the session ticks: what it announces in this turn must keep to the limit already.
        self._port.restrict(None if self._session.prompts else self._machine.walks_only, now)
        self._port.tick(now)
        while True:
            events = self._machine.take_events()
            for event in events:
                self._observe(event, now)
            orders = self._port.take_orders()
            for order in orders:
                self._carry_out(order, now)
            if not events and not orders:
                break
        self._set_targets()

    def _observe(self, event: Event, now: float) -> None:
        match event:
            case Measured():
                self._seen.record, self._seen.heard_at = event, now
                if event.speed is not None:
                    self._seen.belt = (event.speed, now)
            case Garbled():
                self._recorder.put(now, "garbled", why=event.why)
            case ConsoleChanged() | Refused():
                word = "console" if isinstance(event, ConsoleChanged) else "refused"
                self._recorder.put(now, word, axis=event.axis.value, value=event.value)
            case Signal.LATCHED:
                self._latched(now)
            case Signal.STOP_ALARM:
                alarm = self._machine.latch.alarm
                self._recorder.put(now, "alarm", reason="" if alarm is None else alarm.value)
            case Signal.BELT_MOVED | Signal.STOP_CONFIRMED:
                self._connection.moved()
            case Signal.LINK_DOWN:
                self._seen.record = self._seen.heard_at = None
            case _:
                pass
        if isinstance(event, Signal):
            self._recorder.put(now, "signal", signal=event.value)
        self._port.observe(event, now)
        if event is Signal.CONTROL_REFUSED and self._connection.unpaired:
            self._session.notice = PAIR_FIRST  # why it does not give control, and what can be done about it

    def _latched(self, now: float) -> None:
        """Stop has been latched. A person's is in the record already; a watchdog's is not."""
        trip = self._machine.trip
        if trip is not None:
            self._recorder.put(now, "stop", reason=trip.value, source=Source.SAFETY.value)
        self._port.stopped("you stopped the belt" if trip is None else trip.value, now)
        self._pump.preempt(now)  # nothing stands before Stop, not even a write that hangs

    def _carry_out(self, order: MachineRequest, now: float) -> None:
        machine = self._machine
        match order:
            case MachineRequest.ARM:
                machine.gate.arm()
                machine.request_control()
            case MachineRequest.START if self._start_condition.refuses(now):
                pass
            case MachineRequest.START:
                machine.start(StartIntent(now + max(START_VALID, self._session.start_within)))
            case MachineRequest.LISTEN:
                machine.listen()
            case MachineRequest.ROUSE if (missing := self._start_condition.missing()) is not None:
                # Start has been written already: refusing is not enough, for the belt is not to move now.
                self._host.stop(missing.what, Source.SAFETY)
            case MachineRequest.ROUSE:
                machine.rouse()
            case MachineRequest.PAUSE:
                machine.pause()
            case MachineRequest.FINISH:
                machine.stop_as(Source.PLAN)
            case MachineRequest.STOP:
                machine.stop_as(Source.SAFETY)
                self._recorder.put(now, "stop", reason=self._session.stop_reason, source=Source.SAFETY.value)
            case MachineRequest.RESET:
                self._reset(now)
            case MachineRequest.QUIT:
                self._host.leave()

    def _reset(self, now: float) -> None:
        if self._machine.reset_stop():
            self._recorder.put(now, "reset")
            self._port.released()
        else:  # the latch stays: that nobody hears the belt move is no sign that it rests
            self._session.notice = "the belt is not known to be at rest"

    def _set_targets(self) -> None:
        """Hand over what is wanted now. The two axes are asked for one by one: a refused incline holds up no speed."""
        speed, incline, source = self._port.target, self._port.incline, self._session.speed_plan.source
        try:
            if speed is not None:
                self._machine.want_speed(speed, source)
        except LimitError as error:
            self._session.notice = snapshots.refusal(error, self._session.unit)
        try:
            if incline is not None:
                self._machine.want_incline(incline, source)
        except LimitError as error:
            self._session.notice = snapshots.refusal(error, self._session.unit)
