"""What the rules answer: one decision with one sentence of why.

Rules:
- A decision never changes and holds for the moment `at` only; ask again when time has passed or something was recorded.
- A session may start only if `ready`: the ruling allows running (or the person overrode the wait), and nothing is left
  to ask first.
- An override exists only for the wait after a run, never for a lock, a red flag, or pain (see `going_ahead`).

Source: training.md "Check-ins and the rules".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from runback.config_files.error_text import printable
from runback.errors import PlanError
from runback.rehab.plan import PlanStage
from runback.rehab.records import CheckInMoment, Cleared, History, Override
from runback.rehab.red_flags import Help
from runback.rehab.validation import utc

OVERRIDE_LASTS = timedelta(hours=1)
"""How long after it was recorded an override lets a session start."""


class DecisionKind(StrEnum):
    """What to do."""

    START = "start"
    ADVANCE = "advance"
    REPEAT = "repeat"
    HOLD = "hold"
    STEP_BACK = "step back"
    WAIT = "wait until"
    ASK = "ask"
    LOCKED = "locked"
    FINISHED = "finished"


RUNS = frozenset(
    {
        DecisionKind.START,
        DecisionKind.ADVANCE,
        DecisionKind.REPEAT,
        DecisionKind.HOLD,
        DecisionKind.STEP_BACK,
        DecisionKind.FINISHED,
    },
)


class DueQuestion(StrEnum):
    """What to ask the person next. The first four are check-ins, the others come before stage 1."""

    BEFORE = "before"
    DURING = "worst during"
    MORNING = "next morning"
    GATE = "gate"
    DECLARATION = "leg symptoms or surgery"  # and health
    WALK_MORNING = "the morning after the walk"

    @property
    def moment(self) -> CheckInMoment | None:
        """The check-in that answers it; None if it is answered by another record."""
        return next((moment for moment in CheckInMoment if moment.value == self.value), None)


@dataclass(frozen=True, slots=True)
class Decision:
    """See the rules above. `rule` is the number of the rule of training.md; 0: the 48 hours, the gate, the clock."""

    kind: DecisionKind
    at: datetime
    """The moment it was made for, UTC."""
    rule: int
    stage: PlanStage | None
    """The stage to do, now or after the wait; None while locked."""
    sentence: str
    """What, and why; one sentence without its full stop."""
    earliest: datetime | None = None
    """When the next session may begin at the earliest, UTC; None if nobody can say."""
    ask: DueQuestion | None = None
    help: Help | None = None
    """What to tell a person with a red flag."""
    clearance: Cleared | None = None
    """What a clinician has to clear before the plan goes on."""
    can_override: bool = False
    not_ahead: str = ""
    """Why nobody may go ahead before the wait is over; "" if there is no wait, or one may."""
    overridden: Override | None = None
    ahead: datetime | None = None
    """The moment of a record that lies after `at`: a clock is, or was, wrong."""
    notes: tuple[str, ...] = ()
    """Further lines: the gate's items, what is known so far."""

    @property
    def may_run(self) -> bool:
        """Whether a session is allowed at `at`."""
        return self.kind in RUNS or self.overridden is not None

    @property
    def ready(self) -> bool:
        """Whether a session may start now, with nothing left to ask."""
        return self.may_run and self.ask is None


def override(decision: Decision, now: datetime, words: str) -> Override:
    """The record of the person's going ahead against `decision`, in their own `words`; it counts once it is in the
    history. Raises PlanError where there is nothing to override, or no words are given."""
    if not decision.can_override or decision.earliest is None:
        why = decision.not_ahead or decision.sentence
        raise PlanError("override", f"this cannot be overridden ({why})", "follow what the plan says")
    return Override(utc(now, "override"), decision.sentence, decision.earliest, words)


def with_override(decision: Decision, history: History) -> Decision:
    """`decision`, with the override that the person has recorded against it, if there is one."""
    if not decision.can_override:
        return decision
    for each in reversed(history.overrides):
        if each.until == decision.earliest and decision.at - OVERRIDE_LASTS <= each.at <= decision.at:
            words = printable(" ".join(each.words.split()))
            sentence = f"{decision.sentence}; you go ahead all the same, and said why: {words}"
            return replace(decision, overridden=each, sentence=sentence)
    return decision
