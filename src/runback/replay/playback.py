"""A script played on an engine: session and machine core decide as ever, the record does the rest.

Rules:
- Its link is a `RecordedLink` and nothing else. What the core writes is recorded and compared, and moves nothing.
- The person at the screen only looks: whatever would stop or leave ends the replay, nothing else does anything.
- What happened in one millisecond is fed in its recorded order, with room between for what follows from each, and never
  before a write that stands before it.
- The person's Stops are fed, each of them; one of the safety core's, where the rules have not made it by themselves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from runback.engine.profile_adapter import ProfileCatalog
from runback.engine.recorder import Recorder
from runback.engine.session_engine import SessionEngine
from runback.engine.session_runner import check_range, run_beside, stops_on_signals, tell_each_second
from runback.engine.snapshots import SessionKind
from runback.machine.client import Machine
from runback.replay.recorded_link import RecordedLink
from runback.replay.script import (
    Connecting,
    Cue,
    IntentEvent,
    Lost,
    NotificationEvent,
    Script,
    StopEvent,
    WriteOutcomeEvent,
)
from runback.safety.gate import Caps, Gate
from runback.session.model import Intent
from runback.session.session import Session
from runback.source import Source
from runback.units import Unit

ROUNDS = 10
"""Rounds of the loop between two things that are fed: the pump wakes and writes within them."""
LATE = 0.3
"""Seconds that something fed waits for a write that stands before it in the record."""
TAIL = 0.05
"""Seconds after the record's end, for what was recorded in its last millisecond."""


class Playback:
    """Plays `script` on an `engine` of its own, in whose place it hears the person at the screen
    (`engine.ports.EngineControls`). `began` is told the loop's time that is the session's 0; `lead` seconds pass before
    anything happens, for a screen to come up; `plan_cap` is that of the plan it was run for, 0.01 km/h; `catalog` has
    the profile it was driven by."""

    def __init__(
        self,
        script: Script,
        recorder: Recorder,
        began: Callable[[float], None],
        *,
        lead: float = 0.0,
        plan_cap: int | None = None,
        catalog: ProfileCatalog | None = None,
        unit: Unit = Unit.KMH,
    ) -> None:
        self.script = script
        self.played = False
        """Whether it came to the record's end."""
        self._recorded = RecordedLink(script)
        self._began = began
        self._lead = lead
        rules = script.rules
        session = Session(
            script.workout,
            run_cap=script.run_cap,
            unit=unit,
            count_from=rules.count_from,
            stepped_off=rules.stepped_off,
            after=rules.after,
            lag=rules.lag,
        )
        gate = Gate(Caps(person=script.person_cap, plan=plan_cap))
        replayed = SessionKind(replayed=True)
        self.engine = SessionEngine(session, Machine(gate), self._recorded, recorder, catalog, kind=replayed)

    # -- the person at the screen -------------------------------------------------------------------------------------

    def stop(self, reason: str = "", source: Source = Source.PERSON) -> None:  # noqa: ARG002 - nobody is on a belt
        """End the replay."""
        self.engine.over.set()

    def ask(self, ask: Intent) -> None:
        """End the replay if the person wants to leave."""
        if ask in (Intent.QUIT, Intent.STOP):
            self.engine.over.set()

    # -- the record ---------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Play to the end of the record."""
        await asyncio.sleep(self._lead)
        zero = asyncio.get_running_loop().time() - self.script.begins / 1000
        self._recorded.begin(zero)
        self._began(zero)
        async with asyncio.TaskGroup() as group:
            feeding = group.create_task(self._feed(zero))
            try:
                await self.engine.run()
            finally:
                feeding.cancel()

    async def _feed(self, zero: float) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(0)  # the connection asks for its connection first
        for feed in self.script.feeds:
            due = zero + feed.due / 1000
            await asyncio.sleep(max(0.0, due - loop.time()))
            await self._recorded.caught_up(feed.writes, due + LATE)
            self._take(feed.cue)
            for _ in range(ROUNDS):
                await asyncio.sleep(0)
        await asyncio.sleep(max(0.0, zero + self.script.ends / 1000 + TAIL - loop.time()))
        self.played = True
        self.engine.over.set()

    def _take(self, cue: Cue) -> None:
        engine = self.engine
        match cue:
            case NotificationEvent(uuid=uuid, data=data):
                engine.hear(((uuid, data),))  # the intake has been passed when it was recorded
            case IntentEvent(ask=ask):
                engine.ask(ask)
            case StopEvent(reason=reason, source=source):
                # The rules have made the safety core's by themselves, unless they have changed since.
                if source is Source.PERSON or not engine.machine.latch.latched:
                    engine.stop(reason, source)
            case Connecting():
                self._recorded.connecting(cue)
            case WriteOutcomeEvent(place=place):
                self._recorded.fated(place)
            case Lost(reason=reason, told=True):
                engine.lost(reason)
            case _:  # this computer had slept
                engine.connection.lose()
                engine.turn()


async def play(playback: Playback) -> None:
    """Play without a screen; the record gets a snapshot each second. Raises WorkoutError as the session did."""
    engine = playback.engine
    with stops_on_signals(engine, lambda: None, playback):
        await run_beside(engine, None, _look(engine), tell_each_second(engine), controls=playback)


async def _look(engine: SessionEngine) -> None:
    await engine.connection.ready.wait()
    check_range(engine)
