"""What the rules said at each time: asked again, with the history as it was then.

Rules:
- They are asked when something was recorded or a session began, with what had been recorded by then and nothing later.
- A decision is told when it differs from the one before it, and always where a session begins. That a day of low-impact
  work was counted is no difference.
- Today's rules are asked: the page says so. An override keeps the sentence that was shown at the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from runback.rehab.activity import LoggedActivity
from runback.rehab.decision import Decision
from runback.rehab.progression import decide
from runback.rehab.records import CheckIn, Clearance, Declaration, History, Override, SessionDone
from runback.report.report_data import ReportData

Cause = CheckIn | SessionDone | LoggedActivity | Declaration | Clearance | Override | None
"""What was recorded; None: it is asked now, as the page is made."""


@dataclass(frozen=True, slots=True)
class DecisionAt:
    """`decision` followed from `cause`; `begins` says that `cause` is a session, and begins (else it has ended)."""

    at: datetime
    cause: Cause
    decision: Decision
    begins: bool = False

    @property
    def against(self) -> bool:
        """Whether a session was begun that the decision did not allow."""
        return self.begins and not self.decision.may_run


def until(history: History, at: datetime) -> History:
    """`history` as it was at `at`."""
    return history.until(at)


def decisions(dossier: ReportData) -> tuple[DecisionAt, ...]:
    """The decisions of the time that is shown, the one of now last."""
    told: list[DecisionAt] = []
    for at, cause, begins in _occasions(dossier.history):
        if at > dossier.now:
            continue
        known = until(dossier.history, at)
        if begins:
            known = replace(known, sessions=tuple(each for each in known.sessions if each.began < at))
        decision = _decide(dossier, known, at)
        if begins or not told or _differs(decision, told[-1].decision, cause):
            told.append(DecisionAt(at, cause, decision, begins))
    told.append(DecisionAt(dossier.now, None, _decide(dossier, dossier.history, dossier.now)))
    return tuple(each for each in told if dossier.shows(each.at))


def _occasions(history: History) -> Iterator[tuple[datetime, Cause, bool]]:
    """When to ask, and why: in the order of time. At one moment a session begins after all else, but for its own end (a
    rehearsal's are over when they begin)."""
    records: list[tuple[datetime, Cause, bool]] = [(each.began, each, True) for each in history.sessions]
    for kind in (
        history.sessions,
        history.check_ins,
        history.activities,
        history.declarations,
        history.clearances,
        history.overrides,
    ):
        records += [(each.at, each, False) for each in kind]
    return iter(sorted(records, key=_turn))


def _turn(occasion: tuple[datetime, Cause, bool]) -> tuple[datetime, int]:
    at, cause, begins = occasion
    at_once = isinstance(cause, SessionDone) and cause.began == at
    return at, 1 if begins else 2 if at_once else 0


def _decide(dossier: ReportData, history: History, at: datetime) -> Decision:
    return decide(dossier.plan, history, at, cautious=dossier.cautious, tz=dossier.tz)


def _differs(new: Decision, old: Decision, cause: Cause) -> bool:
    if (new.kind, new.rule, new.stage) != (old.kind, old.rule, old.stage):
        return True
    return new.sentence != old.sentence and not isinstance(cause, LoggedActivity)
