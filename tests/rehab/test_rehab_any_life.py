"""Any life with the plan, as a state machine: somebody who answers, forgets, runs elsewhere, and goes ahead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from runback.rehab.activity import ActivityKind, LoggedActivity
from runback.rehab.decision import Decision, DecisionKind, override
from runback.rehab.evaluation import judge
from runback.rehab.records import CheckInMoment, LegSymptoms, OtherRun, PlanFollowed
from runback.rehab.red_flags import RedFlag
from runback.training_log.history import SessionHistory, every_session
from tests.support.effort import examples
from tests.support.rehab.examples import B, G, M
from tests.support.rehab.story import DAY_1, LENGTH, PLAN, Story
from tests.support.rehab.strategies import FLAGS, LEGS, PAINS

HOUR = timedelta(hours=1)


class AnyLife(RuleBasedStateMachine):
    """Every decision is looked at after every step; nothing that was decided may change afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story().gate(DAY_1)
        self.now = DAY_1
        self.hurt = False
        """Whether anything but "no pain, nothing wrong" was ever said, or a session was cut short."""
        self.runs: list[tuple[datetime, datetime]] = []
        self.told: tuple[SessionHistory, ...] = ()

    @property
    def decision(self) -> Decision:
        return self.story.ask(self.now)

    @rule(hours=st.sampled_from([1, 3, 7, 13, 14, 24, 47, 48, 49, 100, 200, 400]))
    def time_passes(self, hours: int) -> None:
        self.now += hours * HOUR

    @rule(moment=st.sampled_from(CheckInMoment), pain=PAINS, leg=LEGS, flags=FLAGS)
    def says_something(self, moment: CheckInMoment, pain: int, leg: LegSymptoms, flags: frozenset[RedFlag]) -> None:
        self.hurt = self.hurt or bool(pain or flags) or leg is not LegSymptoms.NONE
        self.story.say(moment, self.now, pain, leg=leg, flags=flags)

    @rule()
    def answers_what_is_asked_and_all_is_well(self) -> None:
        ask = self.decision.ask
        if ask is not None and ask.moment is not None:
            self.story.say(ask.moment, self.now)

    @precondition(lambda self: self.decision.ready and self.decision.stage is not None)
    @rule(share=st.sampled_from([1.0, 1.0, 1.0, 0.5]))
    def runs_what_is_due(self, share: float) -> None:
        stage = self.decision.stage
        assert stage is not None
        self.hurt = self.hurt or share < 1
        self.story.run(stage.id, self.now, share=share)
        self._has_run()

    @rule(log=st.booleans())
    def runs_somewhere_else(self, log: bool) -> None:
        if log:
            done = LoggedActivity(ActivityKind.RUNNING, 20, self.now + LENGTH, 0)
            self.story.add(activities=(done,))
        else:
            self.story.add(other_runs=(OtherRun(self.now, self.now + LENGTH, 600, "a run"),))
        self._has_run()

    def _has_run(self) -> None:
        self.runs.append((self.now, self.now + LENGTH))
        self.now += LENGTH

    @precondition(lambda self: self.decision.can_override and self.decision.overridden is None)
    @rule()
    def goes_ahead(self) -> None:
        self.story.add(overrides=(override(self.decision, self.now, "I want to"),))

    @precondition(lambda self: self.decision.clearance is not None)
    @rule()
    def sees_a_clinician(self) -> None:
        what = self.decision.clearance
        assert what is not None
        self.now += HOUR
        self.story.clear(what, self.now)

    @rule(plan=st.sampled_from([PLAN.name, "couch-to-5k"]), cautious=st.booleans())
    def chooses_a_plan(self, plan: str, cautious: bool) -> None:
        before = every_session(self.story.history, self.now, tz=UTC)
        self.story.add(choices=(PlanFollowed(self.now, plan, cautious),))
        assert every_session(self.story.history, self.now, tz=UTC) == before
        self.now += HOUR

    @invariant()
    def without_pain_nothing_but_a_gap_steps_back_or_locks(self) -> None:
        decision = self.decision
        if not self.hurt:
            assert decision.kind is not DecisionKind.LOCKED
            assert decision.kind is not DecisionKind.STEP_BACK or decision.rule == 8

    @invariant()
    def nobody_runs_before_a_good_48_hours_unless_they_say_why(self) -> None:
        if not self.runs or not self.decision.may_run or self.decision.overridden is not None:
            return
        began, ended = self.runs[-1]
        again = any(each[0] < began and began - each[1] < timedelta(days=29) for each in self.runs)
        assert self.now >= (began + 47 * HOUR if again else ended + 48 * HOUR)

    @invariant()
    def nobody_goes_ahead_on_the_day_of_a_run_or_against_the_morning_after(self) -> None:
        if not self.decision.can_override:
            return
        _, ended = self.runs[-1]
        assert ended.date() != self.now.date()
        mornings = [
            each.pain for each in self.story.history.check_ins if each.moment is M and each.at >= ended + 6 * HOUR
        ]
        assert mornings
        judged = judge(PLAN, self.story.history, self.now)
        assert judged is None or max(mornings) <= judged.case.baseline + 1

    @invariant()
    def nobody_is_ready_while_a_morning_rise_has_not_settled(self) -> None:
        judged = judge(PLAN, self.story.history, self.now)
        if judged is None or judged.found.kind is DecisionKind.START or judged.case.before is None:
            return
        case = judged.case
        if case.morning is None or case.morning <= judged.case.baseline + 1:
            return
        answers = [
            each.pain for each in self.story.history.check_ins if each.moment in (G, B) and each.at > case.session.ended
        ]
        cleared = any(each.at > case.session.ended for each in self.story.history.clearances)
        assert cleared or any(pain <= case.baseline for pain in answers) or not self.decision.ready

    @invariant()
    def what_was_decided_stays_decided(self) -> None:
        told = every_session(self.story.history, self.now, tz=UTC)
        closed = self.told[: max(0, len(self.told) - 1)]
        assert told[: len(closed)] == closed
        self.told = told


AnyLife.TestCase.settings = settings(
    max_examples=examples(80),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much],
)
TestAnyLife = AnyLife.TestCase
