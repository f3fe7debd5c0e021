"""Each session is judged by its plan as it was followed then, and named as it was done (training.md)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.errors import PlanError
from runback.rehab.decision import DecisionKind
from runback.rehab.evaluation import judge
from runback.rehab.library import load
from runback.rehab.progression import decide
from runback.rehab.records import History, PlanFollowed, SessionDone
from runback.training_log.history import chapters, decision_then, every_session
from tests.support.rehab.examples import B, D, G, M
from tests.support.rehab.story import PLAN, Story, at
from tests.support.rehab.strategies import QUICK, asked

CHOICES = st.lists(
    st.builds(
        PlanFollowed,
        st.integers(0, 40 * 24).map(lambda hours: at(1, hours)),
        st.sampled_from([PLAN.name, "couch-to-5k"]),
        st.booleans(),
    ),
    max_size=4,
)


def test_three_of_stage_1_while_0b_was_due_are_not_called_stage_0b() -> None:
    story = Story().session("0b", at(1), d=6)
    for day in (5, 8, 11):
        story.session("1", at(day))
        assert "stage 1 went well" in story.ask(at(day + 2, 1)).sentence
        assert "stage 0b went well" not in story.ask(at(day + 2, 1)).sentence


@QUICK
@given(asked())
def test_the_stage_that_is_named_is_the_stage_that_was_done(case: tuple[History, datetime]) -> None:
    decision = decide(PLAN, *case)
    named = re.findall(r"stage (\S+) went well", decision.sentence)
    judged = judge(PLAN, *case)
    assert not named or (judged is not None and named == [judged.case.session.stage])


def test_a_session_that_was_logged_accepts_a_before_up_to_its_end() -> None:
    story = Story().run("1", at(1)).say(B, at(1, 0.3), 1).say(D, at(1, 0.4), 1).say(M, at(2, -4), 1).say(G, at(3, 1), 1)
    assert story.ask(at(3, 1)).kind is DecisionKind.ADVANCE


def test_choosing_cautious_changes_what_follows_and_nothing_before() -> None:
    story = Story().add(choices=(PlanFollowed(at(0), PLAN.name),)).session("1", at(1)).session("2", at(4))
    before = chapters(PLAN, story.history, at(7), tz=UTC)
    story.add(choices=(PlanFollowed(at(7), PLAN.name, cautious=True),))
    assert chapters(PLAN, story.history, at(7), tz=UTC) == before
    story.session("3", at(8))
    decision = story.ask(at(10, 1))
    assert (decision.kind, decision.sentence) == (DecisionKind.REPEAT, "Repeat stage 3: it went well 1 of 2 times")


def test_april_is_told_by_the_plan_of_april() -> None:
    nhs = load("couch-to-5k")
    story = Story().add(choices=(PlanFollowed(at(0), PLAN.name), PlanFollowed(at(9), nhs.name)))
    story.gate(at(1)).session("1", at(1))
    other = SessionDone(nhs.name, "w1", at(10), at(10, 0.5), 480, 480)
    story.add(sessions=(other,)).say(B, at(10, -0.1), 1)
    first, second = every_session(story.history, at(13), tz=UTC)
    assert (first.session.stage, first.gate, first.decision.kind) == ("1", 1, DecisionKind.ADVANCE)
    assert (second.session, second.before) == (other, 1)
    then = decision_then(story.history, at(3, 1), UTC)
    assert then is not None
    assert then.sentence == "Go on to stage 2: stage 1 went well"
    assert decision_then(story.history, at(-1), UTC) is None
    gone = replace(story.history, choices=(PlanFollowed(at(0), "gone"),))
    assert decision_then(gone, at(3, 1), UTC) is None


@QUICK
@given(asked(), CHOICES, st.sampled_from([PLAN.name, "couch-to-5k", "gone"]), st.booleans())
def test_a_change_of_plan_never_alters_an_earlier_decision(
    case: tuple[History, datetime], choices: list[PlanFollowed], plan: str, cautious: bool
) -> None:
    history, now = replace(case[0], choices=tuple(choices)), case[1]
    changed = replace(history, choices=(*history.choices, PlanFollowed(now, plan, cautious)))
    assert every_session(changed, now, tz=UTC) == every_session(history, now, tz=UTC)
    earlier = now - timedelta(seconds=1)
    assert decision_then(changed, earlier, UTC) == decision_then(history, earlier, UTC)


def test_a_choice_without_a_zone_is_refused_and_a_choice_is_no_record_of_what_was_done() -> None:
    with pytest.raises(PlanError, match="no time zone"):
        PlanFollowed(datetime(2026, 1, 5), PLAN.name)  # noqa: DTZ001 - a naive one is the point
    assert History(choices=(PlanFollowed(at(1), PLAN.name),)).latest() is None


def test_of_a_plan_that_was_left_no_answer_is_said_to_be_still_to_come() -> None:
    story = Story().add(choices=(PlanFollowed(at(0), PLAN.name),)).run("1", at(1)).say(B, at(1, -0.1), 1)
    (still,) = every_session(story.history, at(1, 2), tz=UTC)
    story.add(choices=(PlanFollowed(at(2), "couch-to-5k"),))
    (left,) = every_session(story.history, at(3), tz=UTC)
    assert still.reaction is not None
    assert left.reaction is not None
    assert still.reaction.sentence == "before 1, worst –, next morning –, now –: the answers are still to come"
    assert left.reaction.sentence == "before 1, worst –, next morning –, last –: nothing was said after it"
