"""The stages of a commissioning, and the one table that says what each may write, must see, and unlocks.

Rules:
- In this order, one at a time. What a stage has to see is what the belt is *measured* to do; that a machine says yes
  counts for one thing only: that Stop is heard at all.
- What is not seen in its time ends it: Stop, and nothing is unlocked that was not seen. Incline alone may be missed
  without an end: it then stays locked.
- Nothing faster than the slowest speed and one increment is ever written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType


class CommissioningStage(Enum):
    """Where a commissioning stands. The value is the stage's title."""

    READ = "READ"
    STOP = "STOP"
    START = "START"
    UNITS = "UNITS"
    INCREMENT = "ONE STEP"
    INCLINE = "INCLINE"
    DISTANCE = "DISTANCE"
    STOP_AGAIN = "STOP AGAIN"


class OnTimeout(Enum):
    """What follows if a stage does not see in time what it has to."""

    END = "end"  # Stop, and no further
    GO_ON = "go on"  # without what it would have unlocked


@dataclass(frozen=True, slots=True)
class StageRule:
    """One stage: what happens, in a sentence for the person; what is `written`; what has to be `seen`, within how many
    seconds; what that `unlocks`; and what follows, and is said, if it is not seen."""

    doing: str
    written: str
    seen: str
    within: float
    unlocks: str
    missed: OnTimeout
    otherwise: str


TABLE: Mapping[CommissioningStage, StageRule] = MappingProxyType(
    {
        CommissioningStage.READ: StageRule(
            doing="Reading the treadmill; nothing is sent.",
            written="nothing",
            seen="a speed range, and speed 0 over three seconds",
            within=60.0,
            unlocks="reading it",
            missed=OnTimeout.END,
            otherwise="the treadmill did not say for three seconds that its belt is at rest",
        ),
        CommissioningStage.STOP: StageRule(
            doing="Stop is sent while the belt rests, to check that the treadmill takes it.",
            written="Stop (08 01), and Request Control (00) if it is refused for want of it",
            seen="an answer, and a belt that stays at rest",
            within=20.0,
            unlocks="stopping it",
            missed=OnTimeout.END,
            otherwise="the treadmill did not take Stop",
        ),
        CommissioningStage.START: StageRule(
            doing="The belt starts, after its countdown, and goes to its slowest speed.",
            written="Request Control (00), Start (07), the slowest speed (02)",
            seen="a belt that moves, and keeps to its slowest speed for three seconds",
            within=100.0,
            unlocks="starting it",
            missed=OnTimeout.END,
            otherwise="the belt did not come to its slowest speed",
        ),
        CommissioningStage.UNITS: StageRule(
            doing="Look at the treadmill's own display: which of these does it show?",
            written="nothing",
            seen="your answer that the display shows what the treadmill reports",
            within=300.0,
            unlocks="what it counts speed in",
            missed=OnTimeout.END,
            otherwise="nobody answered what the display shows",
        ),
        CommissioningStage.INCREMENT: StageRule(
            doing="One step faster, announced, then back.",
            written="the slowest speed and one increment, then the slowest speed (02)",
            seen="the belt at each of them",
            within=90.0,
            unlocks="setting its speed",
            missed=OnTimeout.END,
            otherwise="the belt did not go one step faster and back",
        ),
        CommissioningStage.INCLINE: StageRule(
            doing="The incline goes one step, then back.",
            written="one increment of incline, then where it was (03)",
            seen="the incline reported at each of them",
            within=90.0,
            unlocks="setting its incline",
            missed=OnTimeout.GO_ON,
            otherwise="incline not seen to move: it stays locked",
        ),
        CommissioningStage.DISTANCE: StageRule(
            doing="Comparing its distance with its speed; this takes a minute or two.",
            written="nothing",
            seen="a distance that fits the speed over 15 m, or none at all",
            within=360.0,
            unlocks="running speeds",
            missed=OnTimeout.END,
            otherwise="distance and speed could not be compared",
        ),
        CommissioningStage.STOP_AGAIN: StageRule(
            doing="Stopping the belt.",
            written="Stop (08 01)",
            seen="the belt at rest",
            within=60.0,
            unlocks="stopping it while it moves",
            missed=OnTimeout.END,
            otherwise="the belt was not seen to come to rest",
        ),
    }
)

ORDER = tuple(CommissioningStage)


def after(stage: CommissioningStage) -> CommissioningStage | None:
    """The stage that follows; None after the last."""
    later = ORDER[ORDER.index(stage) + 1 :]
    return later[0] if later else None
