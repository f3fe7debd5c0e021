"""Rules 1 to 3, red flags, signs and pain at the gate, each by its examples."""

from __future__ import annotations

import pytest

from runback.rehab.records import Cleared
from runback.rehab.red_flags import RedFlag, StopSign, Urgency
from tests.support.rehab.examples import (
    ADVANCE,
    ASK,
    BACK,
    GATE_TIME,
    LOCKED,
    WAIT,
    B,
    D,
    Example,
    G,
    M,
    daily_gates,
    decides,
    fine,
    leg_at,
    limp,
    red,
    went,
)
from tests.support.rehab.story import DOWN, LESS, SAME, Story, at

EXAMPLES = [
    # rule 1
    Example("1 emergency at the gate", red(RedFlag.SADDLE_NUMBNESS, GATE_TIME), LOCKED, 1, None, "saddle numbness"),
    Example("1 urgent next morning", red(RedFlag.FEVER, 13, M), LOCKED, 1, None, "fever", 14),
    Example("1 during the run", red(RedFlag.CHEST_PAIN, 0.4, D), LOCKED, 1, None, "chest pain", 0.5),
    Example("1 before the next run", red(RedFlag.FOOT_DRAG, 60, B), LOCKED, 1, None, "foot drag", 61),
    Example(
        "1 cleared: one back",
        lambda story: red(RedFlag.FEVER, 13, M)(story).clear(Cleared.RED_FLAG, at(5, 20)),
        BACK,
        1,
        "2",
        "a clinician has cleared",
    ),
    Example(
        "1 a clearance for something else",
        lambda story: red(RedFlag.FEVER, 13, M)(story).clear(Cleared.LEG_SYMPTOMS, at(5, 20)),
        LOCKED,
        1,
        None,
        "fever",
    ),
    Example(
        "1 a clearance from before it",
        lambda story: red(RedFlag.FEVER, 13, M)(story).clear(Cleared.RED_FLAG, at(5, 12)),
        LOCKED,
        1,
        None,
        "fever",
    ),
    Example(
        "1 over a leg lock",
        lambda story: leg_at(GATE_TIME)(story).say(G, at(5, GATE_TIME), 1, flags=frozenset({RedFlag.FEVER})),
        LOCKED,
        1,
        None,
        "fever",
    ),
    # rule 2
    Example("2 D of 6", went(d=6), WAIT, 2, "2", "pain of 6 during the run", GATE_TIME, GATE_TIME + 24),
    Example("2 D of 6, 72 h over", went(d=6), BACK, 2, "2", "pain of 6", GATE_TIME + 24, GATE_TIME + 24),
    Example("2 a limp", limp, BACK, 2, "2", "a limp", GATE_TIME + 24, GATE_TIME + 24),
    Example(
        "2 sharp pain next morning counts from then",
        lambda story: fine(story).say(M, at(5, 13), 1, sharp_pain=True),
        WAIT,
        2,
        "2",
        "sharp pain",
        84.9,
        85,
    ),
    Example(
        "2 dizziness",
        lambda story: fine(story).say(D, at(5, 0.4), 1, stop_signs=frozenset({StopSign.DIZZINESS})),
        BACK,
        2,
        "2",
        "dizziness",
        80,
        GATE_TIME + 24,
    ),
    Example(
        "2 leg symptoms gone at 48 h",
        lambda story: fine(story).say(D, at(5, 0.4), 1, leg=DOWN),
        BACK,
        2,
        "2",
        "leg symptoms went further down",
        80,
        GATE_TIME + 24,
    ),
    Example("2 leg symptoms still there at 48 h", leg_at(GATE_TIME), LOCKED, 2, None, "still there", GATE_TIME, None),
    Example(
        "2 leg symptoms still there at 46 h, gone at 49 h",
        lambda story: leg_at(46)(story.session("3", at(5), g=None)).say(G, at(5, 49), 1),
        WAIT,
        2,
        "2",
        "leg symptoms",
        50,
        46 + 72,
    ),
    Example(
        "2 leg symptoms further down for the first time at the gate",
        lambda story: fine(story).say(G, at(5, GATE_TIME), 1, leg=DOWN),
        LOCKED,
        2,
        None,
        "see a clinician",
    ),
    Example(
        "2 none before, the same now: it is new",
        lambda story: fine(story).say(D, at(5, 0.4), 1, leg=SAME),
        BACK,
        2,
        "2",
        "leg symptoms that were not there before",
        80,
        GATE_TIME + 24,
    ),
    Example(
        "2 none before, less now, at 48 h",
        lambda story: fine(story).say(G, at(5, GATE_TIME), 1, leg=LESS),
        LOCKED,
        2,
        None,
        "still there",
    ),
    Example(
        "2 leg symptoms cleared",
        lambda story: leg_at(GATE_TIME)(story).clear(Cleared.LEG_SYMPTOMS, at(5, 60)),
        BACK,
        2,
        "2",
        "leg symptoms",
        125,
        GATE_TIME + 72,
    ),
    # rule 3
    Example("3 G of B + 2", daily_gates(3), WAIT, 3, "2", "2 higher", GATE_TIME, GATE_TIME + 20),
    Example("3 asked again next day", daily_gates(3), ASK, 3, "2", "2 higher", GATE_TIME + 20, GATE_TIME + 20),
    Example("3 settled next day", daily_gates(3, 1), BACK, 3, "2", "was 2 higher", GATE_TIME + 24),
    Example("3 down to B + 1 is not settled", daily_gates(3, 2), WAIT, 3, "2", "2 higher", 73, GATE_TIME + 44),
    Example(
        "3 a better answer an hour later is not settled",
        lambda story: daily_gates(3)(story).say(G, at(5, GATE_TIME + 1), 1),
        WAIT,
        3,
        "2",
        "2 higher",
        GATE_TIME + 2,
        GATE_TIME + 20,
    ),
    Example("3 settled and up again", daily_gates(3, 1, 4), WAIT, 3, "2", "3 higher", 97, GATE_TIME + 68),
    Example("3 six days", daily_gates(3, 3, 3, 3, 3, 3, 3), WAIT, 3, "2", "2 higher", 193, GATE_TIME + 164),
    Example("3 unsettled at 7 days", daily_gates(*[3] * 8), LOCKED, 3, None, "seven days", 217, None),
    Example("3 settled after the 7 days were up", daily_gates(*[3] * 8, 1), LOCKED, 3, None, "seven days", 241),
    Example(
        "3 cleared after 7 days",
        lambda story: daily_gates(*[3] * 8)(story).clear(Cleared.PAIN, at(5, 230)),
        BACK,
        8,
        "1",
        "days",
        15 * 24 + 1,
    ),
    Example(
        "3 pain before the next run counts as at the gate",
        lambda story: fine(story).say(B, at(5, 60), 3),
        WAIT,
        3,
        "2",
        "2 higher",
        60.5,
        80,
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.says)
def test_each_rule_decides_its_examples(example: Example) -> None:
    decides(example)


@pytest.mark.parametrize("flag", list(RedFlag))
def test_a_red_flag_locks_and_its_help_fits_its_urgency(flag: RedFlag) -> None:
    decision = red(flag, 13, M)(Story()).ask(at(5, 14))
    assert decision.kind is LOCKED
    assert decision.help is not None
    assert decision.help.urgency is flag.urgency
    assert (decision.help.lines[0] == "Get help now.") == (flag.urgency is Urgency.EMERGENCY)
    assert decision.clearance is Cleared.RED_FLAG
    assert not decision.can_override
    assert flag.question.endswith("?")


def test_an_emergency_among_urgent_flags_is_an_emergency() -> None:
    story = red(RedFlag.FEVER, 13, M)(Story()).say(D, at(5, 0.4), 1, flags=frozenset({RedFlag.BOTH_LEGS}))
    decision = story.ask(at(5, 14))
    assert decision.help is not None
    assert decision.help.urgency is Urgency.EMERGENCY


def test_a_session_run_while_locked_does_not_unlock() -> None:
    story = red(RedFlag.FEVER, 13, M)(Story()).session("4", at(8))
    assert story.ask(at(10, 1)).kind is LOCKED


def test_a_leg_lock_outlasts_a_session_run_in_spite_of_it() -> None:
    decision = leg_at(GATE_TIME)(Story()).session("3", at(8)).ask(at(10, 1))
    assert (decision.kind, decision.rule) == (LOCKED, 2)
    assert decision.clearance is Cleared.LEG_SYMPTOMS


def test_running_in_spite_of_rule_3_steps_back() -> None:
    story = daily_gates(3)(Story().session("1", at(-2)).session("2", at(2)))
    story.session("3", at(8))
    decision = story.ask(at(10, 1))
    assert (decision.kind, decision.stage and decision.stage.id) == (ADVANCE, "3")  # from 2, where it was led back to


def test_the_wait_after_a_sign_cannot_be_overridden() -> None:
    assert not Story().session("1", at(1), d=6).ask(at(3, 1)).can_override


def test_pain_before_an_early_run_takes_the_override_away() -> None:
    story = Story().session("1", at(1), g=None)
    assert story.ask(at(2)).can_override
    decision = story.say(B, at(2), 4).ask(at(2))
    assert (decision.kind, decision.rule, decision.can_override) == (WAIT, 3, False)


def test_a_step_back_names_every_sign_once() -> None:
    story = fine(Story()).say(D, at(5, 0.4), 6, limp=True, leg=DOWN, sharp_pain=True)
    story.say(D, at(5, 0.5), 2, limp=True, stop_signs=frozenset({StopSign.DIZZINESS}))
    assert story.ask(at(5, 50)).sentence == (
        "Wait, then go back to stage 0b: pain of 6 during the run, sharp pain, a limp, leg symptoms went further down, "
        "dizziness"
    )


def test_a_cleared_red_flag_does_not_shorten_the_wait_after_a_sign() -> None:
    story = red(RedFlag.FEVER, 13, M)(Story()).say(D, at(5, 0.4), 7).clear(Cleared.RED_FLAG, at(5, 20))
    decision = story.ask(at(5, GATE_TIME))
    assert (decision.kind, decision.rule, decision.earliest) == (WAIT, 2, at(5, GATE_TIME + 24))
