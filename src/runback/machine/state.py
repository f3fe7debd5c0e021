"""What is known and wanted of one treadmill, and how it is let go of. The ground under `core.Machine`.

Rules:
- `_drop` is the one way to let go: permission, targets, intent, pause and the procedure under way go together.
- A start that has been offered to the machine is on its way until the belt moves, the machine says no, or its time is
  up; until then no other is sent.
"""

from __future__ import annotations

from runback.ftms.treadmill_data import RecordMerger
from runback.machine.belt import Belt, BeltView
from runback.machine.console import ConsoleTrace
from runback.machine.events import Axis, Event, Measured, Signal
from runback.machine.habits import Habits
from runback.machine.preface import Preface
from runback.machine.procedure import Control, Procedure, StartIntent
from runback.machine.slots import Slot
from runback.machine.stop import Alarm, Latch, StopLatch
from runback.machine.units import Units
from runback.safety.gate import Gate
from runback.safety.watchdog import Bite, Watchdog


class State:
    """One treadmill as this client sees it."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.habits = Habits()
        self.units = Units()
        self.preface = Preface()
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
        self._record = Measured(0.0, None)
        """The newest Treadmill Data."""
        self._steps: int | None = None
        self._cadence: int | None = None
        self._units_wrong = False
        self._procedure: Procedure | None = None
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
        self._events: list[Event] = []
        self._told: tuple[Latch, Alarm | None, bool] = (Latch.CLEAR, None, False)

    def _drop(self, reason: str) -> None:
        """Nothing is wanted any more, and nothing may be raised until a person says so."""
        self.gate.withdraw(reason)
        self.gate.held = False
        self._forget_targets()
        self._procedure = None
        self._intent = None
        self._pause_due = False
        self._called = self._listening = False
        if self.control is Control.WANTED:
            self.control = Control.NONE

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
        self.preface.take(self.habits)
        self._record = Measured(0.0, None)
        self._steps = self._cadence = None
        self._claimed = self._units_wrong = False
        self._fed_at = self._unready_until = None
        self._start_by = None

    def _lose_control(self, reason: str) -> None:
        self._drop(reason)
        self.control = Control.NONE
        self._call_off_start()
        self.watchdog.reset()
        self._say(Signal.CONTROL_LOST)

    def _refuse_control(self) -> None:
        """Asked for control, the machine said no, or nothing."""
        if self._renewing:
            self._lose_control("the treadmill does not let itself be controlled")
        else:
            self._drop("the treadmill does not give control")
            self._say(Signal.CONTROL_REFUSED)

    def _call_off_start(self) -> None:
        """No start of ours is on its way any more."""
        self._start_by = None
        self.belt.not_started()
        self.watchdog.settled()

    def _start_failed(self) -> None:
        self._called = False
        self._call_off_start()
        self._say(Signal.START_FAILED)

    @property
    def _starting(self) -> bool:
        return self.belt.state is Belt.STARTING

    def _axis(self, slot: Slot) -> Axis:
        return Axis.SPEED if slot is self.speed else Axis.INCLINE

    def _tell_latch(self) -> None:
        told, self._told = self._told, (self.latch.state, self.latch.alarm, self.latch.spent)
        if told[0] is Latch.CLEAR and self.latch.latched:
            self._say(Signal.LATCHED)
        if self.latch.state is Latch.ACCEPTED and told[0] is not Latch.ACCEPTED:
            self._say(Signal.STOP_ANSWERED)
        if self.latch.alarm is not None and told[1] is None:
            self._say(Signal.STOP_ALARM)
        if self.latch.state is Latch.AT_REST and told[0] is not Latch.AT_REST:
            self._say(Signal.STOP_CONFIRMED)
        if self.latch.spent and not told[2]:
            self._say(Signal.STOP_UNSEEN)

    def _say(self, event: Event) -> None:
        self._events.append(event)
