"""Plan files: what they hold is what training.md says, and each stage is an ordinary workout."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runback.errors import PlanError, WorkoutError
from runback.rehab.library import load, loads, names
from runback.rehab.plan import EvidenceGrade, Plan, PlanStage
from runback.rehab.stage_pattern import metres
from runback.workout.files import dump
from runback.workout.files import loads as workout_loads
from runback.workout.model import Kind, Step

PLANS = [load(name) for name in names()]
PLAN = PLANS[0]
STAGES = [(plan, stage) for plan in PLANS for stage in plan.stages]


def runs(plan: Plan, stage_id: str) -> list[tuple[str, float]]:
    """What stands between warm-up and cool-down, as (kind, seconds)."""
    steps = plan.workout(plan.stages[plan.index(stage_id)]).flat()[1:-1]
    return [("run" if step.kind is Kind.RUN else "walk", step.duration) for step in steps]


def test_return_to_running_comes_first_and_the_published_ones_stand_by_themselves() -> None:
    assert names() == (
        "return-to-running",
        "asteroid",
        "couch-to-5k",
        "delaware-treadmill",
        "military",
        "sydney-physio",
    )


@pytest.mark.parametrize(
    ("stage", "total", "longest", "walks"),
    [
        ("0a", 60, 15, 5),
        ("0b", 150, 30, 5),
        ("1", 300, 60, 5),
        ("2", 360, 90, 4),
        ("3", 420, 120, 3),
        ("4", 480, 180, 2),
        ("5", 540, 270, 1),
        ("6", 540, 360, 1),
        ("7", 570, 450, 1),
        ("8", 600, 600, 0),
        ("9", 600, 600, 0),
    ],
)
def test_each_stage_is_that_of_the_table_and_lasts_ten_minutes(
    stage: str, total: float, longest: float, walks: int
) -> None:
    steps = runs(PLAN, stage)
    ran = [seconds for kind, seconds in steps if kind == "run"]
    assert (sum(ran), max(ran), len(steps) - len(ran)) == (total, longest, walks)
    assert PLAN.run_seconds(PLAN.stages[PLAN.index(stage)]) == total
    assert sum(seconds for _, seconds in steps) == 600


def test_warm_up_and_cool_down_stand_outside_the_ten_minutes() -> None:
    first, *_, last = PLAN.workout(PLAN.stages[PLAN.start]).flat()
    assert first == Step(Kind.WARM_UP, 300, 450)
    assert last.kind is Kind.COOL_DOWN
    assert 180 <= last.duration <= 300


def test_the_speeds_and_the_gate_are_those_of_the_source() -> None:
    assert (PLAN.speeds.warm_up, PLAN.speeds.walk, PLAN.speeds.run) == (450, 500, 750)
    assert (PLAN.run_low, PLAN.run_high, PLAN.cap) == (650, 900, 1000)
    gate = PLAN.gate
    assert (gate.days, gate.per_week, gate.walk_minutes, gate.walk_pain, gate.clearance) == (28, 3, 30, 2, True)
    assert PLAN.rules.rest_hours == 48


@pytest.mark.parametrize(("plan", "stage"), STAGES, ids=lambda each: getattr(each, "name", None) or each.id)
def test_a_stage_survives_being_written_to_a_workout_file(plan: Plan, stage: PlanStage) -> None:
    workout = plan.workout(stage)
    assert workout_loads(dump(workout), "dumped.toml") == workout
    assert workout.top_speed <= plan.cap
    assert all(step.incline == 0 for step in workout.flat())


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_every_plan_names_its_source_its_audience_and_the_evidence_of_each_stage(plan: Plan) -> None:
    assert "[V]" in plan.source or "[D]" in plan.source
    assert plan.audience
    assert plan.exclusions
    assert plan.rules.says
    assert all("[V]" in line or "[D]" in line for line in plan.rules.says)
    assert all(stage.evidence.meaning in plan.notes(stage)[0] for stage in plan.stages)
    derived = [stage for stage in plan.stages if stage.evidence is EvidenceGrade.DESIGN]
    assert plan is PLAN or all("[D]" in stage.note for stage in derived)


@pytest.mark.parametrize(
    ("plan", "stage", "steps"),
    [
        ("couch-to-5k", "w3", [("run", 90), ("walk", 90), ("run", 180), ("walk", 180)] * 2),
        ("couch-to-5k", "w6.2", [("run", 600), ("walk", 180), ("run", 600)]),
        ("couch-to-5k", "w9", [("run", 1800)]),
        ("asteroid", "1", [("run", 15), ("walk", 120)] * 10),
        ("asteroid", "8", [("run", 180), ("walk", 120)] * 6),
        ("sydney-physio", "1", [("walk", 270), ("run", 30)] * 4),
        ("sydney-physio", "2", [("walk", 270), ("run", 30)] * 4),
        ("sydney-physio", "3", [("walk", 240), ("run", 60)] * 4),
        ("sydney-physio", "18", [("walk", 30), ("run", 270)] * 4),
        ("sydney-physio", "19", [("run", 1200)]),
        ("delaware-treadmill", "l1", [("walk", 116), ("run", 77)] * 10),
        ("military", "1", [("walk", 120), ("run", 180)] * 2 + [("walk", 120), ("run", 172)]),
    ],
)
def test_published_stages_are_those_of_their_tables(plan: str, stage: str, steps: list[tuple[str, float]]) -> None:
    assert runs(load(plan), stage) == steps


@pytest.mark.parametrize(
    ("plan", "stage", "miles"),
    [
        ("military", "2", 1.5),
        ("military", "5", 2.0),
        ("military", "6", 2.0),
        ("delaware-treadmill", "l4", 2.0),
        ("delaware-treadmill", "l6", 2.5),
        ("delaware-treadmill", "l8", 3.0),
    ],
)
def test_distances_become_times_that_cover_them_and_say_so(plan: str, stage: str, miles: float) -> None:
    found = load(plan)
    steps = found.workout(found.stages[found.index(stage)]).flat()[1:-1]
    assert metres(steps) == pytest.approx(miles * 1609.344, abs=10)
    assert any("The source gives distances" in note for note in found.notes(found.stages[found.index(stage)]))


def test_the_sydney_stages_do_each_step_of_30_seconds_twice() -> None:
    plan = load("sydney-physio")
    twice = [120 * half for half in range(1, 10) for _ in range(2)]
    assert [plan.run_seconds(stage) for stage in plan.stages] == [*twice, 1200]


def test_the_military_warm_up_is_as_long_as_its_source_says_and_its_pain_and_effort_count() -> None:
    plan = load("military")
    assert 600 <= plan.warm_up <= 900
    assert (plan.rules.no_added_pain, plan.rules.asks_effort) == (True, True)


def test_the_two_miles_of_delaware_are_in_its_table_and_asteroid_says_whom_it_studied() -> None:
    delaware = load("delaware-treadmill")
    assert all("[D]" not in stage.note for stage in delaware.stages if stage.id in ("l2", "l3", "l4"))
    assert any("18 to 45" in line for line in load("asteroid").exclusions)


def test_nobody_needs_pydantic_before_a_plan_is_read() -> None:
    code = "import sys; import runback.rehab.progression, runback.rehab.status; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# -- speeds ---------------------------------------------------------------------------------------------------------


def test_the_person_chooses_a_speed_within_the_plans_range() -> None:
    workout = PLAN.workout(PLAN.stages[2], PLAN.with_speeds(run=800, walk=550))
    assert {(step.kind, step.speed) for step in workout.flat()[1:-1]} == {(Kind.RUN, 800), (Kind.WALK, 550)}
    assert PLAN.with_speeds() == PLAN.speeds


@pytest.mark.parametrize("run", [640, 910])
def test_a_running_speed_outside_the_range_is_refused(run: int) -> None:
    with pytest.raises(PlanError, match=r"choose 6\.5 to 9\.0 km/h"):
        PLAN.with_speeds(run=run)


@pytest.mark.parametrize("walk", [0, 650])
def test_a_walking_speed_that_is_none_is_refused(walk: int) -> None:
    with pytest.raises(PlanError, match="too fast for walking"):
        PLAN.with_speeds(walk=walk)


def test_a_distance_is_the_same_at_another_speed() -> None:
    plan = load("military")
    steps = plan.workout(plan.stages[0], plan.with_speeds(run=900)).flat()[1:-1]
    assert metres(steps) == pytest.approx(1609.344, abs=10)


# -- files ----------------------------------------------------------------------------------------------------------

FILE = """
name = "mine"
title = "Mine"
source = "Me [D]"
audience = "Me"
start = "1"
warm_up = "5m"
cool_down = "180s"
[rules]
judge = "check-ins"
rest_hours = 48
says = ["So. [D]"]
[speeds]
warm_up = 4.5
walk = 5.0
run = 7.5
cool_down = 4.0
run_low = 6.5
run_high = 9.0
cap = 10.0
[[stage]]
id = "1"
pattern = "2x(60s run, 60s walk)"
evidence = "D"
"""


def test_a_plan_file_is_read() -> None:
    plan = loads(FILE, "mine.toml")
    assert (plan.name, plan.cool_down, plan.stages[0].sessions, plan.gate.days) == ("mine", 180.0, 1, 0)
    assert not plan.gate.clearance


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ('title = "Mine"', "", "mine.toml: title", "field required"),
        ('title = "Mine"', 'titel = "Mine"\ntitle = "Mine"', "mine.toml: titel", "not permitted"),
        ("run = 7.5", "run = 6.0", "mine.toml: speeds", "outside its range"),
        ("cap = 10.0", "cap = 8.0", "mine.toml: speeds", "outside its range"),
        ('start = "1"', 'start = "2"', "mine.toml: start", 'no stage "2"'),
        ("rest_hours = 48", "rest_hours = 47", "mine.toml: rules", "below 48 hours"),
        ("rest_hours = 48", "rest_hours = 2.5", "mine.toml: rules.rest_hours", "valid integer"),
        ("60s run", "60 run", "mine.toml: stage 1", "no unit"),
        ("60s run", "60s sprint", "mine.toml: stage 1", "sprint"),
        ("60s run", "60s walk", "mine.toml: stage 1", "no running"),
        ('warm_up = "5m"', 'warm_up = "5"', "mine.toml: warm_up", "no unit"),
        ("warm_up = 4.5", "warm_up = 11.0", "mine.toml: stage 1", "above the cap"),
        ('evidence = "D"', 'evidence = "X"', "mine.toml: stage.1.evidence", "'V' or 'D'"),
        ('evidence = "D"', 'evidence = "D"\nsessions = 0', "mine.toml: stage.1.sessions", "greater than"),
        ('name = "mine"', "name = mine", "mine.toml", "broken TOML"),
    ],
)
def test_a_fault_in_a_plan_file_is_one_line_with_its_place(old: str, new: str, where: str, what: str) -> None:
    with pytest.raises(PlanError) as caught:
        loads(FILE.replace(old, new, 1), "mine.toml")
    assert caught.value.where.startswith(where)
    assert what in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_stage_that_stands_twice_is_refused() -> None:
    with pytest.raises(PlanError, match='stage "1" is there twice'):
        loads(FILE + FILE[FILE.index("[[stage]]") :], "mine.toml")


@pytest.mark.parametrize(
    ("name", "hint"), [("return-to-runing", "did you mean return-to-running"), ("x", "the plans are")]
)
def test_an_unknown_plan_offers_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(PlanError, match=hint):
        load(name)


def test_a_stage_above_the_cap_is_refused_when_its_speeds_are_changed_past_the_plan() -> None:
    fast = load("delaware-treadmill").speeds
    with pytest.raises(WorkoutError, match="cap of the plan return-to-running"):
        PLAN.workout(PLAN.stages[2], type(fast)(450, 500, 1100, 1100, 400))


@given(st.text(max_size=200))
@settings(deadline=None)
def test_any_text_is_a_plan_or_one_line(text: str) -> None:
    with pytest.raises(PlanError) as caught:
        loads(text, "fuzz.toml")
    assert str(caught.value).isprintable()
