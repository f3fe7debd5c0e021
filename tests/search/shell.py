"""The shell around the real core in the search: `engine.session_turn` and `engine.write_pump` on a given clock.

What it does to machine, session and gate is what `SessionTurn` does, in the same order (`run`, `_observe`,
`_carry_out`, `_set_targets`), and the engine's `leave`; recording, drawing and waiting are left out. The bounds of
writes, and what becomes of one that hangs or is overtaken by Stop, are the pump's.

One `State` is one state of the search: core, treadmill, witness, and where the well-behaved person is in their script.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from runback.engine.session_turn import START_VALID
from runback.engine.write_pump import AHEAD_BOUND, STOP_BEHIND, STOP_BOUND, WRITE_BOUND
from runback.errors import LimitError
from runback.ftms import assigned_numbers
from runback.machine.belt import BeltPhase
from runback.machine.client import Machine, Write
from runback.machine.events import Event, Signal
from runback.machine.procedure import StartIntent
from runback.machine.quirks import StartAuthority
from runback.machine.stop_latch import LatchState
from runback.safety.gate import Gate
from runback.session.model import Intent, MachineRequest, ManualMode, Phase
from runback.session.session import Session
from runback.source import Source
from tests.search.scenes import Scene
from tests.search.treadmill import Treadmill
from tests.search.witness import AHEAD, BEHIND, Violation, Witness

Trail = tuple["Trail", str] | None
BEGAN: Final = 1000.0
"""What the clock shows when a story begins."""
BACK_AFTER: Final = 2.5
"""Seconds until a lost link is there again."""
RESTS: Final = 8
"""Turns in a row that may each bring news; more is a loop without an end."""


class State:
    """The whole of one moment."""

    __slots__ = (
        *("asked", "back_at", "bound_at", "gate", "hung", "in_flight", "left", "log", "machine", "now", "online"),
        *("overtaken", "scene", "script", "session", "stops", "touched", "trail", "treadmill", "turned_at", "witness"),
        *("writing", "leaving"),
    )

    def __init__(self, scene: Scene, *, log: list[str] | None = None, at: float = BEGAN) -> None:
        self.scene = scene
        self.now = at
        quirks = scene.capabilities.quirks
        self.treadmill = Treadmill(at, quirks)
        self.witness = Witness(quirks)
        self.script = 0
        self.asked = False
        self.online = False
        self.back_at: float | None = self.now
        self.log = log
        self.trail: Trail = None
        self._new_engine()

    def _new_engine(self) -> None:
        self.gate = Gate()
        self.machine = Machine(self.gate)
        self.session = Session(self.scene.workout)
        self.session.set_range(80, 2000)
        self.writing: Write | None = None
        self.hung = False
        self.overtaken = False
        self.bound_at: float | None = None
        self.in_flight: bytes | None = None
        self.stops: tuple[str, ...] = ()
        self.leaving = self.left = False
        self.touched = False
        """Whether anything was written by this engine."""
        self.turned_at = self.now

    def say(self, line: str) -> None:
        """For a story that is told."""
        if self.log is not None:
            self.log.append(f"{self.now - BEGAN:7.2f} s  {line}")

    # -- the engine ---------------------------------------------------------------------------------------------

    def stop(self, reason: str, source: Source = Source.PERSON) -> None:
        """`SessionEngine.stop`, and the pump's next step."""
        self.machine.stop_as(source)
        # What goes ahead of a Stop that is on its way already may finish; nothing else may stand before this one.
        write = self.writing
        self.witness.stop(self.now, within=AHEAD if write is not None and write.stop and write.ahead else 0.0)
        self._overtake()
        self.stops = (*self.stops, reason)
        self.pump()
        self.serve(lambda _: None)

    def ask(self, ask: Intent) -> None:
        """`SessionEngine.ask`."""
        if ask is Intent.STOP:
            self.stop("you stopped the belt")
            return
        unheard = ask is Intent.REARM and self.witness.heard.at is None  # of such a belt nothing is taken over yet
        if ask in (Intent.START, Intent.RESUME, Intent.REARM) and not unheard:
            self.witness.says_go(self.treadmill.speed)
        elif ask is Intent.PAUSE:
            self.witness.void()
        self.serve(lambda now: self.session.apply(ask, now))

    def serve(self, act: Callable[[float], None]) -> None:
        """`SessionEngine._serve`: what is done, then turns and writes until nothing more comes of it."""
        stops, self.stops = self.stops, ()
        for reason in stops:
            self.session.stopped(reason, self.now)
        act(self.now)
        self._turn()
        for _ in range(RESTS):
            self.pump()
            at = self.machine.deadline(self.now)
            if not self.machine.has_events and (at is None or at > self.now):
                break
            self._turn()
        else:
            raise Violation("endless", "turn after turn, and it is never done")
        self.witness.settle(
            self.now,
            goal=self.treadmill.goal,
            left=self.left,
            completed=self.session.phase is Phase.COMPLETED and not self.witness.rested_once,
            alarm=self.machine.latch.alarm is not None,
        )
        self.witness.rested_once = self.session.phase is Phase.COMPLETED

    def _turn(self) -> None:
        now = self.turned_at = self.now
        machine, session = self.machine, self.session
        machine.tick(now)
        session.restrict(None if session.prompts else machine.walks_only, now)
        session.tick(now)
        while True:
            events = machine.take_events()
            for event in events:
                self._observe(event, now)
            orders = session.take_orders()
            for order in orders:
                self._carry_out(order, now)
            if not events and not orders:
                break
        for cue in session.take_cues():
            self.witness.cue(cue, now)
            if self.log is not None:
                shown = "" if cue.speed is None else f" {cue.speed / 100:g} km/h"
                self.say(f"    it says: {cue.kind.value}{shown}{f' {cue.seconds:g}' if cue.seconds else ''}")
        self._set_targets()
        if self.leaving and self._may_leave():
            self.left = True

    def _observe(self, event: Event, now: float) -> None:
        if event is Signal.LATCHED:
            trip = self.machine.trip
            self.session.stopped("you stopped the belt" if trip is None else trip.value, now)
            self._overtake()
        if self.log is not None and isinstance(event, Signal):
            self.say(f"    it notes: {event.value}")
        self.witness.event(event, now, waits_for_speed=self.treadmill.needs_speed)
        self.session.observe(event, now)

    def _carry_out(self, order: MachineRequest, now: float) -> None:
        machine = self.machine
        match order:
            case MachineRequest.ARM:
                machine.gate.arm()
                machine.request_control()
            case MachineRequest.START:
                machine.start(StartIntent(now + max(START_VALID, self.session.start_within)))
            case MachineRequest.LISTEN:
                machine.listen()
            case MachineRequest.ROUSE:
                machine.rouse()
            case MachineRequest.PAUSE:
                machine.pause()
            case MachineRequest.FINISH:
                self.witness.stop(now, within=BEHIND)
                machine.stop_as(Source.PLAN)
            case MachineRequest.STOP:
                self.witness.stop(now, within=BEHIND)
                machine.stop_as(Source.SAFETY)
            case MachineRequest.RESET:
                if machine.reset_stop():
                    self.witness.reset()
                    self.session.released()
            case MachineRequest.QUIT:
                self._leave()

    def _at_rest(self) -> bool:
        if self.machine.start_unseen and not self.session.timed_only:
            return False
        if self.machine.latch.latched:
            return self.machine.latch.state is LatchState.AT_REST
        return not self.touched or self.machine.belt.state is BeltPhase.AT_REST or self.session.timed_only

    def _may_leave(self) -> bool:
        return self._at_rest() or self.machine.latch.spent

    def _leave(self) -> None:
        self.leaving = True
        if not self._at_rest() and not self.machine.latch.latched:
            self.machine.stop_as(Source.PERSON)
            self.witness.stop(self.now)
            self._overtake()
            self.stops = (*self.stops, "you left")

    def _set_targets(self) -> None:
        speed, source = self.session.target, self.session.speed_plan.source
        if speed is not None:
            try:
                self.machine.want_speed(speed, source)
            except LimitError:
                self.session.notice = "too fast"

    # -- the pump -----------------------------------------------------------------------------------------------

    def pump(self) -> None:
        """Hand out what is due, one write at a time."""
        if self.writing is not None or self.left:
            return
        write = self.machine.next_write(self.now)
        if write is None:
            return
        if not self.online:
            raise Violation("no link", "something is written without a link")
        self.say(f"--> {write.data.hex()}{' (ahead)' if write.ahead else ''}")
        self.touched = True
        self.writing = write
        bound = AHEAD_BOUND if write.ahead else STOP_BEHIND if self.overtaken else STOP_BOUND
        self.bound_at = self.now + (bound if write.stop else WRITE_BOUND)
        self.witness.write(write.data, self.now, goal=self.treadmill.goal, ahead=write.ahead, stop=write.stop)

    def _overtake(self) -> None:
        if self.writing is not None and not self.writing.stop:
            self.in_flight = self.writing.data  # it may have left already
            self.writing = self.bound_at = None
            self.hung = False
            self.overtaken = True

    def write_done(self) -> None:
        """The write under way has been taken by the machine."""
        write, self.writing, self.bound_at, self.hung = self.writing, None, None, False
        if write is None:
            return
        if not write.ahead:
            self.treadmill.take(write.data, self.now)
        self.machine.written(self.now)
        self._useless()
        self.serve(lambda _: None)

    def write_refused(self, code: int) -> None:
        """It is refused with an ATT error."""
        write, self.writing, self.bound_at, self.hung = self.writing, None, None, False
        if write is None:
            return
        self.say(f"the radio refuses the write with {code:02x}")
        if write.ahead and write.stop:
            self.machine.written(self.now)
        else:
            self.witness.busy(write.data[0])
            self.machine.write_refused(code, self.now)
        self._useless()
        self.serve(lambda _: None)

    def write_hung(self) -> None:
        """It has not been answered within its bound."""
        write, self.writing, self.bound_at, self.hung = self.writing, None, None, False
        if write is not None and not (write.stop and write.ahead):
            self.drop("the write hangs")
        else:
            self.serve(lambda _: None)

    def _useless(self) -> None:
        if self.machine.latch.link_unresponsive():
            self.drop("the link is useless")

    # -- the link -----------------------------------------------------------------------------------------------

    def drop(self, why: str) -> None:
        """The link is gone; it will be there again."""
        self.say(f"the link drops: {why}")
        self.online = False
        self.back_at = self.now + BACK_AFTER
        self.writing = self.bound_at = self.in_flight = None
        self.hung = self.overtaken = False
        self.treadmill.answers = ()
        self.treadmill.late = None
        self.witness.link(self.now, up=False)
        self.serve(lambda now: self.machine.disconnected(now))

    def connect(self) -> None:
        """The link is there."""
        self.say("the link is up")
        self.online, self.back_at = True, None
        self.treadmill.move(self.now)
        self.treadmill.next_record = self.now + 0.5
        self.witness.link(self.now, up=True)
        quirks = self.scene.capabilities.quirks
        if quirks.blind:
            self.session.by_hand = ManualMode.UNSEEN
        elif quirks.start_by is StartAuthority.CONSOLE:
            self.session.by_hand = ManualMode.START
        self.machine.connected(self.scene.capabilities, self.now)
        self.serve(lambda _: None)

    def hears(self, uuid: str, data: bytes) -> None:
        """Something arrives from the treadmill."""
        self.serve(lambda now: self.machine.receive(uuid, data, now))

    def hears_record(self, data: bytes) -> None:
        """Treadmill Data."""
        speed = int.from_bytes(data[2:4], "little") if len(data) >= 4 else None
        if self.log is not None:
            told = "half a record" if speed is None else f"{speed / 100:g} km/h"
            self.say(f"<-- {told} (it does {self.treadmill.speed / 100:g})")
        self.witness.record(speed, self.now)
        self.hears(assigned_numbers.TREADMILL_DATA, data)

    def hears_status(self, data: bytes | None) -> None:
        """Machine Status."""
        if data is not None and self.online:
            self.say(f"<-- status {data.hex()}")
            self.witness.status(data, self.now)
            self.hears(assigned_numbers.FITNESS_MACHINE_STATUS, data)

    def hears_answer(self, op: int, result: int) -> None:
        """An answer of the control point."""
        self.say(f"<-- answer 80{op:02x}{result:02x}")
        self.witness.answer(op, result, self.now)
        self.hears(assigned_numbers.FITNESS_MACHINE_CONTROL_POINT, bytes((0x80, op, result)))

    def restart(self) -> None:
        """The program dies; what takes its place begins with a Stop."""
        self.say("the program dies; another one takes over, with Stop set")
        self.online = False
        self.back_at = self.now + BACK_AFTER
        self.treadmill.answers, self.treadmill.late = (), None
        self.witness.link(self.now, up=False)
        self.witness.rest_said = False
        self._new_engine()
        self.script = len(self.scene.script)
        self.stop("the program was gone", Source.SAFETY)
