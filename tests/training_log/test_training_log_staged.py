"""A stage is made ready only when it may be run, and never faster than its plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from runback.errors import PlanError
from runback.journal.plan_runs import Purpose
from runback.rehab.decision import Decision, DecisionKind, DueQuestion
from runback.rehab.library import load, names
from runback.training_log.stage_run import staged
from runback.workout.model import Kind

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLAN = load("return-to-running")
READY = Decision(DecisionKind.ADVANCE, NOW, 5, PLAN.stages[PLAN.index("2")], "Go on to stage 2: all was well")


def test_a_ready_stage_has_its_workout_its_limits_and_its_purpose() -> None:
    made = staged(PLAN, READY)
    assert (made.stage.id, made.workout.name, made.run_cap, made.cap) == ("2", "return-to-running 2", 360.0, 1000)
    assert made.purpose == Purpose("return-to-running", "2", 360_000, 500)


def test_the_persons_own_speeds_are_within_the_plans_range() -> None:
    made = staged(PLAN, READY, run=700, walk=480)
    speeds = {step.kind: step.speed for step in made.workout.flat()}
    assert (speeds[Kind.RUN], speeds[Kind.WALK], made.purpose.walking) == (700, 480, 480)
    for run in (640, 910, 1000):
        with pytest.raises(PlanError, match="outside this plan"):
            staged(PLAN, READY, run=run)


@pytest.mark.parametrize(
    "decision",
    [
        replace(READY, ask=DueQuestion.BEFORE),
        replace(READY, kind=DecisionKind.WAIT),
        replace(READY, kind=DecisionKind.LOCKED, stage=None),
        replace(READY, stage=None),
    ],
)
def test_a_stage_that_may_not_be_run_is_not_made(decision: Decision) -> None:
    with pytest.raises(PlanError, match="all was well"):
        staged(PLAN, decision)


@pytest.mark.parametrize("name", names())
def test_every_stage_of_every_plan_can_be_staged(name: str) -> None:
    plan = load(name)
    for stage in plan.stages:
        made = staged(plan, replace(READY, stage=stage))
        assert made.purpose.running == round(made.run_cap * 1000) > 0
        assert made.workout.top_speed <= made.cap
