"""Red flags are about now, and an answer that reported one never says that there is none (training.md, "Red flags")."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.rehab.decision import DecisionKind, DueQuestion
from runback.rehab.progression import decide
from runback.rehab.records import CheckInMoment, Clearance, Cleared, Declaration, History
from runback.rehab.red_flags import NEW_SINCE, RISK_QUESTIONS, HealthRisk, RedFlag, StopSign, Urgency, help_for
from tests.support.rehab.examples import B, G, M
from tests.support.rehab.story import PLAN, Story, at
from tests.support.rehab.strategies import QUICK, asked

URGENT = [flag for flag in RedFlag if flag.urgency is Urgency.URGENT]
FEVER = frozenset({RedFlag.FEVER})


def test_the_lists_are_those_of_training_md() -> None:
    assert {flag.value for flag in RedFlag if flag.urgency is Urgency.EMERGENCY} == {
        "saddle numbness",
        "bladder or bowel",
        "sexual dysfunction",
        "both legs",
        "chest pain",
        "trauma",
    }
    assert {RedFlag.LUMP, RedFlag.COUGHING, RedFlag.SHOULDER_BLADES} <= set(URGENT)
    assert [risk.value for risk in HealthRisk] == [
        "cancer",
        "steroids",
        "osteoporosis",
        "weak immune system",
        "recent trauma",
    ]
    assert all(risk.question == RISK_QUESTIONS[risk] and risk.question.endswith("?") for risk in HealthRisk)


def test_they_are_asked_about_now() -> None:
    assert "new since last time" in NEW_SINCE
    assert "since last time" in RedFlag.TRAUMA.question
    assert "not sore muscles" in RedFlag.BOTH_LEGS.question
    assert "tingling" in RedFlag.BOTH_LEGS.question
    assert "irregularly" in StopSign.PALPITATIONS.question


@pytest.mark.parametrize("lesser", URGENT)
def test_a_lesser_flag_never_hides_a_graver_one(lesser: RedFlag) -> None:
    story = Story().say(M, at(1), flags=frozenset({RedFlag.CHEST_PAIN})).say(G, at(2), flags=frozenset({lesser}))
    decision = story.ask(at(3))
    assert decision.help == help_for([RedFlag.CHEST_PAIN])
    assert decision.sentence.startswith("The plan is locked: you reported a red flag (chest pain, ")


@pytest.mark.parametrize("moment", [G, B])
def test_an_answer_with_a_flag_never_stands_for_no_flag_before_stage_1(moment: CheckInMoment) -> None:
    story = Story().gate(at(1)).only(check_ins=()).say(moment, at(1), flags=FEVER).clear(Cleared.RED_FLAG, at(1, 1))
    decision = story.ask(at(1, 2))
    assert (decision.kind, decision.ask) == (DecisionKind.ASK, DueQuestion.GATE)


def test_an_answer_with_a_flag_is_asked_for_again_at_48_hours_and_before_a_run() -> None:
    story = Story().session("1", at(1), g=None).say(G, at(3, 1), 1, flags=FEVER).clear(Cleared.RED_FLAG, at(3, 2))
    assert story.ask(at(3, 3)).ask is DueQuestion.GATE
    story.say(G, at(3, 3), 1).say(B, at(3, 5.1), 1, flags=FEVER).clear(Cleared.RED_FLAG, at(3, 5.2))
    assert story.ask(at(3, 5.3)).ask is DueQuestion.BEFORE


@QUICK
@given(asked(), st.sampled_from(CheckInMoment), st.sampled_from(RedFlag))
def test_a_flagged_answer_never_makes_anybody_ready(
    case: tuple[History, datetime], moment: CheckInMoment, flag: RedFlag
) -> None:
    """With every other answer taken away, and the flag cleared a moment later."""
    history, now = case
    told = [each for each in history.check_ins if each.at <= now]
    if not told:
        return
    said = replace(told[-1], moment=moment, at=now - timedelta(minutes=2), red_flags=frozenset({flag}))
    kept = tuple(each for each in history.check_ins if each.at <= now - timedelta(hours=49) or each.moment is M)
    cleared = Clearance(Cleared.RED_FLAG, now - timedelta(minutes=1))
    changed = replace(history, check_ins=(*kept, said), clearances=(*history.clearances, cleared))
    assert not decide(PLAN, changed, now).ready


# -- what is asked once ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("risk", HealthRisk)
def test_a_risk_to_the_health_needs_a_clinician_before_stage_1(risk: HealthRisk) -> None:
    told = Declaration(at(-29), leg_symptoms=False, surgery=False, risks=frozenset({risk}))
    story = Story().gate(at(1)).only(declarations=(told,))
    decision = story.ask(at(1))
    assert (decision.kind, decision.clearance) == (DecisionKind.WAIT, Cleared.HEALTH)
    assert decision.sentence == (
        f"Before your first run: your health ({risk.value}): a clinician has to clear you to run first"
    )
    assert story.clear(Cleared.START, at(0)).ask(at(1)).clearance is Cleared.HEALTH
    story.clear(Cleared.HEALTH, at(-20), "Dr Lee")
    assert story.ask(at(1)).kind is DecisionKind.START
    assert "Your health: cleared by Dr Lee" in story.ask(at(1)).notes


def test_a_declaration_of_the_first_release_did_not_ask_and_is_asked_again() -> None:
    story = Story().gate(at(1)).only(declarations=(Declaration(at(-29), leg_symptoms=False, surgery=False),))
    assert story.ask(at(1)).ask is DueQuestion.DECLARATION
