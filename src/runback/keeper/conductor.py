"""The conductor: the asyncio shell around machine and session. It owns no rule about the belt.

Rules:
1. `stop` is synchronous: it latches, cancels the write under way and wakes the pump. Nothing is awaited before it.
2. One pump is the only caller of `link.write`, and awaits only that write, under its own bound. A Stop that is not
   accepted within `STOP_BOUND` costs the link its life: it is dropped, made anew, and Stop goes out on the new one.
3. Every input (octets, an intent, a timer, the link) is one `turn`: machine, session and targets brought up to now,
   and one timer armed for the next deadline. Nothing counts ticks.
4. A turn that fails stops the belt before the error goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from runback.errors import AttError, LimitError, LinkError
from runback.keeper import view
from runback.keeper.lifeline import Lifeline
from runback.keeper.recorder import Recorder
from runback.link.protocol import Link
from runback.machine.core import Machine, Write
from runback.machine.events import Event, Garbled, Measured, Signal
from runback.machine.procedure import StartIntent
from runback.machine.stop import Latch
from runback.messages import Plan, Snapshot
from runback.session.core import Order, Session
from runback.session.states import Ask, Phase
from runback.source import Source

STOP_BOUND = 1.0
"""Seconds an ATT write of Stop may take; 20-57 ms are usual (bluez.md)."""
WRITE_BOUND = 5.0
"""Seconds any other write may take; BlueZ itself waits 30 (bluez.md 4)."""
START_VALID = 5.0
"""Seconds after its countdown within which a start must have gone out, or it is off."""

LAST_STOP = 10.0
"""Seconds to bring the belt to rest after the program itself has failed, before the failure goes on."""

Show = Callable[[Plan | Snapshot], None]


class Conductor:
    """One session on one link. `run` returns when the person has left, or the session is over."""

    def __init__(self, session: Session, machine: Machine, link: Link, recorder: Recorder) -> None:
        self.session = session
        self.machine = machine
        self.recorder = recorder
        self.seen = view.Seen()
        self.over = asyncio.Event()
        self.changed = asyncio.Event()
        """Set after every turn; whoever waits on it clears it."""
        self.writes: list[tuple[float, Write]] = []
        self.lifeline = Lifeline(link, machine, self)
        self.show: Show | None = None
        self._link = link
        self._wake = asyncio.Event()
        self._inflight: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._now = 0.0
        self._phase: Phase | None = None
        self._step: int | None = None

    # -- Stop, and everything else a person asks for ----------------------------------------------------------------

    def stop(self, reason: str = "you stopped the belt", source: Source = Source.PERSON) -> None:
        """Stop the belt: latch, get the write under way out of the way, wake the pump."""
        self.machine.stop_as(source)
        if self._inflight is not None:
            self._inflight.cancel()
        self._wake.set()
        self.session.stopped(reason, self.now())
        self.recorder.put(self._now, "stop", reason=reason, source=source.value)
        self.turn()

    def ask(self, ask: Ask) -> None:
        """The person asks for something."""
        if ask is Ask.STOP:
            self.stop()
            return
        self.recorder.put(self.now(), "ask", ask=ask.value)
        self.session.apply(ask, self._now)
        self.turn()

    # -- time --------------------------------------------------------------------------------------------------------

    def now(self) -> float:
        """The loop's clock, never backwards."""
        self._now = max(self._now, asyncio.get_running_loop().time())
        return self._now

    def later(self, seconds: float) -> None:
        """Set `changed` again in `seconds`, whether or not anything happens."""
        asyncio.get_running_loop().call_later(seconds, self.changed.set)

    def _fire(self, at: float) -> None:
        self._now = max(self._now, at)  # a timer may fire a nanosecond early
        self.turn()

    def turn(self) -> None:
        """Bring machine, session and targets up to now, and arm the next timer."""
        try:
            self._turn(self.now())
        except BaseException:
            self.machine.stop()
            self._wake.set()
            raise

    def _turn(self, now: float) -> None:
        self.machine.tick(now)
        self.session.tick(now)
        while True:
            events = self.machine.take_events()
            for event in events:
                self._observe(event, now)
            orders = self.session.take_orders()
            for order in orders:
                self._carry_out(order, now)
            if not events and not orders:
                break
        self._set_targets()
        self._report(now)
        self._wake.set()
        self.changed.set()
        self._arm(now)

    def _arm(self, now: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        times = [at for at in (self.machine.deadline(now), self.session.deadline(now)) if at is not None]
        if times and not self.over.is_set():
            at = min(times)
            self._timer = asyncio.get_running_loop().call_at(at, self._fire, at)

    # -- session <-> machine -------------------------------------------------------------------------------------------

    def _observe(self, event: Event, now: float) -> None:
        match event:
            case Measured():
                self.seen.record, self.seen.heard_at = event, now
            case Garbled():
                self.recorder.put(now, "garbled", why=event.why)
            case Signal.LATCHED:
                bite = self.machine.bite
                if bite is not None:
                    self.recorder.put(now, "stop", reason=bite.value, source=Source.SAFETY.value)
                self.session.stopped("you stopped the belt" if bite is None else bite.value, now)
            case Signal.STOP_ALARM:
                alarm = self.machine.latch.alarm
                self.recorder.put(now, "alarm", reason="" if alarm is None else alarm.value)
            case Signal.LINK_DOWN:
                self.seen.record = self.seen.heard_at = None
            case _:
                pass
        if isinstance(event, Signal):
            self.recorder.put(now, "signal", signal=event.value)
        self.session.observe(event, now)

    def _carry_out(self, order: Order, now: float) -> None:
        match order:
            case Order.ARM:
                self.machine.gate.arm()
                self.machine.request_control()
            case Order.START:
                self.machine.start(StartIntent(now + START_VALID))
            case Order.PAUSE:
                self.machine.pause()
            case Order.FINISH:
                self.machine.stop_as(Source.PLAN)
            case Order.STOP:
                self.machine.stop_as(Source.SAFETY)
                self.recorder.put(now, "stop", reason=self.session.stop_reason, source=Source.SAFETY.value)
            case Order.RESET:
                if self.machine.reset_stop():
                    self.recorder.put(now, "reset")
                    self.session.released()
                else:
                    self.session.notice = "the belt is not known to be at rest"
            case Order.QUIT:
                self.leave()

    def leave(self) -> None:
        """The person wants to go: at once if the belt is at rest, else Stop first."""
        moving = self.machine.belt.speed != 0 and self.machine.capabilities is not None
        if moving and not self.machine.latch.latched:
            self.stop("you left")
        else:
            self.over.set()

    def _set_targets(self) -> None:
        speed, incline = self.session.target, self.session.incline
        try:
            if speed is not None:
                self.machine.want_speed(speed, self.session.course.source)
            if incline is not None:
                self.machine.want_incline(incline, self.session.course.source)
        except LimitError as error:
            self.session.notice = str(error)

    # -- what is told ------------------------------------------------------------------------------------------------

    def _report(self, now: float) -> None:
        session = self.session
        for cue in session.take_cues():
            self.seen.cue = cue
            self.recorder.cue(cue)
        timeline = session.course.timeline
        if timeline.index != self._step:
            self._step = timeline.index
            step = timeline.step
            if step is not None and self._step is not None:
                began = session.course.totals.intervals[-1].began
                shown = view.step_view(self._step + 1, step, timeline.speed_of(step)).model_dump(mode="json")
                self.recorder.put(began, "step", of=len(timeline.steps), **shown)
        urgent = session.phase is not self._phase
        if urgent:
            self._phase = session.phase
            self.recorder.put(now, "phase", phase=session.phase.value, notice=session.notice)
        if self.show is not None:
            if timeline.changed:
                timeline.changed = False
                self.show(view.plan(session))
            if urgent:
                self.show(self.snapshot())

    def snapshot(self) -> Snapshot:
        """All there is to show now."""
        return view.snapshot(self.session, self.machine, self.seen, self._link.name, self.now())

    # -- the link ------------------------------------------------------------------------------------------------------

    def notified(self, uuid: str, data: bytes) -> None:
        """Octets from the treadmill (`link.protocol.Listener`)."""
        now = self.now()
        self.recorder.notification(now, uuid, data)
        self.machine.receive(uuid, data, now)
        self.turn()

    def lost(self, reason: str) -> None:
        """The connection ended by itself (`link.protocol.Listener`)."""
        self.recorder.put(self.now(), "link lost", reason=reason)
        self.lifeline.lose()
        self.turn()

    async def run(self) -> None:
        """Connect, pump and keep the link until the session is over. Raises what made connecting hopeless."""
        try:
            await self._keep_until(self.over)
        except BaseException:
            await self._stop_before_leaving()
            raise
        finally:
            if self._timer is not None:
                self._timer.cancel()
            await self.lifeline.let_go()

    async def _keep_until(self, over: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self.lifeline.keep()), group.create_task(self._pump())]
            await over.wait()
            for task in tasks:
                task.cancel()

    async def _stop_before_leaving(self) -> None:
        """Something broke: whatever it was, no belt that we have moved is left moving."""
        if not self.writes:
            return
        self.machine.stop()
        self._wake.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_STOP), asyncio.TaskGroup() as group:
                pump = group.create_task(self._pump())
                while self.machine.latch.state is not Latch.AT_REST:
                    self.changed.clear()
                    await self.changed.wait()
                pump.cancel()

    async def _pump(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while (write := self.machine.next_write(self.now())) is not None:
                await self._write(write)
            self._arm(self.now())

    async def _write(self, write: Write) -> None:
        self.recorder.write(self.now(), write)
        self.writes.append((self._now, write))
        coroutine = self._link.write(write.uuid, write.data, response=write.response)
        task = self._inflight = asyncio.get_running_loop().create_task(coroutine)
        try:
            done, _ = await asyncio.wait({task}, timeout=STOP_BOUND if write.stop else WRITE_BOUND)
        finally:
            self._inflight = None
            task.cancel()
        now = self.now()
        if not done:
            self.recorder.put(now, "write hung", hex=write.data.hex())
            self.lifeline.lose()
        elif not task.cancelled():
            error = task.exception()
            if error is None:
                self.machine.written(now)
            elif isinstance(error, AttError):
                self.recorder.put(now, "write refused", code=error.code)
                self.machine.write_refused(error.code, now)
            elif isinstance(error, LinkError):
                self.recorder.put(now, "write failed", reason=str(error))
                self.lifeline.lose()
            else:
                raise error
        if self.machine.latch.useless():
            self.lifeline.lose()
        self.turn()
