"""What goes to the machine when Stop does not: control, pause, start and the two targets, in this order.

Rules:
- One procedure at a time, and `gap` seconds between two writes.
- Start goes only to a belt confirmed at rest, with control and an open gate, and spends its intent.
- Targets go only to a belt measured moving; a belt that stands after a start is told its slowest speed, once, if that
  has been announced (quirk 52). Lowering passes; raising passes the gate, counted from the last commanded
  speed, and waits while a hand at the console may still be moving. What that hand has set lower counts at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from runback.ftms import assigned_numbers
from runback.ftms.assigned_numbers import PAUSE, STOP, OpCode
from runback.machine.belt import FRESH, BeltPhase
from runback.machine.notifications import NotificationHandler
from runback.machine.procedure import (
    ANSWER_WITHIN,
    MAX_CLAIMS,
    READY_WITHIN,
    ControlProcedure,
    ControlState,
    StartIntent,
)
from runback.machine.quirks import ControlRequestPolicy, StartAuthority, VendorWrite
from runback.machine.targets import Target
from runback.safety.gate import Gate
from runback.source import Source


@dataclass(frozen=True, slots=True)
class Write:
    """Octets for characteristic `uuid`, who wanted them, and whether they are a Stop's."""

    uuid: str
    data: bytes
    source: Source
    response: bool
    stop: bool
    ahead: bool = False
    """Whether they only go ahead of what is meant: an unlocking write, or a preamble."""
    starts: bool = False
    """Whether they start a belt that is at rest."""


class CommandScheduler(NotificationHandler):
    """The half of the rules that says what is written while the latch is clear."""

    def __init__(self, gate: Gate, *, gap: float) -> None:
        super().__init__(gate)
        self.gap = gap
        self._ready_at: float | None = None

    def _due(self, now: float) -> Write | None:
        if self.capabilities is None or self._procedure is not None or self.unlock.reply_by is not None:
            return None
        if self._ready_at is not None and now < self._ready_at:
            return None
        act = self._next(now)
        if (act is not None or self._listening) and self.unlock.locked:
            return self._unlock(now)
        if act is None:
            return None
        ahead = self.unlock.preamble()
        if ahead is None:
            return act(now)
        self._ready_at = now + self.quirks.gap  # else the command itself would come too soon (quirk 42)
        return self._vendor(ahead, Source.PERSON)

    def _next(self, now: float) -> Callable[[float], Write | None] | None:
        """What is due, if anything; it is made by calling what is returned."""
        if self.control is ControlState.WANTED:
            return self._claim if self._may_claim(now) else None
        if self.control is not ControlState.GRANTED:
            return None
        act = self._next_command(now)
        each = self.quirks.claim is ControlRequestPolicy.EACH and not self._claimed
        return self._claim if act is not None and each else act

    def _next_command(self, now: float) -> Callable[[float], Write] | None:
        self._pause_due = self._pause_due and self.belt.state is not BeltPhase.AT_REST
        if self._pause_due:
            return self._pause
        if self._may_start(now):
            return self._start
        if self._may_rouse(now):
            return self._rouse_belt
        if self.belt.state is not BeltPhase.MOVING:
            return None
        if self._unready_until is not None and now < self._unready_until:
            return None
        if self._keepalive_due(now):
            return self._feed
        if self._speed_due(now) is not None:
            return self._set_speed
        return None if self._incline_due(now) is None else self._set_incline

    def _unlock(self, now: float) -> Write:
        step = self.unlock.unlocking(now)
        self._ready_at = now + (self.gap if step.reply_on is not None else max(self.gap, step.wait))
        return self._vendor(step.write, Source.PERSON)

    def _may_claim(self, now: float) -> bool:
        return self.quirks.claim is not ControlRequestPolicy.STARTS or self._may_start(now)

    def _claim(self, now: float) -> Write | None:
        if self._claims >= MAX_CLAIMS:
            self._refuse_control()
            return None
        if self.quirks.claim is ControlRequestPolicy.STARTS:
            return self._start(now)
        self._claims += 1
        return self._begin(
            ControlProcedure(OpCode.REQUEST_CONTROL, now + ANSWER_WITHIN), self._claiming, Source.PERSON, now
        )

    @property
    def _claiming(self) -> bytes:
        return b"\x00" + self.quirks.key

    def _pause(self, now: float) -> Write:
        self._pause_due = False
        octets = STOP if self.quirks.pause_by_stop else PAUSE
        return self._begin(ControlProcedure(OpCode.STOP_OR_PAUSE, now + ANSWER_WITHIN), octets, Source.PERSON, now)

    def _may_start(self, now: float) -> bool:
        quirks, intent = self.quirks, self._intent
        if intent is None or not self.gate.open or quirks.start_by is StartAuthority.CONSOLE:
            return False
        if quirks.start_by is StartAuthority.CONSOLE_FIRST and not self._called:
            return False
        if self._plausibility.doubts:
            return False  # the newest record may be true: the next one decides
        return intent.usable(now) and self.belt.confirmed_at_rest(now)

    def _start(self, now: float) -> Write:
        """Start: 07, or the 00 that does the same."""
        intent = self._intent or StartIntent(now)  # there is one: `_may_start` has seen it
        intent.spent = True
        self._intent, self._called = None, False
        # On its way from here on: its answer, even the belt, may be faster than the news that it has been written.
        self.belt.starting()
        self.sent_start.sent()
        self._told_to_rest = False
        self._start_by = now + self.quirks.start_within
        self._fed_at = now
        self._unready_until = now + self.quirks.start_within + READY_WITHIN if self.quirks.ready_by_status else None
        self.watchdog.started(now)
        lowest = self.speed.grid.low
        self.watchdog.expect(max(self.speed.wanted or lowest, lowest), now)
        claims = self.quirks.claim is ControlRequestPolicy.STARTS
        op = OpCode.REQUEST_CONTROL if claims else OpCode.START_OR_RESUME
        procedure = ControlProcedure(op, now + ANSWER_WITHIN, intent=intent)
        return replace(self._begin(procedure, self._claiming if claims else b"\x07", Source.PERSON, now), starts=True)

    def _may_rouse(self, now: float) -> bool:
        """Whether a belt that stands after its start may be told its slowest speed: announced, still waited for, heard
        to stand, and of a machine whose slowest speed is known."""
        heard_at = self.belt.heard_at
        fresh = heard_at is not None and now <= heard_at + FRESH
        return self._rouse and self._starting and self.gate.open and fresh and self.speed.grid.low > 0

    def _rouse_belt(self, now: float) -> Write:
        self._rouse = False
        low = self.speed.grid.low
        self.watchdog.expect(low, now)
        self.units.told(low, now)
        return self._set(OpCode.SET_TARGET_SPEED, self.speed, low, self.units.parameter(low), now)

    def _keepalive_due(self, now: float) -> bool:
        """Whether a Start is due that keeps a belt going: one that we drive, that is seen moving, and is not being
        brought to rest."""
        at, belt = self._feed_at, self.belt
        if at is None or now < at or belt.speed is None or belt.heard_at is None:
            return False
        if self._plausibility.doubts:
            return False  # it may have come to rest, and this would start it again
        return belt.speed >= self.speed.grid.low and now <= belt.heard_at + FRESH

    @property
    def _feed_at(self) -> float | None:
        """When the next keepalive is due, seconds; None: never, as things stand."""
        period = self.quirks.keepalive
        if period is None or self._fed_at is None or not self.gate.armed or self.speed.wanted is None:
            return None
        return self._fed_at + period

    def _feed(self, now: float) -> Write:
        self._fed_at = now
        procedure = ControlProcedure(OpCode.START_OR_RESUME, now + ANSWER_WITHIN, feeds=True)
        return self._begin(procedure, b"\x07", self.speed.source, now)

    def _current_speed(self) -> int:
        """What a raise is counted from: the last commanded target, else what is measured."""
        return self.speed.sent if self.speed.sent is not None else self.belt.speed or 0

    def _current_incline(self) -> int | None:
        """The last commanded incline, else what is measured."""
        return self.incline.sent if self.incline.sent is not None else self.belt.incline

    def _speed_due(self, now: float) -> int | None:
        wanted = self.speed.due(now)
        current = self._current_speed()
        if wanted is None:
            return None
        cap = self.units.cap(self.speed.grid.low)
        if cap is not None:
            wanted = min(wanted, self.speed.grid.floor(cap))
            if self.speed.sent == wanted:
                return None
        console = self.speed_trace.value
        if wanted <= (current if console is None else min(current, console)):
            return wanted
        if console is not None:
            return None  # even less than we told it may be more than a hand at the console has just set
        permitted = self.gate.permit(current, wanted, now)
        value = self.speed.grid.floor(permitted)
        return value if current < value <= permitted else None

    def _incline_due(self, now: float) -> int | None:
        wanted = self.incline.due(now)
        current = self._current_incline()
        if wanted is None or wanted == current:
            return None
        console = self.incline_trace.value
        lowers = current is not None and wanted < (current if console is None else min(current, console))
        return wanted if lowers or (self.gate.open and console is None) else None

    def _set_speed(self, now: float) -> Write:
        value = self._speed_due(now) or 0
        self.gate.granted(value - self._current_speed(), now)
        self.watchdog.expect(value, now)
        self.told = value
        self.speed_trace.clear(self._current_speed())
        self.units.told(value, now)
        return self._set(OpCode.SET_TARGET_SPEED, self.speed, value, self.units.parameter(value), now)

    def _set_incline(self, now: float) -> Write:
        value = self._incline_due(now) or 0
        self.incline_trace.clear(self._current_incline())
        parameter = self.quirks.inclines.to_wire(value).to_bytes(2, "little", signed=True)
        return self._set(OpCode.SET_TARGET_INCLINATION, self.incline, value, parameter, now)

    def _set(self, op: OpCode, slot: Target, value: int, parameter: bytes, now: float) -> Write:
        slot.offer(value)
        procedure = ControlProcedure(op, now + ANSWER_WITHIN, slot, value)
        return self._begin(procedure, bytes([op]) + parameter, slot.source, now)

    def _begin(self, procedure: ControlProcedure, data: bytes, source: Source, now: float) -> Write:
        self._claimed = False
        self.unlock.commanded()
        self._procedure = procedure
        self._ready_at = now + self.gap
        return self._write(data, source)

    @staticmethod
    def _vendor(write: VendorWrite, source: Source, *, stop: bool = False) -> Write:
        return Write(write.uuid, write.data, source, write.response, stop, ahead=True)

    def _write(self, data: bytes, source: Source, *, stop: bool = False) -> Write:
        response = self.capabilities is None or self.capabilities.write_response
        return Write(assigned_numbers.FITNESS_MACHINE_CONTROL_POINT, data, source, response, stop)
