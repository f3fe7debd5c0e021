"""A life told in one pass is told as if each session were judged from the beginning."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from operator import itemgetter
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runback.rehab.evaluation import judge
from runback.rehab.history_as_found import as_found
from runback.rehab.plan_course import PlanCourse
from runback.rehab.progression import decide
from runback.rehab.reaction import reaction
from runback.rehab.records import KINDS, Clearance, Cleared, History, OtherRun, PlanFollowed
from runback.training_log.history import every_session
from tests.support.effort import examples
from tests.support.rehab.long_life import long_life, troubled_life
from tests.support.rehab.story import at
from tests.support.rehab.strategies import MOMENTS, PLANS, asked

CLEARANCES = st.lists(st.builds(Clearance, st.sampled_from(Cleared), MOMENTS), max_size=4).map(tuple)
OTHER_RUNS = st.lists(
    MOMENTS.map(lambda began: OtherRun(began, began + timedelta(minutes=20), 600, "a run")), max_size=2
).map(tuple)
CHOICES = st.lists(
    st.builds(PlanFollowed, MOMENTS, st.sampled_from([plan.name for plan in PLANS[:2]]), st.booleans()), max_size=3
).map(tuple)


def moments(history: History, now: datetime) -> list[datetime]:
    """Whenever something happened, and now."""
    records = [record for name in KINDS for record in getattr(history, name)]
    return sorted({each.at for each in records if each.at < now} | {now})


@pytest.mark.parametrize("number", range(len(PLANS)), ids=[plan.name for plan in PLANS])
@given(st.data(), CLEARANCES, OTHER_RUNS, CHOICES, st.booleans())
@settings(deadline=None, max_examples=examples(25))
def test_a_plan_says_the_same_in_turn_as_when_it_is_asked_each_time(
    number: int,
    data: st.DataObject,
    clearances: tuple[Clearance, ...],
    other_runs: tuple[OtherRun, ...],
    choices: tuple[PlanFollowed, ...],
    cautious: bool,
) -> None:
    history, now = data.draw(asked(number))
    history = replace(history, clearances=(*history.clearances, *clearances), other_runs=other_runs, choices=choices)
    course = PlanCourse(PLANS[number], history, UTC, cautious=cautious)
    told = moments(history, now)
    for moment in (*told, data.draw(st.sampled_from(told)), now):
        known = history.until(moment)
        judged = judge(PLANS[number], known, moment, cautious=cautious)
        assert course.told(course.history.until(moment), moment) == (
            decide(PLANS[number], known, moment, cautious=cautious, tz=UTC),
            None if judged is None else judged.case,
        )


LIVES = st.integers(0, 10_000).map(troubled_life)


@given(st.one_of(LIVES, asked().map(itemgetter(0))), CLEARANCES, CHOICES)
@settings(deadline=None, max_examples=examples(400))
def test_each_session_is_told_as_if_it_were_judged_from_the_beginning(
    history: History, clearances: tuple[Clearance, ...], choices: tuple[PlanFollowed, ...]
) -> None:
    history = replace(history, clearances=(*history.clearances, *clearances), choices=choices)
    told = every_session(history, at(200), tz=UTC)
    assert [each.session for each in told] == list(history.sessions)
    for each, following in pairwise(told):
        until = max(following.session.began, each.session.ended)
        known = history.until(until)
        known = replace(known, sessions=tuple(one for one in known.sessions if one.ended <= each.session.ended))
        judged = judge(PLANS[0], known, until)
        assert judged is not None
        assert each.decision == decide(PLANS[0], known, until, tz=UTC)
        if each.reaction is not None and each.reaction.open == judged.case.open:  # else the plan was left
            assert each.reaction == reaction(judged.case)


@given(asked(), MOMENTS)
@settings(deadline=None, max_examples=examples(40))
def test_the_beginning_of_a_history_is_what_there_was(case: tuple[History, datetime], moment: datetime) -> None:
    history, known = case[0], case[0].until(moment)
    assert known == History(
        **{name: tuple(each for each in getattr(history, name) if each.at <= moment) for name in KINDS}
    )
    assert known.runs == tuple(each for each in history.runs if each.at <= moment)
    assert as_found(history).until(moment) == as_found(known)


def test_a_thousand_sessions_are_told_at_once() -> None:
    """Judged from the beginning each time they took a minute. The bound is wide, as machines are busy."""
    history = long_life(1000)
    began = process_time()
    told = every_session(history, at(5000), tz=UTC)
    assert len(told) == 1000
    assert process_time() - began < 3
