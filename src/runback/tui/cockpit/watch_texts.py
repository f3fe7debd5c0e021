"""What a second screen says where it has to say something else than the session's own: it shows, it may stop, no more.

Rules:
- Pure: a snapshot in, text out.
- It never asks for a key that only the session's own terminal has.
- That any key stops, and which one leaves without stopping, stands on it whenever the belt may move.
"""

from __future__ import annotations

from dataclasses import replace

from runback.ipc.messages import STEP_OFF, SessionDied, Snapshot, StopState, TimelineView
from runback.key_bindings import may_move
from runback.session.model import Phase
from runback.tui.cockpit import instructions, texts
from runback.tui.cockpit.instructions import GONE, Instruction, StopPage
from runback.units import Unit

TITLE = "WATCHING"
AGAIN = "Any key sends Stop again.   l leaves: that does not stop the belt"
WAITING = "runback\n\nwaiting for the session to answer …\n\nany key stops its belt, l leaves"
_LEAVE_MOVING = "l leave, belt goes on"
_LEAVE_AT_REST = "q leave"
_THERE = "Enter at its own terminal"
_GUIDES = {
    Phase.READY: Instruction("READY", (_THERE, "begins the countdown.", "Nothing here can start the belt.")),
    Phase.REARM: Instruction("LINK BACK", (_THERE, "goes on.", "Nothing is sent before that.")),
    Phase.CONTROL_LOST: Instruction("NO CONTROL", ("Something else has the treadmill.", _THERE, "goes on.")),
    Phase.SAFETY_KEY: Instruction("KEY PULLED", ("The safety key is out.", "Once it is back,", _THERE, "goes on.")),
}


def title(workout: str, room: int) -> str:
    """The left end of the head line, with the workout's name if there is `room` for it whole."""
    whole = f"{TITLE}  {workout}"
    return whole if len(whole) <= room else TITLE


def guide(now: Snapshot, plan: TimelineView | None, unit: Unit = Unit.KMH) -> Instruction | None:
    """As `instructions.guide`, for somebody who cannot do what it asks for."""
    return _GUIDES.get(now.phase) or instructions.guide(now, plan, unit)


def remark(now: Snapshot, unit: Unit = Unit.KMH) -> str:
    """As `texts.remark`."""
    return (
        "Enter at the session's own terminal goes on."
        if now.phase is Phase.PAUSED and not now.notice
        else texts.remark(now, unit)
    )


def bar(now: Snapshot) -> tuple[str, ...]:
    """The STOP bar: large, then lines."""
    if may_move(now):
        return ("■ ANY KEY STOPS", "space · Esc · q", "or press here")
    if now.measured_kmh is None:  # nothing is known of it
        return ("■ STOP", "any key, once the belt moves", "q leaves")
    return ("■ AT REST", "you only watch", "q leaves")


def hints(now: Snapshot) -> tuple[str, ...]:
    """The line of keys; the first is always there."""
    return (_LEAVE_MOVING if may_move(now) else _LEAVE_AT_REST, "F1 help", "t theme")


KEYS = (
    ("any key", "Stop the belt"),
    ("", "space, Esc, q and"),
    ("", "Ctrl-C too"),
    ("l", "Leave; belt goes on"),
    ("q", "Leave, at rest only"),
)
OTHERS = (("? F1", "This help"), ("t", "Next theme"))
NOTES = (
    "You only watch",
    "Start, pause, speed: at the",
    "session's own terminal.",
    "Closing this window leaves;",
    "the session goes on.",
)


def stop_page(now: Snapshot, unit: Unit = Unit.KMH) -> StopPage:
    """As `instructions.stop_page`: the stop is released elsewhere."""
    page = instructions.stop_page(now, unlocked=False, unit=unit)
    hint = "Unlock it at the session's own terminal.   q leaves" if page.rest else AGAIN
    return replace(page, hint=hint)


def gone_page(gone: SessionDied) -> StopPage:
    """The session's program has died, and this is what is known of the belt."""
    match gone.state:
        case StopState.AT_REST:
            return StopPage(("■ STOPPED", "BELT AT REST"), "belt at rest", GONE, f"{gone.line}   q leaves", rest=True)
        case None:
            return StopPage(("ENDED",), "", GONE, f"{gone.line}   q leaves", rest=True)
        case _:
            big = ("STEP OFF", "PULL THE", "SAFETY KEY")
            return StopPage(big, f"{STEP_OFF}   belt speed unknown", GONE, f"{gone.line}   q leaves", alarm=True)
