"""A key's way to a treadmill behind any bluetoothd, the computer's own or one in a virtual machine, beside a bare bleak
write: what issue 11 asks of real BlueZ. The belt is started, so it wants a treadmill with nobody on it.

    DBUS_SYSTEM_BUS_ADDRESS=… python -m tests.benchmarks.on_bluez ADDRESS NAME [--samples 60] [--until taken]

ADDRESS is the treadmill's, NAME what its name begins with. A monitor on the bus (root, or a bus that lets one) sees
each WriteValue of 08 01 go to bluetoothd (`--until called`), and the answer to it come back, which is the treadmill's
ATT response (`--until taken`). Bare process and program are connected to the same treadmill, and pressed in turn: the
program in the countdown of a resume, where the belt rests. It prints n, median, p90, p95, p99 and max of both, and the
ratio of the medians, and exits with 1 if that is above 1.3.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import sys
import tempfile
import threading
import time
from pathlib import Path

from dbus_fast import BusType, Message, MessageType
from dbus_fast.aio import MessageBus

from tests.benchmarks.figures import Figure, Spread, Target
from tests.benchmarks.samples import AFTERMATH, HOW, KEY, Floor, Program
from tests.benchmarks.treadmills import Write

BLUEZ = 1.3
REST = 1.0
"""Seconds after which the belt has been seen at rest, and a stop can be let go of."""
_DBUS = "org.freedesktop.DBus"
_RULES = [
    "type='method_call',interface='org.bluez.GattCharacteristic1',member='WriteValue'",
    "type='method_return',sender='org.bluez'",
    "type='error',sender='org.bluez'",
]


class Monitor:
    """Listens on the bus, in a thread. Its writes are those `until` they were called, or taken."""

    def __init__(self, until: str) -> None:
        self._until = until
        self._writes: list[Write] = []
        self._calls: dict[tuple[str, int], tuple[str, str]] = {}
        self._news = threading.Condition()
        self._ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._listen()), daemon=True).start()
        if not self._ready.wait(10.0):
            raise TimeoutError("the bus lets nobody listen: be root, or allow eavesdropping")

    @property
    def seen(self) -> int:
        """How many writes there have been."""
        return len(self._writes)

    def first(self, address: str, data: str, seen: int, within: float) -> Write | None:
        """Wait up to `within` seconds for `data` at `address`, after the first `seen` writes."""
        deadline = time.monotonic() + within
        with self._news:
            while True:
                for write in self._writes[seen:]:
                    if write.address == address and write.data.startswith(data):
                        return write
                left = deadline - time.monotonic()
                if left <= 0:
                    return None
                self._news.wait(left)

    async def _listen(self) -> None:
        bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
        call = Message(
            destination=_DBUS,
            path="/org/freedesktop/DBus",
            interface=f"{_DBUS}.Monitoring",
            member="BecomeMonitor",
            signature="asu",
            body=[_RULES, 0],
        )
        reply = await bus.call(call)
        bus.add_message_handler(self._hear)
        if reply.message_type is not MessageType.ERROR:
            self._ready.set()
        await asyncio.Event().wait()

    def _hear(self, message: Message) -> bool:
        now = time.monotonic()
        if message.message_type is MessageType.METHOD_CALL and message.member == "WriteValue":
            device = (message.path or "").partition("/dev_")[2][:17].replace("_", ":")
            found = device, bytes(message.body[0]).hex()
            if self._until == "called":
                self._add(Write(now, *found))
            else:
                self._calls[message.sender or "", message.serial] = found
        elif message.message_type is MessageType.METHOD_RETURN:
            called = self._calls.pop((message.destination or "", message.reply_serial or 0), None)
            if called is not None:
                self._add(Write(now, *called))
        return True  # a monitor must not answer

    def _add(self, write: Write) -> None:
        with self._news:
            self._writes.append(write)
            self._news.notify_all()


def measure(options: argparse.Namespace, folder: Path) -> Figure:
    """Press in turn."""
    chance = random.Random(0)
    monitor = Monitor(options.until)
    took: list[float] = []
    floors: list[float] = []
    misses = 0
    with contextlib.ExitStack() as stack:
        floor = Floor(monitor, options.address)  # first: a scan does not find what is connected
        stack.callback(floor.close)
        program = Program(monitor, options.address, folder, named=options.name)
        stack.callback(program.close)
        program.ready()
        program.run()
        assert program.stop() is not None, program.terminal.tail
        time.sleep(options.slows)
        while len(took) < options.samples and misses <= options.samples:
            time.sleep(REST)
            program.count_down()
            floors.append(floor.sample(AFTERMATH * (1 + 2 * chance.random())))
            time.sleep(AFTERMATH * (1 + 2 * chance.random()))
            stop = program.stop(KEY)
            misses += stop is None
            took += [] if stop is None else [stop]
    end = "WriteValue on the bus" if options.until == "called" else "its ATT response on the bus"
    figure = Figure("key to Stop over this bluetoothd", HOW.replace("WriteValue 08 01 at the bench", end))
    figure.spreads = {"program": Spread.of_seconds(took), "bare bleak write": Spread.of_seconds(floors)}
    figure.facts = {"keys while the last stop was still held, not counted": misses}
    figure.targets = [Target("median, times the bare write", figure.ratio("program", "bare bleak write"), BLUEZ)]
    return figure


def main() -> None:
    parser = argparse.ArgumentParser(description="A key's way to Stop over a real bluetoothd.")
    parser.add_argument("address", type=str.upper, help="the treadmill's")
    parser.add_argument("name", help="what its name begins with")
    parser.add_argument("--samples", type=int, default=60)
    parser.add_argument("--until", choices=("taken", "called"), default="taken")
    parser.add_argument("--slows", type=float, default=10.0, help="seconds its belt takes to come to rest")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figure = measure(options, Path(folder))
    sys.stdout.write("\n".join(figure.lines()) + "\n")
    sys.exit(1 if figure.missed else 0)


if __name__ == "__main__":
    main()
