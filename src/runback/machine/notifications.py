"""What arrives from the machine, and what follows from it.

Rules:
- Bytes that cannot be read change nothing; they are noted.
- An answer counts for the procedure that waits for it, else it is dropped. While the stop latch holds it is Stop's.
- Control is lost with status FF, a reset, the link, or refusals that asking again does not settle. It is asked for
  again by itself only after "control not permitted" to a request that a person's start still covers; never after FF.
- A hand at the console wins: what it stops is let go of, what it sets is held.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from runback.errors import CodecError
from runback.ftms import assigned_numbers
from runback.ftms.assigned_numbers import OpCode, Result, StatusCode, StopPause, TrainingCode
from runback.ftms.control_point import decode_response
from runback.ftms.rsc import decode_rsc
from runback.ftms.status import MachineStatus, decode_machine_status, decode_training_status
from runback.ftms.treadmill_data import decode_treadmill_data, vendor_steps
from runback.machine.belt import BeltPhase
from runback.machine.client_state import ClientState
from runback.machine.endings import ProcedureEnding
from runback.machine.events import Axis, ConsoleChanged, Garbled, Measured, Signal
from runback.machine.plausibility import SpeedVerdict
from runback.machine.procedure import ControlState
from runback.machine.procedure_outcomes import ProcedureOutcomes
from runback.machine.quirks import AckEvidence, ControlRequestPolicy, StartAuthority
from runback.machine.speed_unit import DetectionStage, UnitMismatch
from runback.machine.stop_latch import LatchState
from runback.safety.watchdog import OBEY_WITHIN, TOLERANCE, TripReason
from runback.units import KM_PER_MILE

FASTEST = 2500
"""25 km/h: no treadmill in the notes goes faster. Used where a machine tells no range."""


class NotificationHandler:
    """The part of the client that reacts to what arrives."""

    def __init__(self, state: ClientState, outcomes: ProcedureOutcomes) -> None:
        self._state = state
        self._outcomes = outcomes

    def receive(self, uuid: str, data: bytes, now: float) -> None:
        """Take a notification or indication of characteristic `uuid`. Never raises, whatever the bytes."""
        state = self._state
        take = _TAKES.get(uuid)
        # A vendor's characteristic: all that is ever waited for there is the reply to an unlocking write.
        if take is None:
            state.unlock.heard(uuid, data)
            return
        try:
            take(self, data, now)
        except CodecError as error:
            state.say(Garbled(uuid, str(error)))
        state.tell_latch()

    # -- Treadmill Data -----------------------------------------------------------------------------------------

    def _take_data(self, data: bytes, now: float) -> None:
        state = self._state
        record = state.merger.add(decode_treadmill_data(data))
        if state.quirks.step_octets:
            told_steps = vendor_steps(data, state.quirks.step_octets)
            state.steps = state.steps if told_steps is None else told_steps
        if record is None:
            return
        speed = None if record.speed is None or state.quirks.speed_from_rsc else state.units.measured(record.speed)
        # It says 0 whatever its belt does (38): that is no measurement, and must not be taken for rest.
        if state.quirks.blind and speed == 0:
            speed = None
        if speed is not None and not self._take_speed(speed, record.distance, now):
            return
        shown = record.inclination if state.quirks.tells_incline else None
        incline = None if shown is None else state.quirks.inclines.from_wire(shown)
        if incline is not None:
            state.belt.incline = incline
        told = Measured(now, speed, incline, record.distance, record.heart_rate, record.elapsed)
        state.record = told
        state.say(self._with_steps(told))

    def _take_rsc(self, data: bytes, now: float) -> None:
        state = self._state
        record = decode_rsc(data)
        state.cadence = record.cadence
        if not state.quirks.speed_from_rsc:
            return
        speed = record.speed_centi_kmh
        if self._take_speed(speed, state.record.distance, now):
            state.say(self._with_steps(replace(state.record, at=now, speed=speed)))

    def _with_steps(self, told: Measured) -> Measured:
        """Steps and cadence are told once: what does not come again is not known any more."""
        state = self._state
        told = replace(told, steps=state.steps, cadence=state.cadence)
        state.steps = state.cadence = None
        return told

    def _take_speed(self, speed: int, distance: int | None, now: float) -> bool:
        """Take a reported speed; says whether it is a measurement."""
        state = self._state
        verdict = state.plausibility.judge(speed, now, ceiling=self._ceiling, stopping=self._should_rest)
        if verdict is SpeedVerdict.MEASURED:
            self._take_measured(speed, distance, now)
            return True
        # A fall may be true: the latch and the watchdog hear that the machine is there, and wait for the next record.
        if verdict is SpeedVerdict.DOUBTED:
            state.latch.doubted(speed, now)
            state.watchdog.doubted(now)
        else:
            state.watchdog.garbled(speed, now)
        why = f"{speed / 100:.2f} km/h is not what this belt can do: {verdict.value}"
        state.say(Garbled(assigned_numbers.TREADMILL_DATA, why))
        return False

    @property
    def _ceiling(self) -> int:
        """What no report of this belt's speed can be above, 0.01 km/h. What a profile allows us does not bind a hand at
        the console; and while the unit is not known, the machine's range may have been in miles."""
        state = self._state
        fastest = None if state.capabilities is None else state.capabilities.fastest
        reach = FASTEST if fastest is None else fastest
        # Its range may be in miles, so that a belt may truly be 1.6 times as fast as that seems to allow.
        if state.units.stage is not DetectionStage.PROVEN:
            reach = round(reach * KM_PER_MILE)
        return max(reach, state.speed.sent or 0, state.speed_trace.value or 0) + TOLERANCE

    @property
    def _should_rest(self) -> bool:
        """Whether the belt has been told to come to rest, by whom ever."""
        return self._state.latch.latched or self._state.told_to_rest

    def _take_measured(self, speed: int, distance: int | None, now: float) -> None:
        state = self._state
        state.latch.measured(speed, now)
        state.watchdog.measured(speed, now)
        moved = state.belt.state is BeltPhase.MOVING
        signal = state.belt.measured(speed, now)
        self._compare(speed, distance, now)
        # Only zeros after a Stop that has been written tell that a start which was given up will not come any more.
        if speed == 0:
            stopped = state.latch.state not in (LatchState.CLEAR, LatchState.DUE)
            state.sent_start.rested(now, stopped=stopped, within=state.quirks.start_within)
        if signal is None:
            return
        state.start_deadline = None
        state.calm()
        if signal is Signal.BELT_RESTED:
            state.told_to_rest = False
            state.told = 0
            if moved:  # the first record of a belt that lies still ends nothing
                state.end(
                    ProcedureEnding.RESTED, "the belt came to rest"
                )  # a machine may start again with others (quirk 19)
            state.watchdog.reset()
            state.units.rested()
        else:
            self._moved()
        state.say(signal)

    def _moved(self) -> None:
        """The belt has come into motion, whoever started it: no start may be left over for when it rests."""
        state = self._state
        late = state.sent_start.given_up and state.start_intent is None and not state.latch.latched
        state.sent_start.moved()
        state.start_intent = None
        self._acknowledge(OpCode.START_OR_RESUME)
        # Nobody waits for this start any more, so nobody has been warned: the belt is stopped, not taken over.
        if late:
            state.stop_for(ProcedureEnding.STOPPED, TripReason.LATE_START)
        elif (
            state.control is ControlState.WANTED
            and state.quirks.claim is ControlRequestPolicy.STARTS
            and state.procedure is None
        ):
            state.refuse_control()  # it can only be claimed of a belt at rest

    def _compare(self, speed: int, distance: int | None, now: float) -> None:
        """Is the belt as fast as it was told to be? Too fast is the watchdog's business."""
        state = self._state
        # A belt that rests or is being stopped is not meant to be at its target.
        if speed == 0 or state.latch.latched:
            return
        finding = state.units.heard(speed, distance, now)
        if finding is UnitMismatch.WRONG:
            state.units_wrong = True
            return
        # Its targets are in miles: what was written has made it 1.6 times as fast as was meant, and is written again.
        if finding is UnitMismatch.RETELL:
            state.speed.slack = state.units.slack
            state.speed.lost()
        sent = state.speed.sent
        if sent is None or speed >= sent - TOLERANCE:
            state.lag_since = now
        elif state.lag_since is not None and now >= state.lag_since + OBEY_WITHIN:
            state.lag_since = None
            state.say(Signal.NOT_FOLLOWING)

    # -- Machine Status -----------------------------------------------------------------------------------------

    def _take_status(self, data: bytes, now: float) -> None:
        status = decode_machine_status(data)
        react = _STATUSES.get(status.op_code)
        if react is not None:
            react(self, status, now)

    def _status_stopped(self, status: MachineStatus, now: float) -> None:
        state = self._state
        state.latch.accepted(now)
        # Our own pause or Stop, told once more by the status: not a hand at the console.
        if self._acknowledge(OpCode.STOP_OR_PAUSE) or state.latch.latched:
            return
        # What such a machine says when its start button is pressed (15): now it wants 00 and 07.
        if state.start_intent is not None and state.quirks.start_by is StartAuthority.CONSOLE_FIRST:
            state.console_started = True
            self._outcomes.renew_claim()
        elif state.starting:
            state.start_failed(TripReason.CALLED_OFF)
        elif state.belt.state is BeltPhase.MOVING:
            state.end(ProcedureEnding.CONSOLE_STOPPED, "the belt was stopped at the console")
            state.told_to_rest = True
            state.say(Signal.CONSOLE_PAUSED if status.value == StopPause.PAUSE else Signal.CONSOLE_STOPPED)

    def _status_key(self, _status: MachineStatus, now: float) -> None:
        state = self._state
        state.latch.accepted(now)
        state.end(ProcedureEnding.SAFETY_KEY, "the safety key was pulled")
        state.told_to_rest = True
        state.call_off_start()
        state.say(Signal.SAFETY_KEY)

    def _status_started(self, _status: MachineStatus, _now: float) -> None:
        if not self._acknowledge(OpCode.START_OR_RESUME) and self._state.belt.state is BeltPhase.AT_REST:
            self._state.say(Signal.CONSOLE_STARTED)

    def _status_speed(self, status: MachineStatus, now: float) -> None:
        # 0 is what some machines report while they stop (capture of a Urevo E1L): not a target.
        state = self._state
        speed = state.units.target(status.value or 0)
        # Our own target, echoed, is its acknowledgement (4).
        if not speed or self._acknowledge(OpCode.SET_TARGET_SPEED, speed):
            return
        state.speed_trace.saw(speed, state.speed, now)
        if state.speed.sent is not None:
            state.watchdog.expect(max(state.speed.sent, state.speed_trace.value or 0), now)

    def _status_incline(self, status: MachineStatus, now: float) -> None:
        state = self._state
        incline = None if status.value is None else state.quirks.inclines.from_wire(status.value)
        if incline is not None and not self._acknowledge(OpCode.SET_TARGET_INCLINATION, incline):
            state.incline_trace.saw(incline, state.incline, now)

    def _status_reset(self, _status: MachineStatus, _now: float) -> None:
        if self._state.control is not ControlState.NONE:
            self._state.lose_control("the treadmill was reset")

    def _status_control_lost(self, _status: MachineStatus, _now: float) -> None:
        if self._state.control is not ControlState.NONE:
            self._state.lose_control("another controller has the treadmill")

    def settle(self, now: float) -> None:
        state = self._state
        speed = state.speed_trace.settled(now)
        if speed is not None:
            state.speed.hold(speed)
            state.units.overruled()
            state.watchdog.expect(speed, now)
            state.say(ConsoleChanged(Axis.SPEED, speed))
        incline = state.incline_trace.settled(now)
        if incline is not None:
            state.incline.hold(incline)
            state.say(ConsoleChanged(Axis.INCLINE, incline))

    # -- Training Status ---------------------------------------------------------------------------------------

    def _take_training(self, data: bytes, _now: float) -> None:
        status = decode_training_status(data).status
        if isinstance(status, TrainingCode) and status not in _NOT_UNDER_WAY:  # reserved ones may mean a pause (34)
            self._state.unready_until = None

    # -- Control Point answers -----------------------------------------------------------------------------------

    def _take_answer(self, data: bytes, now: float) -> None:
        state = self._state
        answer = decode_response(data)
        # What was asked before Stop is answered late; which answer is Stop's, the latch tells by the op code.
        if state.latch.latched:
            state.latch.answered(answer.request, answer.result, now)
            if answer.request == OpCode.SET_TARGET_SPEED and answer.result == Result.SUCCESS and state.latch.slowed:
                state.told = 0
            return
        procedure = state.procedure
        # The answer to a request that has been given up, or one that BlueZ delivers twice (bluez.md 1, 5).
        if procedure is None or procedure.op != answer.request:
            return
        state.procedure = None
        if answer.result == Result.SUCCESS:
            self._outcomes.succeeded(procedure, proven=state.quirks.proof is not AckEvidence.BELT)
        else:
            self._outcomes.failed(procedure, answer.result, now)

    def _acknowledge(self, op: OpCode, value: int | None = None) -> bool:
        """Take a status as the answer to the procedure `op` (setting `value`), if that is waiting."""
        state = self._state
        procedure = state.procedure
        if procedure is None or procedure.op is not op:
            return False
        # Another value than ours is a hand at the console, or a ramp that is traced (36).
        if value is not None and (procedure.stands is None or not procedure.stands.is_sent(value)):
            return False
        state.procedure = None
        self._outcomes.succeeded(procedure, proven=state.quirks.proof is not AckEvidence.BELT)
        return True


_TAKES: dict[str, Callable[[NotificationHandler, bytes, float], None]] = {
    assigned_numbers.TREADMILL_DATA: NotificationHandler._take_data,
    assigned_numbers.RSC_MEASUREMENT: NotificationHandler._take_rsc,
    assigned_numbers.FITNESS_MACHINE_STATUS: NotificationHandler._take_status,
    assigned_numbers.FITNESS_MACHINE_CONTROL_POINT: NotificationHandler._take_answer,
    assigned_numbers.TRAINING_STATUS: NotificationHandler._take_training,
}

_NOT_UNDER_WAY = frozenset({TrainingCode.OTHER, TrainingCode.IDLE, TrainingCode.PRE_WORKOUT, TrainingCode.POST_WORKOUT})
"""What Training Status says while a belt counts down, or of one that is not driven."""

_STATUSES: dict[int, Callable[[NotificationHandler, MachineStatus, float], None]] = {
    StatusCode.RESET: NotificationHandler._status_reset,
    StatusCode.STOPPED_OR_PAUSED_BY_THE_USER: NotificationHandler._status_stopped,
    StatusCode.STOPPED_BY_SAFETY_KEY: NotificationHandler._status_key,
    StatusCode.STARTED_OR_RESUMED_BY_THE_USER: NotificationHandler._status_started,
    StatusCode.TARGET_SPEED_CHANGED: NotificationHandler._status_speed,
    StatusCode.TARGET_INCLINE_CHANGED: NotificationHandler._status_incline,
    StatusCode.CONTROL_PERMISSION_LOST: NotificationHandler._status_control_lost,
}
