"""What arrives from the machine, and what follows from it. The lower half of `client.Machine`.

Rules:
- Octets that cannot be read change nothing; they are noted.
- An answer counts for the procedure that waits for it, else it is dropped. While the stop latch holds it is Stop's.
- Control is lost with status FF, a reset, the link, or refusals that asking again does not mend. It is asked for
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


class NotificationHandler(ProcedureOutcomes):
    """The half of the rules that react to what arrives."""

    def receive(self, uuid: str, data: bytes, now: float) -> None:
        """Take a notification or indication of characteristic `uuid`. Never raises, whatever the octets."""
        take = _TAKES.get(uuid)
        if take is None:
            self.unlock.heard(uuid, data)
            return
        try:
            take(self, data, now)
        except CodecError as error:
            self._say(Garbled(uuid, str(error)))
        self._tell_latch()

    # -- Treadmill Data -----------------------------------------------------------------------------------------

    def _take_data(self, data: bytes, now: float) -> None:
        record = self._merger.add(decode_treadmill_data(data))
        if self.quirks.step_octets:
            told_steps = vendor_steps(data, self.quirks.step_octets)
            self._steps = self._steps if told_steps is None else told_steps
        if record is None:
            return
        speed = None if record.speed is None or self.quirks.speed_from_rsc else self.units.measured(record.speed)
        if self.quirks.blind and speed == 0:
            speed = None
        if speed is not None and not self._take_speed(speed, record.distance, now):
            return
        shown = record.inclination if self.quirks.tells_incline else None
        incline = None if shown is None else self.quirks.inclines.from_wire(shown)
        if incline is not None:
            self.belt.incline = incline
        told = Measured(now, speed, incline, record.distance, record.heart_rate, record.elapsed)
        self._record = told
        self._say(self._with_steps(told))

    def _take_rsc(self, data: bytes, now: float) -> None:
        record = decode_rsc(data)
        self._cadence = record.cadence
        if not self.quirks.speed_from_rsc:
            return
        speed = record.speed_centi_kmh
        if self._take_speed(speed, self._record.distance, now):
            self._say(self._with_steps(replace(self._record, at=now, speed=speed)))

    def _with_steps(self, told: Measured) -> Measured:
        """Steps and cadence are told once: what does not come again is not known any more."""
        told = replace(told, steps=self._steps, cadence=self._cadence)
        self._steps = self._cadence = None
        return told

    def _take_speed(self, speed: int, distance: int | None, now: float) -> bool:
        """Take a reported speed; says whether it is a measurement."""
        verdict = self._plausibility.judge(speed, now, ceiling=self._ceiling, stopping=self._should_rest)
        if verdict is SpeedVerdict.MEASURED:
            self._take_measured(speed, distance, now)
            return True
        if verdict is SpeedVerdict.DOUBTED:
            self.latch.doubted(speed, now)
            self.watchdog.doubted(now)
        else:
            self.watchdog.garbled(speed, now)
        why = f"{speed / 100:.2f} km/h is not what this belt can do: {verdict.value}"
        self._say(Garbled(assigned_numbers.TREADMILL_DATA, why))
        return False

    @property
    def _ceiling(self) -> int:
        """What no report of this belt's speed can be above, 0.01 km/h. What a profile allows us does not bind a hand at
        the console; and while the unit is not known, the machine's range may have been in miles."""
        fastest = None if self.capabilities is None else self.capabilities.fastest
        reach = FASTEST if fastest is None else fastest
        if self.units.stage is not DetectionStage.PROVEN:
            reach = round(reach * KM_PER_MILE)
        return max(reach, self.speed.sent or 0, self.speed_trace.value or 0) + TOLERANCE

    @property
    def _should_rest(self) -> bool:
        """Whether the belt has been told to come to rest, by whom ever."""
        return self.latch.latched or self._told_to_rest

    def _take_measured(self, speed: int, distance: int | None, now: float) -> None:
        self.latch.measured(speed, now)
        self.watchdog.measured(speed, now)
        moved = self.belt.state is BeltPhase.MOVING
        signal = self.belt.measured(speed, now)
        self._compare(speed, distance, now)
        if speed == 0:
            stopped = self.latch.state not in (LatchState.CLEAR, LatchState.DUE)
            self.sent_start.rested(now, stopped=stopped, within=self.quirks.start_within)
        if signal is None:
            return
        self._start_by = None
        self._calm()
        if signal is Signal.BELT_RESTED:
            self._told_to_rest = False
            self.told = 0
            if moved:  # the first record of a belt that lies still ends nothing
                self._end(
                    ProcedureEnding.RESTED, "the belt came to rest"
                )  # a machine may start again with others (quirk 19)
            self.watchdog.reset()
            self.units.rested()
        else:
            self._moved()
        self._say(signal)

    def _moved(self) -> None:
        """The belt has come into motion, whoever started it: no start may be left over for when it rests."""
        late = self.sent_start.given_up and self._intent is None and not self.latch.latched
        self.sent_start.moved()
        self._intent = None
        self._acknowledge(OpCode.START_OR_RESUME)
        if late:
            self._stop_for(ProcedureEnding.STOPPED, TripReason.LATE_START)
        elif (
            self.control is ControlState.WANTED
            and self.quirks.claim is ControlRequestPolicy.STARTS
            and self._procedure is None
        ):
            self._refuse_control()  # it can only be claimed of a belt at rest

    def _compare(self, speed: int, distance: int | None, now: float) -> None:
        """Is the belt as fast as it was told to be? Too fast is the watchdog's business."""
        if speed == 0 or self.latch.latched:
            return
        finding = self.units.heard(speed, distance, now)
        if finding is UnitMismatch.WRONG:
            self._units_wrong = True
            return
        if finding is UnitMismatch.RETELL:
            self.speed.slack = self.units.slack
            self.speed.lost()
        sent = self.speed.sent
        if sent is None or speed >= sent - TOLERANCE:
            self._lag_since = now
        elif self._lag_since is not None and now >= self._lag_since + OBEY_WITHIN:
            self._lag_since = None
            self._say(Signal.NOT_FOLLOWING)

    # -- Machine Status -----------------------------------------------------------------------------------------

    def _take_status(self, data: bytes, now: float) -> None:
        status = decode_machine_status(data)
        react = _STATUSES.get(status.op_code)
        if react is not None:
            react(self, status, now)

    def _status_stopped(self, status: MachineStatus, now: float) -> None:
        self.latch.accepted(now)
        if self._acknowledge(OpCode.STOP_OR_PAUSE) or self.latch.latched:
            return
        if self._intent is not None and self.quirks.start_by is StartAuthority.CONSOLE_FIRST:
            self._called = True
            self._renew_claim()
        elif self._starting:
            self._start_failed(TripReason.CALLED_OFF)
        elif self.belt.state is BeltPhase.MOVING:
            self._end(ProcedureEnding.CONSOLE_STOPPED, "the belt was stopped at the console")
            self._told_to_rest = True
            self._say(Signal.CONSOLE_PAUSED if status.value == StopPause.PAUSE else Signal.CONSOLE_STOPPED)

    def _status_key(self, _status: MachineStatus, now: float) -> None:
        self.latch.accepted(now)
        self._end(ProcedureEnding.SAFETY_KEY, "the safety key was pulled")
        self._told_to_rest = True
        self._call_off_start()
        self._say(Signal.SAFETY_KEY)

    def _status_started(self, _status: MachineStatus, _now: float) -> None:
        if not self._acknowledge(OpCode.START_OR_RESUME) and self.belt.state is BeltPhase.AT_REST:
            self._say(Signal.CONSOLE_STARTED)

    def _status_speed(self, status: MachineStatus, now: float) -> None:
        # 0 is what some machines report while they stop (capture of a Urevo E1L): not a target.
        speed = self.units.target(status.value or 0)
        if not speed or self._acknowledge(OpCode.SET_TARGET_SPEED, speed):
            return
        self.speed_trace.saw(speed, self.speed, now)
        if self.speed.sent is not None:
            self.watchdog.expect(max(self.speed.sent, self.speed_trace.value or 0), now)

    def _status_incline(self, status: MachineStatus, now: float) -> None:
        incline = None if status.value is None else self.quirks.inclines.from_wire(status.value)
        if incline is not None and not self._acknowledge(OpCode.SET_TARGET_INCLINATION, incline):
            self.incline_trace.saw(incline, self.incline, now)

    def _status_reset(self, _status: MachineStatus, _now: float) -> None:
        if self.control is not ControlState.NONE:
            self._lose_control("the treadmill was reset")

    def _status_control_lost(self, _status: MachineStatus, _now: float) -> None:
        if self.control is not ControlState.NONE:
            self._lose_control("another controller has the treadmill")

    def _settle(self, now: float) -> None:
        speed = self.speed_trace.settled(now)
        if speed is not None:
            self.speed.hold(speed)
            self.units.overruled()
            self.watchdog.expect(speed, now)
            self._say(ConsoleChanged(Axis.SPEED, speed))
        incline = self.incline_trace.settled(now)
        if incline is not None:
            self.incline.hold(incline)
            self._say(ConsoleChanged(Axis.INCLINE, incline))

    # -- Training Status ---------------------------------------------------------------------------------------

    def _take_training(self, data: bytes, _now: float) -> None:
        status = decode_training_status(data).status
        if isinstance(status, TrainingCode) and status not in _NOT_UNDER_WAY:  # reserved ones may mean a pause (34)
            self._unready_until = None

    # -- Control Point answers -----------------------------------------------------------------------------------

    def _take_answer(self, data: bytes, now: float) -> None:
        answer = decode_response(data)
        if self.latch.latched:
            self.latch.answered(answer.request, answer.result, now)
            if answer.request == OpCode.SET_TARGET_SPEED and answer.result == Result.SUCCESS and self.latch.slowed:
                self.told = 0
            return
        procedure = self._procedure
        if procedure is None or procedure.op != answer.request:
            return
        self._procedure = None
        if answer.result == Result.SUCCESS:
            self._succeeded(procedure, proven=self.quirks.proof is not AckEvidence.BELT)
        else:
            self._failed(procedure, answer.result, now)

    def _acknowledge(self, op: OpCode, value: int | None = None) -> bool:
        """Take a status as the answer to the procedure `op` (setting `value`), if that is waiting."""
        procedure = self._procedure
        if procedure is None or procedure.op is not op:
            return False
        if value is not None and (procedure.stands is None or not procedure.stands.is_sent(value)):
            return False
        self._procedure = None
        self._succeeded(procedure, proven=self.quirks.proof is not AckEvidence.BELT)
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
