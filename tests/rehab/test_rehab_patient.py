"""A patient as a state machine: does as the plan says, answers what it asks, and sometimes feels worse."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from runback.rehab.decision import DecisionKind, DueQuestion
from runback.rehab.records import (
    LegSymptoms,
)
from runback.rehab.red_flags import RedFlag
from tests.support.effort import examples
from tests.support.rehab.story import DAY_1, LENGTH, PLAN, Story
from tests.support.rehab.strategies import FLAGS, LEGS, PAINS, RARELY

CHECK_INS = [each for each in DueQuestion if each.moment is not None]


class Patient(RuleBasedStateMachine):
    """Somebody who does as the plan says, answers what it asks, and sometimes feels worse."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story().gate(DAY_1)
        self.now = DAY_1
        self.done: list[tuple[int, datetime, datetime]] = []

    @rule(hours=st.sampled_from([1, 7, 12, 24, 24, 48, 49, 49, 200, 360, 720]))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def have_a_good_session(self) -> None:
        for _ in range(9):
            decision = self.story.ask(self.now)
            if decision.ready:
                self.run(1.0)
                return
            if decision.ask in CHECK_INS:
                self.answer_well()
            else:
                self.now += timedelta(hours=7)

    @rule()
    def wait_as_told(self) -> None:
        earliest = self.story.ask(self.now).earliest
        self.now = max(self.now, earliest or self.now)

    @precondition(lambda self: self.story.ask(self.now).ask in CHECK_INS)
    @rule(pain=PAINS, leg=LEGS, limp=RARELY, flags=FLAGS)
    def answer(self, pain: int, leg: LegSymptoms, limp: bool, flags: frozenset[RedFlag]) -> None:
        ask = self.story.ask(self.now).ask
        assert ask is not None
        assert ask.moment is not None
        self.story.say(ask.moment, self.now, pain, leg=leg, limp=limp, flags=flags)

    @precondition(lambda self: self.story.ask(self.now).ask in CHECK_INS)
    @rule()
    def answer_well(self) -> None:
        ask = self.story.ask(self.now).ask
        assert ask is not None
        assert ask.moment is not None
        self.story.say(ask.moment, self.now, 0)

    @precondition(lambda self: self.story.ask(self.now).ready)
    @rule(share=st.sampled_from([1.0, 1.0, 0.5]))
    def run(self, share: float) -> None:
        decision = self.story.ask(self.now)
        assert decision.stage is not None
        if self.done:
            _, began, ended = self.done[-1]
            again = any(before[1] < began and began - before[2] < timedelta(days=29) for before in self.done)
            assert self.now >= (began + timedelta(hours=47) if again else ended + timedelta(hours=48))
            assert PLAN.index(decision.stage.id) <= self.done[-1][0] + 1
        self.story.run(decision.stage.id, self.now, share=share)
        self.done.append((PLAN.index(decision.stage.id), self.now, self.now + LENGTH))
        self.now += LENGTH

    @precondition(lambda self: self.story.ask(self.now).clearance is not None)
    @rule()
    def see_a_clinician(self) -> None:
        what = self.story.ask(self.now).clearance
        assert what is not None
        self.now += timedelta(hours=1)
        self.story.clear(what, self.now)

    @invariant()
    def a_decision_always_says_what_comes_next(self) -> None:
        decision = self.story.ask(self.now)
        if decision.kind is DecisionKind.ASK:
            assert decision.ask is not None
        if decision.kind is DecisionKind.LOCKED:
            assert decision.clearance is not None
        if decision.kind is DecisionKind.WAIT and decision.rule != 8 and self.done:
            assert decision.earliest is not None
            assert decision.earliest > self.now


Patient.TestCase.settings = settings(
    max_examples=examples(40),
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much],
)
TestPatient = Patient.TestCase
