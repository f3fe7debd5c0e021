"""The pump: the only caller of `link.write` in a session. (`runback stop` writes its first Stop in `cli.begun_link`.)

Rules:
- It writes what the machine core says is due, one write at a time, each under its own bound.
- `preempt` gets a write under way out of Stop's way without waiting for it: it may still arrive (bluez.md 5), the
  machine's own rules cope with that.
- A Stop is handed to the link in the very step that takes it from the machine core, and written down afterwards
  (`LateRecords`): a record wakes a thread that wants the interpreter.
- Where nothing is under way, that step is `preempt` itself (`begun`): the loop is not waited for, nor whatever else it
  has to do by then. A Stop behind a write that it overtakes is written before anything is made of that write.
- What may never be written on this treadmill (quirk 43) is not, whoever wants it. What only goes ahead of Stop holds up
  nothing: Stop follows whatever becomes of it.
- A write without an answer within its bound, or a link error, is the end of that link: it is made again, and Stop goes
  first on it.
"""

from __future__ import annotations

import asyncio
import contextlib

from runback.engine.eager_call import EagerCall, may_begin
from runback.engine.ports import LinkKeeper, PumpHost
from runback.engine.recorder import LateRecords, Recorder
from runback.errors import AttError, LinkError
from runback.ftms.assigned_numbers import FITNESS_MACHINE_CONTROL_POINT, STOP, short_name
from runback.link.protocol import Link
from runback.machine.client import Machine, Write
from runback.machine.quirks import VendorWrite

STOP_BOUND = 1.0
"""Seconds an ATT write of Stop may take; 20-57 ms are usual (bluez.md)."""
STOP_BEHIND = 1.25
"""The same where a write was overtaken that the machine has not answered, counted from that write: Stop waits for two
answers then, and a link that is only slow (0.6 s each) is not dropped."""
STOP_BEHIND_LEAST = 0.5
"""What is left of it where that write has hung for long."""
WRITE_BOUND = 5.0
"""Seconds any other write may take; BlueZ itself waits 30 (bluez.md 4)."""
AHEAD_BOUND = 0.3
"""Seconds that what only goes ahead of Stop may take, before Stop."""
BLIND_STOPS = 4
WRITE_NOT_PERMITTED = 0x03
"""ATT error, Core vol 3 F 3.4.1.1."""
BLIND_GAP = 0.25
"""The last resort's Stops, and the seconds between them."""


class WritePump:
    """Moves bytes from `machine` to `link`, which `keeper` keeps; `host` is asked before a write and told after it.
    `late` is settled before anything else is recorded."""

    def __init__(
        self,
        machine: Machine,
        link: Link,
        keeper: LinkKeeper,
        recorder: Recorder,
        late: LateRecords,
        host: PumpHost,
    ) -> None:
        self._machine = machine
        self._link = link
        self._keeper = keeper
        self._recorder = recorder
        self._late = late
        self._host = host
        self._due = asyncio.Event()
        self._waiting: asyncio.Task[None] | None = None
        """The task that runs the pump, while it waits for something to be due."""
        self._begun: tuple[Write, EagerCall | None] | None = None
        """A write that `preempt` has begun, for that task to go on with."""
        self._bound: asyncio.Timeout | None = None
        """The bound of the write under way."""
        self._stopping = self._overtaken = False
        """Whether the write under way is a Stop's, and whether a Stop has overtaken it."""
        self._began = 0.0
        """When the write under way, or else the last, was begun."""
        self._with_response = True
        """Whether the control point is written with response, as the machine core last had it."""
        self.writes: list[tuple[float, Write]] = []
        """Everything written, and when."""

    def wake(self) -> None:
        """Something may be due."""
        self._due.set()

    def preempt(self, now: float) -> None:
        """Stop has been latched: write it, or give up waiting for the write under way, and look again. A Stop under way
        is left alone: a person who hammers on a key must not put off the end of a link that hangs."""
        # Something else is under way: it may have left already, so it cannot be undone, only no longer waited for.
        if self._bound is not None and not self._stopping:
            self._overtaken = True
            if not self._bound.expired():  # its end is on its way to the task already, and cannot be hastened
                self._bound.reschedule(0.0)
        # Nothing is, and no task runs: the write is begun here, a round of the loop sooner than the pump would.
        elif self._waiting is not None and may_begin():
            self._begin(self._waiting, now)
        self._due.set()

    def _begin(self, task: asyncio.Task[None], now: float) -> None:
        """Hand what is due to the link now, for `task` to go on with."""
        self._waiting = None
        try:
            write = self._machine.next_write(now)
            if write is not None:
                may = self._keeper.may_write(write.uuid)
                handed = self._link.write(write.uuid, write.data, response=write.response) if may else None
                self._begun = write, None if handed is None else EagerCall(handed, task)
        except Exception:  # noqa: BLE001, S110 - Stop cannot fail: the task comes to the same, and says so
            pass

    async def run(self) -> None:
        """Write whatever becomes due, for ever."""
        try:
            while True:
                self._waiting = asyncio.current_task()
                await self._due.wait()
                self._waiting = None
                self._due.clear()
                if self._begun is not None:
                    (write, begun), self._begun = self._begun, None
                    await self._write(write, begun)
                while (next_one := self._machine.next_write(self._host.now())) is not None:
                    await self._write(next_one)
                self._host.idle()
        finally:
            self._waiting = None
            if self._begun is not None and self._begun[1] is not None:
                self._begun[1].close()

    async def last_resort_stop(self) -> None:
        """The last resort, when the machine core itself has failed: Stop, a few times, trusting nothing. What this
        treadmill wants to hear ahead of it (quirks 6, 7) goes before every other one; those between go bare, for a
        machine that does not hear what follows too soon (quirk 42)."""
        quirks, stop = self._machine.quirks, VendorWrite(FITNESS_MACHINE_CONTROL_POINT, STOP, self._with_response)
        ahead = [step.write for step in quirks.unlock] + ([] if quirks.preamble is None else [quirks.preamble])
        for number in range(BLIND_STOPS):
            for write in ahead if number % 2 == 0 else ():
                await self._write_blindly(write, AHEAD_BOUND)
                await asyncio.sleep(quirks.gap)
            await self._write_blindly(stop, STOP_BOUND)
            await asyncio.sleep(max(BLIND_GAP, quirks.gap))

    async def _write_blindly(self, write: VendorWrite, bound: float) -> None:
        # Even the last resort writes nothing that may never be written (43).
        if not self._keeper.may_write(write.uuid):
            return
        self._recorder.put(
            self._host.now(), "write", uuid=short_name(write.uuid), hex=write.data.hex(), source="safety"
        )
        with contextlib.suppress(LinkError, TimeoutError):
            async with asyncio.timeout(bound):
                await self._link.write(write.uuid, write.data, response=write.response)

    async def _write(self, write: Write, begun: EagerCall | None = None) -> None:
        if begun is None and not self._keeper.may_write(write.uuid):
            self._recorder.put(self._host.now(), "write barred", uuid=write.uuid)
            self._machine.write_refused(WRITE_NOT_PERMITTED, self._host.now())
            return
        # Asked at the last moment: control, or a hand at the console, may have taken a while since the countdown.
        if write.starts and self._host.refuses_start():
            self._machine.write_refused(WRITE_NOT_PERMITTED, self._host.now())
            return
        # How the control point is written, for the last resort, which can ask nobody any more.
        if not write.ahead:
            self._with_response = write.response
        self.writes.append((self._host.now(), write))
        self._late.write(*self.writes[-1])
        # A Stop is not recorded before it has left, and needs no failsafe: it is what that would do.
        if not write.stop:
            self._late.settle()
            self._host.before_moving_write()
        bound = self._bound_of(write)
        self._stopping, self._overtaken, self._began = write.stop, False, self._host.now()
        error: LinkError | None = None
        hung = False
        try:
            async with asyncio.timeout(bound) as self._bound:
                await (begun or self._link.write(write.uuid, write.data, response=write.response))
        except TimeoutError:
            hung = True
        except LinkError as failed:
            error = failed
        finally:
            self._bound = None
        if hung and self._overtaken:  # Stop comes first, and makes a turn of its own
            return
        self._late.settle()
        now = self._host.now()
        if not hung:
            self._answered(write, error, now)
        else:
            self._recorder.put(now, "write hung", hex=write.data.hex())
            # What only goes ahead of Stop may hang: Stop itself follows, and shows what the link is worth.
            if not (write.stop and write.ahead):
                self._keeper.lose()
        if self._machine.latch.link_unresponsive():
            self._recorder.put(now, "link useless")
            self._keeper.lose()
        self._host.turn()

    def _answered(self, write: Write, error: LinkError | None, now: float) -> None:
        if error is None:
            self._recorder.written(now, write)
        # Refused ahead of Stop is as good as taken: Stop follows either way, and the machine core has to go on to it.
        if error is None or (write.ahead and write.stop and isinstance(error, AttError)):
            self._machine.written(now)
        elif isinstance(error, AttError):
            self._keeper.refused(error)
            self._recorder.put(now, "write refused", hex=write.data.hex(), code=error.code)
            self._machine.write_refused(error.code, now)
        else:
            self._recorder.put(now, "write failed", hex=write.data.hex(), reason=str(error))
            self._keeper.lose()

    def _bound_of(self, write: Write) -> float:
        if not write.stop:
            return WRITE_BOUND
        if write.ahead:
            return AHEAD_BOUND
        if not self._overtaken:
            return STOP_BOUND
        return max(STOP_BEHIND_LEAST, STOP_BEHIND - (self._host.now() - self._began))
