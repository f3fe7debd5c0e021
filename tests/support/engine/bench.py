"""The whole line on virtual time: person, session, engine, machine core, link and simulated treadmill, with a witness.

What is judged is what was written down: the recorder's trace, what the simulator received, and what its belt did.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from runback.engine import summary
from runback.engine.headless import run_headless
from runback.engine.ports import Companion, EnginePort, Failsafe
from runback.engine.profile_adapter import ProfileCatalog
from runback.engine.publisher import CueHandler
from runback.engine.ramp_store import RampStore
from runback.engine.recorder import Recorder, Sink
from runback.engine.scaled_loop import ScaledLoop
from runback.engine.session_engine import SessionEngine
from runback.engine.session_runner import PERSIST, check_range, run_beside
from runback.failsafe.heartbeat import SuspendDetector
from runback.link.memory import MemoryLink, Radio
from runback.link.protocol import AdvertisedIdentity, LinkListener, Services
from runback.machine.client import Machine
from runback.safety.gate import Caps, Gate
from runback.session.model import CountFrom, Intent, Phase
from runback.session.session import Session
from runback.simulator.faults import parse_fault
from runback.simulator.spec import MachineSpec
from runback.simulator.treadmill import Treadmill
from runback.workout.model import Kind, Step, Workout

Record = dict[str, object]
LOOK = 0.25
"""Seconds between two looks at the belt."""
WARM_UP, RUN, WALK, COOL_DOWN, FREE = Kind.WARM_UP, Kind.RUN, Kind.WALK, Kind.COOL_DOWN, Kind.FREE
SHORT = (Step(WALK, 12, 400), Step(RUN, 15, 700), Step(WALK, 10, 450))


def plan(*steps: Step) -> Workout:
    """A workout of `steps`."""
    return Workout("test", steps or SHORT)


class WatchedLoop(ScaledLoop):
    """The jumping loop, which gives up when time no longer moves: on it nothing else could end a busy loop."""

    _stood_at = 0.0
    _looks = 0

    def time(self) -> float:
        now = super().time()
        self._looks = self._looks + 1 if now == self._stood_at else 0
        self._stood_at = now
        if self._looks > 100_000:
            self._looks = 0
            raise RuntimeError(f"the program turns and turns at {now}")
        return now


class Witness:
    """A link that notes when each write was handed to it, and passes everything on."""

    def __init__(self, link: MemoryLink) -> None:
        self._link = link
        self.letting_go = 0.0
        """Seconds that the end of the link takes, in which nothing is heard any more (2 s on BlueZ; bluez.md 9)."""
        self.writes: list[tuple[float, str]] = []
        self.connected_at: list[float] = []

    @property
    def name(self) -> str:
        return self._link.name

    @property
    def shown(self) -> AdvertisedIdentity:
        return self._link.shown

    async def connect(self, listener: LinkListener) -> Services:
        services = await self._link.connect(listener)
        self.connected_at.append(asyncio.get_running_loop().time())
        return services

    async def subscribe(self, uuid: str) -> None:
        await self._link.subscribe(uuid)

    async def read(self, uuid: str) -> bytes:
        return await self._link.read(uuid)

    async def write(self, uuid: str, data: bytes, *, response: bool) -> None:
        self.writes.append((asyncio.get_running_loop().time(), data.hex()))
        await self._link.write(uuid, data, response=response)

    async def disconnect(self) -> None:
        await self._link.disconnect()
        await asyncio.sleep(self.letting_go)


def number(record: Record, key: str) -> float:
    """A number out of a line of the trace."""
    value = record[key]
    assert isinstance(value, (int, float)), record
    return float(value)


@dataclass
class Line:
    """One run of everything, and all that was seen of it."""

    workout: Workout
    faults: tuple[str, ...] = ()
    spec: MachineSpec | None = None
    catalog: ProfileCatalog | None = None
    """What the client knows of treadmills; None: nothing, and it expects nothing."""
    count_from: CountFrom = CountFrom.COMMAND
    ramps: RampStore | None = None
    bound: float = 600.0
    """Virtual seconds after which a run that has not ended is a failure."""
    loop: type[WatchedLoop] = WatchedLoop
    belt: list[tuple[float, int]] = field(default_factory=list)
    console: list[tuple[float, int]] = field(default_factory=list)
    """Speeds set at the machine, and when."""
    outcome: summary.SessionOutcome | None = None
    summary: Record = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    text: str = ""
    ended_at: float = 0.0

    def __post_init__(self) -> None:
        self.treadmill = Treadmill(self.spec, [parse_fault(text) for text in self.faults])
        self.radio = Radio(self.treadmill)
        self.link = Witness(MemoryLink(self.radio))
        self.stream = io.StringIO()
        self.recorder = Recorder(Sink(self.stream, everything=True))
        self.machine = Machine(Gate(Caps()))
        self.session = Session(self.workout, count_from=self.count_from)
        self.equipped()

    def equipped(
        self,
        *,
        recorder: Recorder | None = None,
        cues: CueHandler | None = None,
        companion: Callable[[EnginePort], Companion] | None = None,
        suspend_detector: SuspendDetector | None = None,
        failsafe: Failsafe | None = None,
    ) -> Line:
        """The same, not run yet, with what a session may have beside it."""
        self.engine = SessionEngine(
            self.session,
            self.machine,
            self.link,
            recorder or self.recorder,
            self.catalog,
            ramps=self.ramps,
            cues=lambda _: cues,
            companion=companion,
            suspend_detector=suspend_detector,
            failsafe=failsafe,
        )
        return self

    # -- running ---------------------------------------------------------------------------------------------

    def headless(self, *script: tuple[float, Callable[[Line], object]]) -> Line:
        """Run with nobody there; `script` says what happens at the machine, and when."""
        return self.run(lambda: run_headless(self.engine, lambda _: None), script)

    def attended(
        self, *script: tuple[float, Callable[[Line], object]], until: float = 120.0, start: bool = True
    ) -> Line:
        """Run with a person who starts as soon as it is possible, does `script`, and has had enough at `until`."""
        return self.run(lambda: self._attended(until, start=start), script)

    def run(self, run: Callable[[], object], script: Iterable[tuple[float, Callable[[Line], object]]] = ()) -> Line:
        """Run `run` to its end, while `script` and the witness do theirs."""

        async def main() -> None:
            loop = asyncio.get_running_loop()
            for at, act in script:
                loop.call_at(at, self._act, act)
            looking = loop.create_task(self._look())
            try:
                async with asyncio.timeout(self.bound):
                    running = run()
                    assert asyncio.iscoroutine(running)
                    await running
            finally:
                looking.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await looking
            self._ended()

        with asyncio.Runner(loop_factory=self.loop) as runner:
            runner.run(main())
        return self

    def _ended(self) -> None:
        self.ended_at = self.engine.now()
        self.belt.append((self.ended_at, self.treadmill.belt_speed(self.ended_at)))
        self.outcome = summary.outcome(self.engine)
        self.summary = json.loads(json.dumps(summary.summary(self.engine)))
        self.lines = summary.lines(self.engine)
        self.text = self.stream.getvalue()

    def _act(self, act: Callable[[Line], object]) -> None:
        act(self)
        self.radio.wake()

    async def _look(self) -> None:
        while True:
            now = asyncio.get_running_loop().time()
            self.belt.append((now, self.treadmill.belt_speed(now)))
            await asyncio.sleep(LOOK)

    async def _attended(self, until: float, *, start: bool) -> None:
        await run_beside(self.engine, None, self._person(until, start=start))

    async def _person(self, until: float, *, start: bool) -> None:
        engine, latch = self.engine, self.machine.latch
        await engine.connection.ready.wait()
        check_range(engine)
        if start:
            engine.ask(Intent.START)
        await self._until(lambda: engine.now() >= until or self.session.phase is Phase.COMPLETED)
        if not engine.at_rest() and not latch.latched:
            engine.stop("had enough")
        enough = engine.now() + PERSIST
        await self._until(lambda: engine.now() >= enough or engine.at_rest())
        engine.over.set()

    @staticmethod
    async def _until(met: Callable[[], bool]) -> None:
        """People look twice a second."""
        while not met():  # noqa: ASYNC110 - a person is no event
            await asyncio.sleep(0.5)

    # -- reading what was written down -----------------------------------------------------------------------

    @property
    def trace(self) -> list[Record]:
        """Every record, in the order of the file."""
        return [json.loads(line) for line in self.text.splitlines()]

    def events(self, *kinds: str) -> list[Record]:
        """Only records of `kinds`."""
        return [record for record in self.trace if record["event"] in kinds]

    def written(self) -> list[tuple[float, str]]:
        """Everything given to the link: when, and what."""
        return self.link.writes

    def belt_between(self, begin: float, end: float) -> list[int]:
        """What the belt did."""
        return [speed for at, speed in self.belt if begin <= at <= end]

    @property
    def rested(self) -> bool:
        """Whether the belt really stands still at the end."""
        return self.belt[-1][1] == 0


def asks(ask: Intent) -> Callable[[Line], object]:
    """The person asks."""
    return lambda line: line.engine.ask(ask)


def console_speed(speed: int) -> Callable[[Line], object]:
    """Somebody sets a speed at the machine."""

    def set_it(line: Line) -> None:
        now = line.engine.now()
        line.console.append((now, speed))
        line.treadmill.buttons.set_speed(now, speed)

    return set_it


def stops(line: Line) -> None:
    """The person stops."""
    line.engine.stop()
