"""What a plan said at one moment after another: a whole life is told without judging it from the beginning each time.

Rules:
- What is said at a moment is said from what was known then, exactly as `progression.decide` says it.
- The moments are asked for in the order of time; any other order is right as well, but slow.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from runback.rehab.decision import Decision
from runback.rehab.evaluation import EvaluationsInTurn
from runback.rehab.history_as_found import as_found
from runback.rehab.plan import Plan
from runback.rehab.progression import decide_after
from runback.rehab.records import History
from runback.rehab.session_review import SessionReview


class PlanCourse:
    """The course of `plan` through `history`, for a person in `tz`. `cautious`: as in `progression.decide`."""

    def __init__(self, plan: Plan, history: History, tz: tzinfo, *, cautious: bool = False) -> None:
        self.plan = plan
        self.history = as_found(history)
        """All of it, as the rules read it."""
        self._tz = tz
        self._evaluations = EvaluationsInTurn(plan, cautious=cautious)

    def told(self, known: History, now: datetime) -> tuple[Decision, SessionReview | None]:
        """What the plan said at `now` (UTC) to `known`, which is `history` or what of it there was then, and its last
        session as it was judged then, if there was one. Raises PlanError for a session of the plan at a stage it does
        not have."""
        judged = self._evaluations.judge(known, now)
        decision = decide_after(self.plan, known, judged, now, self._tz)
        return decision, None if judged is None else judged.case
