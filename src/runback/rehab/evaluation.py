"""Every session in turn, judged by its plan's table, and where that leaves the person in the plan.

Rules:
- A session counts for the stage that was due, or a lower one if that was done: whoever runs ahead of the plan does not
  move it, so no stage is ever skipped.
- A session that was followed by another is judged at the begin of that one: what was not said of the time before that
  is missing.
- Each session is judged as its plan was followed when it began: a later choice changes nothing of it.
- A visit to a stage ends when another stage is due, or when it is stepped back to.

Source: training.md "Check-ins and the rules".
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter

from runback.rehab import pain_rules, schedule_rules
from runback.rehab.decision import DecisionKind
from runback.rehab.history_as_found import as_found
from runback.rehab.plan import Plan, ProgressionKind
from runback.rehab.records import Clearance, History, SessionDone
from runback.rehab.rule_table import RuleFinding
from runback.rehab.session_review import PlanPosition, SessionReview, baseline_before, case_of

CLOCK_ERROR = timedelta(minutes=2)
"""How far clocks are set back by themselves."""
CAUTIOUS = 2
"""Cautious mode: how often each stage is done."""
_TABLES = {ProgressionKind.CHECK_INS: pain_rules.TABLE, ProgressionKind.SCHEDULE: schedule_rules.TABLE}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A session's case and finding, and every lock found up to it, its own included."""

    case: SessionReview
    found: RuleFinding
    locks: tuple[RuleFinding, ...]

    @property
    def could_be_cleared(self) -> bool:
        """Whether a clinician's clearance that is given later changes anything of it."""
        case, rise = self.case, self.case.rise
        pain = rise is not None and (not rise.settled or rise.lasting)
        steps = case.counts_step_back and bool(case.standing.step_backs or pain_rules.is_reaction(self.found))
        return bool(case.uncleared_flags) or case.leg_lock or pain or steps


def judge_of(plan: Plan, history: History, at: datetime) -> ProgressionKind:
    """What decides how `plan` goes on `at` some time: check-ins also for who has come from a plan that has them."""
    came = _came_from_pain_rules(plan, history)
    return plan.rules.judge if came is None or at < came else ProgressionKind.CHECK_INS


def _came_from_pain_rules(plan: Plan, history: History) -> datetime | None:
    """Since when the person has run by the plan whose pain rules hold in `plan` from then on; None if they have not."""
    before = plan.rules.pain_rules_after
    return None if before is None else next((each.ended for each in history.sessions if each.plan == before), None)


def judge(plan: Plan, history: History, now: datetime, *, cautious: bool = False) -> Evaluation | None:
    """Every session of `plan` up to `now`, in turn; None if there is none."""
    judged = None
    for judged in judged_in_turn(plan, history, now, cautious=cautious):  # noqa: B007 - the last one is wanted
        pass
    return judged


def judged_in_turn(plan: Plan, history: History, now: datetime, *, cautious: bool = False) -> Iterator[Evaluation]:
    """Each session of `plan` up to `now`, judged in the order of time. `cautious`: where the history does not say how
    the plan was followed, every stage was done twice."""
    history = as_found(history)
    sessions, before = _sessions(plan, history, now), _Before(PlanPosition(plan.start))
    for number in range(len(sessions)):
        judged = _judged(plan, history, sessions, number, before, now, cautious=cautious)
        yield judged
        before = before.after(judged)


class EvaluationsInTurn:
    """Judges the last session of `plan` at one moment after another, and keeps what it found of those before it.

    A session that another one followed is judged by what was said up to then. Only a clearance counts for what lies
    behind it: then everything is judged again from the first session of which it could change something.
    """

    def __init__(self, plan: Plan, *, cautious: bool = False) -> None:
        self._plan, self._cautious = plan, cautious
        self._sessions: tuple[SessionDone, ...] = ()
        self._clearances: tuple[Clearance, ...] = ()
        self._before: list[_Before] = []
        """Of each of `_sessions`."""
        self._could_be_cleared: int | None = None
        """The first session of which that is so."""

    def judge(self, history: History, now: datetime) -> Evaluation | None:
        """As `judge`. `history` is the beginning, up to about `now`, of one that is always the same, and is read as the
        rules read it (`as_found`)."""
        sessions = _sessions(self._plan, history, now)
        clearances = tuple(each for each in history.clearances if each.at <= now)
        self._forget(sessions, clearances)
        if not sessions:
            return None
        self._sessions = max(self._sessions, sessions, key=len)
        self._before = self._before or [_Before(PlanPosition(self._plan.start))]
        for number in range(len(self._before) - 1, len(sessions) - 1):
            judged = self._judged(history, sessions, number, now)
            self._before.append(self._before[number].after(judged))
            if self._could_be_cleared is None and judged.could_be_cleared:
                self._could_be_cleared = number
        return self._judged(history, sessions, len(sessions) - 1, now)

    def _forget(self, sessions: tuple[SessionDone, ...], clearances: tuple[Clearance, ...]) -> None:
        """Forget what does not hold if these are the plan's sessions and the clearances."""
        same = min(len(sessions), len(self._sessions))
        holds = len(self._sessions)
        if sessions[:same] != self._sessions[:same] or clearances[: len(self._clearances)] != self._clearances:
            holds = 0
        elif clearances != self._clearances and self._could_be_cleared is not None:
            holds = self._could_be_cleared + 1
        if holds < len(self._sessions):
            self._sessions, self._before, self._could_be_cleared = self._sessions[:holds], self._before[:holds], None
        self._clearances = clearances

    def _judged(self, history: History, sessions: Sequence[SessionDone], number: int, now: datetime) -> Evaluation:
        before = self._before[number]
        return _judged(self._plan, history, sessions, number, before, now, cautious=self._cautious)


@dataclass(frozen=True, slots=True)
class _Before:
    """What the sessions before one have led to: `known` is the last B said, `locks` all that were found."""

    standing: PlanPosition
    known: int | None = None
    locks: tuple[RuleFinding, ...] = ()

    def after(self, judged: Evaluation) -> _Before:
        """What it is before the next session."""
        case = judged.case
        known = self.known if case.before is None else case.before
        return _Before(_after(case, judged.found), known, judged.locks)


def _sessions(plan: Plan, history: History, now: datetime) -> tuple[SessionDone, ...]:
    done = history.sessions[: bisect_right(history.sessions, now + CLOCK_ERROR, key=attrgetter("ended"))]
    return tuple([each for each in done if each.plan == plan.name])  # a list is quicker: this is asked of every session


def _judged(
    plan: Plan,
    history: History,
    sessions: Sequence[SessionDone],
    number: int,
    before: _Before,
    now: datetime,
    *,
    cautious: bool,
) -> Evaluation:
    """The session of that `number` among `sessions`, of which the last is the one that none has followed yet."""
    session, came = sessions[number], _came_from_pain_rules(plan, history)
    twice = history.cautious(plan.name, session.began, otherwise=cautious)
    standing = _begun(before.standing, plan.index(session.stage), session)
    case = case_of(
        plan,
        history,
        history.runs,
        session,
        sessions[number + 1] if number + 1 < len(sessions) else None,
        standing=standing,
        needed=plan.stages[standing.due].sessions * (CAUTIOUS if twice else 1),
        before=baseline_before(history, session, sessions[number - 1].ended if number else None),
        known=before.known,
        now=now,
    )
    by_check_ins = came is not None and came <= session.began
    found = _TABLES[ProgressionKind.CHECK_INS if by_check_ins else plan.rules.judge].find(case)
    locks = (*before.locks, found) if found.kind is DecisionKind.LOCKED else before.locks
    return Evaluation(case, found, locks)


def _begun(standing: PlanPosition, done: int, session: SessionDone) -> PlanPosition:
    """The standing in which `session` is judged; `done` is the index of the stage that was done."""
    if done < standing.due:
        standing = replace(standing, due=done, cleans=0, holds=0)
    if standing.previous is None or standing.due > standing.previous:
        standing = replace(standing, new_stages=(*standing.new_stages, session.began))
    return replace(standing, previous=standing.due)


def _after(case: SessionReview, found: RuleFinding) -> PlanPosition:
    """The standing that `found` leads to."""
    step_backs = case.standing.step_backs + pain_rules.is_reaction(found) if case.counts_step_back else 0
    if found.kind is DecisionKind.START:
        return PlanPosition(found.stage, previous=case.stage)
    standing = replace(case.standing, due=found.stage, step_backs=step_backs)
    if found.kind in (DecisionKind.REPEAT, DecisionKind.HOLD, DecisionKind.FINISHED):
        holds = standing.holds + found.for_pain
        return replace(standing, cleans=standing.cleans + found.clean, holds=holds)
    return replace(standing, cleans=0, holds=0)
