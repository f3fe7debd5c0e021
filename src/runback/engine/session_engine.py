"""The session engine: the asyncio shell around machine and session. It owns no rule about the belt.

Rules:
1. `stop` is synchronous: it latches, and the pump writes Stop in the same call, or gets the write under way out of its
   way. Nothing is awaited before it, and nothing is told, drawn or recorded before Stop has been handed to the link.
2. One pump is the only caller of `link.write` (`WritePump`). A Stop that is not accepted within its bound costs the
   link its life: it is dropped, made again (`connection`), and Stop goes out first on the new one.
3. Every input (bytes, an intent, a timer, the link) is one `turn`: machine, session and targets brought up to now
   (`SessionTurn`), and one timer armed for the next deadline. Nothing counts ticks. A flood of bytes is one input each
   tenth of a second, with the oldest records left out (`notification_intake`).
4. A turn that fails is a Stop: from then on only the machine core is served, until the belt is at rest; then the
   error goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from runback.engine import snapshots
from runback.engine.connection import ConnectionManager
from runback.engine.notification_intake import Ears, Said
from runback.engine.ports import Companion, EnginePort, Failsafe, SessionPort
from runback.engine.profile_adapter import ProfileCatalog
from runback.engine.publisher import CueHandler, SnapshotPublisher
from runback.engine.ramp_store import RampStore
from runback.engine.recorder import LateRecords, Recorder
from runback.engine.session_turn import SessionTurn
from runback.engine.snapshots import ORDINARY, SessionKind
from runback.engine.start_condition import StartCondition
from runback.engine.write_pump import WritePump
from runback.failsafe.heartbeat import LoopGap, SuspendDetector
from runback.ipc.messages import Snapshot
from runback.link.protocol import Link
from runback.machine.belt import BeltPhase
from runback.machine.client import Machine, Write
from runback.machine.stop_latch import LatchState
from runback.session.model import Intent
from runback.session.session import Session
from runback.session.transitions import at_rest
from runback.source import Source

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
        kind: SessionKind = ORDINARY,
        ramps: RampStore | None = None,
        failsafe: Failsafe | None = None,
        suspend_detector: SuspendDetector | None = None,
        cues: Callable[[EnginePort], CueHandler | None] = lambda _: None,
        companion: Callable[[EnginePort], Companion] | None = None,
        tell_trouble: Callable[[str], None] | None = None,
    ) -> None:
        """`session` is what is shown, `port` what drives it (None: the session itself). `ramps` knows how fast
        treadmills change their speed. `failsafe` must be there before a start. `suspend_detector` notices when this
        program has not been running (None: time is not the wall's). `cues` and `companion` are given the engine's port
        and make what cues are heard by, and what listens to a strap. `tell_trouble` hears why connecting fails, in
        place of the screen."""
        self.session = session
        self.machine = machine
        self.recorder = recorder
        self.seen = snapshots.DisplayState()
        self.over = asyncio.Event()
        self.changed = asyncio.Event()
        """Set after every turn; whoever waits on it clears it."""
        self.ramps = RampStore() if ramps is None else ramps
        self._port: SessionPort = session if port is None else port
        self._kind = kind
        self._failsafe = failsafe
        self._suspend_detector = suspend_detector
        self._late = LateRecords(recorder)
        self.start_condition = StartCondition(session, self._port, recorder)
        if failsafe is not None:
            self.start_condition.needs(failsafe.missing)
        self.connection = ConnectionManager(link, machine, self, catalog, told=tell_trouble)
        self.pump = WritePump(machine, link, self.connection, recorder, self._late, self)
        self._ears = Ears(self.now, self.hear, lambda of, count: recorder.left_out(self.now(), of, count, judged=False))
        self._timer: asyncio.TimerHandle | None = None
        self._now = self._turned_at = 0.0
        self.failure: Exception | None = None
        """What broke, if something did; the session is not served any more."""
        self.ended_at: float | None = None
        """When the session was over; letting go of the link takes two seconds more (bluez.md 9)."""
        self.leaving = False
        """The person wants to go, as soon as the belt is at rest."""
        self._turns = SessionTurn(
            session, self._port, machine, recorder, self.seen, self.start_condition, self.connection, self.pump, self
        )
        self.publisher = SnapshotPublisher(session, self._port, machine.latch, recorder, self.seen, cues(self))
        self.companion = None if companion is None else companion(self)

    # -- Stop, and everything else a person asks for ----------------------------------------------------------------

    def stop(self, reason: str = "you stopped the belt", source: Source = Source.PERSON) -> None:
        """Stop the belt: latch, and have the pump write it, or get the write under way out of its way."""
        at = self.now()
        self.machine.stop_as(source)
        self.pump.preempt(at)
        # Stop is being carried now, and needs the processor: record, session and screen hear of it once it has left.
        self._late.stop(at, reason, source)
        held, self.publisher.held = self.publisher.held, True
        asyncio.get_running_loop().call_later(TELL_AFTER, self.turn if held else self._follow)

    def _follow(self) -> None:
        """A Stop is on its way: let the session know, and soon the screen."""
        asyncio.get_running_loop().call_later(SHOW_AFTER - TELL_AFTER, self._show)
        self.turn()

    def _show(self) -> None:
        self.publisher.held = False
        self.publisher.redraw(self.snapshot())

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

    def _serve(self, act: Callable[[float], None]) -> None:
        """Do `act`, then a turn. Whatever fails in either stops the belt."""
        self.look()
        now = self.now()
        try:
            # Before `act`: a belt that is being stopped is no belt to be started, or raised, by what comes after.
            for reason in self._late.take_stops():
                self._port.stopped(reason, now)
            act(now)
            # A program that has failed once is not trusted with a belt again: only what Stop needs goes on.
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
        now = self.now()
        self.pump.preempt(now)
        if first:  # once: a turn that fails fails again each tenth of a second
            self.recorder.put(now, "failure", why=repr(error))
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
        self._turns.run(now)
        self.publisher.report(now, self.snapshot)
        self.pump.wake()
        self._conclude()
        self._arm(now)

    def _conclude(self) -> None:
        """Let the run end if somebody wants it to and the belt may be left."""
        if (self.leaving or self.failure is not None) and self.may_leave():
            self.over.set()
        self.changed.set()
        if self.companion is not None:
            self.companion.woken.set()

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

    # -- what the pump asks and tells (`ports.PumpHost`) ---------------------------------------------------------------

    def idle(self) -> None:
        """Nothing is due to be written: asking for it may have brought news, or a later time to ask again."""
        # A claim that was given up, say, says so only when it is asked for the next write.
        if self.machine.has_events:
            self.turn()
            return
        try:
            self._arm(self.now())
        except Exception as error:  # noqa: BLE001 - as in `_serve`
            self._fail(error)

    def refuses_start(self) -> bool:
        """Asked right before Start is written: what a start needs may have gone since it was counted down."""
        return self.start_condition.refuses(self.now())

    def before_moving_write(self) -> None:
        """The belt may move from here on: should this program die, another one has to know which it was."""
        if self._failsafe is not None:
            self._failsafe.may_move(self.connection.machine)

    # -- whether the belt may be left ----------------------------------------------------------------------------------

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
        if self._kind.replayed:
            return  # it was the recorded person: the record says when it ended, and whether that was a Stop
        self.leaving = True
        if not self.at_rest() and not self.machine.latch.latched:
            self.stop("you left")

    def may_move(self) -> bool:
        """Whether the belt moves, or is about to, as far as anybody can tell."""
        return not at_rest(self.session.phase) or bool(self.machine.belt.speed)

    def resting(self) -> bool:
        """Whether the belt is at rest and nothing is about to move it, as far as anybody can tell."""
        return self.at_rest() and not self.may_move()

    def snapshot(self) -> Snapshot:
        """All there is to show now."""
        name, now, incline = self.connection.name, self.now(), self._port.incline
        return snapshots.snapshot(self.session, self.machine, self.seen, name, now, incline, self._kind)

    # -- the link ------------------------------------------------------------------------------------------------------

    def notified(self, uuid: str, data: bytes) -> None:
        """Bytes from the treadmill (`link.protocol.Listener`)."""
        self._ears.notified(uuid, data)

    def hear(self, said: Sequence[Said]) -> None:
        """What of it the intake lets through, in one turn."""
        self._late.settle()
        for uuid, data in said:
            self.recorder.notification(self.now(), uuid, data)
        self._serve(lambda now: self._receive(said, now))

    def _receive(self, said: Sequence[Said], now: float) -> None:
        for uuid, data in said:
            self.machine.receive(uuid, data, now)

    def lost(self, reason: str) -> None:
        """The connection ended by itself (`link.protocol.Listener`)."""
        self._ears.finish()
        self.recorder.put(self.now(), "link lost", reason=reason)
        self._serve(lambda _: self.connection.lose())

    def look(self) -> None:
        """Before anything else that is done: has this program been running all the time (`suspend_detector`)?"""
        gap = LoopGap.NONE if self._suspend_detector is None else self._suspend_detector.look()
        if gap is LoopGap.NONE:
            return
        self.recorder.put(self.now(), "gap", gap=gap.value)
        # Where nothing is seen of the belt the link says nothing either, and the session needs none to go on.
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
        if self._kind.replayed or not self.pump.writes:
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
