"""Examples of the rules: a story, when it is asked, and what is decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from runback.rehab.decision import DecisionKind
from runback.rehab.records import CheckInMoment
from runback.rehab.red_flags import RedFlag
from tests.support.rehab.story import DOWN, SAME, Story, at

ADVANCE, REPEAT, HOLD, BACK, WAIT, ASK, LOCKED = (
    DecisionKind.ADVANCE,
    DecisionKind.REPEAT,
    DecisionKind.HOLD,
    DecisionKind.STEP_BACK,
    DecisionKind.WAIT,
    DecisionKind.ASK,
    DecisionKind.LOCKED,
)
B, D, M, G = CheckInMoment.BEFORE, CheckInMoment.DURING, CheckInMoment.MORNING, CheckInMoment.GATE
GATE_TIME = 48 + 1 / 3  # hours from the begin of a first session of 20 minutes to its gate
RESTED = 48 - 1  # from the begin of a later one: from start to start, with an hour's tolerance


@dataclass(frozen=True)
class Example:
    """A story of stage 3 on day 5, unless it says otherwise; what is decided `hours` after that session began."""

    says: str
    story: Callable[[Story], object]
    kind: DecisionKind
    rule: int
    stage: str | None
    why: str
    hours: float = GATE_TIME
    earliest: float | None = RESTED


def fine(story: Story) -> Story:
    return story.session("3", at(5))


def went(b: int | None = 1, d: int | None = 1, m: int | None = 1, g: int | None = 1) -> Callable[[Story], Story]:
    return lambda story: story.session("3", at(5), b, d, m, g)


def share(done: float) -> Callable[[Story], Story]:
    return lambda story: story.session("3", at(5), share=done)


def limp(story: Story) -> None:
    fine(story).say(D, at(5, 0.4), 1, limp=True)


def red(flag: RedFlag, hours: float, moment: CheckInMoment = G) -> Callable[[Story], Story]:
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
    story.session("3", at(-3), g=2).session("3", at(1), d=4).session("3", at(5), g=2)


def held_at_another_stage(story: Story) -> None:
    story.session("2", at(-3), g=2).session("2", at(1)).session("3", at(5), g=2)


def three_backs(story: Story) -> Story:
    return story.session("3", at(-7), d=7).session("2", at(-3), d=7).session("3", at(1)).session("1", at(5), d=7)


def climb(story: Story, example: Example) -> None:
    """The stages before the example's first, each done well, so that the stage it tells of is due."""
    example.story(story)
    told = story.history
    first = told.sessions[0]
    index = story.plan.index(first.stage)
    before = story.plan.stages[story.plan.start : index]
    for number, stage in enumerate(before):
        story.session(stage.id, first.began - timedelta(days=3 * (len(before) - number), hours=1))


def decides(example: Example) -> None:
    """Assert that what is decided is what the example says."""
    story = Story()
    climb(story, example)
    decision = story.ask(at(5, example.hours))
    assert (decision.kind, decision.rule) == (example.kind, example.rule), decision.sentence
    assert (decision.stage.id if decision.stage else None) == example.stage
    assert example.why.lower() in decision.sentence.lower()
    if example.earliest is not None and example.kind is not LOCKED:
        assert decision.earliest is not None
        assert abs(decision.earliest - at(5, example.earliest)) < timedelta(seconds=1)
