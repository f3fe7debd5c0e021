"""The one key for "something is wrong": first what the belt shall do, then what it is. Pure questions and answers.

Rules:
- The first question is about the belt alone, and both answers make it slower. What is wrong is asked afterwards.
- Whatever ends a session (rule 2, a red flag) is answered with Stop, also when the person had chosen to ease off.
- The answer becomes the check-in "worst during", so that the rules hear of it.

Source: training.md "Session behaviour", "Stop the session", rules 1 and 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum, StrEnum

from runback.rehab.records import CheckIn, CheckInMoment, LegSymptoms
from runback.rehab.red_flags import RedFlag, StopSign
from runback.rehab.session_review import AT_MOST_DURING


class IncidentResponse(Enum):
    """What the belt shall do."""

    EASE_OFF = "Ease off: walk now, and walk the rest"
    STOP = "Stop the belt"


class Incident(StrEnum):
    """What is wrong; any number of them. The value is how it is offered."""

    TIRED = "Too hard, or too fast"
    PAIN = "It hurts more than before"
    SHARP_PAIN = "A sharp pain"
    LIMP = "I am limping"
    LEG = "Pain or tingling further down a leg"
    DIZZY = "Dizzy or faint"
    HEART = "My heart beats irregularly, or does not calm down"
    BREATH = "More out of breath than this explains"
    RED_FLAG = "Something else that frightens me"  # leads to the red-flag questions


_STOP_SIGNS = {
    Incident.DIZZY: StopSign.DIZZINESS,
    Incident.HEART: StopSign.PALPITATIONS,
    Incident.BREATH: StopSign.BREATHLESSNESS,
}
_EASES = frozenset({Incident.TIRED, Incident.PAIN})


def act_for(first: IncidentResponse, troubles: Iterable[Incident], pain: int = 0) -> IncidentResponse:
    """What the belt shall do, now that it is known what is wrong: never more than the person asked for `first`."""
    if first is IncidentResponse.STOP or pain > AT_MOST_DURING or any(each not in _EASES for each in troubles):
        return IncidentResponse.STOP
    return IncidentResponse.EASE_OFF


def check_in(
    at: datetime, troubles: Iterable[Incident], pain: int, red_flags: frozenset[RedFlag] = frozenset()
) -> CheckIn:
    """The check-in "worst during" for what is wrong. Raises PlanError for pain off the scale."""
    told = frozenset(troubles)
    return CheckIn(
        CheckInMoment.DURING,
        at,
        pain,
        leg=LegSymptoms.FURTHER_DOWN if Incident.LEG in told else LegSymptoms.NONE,
        limp=Incident.LIMP in told,
        sharp_pain=Incident.SHARP_PAIN in told,
        red_flags=red_flags,
        stop_signs=frozenset(sign for trouble, sign in _STOP_SIGNS.items() if trouble in told),
    )
