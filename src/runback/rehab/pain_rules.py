"""The rules of return-to-running, 1 to 8, as one table.

Rules:
- `TABLE` is training.md's list, in its order. Rows 1 to 6 judge the session before: the first that fires decides. Rows
  7 and 8, about more than one session and about the time since, are asked after it and may only be more careful.
- A rule sees a `SessionReview` and nothing else; `progression` decides what is asked first, and when a run may begin.

Where training.md leaves it open, the more careful reading stands here [D]:
- Rows 4 and 5 judge only what was said: what can still be answered is asked for (row 0), what no longer can is missing.
- Rule 1: a red flag locks whatever came after it. Once cleared, the session it belongs to leads one stage back.
- Rule 2: any check-in since the session began may tell of sharp pain, a limp, leg symptoms that are new or further
  down, dizziness, palpitations or undue breathlessness. The 72 hours count from the session's end, or from a later
  check-in that told of it. "Still there at 48 h" is any answer but "none" at the gate or later.
- Rule 3: B itself is settled, B + 1 is not. The 7 days count from the first such answer at the gate. Who ran all the
  same is led one stage back.
- Rule 4: while M > B + 1 has not settled there is no run, and it is asked daily, as by rule 3; seven days of it lead to
  a clinician as well. It repeats the stage. A session stopped because of symptoms is repeated, however much
  of it was done. A clean session of which the stage wants more than one (cautious mode) is a repeat by rule 5.
- Rule 6: G between B and B + 1 is B + 1, as pain is a whole number. A hold does the same stage again. Where B is
  missing, pain that seems to have risen is waited for, and then holds: it steps nobody back and locks nothing.
- Rule 7: holds for pain count at one visit to a stage, one after another or not. Step-backs of rules 2, 3 and 7 count,
  since a clinician last cleared pain; those for a gap (rule 8) do not, for they are no reaction.
- Maintenance, after the bridge, has one check-in a run: the one before the next. Rules 2, 3, 4 and 8 hold for what is
  said.
- Rule 8 counts whole days from the end of the last session, and bounds what rules 1 to 7 found; it lifts no lock, and
  before the gate no wait. Two back from stage 1 is 0a; below it there is nothing.

Source: training.md "Check-ins and the rules".
"""

from __future__ import annotations

from dataclasses import replace

from runback.rehab import pain_findings
from runback.rehab.decision import DecisionKind
from runback.rehab.pain_findings import LEAST_SHARE, MOST_DURING, one_back
from runback.rehab.records import Cleared
from runback.rehab.rule_table import Restriction, Rule, RuleFinding, Table
from runback.rehab.session_review import GATE_AGAIN, SessionReview

MOST_HOLDS = 2
MOST_STEP_BACKS = 3
GAP_REPEAT, GAP_TWO_BACK, GAP_GATE = 8, 15, GATE_AGAIN.days
"""Days without a session from which rule 8 acts."""


def red_flag_cleared(case: SessionReview, found: RuleFinding) -> RuleFinding:
    why = "after a red flag that a clinician has cleared, you begin again one stage lower"
    return RuleFinding(1, DecisionKind.STEP_BACK, one_back(case), why, found.not_before)


# -- 7: too many holds, too many steps back ---------------------------------------------------------------------------


def second_hold(case: SessionReview, found: RuleFinding) -> bool:
    return found.for_pain and case.standing.holds + 1 >= MOST_HOLDS


def hold_becomes_back(case: SessionReview, found: RuleFinding) -> RuleFinding:
    why = f"this is the second hold for pain at this stage ({found.why})"
    return RuleFinding(7, DecisionKind.STEP_BACK, one_back(case), why)


def third_step_back(case: SessionReview, found: RuleFinding) -> bool:
    return is_reaction(found) and case.counts_step_back and case.standing.step_backs + 1 >= MOST_STEP_BACKS


def too_many_step_backs(_: SessionReview, found: RuleFinding) -> RuleFinding:
    why = f"this is the third step back ({found.why}), please see a clinician"
    return RuleFinding(7, DecisionKind.LOCKED, found.stage, why, clearance=Cleared.PAIN)


def is_reaction(found: RuleFinding) -> bool:
    """Whether it is a step back that counts towards three."""
    return found.kind is DecisionKind.STEP_BACK and found.rule in (2, 3, 7)


# -- 3, 4: whatever else was found, nobody runs before pain has settled ------------------------------------------------


def unsettled(case: SessionReview) -> bool:
    """Whether pain above B + 1 has not settled since, and no run has followed."""
    return case.open and case.rise is not None and not case.rise.settled


def still_up(case: SessionReview, found: RuleFinding) -> bool:
    return unsettled(case) and _bounded(found)


def wait_until_settled(case: SessionReview, found: RuleFinding) -> RuleFinding:
    why = f"{found.why}; {pain_findings.how_it_rose(case)}"
    return replace(found, kind=DecisionKind.WAIT, why=why, clean=False)


# -- 8: gaps --------------------------------------------------------------------------------------------------------


def _bounded(found: RuleFinding) -> bool:
    return found.kind not in (DecisionKind.LOCKED, DecisionKind.WAIT)


def gap_repeat(case: SessionReview, found: RuleFinding) -> bool:
    return case.days_since >= GAP_REPEAT and found.kind in (DecisionKind.ADVANCE, DecisionKind.FINISHED)


def gap_two_back(case: SessionReview, found: RuleFinding) -> bool:
    return case.days_since >= GAP_TWO_BACK and _bounded(found) and found.stage > max(0, case.stage - 2)


def gap_gate(case: SessionReview, found: RuleFinding) -> bool:
    return case.days_since >= GAP_GATE and found.kind is not DecisionKind.LOCKED


def _gap(case: SessionReview) -> str:
    return f"{case.days_since} days have passed since the last session"


TABLE = Table(
    judging=(
        Rule(1, "red flag", lambda case: bool(case.uncleared_flags), pain_findings.red_flag),
        Rule(2, "leg symptoms still there at 48 h", lambda case: case.leg_lock, pain_findings.leg_symptoms_stay),
        Rule(
            2, "D > 5, sharp pain, limp, leg symptoms further down", lambda case: bool(case.signs), pain_findings.signs
        ),
        Rule(
            3,
            "pain unsettled at 7 days",
            lambda case: case.rise is not None and case.rise.lasting,
            pain_findings.pain_stays,
        ),
        Rule(
            3,
            "G > B + 1",
            lambda case: unsettled(case) and case.rise is not None and case.rise.at_gate,
            pain_findings.pain_up,
        ),
        Rule(4, "M > B + 1, not settled", unsettled, pain_findings.morning_up),
        Rule(
            3,
            "G was > B + 1, has settled",
            lambda case: case.rise is not None and case.rise.at_gate and not case.guessed,
            pain_findings.pain_was_up,
        ),
        Rule(
            4,
            "D 3-5, or M > B + 1 but settled, or < 90 % done, or stopped",
            lambda case: (
                (case.during is not None and case.during > MOST_DURING)
                or case.session.share < LEAST_SHARE
                or case.session.stopped
                or pain_findings.morning_up_and_settled(case)
            ),
            pain_findings.repeat_stage,
        ),
        Rule(5, "D <= 2, M <= B + 1, G <= B, >= 90 % done", pain_findings.all_well, pain_findings.advance),
        Rule(6, "G between B and B + 1, or a check-in missing", pain_findings.gate_or_missing, pain_findings.hold),
        Rule(0, "a check-in can still be answered", lambda case: bool(case.pending), pain_findings.still_asking),
    ),
    tightening=(
        Restriction(
            1,
            "a red flag that was cleared",
            lambda case, found: case.flagged and _bounded(found) and found.stage > one_back(case),
            red_flag_cleared,
        ),
        Restriction(7, "two holds for pain at a stage", second_hold, hold_becomes_back),
        Restriction(7, "three step-backs", third_step_back, too_many_step_backs),
        Restriction(3, "no run before pain has settled", still_up, wait_until_settled),
        Restriction(
            8,
            "gap of 8-14 days",
            gap_repeat,
            lambda case, _: RuleFinding(8, DecisionKind.REPEAT, case.stage, _gap(case)),
        ),
        Restriction(
            8,
            "gap of 15-28 days",
            gap_two_back,
            lambda case, found: RuleFinding(
                8, DecisionKind.STEP_BACK, max(0, case.stage - 2), _gap(case), found.not_before
            ),
        ),
        Restriction(
            8,
            "gap of more than 28 days",
            gap_gate,
            lambda case, found: replace(found, rule=8, kind=DecisionKind.START, stage=case.plan.start, why=_gap(case)),
        ),
    ),
)
"""Training.md's rules, in its order; row 0 is no rule but the question still open."""
