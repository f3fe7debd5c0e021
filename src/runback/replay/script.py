"""What a replay plays: a session of the journal, put in the order in which it is fed to the rules again.

Rules:
- Taken from the record, because no rule made it: what the treadmill said and offered, what became of each write, when
  the link came and went, what the person asked for, and each Stop with its reason.
- Made again, and compared with the record: every write and every phase.

Units: `at` ms from the session's beginning, negative before the treadmill answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from runback.journal.model import SessionRow
from runback.link.protocol import Properties
from runback.session.belt_ramp import RampModel
from runback.session.model import CountFrom, Intent, SteppedOff
from runback.session.step_detection import AFTER
from runback.source import Source
from runback.workout.model import Workout


@dataclass(frozen=True, slots=True)
class NotificationEvent:
    """The treadmill said something; `uuid` is the full one."""

    at: int
    uuid: str
    data: bytes


@dataclass(frozen=True, slots=True)
class IntentEvent:
    """The person asked for something."""

    at: int
    ask: Intent


@dataclass(frozen=True, slots=True)
class StopEvent:
    """Stop, by whoever."""

    at: int
    reason: str
    source: Source


@dataclass(frozen=True, slots=True)
class Lost:
    """The link was lost. `told` by the link itself; else this computer had slept."""

    at: int
    reason: str
    told: bool = True


@dataclass(frozen=True, slots=True)
class Connecting:
    """The link came up, or (`reason`) did not."""

    at: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class WriteOutcomeEvent:
    """It became known what had become of the write that is number `place` (from 0) in the record."""

    at: int
    place: int


Cue = NotificationEvent | IntentEvent | StopEvent | Lost | Connecting | WriteOutcomeEvent
"""What is fed to the rules, and to their link."""


@dataclass(frozen=True, slots=True)
class ReplayEvent:
    """`cue` is fed at `due` (ms), and not before the rules have made the `writes` that stand before it in the record:
    an answer never comes before what it answers, however busy the computer is."""

    due: float
    writes: int
    cue: Cue


class WriteFate(Enum):
    """What became of a write. The value is the record's word."""

    WRITTEN = "written"
    REFUSED = "write refused"
    FAILED = "write failed"
    HUNG = "write hung"
    UNKNOWN = "unknown"  # it was overtaken by Stop, or the record ends


@dataclass(frozen=True, slots=True)
class RecordedWrite:
    """A write, and what became of it; `code` is ATT's if it was refused, `reason` why it failed."""

    at: int
    uuid: str
    data: bytes
    source: str
    fate: WriteFate = WriteFate.UNKNOWN
    code: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RecordedRules:
    """How the session counted, and what it made of steps; the defaults are those of before there was a choice."""

    count_from: CountFrom = CountFrom.COMMAND
    stepped_off: SteppedOff = SteppedOff.OFF
    after: float = AFTER
    lag: RampModel = field(default_factory=RampModel)


@dataclass(frozen=True, slots=True)
class Script:
    """A session, ready to be played."""

    session: SessionRow
    workout: Workout
    plan: str | None
    """The plan it was run for, by name."""
    run_cap: float | None
    """Seconds that its running could be extended to."""
    profile: str | None
    """The treadmill profile it was driven by; None: by none."""
    services: Mapping[str, Properties]
    rules: RecordedRules
    values: Mapping[str, bytes]
    """What was read from the treadmill, by full UUID."""
    feeds: tuple[ReplayEvent, ...]
    writes: tuple[RecordedWrite, ...]
    phases: tuple[tuple[int, str], ...]
    person_cap: int | None = None
    """The person's own cap at that time, 0.01 km/h."""
    unseen: int = 0
    """Notifications that came too fast and were left out before the rules had them: nothing follows from them."""
    unrecorded: int = 0
    """Those that the rules had, and that are not in the record."""

    @property
    def begins(self) -> int:
        """When the first thing happens."""
        return min((0, *(each.cue.at for each in self.feeds)))

    @property
    def ends(self) -> int:
        """When the record ends."""
        return max((self.session.length, *(each.cue.at for each in self.feeds), *(at for at, _ in self.phases)))
