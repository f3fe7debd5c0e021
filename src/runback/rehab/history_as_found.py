"""The history as the rules read it: leg symptoms that were not there before, and the pain of a run that was logged.

Rules:
- "None" before, and anything but "none" now, is *new*, and handled as "further down". "Before" is the last check-in, or
  what was declared before the plan began. Nothing is made milder: "new" and "further down" stay what they are.
- The worst pain of a run without runback is told as it is logged: it is what "worst during" answers after another run.

Source: training.md "Check-ins and the rules".
"""

from __future__ import annotations

from dataclasses import replace

from runback.rehab.activity import ActivityKind, LoggedActivity
from runback.rehab.records import CheckIn, CheckInMoment, Declaration, History, LegSymptoms


def as_found(history: History) -> History:
    """`history` as the rules read it. Doing it twice changes nothing."""
    runs = {each.at: each for each in history.activities if each.kind is ActivityKind.RUNNING}
    said = {(each.at, each.pain) for each in history.check_ins if runs and each.moment is CheckInMoment.DURING}
    told: list[CheckIn | Declaration | LoggedActivity] = [*history.declarations, *history.check_ins, *runs.values()]
    before: LegSymptoms | None = None
    found: list[CheckIn] = []
    for each in sorted(told, key=lambda each: each.at):
        if isinstance(each, Declaration):
            if not found:
                before = LegSymptoms.SAME if each.leg_symptoms else LegSymptoms.NONE
        elif isinstance(each, LoggedActivity):
            if (each.at, each.pain) not in said:
                found.append(_worst_during(each))
        elif each.at in runs and each == _worst_during(runs[each.at]):
            found.append(each)  # added before, and silent about the leg
        else:
            is_new = before is LegSymptoms.NONE and each.leg in (LegSymptoms.SAME, LegSymptoms.LESS)
            found.append(replace(each, leg=LegSymptoms.NEW) if is_new else each)
            before = each.leg
    made = tuple(found)
    return history if made == history.check_ins else replace(history, check_ins=made)


def _worst_during(run: LoggedActivity) -> CheckIn:
    """What logging `run` says about it."""
    return CheckIn(CheckInMoment.DURING, run.at, run.pain)
