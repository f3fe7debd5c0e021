"""Without a screen: what the engine says on the bare terminal, and what a key then does.

Rules:
- Until the belt is at rest every key is Stop; q and Ctrl-C also leave, once it is.
- At rest nothing starts it: Enter brings the screen back, behind which the stop still holds.
- The lines say what the belt does in the stop screen's own ways: stopping, at rest, STEP OFF, or not seen.
- Rest is only said where it has been measured.
"""

from __future__ import annotations

from enum import Enum

from runback.engine import snapshots
from runback.engine.session_engine import SessionEngine
from runback.ipc.messages import STEP_OFF


class FallbackAction(Enum):
    """What a key does while there is no screen."""

    STOP = "stop"
    STOP_AND_LEAVE = "stop and leave"
    LEAVE = "leave"
    REOPEN = "reopen"
    NOTHING = "nothing"


def action_for(key: str, *, at_rest: bool) -> FallbackAction:
    """What `key` (its name, as `keys` has it) does."""
    leaves = key in ("q", "ctrl+c")
    if not at_rest:
        return FallbackAction.STOP_AND_LEAVE if leaves else FallbackAction.STOP
    if leaves:
        return FallbackAction.LEAVE
    return FallbackAction.REOPEN if key == "enter" else FallbackAction.NOTHING


def lines(engine: SessionEngine, why: str) -> tuple[str, ...]:
    """What to say now; `why` is what became of the screen."""
    machine = engine.machine
    if engine.at_rest():
        return (f"runback: {why}; {_belt(engine)}. Enter shows it again, q leaves.",)
    if machine.latch.confirmed_by_person and machine.latch.alarm is None:
        leave = "q leaves" if machine.latch.spent else "any key sends Stop again"
        return (f"runback: {why}; this belt is not seen from here: press its own STOP and look. {leave}.",)
    if machine.latch.alarm is not None:
        return (f"runback: {STEP_OFF}: {machine.latch.alarm.value}. Any key sends Stop again.",)
    return (f"runback: {why}; stopping the belt. Any key sends Stop again.",)


def _belt(engine: SessionEngine) -> str:
    """What is known of a belt that may be left."""
    machine = engine.machine
    if snapshots.measured(machine, engine.now()) == 0:
        return "the belt is at rest"
    if engine.session.timed_only:
        return "this belt is not seen from here: look whether it is at rest"
    # Not heard for a moment: it was measured at rest after Stop, or nothing of ours could have set it going.
    return "nothing was sent to the treadmill" if not engine.writes else "the belt had come to rest"
