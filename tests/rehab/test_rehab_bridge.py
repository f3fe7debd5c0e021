"""After ten minutes the plan goes on: a bridge to thirty, then maintenance with one check-in a run (training.md)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from runback.rehab.decision import Decision, DecisionKind, DueQuestion
from runback.rehab.library import load
from runback.rehab.longest_run import longer_than_lately
from runback.rehab.plan import PlanStage
from runback.rehab.records import OtherRun
from runback.workout.model import Kind
from tests.support.rehab.examples import B, D, G, M
from tests.support.rehab.story import LENGTH, PLAN, Story, at

BRIDGE = [stage for stage in PLAN.stages if stage.id.startswith("b")]
NHS = load("couch-to-5k")


def longest(stage: PlanStage) -> float:
    return max(step.duration for step in PLAN.workout(stage).flat() if step.kind is Kind.RUN)


def followed(until: str) -> Story:
    """Everything well done up to `until`, three days apart."""
    story = Story()
    for number, stage in enumerate(PLAN.stages[PLAN.start : PLAN.index(until)]):
        story.session(stage.id, at(1 + 3 * number))
    return story


def three_days_on(story: Story) -> datetime:
    return story.history.sessions[-1].began + timedelta(days=3)


def last(story: Story, hours: float = 49) -> Decision:
    return story.ask(story.history.sessions[-1].began + timedelta(hours=hours))


def test_the_bridge_leads_from_ten_minutes_by_twenty_to_thirty() -> None:
    totals = [PLAN.run_seconds(stage) for stage in BRIDGE]
    assert totals == [720, 840, 960, 1080, 1200, 1200, 1320, 1440, 1560, 1680, 1800, 1800]
    assert [longest(stage) for stage in BRIDGE if len(PLAN.pattern(stage)) == 1] == [1200, 1800]
    assert all(stage.evidence.value == "D" for stage in BRIDGE)


def test_the_walk_break_comes_back_when_it_grows() -> None:
    before = PLAN.stages[PLAN.index("9")]
    for stage in BRIDGE:
        grew = PLAN.run_seconds(stage) > PLAN.run_seconds(before)
        assert grew is (len(PLAN.pattern(stage)) == 3)
        before = stage


def test_the_bridge_goes_by_the_same_rules() -> None:
    story = followed("b3")
    story.session("b3", three_days_on(story), d=6)
    assert last(story, 75).sentence == "Go back to stage b2: pain of 6 during the run"
    story = followed("b3")
    story.session("b3", three_days_on(story), m=None)
    assert last(story).kind is DecisionKind.HOLD


def test_thirty_minutes_are_kept_up_with_one_check_in_a_run() -> None:
    story = followed("m")
    decision = last(story)
    assert (decision.kind, decision.stage and decision.stage.id) == (DecisionKind.ADVANCE, "m")
    assert "thirty minutes without a break are yours" in decision.sentence
    began = story.history.sessions[-1].began + timedelta(hours=50)
    for _ in range(5):
        story.run("m", began).say(B, began - timedelta(minutes=5), 1)
        assert last(story, 15).ask is None
        waiting = last(story, 40)
        assert waiting.kind is DecisionKind.WAIT
        began += timedelta(hours=48)
        decision = story.ask(began)
        assert (decision.kind, decision.ask) == (DecisionKind.FINISHED, DueQuestion.BEFORE)
    assert "runback plan start couch-to-5k" in decision.notes[-1]
    assert decision.stage is not None
    assert decision.stage.id == "m"


def test_pain_before_a_run_of_the_maintenance_is_waited_for_and_steps_back() -> None:
    story = followed("m")
    began = story.history.sessions[-1].began + timedelta(hours=50)
    story.run("m", began).say(B, began - timedelta(minutes=5), 1)
    again = began + timedelta(hours=49)
    waiting = story.say(B, again, 4).ask(again)
    assert (waiting.kind, waiting.rule) == (DecisionKind.WAIT, 3)
    assert story.ask(again + timedelta(hours=20)).ask is DueQuestion.GATE
    settled = story.say(G, again + timedelta(hours=21), 1).ask(again + timedelta(hours=21))
    assert (settled.kind, settled.stage and settled.stage.id) == (DecisionKind.STEP_BACK, "b12")


# -- longer than lately ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "days", "told"),
    [(1200, 1, "20 %"), (1101, 1, "10 %"), (1100, 1, None), (600, 1, None), (1800, 29, "80 %"), (1800, 31, None)],
)
def test_a_run_much_longer_than_lately_is_shown_as_such(seconds: float, days: int, told: str | None) -> None:
    story = Story().add(other_runs=(OtherRun(at(1), at(1) + LENGTH, 1000, "a run"),))
    found = longer_than_lately(seconds, story.history, at(1 + days, 1))
    assert (found is None) if told is None else (found is not None and told in found)


def test_it_is_shown_and_never_a_gate() -> None:
    decision = last(followed("b1"))
    assert decision.kind is DecisionKind.ADVANCE
    assert decision.notes == (
        "This run is 20 % longer than your longest of the last 30 days: take it easy, and ease off if you like.",
    )
    assert longer_than_lately(1800, Story().history, at(1)) is None


# -- on to Couch to 5K ----------------------------------------------------------------------------------------------


def test_couch_to_5k_has_the_same_pain_rules_for_who_comes_from_here() -> None:
    story = followed("8")
    began = three_days_on(story)
    story.plan = NHS
    story.session("w1", began, 1, 7, 1, 1)
    decision = story.ask(began + timedelta(hours=49))
    assert (decision.kind, decision.rule) == (DecisionKind.WAIT, 2)
    story = Story(NHS).session("w1", at(4), 1, 7, 1, 1)
    assert story.ask(at(6, 1)).rule == 0


def test_an_earlier_run_of_couch_to_5k_stays_judged_as_it_was() -> None:
    story = Story(NHS).session("w1", at(1), 1, 5, 1, 1)
    assert (story.ask(at(3, 1)).kind, story.ask(at(3, 1)).rule) == (DecisionKind.REPEAT, 0)
    story.plan = PLAN
    story.session("1", at(4)).say(D, at(4, 0.5)).say(M, at(4, 14))
    story.plan = NHS
    story.session("w1", at(7), m=None)
    assert story.ask(at(9)).ask is None
    assert story.ask(at(9, 1)).rule == 6
