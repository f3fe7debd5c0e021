"""Leg symptoms that were not there before are new, and new is no milder than further down (training.md, rule 2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.rehab.decision import RUNS, DecisionKind
from runback.rehab.history_as_found import as_found
from runback.rehab.progression import decide
from runback.rehab.records import CheckInMoment, Cleared, Declaration, History, LegSymptoms
from tests.support.rehab.examples import B, D, G, M
from tests.support.rehab.story import DOWN, LESS, NEW, NONE, PLAN, SAME, Story, at
from tests.support.rehab.strategies import QUICK, asked

MOMENTS = ((D, 0.4), (M, 14.0), (G, 48.4))


@pytest.mark.parametrize(("moment", "hours"), MOMENTS)
@pytest.mark.parametrize("leg", [NEW, SAME, LESS])
def test_none_and_then_the_same_is_judged_as_further_down(
    moment: CheckInMoment, hours: float, leg: LegSymptoms
) -> None:
    def told(answer: LegSymptoms) -> tuple[object, ...]:
        story = Story().session("1", at(1)).session("2", at(4)).say(moment, at(4, hours), 1, leg=answer)
        decision = story.ask(at(6, 1))
        return decision.kind, decision.rule, decision.stage, decision.earliest, decision.clearance

    assert told(leg) == told(DOWN)


def test_what_was_there_before_stays_what_it_was_called() -> None:
    story = Story().say(B, at(1), leg=SAME).say(G, at(2), leg=LESS).say(B, at(3), leg=DOWN).say(G, at(4), leg=SAME)
    assert [each.leg for each in as_found(story.history).check_ins] == [SAME, LESS, DOWN, SAME]
    assert as_found(story.history) is story.history


def test_leg_symptoms_as_they_always_are_let_the_plan_go_on() -> None:
    story = Story().run("1", at(1))
    for moment, hours, leg in ((B, -0.1, SAME), (D, 0.4, SAME), (M, 13, LESS), (G, 48.4, SAME)):
        story.say(moment, at(1, hours), 1, leg=leg)
    assert (story.ask(at(3, 1)).kind, story.ask(at(3, 1)).rule) == (DecisionKind.ADVANCE, 5)


def test_what_was_declared_before_the_plan_is_before() -> None:
    for declared, found in ((False, NEW), (True, SAME)):
        story = Story().add(declarations=(Declaration(at(0), leg_symptoms=declared, surgery=False),))
        assert [each.leg for each in as_found(story.say(B, at(1), leg=SAME).history).check_ins] == [found]


def test_the_same_as_last_time_never_opens_what_the_entry_criteria_close() -> None:
    story = Story().gate(at(1)).say(G, at(1), leg=SAME)
    decision = story.ask(at(1))
    assert (decision.kind, decision.clearance) == (DecisionKind.WAIT, Cleared.LEG_SYMPTOMS)
    story.say(G, at(3), leg=SAME).say(B, at(3, 0.1), leg=SAME)
    assert story.ask(at(3, 0.2)).clearance is Cleared.LEG_SYMPTOMS


@QUICK
@given(asked(), st.integers(0, 40), st.sampled_from([SAME, LESS, NEW]))
def test_none_then_anything_is_never_milder_than_down(
    case: tuple[History, datetime], which: int, leg: LegSymptoms
) -> None:
    history, now = case
    if len(history.check_ins) < 2:
        return
    number = 1 + which % (len(history.check_ins) - 1)
    check_ins = list(history.check_ins)
    check_ins[number - 1] = replace(check_ins[number - 1], leg=NONE)

    def told(answer: LegSymptoms) -> DecisionKind:
        said = (*check_ins[:number], replace(check_ins[number], leg=answer), *check_ins[number + 1 :])
        return decide(PLAN, replace(history, check_ins=said), now).kind

    mild, down = told(leg), told(DOWN)
    if mild in RUNS:
        assert down in RUNS
    assert (mild is DecisionKind.LOCKED) == (down is DecisionKind.LOCKED)
