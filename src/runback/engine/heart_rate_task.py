"""The companion that listens to a heart-rate strap beside the session.

Rules:
1. It is never on the way to the belt. Link, task and failures are its own: nobody awaits it before the belt is at rest
   and let go, and whatever it meets ends it alone.
2. The treadmill comes first on the radio (an adapter makes one connection at a time, and scans for one). A strap is
   looked for only while the treadmill is connected, read, and not being stopped; an attempt under way is given up in
   the turn in which that ends. A strap that is connected stays so: hearing it takes nothing from anybody.
3. One that is not found, or lost, is looked for again after `AGAIN_AFTER`, then twice as long each time, until it has
   been heard. One that is silent for `RENEW_AFTER` is connected again: a dead bluetoothd says nothing (bluez.md 7).
4. What is wrong is said once for each reason, once it has lasted, never over an increase that is announced, and taken
   back when the figure is there again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Sequence

from runback.engine.notification_intake import Ears, Said
from runback.engine.ports import EnginePort
from runback.errors import AttError, LinkError, LinkTimeout
from runback.ftms.assigned_numbers import HEART_RATE_MEASUREMENT
from runback.heart_rate import messages
from runback.heart_rate.monitor import HeartRateLoss, HeartRateMonitor
from runback.link.protocol import Link

CONNECT_BOUND = 20.0
"""Seconds for finding, connecting and subscribing together."""
RELEASE_BOUND = 3.0
"""A normal BlueZ disconnect takes 2.0-2.1 s (bluez.md 9)."""
AGAIN_AFTER, AT_MOST = 2.0, 60.0
"""Seconds before the next attempt: the first pause, and the longest."""
RENEW_AFTER = 20.0
NOT_FOUND = 0x0A
"""The ATT error of a device that has no heart rate to tell (Core vol 3 F 3.4.1.1): there is no use in asking again."""
LOST_FOR, MISSED_FOR = 3.0, 10.0
"""Seconds that a loss, or a figure that does not come, has to last before it is said: an electrode shifts with every
stride, and some straps claim for their first seconds to touch nothing."""


class HeartRateTask:
    """Keeps a strap connected through `link`, and hears it (`link.protocol.Listener`); shows it by `engine.seen`."""

    def __init__(self, link: Link, engine: EnginePort) -> None:
        self.woken = asyncio.Event()
        """Something has changed: a turn of the engine, or news of the strap."""
        self._link = link
        self._engine = engine
        self._watch = engine.seen.strap = HeartRateMonitor()
        self._up = False
        self._met = False
        """Whether it has ever said anything."""
        self._spoke = False
        """Whether it has said anything on this connection."""
        self._quiet_since = 0.0
        """When it last did, or was connected."""
        self._missing: tuple[HeartRateLoss, float] | None = None
        """Why there is no figure, and since when."""
        self._ears = Ears(
            engine.now, self._hear, lambda _, count: self._record("left out", f"{count} notifications at once")
        )
        self._said: set[str] = set()
        self._unsaid: list[str] = []

    async def keep(self) -> None:
        """Look for the strap, hear it, look again, until the session is over: it is then let go while the treadmill is.
        Never raises, but for being cancelled."""
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(self._listen())
            await self._engine.over.wait()
            listening.cancel()

    async def _listen(self) -> None:
        try:
            if not await self._survives(self._keep()):
                self._unsaid.append("No heart rate: the strap cannot be listened to. The session goes on without it.")
        finally:
            await self._let_go()
        await self._survives(self._wait(lambda: not self._unsaid))

    async def _survives(self, work: Coroutine[object, object, None]) -> bool:
        """Do `work`; returns whether it went well."""
        try:
            await work
        except Exception as error:  # noqa: BLE001 - the edge: a strap is no reason to stop a belt
            self._record("failed", repr(error))
            return False
        return True

    # -- what the strap says (`link.protocol.Listener`) --------------------------------------------------------------

    def notified(self, uuid: str, data: bytes) -> None:
        """Bytes from the strap."""
        if uuid == HEART_RATE_MEASUREMENT:
            self._ears.notified(uuid, data)

    def _hear(self, said: Sequence[Said]) -> None:
        """What of it the intake lets through: a strap that floods holds up nobody either."""
        now = self._quiet_since = self._engine.now()
        self._spoke = self._met = True
        for _, data in said:
            self._engine.recorder.strap(now, data)
            self._watch.receive(data, now)
        self.woken.set()

    def lost(self, reason: str) -> None:
        """The connection ended by itself."""
        self._down()
        self._record("lost", reason)

    # -- its link ----------------------------------------------------------------------------------------------------

    async def _keep(self) -> None:
        again = AGAIN_AFTER
        while True:
            await self._wait(self._may_look)
            error = await self._attempt()
            if error is None:
                await self._wait(lambda: not self._up or self._deaf())
                again = AGAIN_AFTER if self._spoke else again
            await self._let_go()
            # It has no heart rate to tell, and the next attempt would only cost the treadmill radio time.
            if _hopeless(error):
                self._unsaid.append(f"No heart rate: {self._link.name} tells none. The session goes on without it.")
                return
            await self._wait(lambda: False, self._engine.now() + again)
            again = min(2 * again, AT_MOST)

    def _may_look(self) -> bool:
        """Whether nobody needs the radio more."""
        return self._engine.spares_radio

    def _deaf(self) -> bool:
        """Whether it has been silent for so long that its connection is worth nothing."""
        return self._engine.now() >= self._quiet_since + RENEW_AFTER and self._may_look()

    async def _attempt(self) -> LinkError | None:
        """Connect, unless the treadmill needs the radio meanwhile; returns what went wrong."""
        async with asyncio.TaskGroup() as group:
            trying = group.create_task(self._connect())
            trying.add_done_callback(lambda _: self.woken.set())
            await self._wait(lambda: trying.done() or not self._may_look())
            given_up = trying.cancel()
        error = LinkError("given up: the treadmill comes first") if given_up else trying.result()
        if error is not None:
            self._record("no link", error.reason)
            if not self._met and not given_up and not _hopeless(error):
                self._unsaid.append(f"No heart rate: {error.reason}")
        return error

    async def _connect(self) -> LinkError | None:
        self._spoke, self._up = False, True
        try:
            async with asyncio.timeout(CONNECT_BOUND):
                await self._link.connect(self)
                await self._link.subscribe(HEART_RATE_MEASUREMENT)
        except TimeoutError:
            return LinkTimeout(f"{self._link.name} does not answer")
        except LinkError as error:
            return error
        if self._up:
            self._quiet_since = self._engine.now()
            self._watch.connected(self._quiet_since)
            self._record("connected", self._link.name)
        return None

    def _down(self) -> None:
        self._ears.finish()
        self._up = False
        self._watch.disconnected()
        self.woken.set()

    async def _let_go(self) -> None:
        """Release the link, however dead it is."""
        self._down()
        try:
            async with asyncio.timeout(RELEASE_BOUND):
                await self._link.disconnect()
        except Exception as error:  # noqa: BLE001 - as in `_survives`
            self._record("not released", repr(error))

    # -- what is said ------------------------------------------------------------------------------------------------

    async def _wait(self, met: Callable[[], bool], by: float | None = None) -> None:
        """Wait until `met`, or for `by`; and say meanwhile what there is to say."""
        while not met():
            now = self._engine.now()
            if by is not None and now >= by:
                return
            times = [by, self._watch.deadline(now), self._tell(now), self._quiet_since + RENEW_AFTER]
            due = min((at for at in times if at is not None and at > now), default=None)
            self.woken.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(due):
                    await self.woken.wait()

    def _tell(self, now: float) -> float | None:
        """Say what is wrong, if it has lasted, or take it back; returns when there may be more to say."""
        quiet = self._engine.session.announced is not None
        while self._unsaid and not quiet:
            self._say(self._unsaid.pop(0))
        reading = self._watch.read(now)
        if reading.loss is None:
            self._missing = None
            if reading.bpm is not None and self._engine.seen.remark_line in self._said:
                self._engine.seen.remark_line = None
            return None
        if self._missing is None or self._missing[0] is not reading.loss:
            self._missing = reading.loss, now
        due = self._missing[1] + (LOST_FOR if reading.lost else MISSED_FOR)
        if now >= due and not quiet:
            self._say(messages.line(reading.loss, lost=reading.lost))
        return due

    def _say(self, line: str) -> None:
        if line not in self._said:
            self._said.add(line)
            self._engine.remark(line)

    def _record(self, state: str, why: str) -> None:
        self._engine.recorder.put(self._engine.now(), "strap", state=state, why=why)


def _hopeless(error: LinkError | None) -> bool:
    """Whether the next attempt would end like this one."""
    return isinstance(error, AttError) and error.code == NOT_FOUND
