"""What is known and wanted of one treadmill, and how it is let go of. The ground under `client.Machine`.

Rules:
- `_end` is the one way to let go, and `endings.ENDINGS` says what each ending takes away.
- A start that has been offered to the machine is on its way until the belt moves, the machine says no, or its time is
  up; until then no other is sent. One that is given up is answered with Stop (`sent_start`).
"""

from __future__ import annotations

from runback.ftms.treadmill_data import RecordMerger
from runback.machine.belt import BeltPhase, BeltState
from runback.machine.capabilities import Capabilities
from runback.machine.console_override import ConsoleTargetTracker
from runback.machine.endings import ENDINGS, Forget, ProcedureEnding
from runback.machine.events import Axis, Event, Measured, Signal
from runback.machine.plausibility import Plausibility
from runback.machine.procedure import ControlProcedure, ControlState, StartIntent
from runback.machine.quirks import MachineQuirks
from runback.machine.sent_start import SentStart
from runback.machine.speed_unit import SpeedUnitDetector
from runback.machine.stop_latch import Alarm, LatchState, StopLatch
from runback.machine.targets import Target
from runback.machine.unlock import UnlockSequence
from runback.safety.gate import Gate
from runback.safety.watchdog import TripReason, Watchdog
from runback.source import Source


class ClientState:
    """One treadmill as this client sees it."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.capabilities: Capabilities | None = None
        """What the machine on the link can do; None without a link."""
        self.quirks = MachineQuirks()
        self.units = SpeedUnitDetector()
        self.unlock = UnlockSequence()
        self.watchdog = Watchdog()
        self.latch = StopLatch()
        self.belt = BeltState()
        self.control = ControlState.NONE
        self.speed = Target("speed")
        self.incline = Target("incline")
        self.told = 0
        """The newest target written on this link since the belt was last at rest."""
        self.speed_trace = ConsoleTargetTracker()
        self.incline_trace = ConsoleTargetTracker()
        self.trip: TripReason | None = None
        """Why the belt was stopped by this core itself; None if it was not."""
        self.sent_start = SentStart()
        self._plausibility = Plausibility()
        self._stop_source = Source.PERSON
        self._merger = RecordMerger()
        self._record = Measured(0.0, None)
        """The newest Treadmill Data."""
        self._steps: int | None = None
        self._cadence: int | None = None
        self._units_wrong = False
        self._procedure: ControlProcedure | None = None
        self._intent: StartIntent | None = None
        self._pause_due = False
        self._listening = False
        """Whether a person wants to hear a machine that has to be unlocked first."""
        self._claims = 0
        self._renewing = False
        """Whether control is wanted again, after it had been granted."""
        self._claimed = False
        """Whether control has been asked for since the last command, where each wants it."""
        self._called = False
        """Whether its own start button has been pressed since a start was asked for (quirk 15)."""
        self._fed_at: float | None = None
        """When Start was last written."""
        self._unready_until: float | None = None
        """Until when Training Status is waited for after a start, at the latest; None: it is not."""
        self._lag_since: float | None = None
        """Since when the belt is slower than its target; None also once that has been told."""
        self._start_by: float | None = None
        self._rouse_at: float | None = None
        """When a belt that stands after its start is told its slowest speed, if it still stands then (quirk 52)."""
        self._rouse = False
        """Whether the session has announced that."""
        self._told_to_rest = False
        """Whether a pause from here, or a hand at the treadmill, should be bringing the belt to rest."""
        self._events: list[Event] = []
        self._told: tuple[LatchState, Alarm | None, bool] = (LatchState.CLEAR, None, False)

    def _end(self, ending: ProcedureEnding, reason: str) -> None:
        """Take away what `ending` takes away. Nothing of it comes back but by a person's word."""
        what = ENDINGS[ending]
        if Forget.GO_ON in what:
            self.latch.pull()
        self.gate.withdraw(reason)  # every ending takes permission and targets: no row leaves them out
        self.gate.held = False
        self._forget_targets()
        if Forget.PROCEDURE in what:
            self._procedure = None
        if Forget.START in what:
            self._intent = None
            self._called = self._listening = False
        if Forget.PAUSE in what:
            self._pause_due = False
        if Forget.CLAIM in what and self.control is ControlState.WANTED:
            self.control = ControlState.NONE
        if Forget.CONTROL in what:
            self.control = ControlState.NONE

    def _forget_targets(self) -> None:
        self._lag_since = None
        self.speed.forget()
        self.incline.forget()
        self.speed_trace.clear()
        self.incline_trace.clear()

    def _forget_link(self) -> None:
        self._merger.reset()
        self.belt.reset()
        self.watchdog.reset()
        self.units.rested()
        self.unlock.take(self.quirks)
        self.sent_start.unlinked()
        self._plausibility.reset()
        self._record = Measured(0.0, None)
        self._steps = self._cadence = None
        self._claimed = self._units_wrong = self._told_to_rest = False
        self.told = 0
        self._fed_at = self._unready_until = None
        self._start_by = None
        self._calm()

    def _calm(self) -> None:
        """No belt that stands is to be told a speed any more."""
        self._rouse_at = None
        self._rouse = False

    def _lose_control(self, reason: str) -> None:
        self._end(ProcedureEnding.CONTROL_LOST, reason)
        self._call_off_start()
        self.watchdog.reset()
        self._say(Signal.CONTROL_LOST)

    def _refuse_control(self) -> None:
        """Asked for control, the machine said no, or nothing."""
        if self._renewing:
            self._lose_control("the treadmill does not let itself be controlled")
        else:
            self._end(ProcedureEnding.CONTROL_REFUSED, "the treadmill does not give control")
            self._say(Signal.CONTROL_REFUSED)

    def _call_off_start(self) -> None:
        """No start of ours is waited for any more. It may still come."""
        self._start_by = None
        self._calm()
        self.sent_start.give_up()
        self.belt.not_started()
        self.watchdog.settled()

    def _start_failed(self, why: TripReason = TripReason.NOT_STARTED) -> None:
        """Nothing has come of a start. What it wanted is forgotten; if it has been written, Stop follows it."""
        self._call_off_start()
        self._say(Signal.START_FAILED)
        if self.sent_start.unseen:
            self._stop_for(ProcedureEnding.START_FAILED, why)
        else:
            self._end(ProcedureEnding.START_UNSENT, why.value)

    def _stop_for(self, ending: ProcedureEnding, why: TripReason) -> None:
        """Stop the belt, and not on the person's word."""
        self._stop_source = Source.SAFETY
        self.trip = why
        self._end(ending, why.value)

    @property
    def _starting(self) -> bool:
        return self.belt.state is BeltPhase.STARTING

    def _axis(self, slot: Target) -> Axis:
        return Axis.SPEED if slot is self.speed else Axis.INCLINE

    def _tell_latch(self) -> None:
        told, self._told = self._told, (self.latch.state, self.latch.alarm, self.latch.spent)
        if told[0] is LatchState.CLEAR and self.latch.latched:
            self._say(Signal.LATCHED)
        if self.latch.state is LatchState.ACCEPTED and told[0] is not LatchState.ACCEPTED:
            self._say(Signal.STOP_ANSWERED)
        if self.latch.alarm is not None and told[1] is None:
            self._say(Signal.STOP_ALARM)
        if self.latch.state is LatchState.AT_REST and told[0] is not LatchState.AT_REST:
            self._say(Signal.STOP_CONFIRMED)
        if self.latch.spent and not told[2]:
            self._say(Signal.STOP_UNSEEN)

    def _say(self, event: Event) -> None:
        self._events.append(event)
