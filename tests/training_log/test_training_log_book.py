"""What goes into the casebook comes out for the rules; corrections are later entries, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runback.errors import JournalError, PlanError
from runback.journal import log_entries
from runback.journal.model import Json
from runback.rehab.activity import ActivityKind, ExercisesDone, LoggedActivity
from runback.rehab.decision import DecisionKind, DueQuestion, override
from runback.rehab.records import (
    KINDS,
    CheckIn,
    CheckInMoment,
    Clearance,
    Cleared,
    Declaration,
    History,
    Override,
    SessionDone,
    in_order,
)
from runback.rehab.red_flags import RedFlag
from runback.training_log.entries import PlanChoice, Record
from runback.training_log.log import TrainingLog
from tests.support.effort import examples
from tests.support.training_log.strategies import RECORDS, WORDS

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEVER = frozenset({RedFlag.FEVER})
PLAN = "return-to-running"


@pytest.fixture
def book(tmp_path: Path) -> TrainingLog:
    return TrainingLog(tmp_path / "data" / "journal.db")


def ran(stage: str, ended: datetime) -> SessionDone:
    return SessionDone(PLAN, stage, ended - timedelta(minutes=20), ended, 300.0, 300.0)


def said(moment: CheckInMoment, at: datetime, pain: int = 1, flags: frozenset[RedFlag] = frozenset()) -> CheckIn:
    return CheckIn(moment, at, pain, red_flags=flags)


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(RECORDS, WORDS), max_size=6))
def test_the_history_is_what_was_recorded_in_the_order_of_time(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[Record, str]]
) -> None:
    book = TrainingLog(tmp_path_factory.mktemp("book") / "journal.db")
    numbers = [book.add(record, words) for record, words in told]
    assert [(kept.id, kept.record, kept.words) for kept in book.kept()] == [
        (number, *pair) for number, pair in zip(numbers, told, strict=True)
    ]
    history = book.history()
    together = [record for name in KINDS for record in getattr(history, name)]
    assert len(together) == len(told)
    assert all(record in together for record, _ in told)
    assert history.check_ins == in_order(record for record, _ in told if isinstance(record, CheckIn))


def test_an_empty_book_has_no_plan_no_decision_and_no_history(book: TrainingLog) -> None:
    assert (book.choice(), book.plan(), book.decision(NOW), book.kept(), book.trainings()) == (None, None, None, (), ())
    assert book.history() == History()
    assert book.walk_to_answer() is None


def test_the_plan_chosen_last_is_followed(book: TrainingLog) -> None:
    book.choose(PLAN, NOW)
    assert book.choose("couch-to-5k", NOW + HOUR, cautious=True) == PlanChoice(
        "couch-to-5k", cautious=True, since=NOW + HOUR
    )
    assert book.choice() == PlanChoice("couch-to-5k", cautious=True, since=NOW + HOUR)
    plan = book.plan()
    assert plan is not None
    assert plan.name == "couch-to-5k"


def test_a_plan_that_does_not_exist_is_not_chosen(book: TrainingLog) -> None:
    with pytest.raises(PlanError, match="it does not exist"):
        book.choose("couch-to-10k", NOW)
    assert book.choice() is None


def test_another_plan_is_no_way_round_a_lock_but_the_same_one_may_be_chosen_again(book: TrainingLog) -> None:
    book.choose(PLAN, NOW)
    book.add(said(CheckInMoment.GATE, NOW, flags=FEVER))
    with pytest.raises(PlanError, match="does not unlock it"):
        book.choose("couch-to-5k", NOW + HOUR)
    assert book.choose(PLAN, NOW + HOUR, cautious=True).cautious
    book.add(Clearance(Cleared.RED_FLAG, NOW + HOUR))
    assert book.choose("couch-to-5k", NOW + 2 * HOUR).name == "couch-to-5k"


def test_a_plan_that_is_gone_does_not_keep_another_from_being_chosen(book: TrainingLog, tmp_path: Path) -> None:
    payload: dict[str, Json] = {"name": "gone", "cautious": False, "rehearsal": False}
    log_entries.add(tmp_path / "data" / "journal.db", "plan", NOW, payload, version=1)
    with pytest.raises(PlanError, match="it does not exist"):
        book.decision(NOW)
    book.choose(PLAN, NOW)
    assert book.decision(NOW) is not None


def test_the_decision_is_that_of_the_rules_and_in_cautious_mode_every_stage_is_done_twice(book: TrainingLog) -> None:
    book.choose(PLAN, NOW)
    ended = NOW - 49 * HOUR
    book.add(said(CheckInMoment.BEFORE, ended - HOUR))
    book.add(ran("1", ended))
    for moment, hours in ((CheckInMoment.DURING, 0), (CheckInMoment.MORNING, 20), (CheckInMoment.GATE, 48)):
        book.add(said(moment, ended + hours * HOUR))
    decision = book.decision(NOW)
    assert decision is not None
    assert decision.kind is DecisionKind.ADVANCE
    assert decision.ready  # the answer at 48 hours is an hour old
    book.choose(PLAN, NOW, cautious=True)
    decision = book.decision(NOW)
    assert decision is not None
    assert decision.kind is DecisionKind.REPEAT


def test_the_next_morning_is_that_of_the_persons_own_time_zone(book: TrainingLog) -> None:
    book.choose(PLAN, NOW)
    book.add(said(CheckInMoment.BEFORE, NOW - HOUR))
    book.add(ran("1", NOW))
    book.add(said(CheckInMoment.DURING, NOW))
    later = NOW + 10 * HOUR  # 22:00 UTC
    here, east = book.decision(later), book.decision(later, timezone(timedelta(hours=9)))
    assert here is not None
    assert here.ask is None
    assert east is not None
    assert east.ask is DueQuestion.MORNING
    assert book.decision(later.astimezone(timezone(timedelta(hours=9)))) == east


def test_a_time_without_a_zone_is_refused(book: TrainingLog) -> None:
    book.choose(PLAN, NOW)
    with pytest.raises(PlanError, match="time zone"):
        book.decision(NOW.replace(tzinfo=None))


def test_an_override_on_record_lets_the_person_go_ahead(book: TrainingLog) -> None:
    book.choose(PLAN, NOW)
    book.add(ran("1", NOW - 24 * HOUR))
    book.add(said(CheckInMoment.DURING, NOW - 24 * HOUR))
    book.add(said(CheckInMoment.MORNING, NOW - HOUR))
    decision = book.decision(NOW + HOUR)
    assert decision is not None
    assert not decision.may_run
    number = book.add(override(decision, NOW + HOUR, "  my race\n"))
    went = book.decision(NOW + HOUR)
    assert went is not None
    assert went.may_run
    kept = book.kept()[-1]
    assert isinstance(kept.record, Override)
    assert (kept.id, kept.record.words) == (number, "  my race\n")


# -- corrections -------------------------------------------------------------------------------------------------------


def test_a_correction_takes_the_place_of_the_record_and_both_stay(book: TrainingLog) -> None:
    first = book.add(said(CheckInMoment.GATE, NOW, 7), "a slip")
    second = book.correct(first, said(CheckInMoment.GATE, NOW, 2), "better")
    assert [each.pain for each in book.history().check_ins] == [2]
    assert [(kept.id, kept.replaces, kept.replaced_by, kept.words) for kept in book.kept()] == [
        (first, None, second, "a slip"),
        (second, first, None, "better"),
    ]


def test_a_correction_can_be_corrected_and_withdrawn(book: TrainingLog) -> None:
    first = book.add(said(CheckInMoment.GATE, NOW, 7))
    second = book.correct(first, said(CheckInMoment.GATE, NOW, 2))
    third = book.correct(second, said(CheckInMoment.GATE, NOW, 3))
    assert [each.pain for each in book.history().check_ins] == [3]
    with pytest.raises(PlanError, match=f"record {second} has taken its place"):
        book.correct(first, said(CheckInMoment.GATE, NOW, 4))
    book.withdraw(third, NOW, "it was not me")
    assert book.history().check_ins == ()
    assert len(book.kept()) == 4


def test_of_two_corrections_made_at_once_the_later_counts(book: TrainingLog, tmp_path: Path) -> None:
    first = book.add(said(CheckInMoment.GATE, NOW, 7))
    book.correct(first, said(CheckInMoment.GATE, NOW, 2))
    payload = dict(log_entries.entries(tmp_path / "data" / "journal.db")[-1].payload) | {"pain": 5}
    log_entries.add(tmp_path / "data" / "journal.db", "check-in", NOW, payload, version=1)
    assert [each.pain for each in book.history().check_ins] == [5]


@pytest.mark.parametrize(
    "corrected",
    [
        said(CheckInMoment.GATE, NOW, 1),
        said(CheckInMoment.GATE, NOW, 1, frozenset({RedFlag.TRAUMA})),
        said(CheckInMoment.GATE, NOW - HOUR, 1, FEVER),
    ],
)
def test_a_red_flag_is_never_corrected_away(book: TrainingLog, corrected: CheckIn) -> None:
    number = book.add(said(CheckInMoment.GATE, NOW, 5, FEVER))
    with pytest.raises(PlanError, match="red flag"):
        book.correct(number, corrected)
    with pytest.raises(PlanError, match="red flag"):
        book.withdraw(number, NOW)
    assert book.history().check_ins == (said(CheckInMoment.GATE, NOW, 5, FEVER),)


def test_what_else_was_said_with_a_red_flag_can_be_corrected(book: TrainingLog) -> None:
    number = book.add(said(CheckInMoment.GATE, NOW, 10, FEVER))
    book.correct(number, said(CheckInMoment.GATE, NOW, 2, FEVER | {RedFlag.TRAUMA}))
    assert [each.pain for each in book.history().check_ins] == [2]


def test_a_record_is_corrected_by_one_of_its_kind_only(book: TrainingLog) -> None:
    number = book.add(LoggedActivity(ActivityKind.ROWING, 20, NOW, 0))
    with pytest.raises(PlanError, match="another kind"):
        book.correct(number, said(CheckInMoment.GATE, NOW))
    with pytest.raises(PlanError, match="it does not exist"):
        book.correct(number + 1, said(CheckInMoment.GATE, NOW))


STAYS: list[Callable[[TrainingLog], int]] = [
    lambda book: book.add(Override(NOW, "Wait", NOW, "so")),
    lambda book: (book.choose(PLAN, NOW), book.kept()[-1].id)[1],
    lambda book: book.withdraw(book.add(ExercisesDone(NOW, frozenset({"glutes"}))), NOW),
]


@pytest.mark.parametrize("make", STAYS)
def test_an_override_a_choice_and_a_withdrawal_stay_on_record(
    book: TrainingLog, make: Callable[[TrainingLog], int]
) -> None:
    number = make(book)
    with pytest.raises(PlanError, match="stays on record"):
        book.withdraw(number, NOW)


def test_the_answer_to_the_walk_replaces_the_last_walk(book: TrainingLog) -> None:
    book.add(LoggedActivity(ActivityKind.WALKING, 30, NOW - 50 * HOUR, 1))
    number = book.add(LoggedActivity(ActivityKind.WALKING, 40, NOW - 20 * HOUR, 2), "by the river")
    book.add(LoggedActivity(ActivityKind.CYCLING, 40, NOW, 2))
    waiting = book.walk_to_answer()
    assert waiting is not None
    assert (waiting.id, waiting.words) == (number, "by the river")
    book.correct(number, LoggedActivity(ActivityKind.WALKING, 40, NOW - 20 * HOUR, 2, rise_next_morning=False))
    assert book.walk_to_answer() is None


# -- foreign and newer -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "version"), [("dream", 1), ("declaration", 3)])
def test_what_another_program_wrote_is_refused_and_left_alone(
    book: TrainingLog, tmp_path: Path, kind: str, version: int
) -> None:
    book.add(Declaration(NOW, leg_symptoms=False, surgery=False))
    path = tmp_path / "data" / "journal.db"
    log_entries.add(path, kind, NOW, {"leg_symptoms": False, "surgery": False}, version=version)
    for reading in (book.history, book.kept, book.choice, lambda: book.decision(NOW)):
        with pytest.raises(JournalError, match="nothing was changed"):
            reading()
    assert len(log_entries.entries(path)) == 2
