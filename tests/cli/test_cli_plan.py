"""The plan at the command line: a whole course, what is refused and why, and what is asked at a terminal."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.support.cli.person import Person

FAST = ("run", "--plan", "--headless", "--speedup", "max")


# -- a course ----------------------------------------------------------------------------------------------------------


@pytest.mark.full
@pytest.mark.timeout(600)
def test_a_course_from_the_gate_to_stage_four_is_run_by_its_rules(person: Person) -> None:
    assert "This is not medical advice" in person.does("plan", "start", "return-to-running")
    assert person.status()["ask"] == "leg symptoms or surgery"
    person.passes_the_gate(8.25)
    assert "stage 1, 100%" in person.runs(8.25, 1, 1, 1, 1)
    assert "stage 2, 100%" in person.runs(6, 1, 4, 1, 1)
    assert "stage 2, 100%" in person.runs(3.75, 1, 1, 1, 1)
    assert "stage 3, 100%" in person.runs(1.5, 1, 1, 1)

    told = person.status()
    assert (told["ruling"], told["stage"], told["can_override"]) == ("wait until", "3", True)
    # From start to start, with an hour's tolerance: it lasted 20 minutes, and was over 36 hours ago.
    wait = 48 - 1 - 36 - 1 / 3
    assert told["earliest"] == (person.now + timedelta(hours=wait)).isoformat()
    assert f"Next check-in: {person.shown(hours=wait)}, with" in person.does("plan")
    refused = person.fails(*FAST)
    assert "48 hours" in refused
    assert f"at the earliest {person.shown(hours=wait)}" in refused

    went = person.does("plan", "override", "--because", "my race  is on Sunday")
    assert "you go ahead all the same, and said why: my race is on Sunday" in went
    assert "it is on record" in went
    assert "checkin before" in person.fails(*FAST)
    person.does("checkin", "before", "--pain", "1")
    assert person.status()["ready"] is True

    rows = person.history()
    assert [(row["stage"], row["pain_during"], row["pain_gate"]) for row in rows] == [
        ("1", 1, 1),
        ("2", 4, 1),
        ("2", 1, 1),
        ("3", 1, None),
    ]
    assert [row["ruling"] for row in rows] == ["advance", "repeat", "advance", "wait until"]
    assert "Repeat stage 2: " in person.does("history")
    everything = person.history("--all")
    (override,) = [row for row in everything if row.get("kind") == "override"]
    assert override["payload"]["because"] == "my race  is on Sunday"


@pytest.mark.full
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ((1, 2, 2, 1), "before 1, worst 2, next morning 2, now 1: settled in 48 h"),
        ((1, 1, 4, 3), "before 1, worst 1, next morning 4, now 3: 2 above before, not settled yet"),
        ((1, 1), "before 1, worst 1, next morning –, now –: the next answers are still to come"),
    ],
)
def test_the_reaction_to_the_last_run_is_told(person: Person, said: tuple[int, ...], sentence: str) -> None:
    person.does("plan", "start", "return-to-running")
    assert person.status()["reaction"] is None
    person.passes_the_gate(2.25)
    person.runs(2.25, *said)
    assert f"Pain last time, 0-10: {sentence}.\n" in person.does("plan")
    assert f"    pain 0-10: {sentence}\n" in person.does("history")
    told = person.status()["reaction"]
    assert (told["before"], told["worst"], told["sentence"]) == (*said[:2], sentence)
    assert person.history()[-1]["reaction"] == told


@pytest.mark.full
def test_a_run_at_an_override_is_told_with_it(ready: Person) -> None:
    ready.does("log", "session", "--stage", "1", "--at", ready.ago(hours=30))
    ready.does("checkin", "during", "--pain", "1", "--at", ready.ago(hours=30))
    ready.does("checkin", "morning", "--pain", "1", "--at", ready.ago(hours=10))
    ready.does("plan", "override", "--because", "I am well")
    ready.does("checkin", "before", "--pain", "1")
    ready.does(*FAST)
    assert "went ahead before the wait was over, because: I am well" in ready.does("history")
    assert "nothing to override" in ready.fails("plan", "override", "--because", "again")
    ready.does("checkin", "during", "--pain", "1")
    assert "not now: you have run today already" in ready.fails("plan", "override", "--because", "again")


@pytest.mark.full
def test_a_red_flag_locks_and_only_a_clearance_unlocks(ready: Person) -> None:
    flagged = ready.types("checkin", "--red-flag", "both-legs", "--red-flag", "fever")
    assert (flagged.returncode, flagged.stderr) == (6, "")
    assert flagged.stdout.startswith("Get help now.\n")
    assert "The plan is locked" in flagged.stdout
    assert "10 is on record" in flagged.stdout
    assert flagged.stdout.count("Get help now.") == 1

    told = ready.status()
    assert (told["ruling"], told["stage"], told["clearance"], told["ready"]) == ("locked", None, "red-flag", False)
    assert ready.does("plan").startswith("Get help now.\n")
    locked = ready.types(*FAST)
    assert (locked.returncode, locked.stdout) == (6, "")
    refused = locked.stderr
    assert "Get help now." in refused
    assert "`runback plan clear`" in refused
    for attempt in (("override", "--because", "it is gone"), ("start", "couch-to-5k")):
        ready.fails("plan", *attempt)
    number = ready.history("--all")[-1]["record"]
    assert "red flag" in ready.fails("log", "withdraw", str(number))
    assert "red flag" in ready.fails("checkin", "before", "--pain", "0", "--replaces", str(number))
    ready.fails("plan", "clear", "--what", "red-flag")  # nobody is named
    ready.fails("plan", "clear", "--clinician", " ", "--what", "red-flag")
    assert ready.status()["ruling"] == "locked"

    assert "Dr Nightingale has cleared you" in ready.does("plan", "clear", "--clinician", "Dr Nightingale")
    assert ready.status()["ruling"] != "locked"


@pytest.mark.full
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("before", "--pain", "1", "--at", "25:00"), "so it is on record for now"),
        (("before", "--pain", "1", "--at", "2999-01-01 10:00"), "so it is on record for now"),
        (("before", "--pain", "1", "--replaces", "999"), "so it is a separate record"),
        (("declaration", "--no-surgery"), "10 is on record"),
        (("walk",), "10 is on record"),
        ((), "10 is on record"),
    ],
)
def test_a_red_flag_is_kept_whatever_else_was_typed(person: Person, typed: tuple[str, ...], told: str) -> None:
    person.does("plan", "start", "return-to-running")
    flagged = person.types("checkin", *typed, "--red-flag", "Chest pain")
    assert (flagged.returncode, flagged.stderr) == (6, "")
    assert flagged.stdout.startswith("Get help now.\n")
    assert told in flagged.stdout
    assert person.status()["ruling"] == "locked"


def test_a_red_flag_is_answered_without_any_plan(person: Person) -> None:
    flagged = person.types("checkin", "--red-flag", "fever", "--pain", "2")
    assert flagged.returncode == 6
    assert flagged.stdout.startswith("Please see a doctor about this: call today.\n")
    assert "locked" in person.does("plan", "start", "return-to-running")
    person.does("plan", "clear", "--clinician", "Dr X", "--what", "red-flag")
    assert person.status()["ruling"] == "ask"


@pytest.mark.full
def test_a_lesser_flag_does_not_hide_what_to_do_about_a_graver_one(person: Person) -> None:
    person.does("plan", "start", "return-to-running")
    person.types("checkin", "before", "--red-flag", "chest-pain", "--pain", "2")
    lesser = person.types("checkin", "before", "--red-flag", "lump-or-swelling", "--pain", "2")
    assert lesser.returncode == 6
    assert lesser.stdout.startswith("Please see a doctor about this: call today.\n")
    assert "Get help now." in lesser.stdout


@pytest.mark.full
def test_ones_own_name_as_the_clinicians_is_said_once(person: Person) -> None:
    person.environment["LOGNAME"] = "ada"
    person.does("plan", "start", "return-to-running")
    assert "That is your own name" in person.does("plan", "clear", "--clinician", "Ada", "--what", "start")
    assert "own name" not in person.does("plan", "clear", "--clinician", "Ada", "--what", "pain")


@pytest.mark.full
def test_a_health_risk_waits_for_its_clearance(person: Person) -> None:
    person.does("plan", "start", "return-to-running")
    person.does("checkin", "declaration", "--no-leg-symptoms", "--no-surgery", "--risk", "Weak immune system")
    assert person.status()["clearance"] == "health"
    person.does("plan", "clear", "--clinician", "Dr X", "--at", person.ago(days=20))
    assert person.status()["clearance"] is None


@pytest.mark.full
def test_my_clinician_says_start_stands_for_the_month_alone(person: Person) -> None:
    person.does("plan", "start", "return-to-running")
    person.does("checkin", "declaration", "--leg-symptoms", "--no-surgery", "--risk", "none")
    assert person.status()["clearance"] == "leg-symptoms"
    person.does("plan", "clear", "--clinician", "Dr X", "--what", "start")
    assert person.status()["clearance"] == "leg-symptoms"
    person.does("plan", "clear", "--clinician", "Dr X")
    assert "walk" in str(person.status()["sentence"])


# -- running a stage ---------------------------------------------------------------------------------------------------


@pytest.mark.full
def test_a_stage_is_run_kept_with_its_name_and_judged(ready: Person) -> None:
    assert "checkin before" in ready.fails(*FAST)
    ready.does("checkin", "before", "--pain", "1")
    told = ready.does(*FAST, "--run-speed", "7.0", "--walk-speed", "4.8")
    assert "return-to-running 1: completed" in told
    assert "planned   1:00 at  7.0 km/h" in told
    assert "runback checkin during" in told
    assert "Next check-in: tomorrow morning, with: runback checkin\n" in ready.does("checkin", "--pain", "2")
    assert ready.status()["ruling"] == "wait until"
    (row,) = ready.history()
    assert (row["session"], row["stage"], row["planned_run_s"], row["done_run_s"]) == (1, "1", 300.0, 300.0)
    assert (row["pain_before"], row["pain_during"]) == (1, 2)
    assert ready.does("history").startswith(f"{row['began'][:10]} ")


@pytest.mark.full
def test_a_stage_run_with_json_prints_json_and_nothing_else(ready: Person) -> None:
    ready.does("checkin", "before", "--pain", "1")
    lines = ready.does(*FAST, "--json").splitlines()
    assert json.loads(lines[-1])["workout"] == "return-to-running 1"
    assert all(line.startswith("{") for line in lines)


@pytest.mark.full
def test_a_session_that_was_stopped_counts_as_what_was_done(ready: Person) -> None:
    ready.does("checkin", "before", "--pain", "1")
    done = ready.types(*FAST, "--fault", "safety-key@450")
    assert done.returncode == 3
    (row,) = ready.history()
    assert row["planned_run_s"] == 300.0
    assert 60 <= row["done_run_s"] < 180
    ready.does("checkin", "during", "--pain", "1")
    assert ready.status()["stage"] == "1"


@pytest.mark.full
def test_a_session_that_could_not_be_kept_is_said_and_can_be_recorded(ready: Person) -> None:
    ready.does("checkin", "before", "--pain", "1")
    done = ready.types(*FAST, largest=40)
    assert done.returncode == 0
    assert "If you ran, record it: runback log session" in done.stderr
    assert ready.history() == []
    ready.does("log", "session", "--stage", "1")
    assert ready.status()["ready"] is False


@pytest.mark.full
def test_a_session_before_any_running_does_not_count_and_says_so(ready: Person) -> None:
    ready.does("checkin", "before", "--pain", "1")
    done = ready.types(*FAST, "--fault", "safety-key@60")
    assert done.returncode == 3
    assert "This session does not count: nothing was run." in done.stdout
    assert "does not count: nothing was run, simulated" in ready.does("history", "--all")
    assert ready.status()["ready"] is True


@pytest.mark.full
def test_a_session_with_a_wrong_clock_is_corrected(ready: Person) -> None:
    ready.does("checkin", "before", "--pain", "1")
    ready.does(*FAST)
    ready.does("log", "session", "--corrects", "1", "--stage", "1", "--ran", "150s", "--at", ready.ago(days=3))
    (row,) = ready.history()
    assert (row["session"], row["done_run_s"]) == (1, 150.0)
    assert row["ended"] == (ready.now - timedelta(days=3)).isoformat()
    assert "was not run for a plan" in ready.fails("log", "session", "--corrects", "2", "--stage", "1")


@pytest.mark.full
def test_without_a_rehearsal_a_simulated_session_does_not_count(ready: Person) -> None:
    ready.does("plan", "start", "return-to-running")
    ready.does("checkin", "before", "--pain", "1")
    done = ready.types(*FAST, "--journal")
    assert done.returncode == 0
    assert "will not count" in done.stderr
    assert ready.status()["ready"] is True
    assert ready.does("history") == ""
    assert "does not count: simulated" in ready.does("history", "--all")


@pytest.mark.full
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--run-speed", "9.5"), "outside this plan"),
        (("--run-speed", "6"), "outside this plan"),
        (("--walk-speed", "7"), "too fast for walking here"),
        (("--run-speed", "fast"), "--run-speed"),
        (("--no-journal",), "always recorded"),
        (("first-run",), "a WORKOUT or --plan"),
    ],
)
def test_what_a_stage_cannot_be_run_with_is_one_line(ready: Person, arguments: tuple[str, ...], told: str) -> None:
    assert told in ready.fails(*FAST, *arguments)


@pytest.mark.full
def test_the_plans_speeds_are_not_for_other_workouts(person: Person) -> None:
    assert "are the plan's" in person.fails("run", "first-run", "--run-speed", "7", "--headless")
    assert "a WORKOUT or --plan" in person.fails("run", "--headless")
    assert "no plan is chosen" in person.fails(*FAST)
