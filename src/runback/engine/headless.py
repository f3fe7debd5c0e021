"""A session without a screen: the engine alone.

Rules:
- The command that began it is the person's one intent: it starts after its countdown. Whatever needs a person after
  that (a pause at the console, a lost link that came back, control taken) ends in Stop: nobody is there to say go on.
- It starts once all is there that a start needs (`start_condition`), and is refused if that does not come.
- SIGINT and SIGTERM stop the belt first, and end the program once it is seen at rest.
- A belt that does not obey is stopped again and again for `PERSIST` seconds; then the program ends with an alarm.
"""

from __future__ import annotations

from collections.abc import Callable

from runback.engine.session_engine import SessionEngine
from runback.engine.session_runner import (
    PERSIST,
    check_range,
    run_beside,
    stops_on_signals,
    tell_each_second,
    trouble_since,
)
from runback.errors import StartRefused
from runback.failsafe.dead_mans_switch import DeadMansSwitch
from runback.ipc.messages import Snapshot
from runback.session.model import Intent, Phase
from runback.source import Source

HEARD_WITHIN = 30.0
"""Seconds that a start waits for what it needs; a busy computer takes a few."""
LOOK_EVERY = 0.1
NEEDS_A_PERSON = {
    Phase.PAUSED: "the belt came to rest, and nobody is here to resume",
    Phase.REARM: "the link was lost and is back, and nobody is here to go on",
    Phase.CONTROL_LOST: "another controller took the treadmill",
    Phase.SAFETY_KEY: "the safety key was pulled",
}


async def run_headless(
    engine: SessionEngine,
    told: Callable[[Snapshot], None] | None = None,
    *,
    deadman: DeadMansSwitch | None = None,
    begins: Callable[[], None] = lambda: None,
) -> None:
    """Run the session to its end. `told`, else the record, gets a snapshot each second; `deadman` stops the belt should
    this process die (None: it is simulated); `begins` is called once the treadmill has been found fit, and the start is
    about to be counted down. Raises LinkError if there is no treadmill, WorkoutError if it cannot do the workout,
    StartRefused if what a start needs does not come."""
    with stops_on_signals(engine, lambda: None):
        await run_beside(engine, deadman, _attend(engine, begins), tell_each_second(engine, told))


async def _attend(engine: SessionEngine, begins: Callable[[], None]) -> None:
    """Stand in for the person: start once, and stop where somebody would have to decide."""
    session, latch = engine.session, engine.machine.latch
    started = False
    waiting_since: float | None = None
    since: float | None = None
    while True:
        await engine.changed.wait()
        engine.changed.clear()
        phase = session.phase
        if phase is Phase.READY and not started and engine.connection.ready.is_set():
            waiting_since = engine.now() if waiting_since is None else waiting_since
            check_range(engine)
            if _waits(engine, waiting_since):
                continue
            started = True
            begins()
            engine.ask(Intent.START)
        # The start came to nothing, and nobody is there to try it again.
        elif phase is Phase.READY and started and not latch.latched:
            engine.stop(session.notice or "the belt did not start", Source.SAFETY)
        elif phase in NEEDS_A_PERSON and not latch.latched:
            engine.stop(NEEDS_A_PERSON[phase], Source.SAFETY)
        elif (
            phase is Phase.COMPLETED
            or (latch.latched and engine.at_rest())
            or (latch.spent and phase is not Phase.ENDING)
        ):
            engine.over.set()
        since = trouble_since(engine, since)
        if since is not None and engine.now() >= since + PERSIST:
            engine.over.set()


def _waits(engine: SessionEngine, since: float) -> bool:
    """Whether a start has to wait for what it needs, as it does since then. Raises StartRefused if that is in vain."""
    missing = engine.start_condition.missing()
    if missing is None:
        return False
    if not missing.comes or engine.now() >= since + HEARD_WITHIN:
        raise StartRefused(f"not started: {missing.what}; `runback doctor` looks for the cause")
    engine.later(LOOK_EVERY)
    return True
