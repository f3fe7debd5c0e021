"""A form that was forgotten only ever holds, however often (training.md, rules 6 and 7)."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from runback.rehab.decision import DecisionKind
from runback.rehab.records import CheckInMoment
from tests.support.rehab.examples import B, D, G, M
from tests.support.rehab.story import LENGTH, PLAN, Story, at
from tests.support.rehab.strategies import QUICK

HARMLESS = frozenset(DecisionKind) - {DecisionKind.STEP_BACK, DecisionKind.LOCKED}


def test_twelve_mornings_forgotten_lock_nobody_and_take_nobody_back() -> None:
    story = Story()
    for run in range(12):
        story.session("1", at(1 + 3 * run), 0, 0, None, 0)
        assert story.ask(at(3 + 3 * run, 1)).kind is DecisionKind.HOLD


def test_a_morning_that_is_told_late_counts() -> None:
    story = Story().session("1", at(1), m=None)
    assert story.ask(at(3, 1)).kind is DecisionKind.HOLD
    assert story.say(M, at(3, 2), 1).ask(at(3, 2)).kind is DecisionKind.ADVANCE


def test_a_high_morning_that_is_told_late_does_not_have_to_settle_twice() -> None:
    story = Story().session("1", at(1), m=None).say(M, at(3, 0.3), 4)
    assert story.ask(at(3, 1)).kind is DecisionKind.REPEAT


@QUICK
@given(st.lists(st.frozensets(st.sampled_from(CheckInMoment)), min_size=1, max_size=8), st.sampled_from([49, 60, 150]))
def test_without_pain_nothing_but_a_gap_steps_back_or_locks(
    forgotten: list[frozenset[CheckInMoment]], gap: int
) -> None:
    story, began = Story(), at(1)
    for missing in forgotten:
        decision = story.ask(began)
        stage = PLAN.stages[PLAN.start] if decision.stage is None else decision.stage
        story.run(stage.id, began)
        for moment, hours in ((B, -0.1), (D, 0.4), (M, 14), (G, 48.5)):
            if moment not in missing:
                story.say(moment, began + timedelta(hours=hours))
        began += timedelta(hours=gap) + LENGTH
        for now in (began, began + timedelta(days=1)):
            decision = story.ask(now)
            assert decision.kind in HARMLESS, decision.sentence
            assert decision.clearance is None
