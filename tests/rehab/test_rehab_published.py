"""The published plans go by their own counts, and by nothing else but red flags and signs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from runback.rehab.activity import ActivityKind, LoggedActivity
from runback.rehab.decision import DecisionKind, DueQuestion
from runback.rehab.library import load
from runback.rehab.plan import Plan
from runback.rehab.records import CheckInMoment, Cleared, Declaration
from tests.support.rehab.story import Story, at

NHS, DELAWARE, MILITARY = load("couch-to-5k"), load("delaware-treadmill"), load("military")
ASTEROID, SYDNEY = load("asteroid"), load("sydney-physio")


def told(story: Story, day: float) -> tuple[DecisionKind, str | None]:
    decision = story.ask(at(day))
    return decision.kind, decision.stage.id if decision.stage else None


def test_a_published_plan_asks_for_red_flags_and_starts() -> None:
    story = Story(NHS)
    assert story.ask(at(1)).ask is DueQuestion.GATE
    assert told(story.say(CheckInMoment.GATE, at(1)), 1) == (DecisionKind.START, "w1")


def test_couch_to_5k_has_three_of_each_week_and_no_rules_about_pain() -> None:
    story = Story(NHS).session("w1", at(1), d=5, g=5)
    assert told(story, 3.5) == (DecisionKind.REPEAT, "w1")
    assert "1 of 3 times" in story.ask(at(3.5)).sentence
    story.session("w1", at(3, 1)).session("w1", at(5, 2))
    assert told(story, 8.2) == (DecisionKind.ADVANCE, "w2")
    assert "repeat any earlier one" in story.ask(at(8.2)).sentence


def test_couch_to_5k_waits_for_a_rest_day_and_for_the_week() -> None:
    story = Story(NHS).session("w1", at(1)).session("w1", at(3, 1)).session("w1", at(5, 2))
    decision = story.ask(at(7, 3))
    assert (decision.kind, decision.earliest) == (DecisionKind.WAIT, at(8))
    assert "at most 3 sessions in seven days" in decision.sentence
    assert Story(NHS).session("w1", at(1), g=None).ask(at(2)).earliest == at(3, 1 / 3)


def test_couch_to_5k_goes_back_as_the_person_likes() -> None:
    story = Story(NHS)
    for number in range(3):
        story.session("w1", at(1 + 3 * number))
    for number in range(3):
        story.session("w2", at(10 + 3 * number))
    for number in range(2):
        story.session("w1", at(20 + 3 * number))
    assert told(story, 29) == (DecisionKind.REPEAT, "w1")
    assert told(story.session("w1", at(29)), 33) == (DecisionKind.ADVANCE, "w2")


def test_couch_to_5k_ends() -> None:
    story = Story(NHS)
    day = 1.0
    for stage in NHS.stages:
        for _ in range(stage.sessions):
            story.session(stage.id, at(day))
            day += 3
    assert told(story, day) == (DecisionKind.FINISHED, "w9")


def test_delaware_takes_at_most_two_levels_in_seven_days() -> None:
    story = Story(DELAWARE).session("l1", at(1))
    assert told(story, 3.5) == (DecisionKind.ADVANCE, "l2")
    story.session("l2", at(3, 1))
    assert told(story, 5.9) == (DecisionKind.REPEAT, "l2")
    assert "2 stages in seven days" in story.ask(at(5.9)).sentence
    assert told(story, 8.5) == (DecisionKind.ADVANCE, "l3")


def test_delaware_takes_at_most_four_sessions_in_seven_days() -> None:
    story = Story(DELAWARE)
    story.plan = replace(DELAWARE, rules=replace(DELAWARE.rules, rest_hours=24))
    for day in (1, 2.5, 4, 5.5):
        story.session("l1", at(day), g=None)
    assert story.ask(at(7)).earliest == at(8)


@pytest.mark.parametrize(
    ("d", "g", "kind"), [(1, 1, DecisionKind.ADVANCE), (2, 1, DecisionKind.REPEAT), (1, 2, DecisionKind.REPEAT)]
)
def test_delaware_stays_at_a_level_with_added_pain(d: int, g: int, kind: DecisionKind) -> None:
    story = Story(DELAWARE).session("l1", at(1), d=d, g=g)
    assert story.ask(at(3.5)).kind is kind


@pytest.mark.parametrize(("b", "d"), [(None, 0), (1, None)])
def test_delaware_holds_when_pain_was_not_told(b: int | None, d: int | None) -> None:
    story = Story(DELAWARE).session("l1", at(1), b=b, d=d, m=0, g=0)
    assert told(story, 3.5) == (DecisionKind.HOLD, "l1")


def test_the_military_plan_does_each_phase_twice() -> None:
    story = Story(MILITARY).session("1", at(1))
    assert told(story, 3.5) == (DecisionKind.REPEAT, "1")
    assert told(story.session("1", at(4)), 6.5) == (DecisionKind.ADVANCE, "2")


def test_the_military_plan_does_not_progress_with_more_pain() -> None:
    story = Story(MILITARY).session("1", at(1)).session("1", at(4), g=2)
    decision = story.ask(at(6.5))
    assert (decision.kind, decision.sentence) == (
        DecisionKind.REPEAT,
        "Repeat stage 1: there was more pain than before the run",
    )


def test_asteroid_takes_a_stage_a_week_after_two_sessions() -> None:
    story = Story(ASTEROID).session("1", at(1)).session("1", at(3, 1))
    assert told(story, 5.9) == (DecisionKind.REPEAT, "1")
    assert "1 stages in seven days" in story.ask(at(5.9)).sentence
    assert told(story, 8.1) == (DecisionKind.ADVANCE, "2")


def test_asteroid_excludes_leg_symptoms_and_surgery_without_a_clinician() -> None:
    story = (
        Story(ASTEROID)
        .say(CheckInMoment.GATE, at(1))
        .add(declarations=(Declaration(at(1), leg_symptoms=True, surgery=False, risks=frozenset()),))
    )
    assert story.ask(at(1)).clearance is Cleared.LEG_SYMPTOMS


def test_sydney_asks_for_a_walk_free_of_pain() -> None:
    walk = LoggedActivity(ActivityKind.WALKING, 30, at(0), 1, rise_next_morning=False)
    story = Story(SYDNEY).say(CheckInMoment.GATE, at(1)).add(activities=(walk,))
    assert story.ask(at(1)).kind is DecisionKind.WAIT
    story.history = replace(story.history, activities=(replace(walk, pain=0),))
    assert told(story, 1) == (DecisionKind.START, "1")
    assert told(story.session("1", at(1)), 3.5) == (DecisionKind.ADVANCE, "2")


@pytest.mark.parametrize("stopped", [True, False])
@pytest.mark.parametrize("plan", [NHS, DELAWARE, MILITARY, ASTEROID, SYDNEY], ids=lambda plan: plan.name)
def test_a_sign_does_not_lead_to_the_next_stage(plan: Plan, stopped: bool) -> None:
    story = Story(plan)
    first = plan.stages[0]
    for number in range(first.sessions):
        story.session(first.id, at(1 + 7 * number), stopped=stopped)
    if not stopped:
        story.say(CheckInMoment.MORNING, story.history.sessions[-1].ended + timedelta(hours=13), 1, limp=True)
    assert told(story, 1 + 7 * first.sessions) == (DecisionKind.REPEAT, first.id)


@pytest.mark.parametrize("plan", [NHS, DELAWARE, MILITARY, ASTEROID, SYDNEY], ids=lambda plan: plan.name)
def test_nobody_runs_on_the_day_of_a_sign(plan: Plan) -> None:
    story = Story(plan).session(plan.stages[0].id, at(1)).say(CheckInMoment.BEFORE, at(4), 1, limp=True)
    decision = story.ask(at(4))
    assert (decision.kind, decision.earliest, decision.can_override) == (DecisionKind.WAIT, at(4, 20), False)
    assert decision.sentence.startswith(f"Wait, then repeat stage {plan.stages[0].id}: something made you stop")


def test_little_of_a_session_does_not_count() -> None:
    story = Story(SYDNEY).session("1", at(1), share=0.5)
    assert told(story, 4) == (DecisionKind.REPEAT, "1")
    assert "50 % of the running" in story.ask(at(4)).sentence
