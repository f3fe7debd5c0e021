"""The FTMS client core: bytes in, bytes out, time as an argument.

Rules:
1. The stop latch stands first in `next_write`. `stop` takes no argument, waits for nothing and cannot fail.
2. Slots, not queues: one wanted speed, one wanted incline, one start intent, one pause. Newest wins.
3. One procedure at a time; its answer is matched by op code; a response or a matching status acknowledges it.
4. Start is sent once for each single-use intent, to a belt confirmed at rest, with permission and control. Setting a
   speed never starts a belt; no target is written before the belt is measured moving.
5. Raising passes the gate; lowering always passes. What the watchdog finds only ever withdraws.
6. Between two writes lies `gap`; Stop ignores it. What has been written is not written again.

Sources: ftms.md "2AD9", quirks.md 3-5, 11-16, 36, 42; latency.md "Pre-emption". Units as on the wire.
"""

from __future__ import annotations

from dataclasses import dataclass

from runback.ftms import assigned
from runback.ftms.assigned import OpCode
from runback.machine.belt import Belt
from runback.machine.events import Event, Signal
from runback.machine.inbox import Inbox
from runback.machine.procedure import (
    ANSWER_WITHIN,
    BUSY_RETRY,
    MAX_CLAIMS,
    START_WITHIN,
    Control,
    Procedure,
    StartIntent,
)
from runback.machine.slots import Grid, Slot
from runback.machine.stop import Latch
from runback.safety.gate import Gate
from runback.safety.watchdog import STOPS, Bite
from runback.source import Source

GAP = 0.25
"""Seconds between two writes: four a second is as many as a belt can use (latency.md); profiles may ask for more."""

ATT_BUSY = 0xFE
"""FTMS "procedure already in progress" (S0 table 1.1)."""


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
    stop: bool = False


class Machine(Inbox):
    """One treadmill. The shell around it writes what `next_write` gives and feeds everything that arrives."""

    def __init__(self, gate: Gate, *, gap: float = GAP) -> None:
        super().__init__(gate)
        self.gap = gap
        self.capabilities: Capabilities | None = None
        self._ready_at: float | None = None
        self._stop_source = Source.PERSON

    # -- Stop -----------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Stop the belt. Latches first; everything else that was wanted is dropped. Idempotent, never raises."""
        self.latch.pull()
        self._drop("the belt was stopped")

    def stop_as(self, source: Source) -> None:
        """The same, tagged as not the person's: the plan's at its end, or the safety core's."""
        if not self.latch.latched:
            self._stop_source = source
        self.stop()

    def reset_stop(self) -> bool:
        """Let go of the latch if the belt is at rest; says whether it did. Writes nothing, starts nothing."""
        if not self.latch.reset():
            return False
        self._stop_source = Source.PERSON
        self.bite = None
        self._told = (Latch.CLEAR, None)
        return True

    def next_write(self, now: float) -> Write | None:
        """What to write now; None if nothing is due. Ask again after each write, event and `deadline`."""
        if self.latch.latched:
            data = self.latch.next_write(now)
            self._tell_latch()
            return None if data is None else self._write(data, self._stop_source, stop=True)
        if self.capabilities is None or self._procedure is not None:
            return None
        if self._ready_at is not None and now < self._ready_at:
            return None
        return self._control_write(now) or self._pause_write(now) or self._start_write(now) or self._target_write(now)

    # -- what a session may want ----------------------------------------------------------------------------

    def request_control(self) -> None:
        """Ask for control (00) when nothing hinders. Only ever on a person's word: on some machines it alone starts
        the belt (quirk 14)."""
        if self.control is Control.NONE:
            self.control = Control.WANTED
            self._claims = 0

    def start(self, intent: StartIntent) -> None:
        """Start the belt, once, when it is confirmed at rest and control is granted, before the intent expires."""
        if not self.latch.latched:
            self._intent = intent

    def pause(self) -> None:
        """Bring the belt to rest by the machine's own pause (08 02)."""
        if not self.latch.latched and self.belt.state is not Belt.AT_REST:
            self._pause_due = True
            self._intent = None
            self.speed.forget()

    def want_speed(self, speed: int, source: Source) -> None:
        """The belt's target from now on, 0.01 km/h. Raises LimitError outside the machine's range or above a cap."""
        if not self.latch.latched:
            if self.speed.sent is None or speed > self.speed.sent:
                self.gate.check(speed)
            self.speed.want(speed, source)

    def want_incline(self, incline: int, source: Source) -> None:
        """The incline's target from now on, 0.1 %. Raises LimitError outside the machine's range."""
        if not self.latch.latched and self.incline.grid is not None:
            self.incline.want(incline, source)

    # -- the link -------------------------------------------------------------------------------------------

    def connected(self, capabilities: Capabilities, now: float) -> None:
        """A link is up, read and subscribed. Nothing but a latched Stop is written until something is wanted."""
        self.capabilities = capabilities
        self.speed.grid = capabilities.speed
        self.incline.grid = capabilities.incline
        if capabilities.speed is not None:
            self.gate.narrow("machine", capabilities.speed.high)
        self.latch.link_up(now)
        self._say(Signal.LINK_UP)

    def disconnected(self, now: float) -> None:
        """The link is gone. All that was wanted is dropped; what the belt does now nobody here knows."""
        if self.capabilities is None:
            return
        self.capabilities = None
        self.control = Control.NONE
        self._ready_at = None
        self._forget_link()
        self._drop("the link was lost")
        self.latch.link_down(now)
        self._say(Signal.LINK_DOWN)
        self._tell_latch()

    def written(self, now: float) -> None:
        """The last write has been accepted by the machine's radio; its answer comes through `receive`."""
        procedure = self._procedure
        if procedure is None:
            return
        procedure.answer_by = now + ANSWER_WITHIN
        if procedure.op is OpCode.START_OR_RESUME:
            self._start_sent(now)

    def write_refused(self, code: int, now: float) -> None:
        """The last write was refused with ATT error `code`: the machine has not taken it."""
        if self.latch.latched:
            self.latch.refused(now, busy=code == ATT_BUSY)
            return
        procedure, self._procedure = self._procedure, None
        if procedure is None:
            return
        if code == ATT_BUSY:
            self._ready_at = now + BUSY_RETRY
            self._offer_again(procedure)
        else:
            self._failed(procedure, None, now)

    # -- the writes that are not Stop -------------------------------------------------------------------------

    def _control_write(self, now: float) -> Write | None:
        if self.control is not Control.WANTED:
            return None
        if self._claims >= MAX_CLAIMS:
            self.control = Control.NONE
            self._say(Signal.CONTROL_REFUSED)
            return None
        self._claims += 1
        return self._begin(Procedure(OpCode.REQUEST_CONTROL, now + ANSWER_WITHIN), b"", Source.PERSON, now)

    def _pause_write(self, now: float) -> Write | None:
        if self.control is not Control.GRANTED or not self._pause_due:
            return None
        self._pause_due = False
        if self.belt.state is Belt.AT_REST:
            return None
        return self._begin(Procedure(OpCode.STOP_OR_PAUSE, now + ANSWER_WITHIN), b"\x02", Source.PERSON, now)

    def _start_write(self, now: float) -> Write | None:
        intent = self._intent
        if intent is None or self.control is not Control.GRANTED or not self.gate.open:
            return None
        if not intent.usable(now) or not self.belt.confirmed_at_rest(now):
            return None
        self._intent = None
        intent.spent = True
        procedure = Procedure(OpCode.START_OR_RESUME, now + ANSWER_WITHIN, intent=intent)
        return self._begin(procedure, b"", Source.PERSON, now)

    def _target_write(self, now: float) -> Write | None:
        if self.control is not Control.GRANTED or self.belt.state is not Belt.MOVING:
            return None
        value = self._speed_due(now)
        if value is not None:
            return self._set(OpCode.SET_TARGET_SPEED, self.speed, value, now)
        value = self._incline_due(now)
        if value is not None:
            return self._set(OpCode.SET_TARGET_INCLINATION, self.incline, value, now)
        return None

    def _speed_due(self, now: float) -> int | None:
        wanted = self.speed.due(now)
        current = self._current_speed()
        if wanted is None or wanted <= current:
            return wanted
        if self.speed_trace.value is not None:
            return None
        value = self.speed.floor(self.gate.permit(current, wanted, now))
        return value if value > current else None

    def _incline_due(self, now: float) -> int | None:
        wanted = self.incline.due(now)
        if self.incline.sent is None and wanted == self.belt.incline:
            return None  # it is there already
        if wanted is None or self.gate.open or (self.incline.sent is not None and wanted < self.incline.sent):
            return wanted
        return None

    def _set(self, op: OpCode, slot: Slot, value: int, now: float) -> Write:
        if slot is self.speed:
            self.gate.granted(value - self._current_speed(), now)
            self.watchdog.expect(value, now)
            self.speed_trace.clear()
        slot.sent = value
        procedure = Procedure(op, now + ANSWER_WITHIN, slot, value)
        return self._begin(procedure, value.to_bytes(2, "little", signed=slot is self.incline), slot.source, now)

    def _begin(self, procedure: Procedure, parameter: bytes, source: Source, now: float) -> Write:
        self._procedure = procedure
        self._ready_at = now + self.gap
        return self._write(bytes([procedure.op]) + parameter, source)

    def _write(self, data: bytes, source: Source, *, stop: bool = False) -> Write:
        response = self.capabilities is None or self.capabilities.write_response
        return Write(assigned.FITNESS_MACHINE_CONTROL_POINT, data, source, response, stop)

    # -- time -------------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Bring everything that depends on time alone up to `now`."""
        self.latch.judge(now)
        self._tell_latch()
        if self.latch.latched:
            return
        procedure = self._procedure
        if procedure is not None and now >= procedure.answer_by:
            self._procedure = None
            self._unanswered(procedure, now)
        if self._intent is not None and not self._intent.usable(now):
            self._intent = None
            self._say(Signal.START_FAILED)
        if self._start_by is not None and now >= self._start_by:
            self._not_started()
        self._settle(now)
        self._watch(now)

    def _watch(self, now: float) -> None:
        bite = self.watchdog.check(now) if self.control is Control.GRANTED else None
        if bite in STOPS:
            self.bite = bite
            self.stop_as(Source.SAFETY)
            self._tell_latch()
        elif (bite is Bite.STALE) is not self.gate.held:
            self.gate.held = bite is Bite.STALE
            self._say(Signal.WENT_QUIET if self.gate.held else Signal.HEARD_AGAIN)

    def _start_sent(self, now: float) -> None:
        if self.belt.state is Belt.AT_REST:
            self.belt.starting()
            self._start_by = now + START_WITHIN
            self.watchdog.started(now)
            self.watchdog.expect(max(self.speed.wanted or 0, self.speed.floor(0)), now)

    def deadline(self, now: float) -> float | None:
        """When `tick` or `next_write` will next have something to do, if nothing arrives."""
        if self.latch.latched:
            return self.latch.deadline()
        times = [
            None if self._procedure is None else self._procedure.answer_by,
            None if self._intent is None else self._intent.expires,
            self._start_by,
            self.speed_trace.deadline(),
            self.incline_trace.deadline(),
            self.watchdog.deadline(now) if self.control is Control.GRANTED else None,
        ]
        if self._procedure is None:
            times += [self._ready_at, self.speed.retry_at(), self.incline.retry_at()]
            if self.speed.due(now) is not None:
                times.append(self.gate.next_room())
        return min((at for at in times if at is not None and at > now), default=None)

    @property
    def has_events(self) -> bool:
        """Whether `take_events` would give any."""
        return bool(self._events)

    def take_events(self) -> list[Event]:
        """What has happened since the last call, in order."""
        events, self._events = self._events, []
        return events
