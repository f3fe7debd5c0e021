"""What one row of a rule table finds: the ruling, the stage it leads to, and why.

Rules:
- A finding is made from a case alone. Whoever tightens it may only lower its stage, or stop it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from runback.rehab.decision import DecisionKind
from runback.rehab.records import Cleared
from runback.rehab.session_review import SessionReview


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """`stage` is an index; `why` completes "Repeat stage 2: ...". `not_before` is later than the plan's rest, or None.
    START sends back to the gate."""

    rule: int
    kind: DecisionKind
    stage: int
    why: str
    not_before: datetime | None = None
    clearance: Cleared | None = None
    clean: bool = False
    """All went well: it counts towards the sessions a stage wants."""
    for_pain: bool = False
    """A hold because of pain, not of a check-in that is missing."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A row that judges: if `fires`, `find` says what follows, and no later judging row is asked."""

    rule: int
    name: str
    fires: Callable[[SessionReview], bool]
    find: Callable[[SessionReview], RuleFinding]


@dataclass(frozen=True, slots=True)
class Restriction:
    """A row that is asked after a finding: if it `fires` for it, what it finds takes its place."""

    rule: int
    name: str
    fires: Callable[[SessionReview, RuleFinding], bool]
    find: Callable[[SessionReview, RuleFinding], RuleFinding]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in order: the first that fires judges, then every tightening that fires is applied in turn."""

    judging: tuple[Rule, ...]
    tightening: tuple[Restriction, ...]

    def find(self, case: SessionReview) -> RuleFinding:
        """What the rules say about `case`. The last judging row fires always."""
        found = next(row for row in self.judging if row.fires(case)).find(case)
        for row in self.tightening:
            if row.fires(case, found):
                found = row.find(case, found)
        return found
