"""After a run it is said which check-in comes next, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from runback.rehab.library import load
from runback.rehab.records import CheckIn, CheckInMoment, History, SessionDone
from runback.training_log.next_check_in import NextCheckIn, coming

PLAN = load("return-to-running")
ENDED = datetime(2026, 1, 5, 18, tzinfo=UTC)
EAST = timezone(timedelta(hours=3))


def history(*said: tuple[CheckInMoment, int], ended: datetime = ENDED) -> History:
    session = SessionDone(PLAN.name, "1", ended - timedelta(minutes=20), ended, 300.0, 300.0)
    return History((session,), tuple(CheckIn(moment, ended + timedelta(hours=hours), 1) for moment, hours in said))


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (0, (CheckInMoment.MORNING, ENDED + timedelta(hours=6))),
        (5.9, (CheckInMoment.MORNING, ENDED + timedelta(hours=6))),
        (6, (CheckInMoment.GATE, ENDED + timedelta(hours=48))),
        (47.9, (CheckInMoment.GATE, ENDED + timedelta(hours=48))),
        (48, None),
    ],
)
def test_the_next_check_in_is_the_first_that_cannot_be_given_yet(
    hours: float, expected: tuple[CheckInMoment, datetime] | None
) -> None:
    found = coming(PLAN, history(), ENDED + timedelta(hours=hours), UTC)
    assert found == (None if expected is None else NextCheckIn(*expected))


def test_the_morning_after_is_a_later_day_where_the_person_is() -> None:
    early = ENDED - timedelta(hours=10)  # 08:00, 11:00 in the east
    found = coming(PLAN, history(ended=early), early, EAST)
    assert found == NextCheckIn(CheckInMoment.MORNING, datetime(2026, 1, 6, tzinfo=EAST))
    assert found is not None
    assert found.at.utcoffset() == timedelta(hours=3)


def test_what_has_been_answered_does_not_come_again() -> None:
    told = history((CheckInMoment.MORNING, 7), (CheckInMoment.GATE, 49))
    assert coming(PLAN, told, ENDED + timedelta(hours=7), UTC) == NextCheckIn(
        CheckInMoment.GATE, ENDED + timedelta(hours=48)
    )
    assert coming(PLAN, told, ENDED + timedelta(hours=50), UTC) is None


def test_nothing_comes_without_a_session_or_in_a_plan_that_asks_nothing() -> None:
    assert coming(PLAN, History(), ENDED, UTC) is None
    other = load("couch-to-5k")
    session = SessionDone(other.name, other.stages[0].id, ENDED, ENDED, 300.0, 300.0)
    assert coming(other, History((session,)), ENDED, UTC) is None
