"""Nobody is offered to go ahead against pain, and nobody can (training.md, "A good 48 hours")."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.errors import PlanError
from runback.rehab.decision import DecisionKind, DueQuestion, override
from runback.rehab.evaluation import judge
from runback.rehab.library import load
from runback.rehab.progression import decide
from runback.rehab.records import History, LegSymptoms, OtherRun, Override
from runback.rehab.status import status_lines
from tests.support.rehab.examples import B, D, G, M
from tests.support.rehab.story import DOWN, LESS, NEW, PLAN, SAME, Story, at
from tests.support.rehab.strategies import QUICK, asked

NHS = load("couch-to-5k")


def test_the_morning_after_a_good_run_going_ahead_is_offered() -> None:
    decision = Story().session("1", at(1), m=2, g=None).ask(at(2))
    assert (decision.kind, decision.can_override, decision.not_ahead) == (DecisionKind.WAIT, True, "")


def test_nobody_runs_twice_on_one_day() -> None:
    story = Story().run("1", at(1)).say(B, at(1, -0.1), 1).say(D, at(1, 0.4), 1)
    for hours in (0.5, 2, 5.9):
        decision = story.ask(at(1, hours))
        assert (decision.can_override, decision.not_ahead) == (False, "you have run today already")
    with pytest.raises(PlanError, match=r"cannot be overridden \(you have run today already\)"):
        override(story.ask(at(1, 2)), at(1, 2), "I feel great")


def test_nobody_goes_ahead_before_the_morning_after_is_answered() -> None:
    story = Story().session("1", at(1), m=None, g=None)
    assert story.ask(at(2)).ask is DueQuestion.MORNING
    assert not story.ask(at(2)).can_override
    forgotten = story.ask(at(1, 37))  # it is asked no more, and still not answered
    assert (forgotten.kind, forgotten.can_override) == (DecisionKind.WAIT, False)
    assert forgotten.not_ahead == "you have not said yet how you were the morning after the run"


def test_a_rise_next_morning_is_said_with_its_figures_and_is_never_run_against() -> None:
    decision = Story().session("1", at(1), b=3, d=3, m=6, g=None).ask(at(2))
    assert (decision.kind, decision.rule, decision.can_override) == (DecisionKind.WAIT, 4, False)
    assert decision.sentence == "Rest today: your pain the morning after was 6, 3 more than before the run"
    assert any("call your physiotherapist or doctor" in line for line in status_lines(decision, UTC))
    assert not any("go ahead" in line for line in status_lines(decision, UTC))


@pytest.mark.parametrize("leg", [NEW, SAME, LESS, DOWN])  # none before
def test_leg_symptoms_take_the_offer_away(leg: LegSymptoms) -> None:
    decision = Story().session("1", at(1), m=None, g=None).say(M, at(1, 13), 1, leg=leg).ask(at(2))
    assert not decision.can_override
    with pytest.raises(PlanError, match="cannot be overridden"):
        override(decision, at(2), "my race")


def test_the_same_holds_in_a_published_plan() -> None:
    story = Story(NHS).session("w1", at(1), m=5, g=None)
    decision = story.ask(at(2))
    assert decision.not_ahead == "your pain the morning after was 5, 4 more than before the run"
    assert Story(NHS).session("w1", at(1), m=2, g=None).ask(at(2)).can_override


def test_the_same_holds_before_the_first_run_of_a_plan() -> None:
    story = Story(NHS).add(other_runs=(OtherRun(at(1), at(1, 0.5), 600, "a run"),))
    story.say(D, at(1, 0.6), 1, leg=DOWN).say(G, at(2, 1), 0)
    decision = story.ask(at(2, 1))
    assert (decision.can_override, decision.not_ahead) == (False, "your leg symptoms are new, or went further down")


def test_an_override_that_was_given_does_not_outlast_worse_news() -> None:
    story = Story().session("1", at(1), g=None)
    story.overrode(story.ask(at(2)), at(2))
    assert story.ask(at(2, 0.1)).may_run
    assert not story.say(M, at(2, 0.2), 5).ask(at(2, 0.3)).may_run


def test_a_rise_next_morning_has_to_settle_before_the_next_run() -> None:
    story = Story().session("1", at(1), b=1, d=1, m=4, g=2)
    ended = at(1, 1 / 3)
    still = story.ask(ended + timedelta(hours=49))
    assert (still.kind, still.rule, still.may_run) == (DecisionKind.WAIT, 4, False)
    assert "has not settled yet" in still.sentence
    assert still.earliest == ended + timedelta(hours=68)
    assert story.ask(ended + timedelta(hours=68)).ask is DueQuestion.GATE
    settled = story.say(G, ended + timedelta(hours=69), 1).ask(ended + timedelta(hours=69))
    assert (settled.kind, settled.rule) == (DecisionKind.REPEAT, 4)
    assert settled.sentence == "Repeat stage 1: pain rose by 3 next morning"


def test_a_morning_rise_that_lasts_a_week_is_a_clinicians() -> None:
    story = Story().session("1", at(1), b=1, d=1, m=4, g=2)
    for day in range(4, 10):
        story.say(G, at(day, 1), 2)
    assert story.ask(at(9, 2)).kind is DecisionKind.LOCKED


def test_a_sharp_pain_does_not_hide_that_the_pain_has_not_settled() -> None:
    story = Story().session("1", at(1), b=1, d=8, m=5, g=5)
    decision = story.ask(at(4, 12))  # 72 hours are over
    assert (decision.kind, decision.may_run) in {(DecisionKind.WAIT, False), (DecisionKind.ASK, False)}


@QUICK
@given(asked())
def test_nobody_is_ready_after_a_morning_rise_until_it_has_settled(case: tuple[History, datetime]) -> None:
    history, now = case
    judged = judge(PLAN, history, now)
    if judged is None or judged.case.before is None or judged.case.morning is None:
        return
    if judged.case.morning <= judged.case.before + 1:
        return
    settled = any(
        each.pain <= judged.case.before and each.moment in (G, B) and each.at > judged.case.session.ended
        for each in history.check_ins
        if each.at <= now
    )
    cleared = any(each.at > judged.case.session.ended for each in history.clearances)
    gone = now - judged.case.session.ended > timedelta(days=28)
    assert settled or cleared or gone or not decide(PLAN, history, now).ready


@QUICK
@given(asked(), st.booleans())
def test_an_override_is_never_accepted_against_pain_or_a_lock(case: tuple[History, datetime], early: bool) -> None:
    history, now = case
    if history.sessions and early:
        now = history.sessions[-1].ended + timedelta(hours=14)
    decision = decide(PLAN, history, now)
    forced = Override(now, decision.sentence, decision.earliest or now, "I want to")
    went = decide(PLAN, replace(history, overrides=(*history.overrides, forced)), now)
    if went.overridden is None:
        return
    last = max((each for each in history.sessions), key=lambda each: each.ended)
    mornings = [
        each.pain
        for each in history.check_ins
        if each.moment is M and last.ended + timedelta(hours=6) <= each.at <= now
    ]
    assert mornings
    assert last.ended.date() != now.date()
    assert not any(each.leg.is_sign for each in history.check_ins if last.began <= each.at <= now)
    assert went.kind is not DecisionKind.LOCKED
