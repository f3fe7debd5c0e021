"""Every run counts, whether it was for the plan or not (training.md, "A good 48 hours")."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.rehab.activity import ActivityKind, LoggedActivity
from runback.rehab.decision import RUNS, DecisionKind, DueQuestion
from runback.rehab.history_as_found import as_found
from runback.rehab.progression import decide
from runback.rehab.records import CheckIn, Declaration, History, OtherRun
from tests.support.rehab.examples import B, D, G, M
from tests.support.rehab.story import NONE, PLAN, SAME, Story, at
from tests.support.rehab.strategies import QUICK, asked

JOG = timedelta(minutes=30)


def jogged(ended: datetime, pain: int = 1) -> LoggedActivity:
    return LoggedActivity(ActivityKind.RUNNING, 30, ended, pain)


def recorded(ended: datetime) -> OtherRun:
    return OtherRun(ended - JOG, ended, 1200, "Thursday")


def test_a_run_outside_is_asked_about_and_waited_for() -> None:
    story = Story().session("1", at(1)).add(other_runs=(recorded(at(4)),))
    assert story.ask(at(4, 0.1)).ask is DueQuestion.DURING
    story.say(D, at(4, 0.1), 2)
    assert story.ask(at(4, 15)).ask is DueQuestion.MORNING
    waiting = story.say(M, at(4, 15), 1).ask(at(5))
    assert (waiting.kind, waiting.earliest, waiting.can_override) == (DecisionKind.WAIT, at(6, -1.5), True)
    assert "Your run of Thursday 8 January outside this plan starts the 48 hours as well." in waiting.notes
    assert story.ask(at(6, -1)).ask is DueQuestion.GATE
    ready = story.say(G, at(6, -1), 1).ask(at(6, -1))
    assert (ready.kind, ready.ready, ready.stage and ready.stage.id) == (DecisionKind.ADVANCE, True, "2")


def test_what_a_run_outside_did_counts_with_the_session_before_it() -> None:
    story = Story().session("1", at(1)).add(other_runs=(recorded(at(4)),))
    story.say(D, at(4, 0.1), 4).say(M, at(4, 15), 1).say(G, at(6), 1)
    assert story.ask(at(6)).sentence == "Repeat stage 1: pain of 4 during the run"
    worse = story.say(D, at(4, 0.2), 8)
    assert worse.ask(at(6)).rule == 2


def test_the_pain_of_a_logged_run_is_not_asked_again() -> None:
    story = Story().session("1", at(1)).add(activities=(jogged(at(4), 7),))
    decision = story.ask(at(4, 1))
    assert (decision.kind, decision.rule, decision.ask) == (DecisionKind.WAIT, 2, None)
    assert "pain of 7 during the run" in decision.sentence
    assert decide(PLAN, as_found(story.history), at(4, 1)) == decision


def test_logging_a_run_says_nothing_about_a_leg() -> None:
    story = Story().say(B, at(1), leg=SAME).add(activities=(jogged(at(2)),)).say(G, at(3), leg=SAME)
    assert [each.leg for each in as_found(story.history).check_ins] == [SAME, NONE, SAME]
    assert as_found(as_found(story.history)) == as_found(story.history)
    story = Story().add(activities=(jogged(at(2)),)).say(G, at(3), leg=SAME)
    assert [each.leg for each in as_found(as_found(story.history)).check_ins] == [NONE, SAME]
    declared = Declaration(at(1), leg_symptoms=True, surgery=False)
    assert as_found(story.add(declarations=(declared,)).history).check_ins[-1].leg is SAME


def test_before_stage_1_a_run_is_asked_about_and_waited_for_too() -> None:
    story = Story().gate(at(1)).add(other_runs=(recorded(at(1, -1)),))
    assert story.ask(at(1)).ask is DueQuestion.DURING
    story.say(D, at(1, -0.9), 1).say(M, at(1, 15), 1).say(G, at(2), 1)
    waiting = story.ask(at(2))
    assert (waiting.kind, waiting.earliest) == (DecisionKind.WAIT, at(3, -1))
    assert story.ask(at(3, -0.5)).kind is DecisionKind.START
    limping = story.add(check_ins=(CheckIn(M, at(2, 12), 1, limp=True),))
    assert limping.ask(at(3)).kind is DecisionKind.WAIT


def test_what_nobody_asks_any_more_holds_nothing_up() -> None:
    story = Story().session("1", at(1)).add(other_runs=(recorded(at(4)),))
    assert story.ask(at(5, 13)).kind is DecisionKind.WAIT
    assert story.ask(at(6)).ask is DueQuestion.GATE


@QUICK
@given(asked(), st.booleans(), st.integers(0, 46 * 4))
def test_any_run_outside_starts_the_48_hours(case: tuple[History, datetime], log: bool, quarters: int) -> None:
    history, now = case
    ended = now - timedelta(minutes=15 * quarters)
    quiet = tuple(each for each in history.overrides if each.at > now)
    changed = (
        replace(history, activities=(*history.activities, jogged(ended)), overrides=quiet)
        if log
        else replace(history, other_runs=(recorded(ended),), overrides=quiet)
    )
    decision = decide(PLAN, changed, now)
    assert decision.kind not in RUNS
    assert not decision.may_run


@pytest.mark.parametrize("kind", [kind for kind in ActivityKind if kind is not ActivityKind.RUNNING])
def test_nothing_but_a_run_starts_them(kind: ActivityKind) -> None:
    story = Story().session("1", at(1)).add(activities=(LoggedActivity(kind, 30, at(3), 1),))
    assert story.ask(at(3, 1)).kind is DecisionKind.ADVANCE
