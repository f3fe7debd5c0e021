"""The gate before stage 1: what has to be there, what is, and what is asked next.

Rules:
- Every item is said, met or not, so that a person sees how far they have come.
- The month is counted in calendar days, see `low_impact_month`: after a gap of more than 28 days, from the last run on.
- "My clinician says start" stands for the 28 days alone, and for `START_LASTS` [D]. "I have done my month" does as
  well; it is the person's own word, and shown as that.
- What a clinician cleared counts from the day on which it was cleared, also if that is recorded later: for what was
  declared, whenever it was cleared; for what a check-in told of, if it was cleared after that.
- The walk is the last brisk one that was long enough, within 28 days [D].
- "No red flag" is a question that was asked: the check-in at the gate is at most 48 hours old [D], tells of no sign on
  which a session ends, and of no more pain than the walk may have. An answer that reported a red flag never counts as
  "no red flag", even after a clinician has cleared it.
- What is asked once about one's health has to be answered, and a yes needs a clinician's clearance.

Source: training.md "The plan": the gate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from runback.rehab.activity import ActivityKind
from runback.rehab.decision import DueQuestion
from runback.rehab.history_as_found import as_found
from runback.rehab.local_days import midnight, spell_day
from runback.rehab.low_impact_month import FRESH, month
from runback.rehab.plan import Plan
from runback.rehab.records import CheckIn, CheckInMoment, Cleared, History, LegSymptoms
from runback.rehab.session_review import DAILY, MORNING_FROM, is_next_morning, is_sign

START_LASTS = timedelta(days=90)
"""The date of a clinician's word may lie before it is recorded here, so it is longer than the month it stands for."""
WALK_LASTS = timedelta(days=28)
ANSWER_LASTS = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing the gate asks for. `text` says how it stands; `ask` is the question that moves it on, `clearance` what
    a clinician has to clear, `earliest` when time alone will have met it."""

    text: str
    met: bool = False
    ask: DueQuestion | None = None
    clearance: Cleared | None = None
    earliest: datetime | None = None


def items(plan: Plan, history: History, since: datetime | None, now: datetime, tz: tzinfo) -> tuple[Item, ...]:
    """The gate of `plan`, item by item, at `now`, for a person in `tz`; `since` is the end of the last session."""
    gate, history = plan.gate, as_found(history)
    check_ins = [each for each in history.check_ins if since is None or each.at > since]
    found: list[Item] = []
    if gate.clearance:
        found.append(_clearance(history, check_ins, since, now))
        found.append(_health(history, now))
    if gate.days:
        found.append(_low_impact(plan, history, since, now, tz))
    if gate.walk_minutes:
        found.append(_walk(plan, history, now, tz))
    found.append(_answers(plan, check_ins, now))
    return tuple(found)


def _clearance(history: History, check_ins: list[CheckIn], since: datetime | None, now: datetime) -> Item:
    told = [each for each in history.declarations if each.at <= now]
    if not told:
        return Item("Please say whether you had leg symptoms or back surgery", ask=DueQuestion.DECLARATION)
    last = told[-1]
    told_of = [each.at for each in check_ins if each.leg.is_sign]
    usual = any(each.leg is not LegSymptoms.NONE for each in check_ins)
    declared = last.leg_symptoms or last.surgery
    if not usual and not declared:
        return Item("Leg symptoms or back surgery: none", met=True)
    after = max(told_of, default=None if declared else since)
    for each in history.clearances:
        if each.what is Cleared.LEG_SYMPTOMS and each.at <= now and (after is None or each.at >= after):
            return Item(f"Leg symptoms or back surgery: cleared by {each.clinician}", met=True)
    text = "Leg symptoms or back surgery: a clinician has to clear you to run first"
    return Item(text, clearance=Cleared.LEG_SYMPTOMS)


def _health(history: History, now: datetime) -> Item:
    told = [each for each in history.declarations if each.at <= now and each.risks is not None]
    if not told:
        return Item("Please answer five short questions about your health", ask=DueQuestion.DECLARATION)
    risks = sorted(told[-1].risks or ())
    if not risks:
        return Item("Your health: nothing that needs a clinician first", met=True)
    for each in history.clearances:
        if each.what is Cleared.HEALTH and each.at <= now:
            return Item(f"Your health: cleared by {each.clinician}", met=True)
    text = f"Your health ({', '.join(risks)}): a clinician has to clear you to run first"
    return Item(text, clearance=Cleared.HEALTH)


def _low_impact(plan: Plan, history: History, since: datetime | None, now: datetime, tz: tzinfo) -> Item:
    days, per_week = plan.gate.days, plan.gate.per_week
    for each in history.clearances:
        fresh = now - START_LASTS <= each.at <= now and (since is None or each.at > since)
        if each.what is Cleared.START and fresh:
            return Item(f"Low-impact work: {each.clinician} says you may start", met=True)
    for declared in reversed(history.months):
        if declared.counts(now, since, tz):
            span = f"from {spell_day(declared.first)} to {spell_day(declared.last)}"
            return Item(f"Low-impact work: you say you did your month {span} (self-reported)", met=True)
    done_since = (each for each in history.activities if since is None or each.at > since)
    row = month(done_since, now, tz, days=days, per_block=per_week)
    name = "Low-impact work"
    if row.done:
        return Item(f"{name}: {row.wanted} weeks done, with {per_week} days or more in each", met=True)
    when = f"your first run can be on {spell_day(row.first_run)} at the earliest"
    if row.stale:
        text = (
            f"{name}: {row.wanted} weeks done, but the last is over {FRESH} days ago: one more week first, and {when}"
        )
    elif row.blocks or row.this_block:
        this = f"{row.this_block} of {per_week} days in this one"
        text = f"{name}: {row.blocks} of {row.wanted} weeks done, {this}; {when}"
    else:
        text = f"{name}: {per_week} days a week for {row.wanted} weeks; cycling, elliptical and brisk walking count"
    sore = [each for each in history.activities if each.hurt and now - timedelta(days=FRESH) <= each.at <= now]
    if len(sore) > 1:
        text += "; it has hurt twice in four weeks, so please ask a physiotherapist or doctor"
    begun = row.blocks or row.this_block
    return Item(text, earliest=midnight(row.first_run, tz) if begun else None)


def _walk(plan: Plan, history: History, now: datetime, tz: tzinfo) -> Item:
    minutes, most = plan.gate.walk_minutes, plan.gate.walk_pain
    name = f"A brisk walk of {minutes} minutes at {most}/10 or less, no worse next morning"
    walks = [
        each
        for each in history.activities
        if each.kind is ActivityKind.WALKING and each.minutes >= minutes and now - WALK_LASTS <= each.at <= now
    ]
    if not walks:
        return Item(f"{name}: still to do")
    last = walks[-1]
    if last.pain > most:
        return Item(f"{name}: the last one was {last.pain}/10, so do it again when walking is easier")
    if last.rise_next_morning is None:
        ask = DueQuestion.WALK_MORNING if is_next_morning(last.at, now, tz) else None
        return Item(f"{name}: done, next morning will tell", ask=ask, earliest=last.at + MORNING_FROM)
    if last.rise_next_morning:
        return Item(f"{name}: it was worse next morning, so do it again when it has settled")
    return Item(f"{name}: done", met=True)


def _answers(plan: Plan, check_ins: list[CheckIn], now: datetime) -> Item:
    name = "No red flag, and a quiet back today"
    said = [
        each
        for each in check_ins
        if each.moment in (CheckInMoment.GATE, CheckInMoment.BEFORE)
        and now - ANSWER_LASTS <= each.at <= now
        and not each.red_flags
    ]
    bad = [each.at for each in said if plan.gate.walk_minutes and each.pain > plan.gate.walk_pain]
    bad = sorted(bad + [each.at for each in check_ins if is_sign(each) and now - ANSWER_LASTS <= each.at <= now])
    if bad and now < bad[-1] + DAILY:
        text = f"{name}: not today, by what you said; it is asked again tomorrow"
        return Item(text, earliest=bad[-1] + DAILY)
    if any(each.moment is CheckInMoment.GATE and (not bad or each.at > bad[-1]) for each in said):
        return Item(f"{name}: yes", met=True)
    return Item(f"{name}: asked before you start", ask=DueQuestion.GATE)
