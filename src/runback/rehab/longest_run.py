"""A run that is much longer than the longest of the last 30 days is shown as such, and never refused.

Rules:
- More than 10 % longer than the longest run of the last 30 days, whatever it was run for. Runs of ten minutes or less
  are left out [D]: there each step of the plan is more than 10 %, and the walk breaks are the measure.
- Acute:chronic ratios are not used.

Units: seconds of running. Source: training.md "The plan" (BJSM 2024-109380 [V]: hazard 1.64).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from operator import attrgetter

from runback.rehab.records import History, SessionDone

LATELY = timedelta(days=30)
MUCH = 1.1
SHORT = 600


def longer_than_lately(seconds: float, history: History, now: datetime) -> str | None:
    """What to say before a run of `seconds` of running; None if there is nothing to say."""
    runs, ended = history.runs, attrgetter("ended")
    recent = [
        each.done_run if isinstance(each, SessionDone) else each.ran
        for each in runs[bisect_left(runs, now - LATELY, key=ended) : bisect_right(runs, now, key=ended)]
    ]
    longest = max(recent, default=0)
    if seconds <= SHORT or longest <= 0 or seconds <= longest * MUCH:
        return None
    more = round((seconds / longest - 1) * 100)
    return f"This run is {more} % longer than your longest of the last 30 days: take it easy, and ease off if you like."
