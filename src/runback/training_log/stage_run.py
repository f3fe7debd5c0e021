"""A stage made ready to be run: its workout, its limits, and the purpose its session is marked with.

Rules:
- Only what a decision says, and only if that decision is ready: nothing is left to ask, and the person may run.
- The running speeds are within the plan's own range; nothing may exceed its cap, whatever the person adds.
"""

from __future__ import annotations

from dataclasses import dataclass

from runback.errors import PlanError
from runback.journal.plan_runs import Purpose
from runback.rehab.decision import Decision
from runback.rehab.plan import Plan, PlanStage
from runback.workout.model import Workout


@dataclass(frozen=True, slots=True)
class StageRun:
    """`workout` of `stage`. `run_cap` is what its running may be extended to, seconds (`Session(run_cap=...)`); `cap`
    the speed that the gate never passes, 0.01 km/h (`Caps(plan=...)`); `purpose` is for the recording."""

    plan: Plan
    stage: PlanStage
    workout: Workout
    run_cap: float
    cap: int
    purpose: Purpose


def staged(plan: Plan, decision: Decision, *, run: int | None = None, walk: int | None = None) -> StageRun:
    """The stage of `plan` that `decision` lets run now, at speeds of `run` and `walk` (0.01 km/h; None: the plan's).
    Raises PlanError if it lets none, or for a speed outside the plan's range."""
    if not decision.ready or decision.stage is None:
        raise PlanError(f"plan {plan.name}", decision.sentence, "`runback plan` says what comes next, and when")
    speeds = plan.with_speeds(run, walk)
    workout = plan.workout(decision.stage, speeds)
    seconds = plan.run_seconds(decision.stage, speeds)
    purpose = Purpose(plan.name, decision.stage.id, round(seconds * 1000), speeds.walk)
    return StageRun(plan, decision.stage, workout, seconds, plan.cap, purpose)
