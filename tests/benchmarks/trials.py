"""One trial each: a person holds a speed key down, and stops at a random moment. On virtual time, over `BusyLink`."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from runback.engine.recorder import Recorder
from runback.engine.scaled_loop import ScaledLoop
from runback.engine.session_engine import SessionEngine
from runback.errors import AttError
from runback.link.memory import MemoryLink, Radio
from runback.machine.client import Machine
from runback.safety.gate import Caps, Gate
from runback.session.model import Intent, Phase
from runback.session.session import Session
from runback.simulator.spec import MachineSpec
from runback.simulator.treadmill import Treadmill
from runback.workout.model import Kind, Step, Workout
from tests.benchmarks.busy_link import RETRY, BusyLink

CONTROL_POINT = "00002ad9-0000-1000-8000-00805f9b34fb"
STOP = bytes.fromhex("0801")
SET_SPEED = 0x02
SUCCESS = 0x01
BUSY = 0xFE
"""The machine's own "procedure already in progress"; even the naive client tries again."""
KEY_REPEAT = 1 / 30
FAST = Workout("fast", (Step(Kind.RUN, 3600.0, 1200),))
AFTERWARDS = 3.0
"""Seconds watched after Stop has been asked for."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What went out to the treadmill. `delay` s from Stop asked for to its bytes leaving, `taken` s to a Stop that was
    carried out (None: never), `response` s its ATT response takes, `before` and `stale`: speed writes before Stop and
    after it."""

    delay: float
    taken: float | None
    response: float
    before: int
    stale: int


def machine_of(chance: random.Random) -> Treadmill:
    """A treadmill whose answers take as long as real ones do, or longer."""
    response = chance.choice((0.01, 0.03, 0.06, 0.15, 0.4)) * (0.5 + chance.random())
    return Treadmill(MachineSpec(write_latency=response, response_latency=0.04 * chance.random()))


def run(trial: Callable[[BusyLink, random.Random], Awaitable[float]], seed: int) -> Outcome:
    """Run `trial`, which returns when Stop was asked for."""
    chance = random.Random(seed)
    treadmill = machine_of(chance)
    link = BusyLink(MemoryLink(Radio(treadmill)))

    async def main() -> float:
        return await trial(link, chance)

    with asyncio.Runner(loop_factory=ScaledLoop) as runner:
        asked = runner.run(main())
    first = next(number for number, (_, data) in enumerate(link.sent) if data == STOP)
    return Outcome(
        link.sent[first][0] - asked,
        next((each.at - asked for each in treadmill.received if each.data == STOP and each.result == SUCCESS), None),
        treadmill.spec.write_latency,
        sum(data[0] == SET_SPEED for _, data in link.sent[:first]),
        sum(data[0] == SET_SPEED for _, data in link.sent[first:]),
    )


async def ours(link: BusyLink, chance: random.Random, *, keys: bool = True) -> float:
    """The program: session, engine, machine core without its pause between writes, so that speeds saturate."""
    loop = asyncio.get_running_loop()
    machine = Machine(Gate(Caps()), gap=0.0)
    engine = SessionEngine(Session(FAST), machine, link, Recorder())
    running = loop.create_task(engine.run())
    await engine.connection.ready.wait()
    while engine.session.phase is not Phase.RUNNING:
        if engine.session.phase is Phase.READY:
            engine.ask(Intent.START)
        await asyncio.sleep(0.5)
    await asyncio.sleep(10.0 + chance.random())
    until = loop.time() + 0.2 + 1.3 * chance.random()
    while keys and loop.time() + KEY_REPEAT < until:
        engine.ask(Intent.SLOWER)
        await asyncio.sleep(KEY_REPEAT)
    await asyncio.sleep(until - loop.time())
    asked = loop.time()
    engine.stop()
    for _ in range(chance.randrange(3) if keys else 0):
        await asyncio.sleep(KEY_REPEAT)
        engine.ask(Intent.SLOWER)  # the key is still held down
    await asyncio.sleep(AFTERWARDS)
    engine.over.set()
    await running
    return asked


async def idle(link: BusyLink, chance: random.Random) -> float:
    """The program, with nothing else to write."""
    return await ours(link, chance, keys=False)


class Nobody:
    """Does not listen."""

    def notified(self, uuid: str, data: bytes) -> None:
        """Not of interest."""

    def lost(self, reason: str) -> None:
        """Not of interest."""


async def naive(link: BusyLink, chance: random.Random) -> float:
    """The control: what is easily written. Every key is a task that writes, Stop is one more; no lock, no latch."""
    loop = asyncio.get_running_loop()
    await link.connect(Nobody())
    await link.subscribe(CONTROL_POINT)

    async def write(octets: bytes) -> None:
        while True:
            try:
                return await link.write(CONTROL_POINT, octets, response=True)
            except AttError as error:
                if error.code != BUSY:
                    raise
            await asyncio.sleep(RETRY)

    for octets in ("00", "07", "02b004"):
        await write(bytes.fromhex(octets))
        await asyncio.sleep(4.0)
    await asyncio.sleep(10.0 + chance.random())
    speed, tasks = 1200, []
    until = loop.time() + 0.2 + 1.3 * chance.random()
    while loop.time() + KEY_REPEAT < until:
        speed -= 10
        tasks.append(loop.create_task(write(bytes([SET_SPEED]) + speed.to_bytes(2, "little"))))
        await asyncio.sleep(KEY_REPEAT)
    await asyncio.sleep(until - loop.time())
    asked = loop.time()
    tasks.append(loop.create_task(write(STOP)))
    await asyncio.wait(tasks)
    await link.disconnect()
    return asked
