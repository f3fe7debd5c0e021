"""The whole client over real ATT bytes: a workout to its end, Stop, a lost link, and what it knows of its own twin."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from runback.devices.library import available
from runback.engine import summary
from runback.engine.headless import run_headless
from runback.engine.profile_adapter import ProfileCatalog
from runback.engine.recorder import Recorder, Sink
from runback.engine.scaled_loop import ScaledLoop
from runback.engine.session_engine import SessionEngine
from runback.engine.summary import SessionOutcome
from runback.machine.client import Machine
from runback.safety.gate import Caps, Gate
from runback.session.session import Session
from runback.simulator.faults import parse_fault
from runback.simulator.spec import MachineSpec
from runback.simulator.treadmill import Treadmill
from runback.simulator.twin import twin
from runback.workout.model import Kind, Step, Workout
from tests.support.peripheral.bumble_link import BumbleLink
from tests.support.peripheral.station_bench import on_the_air

STEPS = (Step(Kind.WALK, 60, 400), Step(Kind.RUN, 60, 800), Step(Kind.WALK, 30, 500), Step(Kind.COOL_DOWN, 20, 300))
WORKOUT = Workout("test", STEPS)
BOUND = 900.0


@dataclass
class Run:
    """One session, and what came of it."""

    treadmill: Treadmill
    engine: SessionEngine
    trace: list[dict[str, object]]
    belt: list[tuple[float, int]]

    @property
    def outcome(self) -> SessionOutcome:
        return summary.outcome(self.engine)

    @property
    def written(self) -> list[str]:
        return [each.data.hex() for each in self.treadmill.received]


def run(
    spec: MachineSpec | None = None,
    *faults: str,
    at: tuple[float, Callable[[SessionEngine], None]] | None = None,
    knows: bool = False,
    workout: Workout = WORKOUT,
) -> Run:
    """A session on virtual time; `at` is done so many seconds into it. `knows`: with the shipped profiles."""
    treadmill = Treadmill(spec, [parse_fault(text) for text in faults])
    stream = io.StringIO()
    belt: list[tuple[float, int]] = []

    async def main() -> SessionEngine:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(BOUND), on_the_air(treadmill, name=treadmill.spec.name) as (ether, _):
            catalog = ProfileCatalog(available(None)) if knows else None
            machine = Machine(Gate(Caps()))
            recorder = Recorder(Sink(stream, everything=True))
            engine = SessionEngine(Session(workout), machine, BumbleLink(ether), recorder, catalog)
            if at is not None:
                loop.call_at(at[0], at[1], engine)
            looking = loop.create_task(look())
            await run_headless(engine, lambda _: None)
            looking.cancel()
            await asyncio.wait({looking})
            belt.append((loop.time(), treadmill.belt_speed(loop.time())))
            return engine

    async def look() -> None:
        while True:
            now = asyncio.get_running_loop().time()
            belt.append((now, treadmill.belt_speed(now)))
            await asyncio.sleep(0.5)

    with asyncio.Runner(loop_factory=ScaledLoop) as runner:
        engine = runner.run(main())
    return Run(treadmill, engine, [json.loads(line) for line in stream.getvalue().splitlines()], belt)


@pytest.mark.full
def test_a_whole_workout_runs_to_its_end_at_its_speeds() -> None:
    done = run()
    assert done.outcome is SessionOutcome.COMPLETED
    steps = [float(str(one["t"])) for one in done.trace if one["event"] == "step"]
    assert len(steps) == 4
    for began, step in zip(steps, STEPS, strict=True):
        late = [speed for at, speed in done.belt if began + step.duration - 10 <= at <= began + step.duration - 1]
        assert set(late) == {step.speed}
    assert done.written.count("07") == 1
    assert done.written[-1] == "0801"
    assert done.belt[-1][1] == 0


@pytest.mark.full
def test_stop_in_the_middle_of_it_is_stop_at_once_and_nothing_after_it() -> None:
    stopped = run(at=(100.0, lambda engine: engine.stop()))
    assert stopped.outcome is SessionOutcome.STOPPED
    last = stopped.treadmill.received[-1]
    assert last.data.hex() == "0801"
    assert 0 <= last.at - 100.0 < 0.1
    assert stopped.belt[-1][1] == 0
    assert stopped.belt[-1][0] < 110


@pytest.mark.full
@pytest.mark.parametrize("fault", ["hung-write@60", "lost-indication@60", "late-indication@60:5", "att-error@60"])
def test_stop_gets_through_whatever_befell_the_write_before(fault: str) -> None:
    stopped = run(None, fault, at=(100.0, lambda engine: engine.stop()))
    assert stopped.outcome is SessionOutcome.STOPPED
    assert stopped.belt[-1][1] == 0
    assert "0801" in stopped.written


def test_a_lost_link_is_an_alarm_until_it_is_back_and_stop_is_the_first_thing_on_it() -> None:
    lost = run(None, "link-loss@60+20", at=(70.0, lambda engine: engine.stop()))
    assert lost.belt[-1][1] == 0
    after = [each.data.hex() for each in lost.treadmill.received if each.at > 60]
    assert after[0] in ("00", "0801")
    assert "0801" in after
    assert {"00", "0801"} >= set(after)


@pytest.mark.full
def test_the_simulator_has_a_profile_of_its_own_which_the_client_finds() -> None:
    done = run(knows=True)
    assert done.outcome is SessionOutcome.COMPLETED
    assert [one["name"] for one in done.trace if one["event"] == "profile"] == ["runback-simulator"]


@pytest.mark.full
@pytest.mark.parametrize("name", ["urevo-e1l", "walkingpad-z1", "yesoul-w2-pro", "horizon-omega-z", "trx3500"])
def test_a_twin_on_the_air_is_recognised_and_driven_as_its_profile_says(name: str) -> None:
    (profile,) = [entry.profile for entry in available(None) if entry.name == name]
    assert profile is not None
    walk = Workout("test", (Step(Kind.WALK, 60, 400), Step(Kind.RUN, 30, 600)))
    done = run(twin(profile), knows=True, workout=walk)
    assert [one["name"] for one in done.trace if one["event"] == "profile"] == [name]
    assert done.outcome is SessionOutcome.COMPLETED
    assert abs(max(speed for _, speed in done.belt) - 600) <= 20
    assert done.belt[-1][1] == 0
