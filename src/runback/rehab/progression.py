"""From the whole history to one decision: what comes next, when, and what is asked first.

Rules:
- What locks the plan locks it until a clinician's clearance is recorded, whatever was done after it; the lowest rule
  speaks.
- No session before `earliest`: the plan's rest after the last run of any plan (`rest`), more after rule 2. Only this
  wait can be overridden, and never against pain (`going_ahead`).
- A record later than now (beyond `CLOCK_ERROR`) means that a clock is or was wrong: nothing goes on before that is
  corrected, though a red flag in such a record still locks, and a clearance in one does not unlock.
- Questions come in the order of time: during, next morning, gate, and before the run. A run outside the plan is asked
  about as well, and its answers count with those of the session before it.

Source: training.md "Check-ins and the rules". Units: datetimes are UTC.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice

from runback.rehab import entry_criteria, going_ahead, pain_findings
from runback.rehab.decision import RUNS, Decision, DecisionKind, DueQuestion, with_override
from runback.rehab.evaluation import CLOCK_ERROR, Evaluation, judge, judge_of
from runback.rehab.history_as_found import as_found
from runback.rehab.local_days import local_day, spell_day
from runback.rehab.longest_run import longer_than_lately
from runback.rehab.plan import Plan, ProgressionKind
from runback.rehab.records import CheckInMoment, History
from runback.rehab.red_flags import help_for
from runback.rehab.rest import AnyRun, all_rested_at
from runback.rehab.rule_table import RuleFinding
from runback.rehab.session_review import (
    ANSWER_WITHIN,
    BEFORE_WITHIN,
    DAILY,
    MORNING_FROM,
    USUAL_BEFORE,
    WEEK,
    is_next_morning,
    serves_as_before,
    uncleared_flags,
)
from runback.rehab.validation import utc

_HEADS = {
    DecisionKind.ADVANCE: "Go on to stage {}",
    DecisionKind.REPEAT: "Repeat stage {}",
    DecisionKind.HOLD: "Stay at stage {}",
    DecisionKind.STEP_BACK: "Go back to stage {}",
    DecisionKind.FINISHED: "The plan is done and stage {} is yours to keep",
}
_ASKS = {
    DueQuestion.DURING: "Say how it was at its worst during the run",
    DueQuestion.MORNING: "Say how you are this morning, the one after the run",
    DueQuestion.GATE: "Time for the 48 h check: say how you are now",
}


def decide(plan: Plan, history: History, now: datetime, *, cautious: bool = False, tz: tzinfo = UTC) -> Decision:
    """What `plan` says at `now` to a person with `history`. `cautious`: every stage twice, where the history does not
    say how the plan was followed. `tz` is where the person is: it says which day it is, and when it is morning. Raises
    PlanError for a naive `now`, or a session of this plan at a stage it does not have."""
    now, history = utc(now, "now"), as_found(history)
    return decide_after(plan, history, judge(plan, history, now, cautious=cautious), now, tz)


def decide_after(plan: Plan, history: History, judged: Evaluation | None, now: datetime, tz: tzinfo) -> Decision:
    """What `plan` says at `now` (UTC), its last session up to then being `judged`; `history` is read as the rules read
    it (`as_found`). Raises PlanError as `decide`."""
    decision = _locked(history, judged, now) or _unlocked(plan, history, judged, now, tz)
    decision = with_override(_with_length(plan, decision, history), history)
    if decision.may_run and not _asked_before(history, now):
        return replace(decision, ask=DueQuestion.BEFORE)
    return decision


def _with_length(plan: Plan, decision: Decision, history: History) -> Decision:
    """`decision`, and what there is to say about the length of the run that it allows."""
    if decision.kind not in RUNS or decision.stage is None:
        return decision
    told = longer_than_lately(plan.run_seconds(decision.stage), history, decision.at)
    onward = plan.goes_on if decision.kind is DecisionKind.FINISHED else ""
    return replace(decision, notes=(*decision.notes, *filter(None, (told, onward))))


def _locked(history: History, judged: Evaluation | None, now: datetime) -> Decision | None:
    """The lock that holds, if one does: a red flag before all others, whenever it was reported."""
    flagged = uncleared_flags(history, history.check_ins, now)
    if flagged:
        found = pain_findings.flags_found(flagged, 0)
    elif judged is not None and judged.locks:
        found = min(judged.locks, key=lambda lock: lock.rule)
    else:
        return None
    urgent = help_for(flag for each in flagged for flag in each.red_flags) if flagged else None
    sentence = f"The plan is locked: {found.why}"
    return Decision(DecisionKind.LOCKED, now, found.rule, None, sentence, help=urgent, clearance=found.clearance)


def _unlocked(plan: Plan, history: History, judged: Evaluation | None, now: datetime, tz: tzinfo) -> Decision:
    latest = history.latest()
    if latest is not None and latest > now + CLOCK_ERROR:
        stage = plan.stages[plan.start if judged is None else min(judged.case.stage, judged.found.stage)]
        sentence = "Wait: a record has a later time than this computer's clock; check the clock"
        return Decision(DecisionKind.WAIT, now, 0, stage, sentence, ahead=latest)
    rest = timedelta(hours=plan.rules.rest_hours)
    rested = all_rested_at(history.runs, rest) or now
    if judged is None or judged.found.kind is DecisionKind.START:
        return _at_the_gate(plan, history, judged, rested, now, tz)
    return _after_a_run(plan, history, judged, rested, now, tz)


def _at_the_gate(
    plan: Plan, history: History, judged: Evaluation | None, rested: datetime, now: datetime, tz: tzinfo
) -> Decision:
    items = entry_criteria.items(plan, history, None if judged is None else judged.case.session.ended, now, tz)
    first = plan.stages[plan.start]
    again = "" if judged is None else f" again, as {judged.found.why}"
    before = f"Welcome back: before you run{again}" if again else "Before your first run"
    rule = 0 if judged is None else judged.found.rule
    made = Decision(DecisionKind.WAIT, now, rule, first, "", notes=tuple(item.text for item in items))
    asked = _question_of_a_run(plan, history, judged, now, tz)
    if asked is not None:
        return replace(made, kind=DecisionKind.ASK, sentence=_ASKS[asked], ask=asked)
    unmet = [item for item in items if not item.met]
    if not unmet and now < rested:
        baseline = USUAL_BEFORE if judged is None else judged.case.baseline
        return _waiting(replace(made, sentence=_rest(plan), earliest=rested), history, baseline, tz)
    if not unmet:
        sentence = (
            f"Start with stage {first.id}{again}: you're ready" if again else f"You're ready for stage {first.id}"
        )
        return replace(made, kind=DecisionKind.START, sentence=sentence)
    questions = [
        item for item in unmet if item.ask is not None and (item.ask is not DueQuestion.GATE or len(unmet) == 1)
    ]
    if questions:
        item = questions[0]
        return replace(made, kind=DecisionKind.ASK, sentence=f"{before}: {_lower(item.text)}", ask=item.ask)
    earliest = [item.earliest for item in unmet if item.ask is None]
    known = [each for each in earliest if each is not None]
    return replace(
        made,
        sentence=f"{before}: {_lower(unmet[0].text)}",
        earliest=max(known) if len(known) == len(earliest) else None,
        clearance=next((item.clearance for item in unmet if item.clearance is not None), None),
    )


def _after_a_run(
    plan: Plan, history: History, judged: Evaluation, rested: datetime, now: datetime, tz: tzinfo
) -> Decision:
    case, found = judged.case, judged.found
    outside = _outside(history, judged, tz) if now < rested else ()
    earliest = max(rested, found.not_before or rested, _week_full_until(plan, history, now) or rested)
    held = plan.stages[min(found.stage, case.stage)]
    made = Decision(
        DecisionKind.WAIT, now, found.rule, held, "", earliest=earliest, notes=(*_overlap(plan, history), *outside)
    )
    so_far = _so_far(plan, found, back=found.rule == 8 and now >= earliest)
    question = _question_of_a_run(plan, history, judged, now, tz)
    if question is not None:
        notes = (*made.notes, f"So far: {so_far}") if so_far else made.notes
        return replace(made, kind=DecisionKind.ASK, sentence=_ASKS[question], ask=question, notes=notes)
    if case.rise is not None and found.kind is DecisionKind.WAIT and now >= rested:
        again = case.rise.last + DAILY
        if now >= again:
            sentence = f"Say how you are today: {found.why}"
            return replace(made, kind=DecisionKind.ASK, ask=DueQuestion.GATE, earliest=again, sentence=sentence)
        wait = max(again, found.not_before or again)
        notes = (*made.notes, going_ahead.WHEN_TO_CALL)
        return replace(made, earliest=wait, sentence=f"Rest today: {found.why}", notes=notes, not_ahead=found.why)
    if found.kind is DecisionKind.WAIT:
        notes = (*made.notes, going_ahead.WHEN_TO_CALL)
        return replace(made, sentence=f"Rest today: {found.why}", notes=notes, not_ahead=found.why)
    if now < earliest and (found.rule in (2, 3) or found.not_before is not None):
        notes = (*made.notes, going_ahead.WHEN_TO_CALL)
        return replace(made, sentence=f"Wait, then {_lower(so_far)}", notes=notes, not_ahead=found.why)
    if now < earliest:
        full = "" if earliest == rested else f"; this plan has at most {plan.rules.per_week} sessions in seven days"
        return _waiting(replace(made, rule=0, sentence=_rest(plan) + full), history, case.baseline, tz)
    return replace(made, kind=found.kind, stage=plan.stages[found.stage], sentence=so_far)


def _so_far(plan: Plan, found: RuleFinding, *, back: bool) -> str:
    """What follows from the last session, and why; "" if that is not known yet. `back`: the person has been away."""
    if found.kind not in _HEADS:
        return ""
    head = _HEADS[found.kind].format(plan.stages[found.stage].id)
    # Days without a run are nothing to be scolded for.
    return f"Welcome back: {_lower(head)}, as {found.why}" if back else f"{head}: {found.why}"


def _question_of_a_run(
    plan: Plan, history: History, judged: Evaluation | None, now: datetime, tz: tzinfo
) -> DueQuestion | None:
    """The check-in about the last run that is due at `now`."""
    runs = history.runs
    if judge_of(plan, history, now) is not ProgressionKind.CHECK_INS or not runs:
        return None
    rested = all_rested_at(runs, timedelta(hours=plan.rules.rest_hours)) or now
    begun = None if judged is None or judged.found.kind is DecisionKind.START else judged.case
    if judged is None or runs[-1] != judged.case.session:
        other = _about_other_run(history, runs[-1], rested if begun is not None else None, now, tz)
        if other is not None:
            return other
    if begun is None:
        return None
    pending = begun.pending
    if CheckInMoment.DURING in pending:
        return DueQuestion.DURING
    if CheckInMoment.MORNING in pending and is_next_morning(begun.session.ended, now, tz):
        return DueQuestion.MORNING
    return DueQuestion.GATE if CheckInMoment.GATE in pending and now >= rested else None


def _about_other_run(
    history: History, run: AnyRun, rested: datetime | None, now: datetime, tz: tzinfo
) -> DueQuestion | None:
    """What has not been said yet about `run`, the last one, which was for no stage, and is due at `now`. `rested`: when
    the check-in at 48 hours is due; None if the entry criteria ask for it."""
    said = {each.moment: each.at for each in history.check_ins_from(run.began)}
    late = now > run.ended + ANSWER_WITHIN
    if CheckInMoment.DURING not in said and not late:
        return DueQuestion.DURING
    morning = said.get(CheckInMoment.MORNING)
    if (morning is None or morning < run.ended + MORNING_FROM) and not late and is_next_morning(run.ended, now, tz):
        return DueQuestion.MORNING
    gate = said.get(CheckInMoment.GATE)
    is_due = rested is not None and now >= rested and (gate is None or gate < rested)
    return DueQuestion.GATE if is_due else None


def _waiting(made: Decision, history: History, baseline: int, tz: tzinfo) -> Decision:
    """`made`, a wait after a run, with the override where it may be offered."""
    last = history.runs[-1]
    why = going_ahead.refusal(last, history, baseline, made.at, tz)
    return replace(made, can_override=why is None, not_ahead=why or "")


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _rest(plan: Plan) -> str:
    return f"Rest for now: a good {plan.rules.rest_hours} hours show how your back has taken the run"


def _week_full_until(plan: Plan, history: History, now: datetime) -> datetime | None:
    """When the next session fits into seven days, if there are as many already as the plan allows."""
    most = plan.rules.per_week
    if most is None:
        return None
    begun = [each.began for each in history.sessions if each.plan == plan.name and each.began > now - WEEK]
    return begun[-most] + WEEK if len(begun) >= most else None


def _overlap(plan: Plan, history: History) -> tuple[str, ...]:
    last = list(islice((each for each in reversed(history.sessions) if each.plan == plan.name), 2))
    if len(last) == 2 and last[0].began < last[1].ended:
        return ("The last two sessions overlap: the clock was changed in between, so check-ins may be missing.",)
    return ()


def _outside(history: History, judged: Evaluation, tz: tzinfo) -> tuple[str, ...]:
    """That a run which was for no stage counts as well, if it is the last one."""
    last = history.runs[-1]
    if last == judged.case.session:
        return ()
    return (f"Your run of {spell_day(local_day(last.ended, tz))} outside this plan starts the 48 hours as well.",)


def _asked_before(history: History, now: datetime) -> bool:
    """Whether the check-in before a run, or one that serves as it, was given for the run that would start now."""
    runs = history.runs
    since = runs[-1].ended if runs else None
    recent = history.check_ins_from(now - BEFORE_WITHIN)
    return any(serves_as_before(each, now) and (since is None or each.at > since) for each in recent)
