"""What is logged, corrected, listed, and refused."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.cli.person import Person

FAST = ("run", "--plan", "--headless", "--speedup", "max")


@pytest.mark.full
def test_what_counts_says_so_and_what_does_not_says_why(person: Person) -> None:
    def log(*words: str) -> str:
        return person.does("log", *words, "--pain", "1")

    assert "It counts" in log("cycling", "40")
    assert "counts as one day" in log("elliptical", "20")
    assert "Rowing is kept in your log but does not count" in log("rowing", "30")
    assert "Less than 10 minutes" in log("walking", "8")
    person.does("plan", "start", "return-to-running")
    assert "It counts: 0 of 4 weeks done, 2 of 3 days in this one" in log("cycling", "40", "--at", person.ago(days=1.5))


@pytest.mark.full
@pytest.mark.parametrize(("kind", "kept"), [("swimming", "swimming"), ("aqua-jogging", "aqua-jogging")])
def test_work_in_the_water_counts_as_low_impact_work(person: Person, kind: str, kept: str) -> None:
    told = person.does("log", kind, "30", "--pain", "1").splitlines()
    assert told == [f"Logged as record 1: 30 minutes of {kept}.", "It counts as low-impact work."]


@pytest.mark.full
def test_anything_else_is_kept_and_does_not_count(person: Person) -> None:
    told = person.does("log", "other", "30", "--pain", "1", "--note", "tennis")
    assert "It is kept in your log but does not count towards the month." in told
    assert [row["payload"]["kind"] for row in person.records()] == ["OTHER"]


@pytest.mark.full
def test_a_run_outside_is_kept_without_a_plan_and_is_no_low_impact_work(person: Person) -> None:
    told = person.does("log", "running", "20", "--pain", "2").splitlines()
    assert told[1:] == ["A run is kept and starts the 48 hours; it does not count as low-impact work."]


@pytest.mark.full
def test_a_run_outside_starts_the_48_hours(person: Person) -> None:
    person.does("plan", "start", "return-to-running")
    person.passes_the_gate(0.5)
    assert person.status()["ruling"] == "start"
    said = person.does("log", "running", "20", "--pain", "2", "--at", person.ago(hours=1))
    assert f"At the earliest: {person.shown(hours=47)}" in said
    told = person.status()
    assert (told["ruling"], told["earliest"]) == ("wait until", (person.now + timedelta(hours=47)).isoformat())


@pytest.mark.full
def test_a_run_outside_is_asked_about_the_next_morning(person: Person) -> None:
    person.does("plan", "start", "return-to-running")
    person.passes_the_gate(1.5)
    assert "How are you this morning?" in person.does(
        "log", "running", "20", "--pain", "2", "--at", person.ago(hours=26)
    )
    assert person.status()["ask"] == "next morning"
    person.does("checkin", "morning", "--pain", "2")
    assert person.status()["ask"] is None


@pytest.mark.full
def test_the_48_h_check_answers_to_its_former_name_which_is_shown_nowhere(person: Person) -> None:
    for name in ("48h", "gate"):
        person.does("checkin", name, "--pain", "1")
    assert [row["payload"]["moment"] for row in person.records()] == ["GATE", "GATE"]
    shown = person.does("checkin", "--help") + person.fails("checkin", "evening")
    assert "48h" in shown
    assert "gate" not in shown


@pytest.mark.full
def test_a_month_that_was_done_is_kept_as_self_reported(person: Person) -> None:
    person.does("plan", "start", "return-to-running")
    first, last = (person.ago(days=days).split()[0] for days in (60, 3))
    said = person.does("log", "month", "--from", first, "--to", last)
    assert f": your month from {first} to {last}, self-reported." in said
    assert any("you say you did your month" in note and "(self-reported)" in note for note in person.status()["notes"])
    kept = [row["payload"] for row in person.records() if row["kind"] == "month"]
    assert kept == [{"first": first, "last": last}]


@pytest.mark.full
def test_a_month_that_ended_long_ago_is_kept_and_does_not_stand_for_the_month(person: Person) -> None:
    person.does("plan", "start", "return-to-running")
    first, last = (person.ago(days=days).split()[0] for days in (90, 40))
    assert "It ended more than 28 days ago" in person.does("log", "month", "--from", first, "--to", last)
    assert not any("self-reported" in note for note in person.status()["notes"])


@pytest.mark.full
def test_a_record_is_corrected_and_withdrawn_and_stays(person: Person) -> None:
    person.does("log", "cycling", "400", "--pain", "1", "--note", "a slip of ⌨")
    person.does("log", "cycling", "40", "--pain", "1", "--replaces", "1")
    assert "no longer counts" in person.does("log", "withdraw", "2", "--note", "not me")
    told = person.does("history", "--all")
    assert '"a slip of ⌨"; replaced by record 2' in told
    assert "replaced by record 3" in told
    assert [row["payload"].get("minutes") for row in person.records()] == [400.0, 40.0, None]


@pytest.mark.full
def test_exercises_are_logged_by_name_or_all(person: Person) -> None:
    assert "2 of 5" in person.does("log", "exercises", "glutes", "prone-lifts")
    assert "5 of 5" in person.does("log", "exercises", "--all")
    assert "ten slow counts" in person.does("log", "exercises")
    assert len(person.records()) == 2
    assert "did you mean glutes" in person.fails("log", "exercises", "gluts")


@pytest.mark.full
def test_the_history_lists_every_real_session_and_is_empty_at_first(person: Person) -> None:
    assert person.does("history") == ""
    assert person.does("history", "--json", "--all") == ""
    person.does("run", "12s walk 4, 12s run 6", "--headless", "--speedup", "max", "--journal")
    assert person.does("history") == ""
    assert "not of a plan, simulated" in person.does("history", "--all")
    with closing(sqlite3.connect(person.journal)) as journal:
        journal.execute("UPDATE session SET simulated = 0")
        journal.commit()
    assert "24s of 24s; not of a plan" in person.does("history")


# -- refused -----------------------------------------------------------------------------------------------------------


@pytest.mark.full
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("plan", "start", "return-to-runing"), "did you mean return-to-running"),
        (("plan", "override", "--because", "x"), "no plan is chosen"),
        (("plan", "status", "--json"), "no plan is chosen"),
        (("plan", "clear", "--clinician", "Dr X"), "nothing is waiting for a clinician's clearance"),
        (("plan", "clear", "--clinician", "Dr X", "--what", "all"), "not one of"),
        (("checkin",), "nothing is due"),
        (("checkin", "48h"), "--pain: it is missing"),
        (("checkin", "48h", "--pain", "11"), "is not a whole number from 0 to 10"),
        (("checkin", "48h", "--pain", "2.5"), "is not a whole number from 0 to 10"),
        (("checkin", "48h", "--red-flag", "cold"), "not one of"),
        (("checkin", "evening", "--pain", "1"), "is not one of"),
        (("checkin", "declaration"), "each question needs an answer"),
        (("checkin", "walk", "--worse"), "no walk is waiting for this answer"),
        (("checkin", "48h", "--pain", "1", "--replaces", "9"), "it does not exist"),
        (("log", "cycling", "40"), "--pain: it is missing"),
        (("log", "cycling", "-3", "--pain", "1"), "No such option"),
        (("log", "cycling", "0", "--pain", "1"), "minutes are not possible"),
        (("log", "cycling", "nan", "--pain", "1"), "is not a number"),
        (("log", "skating", "40", "--pain", "1"), "No such command"),
        (("log", "session"), "no plan is chosen"),
        (("log", "month"), "Missing option '--from'"),
        (("log", "month", "--from", "2026-01-01"), "Missing option '--to'"),
        (("log", "month", "--from", "May", "--to", "2026-02-01"), '--from: "May" is not a date'),
        (("log", "month", "--from", "2026-01-01", "--to", "2026-02-30"), '--to: "2026-02-30" is not a date'),
        (("log", "month", "--from", "2026-01-01", "--to", "2026-01-27"), "fewer than 28 days"),
        (("log", "month", "--from", "2026-02-01", "--to", "2026-01-01"), "fewer than 28 days"),
        (("log", "month", "--from", "2026-01-01", "--to", "2999-01-01"), "has not come yet"),
        (("log", "withdraw", "4"), "it does not exist"),
        (("log", "rowing", "30", "--pain", "1", "--at", "2999-01-01 10:00"), "in the future"),
        (("log", "rowing", "30", "--pain", "1", "--at", "noon"), "is not a date and time"),
        (("log", "rowing", "30", "--pain", "1", "--at", "2026-01-01"), "no time of day"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_kept(person: Person, arguments: tuple[str, ...], told: str) -> None:
    assert told in person.fails(*arguments)
    assert not person.journal.exists()


SPOILT: list[tuple[Callable[[Path], object], str]] = [
    (lambda path: path.write_bytes(b"no database at all, and longer than a header" * 30), "not a journal"),
    (lambda path: _execute(path, "PRAGMA user_version = 99"), "a newer runback has written it"),
    (lambda path: _execute(path, "INSERT INTO entry VALUES (9, 'dream', 0, 1, '{}', NULL)"), "update runback"),
]


def _execute(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as journal:
        journal.execute(statement)
        journal.commit()


@pytest.mark.full
@pytest.mark.parametrize(("spoil", "told"), SPOILT)
def test_a_journal_that_cannot_be_read_is_one_line_and_left_as_it_is(
    person: Person, spoil: Callable[[Path], object], told: str
) -> None:
    person.does("plan", "start", "return-to-running")
    spoil(person.journal)
    before = person.journal.read_bytes()
    for command in (("plan",), ("plan", "start", "military"), FAST, ("history",), ("log", "session")):
        assert told in person.fails(*command)
    assert person.journal.read_bytes() == before


@pytest.mark.full
def test_plans_are_listed_and_the_one_that_is_followed_is_marked(person: Person) -> None:
    assert "Choose one with `runback plan start NAME`" in person.does("plan")
    person.does("plan", "start", "couch-to-5k", "--cautious")
    listed = person.does("plan", "list").splitlines()
    assert [line[2:].split()[0] for line in listed if line.startswith("*")] == ["couch-to-5k"]
    shown = [json.loads(line) for line in person.does("plan", "list", "--json").splitlines()]
    assert [plan["name"] for plan in shown if plan["followed"]] == ["couch-to-5k"]
    assert person.status()["cautious"] is True
