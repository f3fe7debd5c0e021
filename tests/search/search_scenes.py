"""Where a search begins: a treadmill with its habits, a workout, and what a person does whom nothing surprises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from runback.machine.client import Capabilities
from runback.machine.quirks import Claim, Habits, Proof, StartBy, Unlock, VendorWrite
from runback.machine.targets import Grid
from runback.session.model import Ask, Phase
from runback.workout.model import Kind, Step, Workout

HAND: Final = "hand"
Script = tuple[tuple[Phase, float, Ask | str], ...]
"""What the person asks for, in order: in which phase, from which second of the workout on, what. `HAND`: they press
START at the treadmill's console."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One beginning."""

    name: str
    capabilities: Capabilities
    script: Script
    workout: Workout


def _able(habits: Habits) -> Capabilities:
    return Capabilities(speed=Grid(80, 2000, 10), habits=habits)


WORKOUT: Final = Workout("search", (Step(Kind.WALK, 11.0, 400), Step(Kind.RUN, 7.0, 600), Step(Kind.WALK, 2.0, 300)))
START: Final = (Phase.READY, 0.0, Ask.START)
PLAIN: Final = (START,)
BY_HAND: Final = (START, (Phase.STARTING, 0.0, HAND))
PAUSES: Final = (START, (Phase.RUNNING, 4.0, Ask.PAUSE), (Phase.PAUSED, 0.0, Ask.RESUME))
STOPS: Final = (
    START,
    (Phase.RUNNING, 4.0, Ask.STOP),
    (Phase.STOPPED, 0.0, Ask.RESET),
    (Phase.PAUSED, 0.0, Ask.RESUME),
)
LEAVES: Final = (START, (Phase.RUNNING, 4.0, Ask.PAUSE), (Phase.PAUSED, 0.0, Ask.QUIT))
GOES_ON: Final = (START, (Phase.REARM, 0.0, Ask.REARM), (Phase.CONTROL_LOST, 0.0, Ask.REARM))
SHORT: Final = Workout("short", (Step(Kind.WALK, 5.0, 600),))
UNLOCK: Final = (Unlock(VendorWrite("fff2", b"\x01\x02")),)

SCENES: Final = {
    scene.name: scene
    for scene in (
        Scene("plain", _able(Habits()), PLAIN, WORKOUT),
        Scene("pauses", _able(Habits()), PAUSES, WORKOUT),
        Scene("stops", _able(Habits()), STOPS, WORKOUT),
        Scene("leaves", _able(Habits()), LEAVES, WORKOUT),
        Scene("goes on", _able(Habits()), GOES_ON, WORKOUT),
        Scene("short", _able(Habits()), PLAIN, SHORT),
        Scene("claim starts", _able(Habits(claim=Claim.STARTS)), PLAIN, SHORT),
        Scene("claim each", _able(Habits(claim=Claim.EACH)), PAUSES, SHORT),
        Scene("says yes to all", _able(Habits(proof=Proof.BELT)), PLAIN, SHORT),
        Scene("stop starts", _able(Habits(stop_starts=True)), PAUSES, SHORT),
        Scene("blind", _able(Habits(blind=True)), PLAIN, SHORT),
        Scene("pause by stop", _able(Habits(pause_by_stop=True)), PAUSES, SHORT),
        Scene("console starts", _able(Habits(start_by=StartBy.CONSOLE)), BY_HAND, SHORT),
        Scene("keepalive", _able(Habits(keepalive=4.0)), PLAIN, SHORT),
        Scene("locked", _able(Habits(unlock=UNLOCK, preamble=VendorWrite("fff2", b"\x09"))), PLAIN, SHORT),
    )
}
