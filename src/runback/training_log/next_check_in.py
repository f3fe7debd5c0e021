"""Which check-in comes next, and from when on it can be given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from runback.rehab.evaluation import judge, judge_of
from runback.rehab.plan import Plan, ProgressionKind
from runback.rehab.records import CheckInMoment, History
from runback.rehab.session_review import MORNING_FROM


@dataclass(frozen=True, slots=True)
class NextCheckIn:
    """`moment` can be answered from `at` on, in the zone that was asked for."""

    moment: CheckInMoment
    at: datetime


def coming(plan: Plan, history: History, now: datetime, tz: tzinfo, *, cautious: bool = False) -> NextCheckIn | None:
    """The next check-in after the last session of `plan` that cannot be given yet at `now`; None if there is none."""
    judged = judge(plan, history, now, cautious=cautious)
    if judged is None or judge_of(plan, history, now) is not ProgressionKind.CHECK_INS:
        return None
    ended, pending = judged.case.session.ended, judged.case.pending
    midnight = (ended.astimezone(tz) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    morning = max(midnight, ended + MORNING_FROM)
    for moment, at in ((CheckInMoment.MORNING, morning), (CheckInMoment.GATE, judged.case.rested)):
        if moment in pending and now < at:
            return NextCheckIn(moment, at.astimezone(tz))
    return None
