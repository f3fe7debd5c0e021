"""How the published plans go on: their own counts, as one table over the data of their files.

Rules:
- Nothing of return-to-running's rules 2 to 8 is merged in: where a source says nothing about pain, nothing is decided
  by pain. Two things hold for every plan, because no plan may push an injured person on [D]: a red flag locks it, and a
  sign on which a session ends (sharp pain, limp, leg symptoms further down, dizziness, palpitations, breathlessness)
  does not lead to the next stage, nor to any run on the day it was told.
- A session counts when 90 % of its running was done [D].

Source: training.md "Other published progressions".
"""

from __future__ import annotations

from dataclasses import replace

from runback.rehab.decision import DecisionKind
from runback.rehab.pain_findings import LEAST_SHARE, advance, red_flag, too_little, was_due
from runback.rehab.rule_table import Rule, RuleFinding, Table
from runback.rehab.session_review import DAILY, WEEK, SessionReview


def signs_hold(case: SessionReview) -> RuleFinding:
    why = "something made you stop or should have; if it comes back, see a clinician before you run again"
    told = [each.at for each in case.signs]
    return RuleFinding(0, DecisionKind.REPEAT, case.stage, why, max(told) + DAILY if told else None)


def added_pain(case: SessionReview) -> bool:
    answers = [each.pain for each in case.said if each.at > case.session.began]
    return case.plan.rules.no_added_pain and any(pain > case.baseline for pain in answers)


def unanswered(case: SessionReview) -> bool:
    return case.plan.rules.no_added_pain and (case.before is None or case.during is None)


def too_many_stages(case: SessionReview) -> bool:
    """Whether as many stages as the source allows were begun in the seven days before."""
    most = case.plan.rules.stages_per_week
    fresh = [at for at in case.standing.new_stages if at > case.judged - WEEK]
    return most is not None and len(fresh) >= most and case.standing.cleans + 1 >= case.needed


def _repeat(case: SessionReview, why: str) -> RuleFinding:
    return RuleFinding(0, DecisionKind.REPEAT, case.stage, why)


def go_on(case: SessionReview) -> RuleFinding:
    found = advance(case)
    why = f"stage {case.session.stage} is done{was_due(case)}"
    if found.kind is DecisionKind.REPEAT:
        why = f"it has been done {case.standing.cleans + 1} of {case.needed} times"
    elif found.kind is DecisionKind.FINISHED:
        why = "you have done every stage"
    elif case.plan.rules.repeat_freely:
        why += ", and you may repeat any earlier one as often as you like"
    return replace(found, rule=0, why=why)


TABLE = Table(
    judging=(
        Rule(1, "red flag", lambda case: bool(case.uncleared_flags), red_flag),
        Rule(0, "a sign on which a session ends", lambda case: bool(case.signs) or case.session.stopped, signs_hold),
        Rule(0, "added pain", added_pain, lambda case: _repeat(case, "there was more pain than before the run")),
        Rule(
            0,
            "< 90 % done",
            lambda case: case.session.share < LEAST_SHARE,
            lambda case: _repeat(case, too_little(case)),
        ),
        Rule(
            0,
            "pain is missing, and the plan goes by it",
            unanswered,
            lambda case: RuleFinding(0, DecisionKind.HOLD, case.stage, "pain before and during the run is missing"),
        ),
        Rule(
            0,
            "stages in seven days",
            too_many_stages,
            lambda case: replace(
                _repeat(case, f"this plan begins at most {case.plan.rules.stages_per_week} stages in seven days"),
                clean=True,
            ),
        ),
        Rule(0, "sessions at the stage", lambda _: True, go_on),
    ),
    tightening=(),
)
