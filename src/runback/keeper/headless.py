"""A session without a screen: the keeper alone.

Rules:
- The command that began it is the person's one intent: it starts after its countdown. Whatever needs a person after
  that (a pause at the console, a lost link that came back, control taken) ends in Stop: nobody is there to say go on.
- SIGINT and SIGTERM stop the belt first, and end the program once it is seen at rest.
- A belt that does not obey is stopped again and again for `PERSIST` seconds; then the program ends with an alarm.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator

from runback.errors import WorkoutError
from runback.keeper.conductor import Conductor
from runback.machine.stop import Latch
from runback.messages import Snapshot
from runback.session.states import Ask, Phase
from runback.source import Source

PERSIST = 60.0
NEEDS_A_PERSON = {
    Phase.PAUSED: "the belt came to rest, and nobody is here to resume",
    Phase.REARM: "the link was lost and is back, and nobody is here to go on",
    Phase.CONTROL_LOST: "another controller took the treadmill",
    Phase.SAFETY_KEY: "the safety key was pulled",
}


async def run_headless(conductor: Conductor, told: Callable[[Snapshot], None]) -> None:
    """Run the session to its end; `told` gets a snapshot each second. Raises LinkError if there is no treadmill, and
    WorkoutError if it cannot do the workout."""
    loop = asyncio.get_running_loop()
    with _signals(loop, conductor):
        async with asyncio.TaskGroup() as group:
            beside = [group.create_task(_attend(conductor)), group.create_task(_tell(conductor, told))]
            try:
                await conductor.run()
            finally:
                for task in beside:
                    task.cancel()


def check_range(conductor: Conductor) -> None:
    """Refuse a workout the connected treadmill cannot do; tell the session what it can. Raises WorkoutError."""
    capabilities, session = conductor.lifeline.capabilities, conductor.session
    if capabilities is None:
        return
    name = session.workout.name
    if not capabilities.controllable:
        raise WorkoutError(name, "this treadmill has no control point", "use one that can be controlled over FTMS")
    cap, layer = conductor.machine.gate.caps.lowest()
    low = 0 if capabilities.speed is None else capabilities.speed.low
    for number, step in enumerate(session.course.timeline.steps, 1):
        if not low <= step.speed <= cap:
            what = f"{step.speed / 100:.2f} km/h is outside {low / 100:.2f} to {cap / 100:.2f} km/h ({layer} limit)"
            raise WorkoutError(f"{name}: step {number} ({step.kind.value})", what, "change the step's speed")
    session.set_range(low, cap)


async def _attend(conductor: Conductor) -> None:
    """Stand in for the person: start once, and stop where somebody would have to decide."""
    session, latch = conductor.session, conductor.machine.latch
    started = False
    since: float | None = None
    while True:
        await conductor.changed.wait()
        conductor.changed.clear()
        phase = session.phase
        if phase is Phase.READY and not started and conductor.lifeline.ready.is_set():
            check_range(conductor)
            started = True
            conductor.ask(Ask.START)
        elif phase is Phase.READY and started and not latch.latched:
            conductor.stop(session.notice or "the belt did not start", Source.SAFETY)
        elif phase in NEEDS_A_PERSON and not latch.latched:
            conductor.stop(NEEDS_A_PERSON[phase], Source.SAFETY)
        elif phase is Phase.COMPLETED or latch.state is Latch.AT_REST:
            conductor.over.set()
        since = _trouble_since(conductor, since)
        if since is not None and conductor.now() >= since + PERSIST:
            conductor.over.set()


def _trouble_since(conductor: Conductor, since: float | None) -> float | None:
    """Since when the belt has been stopping, or the link gone; None if neither is so."""
    if not conductor.machine.latch.latched and conductor.session.phase is not Phase.LINK_LOST:
        return None
    if since is None:
        conductor.later(PERSIST)
        return conductor.now()
    return since


async def _tell(conductor: Conductor, told: Callable[[Snapshot], None]) -> None:
    """A snapshot each second, on absolute times."""
    await conductor.lifeline.ready.wait()
    count, began = 0, conductor.now()
    while True:
        told(conductor.snapshot())
        count += 1
        await asyncio.sleep(max(0.0, began + count - conductor.now()))


@contextlib.contextmanager
def _signals(loop: asyncio.AbstractEventLoop, conductor: Conductor) -> Iterator[None]:
    caught = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]

    def stop(number: signal.Signals) -> None:
        latched = conductor.machine.latch.latched
        conductor.stop(f"{number.name} was received")
        if not latched and conductor.machine.capabilities is None and not conductor.writes:
            conductor.over.set()  # nothing was ever connected, so nothing moves

    for number in caught:
        try:
            loop.add_signal_handler(number, stop, number)
        except NotImplementedError:  # Windows: the handler runs in the main thread between two callbacks
            signal.signal(number, lambda *_, number=number: loop.call_soon_threadsafe(stop, number))
    try:
        yield
    finally:
        for number in caught:
            with contextlib.suppress(NotImplementedError):
                loop.remove_signal_handler(number)
