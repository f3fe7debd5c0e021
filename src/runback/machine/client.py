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

Theory of operation. `Machine` holds one `ClientState` and gives it to its parts: `CommandScheduler` says what is
written while the latch is clear, `NotificationHandler` takes what arrives, `ProcedureOutcomes` knows how a procedure
may end, and `StopLatch` says what is written while it holds. The parts never write and never wait. A shell around the
machine calls `next_write` until there is nothing to write, hands the bytes to the link, and tells the machine what
became of them; what arrives goes into `receive`; `deadline` says when to call again. So whatever the shell is doing, a
Stop needs one call to latch and one to get its bytes, and no part can put anything before it.

Sources: ftms.md "2AD9", quirks.md 3-5, 11-16, 36, 42; latency.md "Pre-emption". Units as on the wire.
"""

from __future__ import annotations

import math

from runback.ftms.assigned_numbers import OpCode
from runback.machine.belt import BeltPhase
from runback.machine.capabilities import Capabilities as Capabilities  # the door where a reader looks for them
from runback.machine.client_state import ClientState
from runback.machine.commands import CommandScheduler
from runback.machine.commands import Write as Write
from runback.machine.endings import ProcedureEnding
from runback.machine.events import Event, Signal
from runback.machine.notifications import NotificationHandler
from runback.machine.procedure import ANSWER_WITHIN, BUSY_RETRY, ControlState, StartIntent
from runback.machine.procedure_outcomes import ProcedureOutcomes
from runback.machine.quirks import ControlRequestPolicy, MachineQuirks
from runback.machine.stop_latch import LatchState
from runback.machine.targets import UNKNOWN_RANGE
from runback.safety.gate import Gate
from runback.safety.watchdog import STOPS, TripReason
from runback.source import Source

GAP = 0.25
"""Seconds between two writes: four a second is as many as a belt can use (latency.md); profiles may ask for more."""

ATT_BUSY = 0xFE
"""FTMS "procedure already in progress" (S0 table 1.1)."""


class Machine:
    """One treadmill. The shell around it writes what `next_write` gives and feeds everything that arrives."""

    def __init__(self, gate: Gate, *, gap: float = GAP) -> None:
        state = self._state = ClientState(gate)
        self._outcomes = ProcedureOutcomes(state)
        self._notifications = NotificationHandler(state, self._outcomes)
        self._commands = CommandScheduler(state, gap=gap)
        # What others look at; each of them is the same object for the machine's whole life.
        self.gate, self.watchdog, self.latch = state.gate, state.watchdog, state.latch
        self.belt, self.speed, self.incline = state.belt, state.speed, state.incline
        self.units, self.unlock = state.units, state.unlock
        self.speed_trace, self.incline_trace = state.speed_trace, state.incline_trace
        self._least_gap = gap
        self._ticked_at = self._asked_at = -math.inf
        self._writing = False

    # -- what others look at --------------------------------------------------------------------------------

    @property
    def capabilities(self) -> Capabilities | None:
        """What the machine on the link can do; None without a link."""
        return self._state.capabilities

    @property
    def quirks(self) -> MachineQuirks:
        """How it differs from the specification."""
        return self._state.quirks

    @property
    def control(self) -> ControlState:
        """Whether this client has control."""
        return self._state.control

    @property
    def gap(self) -> float:
        """Seconds between two writes."""
        return self._commands.gap

    @property
    def trip(self) -> TripReason | None:
        """Why the belt was stopped by this core itself; None if it was not."""
        return self._state.trip

    # -- Stop -----------------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Stop the belt. Latches first; everything else that was wanted is dropped. Idempotent, never raises."""
        self._state.end(ProcedureEnding.STOPPED, "the belt was stopped")

    def stop_as(self, source: Source) -> None:
        """The same, tagged as not the person's: the plan's at its end, or the safety core's."""
        if not self.latch.latched:
            self._state.stop_source = source
        self.stop()

    def reset_stop(self) -> bool:
        """Let go of the latch if the belt is at rest; says whether it did. Writes nothing, starts nothing."""
        state = self._state
        if not self.latch.reset():
            return False
        state.stop_source = Source.PERSON
        state.trip = None
        state.units_wrong = False
        state.told_of_latch = (LatchState.CLEAR, None, False)
        state.call_off_start()
        self.watchdog.reset()
        return True

    def next_write(self, now: float) -> Write | None:
        """What to write now; None if nothing is due. Ask again after each write, event and `deadline`."""
        # The first promise, in two lines: while the latch holds, nothing but what it says is ever handed out.
        if self.latch.latched:
            return self._hand_out(self._stop_due(now), now)
        return self._hand_out(self._commands.due(now), now)

    def _stop_due(self, now: float) -> Write | None:
        """Stop, or what this machine needs to hear ahead of it. Nothing waits for that."""
        state = self._state
        self.latch.controlled = state.control is ControlState.GRANTED
        self.latch.starting, self.latch.may_start = state.starting, state.sent_start.unseen
        self.latch.slowest = self._slowest()
        data: bytes | None = None
        if self.latch.due(now):
            # Every other Stop goes bare: a machine that does not hear what follows too soon (quirk 42) then hears one.
            if self.latch.tries % 2 == 0 and (ahead := state.unlock.ahead_of_stop()) is not None:
                return self._commands.vendor_write(ahead, state.stop_source, stop=True)
            data = self.latch.next_write(now)
            state.unlock.commanded()
        state.tell_latch()
        return None if data is None else self._commands.write(data, state.stop_source, stop=True)

    def _slowest(self) -> bytes | None:
        """The lowest target, for a machine that knows no Stop; None while the belt is no faster than that. A belt that
        was told to be faster may have become so without a word of it."""
        state = self._state
        low, speed = self.speed.grid.low, max(self.belt.speed or 0, state.told)
        if state.capabilities is None or state.capabilities.speed is None or low <= 0 or speed <= low:
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
        return self._state.capabilities is not None and not self.latch.latched

    def request_control(self) -> None:
        """Ask for control (00) when nothing hinders. Only ever on a person's word: on some machines it alone starts
        the belt (quirk 14)."""
        state = self._state
        if not self._listens or state.control is not ControlState.NONE:
            return
        state.claims = 0
        state.renewing = False
        # It obeys whoever writes and is never asked (quirk 3): control is as good as granted.
        if state.quirks.claim is ControlRequestPolicy.NEVER:
            state.control = ControlState.GRANTED
            state.say(Signal.CONTROL_GRANTED)
        elif state.quirks.claim is ControlRequestPolicy.STARTS and self.belt.state is BeltPhase.MOVING:
            state.refuse_control()  # it is a start, and no belt that moves is started
        else:
            state.control = ControlState.WANTED

    def listen(self) -> None:
        """Unlock the machine on a person's word, if it says nothing before (quirk 6). Moves nothing."""
        self._state.listening = self._listens

    def start(self, intent: StartIntent) -> None:
        """Start the belt, once, when it is confirmed at rest and control is granted, before the intent expires."""
        if self._listens:
            self._state.start_intent = intent

    def rouse(self) -> None:
        """Tell a belt that stands after its start its slowest speed: the person has been warned (quirk 52)."""
        self._state.rouse_announced = self._listens and self._state.starting

    def pause(self) -> None:
        """Bring the belt to rest by the machine's own pause (08 02). A start that has not been written is called off,
        one that has been is stopped."""
        state = self._state
        if not self._listens:
            return
        if state.starting:
            state.start_failed(TripReason.CALLED_OFF)  # it is on its way: only Stop is sure to call it off
            return
        unsent = state.start_intent is not None
        state.end(ProcedureEnding.PAUSED, "a pause was asked for")
        if unsent:
            state.start_failed(TripReason.CALLED_OFF)
        state.told_to_rest = True
        state.pause_due = self.belt.state is not BeltPhase.AT_REST

    def want_speed(self, speed: int, source: Source) -> None:
        """The belt's target from now on, 0.01 km/h. Raises LimitError outside the machine's range or above a cap."""
        if self._listens:
            # Only what may raise is held against the caps: a target that lowers must never be refused.
            if self.speed.sent is None or speed > self.speed.sent:
                self.gate.check(speed)
            self.speed.want(speed, source)

    def want_incline(self, incline: int, source: Source) -> None:
        """The incline's target from now on, 0.1 %. Raises LimitError outside the machine's range; a machine without
        an incline ignores it."""
        if self._listens and self._state.capabilities is not None and self._state.capabilities.incline is not None:
            self.incline.want(incline, source)

    # -- the link -------------------------------------------------------------------------------------------

    def connected(self, capabilities: Capabilities, now: float) -> None:
        """A link is up, read and subscribed. Nothing but a latched Stop is written until something is wanted."""
        state = self._state
        quirks = state.quirks = capabilities.quirks
        state.capabilities = capabilities
        self._commands.gap = max(self._least_gap, quirks.gap)
        self.units.take(quirks)
        state.unlock.take(quirks)
        self.speed.slack = self.units.slack
        self.incline.slack = quirks.inclines.slack
        self._take_ranges(capabilities)
        self.latch.link_up(now, quirks, mute=not capabilities.controllable)
        state.say(Signal.LINK_UP)

    def learned(self, capabilities: Capabilities) -> None:
        """Ranges that could not be read at first have been: they hold from now on."""
        # The link may have been lost while they were read: then there is no machine that they are of.
        self._state.capabilities = None if self._state.capabilities is None else capabilities
        self._take_ranges(capabilities)

    @property
    def start_unseen(self) -> bool:
        """Whether a Start was written, and nobody has seen yet what became of it: the belt may start at any time."""
        return self._state.sent_start.unseen

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
        state = self._state
        # The pump and the link may both notice the same loss.
        if state.capabilities is None:
            return
        self.latch.starting = state.starting
        state.capabilities = None
        state.control = ControlState.NONE
        self._commands.ready_at = None
        self._writing = False
        state.forget_link()
        state.end(ProcedureEnding.LINK_LOST, "the link was lost")
        self.latch.link_down(now)
        state.say(Signal.LINK_DOWN)
        state.tell_latch()

    def written(self, now: float) -> None:
        """The last write has been accepted by the machine's radio; its answer comes, or has come, by `receive`."""
        self._writing = False
        if self._state.procedure is not None:
            self._state.procedure.answer_by = now + ANSWER_WITHIN

    def write_refused(self, code: int, now: float) -> None:
        """The last write was refused with ATT error `code`: the machine has not taken it."""
        state = self._state
        self._writing = False
        # Whatever write it was, only the latch writes now, and it knows what that means for Stop.
        if self.latch.latched:
            self.latch.refused(now, busy=code == ATT_BUSY)
            return
        procedure, state.procedure = state.procedure, None
        if procedure is None:
            if state.unlock.reply_by is not None:
                self._outcomes.stay_locked()
            return
        # Not queued by the machine (S0 table 1.1): nothing has been refused, the same is due again shortly.
        if code == ATT_BUSY:
            self._commands.ready_at = max(now + BUSY_RETRY, self._commands.ready_at or now)
            self._outcomes.offer_again(procedure)
        else:
            self._outcomes.failed(procedure, None, now)

    def receive(self, uuid: str, data: bytes, now: float) -> None:
        """Take a notification or indication of characteristic `uuid`. Never raises, whatever the bytes."""
        self._notifications.receive(uuid, data, now)

    # -- time -------------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Bring everything that depends on time alone up to `now`."""
        state = self._state
        self._ticked_at = now
        self.latch.judge(now)
        state.tell_latch()
        # A stopping belt has no procedure, start or target left to watch over: the latch is the only judge.
        if self.latch.latched:
            return
        procedure = state.procedure
        if procedure is not None and now >= procedure.answer_by:
            state.procedure = None
            self._outcomes.unanswered(procedure, now)
        if state.unlock.reply_by is not None and now >= state.unlock.reply_by:
            self._outcomes.stay_locked()
        if self._expire_start(now):
            state.tell_latch()
            return
        self._notifications.settle(now)
        self._watch(now)

    def _expire_start(self, now: float) -> bool:
        """Give up a start whose time is over, or say that its belt stands; whether Stop has followed."""
        state = self._state
        if state.start_intent is not None and not state.start_intent.usable(now):
            state.start_failed()
        if state.start_deadline is not None and now >= state.start_deadline:
            state.start_failed()
        if state.rouse_at is not None and now >= state.rouse_at:
            state.rouse_at = None
            state.say(Signal.STANDS)
        return self.latch.latched

    def _watch(self, now: float) -> None:
        state = self._state
        trip = self.watchdog.check(now) if state.control is not ControlState.NONE else None
        trip = TripReason.UNITS if state.units_wrong else trip
        if trip in STOPS:
            state.stop_for(ProcedureEnding.STOPPED, trip)
            state.tell_latch()
        # Late records are no reason to stop yet: nothing is raised as long as they are late, and that is said.
        elif (trip is TripReason.STALE) is not self.gate.held:
            self.gate.held = trip is TripReason.STALE
            state.say(Signal.WENT_QUIET if self.gate.held else Signal.HEARD_AGAIN)

    def deadline(self, now: float) -> float | None:
        """When `tick` or `next_write` will next have something to do, if nothing arrives; `now` if one of them has had
        something to do since it was last called. A write under way is waited for, not called for."""
        if self.latch.latched:
            at = self.latch.deadline(now, writing=self._writing)
            return None if at is None else max(now, at)
        due = [at for at in self._tick_times() if at is not None]
        # What was due when `next_write` was last asked has been answered: calling again at once would change nothing.
        due += [at for at in self._write_times(now) if at is not None and at > self._asked_at]
        return max(now, min(due)) if due else None

    def _tick_times(self) -> list[float | None]:
        state = self._state
        return [
            None if state.procedure is None else state.procedure.answer_by,
            None if state.start_intent is None else state.start_intent.expires,
            state.start_deadline,
            state.rouse_at,
            state.unlock.reply_by,
            self._ticked_at if state.units_wrong else None,
            state.speed_trace.deadline(),
            state.incline_trace.deadline(),
            self.watchdog.deadline(self._ticked_at) if state.control is not ControlState.NONE else None,
        ]

    def _write_times(self, now: float) -> list[float | None]:
        if self._writing or self._state.procedure is not None:
            return []
        room = None if self.speed.due(now) is None else self.gate.next_room()
        feed = self._commands.keepalive_at if self.belt.state is BeltPhase.MOVING else None
        return [
            self._commands.ready_at,
            self._state.unready_until,
            self.speed.retry_at(),
            self.incline.retry_at(),
            room,
            feed,
        ]

    @property
    def has_events(self) -> bool:
        """Whether `take_events` would give any."""
        return bool(self._state.events)

    def take_events(self) -> list[Event]:
        """What has happened since the last call, in order."""
        events, self._state.events = self._state.events, []
        return events
