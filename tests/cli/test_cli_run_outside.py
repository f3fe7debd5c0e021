"""A run that is for no stage of the plan, while the plan is followed (training.md "The plan"; issue 14, point 3)."""

from __future__ import annotations

import pytest

from tests.support.cli.person import Person

RUN = ("run", "12s walk 4, 70s run 7")
WALK = ("run", "12s walk 4, 12s walk 5")
ALONE = ("--headless", "--speedup", "max")
REAL = ("-t", "5A:1D:00:00:18:26", "--headless")


@pytest.fixture
def resting(ready: Person) -> Person:
    """Five hours after a run, with nothing wrong."""
    ready.does("log", "session", "--stage", "1", "--at", ready.ago(hours=5))
    ready.does("checkin", "during", "--pain", "1", "--at", ready.ago(hours=5))
    return ready


def test_while_the_plan_waits_a_run_is_refused_where_nobody_can_be_asked(resting: Person) -> None:
    refused = resting.fails(*RUN, *ALONE)
    assert refused.startswith("runback: plan return-to-running: Rest for now: a good 48 hours show")
    assert "at the earliest" in refused
    assert "completed" in resting.does(*WALK, *ALONE)  # walking is free
    assert "completed" in resting.does("demo", "--json")  # and so is the demo


@pytest.mark.full
def test_at_a_terminal_the_person_is_asked_and_no_is_the_default(resting: Person) -> None:
    code, screen = resting.talks(*RUN, answers=[("all the same?", "")])
    assert code == 3, screen
    assert "Your plan says: Rest for now" in screen
    assert "the 48 hours begin again" in screen
    assert "Nothing was started." in screen


def test_before_the_first_run_of_the_plan_the_checks_are_named(person: Person) -> None:
    person.does("plan", "start", "return-to-running", "--rehearse")
    assert "answer with `runback checkin declaration" in person.fails(*RUN, *ALONE)


def test_a_run_outside_starts_the_48_hours(ready: Person) -> None:
    assert ready.status()["ruling"] == "start"
    assert "completed" in ready.does(*RUN, *ALONE, "--journal")
    status = ready.status()
    assert (status["ready"], status["ask"]) == (False, "worst during")
    assert "Say how it was at its worst during the run" in ready.fails(*RUN, *ALONE)


def test_a_simulated_run_is_free_unless_the_plan_is_a_rehearsal(person: Person) -> None:
    person.does("plan", "start", "return-to-running")
    assert "completed" in person.does(*RUN, *ALONE)


def test_a_red_flag_refuses_every_workout_with_running_in_it_until_a_clinician_has_cleared_it(ready: Person) -> None:
    ready.types("checkin", "before", "--pain", "1", "--red-flag", "fever")
    for command in ((*RUN, *ALONE), (*RUN, *REAL), ("run", "10s free 6.5", *ALONE)):
        refused = ready.types(*command)
        assert refused.returncode == 6, refused
        assert refused.stdout.startswith("Please see a doctor about this")
        assert refused.stderr.startswith("runback: not started: a red flag was reported")
    planned = ready.types("run", "--plan", *ALONE)
    assert planned.returncode == 6
    assert "Please see a doctor about this" in planned.stderr
    assert "completed" in ready.does(*WALK, *ALONE)
    ready.does("plan", "clear", "--clinician", "Dr X", "--what", "red-flag")
    assert "completed" in ready.does(*RUN, *ALONE)


def test_a_red_flag_holds_without_any_plan(person: Person) -> None:
    person.types("checkin", "--red-flag", "chest-pain", "--pain", "2")
    refused = person.types(*RUN, *REAL)
    assert refused.returncode == 6
    assert refused.stdout.startswith("Get help now.")


def test_a_journal_that_cannot_be_read_is_named_and_keeps_nobody_from_running(person: Person) -> None:
    person.journal.parent.mkdir(parents=True)
    person.journal.write_bytes(b"no database at all, and longer than a page would need" * 99)
    done = person.types(*RUN, *ALONE)
    assert done.returncode == 0
    assert "completed" in done.stdout
    assert "journal.db" in done.stderr
