"""Rules 1 to 8, each by its examples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from rehab_story import DOWN, SAME, Story, at

from runback.rehab.decision import Question, Ruling
from runback.rehab.records import Cleared, Moment
from runback.rehab.signs import RedFlag, StopSign, Urgency

ADVANCE, REPEAT, HOLD, BACK, WAIT, ASK, LOCKED = (
    Ruling.ADVANCE,
    Ruling.REPEAT,
    Ruling.HOLD,
    Ruling.STEP_BACK,
    Ruling.WAIT,
    Ruling.ASK,
    Ruling.LOCKED,
)
B, D, M, G = Moment.BEFORE, Moment.DURING, Moment.MORNING, Moment.GATE
GATE_TIME = 48 + 1 / 3  # hours from the begin of a session of 20 minutes to its gate


@dataclass(frozen=True)
class Example:
    """A story of stage 3 on day 5, unless it says otherwise; what is decided `hours` after that session began."""

    says: str
    story: Callable[[Story], object]
    kind: Ruling
    rule: int
    stage: str | None
    why: str
    hours: float = GATE_TIME
    earliest: float | None = GATE_TIME


def fine(story: Story) -> Story:
    return story.session("3", at(5))


def went(b: int | None = 1, d: int | None = 1, m: int | None = 1, g: int | None = 1) -> Callable[[Story], Story]:
    return lambda story: story.session("3", at(5), b, d, m, g)


def share(done: float) -> Callable[[Story], Story]:
    return lambda story: story.session("3", at(5), share=done)


def limp(story: Story) -> None:
    fine(story).say(D, at(5, 0.4), 1, limp=True)


def red(flag: RedFlag, hours: float, moment: Moment = G) -> Callable[[Story], Story]:
    return lambda story: fine(story).say(moment, at(5, hours), 1, flags=frozenset({flag}))


def leg_at(hours: float) -> Callable[[Story], Story]:
    return lambda story: fine(story).say(D, at(5, 0.4), 1, leg=DOWN).say(G, at(5, hours), 1, leg=SAME)


def daily_gates(*pains: int) -> Callable[[Story], Story]:
    """The gate asked at 48 h and each day after."""

    def tell(story: Story) -> Story:
        story.session("3", at(5), g=None)
        for day, pain in enumerate(pains):
            story.say(G, at(5, GATE_TIME + 24 * day), pain)
        return story

    return tell


def twice_held(story: Story) -> None:
    story.session("3", at(1), g=2).session("3", at(5), g=2)


def held_then_repeated_then_held(story: Story) -> None:
    story.session("3", at(-3), g=2).session("3", at(1), d=4).session("3", at(5), m=None)


def held_at_another_stage(story: Story) -> None:
    story.session("2", at(-3), g=2).session("2", at(1)).session("3", at(5), g=2)


def three_backs(story: Story) -> Story:
    return story.session("3", at(-7), d=7).session("2", at(-3), d=7).session("3", at(1)).session("1", at(5), d=7)


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
        "2 leg symptoms still there at 47 h, gone at 49 h",
        lambda story: leg_at(47)(story.session("3", at(5), g=None)).say(G, at(5, 49), 1),
        WAIT,
        2,
        "2",
        "leg symptoms",
        50,
        GATE_TIME + 24,
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
        "2 leg symptoms as they always are",
        lambda story: fine(story).say(G, at(5, GATE_TIME), 1, leg=SAME),
        ADVANCE,
        5,
        "4",
        "went well",
    ),
    Example(
        "2 leg symptoms cleared",
        lambda story: leg_at(GATE_TIME)(story).clear(Cleared.LEG_SYMPTOMS, at(5, 60)),
        BACK,
        2,
        "2",
        "leg symptoms",
        80,
        GATE_TIME + 24,
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
    # rule 5
    Example("5 nothing hurts", went(0, 0, 0, 0), ADVANCE, 5, "4", "stage 3 went well"),
    Example("5 D of 2, M of B + 1, G of B", went(1, 2, 2, 1), ADVANCE, 5, "4", "stage 3 went well"),
    Example("5 90 % done", share(0.9), ADVANCE, 5, "4", "stage 3 went well"),
    Example("5 G below B", went(2, 2, 2, 0), ADVANCE, 5, "4", "stage 3 went well"),
    Example("5 D of 2 with B of 0", went(0, 2, 0, 0), ADVANCE, 5, "4", "stage 3 went well"),
    # rule 6
    Example("6 G of B + 1", went(g=2), HOLD, 6, "3", "1 higher than before"),
    Example("6 M of B + 2 and G of B + 1", went(m=3, g=2), HOLD, 6, "3", "1 higher than before"),
    Example("6 B missing", went(b=None, d=0, m=0, g=0), HOLD, 6, "3", "before the run is missing"),
    Example("6 D missing", went(d=None), HOLD, 6, "3", "during the run"),
    Example("6 M missing", went(m=None), HOLD, 6, "3", "next morning is missing"),
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
    Example("7 second hold at a stage", twice_held, BACK, 7, "2", "second hold at stage 3"),
    Example("7 a repeat in between", held_then_repeated_then_held, BACK, 7, "2", "second hold at stage 3"),
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
    ),
    Example("8 a lock outlasts every gap", leg_at(GATE_TIME), LOCKED, 2, None, "still there", 40 * 24),
    Example("8 more than 28 days", fine, ASK, 8, "1", "leg symptoms", 29 * 24 + 1, None),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.says)
def test_each_rule_decides_its_examples(example: Example) -> None:
    story = Story()
    climb(story, example)
    decision = story.ask(at(5, example.hours))
    assert (decision.kind, decision.rule) == (example.kind, example.rule), decision.sentence
    assert (decision.stage.id if decision.stage else None) == example.stage
    assert example.why.lower() in decision.sentence.lower()
    if example.earliest is not None and example.kind is not LOCKED:
        assert decision.earliest is not None
        assert abs(decision.earliest - at(5, example.earliest)) < timedelta(seconds=1)


def climb(story: Story, example: Example) -> None:
    """The stages before the example's first, each done well, so that the stage it tells of is due."""
    example.story(story)
    told = story.history
    first = told.sessions[0]
    index = story.plan.index(first.stage)
    before = story.plan.stages[story.plan.start : index]
    for number, stage in enumerate(before):
        story.session(stage.id, first.began - timedelta(days=3 * (len(before) - number), hours=1))


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


def test_the_check_ins_are_asked_in_the_order_of_time() -> None:
    story = Story().run("1", at(1)).say(B, at(1, -0.1))
    assert story.ask(at(1, 0.4)).ask is Question.DURING
    story.say(D, at(1, 0.5))
    assert (story.ask(at(1, 1)).kind, story.ask(at(1, 1)).ask) == (WAIT, None)
    assert (story.ask(at(1, 13)).kind, story.ask(at(1, 13)).ask) == (ASK, Question.MORNING)
    story.say(M, at(1, 13))
    assert (story.ask(at(1, 14)).kind, story.ask(at(1, 14)).ask) == (WAIT, None)
    assert (story.ask(at(3, 1)).kind, story.ask(at(3, 1)).ask) == (ASK, Question.GATE)
    story.say(G, at(3, 1))
    ready = story.ask(at(3, 1))
    assert (ready.kind, ready.ask, ready.ready) == (ADVANCE, Question.BEFORE, False)
    story.say(B, at(3, 1))
    assert story.ask(at(3, 1)).ready


def test_what_is_known_already_is_told_while_a_question_is_open() -> None:
    decision = Story().session("1", at(1), d=6, g=None).ask(at(3, 1))
    assert decision.ask is Question.GATE
    assert decision.notes == ("So far: Go back to stage 0b: pain of 6 during the run",)


def test_the_wait_after_a_sign_cannot_be_overridden() -> None:
    assert not Story().session("1", at(1), d=6).ask(at(3, 1)).can_override


def test_pain_before_an_early_run_takes_the_override_away() -> None:
    story = Story().session("1", at(1), g=None)
    assert story.ask(at(2)).can_override
    decision = story.say(B, at(2), 4).ask(at(2))
    assert (decision.kind, decision.rule, decision.can_override) == (WAIT, 3, False)


def test_a_baseline_is_never_guessed_higher_than_the_last_one_known() -> None:
    story = Story().session("1", at(1), b=3, d=2, m=3, g=3).session("2", at(4), b=None, d=2, m=3, g=4)
    assert story.ask(at(6, 1)).kind is HOLD
    other = Story().session("1", at(1), b=None, d=2, m=3, g=2)
    assert other.ask(at(3, 1)).rule == 3


def test_a_step_back_at_the_lowest_stage_stays_there() -> None:
    story = Story().session("0a", at(1), d=7)
    decision = story.ask(at(5))
    assert (decision.kind, decision.stage and decision.stage.id) == (BACK, "0a")
