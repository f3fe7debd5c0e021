"""The tables of a plan file.

Rules:
- This is the only file of the room that imports pydantic; `library` imports it when a plan is read, not before.
- A key nobody knows is refused; the first fault is told with its place.
- Every stage can be laid out as a workout below the plan's cap, or the file is refused.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from runback.config_files.error_text import printable, quoted
from runback.errors import InputError, PlanError, WorkoutError
from runback.rehab.plan import EvidenceGrade, GateRules, Plan, PlanRules, PlanStage, ProgressionKind
from runback.rehab.stage_pattern import Speeds
from runback.units import METRES_PER_MILE, speed_from_kmh
from runback.workout import quantities

LEAST_REST = 48
"""Hours, where check-ins decide."""

Line = Annotated[str, Field(min_length=1, max_length=400)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
StageId = Annotated[str, Field(pattern=r"^[a-z0-9.]{1,12}$")]
Speed = Annotated[float, Field(gt=0, le=20, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1, le=100, strict=True)]
Whole = Annotated[int, Field(ge=0, le=1000, strict=True)]


def _duration(value: object) -> object:
    try:
        return quantities.duration_value(value, "")
    except WorkoutError as error:
        raise ValueError(f"{error.what}; {error.hint}") from error


Duration = Annotated[float, BeforeValidator(_duration)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GateTable(_Table):
    """`[gate]`, see `plan.GateRules`."""

    days: Whole = 0
    per_week: Whole = 0
    walk_minutes: Whole = 0
    walk_pain: Annotated[int, Field(ge=0, le=10, strict=True)] = 0
    clearance: bool = False


class RulesTable(_Table):
    """`[rules]`, see `plan.Rules`."""

    judge: ProgressionKind
    rest_hours: Whole
    per_week: Count | None = None
    stages_per_week: Count | None = None
    repeat_freely: bool = False
    no_added_pain: bool = False
    asks_effort: bool = False
    pain_rules_after: Name | None = None
    says: tuple[Line, ...]


class SpeedsTable(_Table):
    """`[speeds]`, km/h. `fast` is the running speed if left out."""

    warm_up: Speed
    walk: Speed
    run: Speed
    fast: Speed | None = None
    cool_down: Speed
    run_low: Speed
    run_high: Speed
    cap: Speed

    def value(self) -> Speeds:
        fast = self.run if self.fast is None else self.fast
        return Speeds(*(speed_from_kmh(each) for each in (self.warm_up, self.walk, self.run, fast, self.cool_down)))


class StageTable(_Table):
    """One `[[stage]]`, see `plan.Stage`."""

    id: StageId
    pattern: Line
    evidence: EvidenceGrade
    until_miles: Annotated[float, Field(gt=0, le=30, allow_inf_nan=False)] | None = None
    sessions: Count = 1
    day: Count | None = None
    note: Annotated[str, Field(max_length=300)] = ""
    done: Annotated[str, Field(max_length=300)] = ""
    maintenance: bool = False

    def value(self) -> PlanStage:
        until = None if self.until_miles is None else self.until_miles * METRES_PER_MILE
        kept = (self.sessions, self.day, self.note, self.done, self.maintenance)
        return PlanStage(self.id, self.pattern, self.evidence, until, *kept)


class PlanTable(_Table):
    """A whole file."""

    name: Name
    title: Line
    source: Line
    audience: Line
    exclusions: tuple[Line, ...] = ()
    start: StageId
    warm_up: Duration
    cool_down: Duration
    goes_on: Annotated[str, Field(max_length=300)] = ""
    gate: GateTable = GateTable()
    rules: RulesTable
    speeds: SpeedsTable
    stage: Annotated[tuple[StageTable, ...], Field(min_length=1)]


def plan_from(data: dict[str, object], where: str) -> Plan:
    """The plan in a parsed file. Raises PlanError whose `where` is the file and the place in it."""
    try:
        table = PlanTable.model_validate(data)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part + 1) if isinstance(part, int) else part for part in fault["loc"])
        what = fault["msg"][:1].lower() + fault["msg"][1:]
        raise PlanError(f"{where}: {printable(place, 80)}", printable(what, 200), "correct that entry") from error
    stages = tuple(stage.value() for stage in table.stage)
    ids = [stage.id for stage in stages]
    for number, stage_id in enumerate(ids):
        if stage_id in ids[:number]:
            raise PlanError(where, f"stage {quoted(stage_id)} is there twice", "give every stage its own id")
    speeds = table.speeds
    if not speeds.run_low <= speeds.run <= speeds.run_high <= speeds.cap:
        raise PlanError(f"{where}: speeds", "the running speed is outside its range", "run_low ≤ run ≤ run_high ≤ cap")
    if table.rules.judge is ProgressionKind.CHECK_INS and table.rules.rest_hours < LEAST_REST:
        raise PlanError(
            f"{where}: rules", f"its rest is below {LEAST_REST} hours", "a reaction needs that long to show"
        )
    if table.start not in ids:
        raise PlanError(f"{where}: start", f"there is no stage {quoted(table.start)}", "name one of the stages")
    plan = Plan(
        name=table.name,
        title=table.title,
        source=table.source,
        audience=table.audience,
        exclusions=table.exclusions,
        gate=GateRules(**table.gate.model_dump()),
        rules=PlanRules(**table.rules.model_dump()),
        warm_up=table.warm_up,
        cool_down=table.cool_down,
        speeds=speeds.value(),
        run_low=speed_from_kmh(speeds.run_low),
        run_high=speed_from_kmh(speeds.run_high),
        cap=speed_from_kmh(speeds.cap),
        stages=stages,
        start=ids.index(table.start),
        goes_on=table.goes_on,
    )
    for stage in stages:
        try:
            plan.workout(stage)
        except InputError as error:
            raise PlanError(f"{where}: stage {stage.id}", error.what, error.hint) from error
        if plan.run_seconds(stage) <= 0:
            raise PlanError(f"{where}: stage {stage.id}", "there is no running in it", "add a run to its pattern")
    return plan
