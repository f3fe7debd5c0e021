"""Figures and moments as the page says them.

Rules:
- Times are local, in the dossier's zone, to the minute; the zone is named in the header and where it changes.
- What is missing is said as missing, never left blank.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from runback.rehab.activity import LoggedActivity
from runback.rehab.records import CheckIn, CheckInMoment, Clearance, Declaration, LegSymptoms, SessionDone
from runback.report.decisions import DecisionAt

MISSING = "missing"
NONE = "–"
LETTERS = {CheckInMoment.BEFORE: "B", CheckInMoment.DURING: "D", CheckInMoment.MORNING: "M", CheckInMoment.GATE: "G"}

RULES = {
    1: "A red flag locks the plan, until a clinician's clearance is recorded; after it, one stage lower.",
    2: "D above 5, sharp pain, a limp, leg symptoms new or further down, dizziness, palpitations or undue "
    "breathlessness end a session: at least one stage back, after 72 hours. Leg symptoms still there at 48 hours lock "
    "the plan.",
    3: "G more than 1 above B: no run, asked daily, then one stage back; not settled in seven days locks the plan.",
    4: "D from 3 to 5, M more than 1 above B (no run until it has settled), less than 90 % of the running done, or "
    "ended because of symptoms: the stage is repeated.",
    5: "D at most 2, M at most 1 above B, G at most B, at least 90 % done: one stage on, never more.",
    6: "G 1 above B, or a check-in missing: the stage is held. A check-in that is missing does nothing else.",
    7: "The second hold for pain at a stage: one stage back. The third step back locks the plan.",
    8: "No session for 8 to 14 days: repeat; 15 to 28: two stages back; longer: start again with the checks before it.",
}
"""Of `rehab.rules`, for a reader who does not know them by number."""


def day(at: datetime, tz: tzinfo) -> str:
    """The day of `at`: 2026-01-05."""
    return f"{at.astimezone(tz):%Y-%m-%d}"


def time(at: datetime, tz: tzinfo) -> str:
    """`at`: 2026-01-05 18:00."""
    return f"{at.astimezone(tz):%Y-%m-%d %H:%M}"


def zone(at: datetime, tz: tzinfo) -> str:
    """The zone in force at `at`: CET (UTC+01:00)."""
    local = at.astimezone(tz)
    offset = f"UTC{local:%z}"
    return f"{local.tzname()} ({offset[:-2]}:{offset[-2:]})"


def minutes(seconds: float) -> str:
    """Minutes and seconds: 7:30."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"


def hours(span: timedelta) -> str:
    """Whole hours, rounded down: 47 h 59 min is never 48."""
    return f"{span // timedelta(hours=1)} h"


def number(value: float) -> str:
    """A figure without needless zeros: 40, 32.5."""
    return f"{value:g}"


def times(count: int) -> str:
    """How often: once, 3 times."""
    return "once" if count == 1 else f"{count} times"


def pain(value: int | None) -> str:
    """A figure of the scale."""
    return MISSING if value is None else str(value)


def signs(check_in: CheckIn) -> str:
    """Everything but the figure that a check-in tells of."""
    words = []
    if check_in.leg is not LegSymptoms.NONE:
        words.append(f"leg symptoms {'as usual' if check_in.leg is LegSymptoms.SAME else check_in.leg.value}")
    words += [word for word, there in (("limp", check_in.limp), ("sharp pain", check_in.sharp_pain)) if there]
    words += [sign.value for sign in sorted(check_in.stop_signs)]
    words += [f"red flag: {flag.value}" for flag in sorted(check_in.red_flags)]
    return ", ".join(words) or NONE


def cause(told: DecisionAt) -> str:
    """What a decision followed from, without a word of the person's."""
    match told.cause:
        case None:
            return "as this report was made"
        case CheckIn() as check_in:
            return f"check-in ({check_in.moment.value}): pain {check_in.pain}"
        case SessionDone() as session:
            return f"session of stage {session.stage} {'begins' if told.begins else 'is over'}"
        case LoggedActivity() as activity:
            return f"{activity.kind.value}, {activity.minutes:g} min"
        case Declaration():
            return "what was said about leg symptoms and surgery"
        case Clearance() as clearance:
            return f"a clinician's clearance {clearance.what.value}"
        case _:
            return "the person chose to go ahead"
