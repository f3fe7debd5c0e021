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
from runback.machine.client_state import ClientState
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
from runback.source import Source


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes for characteristic `uuid`, who wanted them, and whether they are a Stop's."""

    uuid: str
    data: bytes
    source: Source
    response: bool
    stop: bool
    ahead: bool = False
    """Whether they only go ahead of what is meant: an unlocking write, or a preamble."""
    starts: bool = False
    """Whether they start a belt that is at rest."""


class CommandScheduler:
    """The part of the client that says what is written while the latch is clear."""

    def __init__(self, state: ClientState, *, gap: float) -> None:
        self._state = state
        self.gap = gap
        self.ready_at: float | None = None

    def due(self, now: float) -> Write | None:
        state = self._state
        if state.capabilities is None or state.procedure is not None or state.unlock.reply_by is not None:
            return None
        if self.ready_at is not None and now < self.ready_at:
            return None
        # Unlocking is never done for itself: it goes ahead of something that a person has asked for.
        act = self._next(now)
        if (act is not None or state.listening) and state.unlock.locked:
            return self._unlock(now)
        if act is None:
            return None
        ahead = state.unlock.preamble()
        if ahead is None:
            return act(now)
        self.ready_at = now + state.quirks.gap  # else the command itself would come too soon (quirk 42)
        return self.vendor_write(ahead, Source.PERSON)

    def _next(self, now: float) -> Callable[[float], Write | None] | None:
        """What is due, if anything; it is made by calling what is returned."""
        state = self._state
        if state.control is ControlState.WANTED:
            return self._claim if self._may_claim(now) else None
        # Without control nothing but a claim is ever due: somebody else may be driving it.
        if state.control is not ControlState.GRANTED:
            return None
        act = self._next_command(now)
        each = state.quirks.claim is ControlRequestPolicy.EACH and not state.claimed
        return self._claim if act is not None and each else act

    def _next_command(self, now: float) -> Callable[[float], Write] | None:
        state = self._state
        state.pause_due = state.pause_due and state.belt.state is not BeltPhase.AT_REST
        # A pause goes before everything that moves the belt, as Stop does.
        if state.pause_due:
            return self._pause
        if self._may_start(now):
            return self._start
        if self._may_rouse(now):
            return self._rouse_belt
        # Some machines drop the link on a target during spin-up (16): it waits for a belt that is measured moving.
        if state.belt.state is not BeltPhase.MOVING:
            return None
        # Moving, but not taking targets yet, as its Training Status says (16).
        if state.unready_until is not None and now < state.unready_until:
            return None
        if self._keepalive_due(now):
            return self._keepalive
        if self._speed_due(now) is not None:
            return self._set_speed
        return None if self._incline_due(now) is None else self._set_incline

    def _unlock(self, now: float) -> Write:
        step = self._state.unlock.unlocking(now)
        self.ready_at = now + (self.gap if step.reply_on is not None else max(self.gap, step.wait))
        return self.vendor_write(step.write, Source.PERSON)

    def _may_claim(self, now: float) -> bool:
        return self._state.quirks.claim is not ControlRequestPolicy.STARTS or self._may_start(now)

    def _claim(self, now: float) -> Write | None:
        state = self._state
        # It says yes and then "not permitted", again and again: for the person that is a refusal.
        if state.claims >= MAX_CLAIMS:
            state.refuse_control()
            return None
        # Asking for control is what starts this belt (14): it is written as a start, under a start's conditions.
        if state.quirks.claim is ControlRequestPolicy.STARTS:
            return self._start(now)
        state.claims += 1
        return self._begin(
            ControlProcedure(OpCode.REQUEST_CONTROL, now + ANSWER_WITHIN), self._claiming, Source.PERSON, now
        )

    @property
    def _claiming(self) -> bytes:
        return b"\x00" + self._state.quirks.key

    def _pause(self, now: float) -> Write:
        self._state.pause_due = False
        octets = STOP if self._state.quirks.pause_by_stop else PAUSE
        return self._begin(ControlProcedure(OpCode.STOP_OR_PAUSE, now + ANSWER_WITHIN), octets, Source.PERSON, now)

    def _may_start(self, now: float) -> bool:
        state = self._state
        quirks, intent = state.quirks, state.start_intent
        if intent is None or not state.gate.open or quirks.start_by is StartAuthority.CONSOLE:
            return False
        if quirks.start_by is StartAuthority.CONSOLE_FIRST and not state.console_started:
            return False
        if state.plausibility.doubts:
            return False  # the newest record may be true: the next one decides
        return intent.usable(now) and state.belt.confirmed_at_rest(now)

    def _start(self, now: float) -> Write:
        """Start: 07, or the 00 that does the same."""
        state = self._state
        intent = state.start_intent or StartIntent(now)  # there is one: `_may_start` has seen it
        intent.spent = True
        state.start_intent, state.console_started = None, False
        # On its way from here on: its answer, even the belt, may be faster than the news that it has been written.
        state.belt.starting()
        state.sent_start.sent()
        state.told_to_rest = False
        state.start_deadline = now + state.quirks.start_within
        state.kept_alive_at = now
        state.unready_until = now + state.quirks.start_within + READY_WITHIN if state.quirks.ready_by_status else None
        state.watchdog.started(now)
        lowest = state.speed.grid.low
        state.watchdog.expect(max(state.speed.wanted or lowest, lowest), now)
        claims = state.quirks.claim is ControlRequestPolicy.STARTS
        op = OpCode.REQUEST_CONTROL if claims else OpCode.START_OR_RESUME
        procedure = ControlProcedure(op, now + ANSWER_WITHIN, intent=intent)
        return replace(self._begin(procedure, self._claiming if claims else b"\x07", Source.PERSON, now), starts=True)

    def _may_rouse(self, now: float) -> bool:
        """Whether a belt that stands after its start may be told its slowest speed: announced, still waited for, heard
        to stand, and of a machine whose slowest speed is known."""
        state = self._state
        heard_at = state.belt.heard_at
        fresh = heard_at is not None and now <= heard_at + FRESH
        return state.rouse_announced and state.starting and state.gate.open and fresh and state.speed.grid.low > 0

    def _rouse_belt(self, now: float) -> Write:
        state = self._state
        state.rouse_announced = False
        low = state.speed.grid.low
        state.watchdog.expect(low, now)
        state.units.told(low, now)
        return self._set(OpCode.SET_TARGET_SPEED, state.speed, low, state.units.parameter(low), now)

    def _keepalive_due(self, now: float) -> bool:
        """Whether a Start is due that keeps a belt going: one that we drive, that is seen moving, and is not being
        brought to rest."""
        state = self._state
        at, belt = self.keepalive_at, state.belt
        if at is None or now < at or belt.speed is None or belt.heard_at is None:
            return False
        if state.plausibility.doubts:
            return False  # it may have come to rest, and this would start it again
        return belt.speed >= state.speed.grid.low and now <= belt.heard_at + FRESH

    @property
    def keepalive_at(self) -> float | None:
        """When the next keepalive is due, seconds; None: never, as things stand."""
        state = self._state
        period = state.quirks.keepalive
        if period is None or state.kept_alive_at is None or not state.gate.armed or state.speed.wanted is None:
            return None
        return state.kept_alive_at + period

    def _keepalive(self, now: float) -> Write:
        self._state.kept_alive_at = now
        procedure = ControlProcedure(OpCode.START_OR_RESUME, now + ANSWER_WITHIN, feeds=True)
        return self._begin(procedure, b"\x07", self._state.speed.source, now)

    def _current_speed(self) -> int:
        """What a raise is counted from: the last commanded target, else what is measured."""
        state = self._state
        return state.speed.sent if state.speed.sent is not None else state.belt.speed or 0

    def _current_incline(self) -> int | None:
        """The last commanded incline, else what is measured."""
        state = self._state
        return state.incline.sent if state.incline.sent is not None else state.belt.incline

    def _speed_due(self, now: float) -> int | None:
        state = self._state
        wanted = state.speed.due(now)
        current = self._current_speed()
        if wanted is None:
            return None
        cap = state.units.cap(state.speed.grid.low)
        # What it counts speed in is not known yet (22): until it is, no more than is a walking pace in either unit.
        if cap is not None:
            wanted = min(wanted, state.speed.grid.floor(cap))
            if state.speed.sent == wanted:
                return None
        console = state.speed_trace.value
        # Lowering passes without the gate, at once. Against a hand at the console it has to be lower than that too.
        if wanted <= (current if console is None else min(current, console)):
            return wanted
        if console is not None:
            return None  # even less than we told it may be more than a hand at the console has just set
        permitted = state.gate.permit(current, wanted, now)
        value = state.speed.grid.floor(permitted)
        # The grid may leave nothing between what there is and what is permitted: then it waits for more room.
        return value if current < value <= permitted else None

    def _incline_due(self, now: float) -> int | None:
        state = self._state
        wanted = state.incline.due(now)
        current = self._current_incline()
        if wanted is None or wanted == current:
            return None
        console = state.incline_trace.value
        lowers = current is not None and wanted < (current if console is None else min(current, console))
        return wanted if lowers or (state.gate.open and console is None) else None

    def _set_speed(self, now: float) -> Write:
        state = self._state
        value = self._speed_due(now) or 0
        state.gate.granted(value - self._current_speed(), now)
        state.watchdog.expect(value, now)
        state.told = value
        state.speed_trace.clear(self._current_speed())
        state.units.told(value, now)
        return self._set(OpCode.SET_TARGET_SPEED, state.speed, value, state.units.parameter(value), now)

    def _set_incline(self, now: float) -> Write:
        state = self._state
        value = self._incline_due(now) or 0
        state.incline_trace.clear(self._current_incline())
        parameter = state.quirks.inclines.to_wire(value).to_bytes(2, "little", signed=True)
        return self._set(OpCode.SET_TARGET_INCLINATION, state.incline, value, parameter, now)

    def _set(self, op: OpCode, slot: Target, value: int, parameter: bytes, now: float) -> Write:
        slot.offer(value)
        procedure = ControlProcedure(op, now + ANSWER_WITHIN, slot, value)
        return self._begin(procedure, bytes([op]) + parameter, slot.source, now)

    def _begin(self, procedure: ControlProcedure, data: bytes, source: Source, now: float) -> Write:
        state = self._state
        state.claimed = False
        state.unlock.commanded()
        state.procedure = procedure
        self.ready_at = now + self.gap
        return self.write(data, source)

    @staticmethod
    def vendor_write(write: VendorWrite, source: Source, *, stop: bool = False) -> Write:
        return Write(write.uuid, write.data, source, write.response, stop, ahead=True)

    def write(self, data: bytes, source: Source, *, stop: bool = False) -> Write:
        response = self._state.capabilities is None or self._state.capabilities.write_response
        return Write(assigned_numbers.FITNESS_MACHINE_CONTROL_POINT, data, source, response, stop)
