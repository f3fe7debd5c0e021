"""Every record comes back as it went in; what was not written by this program is refused, never guessed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runback.errors import JournalError
from runback.journal.model import Json, LogRow
from runback.rehab.activity import ActivityKind, ExercisesDone, LoggedActivity
from runback.rehab.low_impact_month import MonthDone
from runback.rehab.records import (
    CheckIn,
    CheckInMoment,
    Clearance,
    Cleared,
    Declaration,
    LegSymptoms,
    Override,
    SessionDone,
)
from runback.rehab.red_flags import RedFlag, StopSign
from runback.training_log.entries import PlanChoice, Record, Withdrawal
from runback.training_log.serialization import KINDS, RecordKind, read, write
from tests.support.training_log.strategies import EVERYTHING, WORDS

AT = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)
BEGAN = datetime(2026, 3, 1, 17, 0, 0, 500, tzinfo=UTC)
CHECK_IN: dict[str, Json] = {
    "moment": "GATE",
    "pain": 3,
    "leg": "NONE",
    "limp": False,
    "sharp_pain": False,
    "red_flags": [],
    "stop_signs": [],
}


def entry(kind: str, payload: dict[str, Json], version: int = 1) -> LogRow:
    return LogRow(7, kind, AT, version, payload)


@settings(deadline=None)
@given(EVERYTHING, WORDS, st.none() | st.integers(1, 10**9))
def test_every_record_comes_back_as_it_went_in(
    record: Record | PlanChoice | Withdrawal, words: str, replaces: int | None
) -> None:
    made = write(record, words, replaces)
    text = json.dumps(made.payload, allow_nan=False)  # as the journal keeps it
    kept = read(LogRow(7, made.kind, made.at, made.version, json.loads(text), 5), "journal")
    assert (kept.record, kept.words, kept.replaces, kept.id, kept.training) == (record, words, replaces, 7, 5)


def test_what_was_written_by_the_first_version_stays_readable() -> None:
    told: dict[str, Json] = {
        **CHECK_IN,
        "red_flags": ["FEVER", "TRAUMA"],
        "stop_signs": ["DIZZINESS"],
        "leg": "FURTHER_DOWN",
    }
    expected = CheckIn(
        CheckInMoment.GATE,
        AT,
        3,
        LegSymptoms.FURTHER_DOWN,
        red_flags=frozenset({RedFlag.FEVER, RedFlag.TRAUMA}),
        stop_signs=frozenset({StopSign.DIZZINESS}),
    )
    assert read(entry("check-in", told), "journal").record == expected
    assert write(expected).payload == told
    clearance = read(entry("clearance", {"what": "RED_FLAG", "clinician": "Dr X"}), "journal").record
    assert clearance == Clearance(Cleared.RED_FLAG, AT, "Dr X")


FIRST_VERSION: list[tuple[str, str, Record | PlanChoice | Withdrawal]] = [
    (
        "check-in",
        '{"moment":"DURING","pain":4,"leg":"SAME","limp":true,"sharp_pain":false,"red_flags":[],'
        '"stop_signs":["BREATHLESSNESS","DIZZINESS"]}',
        CheckIn(
            CheckInMoment.DURING,
            AT,
            4,
            LegSymptoms.SAME,
            limp=True,
            stop_signs=frozenset({StopSign.DIZZINESS, StopSign.BREATHLESSNESS}),
        ),
    ),
    (
        "activity",
        '{"kind":"WALKING","minutes":32.5,"pain":1,"rise_next_morning":null}',
        LoggedActivity(ActivityKind.WALKING, 32.5, AT, 1),
    ),
    ("exercises", '{"done":["glutes","prone-lifts"]}', ExercisesDone(AT, frozenset({"prone-lifts", "glutes"}))),
    ("declaration", '{"leg_symptoms":true,"surgery":false}', Declaration(AT, leg_symptoms=True, surgery=False)),
    ("clearance", '{"what":"PAIN","clinician":"Dr \\u00d6"}', Clearance(Cleared.PAIN, AT, "Dr Ö")),
    (
        "override",
        '{"decision":"Wait","until":"2026-03-01T18:30:00+00:00","because":"my race \\ud800"}',
        Override(AT, "Wait", AT + timedelta(hours=1), "my race \ud800"),
    ),
    (
        "session",
        '{"plan":"couch-to-5k","stage":"w1","began":"2026-03-01T17:00:00.000500+00:00","planned_run":480.0,'
        '"done_run":480.25,"stopped":false}',
        SessionDone("couch-to-5k", "w1", BEGAN, AT, 480.0, 480.25),
    ),
    (
        "plan",
        '{"name":"couch-to-5k","cautious":false,"rehearsal":true}',
        PlanChoice("couch-to-5k", cautious=False, since=AT, rehearsal=True),
    ),
    ("withdrawal", '{"because":"not me"}', Withdrawal(AT, "not me")),
]
"""An entry of every kind, byte for byte as 0.1.0 wrote it."""


@pytest.mark.parametrize(("kind", "text", "record"), FIRST_VERSION, ids=[kind for kind, _, _ in FIRST_VERSION])
def test_entries_of_the_first_release_are_read_and_still_written_byte_for_byte(
    kind: str, text: str, record: Record | PlanChoice | Withdrawal
) -> None:
    assert read(entry(kind, json.loads(text)), "journal").record == record
    made = write(record)
    assert (made.kind, made.at, made.version) == (kind, AT, 1)
    assert json.dumps(made.payload, separators=(",", ":")) == text


def test_no_kind_of_the_first_release_is_forgotten() -> None:
    assert [kind for kind, _, _ in FIRST_VERSION] == [kind.name for kind in KINDS if kind.name != "month"]


@pytest.mark.parametrize(
    ("change", "told"),
    [({"first": "May"}, "first is not a day"), ({"last": 3}, "last is not text"), ({"last": None}, "last is not text")],
)
def test_the_days_of_a_month_are_days(change: dict[str, Json], told: str) -> None:
    payload: dict[str, Json] = {"first": "1990-01-01", "last": "1990-03-01"}
    assert read(entry("month", payload), "journal").record == MonthDone(AT, date(1990, 1, 1), date(1990, 3, 1))
    with pytest.raises(JournalError, match=told):
        read(entry("month", payload | change), "journal")


# -- fields that a record is given later -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LongerCheckIn(CheckIn):
    """A check-in of a later release: it asks more, and says so here only."""

    slept_badly: bool | None = None
    worst: StopSign | None = None
    where: frozenset[str] = frozenset()


NEWEST = 2
"""The version of a check-in that says how hard the run was, the last field that this release knows."""
LATER = (RecordKind("check-in", LongerCheckIn, KINDS[0].first),)


def test_an_entry_of_before_a_field_was_added_is_read_with_its_default() -> None:
    assert read(entry("check-in", CHECK_IN), "journal", kinds=LATER).record == LongerCheckIn(CheckInMoment.GATE, AT, 3)


def test_a_field_added_later_changes_no_entry_that_does_not_use_it() -> None:
    made = write(LongerCheckIn(CheckInMoment.GATE, AT, 3), kinds=LATER)
    assert (made.version, made.payload) == (1, CHECK_IN)


@pytest.mark.parametrize(
    ("record", "version", "more"),
    [
        (LongerCheckIn(CheckInMoment.GATE, AT, 3, slept_badly=False), NEWEST + 1, {"slept_badly": False}),
        (LongerCheckIn(CheckInMoment.GATE, AT, 3, worst=StopSign.DIZZINESS), NEWEST + 2, {"worst": "DIZZINESS"}),
        (
            LongerCheckIn(CheckInMoment.GATE, AT, 3, slept_badly=True, where=frozenset("ba")),
            NEWEST + 3,
            {"slept_badly": True, "where": ["a", "b"]},
        ),
    ],
)
def test_an_entry_that_uses_a_later_field_is_refused_by_an_older_runback_and_read_by_a_newer(
    record: LongerCheckIn, version: int, more: dict[str, Json]
) -> None:
    made = write(record, "so", 3, kinds=LATER)
    assert (made.version, made.payload) == (version, CHECK_IN | more | {"words": "so", "replaces": 3})
    row = entry("check-in", dict(made.payload), made.version)
    assert read(row, "journal", kinds=LATER).record == record
    with pytest.raises(JournalError, match="a newer runback"):
        read(row, "journal")


@pytest.mark.parametrize(
    ("kind", "version", "told"),
    [
        ("dream", 1, "is not known here"),
        ("check-in", NEWEST + 1, "a newer runback"),
        ("check-in", 0, "no version 0"),
        ("a\nb", 1, "is not known here"),
    ],
)
def test_an_unknown_kind_or_a_newer_version_is_refused_in_one_line(kind: str, version: int, told: str) -> None:
    with pytest.raises(JournalError, match=told) as caught:
        read(entry(kind, CHECK_IN, version), "journal.db")
    assert str(caught.value).startswith("journal.db: entry 7: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"pain": True}, "pain is not a whole number"),
        ({"pain": 3.0}, "pain is not a whole number"),
        ({"pain": 11}, "not on the scale"),
        ({"limp": 0}, "limp is neither true nor false"),
        ({"leg": "none"}, "leg 'none' is not known"),
        ({"moment": None}, "moment is not text"),
        ({"red_flags": "FEVER"}, "red_flags is not a list"),
        ({"red_flags": [1]}, "not a list of words"),
        ({"red_flags": ["PLAGUE"]}, "is not known here"),
        ({"mood": "good"}, "'mood' is not known here"),
        ({"words": 3}, "words is not text"),
        ({"replaces": "3"}, "replaces is not a whole number"),
    ],
)
def test_a_field_that_is_not_what_it_must_be_is_refused(change: dict[str, Json], told: str) -> None:
    with pytest.raises(JournalError, match=told):
        read(entry("check-in", CHECK_IN | change), "journal")


@pytest.mark.parametrize("missing", sorted(CHECK_IN))
def test_a_field_that_is_missing_is_refused(missing: str) -> None:
    payload = {key: value for key, value in CHECK_IN.items() if key != missing}
    with pytest.raises(JournalError, match=f"{missing} is missing"):
        read(entry("check-in", payload), "journal")


@pytest.mark.parametrize(
    ("kind", "payload", "told"),
    [
        ("activity", {"kind": "CYCLING", "minutes": "40", "pain": 0, "rise_next_morning": None}, "not a number"),
        (
            "activity",
            {"kind": "CYCLING", "minutes": float("inf"), "pain": 0, "rise_next_morning": None},
            "not a number",
        ),
        ("activity", {"kind": "CYCLING", "minutes": True, "pain": 0, "rise_next_morning": None}, "not a number"),
        ("activity", {"kind": "CYCLING", "minutes": 40, "pain": 0, "rise_next_morning": 0}, "neither true nor"),
        ("override", {"decision": "Wait", "until": "tomorrow", "because": "x"}, "not a moment"),
        ("override", {"decision": "Wait", "until": "2026-03-01T10:00:00", "because": "x"}, "no time zone"),
        ("override", {"decision": "Wait", "until": "2026-03-01T10:00:00+00:00", "because": " "}, "no reason"),
    ],
)
def test_other_payloads_are_read_as_strictly(kind: str, payload: dict[str, Json], told: str) -> None:
    with pytest.raises(JournalError, match=told):
        read(entry(kind, payload), "journal")
