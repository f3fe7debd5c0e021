"""The story is told with what was known at the time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from runback.rehab.activity import ActivityKind, LoggedActivity
from runback.rehab.decision import DecisionKind
from runback.rehab.library import load
from runback.rehab.records import CheckIn, CheckInMoment, Clearance, Cleared, History, Override, SessionDone
from runback.training_log.history import chapters, why_not

PLAN = load("return-to-running")
DAY_1 = datetime(2026, 1, 5, 18, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = 24 * HOUR


def session(stage: str, ended: datetime) -> SessionDone:
    planned = PLAN.run_seconds(PLAN.stages[PLAN.index(stage)])
    return SessionDone(PLAN.name, stage, ended - timedelta(minutes=20), ended, planned, planned)


def answers(ended: datetime, *pains: int) -> tuple[CheckIn, ...]:
    whens = (ended - HOUR, ended, ended + 13 * HOUR, ended + 48 * HOUR)
    return tuple(CheckIn(moment, at, pain) for moment, at, pain in zip(CheckInMoment, whens, pains, strict=False))


FIRST, SECOND = DAY_1, DAY_1 + 2 * DAY + HOUR
HISTORY = History(
    (session("1", FIRST), session("2", SECOND)),
    (*answers(FIRST, 1, 1, 1, 1), *answers(SECOND, 1, 4, 2)),
)


def test_each_session_has_its_pain_and_the_decision_that_followed() -> None:
    first, second = chapters(PLAN, HISTORY, SECOND + 50 * HOUR, tz=UTC)
    assert (first.before, first.during, first.morning, first.gate) == (1, 1, 1, 1)
    assert first.decision.kind is DecisionKind.ADVANCE
    assert first.decision.stage is not None
    assert first.decision.stage.id == "2"
    assert (second.before, second.during, second.morning, second.gate) == (1, 4, 2, None)
    assert second.decision.kind is DecisionKind.ASK  # the gate has not been answered


def test_what_was_said_later_does_not_change_what_was_decided_then() -> None:
    later = SECOND + HOUR
    worse = replace(HISTORY, clearances=(Clearance(Cleared.PAIN, later),))
    before, after = (chapters(PLAN, each, SECOND + 50 * HOUR, tz=UTC) for each in (HISTORY, worse))
    assert before[0] == after[0]


def test_in_cautious_mode_the_first_session_is_followed_by_the_same_stage() -> None:
    first, _ = chapters(PLAN, HISTORY, SECOND + 50 * HOUR, cautious=True, tz=UTC)
    assert first.decision.kind is DecisionKind.REPEAT


def test_an_override_stands_with_the_session_that_was_begun_with_it() -> None:
    early = FIRST + 30 * HOUR
    went = Override(early - HOUR, "Wait", FIRST + 48 * HOUR, "my race")
    used_up = Override(FIRST - DAY, "Wait", FIRST + DAY, "an old one")
    history = History((session("1", FIRST), session("1", early)), answers(FIRST, 1, 1, 1), overrides=(used_up, went))
    first, second = chapters(PLAN, history, early + HOUR, tz=UTC)
    assert (first.override, second.override) == (used_up, went)
    unused = replace(history, overrides=(replace(went, until=early - HOUR),))
    assert [each.override for each in chapters(PLAN, unused, early + HOUR, tz=UTC)] == [None, None]


def test_a_plan_without_sessions_has_no_story() -> None:
    assert chapters(PLAN, History(), DAY_1, tz=UTC) == ()
    assert chapters(load("military"), HISTORY, SECOND + DAY, tz=UTC) == ()


@pytest.mark.parametrize(
    ("activity", "told"),
    [
        (LoggedActivity(ActivityKind.ROWING, 40, DAY_1, 0), "Rowing is kept"),
        (LoggedActivity(ActivityKind.CYCLING, 9, DAY_1, 0), "Less than 10 minutes"),
        (LoggedActivity(ActivityKind.CYCLING, 40, DAY_1 + 5 * HOUR, 0), "counts as one day"),
        (LoggedActivity(ActivityKind.ELLIPTICAL, 10, DAY_1 - HOUR, 0), "counts as one day"),
        (LoggedActivity(ActivityKind.CYCLING, 40, DAY_1 + 6 * HOUR, 0), None),  # the next day
        (LoggedActivity(ActivityKind.CYCLING, 40, DAY_1 + DAY, 6), "Take it easier next time"),
        (LoggedActivity(ActivityKind.CYCLING, 40, DAY_1 + DAY, 0, rise_next_morning=True), "does not count"),
    ],
)
def test_an_activity_that_does_not_count_says_why(activity: LoggedActivity, told: str | None) -> None:
    history = History(activities=(LoggedActivity(ActivityKind.WALKING, 30, DAY_1, 1),))
    why = why_not(activity, history, UTC)
    assert (why is None) if told is None else (why is not None and told in why)


def test_after_one_that_does_not_count_the_next_one_does() -> None:
    for before in (
        LoggedActivity(ActivityKind.ROWING, 30, DAY_1, 1),
        LoggedActivity(ActivityKind.WALKING, 5, DAY_1, 1),
    ):
        history = History(activities=(before,))
        assert why_not(LoggedActivity(ActivityKind.CYCLING, 40, DAY_1 + HOUR, 0), history, UTC) is None


def test_work_that_hurts_a_second_time_suggests_a_professional() -> None:
    sore = LoggedActivity(ActivityKind.CYCLING, 40, DAY_1, 7)
    again = LoggedActivity(ActivityKind.WALKING, 40, DAY_1 + 20 * DAY, 6)
    assert "physiotherapist or doctor" not in str(why_not(sore, History(), UTC))
    assert "physiotherapist or doctor" in str(why_not(again, History(activities=(sore,)), UTC))
