"""The story so far, session by session: how it went, the pain around it, and what was decided from it.

Rules:
- Each session is told with what was known when the next one of its plan began, or another plan was chosen, or is known
  now: the decision that was in force.
- Nothing here decides; the rules do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from runback.rehab.activity import HURT_AGAIN, HURT_WHY, LoggedActivity
from runback.rehab.decision import Decision
from runback.rehab.library import load, names
from runback.rehab.local_days import local_day
from runback.rehab.low_impact_month import FRESH, SHORTEST_ACTIVITY, counted_days
from runback.rehab.plan import Plan
from runback.rehab.plan_course import PlanCourse
from runback.rehab.progression import decide
from runback.rehab.reaction import Reaction, reaction
from runback.rehab.records import History, Override, SessionDone
from runback.rehab.validation import utc


@dataclass(frozen=True, slots=True)
class SessionHistory:
    """A session of the plan. `before`, `during`, `morning` and `gate` are pain 0-10, None what was not said; `override`
    is the one it was begun with; `decision` is what followed from it; `reaction` is the back's, None if not known."""

    session: SessionDone
    before: int | None
    during: int | None
    morning: int | None
    gate: int | None
    override: Override | None
    decision: Decision
    reaction: Reaction | None


def chapters(
    plan: Plan, history: History, now: datetime, *, cautious: bool = False, tz: tzinfo
) -> tuple[SessionHistory, ...]:
    """Every session of `plan` up to `now`, in the order of time. Raises PlanError as `rehab.decide`."""
    sessions = [each for each in history.sessions if each.plan == plan.name and each.ended <= now]
    course, now = PlanCourse(plan, history, tz, cautious=cautious), utc(now, "now")
    told = []
    for number, session in enumerate(sessions):
        last = number + 1 == len(sessions)
        left = _left(history, plan.name, session, now) if last else None
        until = max(sessions[number + 1].began if not last else left or now, session.ended)
        known = course.history if last and left is None else _known(course.history, until, session)
        decision, case = course.told(known, until)
        pain = (None,) * 4 if case is None else (case.before, case.during, case.morning, case.gate)
        since = sessions[number - 1].ended if number else None
        reacted = None if case is None else reaction(case)
        if reacted is not None and left is not None:
            reacted = replace(reacted, open=False)  # nobody asks any more about a plan that was left
        told.append(SessionHistory(session, *pain, _override(history, session, since), decision, reacted))
    return tuple(told)


def why_not(activity: LoggedActivity, history: History, tz: tzinfo) -> str | None:
    """Why `activity` does not count towards the month of low-impact work of a person in `tz`, or not once more; None if
    it does. `history` is what there was before it."""
    if activity.hurt:
        since = activity.at - timedelta(days=FRESH)
        again = any(each.hurt and since <= each.at < activity.at for each in history.activities)
        return f"{HURT_WHY} {HURT_AGAIN}" if again else HURT_WHY
    if activity.note is not None:
        return activity.note
    if activity.minutes < SHORTEST_ACTIVITY:
        return f"Less than {SHORTEST_ACTIVITY} minutes is kept in your log but does not count towards the month."
    if local_day(activity.at, tz) in counted_days(history.activities, tz):
        return "It is kept; what you do on one day counts as one day."
    return None


def _left(history: History, plan: str, session: SessionDone, now: datetime) -> datetime | None:
    """When another plan was chosen after `session`, the last one of `plan`; None if that did not happen by `now`."""
    later = (each.at for each in history.choices if each.plan != plan and session.began < each.at < now)
    return next(later, None)


def every_session(history: History, now: datetime, *, tz: tzinfo) -> tuple[SessionHistory, ...]:
    """Every session of every plan that this runback has, in the order of time, each judged by its own plan as it was
    followed then: a change of plan changes nothing of it."""
    known = names()
    plans = dict.fromkeys(each.plan for each in history.sessions if each.plan in known)
    found = [each for name in plans for each in chapters(load(name), history, now, tz=tz)]
    return tuple(sorted(found, key=lambda each: each.session.began))


def decision_then(history: History, at: datetime, tz: tzinfo) -> Decision | None:
    """What the plan that was followed at `at` said then; None if there was none, or this runback does not have it."""
    chosen = history.followed(at)
    if chosen is None or chosen.plan not in names():
        return None
    return decide(load(chosen.plan), history.until(at), at, cautious=chosen.cautious, tz=tz)


def _known(history: History, until: datetime, session: SessionDone) -> History:
    """`history` as it was at `until`, `session` being the last."""
    known = history.until(until)
    if known.sessions[-1].ended <= session.ended:
        return known
    return replace(known, sessions=tuple(each for each in known.sessions if each.ended <= session.ended))


def _override(history: History, session: SessionDone, since: datetime | None) -> Override | None:
    """The override recorded for `session`: after the one before it, and for a wait that it did not keep."""
    for each in reversed(history.overrides):
        if (since is None or since < each.at) and each.at <= session.began < each.until:
            return each
    return None
