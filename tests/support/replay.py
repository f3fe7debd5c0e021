"""A session recorded on the simulated treadmill, and the same played back: both on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from runback.engine import summary
from runback.engine.headless import run_headless
from runback.engine.recorder import Recorder
from runback.engine.scaled_loop import ScaledLoop
from runback.engine.session_engine import SessionEngine
from runback.engine.session_runner import check_range, run_beside, tell_each_second
from runback.failsafe.safeguard import Missing
from runback.journal.model import Event, Packet, SessionRecord
from runback.journal.queries import story
from runback.journal.recording import record
from runback.link.memory import MemoryLink, Radio
from runback.machine.client import Machine
from runback.replay.comparison import Comparison, Divergence
from runback.replay.playback import Playback, play
from runback.replay.script import Script
from runback.replay.script_builder import script
from runback.safety.gate import Caps, Gate
from runback.session.model import CountFrom, Intent
from runback.session.session import Session
from runback.simulator.faults import parse_fault
from runback.simulator.spec import MachineSpec
from runback.simulator.treadmill import Treadmill
from runback.workout.model import Kind, Step, Workout

WORKOUT = Workout("test", (Step(Kind.WALK, 12, 400), Step(Kind.RUN, 15, 700), Step(Kind.WALK, 10, 450)))
BEGAN = datetime(2026, 3, 1, 18, tzinfo=UTC)
Press = tuple[float, Intent]
Happened = tuple[float, str, dict[str, object]]


def keep(
    path: Path,
    *faults: str,
    presses: Sequence[Press] | None = None,
    workout: Workout = WORKOUT,
    cap: int | None = None,
    count_from: CountFrom = CountFrom.COMMAND,
    period: float = 1.0,
    guarded_until: float | None = None,
) -> SessionRecord:
    """Run `workout` on the simulated treadmill with `faults`, kept in the journal at `path`. `presses` are what a
    person asks for and when, the session ending with the last; without them nobody is there. `cap` is
    their own, `period` the seconds between two of the treadmill's records. From `guarded_until` on something is missing
    that a start needs."""
    recording = record(path, workout, lambda: BEGAN, simulated=True, program="0.1.0")
    recorder = Recorder(listener=recording.put)

    async def session() -> None:
        treadmill = Treadmill(
            MachineSpec(jitter=0.03, seed=3, telemetry_period=period), [parse_fault(text) for text in faults]
        )
        link = MemoryLink(Radio(treadmill))
        session = Session(workout, count_from=count_from)
        engine = SessionEngine(session, Machine(Gate(Caps(person=cap))), link, recorder)
        if guarded_until is not None:
            _let_go_missing(engine, guarded_until)
        if cap is not None:
            recorder.put(engine.now(), "cap", person_kmh=cap / 100)
        if presses is None:
            await run_headless(engine)
        else:
            await run_beside(engine, None, _person(engine, presses), tell_each_second(engine))
        recorder.put(engine.now(), "summary", **summary.summary(engine))

    _virtually(session)
    recording.close()
    assert recording.failed is None
    return story(path, "last")


def _let_go_missing(engine: SessionEngine, at: float) -> None:
    def missing() -> Missing | None:
        return None if engine.now() < at else Missing("the guard has died")

    engine.start_condition.needs(missing)
    asyncio.get_running_loop().call_at(at, engine.reconsider_start)


async def _person(engine: SessionEngine, presses: Sequence[Press]) -> None:
    await engine.connection.ready.wait()
    check_range(engine)
    began = engine.now()
    for at, ask in presses:
        await asyncio.sleep(began + at - engine.now())
        engine.ask(ask)
    engine.over.set()


def _virtually(what: Callable[[], object]) -> None:
    async def main() -> None:
        made = what()
        assert asyncio.iscoroutine(made)
        await made

    with asyncio.Runner(loop_factory=ScaledLoop) as runner:
        runner.run(main())


@dataclass
class Played:
    """What a replay made of a script."""

    script: Script
    happened: list[Happened] = field(default_factory=list)
    divergences: tuple[Divergence, ...] = ()
    outcome: str = ""
    zero: float = 0.0
    whole: bool = False

    def writes(self) -> list[tuple[int, str, str]]:
        """Time (ms), bytes and source of each write."""
        return [
            (self._at(t), str(fields["hex"]), str(fields["source"]))
            for t, word, fields in self.happened
            if word == "write"
        ]

    def phases(self) -> list[tuple[int, str]]:
        """Time (ms) and name of each phase."""
        return [(self._at(t), str(fields["phase"])) for t, word, fields in self.happened if word == "phase"]

    def told(self, word: str, key: str) -> list[object]:
        """The field `key` of each event `word`."""
        return [fields[key] for _, each, fields in self.happened if each == word]

    def _at(self, t: float) -> int:
        return round((t - self.zero) * 1000)


def replay(kept: SessionRecord, during: Callable[[Playback], None] | None = None) -> Played:
    """Play `kept`; `during` is done to the playback 12 s after its beginning."""
    played = Played(script(kept))
    comparison = Comparison(played.script)

    def hear(t: float, word: str, fields: Mapping[str, object]) -> None:
        comparison.hear(t, word, fields)
        played.happened.append((t, word, dict(fields)))

    def began(zero: float) -> None:
        played.zero = comparison.zero = zero

    async def main() -> None:
        playback = Playback(played.script, Recorder(listener=hear), began)
        if during is not None:
            asyncio.get_running_loop().call_later(12.0, during, playback)
        await play(playback)
        played.outcome, played.whole = summary.outcome(playback.engine).value, playback.played

    _virtually(main)
    played.divergences = comparison.divergences()
    return played


def recorded_writes(kept: SessionRecord) -> list[tuple[int, str, str]]:
    """Time (ms), bytes and source of each write of the record."""
    return [(each.at, each.data.hex(), each.source) for each in kept.octets if each.source is not None]


def recorded_phases(kept: SessionRecord) -> list[tuple[int, str]]:
    """Time (ms) and name of each phase of the record."""
    return [(event.at, str(event.fields["phase"])) for event in kept.events if event.word == "phase"]


def altered(
    kept: SessionRecord,
    change: Callable[[Event], Event | None],
    octets: Callable[[Packet], Packet | None] = lambda each: each,
) -> SessionRecord:
    """`kept` with its events and bytes changed; None drops one."""
    events = tuple(new for each in kept.events if (new := change(each)) is not None)
    left = tuple(one for each in kept.octets if (one := octets(each)) is not None)
    return SessionRecord(kept.session, kept.intervals, kept.samples, events, left)
