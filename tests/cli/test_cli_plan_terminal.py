"""The plan at a terminal: one question at a time, in plain words, and help before everything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli.person import Person
from tests.support.processes.terminal import terminal

FAST = ("run", "--plan", "--headless", "--speedup", "max")
QUIET = [("Leg", ""), ("limp", ""), ("sharp pain", "")]
NO_FLAGS = [("Is any of these new", "n"), ("your own words", "")]


@pytest.mark.full
def test_at_a_terminal_what_is_missing_is_asked_before_and_the_worst_after(ready: Person) -> None:
    before = [
        ("Before you run", "1"),
        *QUIET,
        ("Is any of these new", ""),
        ("none, or numbers", "n"),
        ("your own words", "a bit stiff"),
    ]
    during = [("at its worst during the run", "2"), *QUIET, ("Did you have any of these", "none"), *NO_FLAGS]
    code, screen = ready.talks(*FAST, answers=[*before, *during])
    assert code == 0, screen
    assert "completed" in screen
    (row,) = ready.history()
    assert (row["pain_before"], row["pain_during"]) == (1, 2)
    assert '"a bit stiff"' in ready.does("history", "--all")


@pytest.mark.full
def test_a_red_flag_at_a_terminal_is_answered_first_and_nothing_is_run(ready: Person) -> None:
    answers = [("Before you run", "1"), *QUIET, ("Is any of these new", "16"), ("from 1 to 15", "5, 9")]
    code, screen = ready.talks(*FAST, answers=answers)
    assert code == 6
    after = screen.rpartition("for none of these")[2]
    assert after.index("Get help now.") < after.index("Recorded as record")
    assert "completed" not in screen
    assert ready.status()["ruling"] == "locked"


@pytest.mark.full
def test_a_check_in_at_a_terminal_offers_what_is_due(ready: Person) -> None:
    answers = [("Which check-in", ""), ("Before you run", "eleven"), ("Pain", "11"), ("Pain", "3"), *QUIET, *NO_FLAGS]
    code, screen = ready.talks("checkin", answers=answers)
    assert code == 0, screen
    assert "[before]" in screen
    (kept,) = [row for row in ready.records() if row["payload"].get("moment") == "BEFORE"]
    assert kept["payload"]["pain"] == 3


@pytest.mark.full
def test_the_declaration_and_the_walk_have_no_default_answer(person: Person) -> None:
    person.does("plan", "start", "return-to-running")
    answers = [("Which check-in", ""), ("in a leg?", ""), ("in a leg?", "n"), ("back surgery?", "y")]
    answers.append(("Their numbers", "2"))
    code, screen = person.talks("checkin", answers=answers)
    assert code == 0, screen
    assert person.records()[-1]["payload"] == {"leg_symptoms": False, "surgery": True, "risks": ["STEROIDS"]}
    person.talks("log", "walking", "30", "--at", person.ago(days=1.5), answers=[("at its worst while", "2")])
    code, screen = person.talks("checkin", "walk", answers=[("morning after", ""), ("morning after", "n")])
    assert code == 0, screen
    assert person.records()[-1]["payload"]["rise_next_morning"] is False


@pytest.mark.full
def test_at_a_terminal_a_reason_and_the_exercises_are_asked_for(ready: Person) -> None:
    ready.does("log", "session", "--stage", "1", "--at", ready.ago(hours=30))
    ready.does("checkin", "during", "--pain", "1", "--at", ready.ago(hours=30))
    ready.does("checkin", "morning", "--pain", "1", "--at", ready.ago(hours=10))
    code, screen = ready.talks("plan", "override", answers=[("why do you go ahead?", "I feel well")])
    assert code == 0, screen
    assert ready.status()["overridden"] == "I feel well"
    answers = [("face down: done?", "y"), ("tennis ball", "n"), ("glutes", ""), ("hamstrings", "y"), ("piriformis", "")]
    code, screen = ready.talks("log", "exercises", answers=answers)
    assert code == 0, screen
    assert ready.records()[-1]["payload"] == {"done": ["hamstrings", "prone-lifts"]}


@pytest.mark.full
def test_neither_speed_nor_running_passes_the_plans_cap_whatever_the_person_adds(ready: Person, tmp_path: Path) -> None:
    ready.does("checkin", "before", "--pain", "1")
    arguments = ("run", "--plan", "--start", "--speedup", "8")
    with terminal(tmp_path / "trace", *arguments, env=ready.environment) as program:
        program.phase("running")
        program.type(b"+" * 30)
        program.wait_for(lambda record: record.get("hex") == "02e803")  # Set Target Speed, 10.00 km/h
        program.type(b"+")
        program.seen(b"10.0 km/h is the limit")
        program.type(b"n")
        program.wait_for(lambda record: record.get("event") == "step" and record.get("kind") == "run")
        program.type(b"x")
        program.seen(b"more running than")
        speeds = [octets for octets in program.writes(0) if octets.startswith("02")]
        assert max(int.from_bytes(bytes.fromhex(octets)[1:], "little") for octets in speeds) == 1000
        program.type(b"z")
        program.wait_for(lambda record: record.get("signal") == "belt at rest after stop")


@pytest.mark.full
def test_today_in_lines_asks_what_is_due_and_then_whether_to_start(ready: Person) -> None:
    answers = [("Before you run", "1"), *QUIET, *NO_FLAGS, ("Enter starts", "q")]
    code, screen = ready.talks("today", "--plain", answers=answers)
    assert code == 3, screen
    assert "SIMULATED: no real belt moves." in screen
    assert "GET READY" not in screen


@pytest.mark.full
def test_today_in_lines_without_a_plan_says_what_can_be_done(person: Person) -> None:
    code, screen = person.talks("today", "--plain", answers=[])
    assert code == 0, screen
    assert "runback plan start return-to-running" in screen
