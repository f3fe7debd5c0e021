"""Rules 4 to 8, how a stage went, holds, steps back and gaps, each by its examples."""

from __future__ import annotations

import pytest

from runback.rehab.decision import DueQuestion
from runback.rehab.records import Cleared
from tests.support.rehab.examples import (
    ADVANCE,
    ASK,
    BACK,
    GATE_TIME,
    HOLD,
    LOCKED,
    REPEAT,
    WAIT,
    B,
    D,
    Example,
    G,
    M,
    decides,
    fine,
    held_at_another_stage,
    held_then_repeated_then_held,
    leg_at,
    share,
    three_backs,
    twice_held,
    went,
)
from tests.support.rehab.story import Story, at

EXAMPLES = [
    # rule 4
    Example("4 D of 3", went(d=3), REPEAT, 4, "3", "pain of 3 during the run"),
    Example("4 D of 5", went(d=5), REPEAT, 4, "3", "pain of 5 during the run"),
    Example("4 M of B + 2, settled", went(m=3), REPEAT, 4, "3", "pain rose by 2 next morning"),
    Example("4 89 % done", share(0.899), REPEAT, 4, "3", "89 % of the running"),
    Example(
        "4 stopped because of symptoms",
        lambda story: story.session("3", at(5), stopped=True),
        REPEAT,
        4,
        "3",
        "because of symptoms",
    ),
    Example("4 before 6: little done and M missing", went(d=3, m=None), REPEAT, 4, "3", "pain of 3"),
    Example(
        "4 the reason is the one that is true",
        lambda story: story.session("3", at(5), d=2, share=0.5),
        REPEAT,
        4,
        "3",
        "50 % of the running",
    ),
    Example(
        "4 stopped with 90 % done",
        lambda story: story.session("3", at(5), share=0.9, stopped=True),
        REPEAT,
        4,
        "3",
        "because of symptoms",
    ),
    # rule 5
    Example("5 nothing hurts", went(0, 0, 0, 0), ADVANCE, 5, "4", "stage 3 went well"),
    Example("5 D of 2, M of B + 1, G of B", went(1, 2, 2, 1), ADVANCE, 5, "4", "stage 3 went well"),
    Example("5 90 % done", share(0.9), ADVANCE, 5, "4", "stage 3 went well"),
    Example("5 G below B", went(2, 2, 2, 0), ADVANCE, 5, "4", "stage 3 went well"),
    Example("5 D of 2 with B of 0", went(0, 2, 0, 0), ADVANCE, 5, "4", "stage 3 went well"),
    # rule 6
    Example("6 G of B + 1", went(g=2), HOLD, 6, "3", "1 higher than before"),
    Example("4 M of B + 2 and G of B + 1", went(m=3, g=2), WAIT, 4, "3", "not settled", earliest=GATE_TIME + 20),
    Example("6 B missing", went(b=None, d=0, m=0, g=0), HOLD, 6, "3", "before the run is missing"),
    Example("6 D missing", went(d=None), HOLD, 6, "3", "during the run"),
    Example("6 M missing", went(m=None), HOLD, 6, "3", "next morning is missing; you can still give it"),
    Example("6 G missing is asked for", went(g=None), ASK, 0, "3", "how you are now"),
    Example(
        "6 B from the day before is missing",
        lambda story: story.say(B, at(4, 1), 1).session("3", at(5), b=None, d=0, m=0, g=0),
        HOLD,
        6,
        "3",
        "before the run is missing",
    ),
    Example(
        "6 M said on the evening of the run is missing",
        lambda story: story.session("3", at(5), m=None).say(M, at(5, 3), 1),
        HOLD,
        6,
        "3",
        "next morning is missing",
    ),
    Example(
        "6 a better answer at the gate does not undo B + 1",
        lambda story: fine(story).say(G, at(5, 49), 2).say(G, at(5, 70), 1),
        HOLD,
        6,
        "3",
        "1 higher",
        71,
    ),
    # rule 7
    Example("7 second hold at a stage", twice_held, BACK, 7, "2", "second hold for pain at this stage"),
    Example("7 a repeat in between", held_then_repeated_then_held, BACK, 7, "2", "second hold for pain at this stage"),
    Example(
        "7 a form that was forgotten twice, or ten times, only holds",
        lambda story: story.session("3", at(3.5), g=None).session("3", at(5), m=None),
        HOLD,
        6,
        "3",
        "next morning is missing",
    ),
    Example(
        "7 a hold for a missing form does not count beside one for pain",
        lambda story: story.session("3", at(3.5), m=None).session("3", at(5), g=2),
        HOLD,
        6,
        "3",
        "1 higher",
    ),
    Example(
        "7 after a clearance it takes three again",
        lambda story: (
            story.session("4", at(-15), d=7)
            .session("3", at(-11), d=7)
            .clear(Cleared.PAIN, at(-8))
            .session("2", at(-7), d=7)
            .session("1", at(5), d=7)
        ),
        BACK,
        2,
        "0b",
        "pain of 7",
        80,
        GATE_TIME + 24,
    ),
    Example("7 a hold at another stage does not count", held_at_another_stage, HOLD, 6, "3", "1 higher"),
    Example("7 third step back", three_backs, LOCKED, 7, None, "third step back (pain of 7", GATE_TIME, None),
    Example(
        "7 cleared after the second",
        lambda story: three_backs(story).clear(Cleared.PAIN, at(0)),
        BACK,
        2,
        "0b",
        "pain of 7",
        80,
        GATE_TIME + 24,
    ),
    Example(
        "7 cleared after the third",
        lambda story: three_backs(story).clear(Cleared.PAIN, at(5, 60)),
        BACK,
        2,
        "0b",
        "pain of 7",
        80,
        GATE_TIME + 24,
    ),
    Example(
        "7 steps back for a gap do not count",
        lambda story: story.session("3", at(-41)).session("1", at(-25)).session("0a", at(-9)).session("0a", at(5), d=7),
        BACK,
        2,
        "0a",
        "pain of 7",
        80,
        GATE_TIME + 24,
    ),
    Example(
        "7 a step back of rule 3, one of rule 7, one of rule 2",
        lambda story: (
            story.session("3", at(-16), g=None)
            .say(G, at(-16, GATE_TIME), 4)
            .say(G, at(-16, GATE_TIME + 24), 1)
            .session("2", at(-9), g=2)
            .session("2", at(-5), g=2)
            .session("1", at(5), d=7)
        ),
        LOCKED,
        7,
        None,
        "third step back",
        GATE_TIME,
        None,
    ),
    # rule 8
    Example("8 seven days", fine, ADVANCE, 5, "4", "went well", 7 * 24 + 23),
    Example("8 eight days", fine, REPEAT, 8, "3", "8 days have passed", 8 * 24 + 1),
    Example("8 fourteen days", fine, REPEAT, 8, "3", "14 days have passed", 14 * 24 + 23),
    Example("8 fifteen days", fine, BACK, 8, "1", "15 days have passed", 15 * 24 + 1),
    Example("8 twenty-eight days", fine, BACK, 8, "1", "28 days have passed", 28 * 24 + 23),
    Example("8 a hold stays a hold at 8 days", went(m=None), HOLD, 6, "3", "next morning", 8 * 24 + 1),
    Example("8 two back is further than one", went(d=6), BACK, 8, "1", "15 days", 15 * 24 + 1, GATE_TIME + 24),
    Example(
        "8 two back from stage 1 is the lowest",
        lambda story: story.session("1", at(5)),
        BACK,
        8,
        "0a",
        "15 days",
        15 * 24 + 1,
        GATE_TIME,
    ),
    Example(
        "8 two back from stage 1 after a bad session too",
        lambda story: story.session("1", at(5), d=7),
        BACK,
        8,
        "0a",
        "15 days",
        15 * 24 + 1,
        GATE_TIME + 24,
    ),
    Example(
        "8 below 0a there is nothing",
        lambda story: story.session("0a", at(5), d=4),
        REPEAT,
        4,
        "0a",
        "pain of 4",
        15 * 24 + 1,
        GATE_TIME,
    ),
    Example("8 a lock outlasts every gap", leg_at(GATE_TIME), LOCKED, 2, None, "still there", 40 * 24),
    Example("8 more than 28 days", fine, ASK, 8, "1", "leg symptoms", 29 * 24 + 1, None),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.says)
def test_each_rule_decides_its_examples(example: Example) -> None:
    decides(example)


def test_the_check_ins_are_asked_in_the_order_of_time() -> None:
    story = Story().run("1", at(1)).say(B, at(1, -0.1))
    assert story.ask(at(1, 0.4)).ask is DueQuestion.DURING
    story.say(D, at(1, 0.5))
    assert (story.ask(at(1, 1)).kind, story.ask(at(1, 1)).ask) == (WAIT, None)
    assert (story.ask(at(1, 13)).kind, story.ask(at(1, 13)).ask) == (ASK, DueQuestion.MORNING)
    story.say(M, at(1, 13))
    assert (story.ask(at(1, 14)).kind, story.ask(at(1, 14)).ask) == (WAIT, None)
    assert (story.ask(at(3, 1)).kind, story.ask(at(3, 1)).ask) == (ASK, DueQuestion.GATE)
    story.say(G, at(3, 1))
    for hours, serves in ((1, True), (3, True), (3.01, False)):  # the answer at 48 hours is "before" for two hours
        ready = story.ask(at(3, hours))
        assert (ready.kind, ready.ready) == (ADVANCE, serves)
        assert ready.ask is (None if serves else DueQuestion.BEFORE)
    assert story.say(B, at(3, 4)).ask(at(3, 4)).ready


def test_what_is_known_already_is_told_while_a_question_is_open() -> None:
    decision = Story().session("1", at(1), d=6, g=None).ask(at(3, 1))
    assert decision.ask is DueQuestion.GATE
    assert decision.notes == ("So far: Go back to stage 0b: pain of 6 during the run",)


def test_a_baseline_is_never_guessed_higher_than_the_last_one_known() -> None:
    story = Story().session("1", at(1), b=3, d=2, m=3, g=3).session("2", at(4), b=None, d=2, m=3, g=4)
    assert story.ask(at(6, 1)).kind is HOLD


def test_a_baseline_that_was_never_said_makes_wait_but_never_steps_back_or_locks() -> None:
    for pain, kind in ((2, HOLD), (3, HOLD), (4, WAIT), (9, WAIT)):
        assert Story().session("1", at(1), b=None, d=2, m=2, g=pain).ask(at(3, 1)).kind is kind
    story = Story().session("1", at(1), b=None, d=2, m=2, g=9)
    for day in range(4, 14):
        story.say(G, at(day, 1), 9)
    assert story.ask(at(13, 2)).kind is WAIT
    assert "more than usual; it was not said" in Story().session("1", at(1), b=None, m=5, g=None).ask(at(2)).sentence
    settled = story.say(G, at(14, 2), 2).ask(at(14, 2))
    assert (settled.kind, settled.rule) == (HOLD, 6)


def test_a_step_back_at_the_lowest_stage_stays_there() -> None:
    story = Story().session("0a", at(1), d=7)
    decision = story.ask(at(5))
    assert (decision.kind, decision.stage and decision.stage.id) == (BACK, "0a")


def test_the_first_hold_of_all_is_a_hold() -> None:
    assert Story().session("1", at(1), g=2).ask(at(3, 1)).kind is HOLD
