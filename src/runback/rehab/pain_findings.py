"""What rows 1 to 6 of the rules find, and when: each row's sentence with the figure it goes by.

Rules:
- Every `why` names what was said or done, in the person's words, and needs no rule number to be understood.
- Nothing here knows the order of the rows; `rules.TABLE` does.

Source: training.md "Check-ins and the rules", 1 to 6.
"""

from __future__ import annotations

from datetime import timedelta

from runback.rehab.decision import Ruling
from runback.rehab.records import CheckIn, Cleared, LegSymptoms, Moment
from runback.rehab.rule_table import Finding
from runback.rehab.session_review import AT_MOST_DURING, Case

AFTER_SIGNS = timedelta(hours=72)
MOST_DURING = 2
"""D above this repeats the stage."""
LEAST_SHARE = 0.9

MISSED = {
    Moment.BEFORE: "the check-in before the run is missing",
    Moment.DURING: "nobody said how it was during the run",
    Moment.MORNING: "the check-in of the next morning is missing",
    Moment.GATE: "the check-in at the gate is missing",
}


# -- 1: red flags ---------------------------------------------------------------------------------------------------


def flags_found(check_ins: tuple[CheckIn, ...], stage: int) -> Finding:
    """The lock for the red flags in `check_ins`."""
    flags = sorted({flag.value for each in check_ins for flag in each.red_flags})
    why = f"you reported a red flag ({', '.join(flags)}), and only a clinician's recorded clearance unlocks it"
    return Finding(1, Ruling.LOCKED, stage, why, clearance=Cleared.RED_FLAG)


def red_flag(case: Case) -> Finding:
    return flags_found(case.uncleared_flags, case.stage)


# -- 2: signs on which a session ends --------------------------------------------------------------------------------


def leg_symptoms_stay(case: Case) -> Finding:
    why = "your leg symptoms are still there 48 hours after the run, please see a clinician"
    return Finding(2, Ruling.LOCKED, case.stage, why, clearance=Cleared.LEG_SYMPTOMS)


def signs(case: Case) -> Finding:
    told = dict.fromkeys(word for each in case.signs for word in _sign_words(each))
    latest = max(case.session.ended if each.moment is Moment.DURING else each.at for each in case.signs)
    return Finding(2, Ruling.STEP_BACK, one_back(case), ", ".join(told), latest + AFTER_SIGNS)


def _sign_words(check_in: CheckIn) -> list[str]:
    words = [sign.value for sign in sorted(check_in.stop_signs)]
    if check_in.leg is LegSymptoms.FURTHER_DOWN:
        words.insert(0, "leg symptoms went further down")
    if check_in.limp:
        words.insert(0, "a limp")
    if check_in.sharp_pain:
        words.insert(0, "sharp pain")
    if check_in.moment is Moment.DURING and check_in.pain > AT_MOST_DURING:
        words.insert(0, f"pain of {check_in.pain} during the run")
    return words


# -- 3: pain up at the gate -----------------------------------------------------------------------------------------


def pain_stays(case: Case) -> Finding:
    why = "pain has not settled in seven days, please see a clinician"
    return Finding(3, Ruling.LOCKED, case.stage, why, clearance=Cleared.PAIN)


def pain_up(case: Case) -> Finding:
    why = f"pain is {_above(case)} than before the last run, and it is asked daily until it has settled"
    return Finding(3, Ruling.WAIT, one_back(case), why)


def pain_was_up(case: Case) -> Finding:
    why = f"pain was {_above(case)} at the gate than before the run"
    return Finding(3, Ruling.STEP_BACK, one_back(case), why)


# -- 4, 5, 6: how the stage went --------------------------------------------------------------------------------------


def morning_up_and_settled(case: Case) -> bool:
    return _morning_rise(case) > 1 and case.gate is not None and case.gate <= case.baseline


def repeat_stage(case: Case) -> Finding:
    if case.during is not None and case.during > MOST_DURING:
        why = f"pain of {case.during} during the run"
    elif case.session.share < LEAST_SHARE:
        why = too_little(case)
    elif case.session.stopped:
        why = "the session ended because of symptoms"
    else:
        why = f"pain rose by {_morning_rise(case)} next morning"
    return Finding(4, Ruling.REPEAT, case.stage, why)


def too_little(case: Case) -> str:
    return f"{int(case.session.share * 100)} % of the running was done, and 90 % are needed"


def all_well(case: Case) -> bool:
    """D is at most 2 and the share at least 90 %, or row 4 had fired."""
    if case.before is None or case.during is None or case.morning is None or case.gate is None:
        return False
    return case.morning <= case.before + 1 and case.gate <= case.before


def advance(case: Case) -> Finding:
    done = case.standing.cleans + 1
    if done < case.needed:
        why = f"it went well {done} of {case.needed} times"
        return Finding(5, Ruling.REPEAT, case.stage, why, clean=True)
    if case.stage == len(case.plan.stages) - 1:
        why = "you have done every stage, and your back has taken it well"
        return Finding(5, Ruling.FINISHED, case.stage, why, clean=True)
    return Finding(5, Ruling.ADVANCE, case.stage + 1, f"stage {case.plan.stages[case.stage].id} went well", clean=True)


def gate_or_missing(case: Case) -> bool:
    return not case.pending


def hold(case: Case) -> Finding:
    missing = [MISSED[moment] for moment in case.missing]
    higher = (case.gate or 0) - case.baseline
    why = missing[0] if missing else f"pain at the gate is {higher} higher than before the run"
    return Finding(6, Ruling.HOLD, case.stage, why)


def still_asking(case: Case) -> Finding:
    return Finding(0, Ruling.ASK, case.stage, "a check-in is still to come")


def _morning_rise(case: Case) -> int:
    return 0 if case.morning is None else case.morning - case.baseline


def one_back(case: Case) -> int:
    """The index of the stage below."""
    return max(0, case.stage - 1)


def _above(case: Case) -> str:
    return f"{max(each.pain for each in case.readings) - case.baseline} higher"
