"""What arrives from the machine, and what follows from it. The lower half of `core.Machine`.

Rules:
- Octets that cannot be read change nothing; they are noted.
- An answer counts for the procedure that waits for it, else it is dropped. While the stop latch holds it is Stop's.
- Control is lost with status FF, a reset, the link, or refusals that asking again does not mend. It is asked for
  again by itself only after "control not permitted" to a request that a person's start still covers; never after FF.
"""

from __future__ import annotations

from collections.abc import Callable

from runback.errors import CodecError
from runback.ftms import assigned
from runback.ftms.assigned import OpCode, Result, StatusCode, StopPause
from runback.ftms.control_point import decode_response
from runback.ftms.status import MachineStatus, decode_machine_status
from runback.ftms.treadmill_data import RecordMerger, decode_treadmill_data
from runback.machine.belt import Belt, BeltView
from runback.machine.console import ConsoleTrace
from runback.machine.events import Axis, ConsoleChanged, Event, Garbled, Measured, Refused, Signal
from runback.machine.procedure import FAILED_RETRY, MAX_CLAIMS, Control, Procedure, StartIntent
from runback.machine.slots import Slot
from runback.machine.stop import Alarm, Latch, StopLatch
from runback.safety.gate import Gate
from runback.safety.watchdog import Bite, Watchdog


AS_ASKED = 20
"""0.2 km/h: a belt this near its target runs as it was asked to."""


class Inbox:
    """State of one treadmill, and the half of its rules that react to what arrives."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.watchdog = Watchdog()
        self.latch = StopLatch()
        self.belt = BeltView()
        self.control = Control.NONE
        self.speed = Slot("speed")
        self.incline = Slot("incline")
        self.speed_trace = ConsoleTrace()
        self.incline_trace = ConsoleTrace()
        self.bite: Bite | None = None
        """What made the watchdog stop the belt; None if it did not."""
        self._merger = RecordMerger()
        self._procedure: Procedure | None = None
        self._intent: StartIntent | None = None
        self._pause_due = False
        self._claims = 0
        self._start_by: float | None = None
        self._events: list[Event] = []
        self._told: tuple[Latch, Alarm | None] = (Latch.CLEAR, None)

    def receive(self, uuid: str, data: bytes, now: float) -> None:
        """Take a notification or indication of characteristic `uuid`. Never raises, whatever the octets."""
        take = _TAKES.get(uuid)
        if take is None:
            return
        try:
            take(self, data, now)
        except CodecError as error:
            self._say(Garbled(uuid, str(error)))
        self._tell_latch()

    # -- Treadmill Data -----------------------------------------------------------------------------------------

    def _take_data(self, data: bytes, now: float) -> None:
        record = self._merger.add(decode_treadmill_data(data))
        if record is None:
            return
        if record.speed is not None:
            self._take_speed(record.speed, now)
        if record.inclination is not None:
            self.belt.incline = record.inclination
        self._say(Measured(now, record.speed, record.inclination, record.distance, record.heart_rate, record.elapsed))

    def _take_speed(self, speed: int, now: float) -> None:
        self.latch.measured(speed, now)
        self.watchdog.measured(speed, now)
        signal = self.belt.measured(speed, now)
        if signal is None:
            return
        self._start_by = None
        if signal is Signal.BELT_RESTED:
            self.speed.forget()
            self.speed_trace.clear()
            self.watchdog.reset()
        self._say(signal)

    def _current_speed(self) -> int:
        """What a raise is counted from: the last commanded target, else what is measured."""
        return self.speed.sent if self.speed.sent is not None else self.belt.speed or 0

    # -- Machine Status -----------------------------------------------------------------------------------------

    def _take_status(self, data: bytes, now: float) -> None:
        status = decode_machine_status(data)
        react = _STATUSES.get(status.op_code)
        if react is not None:
            react(self, status, now)

    def _status_stopped(self, status: MachineStatus, now: float) -> None:
        self.latch.accepted(now)
        if self._acknowledge(OpCode.STOP_OR_PAUSE, now) or self.latch.latched:
            return
        if self.belt.state is Belt.STARTING:
            self._not_started()
        elif self.belt.state is Belt.MOVING:
            self._say(Signal.CONSOLE_PAUSED if status.value == StopPause.PAUSE else Signal.CONSOLE_STOPPED)

    def _status_key(self, _status: MachineStatus, now: float) -> None:
        self.latch.accepted(now)
        self._drop("the safety key was pulled")
        self._not_started()
        self._say(Signal.SAFETY_KEY)

    def _status_started(self, _status: MachineStatus, now: float) -> None:
        if not self._acknowledge(OpCode.START_OR_RESUME, now) and self.belt.state is Belt.AT_REST:
            self._say(Signal.CONSOLE_STARTED)

    def _status_speed(self, status: MachineStatus, now: float) -> None:
        # 0 is what some machines report while they stop (capture of a Urevo E1L): not a target.
        if not status.value or self._acknowledge(OpCode.SET_TARGET_SPEED, now, status.value):
            return
        self.speed_trace.saw(status.value, self.speed.sent, now)
        if self.speed_trace.value is not None and self.speed.sent is not None:
            self.watchdog.expect(max(self.speed.sent, status.value), now)

    def _status_incline(self, status: MachineStatus, now: float) -> None:
        if status.value is not None and not self._acknowledge(OpCode.SET_TARGET_INCLINATION, now, status.value):
            self.incline_trace.saw(status.value, self.incline.sent, now)

    def _status_control_lost(self, _status: MachineStatus, _now: float) -> None:
        if self.control is not Control.NONE:
            self._lose_control("another controller has the treadmill")

    def _settle(self, now: float) -> None:
        speed = self.speed_trace.settled(now)
        if speed is not None and speed != self.speed.sent:
            self.speed.hold(speed)
            self.watchdog.expect(speed, now)
            self._say(ConsoleChanged(Axis.SPEED, speed))
        incline = self.incline_trace.settled(now)
        if incline is not None and incline != self.incline.sent:
            self.incline.hold(incline)
            self._say(ConsoleChanged(Axis.INCLINE, incline))

    # -- Control Point answers -----------------------------------------------------------------------------------

    def _take_answer(self, data: bytes, now: float) -> None:
        answer = decode_response(data)
        if self.latch.latched:
            self.latch.answered(answer.request, answer.result, now)
            return
        procedure = self._procedure
        if procedure is None or procedure.op != answer.request:
            return
        self._procedure = None
        if answer.result == Result.SUCCESS:
            self._succeeded(procedure)
        else:
            self._failed(procedure, answer.result, now)

    def _acknowledge(self, op: OpCode, _now: float, value: int | None = None) -> bool:
        """Take a status as the answer to the procedure `op` (setting `value`), if that is waiting."""
        procedure = self._procedure
        if procedure is None or procedure.op is not op or (value is not None and procedure.value != value):
            return False
        self._procedure = None
        self._succeeded(procedure)
        return True

    def _succeeded(self, procedure: Procedure) -> None:
        if procedure.op is OpCode.REQUEST_CONTROL and self.control is Control.WANTED:
            self.control = Control.GRANTED
            self._say(Signal.CONTROL_GRANTED)
        elif procedure.op is not OpCode.REQUEST_CONTROL:
            self._claims = 0
        if procedure.op is OpCode.STOP_OR_PAUSE:
            self._not_started()

    def _failed(self, procedure: Procedure, result: int | None, now: float) -> None:
        """The machine said no: `result` is its code, None for an ATT error."""
        slot = procedure.slot
        if procedure.op is OpCode.REQUEST_CONTROL:
            self.control = Control.NONE
            self._say(Signal.CONTROL_REFUSED)
        elif result == Result.CONTROL_NOT_PERMITTED:
            self._reclaim(procedure)
        elif slot is not None and result == Result.OPERATION_FAILED:
            self._try_later(slot, procedure, now + FAILED_RETRY)
        elif slot is not None:
            slot.refuse(procedure.value)
            self._say(Refused(_axis(slot, self.speed), procedure.value, "the treadmill refused it"))
        elif procedure.op is OpCode.START_OR_RESUME:
            self._not_started(always=True)
        else:
            self._say(Signal.PAUSE_REFUSED)

    def _unanswered(self, procedure: Procedure, now: float) -> None:
        if procedure.op is OpCode.STOP_OR_PAUSE:
            self._say(Signal.PAUSE_REFUSED)
        elif procedure.slot is not None and not self._shows(procedure):
            self._try_later(procedure.slot, procedure, now)
        # Control is asked for again by itself; a Start is never repeated: the belt will show what became of it.

    def _shows(self, procedure: Procedure) -> bool:
        """Whether the belt itself answers for an answer that was lost: it runs at the speed that was set."""
        speed = self.belt.speed if procedure.slot is self.speed else None
        return speed is not None and abs(speed - procedure.value) <= AS_ASKED

    def _try_later(self, slot: Slot, procedure: Procedure, at: float) -> None:
        if not slot.retry(at):
            self._say(Refused(_axis(slot, self.speed), procedure.value, "the treadmill does not do it"))

    def _reclaim(self, procedure: Procedure) -> None:
        if self._claims >= MAX_CLAIMS:
            self._lose_control("the treadmill does not let itself be controlled")
            return
        self.control = Control.WANTED
        self._not_started()
        self._offer_again(procedure)

    def _offer_again(self, procedure: Procedure) -> None:
        """The machine has not taken the request: what it was made of is wanted as before."""
        if procedure.slot is not None:
            procedure.slot.sent = None
        elif procedure.intent is not None:
            procedure.intent.spent = False
            self._intent = procedure.intent
        elif procedure.op is OpCode.STOP_OR_PAUSE:
            self._pause_due = True

    # -- letting go ----------------------------------------------------------------------------------------------

    def _lose_control(self, reason: str) -> None:
        self.control = Control.NONE
        self._drop(reason)
        self._not_started()
        self.watchdog.reset()
        self._say(Signal.CONTROL_LOST)

    def _not_started(self, *, always: bool = False) -> None:
        waiting = self.belt.state is Belt.STARTING
        self._start_by = None
        self.belt.not_started()
        if waiting or always:
            self.watchdog.settled()
            self._say(Signal.START_FAILED)

    def _drop(self, reason: str) -> None:
        """Nothing is wanted any more, and nothing may be raised until a person says so."""
        self.gate.withdraw(reason)
        self.gate.held = False
        self.speed.forget()
        self.incline.forget()
        self.speed_trace.clear()
        self.incline_trace.clear()
        self._procedure = None
        self._intent = None
        self._pause_due = False

    def _forget_link(self) -> None:
        self._merger.reset()
        self.belt.reset()
        self.watchdog.reset()
        self._start_by = None

    def _tell_latch(self) -> None:
        told, self._told = self._told, (self.latch.state, self.latch.alarm)
        if told[0] is Latch.CLEAR and self.latch.latched:
            self._say(Signal.LATCHED)
        if self.latch.alarm is not None and told[1] is None:
            self._say(Signal.STOP_ALARM)
        if self.latch.state is Latch.AT_REST and told[0] is not Latch.AT_REST:
            self._say(Signal.STOP_CONFIRMED)

    def _say(self, event: Event) -> None:
        self._events.append(event)


def _axis(slot: Slot, speed: Slot) -> Axis:
    return Axis.SPEED if slot is speed else Axis.INCLINE


_TAKES: dict[str, Callable[[Inbox, bytes, float], None]] = {
    assigned.TREADMILL_DATA: Inbox._take_data,
    assigned.FITNESS_MACHINE_STATUS: Inbox._take_status,
    assigned.FITNESS_MACHINE_CONTROL_POINT: Inbox._take_answer,
}

_STATUSES: dict[int, Callable[[Inbox, MachineStatus, float], None]] = {
    StatusCode.RESET: Inbox._status_control_lost,
    StatusCode.STOPPED_OR_PAUSED_BY_THE_USER: Inbox._status_stopped,
    StatusCode.STOPPED_BY_SAFETY_KEY: Inbox._status_key,
    StatusCode.STARTED_OR_RESUMED_BY_THE_USER: Inbox._status_started,
    StatusCode.TARGET_SPEED_CHANGED: Inbox._status_speed,
    StatusCode.TARGET_INCLINE_CHANGED: Inbox._status_incline,
    StatusCode.CONTROL_PERMISSION_LOST: Inbox._status_control_lost,
}
