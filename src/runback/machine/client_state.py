"""What the client knows of one treadmill and wants from it, held by `client.Machine` and shared by its parts.

Rules:
- `end` is the one way to give something up, and `endings.ENDINGS` says what each ending takes away.
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
    """One treadmill as this client sees it. Data, and the few transitions that several parts share."""

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
        self.plausibility = Plausibility()
        self.stop_source = Source.PERSON
        self.merger = RecordMerger()
        self.record = Measured(0.0, None)
        """The newest Treadmill Data."""
        self.steps: int | None = None
        self.cadence: int | None = None
        self.units_wrong = False
        self.procedure: ControlProcedure | None = None
        self.start_intent: StartIntent | None = None
        self.pause_due = False
        self.listening = False
        """Whether a person wants to hear a machine that has to be unlocked first."""
        self.claims = 0
        self.renewing = False
        """Whether control is wanted again, after it had been granted."""
        self.claimed = False
        """Whether control has been asked for since the last command, where each wants it."""
        self.console_started = False
        """Whether its own start button has been pressed since a start was asked for (quirk 15)."""
        self.kept_alive_at: float | None = None
        """When Start was last written."""
        self.unready_until: float | None = None
        """Until when Training Status is waited for after a start, at the latest; None: it is not."""
        self.lag_since: float | None = None
        """Since when the belt is slower than its target; None also once that has been told."""
        self.start_deadline: float | None = None
        self.rouse_at: float | None = None
        """When a belt that stands after its start is told its slowest speed, if it still stands then (quirk 52)."""
        self.rouse_announced = False
        """Whether the session has announced that."""
        self.told_to_rest = False
        """Whether a pause from here, or a hand at the treadmill, should be bringing the belt to rest."""
        self.events: list[Event] = []
        self.told_of_latch: tuple[LatchState, Alarm | None, bool] = (LatchState.CLEAR, None, False)

    def end(self, ending: ProcedureEnding, reason: str) -> None:
        """Take away what `ending` takes away. Nothing of it comes back but by a person's word."""
        what = ENDINGS[ending]
        # Before anything else: whatever of the rest failed, Stop would be latched.
        if Forget.GO_ON in what:
            self.latch.pull()
        self.gate.withdraw(reason)  # every ending takes permission and targets: no row leaves them out
        self.gate.held = False
        self.forget_targets()
        if Forget.PROCEDURE in what:
            self.procedure = None
        if Forget.START in what:
            self.start_intent = None
            self.console_started = self.listening = False
        if Forget.PAUSE in what:
            self.pause_due = False
        if Forget.CLAIM in what and self.control is ControlState.WANTED:
            self.control = ControlState.NONE
        if Forget.CONTROL in what:
            self.control = ControlState.NONE

    def forget_targets(self) -> None:
        self.lag_since = None
        self.speed.forget()
        self.incline.forget()
        self.speed_trace.clear()
        self.incline_trace.clear()

    def forget_link(self) -> None:
        self.merger.reset()
        self.belt.reset()
        self.watchdog.reset()
        self.units.rested()
        self.unlock.take(self.quirks)
        self.sent_start.unlinked()
        self.plausibility.reset()
        self.record = Measured(0.0, None)
        self.steps = self.cadence = None
        self.claimed = self.units_wrong = self.told_to_rest = False
        self.told = 0
        self.kept_alive_at = self.unready_until = None
        self.start_deadline = None
        self.calm()

    def calm(self) -> None:
        """No belt that stands is to be told a speed any more."""
        self.rouse_at = None
        self.rouse_announced = False

    def lose_control(self, reason: str) -> None:
        self.end(ProcedureEnding.CONTROL_LOST, reason)
        self.call_off_start()
        self.watchdog.reset()
        self.say(Signal.CONTROL_LOST)

    def refuse_control(self) -> None:
        """Asked for control, the machine said no, or nothing."""
        # Control that there was and that is not given again is lost, not refused: the belt may be moving.
        if self.renewing:
            self.lose_control("the treadmill does not let itself be controlled")
        else:
            self.end(ProcedureEnding.CONTROL_REFUSED, "the treadmill does not give control")
            self.say(Signal.CONTROL_REFUSED)

    def call_off_start(self) -> None:
        """No start of ours is waited for any more. It may still come."""
        self.start_deadline = None
        self.calm()
        self.sent_start.give_up()
        self.belt.not_started()
        self.watchdog.settled()

    def start_failed(self, why: TripReason = TripReason.NOT_STARTED) -> None:
        """Nothing has come of a start. What it wanted is forgotten; if it has been written, Stop follows it."""
        self.call_off_start()
        self.say(Signal.START_FAILED)
        # It has been written, and may come at any time: a start that nobody waits for any more must not move the belt.
        if self.sent_start.unseen:
            self.stop_for(ProcedureEnding.START_FAILED, why)
        else:
            self.end(ProcedureEnding.START_UNSENT, why.value)

    def stop_for(self, ending: ProcedureEnding, why: TripReason) -> None:
        """Stop the belt, and not on the person's word."""
        self.stop_source = Source.SAFETY
        self.trip = why
        self.end(ending, why.value)

    @property
    def starting(self) -> bool:
        return self.belt.state is BeltPhase.STARTING

    def axis(self, slot: Target) -> Axis:
        return Axis.SPEED if slot is self.speed else Axis.INCLINE

    def tell_latch(self) -> None:
        told, self.told_of_latch = self.told_of_latch, (self.latch.state, self.latch.alarm, self.latch.spent)
        if told[0] is LatchState.CLEAR and self.latch.latched:
            self.say(Signal.LATCHED)
        if self.latch.state is LatchState.ACCEPTED and told[0] is not LatchState.ACCEPTED:
            self.say(Signal.STOP_ANSWERED)
        if self.latch.alarm is not None and told[1] is None:
            self.say(Signal.STOP_ALARM)
        if self.latch.state is LatchState.AT_REST and told[0] is not LatchState.AT_REST:
            self.say(Signal.STOP_CONFIRMED)
        if self.latch.spent and not told[2]:
            self.say(Signal.STOP_UNSEEN)

    def say(self, event: Event) -> None:
        self.events.append(event)
