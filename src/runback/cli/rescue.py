"""Bringing a treadmill's belt to rest over a link of our own: for `runback stop`, and for the sentinel.

Rules:
- The control point's indications, Stop, then the rest (`connection`). An attempt to connect that fails in a way that
  passes is made again for as long as a belt that does not obey is stopped (`session_runner.PERSIST`), and said.
- A connection that was there before, and is not one that a dead session left, is left as it was.
- Rest is what the stop latch has measured; that nothing went wrong is none.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable

from runback.cli.begun_link import STOP, BegunLink
from runback.cli.marks import belt_mark, settle
from runback.cli.recording import recording
from runback.cli.saying import say
from runback.cli.session_factory import unwrap_group
from runback.engine.profile_adapter import ProfileCatalog
from runback.engine.recorder import Recorder
from runback.engine.session_engine import SessionEngine
from runback.engine.session_runner import PERSIST, run_beside, stops_on_signals, trouble_since
from runback.errors import NoServices
from runback.ftms.assigned_numbers import FITNESS_MACHINE_CONTROL_POINT, short_name
from runback.link.remembered import Remembered
from runback.machine.client import Machine
from runback.machine.stop_latch import LatchState
from runback.safety.gate import Gate
from runback.session.session import Session
from runback.workout.model import Kind, Step, Workout

ALARM = 4


def stop_for(
    treadmill: str, catalog: ProfileCatalog | None, known: Iterable[Remembered], owner: int, rests: Callable[[], None]
) -> int:
    """Stop the belt of the session that process `owner` drove, as its sentinel: 0 once it is measured at rest, else 4.
    `rests` is called with the record that proves it. Raises LinkError."""
    remembered = [*known, *remembered_by_marks()]

    async def run() -> int:
        with recording(json=False, trace=None) as recorder:
            link = BegunLink.to(treadmill, remembered, abandoned=True)
            return await bring_to_rest(link, recorder, catalog, owner=owner, rests=rests)

    return asyncio.run(run())


def remembered_by_marks() -> list[Remembered]:
    """The treadmills that marks remember."""
    return [left.machine for left in belt_mark("").found() if left.machine.address]


async def bring_to_rest(
    link: BegunLink,
    recorder: Recorder,
    catalog: ProfileCatalog | None,
    *,
    owner: int | None = None,
    clear_mark: bool = False,
    rests: Callable[[], None] | None = None,
) -> int:
    """Stop the belt behind `link` and wait until it is measured at rest: 0, or 4 if it is not. `catalog` has its
    profiles; `owner` is the session's process, where this is its sentinel. That the belt rests is said, and `rests`
    called, with the record that proves it: letting the link go takes BlueZ another two seconds. Raises LinkError."""
    machine = Machine(Gate())
    latch = machine.latch
    mark = belt_mark(link.wanted, owner)
    strange = [left for left in mark.found() if left.machine.serial is not None]
    never = Workout("stop", (Step(Kind.WALK, 1.0, 100),))
    engine = SessionEngine(
        Session(never),
        machine,
        link,
        recorder,
        catalog,
        tell_trouble=lambda line: say(f"runback: {line}", err=True),
    )
    engine.stop("runback stop")
    if link.written_at is not None:
        what = {"uuid": short_name(FITNESS_MACHINE_CONTROL_POINT), "hex": STOP.hex(), "source": "person"}
        recorder.put(link.written_at, "first stop", **what)

    async def until_rest() -> None:
        since: float | None = None
        while not engine.over.is_set():
            await engine.changed.wait()
            engine.changed.clear()
            since = trouble_since(engine, since)
            if latch.state is LatchState.AT_REST:
                say(f"{engine.connection.name}: belt at rest")
                if rests is not None:
                    rests()
                if any(not left.is_of(engine.connection.machine) for left in strange):
                    await engine.connection.read_number()  # it may be that one, at another address
                link.rested = True
                engine.over.set()
            elif latch.spent or (since is not None and engine.now() >= since + PERSIST):
                engine.over.set()

    with stops_on_signals(engine, lambda: None), contextlib.suppress(NoServices):  # `_alarm` says it
        await unwrap_group(run_beside(engine, None, until_rest()), engine, None)
    if latch.state is LatchState.AT_REST:
        settle(mark, engine.connection.machine, clear=clear_mark)
        return 0
    return _alarm(engine)


def _alarm(engine: SessionEngine) -> int:
    """Say that rest was not measured, and what to do. Raises what made connecting fail, if it never worked."""
    failed, found = engine.connection.failed, engine.connection.found
    if failed is not None and found is None and not isinstance(failed, NoServices):
        raise failed
    if engine.machine.latch.confirmed_by_person:
        what = "nobody has confirmed that the belt is at rest: look at it"
    elif failed is not None:
        what = f"{failed}; the belt was not seen at rest: STEP OFF"
    elif found is not None and not found.capabilities.controllable:
        what = "this treadmill cannot be stopped from here: press its own STOP; the belt was not seen at rest: STEP OFF"
    else:
        what = "the belt was not seen at rest: STEP OFF"
    say(f"runback: {what}, pull the safety key", err=True)
    return ALARM
