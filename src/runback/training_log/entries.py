"""What the training log gives besides the records of `rehab`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from runback.rehab.activity import ExercisesDone, LoggedActivity
from runback.rehab.low_impact_month import MonthDone
from runback.rehab.records import CheckIn, Clearance, Declaration, Override, SessionDone
from runback.rehab.validation import utc

Record = CheckIn | LoggedActivity | ExercisesDone | Declaration | Clearance | Override | SessionDone | MonthDone
"""Whatever a person can have recorded. A SessionDone is one that was run without runback."""


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """The plan a person follows: its `name`, whether every stage is done twice (`cautious`), and `since` when.

    `rehearsal`: sessions on the simulated treadmill count as well. They count as over when they began, because their
    time may have been sped up.
    """

    name: str
    cautious: bool
    since: datetime
    rehearsal: bool = False

    @property
    def at(self) -> datetime:
        """When it was chosen; UTC."""
        return self.since

    def __post_init__(self) -> None:
        object.__setattr__(self, "since", utc(self.since, "choice of a plan"))


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A record that should not have been made is no longer read; `words` say why."""

    at: datetime
    words: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc(self.at, "withdrawal"))


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A record as it is kept: its number, the person's own `words` to it, to the last character, the number of the
    one it replaced, and of the one that has replaced it (what is replaced counts no longer, but is never deleted).

    `training` is the journal's session that a SessionDone speaks of, None for one that was run without runback."""

    id: int
    record: Record | PlanChoice | Withdrawal
    words: str = ""
    replaces: int | None = None
    replaced_by: int | None = None
    training: int | None = None


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A session of the journal that was run for a stage of a plan. `id` is the session's number in the journal; `done`
    is what the rules hear of it, None if it does not count (`why` says why not)."""

    id: int
    plan: str
    stage: str
    began: datetime
    simulated: bool
    done: SessionDone | None
    why: str = ""
