"""What holds for every history, however odd."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from rehab_story import DAY_1, LENGTH, PLAN, Story

from runback.rehab import published, rules
from runback.rehab.case import is_sign
from runback.rehab.decision import RUNS, Question, Ruling
from runback.rehab.library import load, names
from runback.rehab.progress import decide, judge
from runback.rehab.records import (
    CheckIn,
    Clearance,
    Cleared,
    History,
    LegSymptoms,
    Moment,
    Override,
    SessionDone,
)
from runback.rehab.signs import RedFlag, StopSign
from runback.rehab.status import status_lines

PLANS = [load(name) for name in names()]
QUICK = settings(deadline=None, max_examples=60)
"""Two cores, shared: no time limit for one example."""
HOURS = st.integers(0, 45 * 24 * 4).map(lambda quarters: timedelta(minutes=15 * quarters))
MOMENTS = HOURS.map(lambda hours: DAY_1 + hours)
PAINS = st.sampled_from([0, 0, 0, 1, 1, 2, 2, 3, 5, 6, 10])
LEGS = st.sampled_from([LegSymptoms.NONE] * 9 + [LegSymptoms.SAME, LegSymptoms.FURTHER_DOWN])
RARELY = st.sampled_from([False] * 14 + [True])
FLAGS = st.sampled_from([frozenset[RedFlag]()] * 24 + [frozenset({RedFlag.FEVER}), frozenset({RedFlag.BOTH_LEGS})])
ANSWERS = {Moment.BEFORE: -5, Moment.DURING: 20, Moment.MORNING: 13 * 60, Moment.GATE: 48 * 60 + 20}
"""Minutes from a session's begin."""
MISHAPS = st.lists(
    st.tuples(
        st.integers(0, 5),  # at which session
        st.sampled_from(Moment),
        st.sampled_from(["pain", "pain", "missing", "late", "sign", "flag", "share", "gap", "gap", "stage", "stopped"]),
        st.integers(0, 5),  # which of a mishap's kinds
    ),
    max_size=4,
)


@st.composite
def histories(draw: st.DrawFn, plan_number: int = 0) -> History:
    """Sessions that go well, but for a few mishaps; sometimes with clearances, overrides and stray check-ins."""
    plan = PLANS[plan_number]
    mishaps = {(number, what): (moment, which) for number, moment, what, which in draw(MISHAPS)}
    began = DAY_1
    index = plan.start
    sessions: list[SessionDone] = []
    check_ins: list[CheckIn] = []
    for number in range(draw(st.integers(0, 6))):
        happens = {what: found for (at, what), found in mishaps.items() if at == number}
        if "stage" in happens:
            index = max(0, min(len(plan.stages) - 1, index + (-2, -1, -1, 1, 2, 5)[happens["stage"][1]]))
        planned = plan.run_seconds(plan.stages[index])
        share = (0.95, 0.9, 0.89, 0.5, 0.0, 1.0)[happens["share"][1]] if "share" in happens else 1.0
        stage = plan.stages[index].id
        stopped = "stopped" in happens
        sessions.append(SessionDone(plan.name, stage, began, began + LENGTH, planned, planned * share, stopped))
        for moment, minutes in ANSWERS.items():
            here = {what: which for what, (where, which) in happens.items() if where is moment}
            if "missing" in here:
                continue
            late = (-600, -60, -30, 5, 600, 1500)[here["late"]] if "late" in here else 0
            pain = (0, 2, 3, 4, 6, 9)[here["pain"]] if "pain" in here else 1
            sign = here.get("sign", -1)
            check_in = CheckIn(
                moment,
                began + timedelta(minutes=minutes + late),
                pain,
                leg=(LegSymptoms.SAME if sign == 0 else LegSymptoms.FURTHER_DOWN if sign == 1 else LegSymptoms.NONE),
                limp=sign == 2,
                sharp_pain=sign == 3,
                stop_signs=frozenset({StopSign.DIZZINESS} if sign == 4 else ()),
                red_flags=frozenset({RedFlag.FEVER} if here.get("flag", 9) < 2 else ()),
            )
            check_ins.append(check_in)
        gap = (30, 47, 8 * 24, 15 * 24, 28 * 24, 31 * 24)[happens["gap"][1]] if "gap" in happens else 49
        began += timedelta(hours=gap)
        index = min(len(plan.stages) - 1, index + 1)
    stray = st.builds(CheckIn, st.sampled_from(Moment), MOMENTS, PAINS)
    few = draw(st.sampled_from([0, 0, 0, 2]))
    check_ins += draw(st.lists(stray, max_size=few))
    clearances = draw(st.lists(st.builds(Clearance, st.sampled_from(Cleared), MOMENTS), max_size=few))
    overrides = draw(st.lists(st.builds(Override, MOMENTS, st.just("Wait"), MOMENTS, st.just("so")), max_size=few))
    return History(tuple(sessions), tuple(check_ins), clearances=tuple(clearances), overrides=tuple(overrides))


@st.composite
def asked(draw: st.DrawFn, plan_number: int = 0) -> tuple[History, datetime]:
    """A history, and a moment at which the plan is asked: mostly after its end."""
    history = draw(histories(plan_number))
    if not history.sessions or draw(st.integers(0, 9)) == 0:
        return history, draw(MOMENTS)
    hours = draw(st.sampled_from([48.01, 48.01, 48.5, 50, 60, 72, 75, 0.1, 13, 47.9, 48, 100, 193, 361, 700]))
    return history, history.sessions[-1].ended + timedelta(hours=hours)


def stage_index(stage_id: str) -> int:
    return PLAN.index(stage_id)


@QUICK
@given(asked())
def test_nothing_runs_within_48_hours_of_a_run(case: tuple[History, datetime]) -> None:
    history, now = case
    decision = decide(PLAN, history, now)
    ended = max((each.ended for each in history.sessions), default=None)
    if ended is not None and now < ended + timedelta(hours=48):
        assert decision.kind not in RUNS
        assert not decision.may_run or decision.overridden is not None


@QUICK
@given(asked(), st.booleans())
def test_no_stage_is_ever_skipped(case: tuple[History, datetime], cautious: bool) -> None:
    history, now = case
    decision = decide(PLAN, history, now, cautious=cautious)
    done = [stage_index(each.stage) for each in history.sessions if each.ended <= now + timedelta(minutes=2)]
    if decision.stage is not None:
        furthest = PLAN.start
        for index in done:
            furthest = max(furthest, min(index, furthest) + 1)
        assert stage_index(decision.stage.id) <= furthest
        if done and decision.kind is Ruling.ADVANCE:
            assert stage_index(decision.stage.id) <= done[-1] + 1


@given(asked())
@settings(deadline=None, max_examples=300)
def test_advance_means_every_check_in_is_there_and_within_its_limit(case: tuple[History, datetime]) -> None:
    history, now = case
    if decide(PLAN, history, now).kind is not Ruling.ADVANCE:
        return
    last = history.sessions[-1]

    def pains(moment: Moment, low: timedelta, high: timedelta) -> list[int]:
        return [
            each.pain
            for each in history.check_ins
            if each.moment is moment and low <= each.at - last.began <= high and each.at <= now
        ]

    hour = timedelta(hours=1)
    before = pains(Moment.BEFORE, -12 * hour, 0 * hour)[-1]
    assert pains(Moment.DURING, 0 * hour, 36 * hour)
    assert max(pains(Moment.DURING, 0 * hour, 36 * hour)) <= 2
    assert max(pains(Moment.MORNING, 7 * hour, 36 * hour)) <= before + 1
    assert max(pains(Moment.GATE, 48 * hour + LENGTH, 9999 * hour)) <= before
    assert last.share >= 0.9
    assert not last.stopped
    assert now - last.ended < timedelta(days=8)
    assert not any(is_sign(each) for each in history.check_ins if each.at >= last.began)
    assert all(each.ended <= now for each in history.sessions)


@pytest.mark.parametrize("number", range(len(PLANS)), ids=names())
@QUICK
@given(data=st.data())
def test_a_red_flag_always_locks(number: int, data: st.DataObject) -> None:
    history, now = data.draw(asked(number))
    when = data.draw(MOMENTS)
    flag = CheckIn(
        data.draw(st.sampled_from(Moment)), when, 0, red_flags=frozenset({data.draw(st.sampled_from(RedFlag))})
    )
    history = replace(
        history,
        check_ins=(*history.check_ins, flag),
        clearances=tuple(each for each in history.clearances if each.at <= when or each.what is not Cleared.RED_FLAG),
    )
    decision = decide(PLANS[number], history, now)
    assert (decision.kind, decision.rule, decision.stage) == (Ruling.LOCKED, 1, None)
    assert decision.help is not None
    assert not decision.can_override
    assert not decision.may_run


@QUICK
@given(asked(), st.sampled_from(range(7)))
def test_worse_news_never_leads_further(case: tuple[History, datetime], news: int) -> None:
    history, now = case
    if not history.sessions or history.sessions[-1].ended > now:
        return
    at = history.sessions[-1].ended
    worse = [
        CheckIn(Moment.DURING, at, 3),
        CheckIn(Moment.DURING, at, 10),
        CheckIn(Moment.DURING, at, 0, limp=True),
        CheckIn(Moment.MORNING, at + timedelta(hours=13), 9, leg=LegSymptoms.FURTHER_DOWN),
        CheckIn(Moment.GATE, at + timedelta(hours=48), 10),
        CheckIn(Moment.DURING, at, 0, stop_signs=frozenset({StopSign.PALPITATIONS})),
        CheckIn(Moment.GATE, at + timedelta(hours=48), 0, red_flags=frozenset({RedFlag.CHEST_PAIN})),
    ][news]
    if worse.at > now:
        return
    told = decide(PLAN, history, now)
    then = decide(PLAN, replace(history, check_ins=(*history.check_ins, worse)), now)
    if told.kind is Ruling.LOCKED:
        assert then.kind is Ruling.LOCKED
    if then.kind in RUNS and told.kind in RUNS and then.stage is not None and told.stage is not None:
        assert stage_index(then.stage.id) <= stage_index(told.stage.id)
    assert then.kind is not Ruling.ADVANCE


@pytest.mark.parametrize("number", range(len(PLANS)), ids=names())
@QUICK
@given(data=st.data())
def test_a_decision_is_one_sentence_whatever_order_the_records_came_in(number: int, data: st.DataObject) -> None:
    history, now = data.draw(asked(number))
    decision = decide(PLANS[number], history, now)
    assert decision.sentence
    assert decision.sentence.isprintable()
    assert not decision.sentence.endswith(".")
    shuffled = {name: list(getattr(history, name)) for name in ("sessions", "clearances", "overrides")}
    for records in shuffled.values():
        random.Random(7).shuffle(records)
    again = History(check_ins=history.check_ins, **{name: tuple(each) for name, each in shuffled.items()})
    assert decide(PLANS[number], again, now.astimezone(ZoneInfo("Asia/Kathmandu"))) == decision
    assert all(line.isprintable() for line in status_lines(decision, ZoneInfo("Europe/London")))


@QUICK
@given(asked())
def test_rules_7_and_8_never_lead_further_than_rules_1_to_6(case: tuple[History, datetime]) -> None:
    judged = judge(PLAN, *case)
    if judged is None:
        return
    found = next(row for row in rules.TABLE.judging if row.fires(judged.case)).find(judged.case)
    assert judged.found.stage <= max(found.stage, PLAN.start if judged.found.kind is Ruling.START else 0)


def test_the_tables_rows_stand_in_the_order_of_their_rules() -> None:
    assert [row.rule for row in rules.TABLE.judging] == [1, 2, 2, 3, 3, 3, 4, 5, 6, 0]
    assert [row.rule for row in rules.TABLE.tightening] == [1, 7, 7, 8, 8, 8]
    assert published.TABLE.judging[0].rule == 1


@QUICK
@given(asked(), st.sampled_from(["sessions", "check_ins", "clearances"]))
def test_a_record_from_the_future_never_lets_anybody_run(case: tuple[History, datetime], which: str) -> None:
    history, now = case
    ahead = now + timedelta(hours=1)
    more: dict[str, tuple[object, ...]] = {
        "sessions": (SessionDone(PLAN.name, "3", ahead, ahead + LENGTH, 300, 300),),
        "check_ins": (CheckIn(Moment.GATE, ahead, 0),),
        "clearances": (Clearance(Cleared.START, ahead),),
    }
    changed = replace(history, **{which: getattr(history, which) + more[which]})
    decision = decide(PLAN, changed, now)
    assert decision.kind in (Ruling.WAIT, Ruling.LOCKED)
    assert not decision.may_run
    assert decision.kind is Ruling.LOCKED or decision.ahead is not None


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
            if decision.ask in list(Question)[:4]:
                self.answer_well()
            else:
                self.now += timedelta(hours=7)

    @rule()
    def wait_as_told(self) -> None:
        earliest = self.story.ask(self.now).earliest
        self.now = max(self.now, earliest or self.now)

    @precondition(lambda self: self.story.ask(self.now).ask in list(Question)[:4])
    @rule(pain=PAINS, leg=LEGS, limp=RARELY, flags=FLAGS)
    def answer(self, pain: int, leg: LegSymptoms, limp: bool, flags: frozenset[RedFlag]) -> None:
        ask = self.story.ask(self.now).ask
        assert ask is not None
        self.story.say(Moment(ask.value), self.now, pain, leg=leg, limp=limp, flags=flags)

    @precondition(lambda self: self.story.ask(self.now).ask in list(Question)[:4])
    @rule()
    def answer_well(self) -> None:
        ask = self.story.ask(self.now).ask
        assert ask is not None
        self.story.say(Moment(ask.value), self.now, 0)

    @precondition(lambda self: self.story.ask(self.now).ready)
    @rule(share=st.sampled_from([1.0, 1.0, 0.5]))
    def run(self, share: float) -> None:
        decision = self.story.ask(self.now)
        assert decision.stage is not None
        if self.done:
            assert self.now >= self.done[-1][2] + timedelta(hours=48)
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
        if decision.kind is Ruling.ASK:
            assert decision.ask is not None
        if decision.kind is Ruling.LOCKED:
            assert decision.clearance is not None
        if decision.kind is Ruling.WAIT and decision.rule != 8 and self.done:
            assert decision.earliest is not None
            assert decision.earliest > self.now


Patient.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much]
)
TestPatient = Patient.TestCase


def test_a_moment_is_a_moment_in_every_zone() -> None:
    in_new_york = DAY_1.astimezone(ZoneInfo("America/New_York"))
    assert CheckIn(Moment.GATE, in_new_york, 0) == CheckIn(Moment.GATE, DAY_1, 0)
    assert CheckIn(Moment.GATE, in_new_york, 0).at.tzinfo is UTC
