"""A commissioning from end to end on virtual time: session, engine, machine core, link and a simulated treadmill.

What is judged is what reached the treadmill, and what its own belt did.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from runback.commissioning import profile as profiles
from runback.commissioning.procedure import Procedure
from runback.commissioning.report import RecordedLine as Record
from runback.commissioning.report import Value
from runback.commissioning.session import Commissioning
from runback.commissioning.stages import CommissioningStage
from runback.devices.library import find
from runback.devices.profile import SHIPPED, Profile, ProfileEntry
from runback.devices.quirk_values import WireUnit
from runback.engine import commission_runner, summary
from runback.engine.headless import run_headless
from runback.engine.profile_adapter import ProfileCatalog
from runback.engine.recorder import Recorder, Sink
from runback.engine.scaled_loop import ScaledLoop
from runback.engine.session_engine import SessionEngine
from runback.errors import DeviceError
from runback.link.memory import MemoryLink, Radio
from runback.machine.client import Machine
from runback.safety.gate import Gate
from runback.session.session import Session
from runback.simulator.faults import parse_fault
from runback.simulator.spec import MachineSpec
from runback.simulator.treadmill import Treadmill
from runback.simulator.twin import twin
from runback.workout.model import Workout

GENERIC = find("generic", None)
STRANGER = ProfileCatalog([ProfileEntry("generic", SHIPPED, GENERIC)], "generic")
"""The client knows nothing of the machine."""
BOUND = 2000.0
"""Virtual seconds after which a run that has not ended is a failure."""
LOOK = 0.1


def knowing(profile: Profile) -> ProfileCatalog:
    """The client takes the machine for what it is."""
    return ProfileCatalog([ProfileEntry(profile.name, SHIPPED, profile)], profile.name)


@dataclass
class Run:
    """One commissioning, with somebody who gives every word, and says that the display shows `display`."""

    spec: MachineSpec = field(default_factory=MachineSpec)
    catalog: ProfileCatalog = STRANGER
    display: str = "0.8"
    faults: tuple[str, ...] = ()
    when: Mapping[CommissioningStage, Callable[[Run], object]] = field(default_factory=dict)
    """What happens as soon as a stage is under way."""
    belt: list[tuple[float, int]] = field(default_factory=list)
    refused: DeviceError | None = None
    records: list[Record] = field(default_factory=list)
    outcome: summary.SessionOutcome | None = None
    high: int = 0
    units: tuple[WireUnit, WireUnit] = (WireUnit.KMH, WireUnit.KMH)

    def go(self) -> Run:
        """Run it to its end."""
        self.treadmill = Treadmill(self.spec, [parse_fault(text) for text in self.faults])
        self.radio = Radio(self.treadmill)
        self.commissioning = Commissioning()
        self.session = self.commissioning.session
        self.stream = io.StringIO()
        with asyncio.Runner(loop_factory=ScaledLoop) as runner:
            runner.run(self._main())
        return self

    async def _main(self) -> None:
        recorder = Recorder(Sink(self.stream, everything=True), listener=self._hear)
        self.engine = SessionEngine(
            self.session,
            Machine(Gate()),
            MemoryLink(self.radio),
            recorder,
            self.catalog,
            port=self.commissioning,
        )
        async with asyncio.timeout(BOUND), asyncio.TaskGroup() as group:
            watching = group.create_task(self._watch())
            try:
                await commission_runner.run_alone(self.engine, self.commissioning, self.display)
            except* DeviceError as errors:
                (self.refused,) = [error for error in errors.exceptions if isinstance(error, DeviceError)]
            watching.cancel()
        now = self.engine.now()
        self.belt.append((now, self.treadmill.belt_speed(now)))
        self.outcome = summary.outcome(self.engine)
        machine = self.engine.machine
        self.high = machine.speed.grid.high
        self.units = WireUnit(machine.units.write.value), WireUnit(machine.units.read.value)

    def _hear(self, t: float, event: str, fields: Mapping[str, Value]) -> None:
        self.records.append((t, event, dict(fields)))

    async def _watch(self) -> None:
        """Look at the belt itself, and let happen what happens in each stage."""
        left = dict(self.when)
        while True:
            now = asyncio.get_running_loop().time()
            self.belt.append((now, self.treadmill.belt_speed(now)))
            act = left.pop(self.procedure.stage, None) if self._under_way else None
            if act is not None:
                act(self)
                self.radio.wake()
            await asyncio.sleep(LOOK)

    @property
    def _under_way(self) -> bool:
        """START counts from the countdown on, STOP AGAIN while the belt still moves."""
        return self.procedure.stage is not CommissioningStage.START or self.session.phase not in ("ready", "ending")

    # -- what came of it -----------------------------------------------------------------------------------------------

    @property
    def procedure(self) -> Procedure:
        return self.commissioning.procedure

    @property
    def through(self) -> bool:
        """Whether it was seen through."""
        return self.procedure.over and self.procedure.why is None

    @property
    def written(self) -> list[str]:
        """Everything written, in hexadecimal."""
        return [write.data.hex() for _, write in self.engine.writes]

    @property
    def targets(self) -> list[int]:
        """The target speeds that were written, as on the wire."""
        return [int.from_bytes(write.data[1:], "little") for _, write in self.engine.writes if write.data[:1] == b"\2"]

    def profile(self, base: Profile = GENERIC) -> Profile | None:
        """The profile that is made of it."""
        found = self.engine.connection.found
        if found is None:
            return None
        seen = profiles.Circumstances("2026-11-25", self.high, *self.units)
        return profiles.profile(base, found.identity, self.procedure.findings, seen, ())

    def trace(self) -> list[dict[str, object]]:
        """Every record."""
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


def judge(run: Run) -> None:
    """What must be true of every commissioning, whatever the machine and whatever happens."""
    ends_at_rest_or_in_alarm(run)
    nothing_faster_than_one_step_is_asked_for(run)
    start_is_sent_once_after_an_answered_stop_a_word_and_a_countdown(run)
    after_the_end_there_is_only_stop(run)


def ends_at_rest_or_in_alarm(run: Run) -> None:
    assert run.belt[-1][1] == 0 or run.outcome is summary.SessionOutcome.ALARM, run.belt[-1]


def nothing_faster_than_one_step_is_asked_for(run: Run) -> None:
    bounds = run.procedure.findings.bounds
    assert all(target <= bounds.top for target in run.targets) if bounds else not run.targets


def start_is_sent_once_after_an_answered_stop_a_word_and_a_countdown(run: Run) -> None:
    starts = [at for at, write in run.engine.writes if write.data == b"\x07"]
    events = run.trace()
    answered = [float(str(event["t"])) for event in events if event.get("signal") == "stop answered"]
    words = [float(str(event["t"])) for event in events if event.get("ask") == "start"]
    fed = run.engine.machine.quirks.keepalive is not None
    assert len(starts) <= 1 or fed
    for at in starts[:1]:
        assert answered
        assert answered[0] <= at
        assert len(words) == 2
        assert at >= words[1] + 9.9


def after_the_end_there_is_only_stop(run: Run) -> None:
    phases = [event for event in run.trace() if event["event"] == "phase"]
    ended = [float(str(event["t"])) for event in phases if event["phase"] == "stopped"]
    for at, write in run.engine.writes:
        assert write.stop or not ended or at <= ended[0], (at, write)


def workout_on(spec: MachineSpec, profile: Profile, workout: Workout) -> Session:
    """A session of `workout` on that machine, with `profile` to be matched as a person's own."""
    session = Session(workout)
    catalog = ProfileCatalog(
        [ProfileEntry(profile.name, "own.toml", profile), ProfileEntry("generic", SHIPPED, GENERIC)], strangers=False
    )

    async def main() -> None:
        link = MemoryLink(Radio(Treadmill(spec)))
        await run_headless(SessionEngine(session, Machine(Gate()), link, Recorder(), catalog), lambda _: None)

    with asyncio.Runner(loop_factory=ScaledLoop) as runner:
        runner.run(main())
    return session


def twin_of(name: str) -> MachineSpec:
    """The twin of a profile that comes with runback."""
    return twin(find(name, None))
