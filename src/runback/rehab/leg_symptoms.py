"""Leg symptoms as they are found: what was not there before is new, whatever it was called.

Rules:
- "None" before, and anything but "none" now, is *new*, and handled as "further down". "Before" is the last check-in, or
  what was declared before the plan began.
- Nothing is made milder: "new" and "further down" stay what they are.

Source: training.md "Check-ins and the rules".
"""

from __future__ import annotations

from dataclasses import replace

from runback.rehab.records import CheckIn, Declaration, History, LegSymptoms


def as_found(history: History) -> History:
    """`history` with each check-in's leg symptoms as they are found. Doing it twice changes nothing."""
    before: LegSymptoms | None = None
    found: list[CheckIn] = []
    told: list[CheckIn | Declaration] = [*history.declarations, *history.check_ins]
    for each in sorted(told, key=lambda each: each.at):
        if isinstance(each, Declaration):
            if not found:
                before = LegSymptoms.SAME if each.leg_symptoms else LegSymptoms.NONE
            continue
        if before is LegSymptoms.NONE and each.leg in (LegSymptoms.SAME, LegSymptoms.LESS):
            found.append(replace(each, leg=LegSymptoms.NEW))
        else:
            found.append(each)
        before = each.leg
    same = all(one is other for one, other in zip(found, history.check_ins, strict=True))
    return history if same else replace(history, check_ins=tuple(found))
