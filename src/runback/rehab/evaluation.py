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

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from runback.rehab import pain_rules, schedule_rules
from runback.rehab.decision import DecisionKind
from runback.rehab.history_as_found import as_found
from runback.rehab.plan import Plan, ProgressionKind
from runback.rehab.records import History, SessionDone
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
    sessions = [each for each in history.sessions if each.plan == plan.name and each.ended <= now + CLOCK_ERROR]
    standing, runs, came = PlanPosition(plan.start), history.runs, _came_from_pain_rules(plan, history)
    known: int | None = None
    locks: list[RuleFinding] = []
    for number, session in enumerate(sessions):
        twice = history.cautious(plan.name, session.began, otherwise=cautious)
        standing = _begun(standing, plan.index(session.stage), session)
        case = case_of(
            plan,
            history,
            runs,
            session,
            sessions[number + 1] if number + 1 < len(sessions) else None,
            standing=standing,
            needed=plan.stages[standing.due].sessions * (CAUTIOUS if twice else 1),
            before=baseline_before(history, session, sessions[number - 1].ended if number else None),
            known=known,
            now=now,
        )
        by_check_ins = came is not None and came <= session.began
        found = _TABLES[ProgressionKind.CHECK_INS if by_check_ins else plan.rules.judge].find(case)
        if found.kind is DecisionKind.LOCKED:
            locks.append(found)
        known = known if case.before is None else case.before
        yield Evaluation(case, found, tuple(locks))
        standing = _after(case, found)


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
