"""The gate: 28 days, the walk, clearances, and the question for red flags."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runback.rehab.activity import ActivityKind, LoggedActivity
from runback.rehab.decision import Decision, DecisionKind, DueQuestion
from runback.rehab.records import CheckIn, CheckInMoment, Clearance, Cleared, Declaration, LegSymptoms, SessionDone
from tests.support.rehab.story import SAME, Story, at

CYCLING, ROWING, WALKING = ActivityKind.CYCLING, ActivityKind.ROWING, ActivityKind.WALKING


def rides(*days: float, kind: ActivityKind = CYCLING, minutes: float = 30) -> tuple[LoggedActivity, ...]:
    return tuple(LoggedActivity(kind, minutes, at(day), 1) for day in days)


GOOD_WEEKS = [day + 7 * week for week in range(4) for day in (1, 3, 5)]


def test_the_gate_opens_when_all_is_there_and_says_so() -> None:
    decision = Story().gate(at(1)).ask(at(1))
    assert (decision.kind, decision.ask, decision.stage and decision.stage.id) == (
        DecisionKind.START,
        None,
        "1",
    )
    assert Story().gate(at(1)).ask(at(1, 2)).ask is DueQuestion.BEFORE  # its check-in serves as "before" for two hours
    assert len(decision.notes) == 5


def gate_without(name: str, *new: object) -> Decision:
    return Story().gate(at(1)).only(**{name: new}).ask(at(1))


WALK = LoggedActivity(WALKING, 30, at(0), 2, rise_next_morning=False)


@pytest.mark.parametrize(
    ("walk", "kind", "says"),
    [
        (WALK, DecisionKind.START, "done"),
        (replace(WALK, pain=3), DecisionKind.WAIT, "the last one was 3/10"),
        (replace(WALK, rise_next_morning=True), DecisionKind.WAIT, "worse next morning"),
        (replace(WALK, rise_next_morning=None), DecisionKind.ASK, "next morning will tell"),
        (replace(WALK, rise_next_morning=None, at=at(1, -3)), DecisionKind.WAIT, "next morning will tell"),
        (replace(WALK, minutes=29), DecisionKind.WAIT, "still to do"),
        (replace(WALK, kind=CYCLING), DecisionKind.WAIT, "still to do"),
        (replace(WALK, at=at(-27)), DecisionKind.START, "done"),
        (replace(WALK, at=at(-27, -0.5)), DecisionKind.WAIT, "still to do"),
    ],
)
def test_the_brisk_walk(walk: LoggedActivity, kind: DecisionKind, says: str) -> None:
    story = Story().gate(at(1))
    others = [each for each in story.history.activities if each.kind is not WALKING]
    story.history = replace(story.history, activities=(*others, walk))
    decision = story.ask(at(1))
    assert decision.kind is kind
    assert any(says in note for note in decision.notes)


def test_the_last_walk_is_the_one_that_counts() -> None:
    story = Story().gate(at(1)).add(activities=(replace(WALK, pain=5, at=at(0.5)),))
    assert story.ask(at(1)).kind is DecisionKind.WAIT


def test_progress_towards_the_gate_is_told() -> None:
    decision = gate_without("activities", *rides(-18, -16, -14, -11, -9, -7, -4, -2), WALK)
    assert decision.kind is DecisionKind.WAIT
    assert decision.sentence == (
        "Before your first run: low-impact work: 2 of 4 weeks done, 3 of 3 days in this one; "
        "your first run can be on Wednesday 14 January at the earliest"
    )
    assert decision.earliest == at(10, -18)


def test_a_month_of_rowing_does_not_open_the_gate() -> None:
    decision = gate_without("activities", *rides(*[day - 29 for day in GOOD_WEEKS], kind=ROWING), WALK)
    assert decision.kind is DecisionKind.WAIT
    assert "0 of 4 weeks done, 1 of 3 days in this one" in decision.notes[2]  # the walk of yesterday


@pytest.mark.parametrize(
    ("clearance", "opens"),
    [
        (Clearance(Cleared.START, at(0), "Dr Lee"), True),
        (Clearance(Cleared.START, at(-27)), True),
        (Clearance(Cleared.START, at(-89)), True),
        (Clearance(Cleared.START, at(-89, -1)), False),  # too long ago
        (Clearance(Cleared.START, at(1)), True),
        (Clearance(Cleared.PAIN, at(0)), False),
    ],
)
def test_my_clinician_says_start_replaces_the_28_days_alone(clearance: Clearance, opens: bool) -> None:
    story = Story().gate(at(1)).add(clearances=(clearance,))
    story.history = replace(story.history, activities=(WALK,))
    assert (story.ask(at(1)).kind is DecisionKind.START) is opens
    story.history = replace(story.history, activities=())
    assert story.ask(at(1)).kind is DecisionKind.WAIT


def test_leg_symptoms_or_surgery_are_asked_for_first() -> None:
    assert gate_without("declarations").ask is DueQuestion.DECLARATION


@pytest.mark.parametrize(("leg", "surgery"), [(True, False), (False, True)])
def test_declared_leg_symptoms_or_surgery_need_a_clinician(leg: bool, surgery: bool) -> None:
    story = Story().gate(at(1)).add(declarations=(Declaration(at(0), leg, surgery, frozenset()),))
    decision = story.ask(at(1))
    assert (decision.kind, decision.clearance) == (DecisionKind.WAIT, Cleared.LEG_SYMPTOMS)
    assert story.clear(Cleared.START, at(0, 1)).ask(at(1)).kind is DecisionKind.WAIT
    assert story.clear(Cleared.LEG_SYMPTOMS, at(0), "Dr Lee").ask(at(1)).kind is DecisionKind.START
    assert story.only(clearances=(Clearance(Cleared.LEG_SYMPTOMS, at(1)),)).ask(at(1)).kind is DecisionKind.START
    story.only(clearances=(Clearance(Cleared.LEG_SYMPTOMS, at(0), "Dr Lee"),))
    assert "Leg symptoms or back surgery: cleared by Dr Lee" in story.ask(at(1)).notes


def test_leg_symptoms_told_at_the_gate_need_a_clinician_too() -> None:
    story = Story().gate(at(1)).say(CheckInMoment.GATE, at(1), leg=SAME)
    assert story.ask(at(1)).clearance is Cleared.LEG_SYMPTOMS
    assert story.clear(Cleared.LEG_SYMPTOMS, at(0)).ask(at(1)).clearance is Cleared.LEG_SYMPTOMS  # they are newer
    story.clear(Cleared.LEG_SYMPTOMS, at(1, 1)).say(CheckInMoment.GATE, at(2), leg=SAME)
    assert story.ask(at(2)).kind is DecisionKind.START
    further = story.say(CheckInMoment.GATE, at(2, 1), leg=LegSymptoms.FURTHER_DOWN)
    assert further.ask(at(2, 1)).clearance is Cleared.LEG_SYMPTOMS


def test_nobody_starts_without_having_been_asked_for_red_flags() -> None:
    assert gate_without("check_ins").ask is DueQuestion.GATE
    assert gate_without("check_ins", CheckIn(CheckInMoment.GATE, at(-1, -0.5), 0)).ask is DueQuestion.GATE
    assert gate_without("check_ins", CheckIn(CheckInMoment.GATE, at(-1), 0)).kind is DecisionKind.START
    assert gate_without("check_ins", CheckIn(CheckInMoment.BEFORE, at(0.9), 0)).ask is DueQuestion.GATE


@pytest.mark.parametrize(
    "bad", [CheckIn(CheckInMoment.GATE, at(1), 3), CheckIn(CheckInMoment.BEFORE, at(1), 0, limp=True)]
)
def test_a_sore_back_at_the_gate_waits_for_the_next_day(bad: CheckIn) -> None:
    story = Story().gate(at(1)).add(check_ins=(bad,))
    decision = story.ask(at(1, 1))
    assert (decision.kind, decision.earliest) == (DecisionKind.WAIT, at(1, 20))
    story.say(CheckInMoment.GATE, at(1, 2))
    assert story.ask(at(1, 3)).kind is DecisionKind.WAIT  # a better answer an hour later is no next day
    story.history = replace(story.history, check_ins=(bad,))
    assert story.ask(at(1, 20)).ask is DueQuestion.GATE
    assert story.say(CheckInMoment.GATE, at(1, 21)).ask(at(1, 21)).kind is DecisionKind.START


def test_the_gate_waits_for_a_run_of_another_plan() -> None:
    other = SessionDone("couch-to-5k", "w1", at(0), at(0, 0.5), 480, 480)
    story = Story().gate(at(1)).add(sessions=(other,))
    story.say(CheckInMoment.GATE, at(1))
    assert story.ask(at(1)).ask is DueQuestion.DURING
    assert story.say(CheckInMoment.DURING, at(0, 0.6)).ask(at(1)).ask is DueQuestion.MORNING
    decision = story.say(CheckInMoment.MORNING, at(0, 14)).ask(at(1))
    assert (decision.kind, decision.earliest, decision.can_override) == (DecisionKind.WAIT, at(2, 0.5), True)


def test_after_more_than_28_days_the_plan_starts_again_at_the_gate() -> None:
    story = Story().session("1", at(-40)).session("2", at(-37)).gate(at(1))
    decision = story.ask(at(1))
    assert (decision.kind, decision.rule, decision.stage and decision.stage.id) == (DecisionKind.START, 8, "1")
    assert decision.sentence.startswith("Start with stage 1 again, as 37 days have passed since the last session")
    story.session("1", at(1, 1))
    assert story.ask(at(3, 2)).sentence == "Go on to stage 2: stage 1 went well"


def test_a_clinicians_start_from_before_the_gap_does_not_count_after_it() -> None:
    story = Story().session("1", at(-28)).gate(at(1)).clear(Cleared.START, at(-28, -1))
    story.history = replace(story.history, activities=(WALK,))
    assert story.ask(at(1, 12)).kind is DecisionKind.WAIT


def test_step_backs_are_forgotten_at_the_gate() -> None:
    story = Story().session("1", at(-60), d=7).session("0b", at(-56), d=7).gate(at(1)).session("1", at(1, 1), d=7)
    assert story.ask(at(5)).kind is DecisionKind.STEP_BACK


def test_what_is_said_after_28_days_is_the_gates_business() -> None:
    """A pain of 2 lets nobody be sent to a clinician for a run of six weeks ago: the gate allows it."""
    story = Story().session("1", at(-45), b=0, d=0, m=0, g=0).gate(at(1))
    for day in range(-9, 1):
        story.say(CheckInMoment.GATE, at(day), 2)
    assert story.say(CheckInMoment.GATE, at(1), 2).ask(at(1)).kind is DecisionKind.START
    limp = Story().session("1", at(-45)).gate(at(1)).say(CheckInMoment.GATE, at(1), limp=True)
    assert (limp.ask(at(1)).kind, limp.ask(at(1)).rule, limp.ask(at(1)).earliest) == (DecisionKind.WAIT, 8, at(1, 20))


def test_leg_symptoms_of_the_last_run_that_are_there_at_the_gate_need_a_clinician() -> None:
    story = Story().session("1", at(-45), g=None).say(CheckInMoment.MORNING, at(-44), leg=LegSymptoms.FURTHER_DOWN)
    decision = story.gate(at(1)).say(CheckInMoment.GATE, at(1), leg=SAME).ask(at(1))
    assert (decision.kind, decision.clearance) == (DecisionKind.WAIT, Cleared.LEG_SYMPTOMS)
