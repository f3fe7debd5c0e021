"""What goes to the machine when Stop does not: control, pause, start and the two targets, in this order.

Rules:
- One procedure at a time, and `gap` seconds between two writes.
- Start goes only to a belt confirmed at rest, with control and an open gate, and spends its intent.
- Targets go only to a belt measured moving. Lowering passes; raising passes the gate, counted from the last commanded
  speed, and waits while a hand at the console may still be moving.
"""

from __future__ import annotations

from dataclasses import dataclass

from runback.ftms import assigned
from runback.ftms.assigned import PAUSE, OpCode
from runback.machine.belt import Belt
from runback.machine.inbox import Inbox
from runback.machine.procedure import ANSWER_WITHIN, MAX_CLAIMS, START_WITHIN, Control, Procedure
from runback.machine.slots import Grid, Slot
from runback.safety.gate import Gate
from runback.source import Source


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a connected machine can do. A grid is None where the machine gives no usable range."""

    speed: Grid | None = None
    incline: Grid | None = None
    controllable: bool = True
    write_response: bool = True
    """Whether the control point is written with response (quirk 1)."""


@dataclass(frozen=True, slots=True)
class Write:
    """Octets for characteristic `uuid`, who wanted them, and whether they are a Stop's."""

    uuid: str
    data: bytes
    source: Source
    response: bool
    stop: bool


class Outbox(Inbox):
    """The half of the rules that says what is written while the latch is clear."""

    def __init__(self, gate: Gate, *, gap: float) -> None:
        super().__init__(gate)
        self.gap = gap
        self.capabilities: Capabilities | None = None
        self._ready_at: float | None = None

    def _due(self, now: float) -> Write | None:
        if self.capabilities is None or self._procedure is not None:
            return None
        if self._ready_at is not None and now < self._ready_at:
            return None
        return self._control_write(now) or self._pause_write(now) or self._start_write(now) or self._target_write(now)

    def _control_write(self, now: float) -> Write | None:
        if self.control is not Control.WANTED:
            return None
        if self._claims >= MAX_CLAIMS:
            self._refuse_control()
            return None
        self._claims += 1
        return self._begin(Procedure(OpCode.REQUEST_CONTROL, now + ANSWER_WITHIN), b"\x00", Source.PERSON, now)

    def _pause_write(self, now: float) -> Write | None:
        if self.control is not Control.GRANTED or not self._pause_due:
            return None
        self._pause_due = False
        if self.belt.state is Belt.AT_REST:
            return None
        return self._begin(Procedure(OpCode.STOP_OR_PAUSE, now + ANSWER_WITHIN), PAUSE, Source.PERSON, now)

    def _start_write(self, now: float) -> Write | None:
        intent = self._intent
        if intent is None or self.control is not Control.GRANTED or not self.gate.open:
            return None
        if not intent.usable(now) or not self.belt.confirmed_at_rest(now):
            return None
        self._intent = None
        intent.spent = True
        # On its way from here on: its answer, even the belt, may be faster than the news that it has been written.
        self.belt.starting()
        self._start_by = now + START_WITHIN
        self.watchdog.started(now)
        self.watchdog.expect(max(self.speed.wanted or 0, self.speed.grid.low), now)
        procedure = Procedure(OpCode.START_OR_RESUME, now + ANSWER_WITHIN, intent=intent)
        return self._begin(procedure, b"\x07", Source.PERSON, now)

    def _target_write(self, now: float) -> Write | None:
        if self.control is not Control.GRANTED or self.belt.state is not Belt.MOVING:
            return None
        speed = self._speed_due(now)
        if speed is not None:
            return self._set_speed(speed, now)
        incline = self._incline_due(now)
        return None if incline is None else self._set_incline(incline, now)

    def _current_speed(self) -> int:
        """What a raise is counted from: the last commanded target, else what is measured."""
        return self.speed.sent if self.speed.sent is not None else self.belt.speed or 0

    def _speed_due(self, now: float) -> int | None:
        wanted = self.speed.due(now)
        current = self._current_speed()
        if wanted is None or wanted <= current:
            return wanted
        if self.speed_trace.value is not None:
            return None
        permitted = self.gate.permit(current, wanted, now)
        value = self.speed.grid.floor(permitted)
        return value if current < value <= permitted else None

    def _incline_due(self, now: float) -> int | None:
        wanted = self.incline.due(now)
        current = self.incline.sent if self.incline.sent is not None else self.belt.incline
        if wanted is None or wanted == current:
            return None
        lowers = current is not None and wanted < current
        return wanted if lowers or (self.gate.open and self.incline_trace.value is None) else None

    def _set_speed(self, value: int, now: float) -> Write:
        self.gate.granted(value - self._current_speed(), now)
        self.watchdog.expect(value, now)
        self.speed_trace.clear()
        return self._set(OpCode.SET_TARGET_SPEED, self.speed, value, value.to_bytes(2, "little"), now)

    def _set_incline(self, value: int, now: float) -> Write:
        self.incline_trace.clear()
        parameter = value.to_bytes(2, "little", signed=True)
        return self._set(OpCode.SET_TARGET_INCLINATION, self.incline, value, parameter, now)

    def _set(self, op: OpCode, slot: Slot, value: int, parameter: bytes, now: float) -> Write:
        slot.offer(value)
        procedure = Procedure(op, now + ANSWER_WITHIN, slot, value)
        return self._begin(procedure, bytes([op]) + parameter, slot.source, now)

    def _begin(self, procedure: Procedure, data: bytes, source: Source, now: float) -> Write:
        self._procedure = procedure
        self._ready_at = now + self.gap
        return self._write(data, source)

    def _write(self, data: bytes, source: Source, *, stop: bool = False) -> Write:
        response = self.capabilities is None or self.capabilities.write_response
        return Write(assigned.FITNESS_MACHINE_CONTROL_POINT, data, source, response, stop)
