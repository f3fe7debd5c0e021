"""Whole courses: the ideal patient, the cautious one, and who does other than what was due."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from runback.errors import PlanError
from runback.rehab.decision import Decision, DecisionKind
from runback.rehab.records import CheckInMoment, SessionDone
from tests.support.rehab.story import DAY_1, LENGTH, PLAN, Story, at

DAYS = (1, 3, 5, 8, 10, 12, 15, 17, 19)


def follow(story: Story, now: datetime) -> Decision:
    """Do what is decided at `now`: answer well what is asked, and run if that is the decision."""
    decision = story.ask(now)
    while decision.ask is not None:
        assert decision.ask.moment is not None
        story.say(decision.ask.moment, now)
        decision = story.ask(now)
    if decision.may_run:
        assert decision.stage is not None
        story.run(decision.stage.id, now)
        story.say(CheckInMoment.DURING, now + LENGTH, 1).say(CheckInMoment.MORNING, now + timedelta(hours=14))
    return decision


def test_the_ideal_patient_runs_ten_minutes_on_day_17_and_confirms_on_day_19() -> None:
    story = Story().gate(at(1))
    for number, day in enumerate(DAYS):
        assert story.ask(at(day, number)).kind is not DecisionKind.WAIT
        decision = follow(story, at(day, number))
        assert decision.kind is (DecisionKind.START if number == 0 else DecisionKind.ADVANCE)
    done = story.history.sessions
    assert [each.stage for each in done] == ["1", "2", "3", "4", "5", "6", "7", "8", "9"]
    assert [stage.day for stage in PLAN.stages if stage.day is not None] == list(DAYS)
    assert [(each.began - DAY_1).days + 1 for each in done] == list(DAYS)
    assert [each.done_run for each in done].index(600) == 7
    last = follow(story, at(22))
    assert (last.kind, last.stage and last.stage.id) == (DecisionKind.ADVANCE, "b1")
    assert last.sentence == (
        "Go on to stage b1: stage 9 went well; ten minutes without a break are yours, and from here the plan grows to "
        "thirty"
    )


def test_cautious_mode_does_every_stage_twice_in_about_five_weeks() -> None:
    story, now = Story(cautious=True).gate(at(1)), at(1)
    decision = follow(story, now)
    while decision.kind is not DecisionKind.FINISHED:
        now += timedelta(hours=49)
        decision = follow(story, now)
        assert decision.may_run
    done = story.history.sessions[:18]
    assert [each.stage for each in done] == [str(stage) for stage in range(1, 10) for _ in range(2)]
    assert 33 <= (done[-1].began - DAY_1).days + 1 <= 42
    assert all(each.stage[0] in "bm" for each in story.history.sessions[18:])


def test_cautious_mode_says_why_a_good_session_is_done_again() -> None:
    decision = Story(cautious=True).session("1", at(1)).ask(at(3, 1))
    assert (decision.kind, decision.rule) == (DecisionKind.REPEAT, 5)
    assert decision.sentence == "Repeat stage 1: it went well 1 of 2 times"


def test_a_session_ahead_of_the_plan_does_not_move_it() -> None:
    decision = Story().session("1", at(1)).session("7", at(4)).ask(at(6, 1))
    assert (decision.kind, decision.stage and decision.stage.id) == (DecisionKind.ADVANCE, "3")
    assert decision.sentence == "Go on to stage 3: stage 7 went well, though stage 2 was due"


def test_a_session_below_the_plan_goes_on_from_there() -> None:
    story = Story().session("1", at(1)).session("2", at(4)).session("1", at(7))
    decision = story.ask(at(9, 1))
    assert (decision.kind, decision.stage and decision.stage.id) == (DecisionKind.ADVANCE, "2")


def test_a_run_of_another_plan_makes_this_one_wait() -> None:
    story = Story().session("1", at(1))
    other = SessionDone("couch-to-5k", "w1", at(4), at(4, 0.5), 480, 480)
    story.add(sessions=(other,)).say(CheckInMoment.DURING, at(4, 0.5), 1).say(CheckInMoment.MORNING, at(5, -4), 1)
    decision = story.ask(at(5))
    assert (decision.kind, decision.earliest) == (DecisionKind.WAIT, at(6, -1))
    assert decision.stage is not None
    assert decision.stage.id == "1"


def test_a_stage_that_the_plan_does_not_have_is_refused() -> None:
    done = SessionDone(PLAN.name, "12", at(1), at(1, 0.5), 300, 300)
    with pytest.raises(PlanError, match='there is no stage "12"'):
        Story().add(sessions=(done,)).ask(at(3))
