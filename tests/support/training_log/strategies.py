"""Hypothesis strategies for every record a casebook keeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from runback.rehab.activity import ActivityKind, ExercisesDone, LoggedActivity
from runback.rehab.low_impact_month import MonthDone
from runback.rehab.records import (
    CheckIn,
    CheckInMoment,
    Clearance,
    Cleared,
    Declaration,
    LegSymptoms,
    Override,
    SessionDone,
)
from runback.rehab.red_flags import HealthRisk, RedFlag, StopSign
from runback.training_log.entries import PlanChoice, Record, Withdrawal

ZONES = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(-timedelta(hours=8))])
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=ZONES)  # noqa: DTZ001 - zones are drawn
PAINS = st.integers(0, 10)
WORDS = st.text(st.characters(), max_size=80)  # surrogates too: whatever a broken terminal sends
SAID = WORDS.filter(lambda words: bool(words.strip()))
SECONDS = st.floats(0, 1e6, allow_nan=False)

CHECK_INS = st.builds(
    CheckIn,
    st.sampled_from(CheckInMoment),
    TIMES,
    PAINS,
    leg=st.sampled_from(LegSymptoms),
    limp=st.booleans(),
    sharp_pain=st.booleans(),
    red_flags=st.frozensets(st.sampled_from(RedFlag)),
    stop_signs=st.frozensets(st.sampled_from(StopSign)),
    effort=st.none() | PAINS,
)
ACTIVITIES = st.builds(
    LoggedActivity,
    st.sampled_from(ActivityKind),
    st.floats(0, 1440, exclude_min=True),
    TIMES,
    PAINS,
    st.sampled_from([None, True, False]),
)
EXERCISES = st.builds(ExercisesDone, TIMES, st.frozensets(WORDS, max_size=4))
RISKS = st.none() | st.frozensets(st.sampled_from(HealthRisk))
DECLARATIONS = st.builds(Declaration, TIMES, st.booleans(), st.booleans(), RISKS)
CLEARANCES = st.builds(Clearance, st.sampled_from(Cleared), TIMES, SAID)
OVERRIDES = st.builds(Override, TIMES, WORDS, TIMES, SAID)
LENGTHS = st.timedeltas(timedelta(), timedelta(hours=3))
SESSIONS = st.builds(
    lambda plan, stage, began, length, planned, done, stopped: SessionDone(
        plan, stage, began, began + length, planned, done, stopped
    ),
    WORDS,
    WORDS,
    TIMES,
    LENGTHS,
    st.floats(1, 1e6),
    SECONDS,
    st.booleans(),
)
MONTHS = st.builds(
    lambda at, days, ago: MonthDone(at, at.date() - timedelta(days=days + ago), at.date() - timedelta(days=ago)),
    TIMES.map(lambda at: at.astimezone(UTC)),
    st.integers(27, 400),
    st.integers(0, 400),
)
RECORDS: st.SearchStrategy[Record] = st.one_of(
    CHECK_INS, ACTIVITIES, EXERCISES, DECLARATIONS, CLEARANCES, OVERRIDES, SESSIONS, MONTHS
)
CHOICES = st.builds(PlanChoice, WORDS, st.booleans(), TIMES, st.booleans())
WITHDRAWALS = st.builds(Withdrawal, TIMES, WORDS)
EVERYTHING: st.SearchStrategy[Record | PlanChoice | Withdrawal] = st.one_of(RECORDS, CHOICES, WITHDRAWALS)
