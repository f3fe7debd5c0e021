"""The session engine: the asyncio shell around machine and session. It owns no rule about the belt.

Rules:
1. `stop` is synchronous: it latches, and the pump writes Stop in the same call, or gets the write under way out of its
   way. Nothing is awaited before it, and nothing is told, drawn or recorded before Stop has been handed to the link.
2. One pump is the only caller of `link.write` (`pump`). A Stop that is not accepted within its bound costs the link
   its life: it is dropped, made anew (`connection`), and Stop goes out first on the new one.
3. Every input (bytes, an intent, a timer, the link) is one `turn`: machine, session and targets brought up to now,
   and one timer armed for the next deadline. Nothing counts ticks. A flood of bytes is one input each tenth of a
   second, with the oldest records left out (`intake`).
4. A turn that fails is a Stop: from then on only the machine core is served, until the belt is at rest; then the
   error goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from runback.engine import snapshots
from runback.engine.connection import ConnectionManager
from runback.engine.notification_intake import Ears, Said
from runback.engine.ports import SessionPort
from runback.engine.profile_adapter import ProfileCatalog
from runback.engine.publisher import SnapshotPublisher
from runback.engine.ramp_store import RampStore
from runback.engine.recorder import Recorder
from runback.engine.start_condition import StartCondition
from runback.engine.write_pump import WritePump
from runback.errors import PAIR_FIRST, LimitError
from runback.failsafe.heartbeat import LoopGap, SuspendDetector
from runback.ipc.messages import CommissionView, Snapshot
from runback.link.protocol import Link
from runback.machine.belt import BeltPhase
from runback.machine.client import Machine, Write
from runback.machine.events import ConsoleChanged, Event, Garbled, Measured, Refused, Signal
from runback.machine.procedure import StartIntent
from runback.machine.stop_latch import LatchState
from runback.session.model import Intent, MachineRequest
from runback.session.session import Session
from runback.session.transitions import at_rest
from runback.source import Source

if TYPE_CHECKING:
    from runback.engine.heart_rate_task import HeartRateTask

START_VALID = 5.0
"""Seconds after its countdown within which a start must have gone out, or it is off."""

TELL_AFTER = 0.005
"""Seconds after a Stop until it is told to record and session: by then it has left for the treadmill."""
SHOW_AFTER = 0.03
"""Seconds after a Stop until the screen hears of it: its redraw takes a processor for 3-10 ms, and whoever carries the
Stop (dbus-daemon, bluetoothd) would wait for that."""

BLIND = 0.1
"""Seconds between two looks when even the machine core cannot say when to look again."""
LAST_STOP = 10.0
"""Seconds to bring the belt to rest after the program itself has failed, before the failure goes on."""


class SessionEngine:
    """One session on one link. `run` returns when the person has left, or the session is over."""

    def __init__(
        self,
        session: Session,
        machine: Machine,
        link: Link,
        recorder: Recorder,
        catalog: ProfileCatalog | None = None,
        *,
        port: SessionPort | None = None,
    ) -> None:
        """`session` is what is shown, `port` what drives it (None: the session itself)."""
        self.session = session
        self.machine = machine
        self.recorder = recorder
        self.seen = snapshots.DisplayState()
        self.over = asyncio.Event()
        self.changed = asyncio.Event()
        """Set after every turn; whoever waits on it clears it."""
        self._port: SessionPort = session if port is None else port
        self.start_condition = StartCondition(session, self._port, recorder)
        self.connection = ConnectionManager(link, machine, self, catalog)
        self.ramps = RampStore()
        """What is known of how fast treadmills change their speed; whoever has a disk for it sets another."""
        self.pump = WritePump(
            machine,
            link,
            recorder,
            now=self.now,
            turn=self.turn,
            idle=self._idle,
            lost=self.connection.lose,
            tell=self._tell,
            allowed=self.connection.may_write,
        )
        self.pump.refused = self.connection.refused
        self.pump.refuses_start = lambda: self.start_condition.refuses(self.now())
        self.publisher = SnapshotPublisher(session, self._port, machine.latch, recorder, self.seen)
        self._ears = Ears(self.now, self.hear, self._left_out)
        self._timer: asyncio.TimerHandle | None = None
        self._now = self._turned_at = 0.0
        self.failure: Exception | None = None
        """What broke, if something did; the session is not served any more."""
        self.simulated = False
        """Whether the treadmill is the simulator's."""
        self.ended_at: float | None = None
        """When the session was over; letting go of the link takes two seconds more (bluez.md 9)."""
        self.leaving = False
        """The person wants to go, as soon as the belt is at rest."""
        self._stops: list[tuple[float, str, Source]] = []
        """Stops that are latched, and not told to the session yet."""
        self._told = 0
        """How many of them are in the record."""
        self.commissioning_view: Callable[[], CommissionView | None] = lambda: None
        """What is to be shown of a session that is none but a commissioning."""
        self.suspend_detector: SuspendDetector | None = None
        """Notices when this program has not been running; None where time is not the wall's."""
        self.strap: HeartRateTask | None = None
        """Listens to a heart-rate strap beside the session, and looks up after every turn; None where there is none."""

    # -- Stop, and everything else a person asks for ----------------------------------------------------------------

    def stop(self, reason: str = "you stopped the belt", source: Source = Source.PERSON) -> None:
        """Stop the belt: latch, and have the pump write it, or get the write under way out of its way."""
        at = self.now()
        self.machine.stop_as(source)
        self.pump.preempt()
        self._stops.append((at, reason, source))
        held, self.publisher.held = self.publisher.held, True
        asyncio.get_running_loop().call_later(TELL_AFTER, self.turn if held else self._follow)

    def _follow(self) -> None:
        """A Stop is on its way: let the session know, and soon the screen."""
        asyncio.get_running_loop().call_later(SHOW_AFTER - TELL_AFTER, self._show)
        self.turn()

    def _show(self) -> None:
        self.publisher.held = False
        self.publisher.redraw(self.snapshot())

    def _tell(self) -> None:
        """Record what was not written down when it happened, since a Stop was on its way: the Stop, then its bytes."""
        while self._told < len(self._stops):
            at, reason, source = self._stops[self._told]
            self._told += 1
            self.recorder.put(at, "stop", reason=reason, source=source.value)
        self.pump.tell()

    def _take_stops(self, now: float) -> None:
        """Let the session know."""
        self._tell()
        stops, self._stops, self._told = self._stops, [], 0
        for _, reason, _ in stops:
            self._port.stopped(reason, now)

    def ask(self, ask: Intent) -> None:
        """The person asks for something."""
        if ask is Intent.STOP:
            self.stop()
        else:
            self._serve(lambda now: self._asked(ask, now))

    def _asked(self, ask: Intent, now: float) -> None:
        if ask in (Intent.START, Intent.RESUME) and self.start_condition.refuses_word(now):
            return
        self.recorder.put(now, "ask", ask=ask.value)
        self._port.apply(ask, now)

    def reconsider_start(self) -> None:
        """What a start needs may have come or gone."""
        self._serve(self.start_condition.look_again)

    @property
    def writes(self) -> list[tuple[float, Write]]:
        """Everything written to the treadmill, and when."""
        return self.pump.writes

    @property
    def spares_radio(self) -> bool:
        """Whether the treadmill can do without the radio for a while: it is connected, and not being stopped."""
        served = self.connection.ready.is_set() and self.machine.capabilities is not None
        return served and not self.machine.latch.latched and self.failure is None

    # -- time --------------------------------------------------------------------------------------------------------

    def now(self) -> float:
        """The loop's clock, never backwards."""
        self._now = max(self._now, asyncio.get_running_loop().time())
        return self._now

    def remark(self, line: str) -> None:
        """Let the person see `line`, which is no part of the session."""
        self.recorder.put(self.now(), "remark", line=line)
        self.seen.remark_line = line
        self.publisher.redraw(self.snapshot())

    def later(self, seconds: float) -> None:
        """Look again in `seconds`, whether or not anything happens."""
        asyncio.get_running_loop().call_later(seconds, self._blink)

    def _blink(self) -> None:
        self.changed.set()
        self.pump.wake()

    def _fire(self, at: float) -> None:
        self._now = max(self._now, at)  # a timer may fire a nanosecond early
        self.turn()

    def turn(self) -> None:
        """Bring machine, session and targets up to now, and arm the next timer."""
        self._serve(lambda _: None)

    def _idle(self) -> None:
        """The pump has nothing to write: asking it may have brought news, or a later time to ask again."""
        if self.machine.has_events:
            self.turn()
            return
        try:
            self._arm(self.now())
        except Exception as error:  # noqa: BLE001 - as in `_serve`
            self._fail(error)

    def _serve(self, act: Callable[[float], None]) -> None:
        """Do `act`, then a turn. Whatever fails in either stops the belt."""
        self.look()
        now = self.now()
        try:
            self._take_stops(now)
            act(now)
            if self.failure is None:
                self._turn(now)
            else:
                self._serve_machine(now)
        except Exception as error:  # noqa: BLE001 - the edge: a belt must not be left to a broken program
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        """Something broke: from now on there is nothing but Stop."""
        first = self.failure is None
        self.failure = self.failure or error
        self.machine.stop_as(Source.SAFETY)
        self.pump.preempt()
        if first:
            self.recorder.put(self.now(), "failure", why=repr(error))
        self.changed.set()
        self.later(BLIND)

    def _serve_machine(self, now: float) -> None:
        """After a failure: the machine core alone, for the stop latch's sake."""
        self.machine.tick(now)
        self.machine.take_events()
        self.pump.wake()
        self._conclude()
        self._arm(now)

    def _turn(self, now: float) -> None:
        self._turned_at = now
        self.machine.tick(now)
        self._port.restrict(None if self.session.prompts else self.machine.walks_only, now)
        self._port.tick(now)
        while True:
            events = self.machine.take_events()
            for event in events:
                self._observe(event, now)
            orders = self._port.take_orders()
            for order in orders:
                self._carry_out(order, now)
            if not events and not orders:
                break
        self._set_targets()
        self.publisher.report(now, self.snapshot)
        self.pump.wake()
        self._conclude()
        self._arm(now)

    def _conclude(self) -> None:
        """Let the run end if somebody wants it to and the belt may be left."""
        if (self.leaving or self.failure is not None) and self.may_leave():
            self.over.set()
        self.changed.set()
        if self.strap is not None:
            self.strap.woken.set()

    def _arm(self, now: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        # From the last turn on: what came due since then is still to be done, not past.
        session = self._port.deadline(self._turned_at) if self.failure is None else None
        times = [at for at in (self.machine.deadline(now), session) if at is not None]
        if times and not self.over.is_set():
            at = min(times)
            self._timer = asyncio.get_running_loop().call_at(at, self._fire, at)

    # -- session <-> machine -------------------------------------------------------------------------------------------

    def _observe(self, event: Event, now: float) -> None:
        match event:
            case Measured():
                self.seen.record, self.seen.heard_at = event, now
                if event.speed is not None:
                    self.seen.belt = (event.speed, now)
            case Garbled():
                self.recorder.put(now, "garbled", why=event.why)
            case ConsoleChanged() | Refused():
                word = "console" if isinstance(event, ConsoleChanged) else "refused"
                self.recorder.put(now, word, axis=event.axis.value, value=event.value)
            case Signal.LATCHED:
                trip = self.machine.trip
                if trip is not None:
                    self.recorder.put(now, "stop", reason=trip.value, source=Source.SAFETY.value)
                self._port.stopped("you stopped the belt" if trip is None else trip.value, now)
                self.pump.preempt()  # whoever stopped it: nothing stands before Stop, a hanging write neither
            case Signal.STOP_ALARM:
                alarm = self.machine.latch.alarm
                self.recorder.put(now, "alarm", reason="" if alarm is None else alarm.value)
            case Signal.BELT_MOVED | Signal.STOP_CONFIRMED:
                self.connection.moved()
            case Signal.LINK_DOWN:
                self.seen.record = self.seen.heard_at = None
            case _:
                pass
        if isinstance(event, Signal):
            self.recorder.put(now, "signal", signal=event.value)
        self._port.observe(event, now)
        if event is Signal.CONTROL_REFUSED and self.connection.unpaired:
            self.session.notice = PAIR_FIRST  # why it does not give control, and what can be done about it

    def _carry_out(self, order: MachineRequest, now: float) -> None:
        match order:
            case MachineRequest.ARM:
                self.machine.gate.arm()
                self.machine.request_control()
            case MachineRequest.START if self.start_condition.refuses(now):
                pass
            case MachineRequest.START:
                self.machine.start(StartIntent(now + max(START_VALID, self.session.start_within)))
            case MachineRequest.LISTEN:
                self.machine.listen()
            case MachineRequest.ROUSE if (missing := self.start_condition.missing()) is not None:
                self.stop(missing.what, Source.SAFETY)  # Start has been written, and the belt is not to move now
            case MachineRequest.ROUSE:
                self.machine.rouse()
            case MachineRequest.PAUSE:
                self.machine.pause()
            case MachineRequest.FINISH:
                self.machine.stop_as(Source.PLAN)
            case MachineRequest.STOP:
                self.machine.stop_as(Source.SAFETY)
                self.recorder.put(now, "stop", reason=self.session.stop_reason, source=Source.SAFETY.value)
            case MachineRequest.RESET:
                if self.machine.reset_stop():
                    self.recorder.put(now, "reset")
                    self._port.released()
                else:
                    self.session.notice = "the belt is not known to be at rest"
            case MachineRequest.QUIT:
                self.leave()

    def at_rest(self) -> bool:
        """Whether this program may leave the belt: it is seen at rest, or was never touched. A belt that was told to
        start and has not been seen to move is neither, however still it lies."""
        if self.machine.start_unseen and not self.session.timed_only:
            return False
        if self.machine.latch.latched:
            return self.machine.latch.state is LatchState.AT_REST
        return not self.pump.writes or self.machine.belt.state is BeltPhase.AT_REST or self.session.timed_only

    def may_leave(self) -> bool:
        """The same, or all has been done for a belt that only the person can see."""
        return self.at_rest() or self.machine.latch.spent

    def leave(self) -> None:
        """The person wants to go: at once if the belt may be left, else Stop first."""
        self.leaving = True
        if not self.at_rest() and not self.machine.latch.latched:
            self.stop("you left")

    def _set_targets(self) -> None:
        speed, incline, source = self._port.target, self._port.incline, self.session.speed_plan.source
        try:
            if speed is not None:
                self.machine.want_speed(speed, source)
        except LimitError as error:
            self.session.notice = snapshots.refusal(error, self.session.unit)
        try:
            if incline is not None:
                self.machine.want_incline(incline, source)
        except LimitError as error:
            self.session.notice = snapshots.refusal(error, self.session.unit)

    def may_move(self) -> bool:
        """Whether the belt moves, or is about to, as far as anybody can tell."""
        return not at_rest(self.session.phase) or bool(self.machine.belt.speed)

    def resting(self) -> bool:
        """Whether the belt is at rest and nothing is about to move it, as far as anybody can tell."""
        return self.at_rest() and not self.may_move()

    def snapshot(self) -> Snapshot:
        """All there is to show now."""
        name, now, incline = self.connection.name, self.now(), self._port.incline
        view = self.commissioning_view()
        return snapshots.snapshot(
            self.session, self.machine, self.seen, name, now, incline, view, simulated=self.simulated
        )

    # -- the link ------------------------------------------------------------------------------------------------------

    def notified(self, uuid: str, data: bytes) -> None:
        """Bytes from the treadmill (`link.protocol.Listener`)."""
        self._ears.notified(uuid, data)

    def hear(self, said: Sequence[Said]) -> None:
        """What of it the intake lets through, in one turn."""
        self._tell()
        for uuid, data in said:
            self.recorder.notification(self.now(), uuid, data)
        self._serve(lambda now: self._receive(said, now))

    def _receive(self, said: Sequence[Said], now: float) -> None:
        for uuid, data in said:
            self.machine.receive(uuid, data, now)

    def _left_out(self, uuid: str, count: int) -> None:
        self.recorder.left_out(self.now(), uuid, count, judged=False)

    def lost(self, reason: str) -> None:
        """The connection ended by itself (`link.protocol.Listener`)."""
        self._ears.finish()
        self.recorder.put(self.now(), "link lost", reason=reason)
        self._serve(lambda _: self.connection.lose())

    def look(self) -> None:
        """Before anything else that is done: has this program been running all the time (`suspend_detector`)?"""
        gap = LoopGap.NONE if self.suspend_detector is None else self.suspend_detector.look()
        if gap is LoopGap.NONE:
            return
        self.recorder.put(self.now(), "gap", gap=gap.value)
        if gap is LoopGap.SLEPT and not self.session.timed_only:
            self._serve(lambda _: self.connection.lose())
        elif self.may_move():
            self.stop("this computer slept" if gap is LoopGap.SLEPT else "this program hung", Source.SAFETY)

    async def run(self) -> None:
        """Connect, pump and keep the link until the session is over. Raises what made connecting hopeless."""
        try:
            await self._keep_until(self.over)
        except BaseException:
            await self._stop_before_leaving()
            raise
        finally:
            self.ended_at = self.now()
            if self._timer is not None:
                self._timer.cancel()
            await self.connection.let_go()
            self._ears.close()
            self.recorder.settle(self.now())
        if self.failure is not None:
            raise self.failure

    async def _keep_until(self, over: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self.connection.keep()), group.create_task(self.pump.run())]
            await over.wait()
            for task in tasks:
                task.cancel()

    async def _stop_before_leaving(self) -> None:
        """Something broke: whatever it was, no belt that we have moved is left moving."""
        if not self.pump.writes:
            return
        self.machine.stop()
        self.pump.wake()
        try:
            async with asyncio.timeout(LAST_STOP), asyncio.TaskGroup() as group:
                pump = group.create_task(self.pump.run())
                while self.machine.latch.state is not LatchState.AT_REST:
                    self.changed.clear()
                    await self.changed.wait()
                pump.cancel()
        except BaseException as error:  # noqa: BLE001 - one failing handler must not silence the next
            self.recorder.put(self.now(), "failure", why=repr(error))
            await self.pump.last_resort_stop()
