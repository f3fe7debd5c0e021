"""Where a search begins: a treadmill with its habits, a workout, and what a person does whom nothing surprises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from runback.machine.client import Capabilities
from runback.machine.quirks import AckEvidence, ControlRequestPolicy, MachineQuirks, StartAuthority, Unlock, VendorWrite
from runback.machine.targets import SupportedRange
from runback.session.model import Intent, Phase
from runback.workout.model import Kind, Step, Workout

HAND: Final = "hand"
Script = tuple[tuple[Phase, float, Intent | str], ...]
"""What the person asks for, in order: in which phase, from which second of the workout on, what. `HAND`: they press
START at the treadmill's console."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One beginning."""

    name: str
    capabilities: Capabilities
    script: Script
    workout: Workout


def _able(quirks: MachineQuirks) -> Capabilities:
    return Capabilities(speed=SupportedRange(80, 2000, 10), quirks=quirks)


WORKOUT: Final = Workout("search", (Step(Kind.WALK, 11.0, 400), Step(Kind.RUN, 7.0, 600), Step(Kind.WALK, 2.0, 300)))
START: Final = (Phase.READY, 0.0, Intent.START)
PLAIN: Final = (START,)
BY_HAND: Final = (START, (Phase.STARTING, 0.0, HAND))
PAUSES: Final = (START, (Phase.RUNNING, 4.0, Intent.PAUSE), (Phase.PAUSED, 0.0, Intent.RESUME))
STOPS: Final = (
    START,
    (Phase.RUNNING, 4.0, Intent.STOP),
    (Phase.STOPPED, 0.0, Intent.RESET),
    (Phase.PAUSED, 0.0, Intent.RESUME),
)
LEAVES: Final = (START, (Phase.RUNNING, 4.0, Intent.PAUSE), (Phase.PAUSED, 0.0, Intent.QUIT))
GOES_ON: Final = (START, (Phase.REARM, 0.0, Intent.REARM), (Phase.CONTROL_LOST, 0.0, Intent.REARM))
SHORT: Final = Workout("short", (Step(Kind.WALK, 5.0, 600),))
UNLOCK: Final = (Unlock(VendorWrite("fff2", b"\x01\x02")),)

SCENES: Final = {
    scene.name: scene
    for scene in (
        Scene("plain", _able(MachineQuirks()), PLAIN, WORKOUT),
        Scene("pauses", _able(MachineQuirks()), PAUSES, WORKOUT),
        Scene("stops", _able(MachineQuirks()), STOPS, WORKOUT),
        Scene("leaves", _able(MachineQuirks()), LEAVES, WORKOUT),
        Scene("goes on", _able(MachineQuirks()), GOES_ON, WORKOUT),
        Scene("short", _able(MachineQuirks()), PLAIN, SHORT),
        Scene("claim starts", _able(MachineQuirks(claim=ControlRequestPolicy.STARTS)), PLAIN, SHORT),
        Scene("claim each", _able(MachineQuirks(claim=ControlRequestPolicy.EACH)), PAUSES, SHORT),
        Scene("says yes to all", _able(MachineQuirks(proof=AckEvidence.BELT)), PLAIN, SHORT),
        Scene("stop starts", _able(MachineQuirks(stop_starts=True)), PAUSES, SHORT),
        Scene("blind", _able(MachineQuirks(blind=True)), PLAIN, SHORT),
        Scene("pause by stop", _able(MachineQuirks(pause_by_stop=True)), PAUSES, SHORT),
        Scene("console starts", _able(MachineQuirks(start_by=StartAuthority.CONSOLE)), BY_HAND, SHORT),
        Scene("keepalive", _able(MachineQuirks(keepalive=4.0)), PLAIN, SHORT),
        Scene("locked", _able(MachineQuirks(unlock=UNLOCK, preamble=VendorWrite("fff2", b"\x09"))), PLAIN, SHORT),
    )
}
