"""The person's own word that the month is done, and clearances with an earlier date (training.md, entry criteria)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from runback.errors import PlanError
from runback.rehab.activity import ActivityKind, LoggedActivity
from runback.rehab.decision import DecisionKind
from runback.rehab.low_impact_month import MonthDone
from runback.rehab.records import Cleared, Declaration
from tests.support.rehab.examples import G
from tests.support.rehab.story import SAME, Story, at

DAY_1 = at(1).date()
WALK = LoggedActivity(ActivityKind.WALKING, 30, at(0), 1, rise_next_morning=False)


def ready(**records: tuple[object, ...]) -> Story:
    """Everything but the month."""
    return Story().gate(at(1)).only(activities=(WALK,), **records)


def months(first: date, last: date, said: datetime) -> tuple[MonthDone, ...]:
    return (MonthDone(said, first, last),)


def test_who_has_done_the_month_may_begin_today_and_it_is_shown_as_their_own_word() -> None:
    assert ready().ask(at(1)).kind is DecisionKind.WAIT
    story = ready(months=months(date(2025, 11, 24), date(2026, 1, 4), at(1, -1)))
    decision = story.ask(at(1))
    assert (decision.kind, decision.ready) == (DecisionKind.START, True)
    assert (
        "Low-impact work: you say you did your month from Monday 24 November to Sunday 4 January (self-reported)"
    ) in decision.notes


@pytest.mark.parametrize(
    ("last", "said", "counts"),
    [
        (DAY_1, at(1, -1), True),
        (DAY_1 - timedelta(days=28), at(1, -1), True),
        (DAY_1 - timedelta(days=29), at(1, -1), False),  # too long ago
        (DAY_1, at(1, 1), False),  # not said yet
    ],
)
def test_it_stands_for_four_weeks(last: date, said: datetime, counts: bool) -> None:
    declared = MonthDone(said, last - timedelta(days=40), last)
    assert declared.counts(at(1), None, UTC) is counts


def test_a_month_before_the_last_run_does_not_count_after_a_long_gap() -> None:
    story = Story().gate(at(-34)).session("1", at(-34)).gate(at(1))
    early = MonthDone(at(-34), DAY_1 - timedelta(days=80), DAY_1 - timedelta(days=36))
    assert story.only(activities=(WALK,), months=(early,)).ask(at(1)).kind is DecisionKind.WAIT
    late = MonthDone(at(1, -1), DAY_1 - timedelta(days=30), DAY_1)
    assert story.only(months=(late,)).ask(at(1)).kind is DecisionKind.START


def test_less_than_four_weeks_and_days_to_come_are_refused() -> None:
    assert MonthDone(at(1), DAY_1 - timedelta(days=27), DAY_1).last == DAY_1
    with pytest.raises(PlanError, match="fewer than 28 days"):
        MonthDone(at(1), DAY_1 - timedelta(days=26), DAY_1)
    with pytest.raises(PlanError, match="has not come yet"):
        MonthDone(at(1), DAY_1, DAY_1 + timedelta(days=40))


@pytest.mark.parametrize(("leg", "surgery"), [(True, False), (False, True)])
def test_a_clearance_from_before_the_declaration_unlocks_what_was_declared(leg: bool, surgery: bool) -> None:
    """Somebody sees the clinician on Monday, and tells runback of both on Friday."""
    told = Declaration(at(0), leg_symptoms=leg, surgery=surgery, risks=frozenset())
    story = Story().gate(at(1)).only(declarations=(told,))
    assert story.ask(at(1)).clearance is Cleared.LEG_SYMPTOMS
    assert story.clear(Cleared.LEG_SYMPTOMS, at(-4)).ask(at(1)).kind is DecisionKind.START


def test_a_clearance_from_before_symptoms_that_a_check_in_told_of_does_not() -> None:
    story = Story().gate(at(1)).clear(Cleared.LEG_SYMPTOMS, at(-4)).say(G, at(1), leg=SAME)
    assert story.ask(at(1, 0.1)).clearance is Cleared.LEG_SYMPTOMS


def test_a_clinicians_start_of_six_weeks_ago_unlocks_the_month_at_once() -> None:
    assert ready().clear(Cleared.START, at(-41)).ask(at(1)).kind is DecisionKind.START
    assert ready().clear(Cleared.START, at(-90)).ask(at(1)).kind is DecisionKind.WAIT
