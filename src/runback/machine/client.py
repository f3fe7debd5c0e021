"""The FTMS client core: bytes in, bytes out, time as an argument.

Rules:
1. The stop latch stands first in `next_write`. `stop` takes no argument, waits for nothing and cannot fail.
2. Slots, not queues: one wanted speed, one wanted incline, one start intent, one pause. Newest wins.
3. One procedure at a time; its answer is matched by op code; a response or a matching status acknowledges it.
4. Start is sent once for each single-use intent, to a belt confirmed at rest, with permission and control. Setting a
   speed never starts a belt; no target is written before the belt is measured moving.
5. Raising passes the gate; lowering always passes. What the watchdog finds only ever withdraws.
6. Between two writes lies `gap`; Stop ignores it. What has been written is not written again.
7. What is wanted without a link, or while the latch holds, is not kept for later.

The rooms below: `state` what is known and wanted, `outcomes` how procedures end, `inbox` what arrives, `outbox` what
is written while the latch is clear, `stop` everything while it holds.

Sources: ftms.md "2AD9", quirks.md 3-5, 11-16, 36, 42; latency.md "Pre-emption". Units as on the wire.
"""

from __future__ import annotations

import math

from runback.ftms.assigned_numbers import OpCode
from runback.machine.belt import BeltPhase
from runback.machine.capabilities import Capabilities as Capabilities  # the door where a reader looks for them
from runback.machine.commands import CommandScheduler
from runback.machine.commands import Write as Write
from runback.machine.endings import ProcedureEnding
from runback.machine.events import Event, Signal
from runback.machine.procedure import ANSWER_WITHIN, BUSY_RETRY, ControlState, StartIntent
from runback.machine.quirks import ControlRequestPolicy
from runback.machine.stop_latch import LatchState
from runback.machine.targets import UNKNOWN_RANGE
from runback.safety.gate import Gate
from runback.safety.watchdog import STOPS, TripReason
from runback.source import Source

GAP = 0.25
"""Seconds between two writes: four a second is as many as a belt can use (latency.md); profiles may ask for more."""

ATT_BUSY = 0xFE
"""FTMS "procedure already in progress" (S0 table 1.1)."""


class Machine(CommandScheduler):
    """One treadmill. The shell around it writes what `next_write` gives and feeds everything that arrives."""

    def __init__(self, gate: Gate, *, gap: float = GAP) -> None:
        super().__init__(gate, gap=gap)
        self._least_gap = gap
        self._ticked_at = self._asked_at = -math.inf
        self._writing = False

    # -- Stop -----------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Stop the belt. Latches first; everything else that was wanted is dropped. Idempotent, never raises."""
        self._end(ProcedureEnding.STOPPED, "the belt was stopped")

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
        self.trip = None
        self._units_wrong = False
        self._told = (LatchState.CLEAR, None, False)
        self._call_off_start()
        self.watchdog.reset()
        return True

    def next_write(self, now: float) -> Write | None:
        """What to write now; None if nothing is due. Ask again after each write, event and `deadline`."""
        if self.latch.latched:
            return self._hand_out(self._stop_due(now), now)
        return self._hand_out(self._due(now), now)

    def _stop_due(self, now: float) -> Write | None:
        """Stop, or what this machine needs to hear ahead of it. Nothing waits for that."""
        self.latch.controlled = self.control is ControlState.GRANTED
        self.latch.starting, self.latch.may_start = self._starting, self.sent_start.unseen
        self.latch.slowest = self._slowest()
        data: bytes | None = None
        if self.latch.due(now):
            if self.latch.tries % 2 == 0 and (ahead := self.unlock.ahead_of_stop()) is not None:
                return self._vendor(ahead, self._stop_source, stop=True)
            data = self.latch.next_write(now)
            self.unlock.commanded()
        self._tell_latch()
        return None if data is None else self._write(data, self._stop_source, stop=True)

    def _slowest(self) -> bytes | None:
        """The lowest target, for a machine that knows no Stop; None while the belt is no faster than that. A belt that
        was told to be faster may have become so without a word of it."""
        low, speed = self.speed.grid.low, max(self.belt.speed or 0, self.told)
        if self.capabilities is None or self.capabilities.speed is None or low <= 0 or speed <= low:
            return None
        return bytes([OpCode.SET_TARGET_SPEED]) + self.units.parameter(low)

    def _hand_out(self, write: Write | None, now: float) -> Write | None:
        self._asked_at = now
        self._writing = write is not None
        return write

    # -- what a session may want ----------------------------------------------------------------------------

    @property
    def _listens(self) -> bool:
        """Whether a wish can be taken at all."""
        return self.capabilities is not None and not self.latch.latched

    def request_control(self) -> None:
        """Ask for control (00) when nothing hinders. Only ever on a person's word: on some machines it alone starts
        the belt (quirk 14)."""
        if not self._listens or self.control is not ControlState.NONE:
            return
        self._claims = 0
        self._renewing = False
        if self.quirks.claim is ControlRequestPolicy.NEVER:
            self.control = ControlState.GRANTED
            self._say(Signal.CONTROL_GRANTED)
        elif self.quirks.claim is ControlRequestPolicy.STARTS and self.belt.state is BeltPhase.MOVING:
            self._refuse_control()  # it is a start, and no belt that moves is started
        else:
            self.control = ControlState.WANTED

    def listen(self) -> None:
        """Unlock the machine on a person's word, if it says nothing before (quirk 6). Moves nothing."""
        self._listening = self._listens

    def start(self, intent: StartIntent) -> None:
        """Start the belt, once, when it is confirmed at rest and control is granted, before the intent expires."""
        if self._listens:
            self._intent = intent

    def rouse(self) -> None:
        """Tell a belt that stands after its start its slowest speed: the person has been warned (quirk 52)."""
        self._rouse = self._listens and self._starting

    def pause(self) -> None:
        """Bring the belt to rest by the machine's own pause (08 02). A start that has not been written is called off,
        one that has been is stopped."""
        if not self._listens:
            return
        if self._starting:
            self._start_failed(TripReason.CALLED_OFF)  # it is on its way: only Stop is sure to call it off
            return
        unsent = self._intent is not None
        self._end(ProcedureEnding.PAUSED, "a pause was asked for")
        if unsent:
            self._start_failed(TripReason.CALLED_OFF)
        self._told_to_rest = True
        self._pause_due = self.belt.state is not BeltPhase.AT_REST

    def want_speed(self, speed: int, source: Source) -> None:
        """The belt's target from now on, 0.01 km/h. Raises LimitError outside the machine's range or above a cap."""
        if self._listens:
            if self.speed.sent is None or speed > self.speed.sent:
                self.gate.check(speed)
            self.speed.want(speed, source)

    def want_incline(self, incline: int, source: Source) -> None:
        """The incline's target from now on, 0.1 %. Raises LimitError outside the machine's range; a machine without
        an incline ignores it."""
        if self._listens and self.capabilities is not None and self.capabilities.incline is not None:
            self.incline.want(incline, source)

    # -- the link -------------------------------------------------------------------------------------------

    def connected(self, capabilities: Capabilities, now: float) -> None:
        """A link is up, read and subscribed. Nothing but a latched Stop is written until something is wanted."""
        quirks = self.quirks = capabilities.quirks
        self.capabilities = capabilities
        self.gap = max(self._least_gap, quirks.gap)
        self.units.take(quirks)
        self.unlock.take(quirks)
        self.speed.slack = self.units.slack
        self.incline.slack = quirks.inclines.slack
        self._take_ranges(capabilities)
        self.latch.link_up(now, quirks, mute=not capabilities.controllable)
        self._say(Signal.LINK_UP)

    def learned(self, capabilities: Capabilities) -> None:
        """Ranges that could not be read at first have been: they hold from now on."""
        self.capabilities = None if self.capabilities is None else capabilities
        self._take_ranges(capabilities)

    @property
    def start_unseen(self) -> bool:
        """Whether a Start was written, and nobody has seen yet what became of it: the belt may start at any time."""
        return self.sent_start.unseen

    @property
    def walks_only(self) -> int | None:
        """The highest speed, 0.01 km/h, until it is known what the machine counts speeds in; None once it is."""
        return self.units.walks_only(self.speed.grid.low)

    def _take_ranges(self, capabilities: Capabilities) -> None:
        self.speed.grid = capabilities.speed or UNKNOWN_RANGE
        self.incline.grid = capabilities.incline or UNKNOWN_RANGE
        if capabilities.speed is not None:
            self.gate.narrow("machine", capabilities.speed.high)

    def disconnected(self, now: float) -> None:
        """The link is gone. All that was wanted is dropped; what the belt does now nobody here knows."""
        if self.capabilities is None:
            return
        self.latch.starting = self._starting
        self.capabilities = None
        self.control = ControlState.NONE
        self._ready_at = None
        self._writing = False
        self._forget_link()
        self._end(ProcedureEnding.LINK_LOST, "the link was lost")
        self.latch.link_down(now)
        self._say(Signal.LINK_DOWN)
        self._tell_latch()

    def written(self, now: float) -> None:
        """The last write has been accepted by the machine's radio; its answer comes, or has come, by `receive`."""
        self._writing = False
        if self._procedure is not None:
            self._procedure.answer_by = now + ANSWER_WITHIN

    def write_refused(self, code: int, now: float) -> None:
        """The last write was refused with ATT error `code`: the machine has not taken it."""
        self._writing = False
        if self.latch.latched:
            self.latch.refused(now, busy=code == ATT_BUSY)
            return
        procedure, self._procedure = self._procedure, None
        if procedure is None:
            if self.unlock.reply_by is not None:
                self._stay_locked()
            return
        if code == ATT_BUSY:
            self._ready_at = max(now + BUSY_RETRY, self._ready_at or now)
            self._offer_again(procedure)
        else:
            self._failed(procedure, None, now)

    # -- time -------------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Bring everything that depends on time alone up to `now`."""
        self._ticked_at = now
        self.latch.judge(now)
        self._tell_latch()
        if self.latch.latched:
            return
        procedure = self._procedure
        if procedure is not None and now >= procedure.answer_by:
            self._procedure = None
            self._unanswered(procedure, now)
        if self.unlock.reply_by is not None and now >= self.unlock.reply_by:
            self._stay_locked()
        if self._expire_start(now):
            self._tell_latch()
            return
        self._settle(now)
        self._watch(now)

    def _expire_start(self, now: float) -> bool:
        """Give up a start whose time is over, or say that its belt stands; whether Stop has followed."""
        if self._intent is not None and not self._intent.usable(now):
            self._start_failed()
        if self._start_by is not None and now >= self._start_by:
            self._start_failed()
        if self._rouse_at is not None and now >= self._rouse_at:
            self._rouse_at = None
            self._say(Signal.STANDS)
        return self.latch.latched

    def _watch(self, now: float) -> None:
        trip = self.watchdog.check(now) if self.control is not ControlState.NONE else None
        trip = TripReason.UNITS if self._units_wrong else trip
        if trip in STOPS:
            self._stop_for(ProcedureEnding.STOPPED, trip)
            self._tell_latch()
        elif (trip is TripReason.STALE) is not self.gate.held:
            self.gate.held = trip is TripReason.STALE
            self._say(Signal.WENT_QUIET if self.gate.held else Signal.HEARD_AGAIN)

    def deadline(self, now: float) -> float | None:
        """When `tick` or `next_write` will next have something to do, if nothing arrives; `now` if one of them has had
        something to do since it was last called. A write under way is waited for, not called for."""
        if self.latch.latched:
            at = self.latch.deadline(now, writing=self._writing)
            return None if at is None else max(now, at)
        due = [at for at in self._tick_times() if at is not None]
        due += [at for at in self._write_times(now) if at is not None and at > self._asked_at]
        return max(now, min(due)) if due else None

    def _tick_times(self) -> list[float | None]:
        return [
            None if self._procedure is None else self._procedure.answer_by,
            None if self._intent is None else self._intent.expires,
            self._start_by,
            self._rouse_at,
            self.unlock.reply_by,
            self._ticked_at if self._units_wrong else None,
            self.speed_trace.deadline(),
            self.incline_trace.deadline(),
            self.watchdog.deadline(self._ticked_at) if self.control is not ControlState.NONE else None,
        ]

    def _write_times(self, now: float) -> list[float | None]:
        if self._writing or self._procedure is not None:
            return []
        room = None if self.speed.due(now) is None else self.gate.next_room()
        feed = self._feed_at if self.belt.state is BeltPhase.MOVING else None
        return [self._ready_at, self._unready_until, self.speed.retry_at(), self.incline.retry_at(), room, feed]

    @property
    def has_events(self) -> bool:
        """Whether `take_events` would give any."""
        return bool(self._events)

    def take_events(self) -> list[Event]:
        """What has happened since the last call, in order."""
        events, self._events = self._events, []
        return events
