"""When a run has been rested from: a good 48 hours.

Rules:
- From the end of the first run to the start of the second; after that from start to start, with an hour's tolerance, so
  that somebody who runs every other day at the same hour, or after work, is not pushed to a third day.
- The first run is one before which there was none for more than 28 days [D]: the reaction to it is not known yet.

Source: training.md "The plan": "A good 48 hours".
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Protocol

TOLERANCE = timedelta(hours=1)
LONG_AGO = timedelta(days=29)
"""More than 28 days, as rule 8 counts them."""


class AnyRun(Protocol):
    """Anything that was run."""

    @property
    def began(self) -> datetime:
        """UTC."""
        ...

    @property
    def ended(self) -> datetime:
        """UTC."""
        ...


def rested_at(run: AnyRun, runs: Sequence[AnyRun], rest: timedelta) -> datetime:
    """When the next run after `run` may begin, if the plan wants `rest`. `runs` are all there are, in the order in
    which they ended."""
    first = bisect_right(runs, run.began - LONG_AGO, key=attrgetter("ended"))
    last = bisect_right(runs, run.ended, key=attrgetter("ended"))
    before = any(each.began < run.began for each in runs[first:last])
    return max(run.ended, run.began + rest - TOLERANCE) if before else run.ended + rest


def all_rested_at(runs: Sequence[AnyRun], rest: timedelta) -> datetime | None:
    """When the next run after all of `runs`, in the order in which they ended, may begin; None if there are none."""
    # Two of them overlap when a clock was changed: the last one to end need not be the one to wait for.
    last = runs[-1:]
    recent = runs[bisect_right(runs, last[0].ended - rest, key=attrgetter("ended")) :] if last else ()
    return max((rested_at(each, runs, rest) for each in recent), default=None)
