"""What a person has done and said: the records that every rule reads, and the history that bundles them.

Rules:
- Every moment is absolute: a naive datetime is refused, any other is turned into UTC, because two datetimes of one
  time zone subtract their wall clocks and lose the hour of a clock change.
- A record never changes; what turns out wrong is replaced by whoever keeps the records.
- A history is kept in the order of time, whatever order it came in. It knows nothing of now.

Units: pain is the numeric rating scale, 0 none to 10 worst; durations of running are seconds, of activities minutes.
Source: training.md "Check-ins and the rules".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from operator import attrgetter
from typing import Protocol, TypeVar

from runback.errors import PlanError
from runback.rehab.activity import ActivityKind, ExercisesDone, LoggedActivity
from runback.rehab.low_impact_month import MonthDone
from runback.rehab.red_flags import HealthRisk, RedFlag, StopSign
from runback.rehab.validation import on_scale, utc


class CheckInMoment(StrEnum):
    """When a check-in is taken. B, D, M and G of training.md."""

    BEFORE = "before"
    DURING = "worst during"
    MORNING = "next morning"
    GATE = "gate"


class LegSymptoms(StrEnum):
    """Pain, tingling or numbness in a leg, against how it was last time."""

    NONE = "none"
    NEW = "new"
    SAME = "same"
    LESS = "less"
    FURTHER_DOWN = "further down"

    @property
    def is_sign(self) -> bool:
        """Whether a session ends for it: it is new, or further down."""
        return self in (LegSymptoms.NEW, LegSymptoms.FURTHER_DOWN)


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One answer to "how is it?". `effort` is how hard the run was, 0-10 (RPE), where the plan asks for it; None if it
    was not said. Raises PlanError for pain or effort that is no whole number from 0 to 10."""

    moment: CheckInMoment
    at: datetime
    pain: int
    leg: LegSymptoms = LegSymptoms.NONE
    limp: bool = False
    sharp_pain: bool = False
    red_flags: frozenset[RedFlag] = frozenset()
    stop_signs: frozenset[StopSign] = frozenset()
    effort: int | None = None

    def __post_init__(self) -> None:
        where = f"check-in ({self.moment})"
        object.__setattr__(self, "at", utc(self.at, where))
        on_scale(self.pain, where)
        if self.effort is not None:
            on_scale(self.effort, where, "effort")


@dataclass(frozen=True, slots=True)
class SessionDone:
    """A session of `plan` (its name) at `stage` (its id), as it was done. Raises PlanError if it ends before it begins
    or plans no running.

    `planned_run` and `done_run` are seconds of running; `stopped` says whether it ended because of symptoms.
    """

    plan: str
    stage: str
    began: datetime
    ended: datetime
    planned_run: float
    done_run: float
    stopped: bool = False

    def __post_init__(self) -> None:
        where = f"session ({self.plan}, stage {self.stage})"
        object.__setattr__(self, "began", utc(self.began, where))
        object.__setattr__(self, "ended", utc(self.ended, where))
        if self.ended < self.began:
            raise PlanError(where, "it ends before it begins", "check the clock, and correct the record")
        if not (0 < self.planned_run < float("inf") and 0 <= self.done_run < float("inf")):
            raise PlanError(where, "its running time is not a number of seconds", "give planned and done run seconds")

    @property
    def at(self) -> datetime:
        """When it was over."""
        return self.ended

    @property
    def share(self) -> float:
        """The share of the planned run time that was done; 1 is all of it."""
        return self.done_run / self.planned_run


@dataclass(frozen=True, slots=True)
class OtherRun:
    """A run that was for no stage of a plan, of `ran` seconds of running; `what` names it."""

    began: datetime
    ended: datetime
    ran: float
    what: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "began", utc(self.began, "run"))
        object.__setattr__(self, "ended", utc(self.ended, "run"))

    @property
    def at(self) -> datetime:
        """When it was over."""
        return self.ended


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a person says about the injury, and about their health, before a plan begins. `risks`: None if they have
    not been asked for."""

    at: datetime
    leg_symptoms: bool
    surgery: bool
    risks: frozenset[HealthRisk] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc(self.at, "declaration"))


class Cleared(Enum):
    """What a clinician has cleared."""

    START = "to start before the 28 days are over"
    RED_FLAG = "to go on after a red flag"
    LEG_SYMPTOMS = "to run after leg symptoms or surgery"
    PAIN = "to go on after pain that did not settle, or after three steps back"
    HEALTH = "to run, knowing what you said about your health"


@dataclass(frozen=True, slots=True)
class Clearance:
    """A clinician's clearance, as the person recorded it."""

    what: Cleared
    at: datetime
    clinician: str = "my clinician"

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc(self.at, "clearance"))
        if not self.clinician.strip():
            raise PlanError("clearance", "nobody is named", 'write who said so, or "my clinician"')


@dataclass(frozen=True, slots=True)
class Override:
    """The person went ahead against `decision` (its sentence, kept as it was shown), and said why in `words`.

    `until` is the moment they would have waited for.
    """

    at: datetime
    decision: str
    until: datetime
    words: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc(self.at, "override"))
        object.__setattr__(self, "until", utc(self.until, "override"))
        if not self.words.strip():
            raise PlanError("override", "it gives no reason", "say in your own words why you go ahead")


@dataclass(frozen=True, slots=True)
class PlanFollowed:
    """From `at` on, until the next one, the person follows the plan called `plan`, doing every stage twice if
    `cautious`."""

    at: datetime
    plan: str
    cautious: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc(self.at, "choice of a plan"))


class Timed(Protocol):
    """Anything with a moment."""

    @property
    def at(self) -> datetime:
        """When; UTC."""
        ...


Record = TypeVar("Record", bound=Timed)


_AT = attrgetter("at")


def in_order(records: Iterable[Record]) -> tuple[Record, ...]:
    """`records` by time; those of one moment stay as they came."""
    return tuple(sorted(records, key=_AT))


def _until(records: tuple[Record, ...], at: datetime) -> tuple[Record, ...]:
    return records[: bisect_right(records, at, key=_AT)]


@dataclass(frozen=True, slots=True)
class History:
    """Everything recorded, each kind in the order of time."""

    sessions: tuple[SessionDone, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()
    activities: tuple[LoggedActivity, ...] = ()
    exercises: tuple[ExercisesDone, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    clearances: tuple[Clearance, ...] = ()
    overrides: tuple[Override, ...] = ()
    choices: tuple[PlanFollowed, ...] = ()
    months: tuple[MonthDone, ...] = ()
    other_runs: tuple[OtherRun, ...] = ()
    """Of the journal. Those that were logged are among the activities."""
    _runs: tuple[SessionDone | OtherRun, ...] | None = field(default=None, init=False, repr=False, compare=False)
    """`runs`, once somebody has asked: there are thousands after some years, and every rule asks."""

    def __post_init__(self) -> None:
        for name in KINDS:
            object.__setattr__(self, name, in_order(getattr(self, name)))

    def cleared(self, what: Cleared, since: datetime, now: datetime) -> bool:
        """Whether a clinician has cleared `what` after `since`, and not in the future of `now`."""
        return any(each.what is what and since < each.at <= now for each in self.clearances)

    def latest(self) -> datetime | None:
        """The latest moment in any record of what was done or said."""
        names = (name for name in KINDS if name != "choices")
        return max((record.at for name in names for record in getattr(self, name)[-1:]), default=None)

    @property
    def runs(self) -> tuple[SessionDone | OtherRun, ...]:
        """Every run, of a plan or not, recorded or logged, in the order in which they ended."""
        if self._runs is None:
            object.__setattr__(self, "_runs", self._all_runs())
        return self._runs or ()

    def _all_runs(self) -> tuple[SessionDone | OtherRun, ...]:
        logged = (
            OtherRun(each.at - timedelta(minutes=each.minutes), each.at, each.minutes * 60, "logged run")
            for each in self.activities
            if each.kind is ActivityKind.RUNNING
        )
        return in_order((*self.sessions, *self.other_runs, *logged))

    def until(self, at: datetime) -> History:
        """What of it there was at `at`."""
        # The beginning of what is in order is in order: nothing has to be sorted again.
        made = object.__new__(History)
        for name in KINDS:
            object.__setattr__(made, name, _until(getattr(self, name), at))
        object.__setattr__(made, "_runs", _until(self.runs, at))
        return made

    def check_ins_from(self, first: datetime, last: datetime | None = None) -> tuple[CheckIn, ...]:
        """The check-ins from `first` to `last` (None: to the end), both included. There are thousands of them after
        some years: who needs a few looks at those only."""
        end = len(self.check_ins) if last is None else bisect_right(self.check_ins, last, key=_AT)
        return self.check_ins[bisect_left(self.check_ins, first, key=_AT) : end]

    def followed(self, at: datetime) -> PlanFollowed | None:
        """The plan that was followed at `at`; None before the first choice."""
        return next((each for each in reversed(self.choices) if each.at <= at), None)

    def cautious(self, plan: str, at: datetime, *, otherwise: bool) -> bool:
        """Whether `plan` was followed with every stage twice at `at`: as it was chosen last before that."""
        chosen = (each for each in reversed(self.choices) if each.plan == plan and each.at <= at)
        return next((each.cautious for each in chosen), otherwise)


KINDS = tuple(each.name for each in fields(History) if each.init)
"""The names of a history's kinds of records."""
