"""A plan: its gate, its rules as data, its speeds, and its stages, each of which is an ordinary workout.

Rules:
- A plan is data and never changes; what a person has done with it is the history's business.
- A stage's workout says every speed and every duration: warm-up, the pattern, cool-down. It is a workout like any
  other: it can be written to a file, read back, and run.
- Plans are never merged: each carries its own rules and its own source.

Units: speed 0.01 km/h, distance metres, durations seconds where not said otherwise. Source: training.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from runback.config_files.error_text import quoted
from runback.errors import PlanError
from runback.rehab.stage_pattern import Speeds, lay_out, tells_distance
from runback.workout.formatting import spell_speed
from runback.workout.limits import check_caps
from runback.workout.model import Kind, Repeat, Step, Workout


class EvidenceGrade(StrEnum):
    """Where a figure comes from."""

    READ = "V"  # read in the source
    DESIGN = "D"  # this project's design

    @property
    def meaning(self) -> str:
        """In words."""
        return "as read in the source" if self is EvidenceGrade.READ else "this project's own design"


class ProgressionKind(StrEnum):
    """What decides how a plan goes on."""

    CHECK_INS = "check-ins"  # the rules 1-8 of training.md
    SCHEDULE = "schedule"  # the published plan's own counts


@dataclass(frozen=True, slots=True)
class GateRules:
    """What has to be there before stage 1. Zero: not asked for."""

    days: int = 0
    """Days of low-impact work."""
    per_week: int = 0
    walk_minutes: int = 0
    """One brisk walk at least this long, ..."""
    walk_pain: int = 0
    """... with pain of at most this, and no rise next morning."""
    clearance: bool = False
    """Leg symptoms or surgery need a clinician's clearance."""


@dataclass(frozen=True, slots=True)
class PlanRules:
    """How one goes on. None: the source sets no such limit."""

    judge: ProgressionKind
    rest_hours: int
    """From the end of the first session to the start of the second, then from start to start: see `rest`."""
    per_week: int | None = None
    """Sessions in any seven days, at most."""
    stages_per_week: int | None = None
    """Steps up in any seven days, at most."""
    repeat_freely: bool = False
    """The person may go back to any earlier stage as often as they like."""
    no_added_pain: bool = False
    """Pain above that before the session holds the stage."""
    asks_effort: bool = False
    """The source asks how hard the session was, 0-10 (`CheckIn.effort`)."""
    pain_rules_after: str | None = None
    """Who comes from the plan of this name is judged by check-ins, as there."""
    says: tuple[str, ...] = ()
    """The rules in words, each with its [V] or [D]."""


@dataclass(frozen=True, slots=True)
class PlanStage:
    """One stage. `sessions` is how often it is done before the next; `day` the day it falls on in the ideal course.

    `pattern` is what stands between warm-up and cool-down, see `layout`; `until` metres it is repeated for, or None.
    """

    id: str
    pattern: str
    evidence: EvidenceGrade
    until: float | None = None
    sessions: int = 1
    day: int | None = None
    note: str = ""
    done: str = ""
    """What to add when it has gone well."""
    maintenance: bool = False
    """It is kept up, with one check-in a run: the one before it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan, as its file says."""

    name: str
    title: str
    source: str
    audience: str
    exclusions: tuple[str, ...]
    gate: GateRules
    rules: PlanRules
    warm_up: float
    cool_down: float
    speeds: Speeds
    run_low: int
    run_high: int
    cap: int
    """No step of this plan may be faster, whatever the person adds."""
    stages: tuple[PlanStage, ...]
    start: int
    """Index of the stage one begins with; the ones before it are for going back to."""
    goes_on: str = ""
    """Where to go when every stage is done."""

    def index(self, stage_id: str) -> int:
        """Where the stage with `stage_id` stands. Raises PlanError if there is none."""
        for index, stage in enumerate(self.stages):
            if stage.id == stage_id:
                return index
        known = ", ".join(stage.id for stage in self.stages)
        raise PlanError(f"plan {self.name}", f"there is no stage {quoted(stage_id)}", f"its stages are {known}")

    def pattern(self, stage: PlanStage, speeds: Speeds | None = None) -> tuple[Step | Repeat, ...]:
        """What stands between warm-up and cool-down."""
        return lay_out(stage.pattern, stage.until, speeds or self.speeds, f"plan {self.name}: stage {stage.id}")

    def workout(self, stage: PlanStage, speeds: Speeds | None = None) -> Workout:
        """`stage` as an ordinary workout, at `speeds` (the plan's own if None). Raises WorkoutError above the cap."""
        speeds = speeds or self.speeds
        steps = (
            Step(Kind.WARM_UP, self.warm_up, speeds.warm_up),
            *self.pattern(stage, speeds),
            Step(Kind.COOL_DOWN, self.cool_down, speeds.cool_down),
        )
        description = " ".join(filter(None, (f"{self.title}, stage {stage.id}.", stage.note, self._as_times(stage))))
        workout = Workout(f"{self.name} {stage.id}", steps, description)
        check_caps(workout, self.cap, f"cap of the plan {self.name}")
        return workout

    def notes(self, stage: PlanStage) -> tuple[str, ...]:
        """What a person should know about where `stage` comes from."""
        told = (f"Stage {stage.id} is {stage.evidence.meaning}.", stage.note, self._as_times(stage))
        return tuple(filter(None, told))

    def _as_times(self, stage: PlanStage) -> str:
        if not tells_distance(stage.pattern, stage.until):
            return ""
        return "The source gives distances: here they are times at the speeds of the plan."

    def run_seconds(self, stage: PlanStage, speeds: Speeds | None = None) -> float:
        """The stage's total of running: what is planned, and what a session's running may be extended to."""
        return run_seconds(self.pattern(stage, speeds))

    def with_speeds(self, run: int | None = None, walk: int | None = None) -> Speeds:
        """The plan's speeds with the person's own for running or walking. Raises PlanError outside the plan's range."""
        run = self.speeds.run if run is None else run
        walk = self.speeds.walk if walk is None else walk
        low, high = spell_speed(self.run_low), spell_speed(self.run_high)
        if not self.run_low <= run <= self.run_high:
            what = f"a running speed of {spell_speed(run)} km/h is outside this plan"
            raise PlanError(f"plan {self.name}", what, f"choose {low} to {high} km/h")
        if not 0 < walk < self.run_low:
            what = f"{spell_speed(walk)} km/h is too fast for walking here"
            raise PlanError(f"plan {self.name}", what, f"choose less than {low} km/h")
        return replace(self.speeds, run=run, walk=walk)


def run_seconds(steps: tuple[Step | Repeat, ...]) -> float:
    """Seconds of running in `steps`."""
    return sum(step.duration for step in Workout("", steps).flat() if step.kind is Kind.RUN)
