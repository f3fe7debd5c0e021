"""What the person is told to do: before the start, when something is wrong, and on the full stop screen.

Rules:
- Pure: a snapshot in, text out.
- The stop screen says what the belt does in four ways only: slowing, at rest, STEP OFF, or not seen from here.
- Nothing here calls Stop an emergency stop.
"""

from __future__ import annotations

from dataclasses import dataclass

from runback.ipc.messages import RESCUED, STEP_OFF, CommissionView, Snapshot, StopState, TimelineView
from runback.session.model import Phase
from runback.tui.cockpit.texts import clock, countdown, distance, headline, said, speed
from runback.units import Unit

NOT_EMERGENCY = "Not an emergency stop. Wear the safety key."
CHECKLIST = (
    "safety key clipped on",
    "feet on the side rails",
    "space behind you is clear",
    "no children or pets near",
)
GONE = "The program that drives the treadmill is gone."


@dataclass(frozen=True, slots=True)
class Instruction:
    """Where the person has to do something, instead of a countdown: a large `title` and a few lines."""

    title: str
    lines: tuple[str, ...]


_WAITING = {
    Phase.STARTING: Instruction("BELT STARTS", ("feet on the side rails", "until the belt moves")),
    Phase.LINK_LOST: Instruction(
        "STEP OFF",
        ("if the belt moves, and", "PULL THE SAFETY KEY:", "no program can stop it now.", "Looking for it …"),
    ),
    Phase.REARM: Instruction(
        "ENTER: GO ON", ("The link is back.", "Nothing is sent before that.", "Feet on the side rails first.")
    ),
    Phase.CONTROL_LOST: Instruction(
        "ENTER: GO ON", ("Something else has the treadmill.", "Nothing is sent before that.")
    ),
    Phase.SAFETY_KEY: Instruction(
        "KEY PULLED", ("Put it back, clip it on,", "feet on the side rails,", "then Enter goes on.")
    ),
}


def guide(now: Snapshot, plan: TimelineView | None, unit: Unit = Unit.KMH) -> Instruction | None:
    """What to do, in the phases that wait for the person or the belt; None where the countdown stands."""
    if now.commission is not None and now.phase in _ERRAND:
        return _errand(now.commission)
    match now.phase:
        case Phase.CONNECTING:
            return Instruction(
                "LOOKING", (f"for {now.treadmill}", "Switch the treadmill on.", "Nothing is sent until you start.")
            )
        case Phase.READY:
            return Instruction("ENTER: START", tuple(f"□ {item}" for item in CHECKLIST))
        case Phase.COMPLETED:
            length = f" of {clock(plan_length(plan))}" if plan else ""
            rest = "Press STOP on the treadmill." if now.unseen else _rest(now, unit)
            far = f"{distance(now, unit)} {unit.length}"
            return Instruction("WELL DONE", (f"{clock(now.elapsed_s)}{length}, {far}", rest))
        case _:
            return _WAITING.get(now.phase)


def _rest(now: Snapshot, unit: Unit) -> str:
    """What the belt does after the end: it came to rest then, and somebody may have started it at its console since."""
    if now.measured_kmh is None:
        return "The belt came to rest."
    return f"The belt moves: {said(now.measured_kmh, unit)}." if now.measured_kmh else "The belt is at rest."


_ERRAND = frozenset({Phase.READY, Phase.RUNNING, Phase.ENDING, Phase.COMPLETED})
"""Where a commissioning says what the person does, instead of a workout's countdown."""


def _errand(view: CommissionView) -> Instruction:
    """A commissioning: what to do, the choices of a question, and what was seen so far, the newest first."""
    seen = tuple(f"✓ {line}" for line in reversed(view.seen))
    if view.choices:
        numbered = [f"{number}  {text}" for number, text in enumerate(view.choices, start=1)]
        pairs = ["".join(f"{one:<18}" for one in numbered[at : at + 2]).rstrip() for at in range(0, len(numbered), 2)]
        return Instruction("PRESS 1 TO 5", (*pairs, "", *seen))
    if view.over:
        return Instruction("SEEN ALL" if view.done else "NOT DONE", seen)
    return Instruction("ENTER: GO ON" if view.waits else "STAY OFF", seen)


def plan_length(plan: TimelineView) -> float:
    """Seconds from its beginning to its end."""
    return sum(step.duration_s for step in plan.steps)


@dataclass(frozen=True, slots=True)
class StopPage:
    """The full stop screen: `big` words, what the `belt` does, why, and what the keys do. `alarm`: it blinks;
    `rest`: the belt has come to rest."""

    big: tuple[str, ...]
    belt: str
    why: str
    hint: str
    alarm: bool = False
    rest: bool = False
    figure: str = ""
    """The belt's speed, drawn large while it slows."""


_AT_REST = ("■ STOPPED", "BELT AT REST")
_ALARM = ("STEP OFF", "PULL THE", "SAFETY KEY")
_UNSEEN = ("■ PRESS", "STOP ON THE", "TREADMILL")


def stop_page(now: Snapshot, unlocked: bool, unit: Unit = Unit.KMH) -> StopPage:
    """What the stop screen says. `unlocked`: the first step of the release has been taken."""
    stop = now.stop
    state = stop.state if stop else StopState.STOPPING
    measured = stop.measured_kmh if stop else now.measured_kmh
    reason = stop.reason if stop else ""
    moving = said(measured, unit) if measured is not None else "speed unknown"
    match state:
        case StopState.STOPPING:
            return StopPage(
                ("■ STOPPING",),
                f"stopping … {moving}",
                reason,
                "Any key sends Stop again. You can unlock it once the belt is at rest.",
                figure=speed(measured, unit) if measured is not None else "",
            )
        case StopState.AT_REST if not unlocked:
            hint = "u, then Enter: unlock (the belt stays still).   q: leave"
            return StopPage(_AT_REST, "belt at rest", reason, hint, rest=True)
        case StopState.AT_REST:
            hint = "Enter within 5 s: unlock.   q: leave.   Any other key: stay locked"
            return StopPage(_AT_REST, "belt at rest", reason, hint, rest=True)
        case StopState.UNSEEN:
            belt = "runback cannot see this belt. Moving? Pull the key."
            hint = "Is the belt still? u, then Enter.   u, then q: leave.   Other keys: Stop"
            if unlocked:
                hint = "Enter within 5 s: yes, it is still.   q: leave.   Other keys: Stop"
            return StopPage(_UNSEEN, belt, reason, hint)
        case StopState.ALARM:
            leave = (
                "q leaves. It does not stop the belt." if unlocked else "Any key sends Stop again.   u, then q: leave"
            )
            return StopPage(_ALARM, f"{STEP_OFF}   belt {moving}", reason, leave, alarm=True)


def silent_page(silent_s: float, rescue: str = "") -> StopPage:
    """The engine has said nothing for `silent_s` while the belt may move: what it does cannot be seen. `rescue`: how
    stopping the belt without it goes."""
    why = f"The program that drives the treadmill has not answered for {silent_s:.0f} s."
    return StopPage(_ALARM, f"{STEP_OFF}   belt speed unknown", why, rescue or "Any key sends Stop again.", alarm=True)


def gone_page(rescue: str = "") -> StopPage:
    """The engine has died. `rescue`: how stopping the belt without it goes."""
    if rescue == RESCUED:
        return StopPage(_AT_REST, "belt at rest", GONE, rescue, rest=True)
    return StopPage(_ALARM, STEP_OFF, GONE, rescue or "q closes this screen.", alarm=True)


def too_small(now: Snapshot | None) -> str:
    """All that is said in a window too small for the cockpit."""
    if now is None:
        return "window too small\nmake it 60×20"
    if now.stop is not None and now.stop.state is StopState.ALARM:
        return f"{STEP_OFF}\nany key: Stop again"
    if now.stop is not None:
        return f"STOPPED: {now.stop.state}\nwindow too small, make it 60×20"
    stops = "PRESS ITS STOP" if now.unseen else "ANY KEY STOPS"
    return f"{headline(now).word} {countdown(now)}\n{stops}\nwindow too small, make it 60×20"
