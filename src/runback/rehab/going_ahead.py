"""Whether a person may go ahead before the wait after a run is over, and if not, why.

Rules:
- Going ahead is never offered, and never accepted, on the day of a run, before the morning after it is answered, while
  that morning was more than one above "before", with leg symptoms that are new or further down, or against a lock.
- It is asked of the last run, whichever plan it was run for.

Source: training.md "The plan": "A good 48 hours".
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from runback.rehab.local_days import local_day
from runback.rehab.records import CheckInMoment, History
from runback.rehab.rest import AnyRun
from runback.rehab.session_review import MORNING_FROM

WHEN_TO_CALL = (
    "If it does not get better in a few days, gets worse, or moves down a leg, please call your physiotherapist or "
    "doctor."
)


def refusal(run: AnyRun, history: History, baseline: int, now: datetime, tz: tzinfo) -> str | None:
    """Why nobody goes ahead at `now` against the wait after `run`; None if it may be offered. `baseline` is the pain
    before the run."""
    if local_day(run.ended, tz) == local_day(now, tz):
        return "you have run today already"
    since = history.check_ins_from(run.began, now)
    if any(each.leg.is_sign for each in since):
        return "your leg symptoms are new, or went further down"
    mornings = [
        each.pain for each in since if each.moment is CheckInMoment.MORNING and each.at >= run.ended + MORNING_FROM
    ]
    if not mornings:
        return "you have not said yet how you were the morning after the run"
    if max(mornings) > baseline + 1:
        return f"your pain the morning after was {max(mornings)}, {max(mornings) - baseline} more than before the run"
    return None
