"""Hypothesis strategies for histories, shared by the tests of this room."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st

from runback.rehab.library import load, names
from runback.rehab.records import (
    CheckIn,
    CheckInMoment,
    Clearance,
    Cleared,
    History,
    LegSymptoms,
    Override,
    SessionDone,
)
from runback.rehab.red_flags import RedFlag, StopSign
from tests.support.effort import examples
from tests.support.rehab.story import DAY_1, LENGTH

PLANS = [load(name) for name in names()]
QUICK = settings(deadline=None, max_examples=examples(60))
"""Two cores, shared: no time limit for one example."""
HOURS = st.integers(0, 45 * 24 * 4).map(lambda quarters: timedelta(minutes=15 * quarters))
MOMENTS = HOURS.map(lambda hours: DAY_1 + hours)
PAINS = st.sampled_from([0, 0, 0, 1, 1, 2, 2, 3, 5, 6, 10])
LEGS = st.sampled_from([LegSymptoms.NONE] * 9 + [*LegSymptoms])
RARELY = st.sampled_from([False] * 14 + [True])
FLAGS = st.sampled_from([frozenset[RedFlag]()] * 24 + [frozenset({RedFlag.FEVER}), frozenset({RedFlag.BOTH_LEGS})])
ANSWERS = {
    CheckInMoment.BEFORE: -5,
    CheckInMoment.DURING: 20,
    CheckInMoment.MORNING: 13 * 60,
    CheckInMoment.GATE: 48 * 60 + 20,
}
"""Minutes from a session's begin."""
MISHAPS = st.lists(
    st.tuples(
        st.integers(0, 5),  # at which session
        st.sampled_from(CheckInMoment),
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
    stray = st.builds(CheckIn, st.sampled_from(CheckInMoment), MOMENTS, PAINS)
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
