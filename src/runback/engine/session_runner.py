"""What every run of a session shares, with a screen or without: what a treadmill must be able to do, signals that stop
the belt, and how long a belt that does not stop is tried.

Rules:
- A signal never ends the program before it has stopped the belt.
- A belt that does not obey is stopped again and again for `PERSIST` seconds; then the program ends with an alarm.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator

from runback.config_files.error_text import quoted
from runback.engine.ports import EngineControls
from runback.engine.session_engine import SessionEngine
from runback.errors import DeviceError, PairingWanted, WorkoutError
from runback.failsafe.dead_mans_switch import DeadMansSwitch
from runback.failsafe.heartbeat import send_heartbeats
from runback.ipc.messages import Snapshot
from runback.ipc.screen_channel import into
from runback.terminal.windows_console import stops_at_its_end

PERSIST = 60.0
GIL_WITHIN = 0.0005
"""Seconds after which a thread (the journal's, a record's) has to give the interpreter to the loop that wants it; 5 ms
is Python's own figure, and a key would wait as long."""


def let_nothing_hold_up_the_loop() -> None:
    """Before a session's loop is run: what is here stays, for a full collection would take some 6 ms (latency.md,
    traps); and threads give way."""
    gc.freeze()
    sys.setswitchinterval(GIL_WITHIN)


def check_range(engine: SessionEngine) -> None:
    """Refuse a treadmill that cannot be used, or a workout that it cannot do; tell the session what it can. Raises
    DeviceError, WorkoutError."""
    found, session = engine.connection.found, engine.session
    if found is None:
        return
    if engine.connection.unpaired and (found.refusal is not None or found.stranger):
        raise PairingWanted  # what it is could not be read
    if found.refusal is not None:
        raise DeviceError(found.title, f"it {found.refusal}", "use a treadmill that speaks FTMS")
    if found.stranger:
        treadmill = engine.connection.name
        what = "nothing is known of this treadmill yet; it is only read, and stopped"
        raise DeviceError(quoted(treadmill), what, f"with nobody on it: runback commission -t {quoted(treadmill)}")
    capabilities, name = found.capabilities, session.workout.name
    cap, layer = engine.machine.gate.caps.lowest()
    low = 0 if capabilities.speed is None else capabilities.speed.low
    for number, step in enumerate(session.speed_plan.timeline.steps, 1):
        if not low <= step.speed <= cap:
            bound = f"below this treadmill's slowest, {low / 100:.2f}" if step.speed < low else f"above the {layer} cap"
            bound += "" if step.speed < low else f" of {cap / 100:.2f}"
            what = f"{step.speed / 100:.2f} km/h is {bound} km/h"
            raise WorkoutError(f"{name}: step {number} ({step.kind.value})", what, "change the step's speed")
    session.set_range(low, cap)


def trouble_since(engine: SessionEngine, since: float | None) -> float | None:
    """Since when the belt has been stopping, or the link gone; None if neither is so."""
    gone = engine.connection.ready.is_set() and engine.machine.capabilities is None
    gone = gone and not engine.session.timed_only
    if not engine.machine.latch.latched and not gone:
        return None
    if since is None:
        engine.later(PERSIST + 0.1)
        return engine.now()
    return since


async def run_beside(
    engine: SessionEngine,
    deadman: DeadMansSwitch | None,
    *work: Coroutine[object, object, None],
    controls: EngineControls | None = None,
) -> None:
    """Run `engine`, or the `controls` in its place, to the end; `work` and its companion beside it, and the watch over
    this process if there is a `deadman`."""
    async with asyncio.TaskGroup() as group:
        beside = [group.create_task(one) for one in work]
        if engine.companion is not None:
            beside.append(group.create_task(engine.companion.keep()))
        if deadman is not None:
            beats = send_heartbeats(engine.look, lambda: deadman.beat(moving=not engine.resting()))
            beside.append(group.create_task(beats))
        try:
            await (controls or engine).run()
        finally:
            for task in beside:
                task.cancel()


@contextlib.contextmanager
def stops_on_signals(
    engine: SessionEngine, then: Callable[[], None], controls: EngineControls | None = None
) -> Iterator[None]:
    """Within, SIGINT, SIGTERM, and SIGHUP or SIGBREAK stop the belt, by the `controls` in the engine's place if there
    are some, then call `then`, which ends the program when it may end. So does the end of a Windows console."""
    loop = asyncio.get_running_loop()
    caught = [number for number in signal.Signals if number.name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")]
    before = {number: signal.getsignal(number) for number in caught}

    def stop(why: str) -> None:
        if engine.writes or engine.machine.capabilities is not None:
            (controls or engine).stop(why)
            then()
        else:
            engine.over.set()  # nothing was ever connected, so nothing moves

    for number in caught:
        why = f"{number.name} was received"
        try:
            loop.add_signal_handler(number, stop, why)
        except NotImplementedError:  # Windows: the handler runs in the main thread between two callbacks
            signal.signal(number, lambda *_, why=why: loop.call_soon_threadsafe(stop, why))
    try:
        with stops_at_its_end(lambda why: into(loop, functools.partial(stop, why))):
            yield
    finally:
        for number in caught:
            try:
                loop.remove_signal_handler(number)
            except NotImplementedError:
                signal.signal(number, before[number] or signal.SIG_DFL)


async def tell_each_second(engine: SessionEngine, told: Callable[[Snapshot], None] | None = None) -> None:
    """A snapshot each second, on absolute times, from the first connection on: to `told`, else to the record."""
    await engine.connection.ready.wait()
    count, began = 0, engine.now()
    while True:
        snapshot = engine.snapshot()
        if told is None:
            engine.recorder.snapshot(snapshot.t, snapshot)
        else:
            told(snapshot)
        count += 1
        await asyncio.sleep(max(0.0, began + count - engine.now()))
