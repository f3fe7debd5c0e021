"""What holds for every history, however odd."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runback.rehab import pain_rules, schedule_rules
from runback.rehab.decision import RUNS, DecisionKind
from runback.rehab.evaluation import judge
from runback.rehab.library import names
from runback.rehab.progression import decide
from runback.rehab.records import CheckIn, CheckInMoment, Clearance, Cleared, History, LegSymptoms, SessionDone
from runback.rehab.red_flags import RedFlag, StopSign
from runback.rehab.session_review import is_sign
from runback.rehab.status import status_lines
from tests.support.effort import examples
from tests.support.rehab.story import DAY_1, LENGTH, PLAN
from tests.support.rehab.strategies import MOMENTS, PLANS, QUICK, asked


def stage_index(stage_id: str) -> int:
    return PLAN.index(stage_id)


@QUICK
@given(asked())
def test_nothing_runs_within_a_good_48_hours_of_a_run(case: tuple[History, datetime]) -> None:
    history, now = case
    decision = decide(PLAN, history, now)
    began = max((each.began for each in history.sessions), default=None)
    ended = max((each.ended for each in history.sessions), default=None)
    if began is None or ended is None:
        return
    first = all(began - each.ended >= timedelta(days=29) for each in history.sessions if each.began < began)
    if now < (ended + timedelta(hours=48) if first else began + timedelta(hours=47)):
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
        if done and decision.kind is DecisionKind.ADVANCE:
            assert stage_index(decision.stage.id) <= done[-1] + 1


@given(asked())
@settings(deadline=None, max_examples=examples(300))
def test_advance_means_every_check_in_is_there_and_within_its_limit(case: tuple[History, datetime]) -> None:
    history, now = case
    if decide(PLAN, history, now).kind is not DecisionKind.ADVANCE:
        return
    last = history.sessions[-1]

    def pains(since: timedelta, until: timedelta, *moments: CheckInMoment) -> list[int]:
        return [
            each.pain
            for each in history.check_ins
            if each.moment in moments and since <= each.at - last.began <= until and each.at <= now
        ]

    hour, ever = timedelta(hours=1), now - last.began
    b, d, m, g = CheckInMoment
    ended = last.ended - last.began
    before = max(pains(-12 * hour, ended, b) + pains(-2 * hour, ended, g))  # at most so much, whichever was the last
    during, morning = pains(0 * hour, ever, d), pains(ended + 6 * hour, ever, m)
    assert during
    assert morning  # late is better than never: a check-in may be given until the next run
    assert max(during) <= 2
    assert max(morning) <= before + 1
    assert max(pains(47 * hour, ever, g)) <= before
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
        data.draw(st.sampled_from(CheckInMoment)), when, 0, red_flags=frozenset({data.draw(st.sampled_from(RedFlag))})
    )
    history = replace(
        history,
        check_ins=(*history.check_ins, flag),
        clearances=tuple(each for each in history.clearances if each.at <= when or each.what is not Cleared.RED_FLAG),
    )
    decision = decide(PLANS[number], history, now)
    assert (decision.kind, decision.rule, decision.stage) == (DecisionKind.LOCKED, 1, None)
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
        CheckIn(CheckInMoment.DURING, at, 3),
        CheckIn(CheckInMoment.DURING, at, 10),
        CheckIn(CheckInMoment.DURING, at, 0, limp=True),
        CheckIn(CheckInMoment.MORNING, at + timedelta(hours=13), 9, leg=LegSymptoms.FURTHER_DOWN),
        CheckIn(CheckInMoment.GATE, at + timedelta(hours=48), 10),
        CheckIn(CheckInMoment.DURING, at, 0, stop_signs=frozenset({StopSign.PALPITATIONS})),
        CheckIn(CheckInMoment.GATE, at + timedelta(hours=48), 0, red_flags=frozenset({RedFlag.CHEST_PAIN})),
    ][news]
    if worse.at > now:
        return
    told = decide(PLAN, history, now)
    then = decide(PLAN, replace(history, check_ins=(*history.check_ins, worse)), now)
    if told.kind is DecisionKind.LOCKED:
        assert then.kind is DecisionKind.LOCKED
    if then.kind in RUNS and told.kind in RUNS and then.stage is not None and told.stage is not None:
        assert stage_index(then.stage.id) <= stage_index(told.stage.id)
    assert then.kind is not DecisionKind.ADVANCE


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
    found = next(row for row in pain_rules.TABLE.judging if row.fires(judged.case)).find(judged.case)
    assert judged.found.stage <= max(found.stage, PLAN.start if judged.found.kind is DecisionKind.START else 0)


def test_the_tables_rows_stand_in_the_order_of_their_rules() -> None:
    assert [row.rule for row in pain_rules.TABLE.judging] == [1, 2, 2, 3, 3, 4, 3, 4, 5, 6, 0]
    assert [row.rule for row in pain_rules.TABLE.tightening] == [1, 7, 7, 3, 8, 8, 8]
    assert schedule_rules.TABLE.judging[0].rule == 1


@QUICK
@given(asked(), st.sampled_from(["sessions", "check_ins", "clearances"]))
def test_a_record_from_the_future_never_lets_anybody_run(case: tuple[History, datetime], which: str) -> None:
    history, now = case
    ahead = now + timedelta(hours=1)
    more: dict[str, tuple[object, ...]] = {
        "sessions": (SessionDone(PLAN.name, "3", ahead, ahead + LENGTH, 300, 300),),
        "check_ins": (CheckIn(CheckInMoment.GATE, ahead, 0),),
        "clearances": (Clearance(Cleared.START, ahead),),
    }
    changed = replace(history, **{which: getattr(history, which) + more[which]})
    decision = decide(PLAN, changed, now)
    assert decision.kind in (DecisionKind.WAIT, DecisionKind.LOCKED)
    assert not decision.may_run
    assert decision.kind is DecisionKind.LOCKED or decision.ahead is not None


def test_a_moment_is_a_moment_in_every_zone() -> None:
    in_new_york = DAY_1.astimezone(ZoneInfo("America/New_York"))
    assert CheckIn(CheckInMoment.GATE, in_new_york, 0) == CheckIn(CheckInMoment.GATE, DAY_1, 0)
    assert CheckIn(CheckInMoment.GATE, in_new_york, 0).at.tzinfo is UTC
