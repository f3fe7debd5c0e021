"""The pump: the only caller of `link.write`.

Rules:
- It writes what the machine core says is due, one write at a time, each under its own bound.
- `overtake` gets a write under way out of Stop's way without waiting for it: it may still arrive (bluez.md 5), the
  machine's own rules cope with that.
- A Stop is handed to the link in the very step that takes it from the machine core, and written down afterwards
  (`tell`): a record wakes a thread that wants the interpreter.
- A write without an answer within its bound, or a link error, is the end of that link: `lost` is told, and on the new
  one Stop goes first.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from runback.errors import AttError, LinkError
from runback.ftms.assigned import FITNESS_MACHINE_CONTROL_POINT, STOP
from runback.keeper.recorder import Recorder
from runback.link.protocol import Link
from runback.machine.core import Machine, Write

STOP_BOUND = 1.0
"""Seconds an ATT write of Stop may take; 20-57 ms are usual (bluez.md)."""
WRITE_BOUND = 5.0
"""Seconds any other write may take; BlueZ itself waits 30 (bluez.md 4)."""
BLIND_STOPS = 4
BLIND_GAP = 0.25
"""The last resort's Stops, and the seconds between them."""


class Pump:
    """Moves octets from `machine` to `link`. `now` is the clock, `turn` is called after each write, `idle` once
    nothing more is due, `lost` when the link is no good any more."""

    def __init__(
        self,
        machine: Machine,
        link: Link,
        recorder: Recorder,
        *,
        now: Callable[[], float],
        turn: Callable[[], None],
        idle: Callable[[], None],
        lost: Callable[[], None],
    ) -> None:
        self._machine = machine
        self._link = link
        self._recorder = recorder
        self._now = now
        self._turn = turn
        self._idle = idle
        self._lost = lost
        self._due = asyncio.Event()
        self._bound: asyncio.Timeout | None = None
        """The bound of the write under way."""
        self._stopping = self._overtaken = False
        """Whether the write under way is a Stop's, and whether a Stop has overtaken it."""
        self._untold: list[tuple[float, Write]] = []
        self.touches: Callable[[], None] = lambda: None
        """Called before every write that may move the belt."""
        self.writes: list[tuple[float, Write]] = []
        """Everything written, and when."""

    def wake(self) -> None:
        """Something may be due."""
        self._due.set()

    def overtake(self) -> None:
        """Stop has been latched: give up waiting for the write under way, and look again. A Stop under way is left
        alone: a person who hammers on a key must not put off the end of a link that hangs."""
        if self._bound is not None and not self._stopping:
            self._overtaken = True
            self._bound.reschedule(0.0)
        self._due.set()

    def tell(self) -> None:
        """Write down what has been written to the treadmill, before anything that came of it."""
        untold, self._untold = self._untold, []
        for at, write in untold:
            self._recorder.write(at, write)

    async def run(self) -> None:
        """Write whatever becomes due, for ever."""
        while True:
            await self._due.wait()
            self._due.clear()
            while (write := self._machine.next_write(self._now())) is not None:
                await self._write(write)
            self._idle()

    async def stop_blindly(self) -> None:
        """The last resort, when the machine core itself has failed: Stop, a few times, trusting nothing."""
        for _ in range(BLIND_STOPS):
            self._recorder.put(self._now(), "write", uuid="2AD9", hex=STOP.hex(), source="safety")
            with contextlib.suppress(LinkError, TimeoutError):
                async with asyncio.timeout(STOP_BOUND):
                    await self._link.write(FITNESS_MACHINE_CONTROL_POINT, STOP, response=True)
            await asyncio.sleep(BLIND_GAP)

    async def _write(self, write: Write) -> None:
        self.writes.append((self._now(), write))
        self._untold.append(self.writes[-1])
        if not write.stop:
            self.tell()
            self.touches()
        self._stopping, self._overtaken = write.stop, False
        error: LinkError | None = None
        hung = False
        try:
            async with asyncio.timeout(STOP_BOUND if write.stop else WRITE_BOUND) as self._bound:
                await self._link.write(write.uuid, write.data, response=write.response)
        except TimeoutError:
            hung = True
        except LinkError as failed:
            error = failed
        finally:
            self._bound = None
        self.tell()
        now = self._now()
        if not hung:
            self._answered(write, error, now)
        elif not self._overtaken:
            self._recorder.put(now, "write hung", hex=write.data.hex())
            self._lost()
        if self._machine.latch.useless():
            self._recorder.put(now, "link useless")
            self._lost()
        self._turn()

    def _answered(self, write: Write, error: LinkError | None, now: float) -> None:
        if error is None:
            self._machine.written(now)
        elif isinstance(error, AttError):
            self._recorder.put(now, "write refused", hex=write.data.hex(), code=error.code)
            self._machine.write_refused(error.code, now)
        else:
            self._recorder.put(now, "write failed", hex=write.data.hex(), reason=str(error))
            self._lost()
