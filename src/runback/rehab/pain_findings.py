"""What rows 1 to 6 of the rules find, and when: each row's sentence with the figure it goes by.

Rules:
- Every `why` names what was said or done, in the person's words, and needs no rule number to be understood.
- Nothing here knows the order of the rows; `pain_rules.TABLE` does.

Source: training.md "Check-ins and the rules", 1 to 6.
"""

from __future__ import annotations

from datetime import timedelta

from runback.rehab.decision import DecisionKind
from runback.rehab.records import CheckIn, CheckInMoment, Cleared, LegSymptoms
from runback.rehab.red_flags import worst_first
from runback.rehab.rule_table import RuleFinding
from runback.rehab.session_review import AT_MOST_DURING, SessionReview

AFTER_SIGNS = timedelta(hours=72)
MOST_DURING = 2
"""D above this repeats the stage."""
LEAST_SHARE = 0.9

MISSED = {
    CheckInMoment.BEFORE: "the check-in before the run is missing",
    CheckInMoment.DURING: "the answer how it was during the run is missing",
    CheckInMoment.MORNING: "the check-in of the next morning is missing",
    CheckInMoment.GATE: "the 48 h check is missing",
}


_LEG_WORDS = {
    LegSymptoms.NEW: "leg symptoms that were not there before",
    LegSymptoms.FURTHER_DOWN: "leg symptoms went further down",
}


# -- 1: red flags ---------------------------------------------------------------------------------------------------


def flags_found(check_ins: tuple[CheckIn, ...], stage: int) -> RuleFinding:
    """The lock for the red flags in `check_ins`."""
    flags = [flag.value for flag in worst_first(flag for each in check_ins for flag in each.red_flags)]
    why = f"you reported a red flag ({', '.join(flags)}), and only a clinician's recorded clearance unlocks it"
    return RuleFinding(1, DecisionKind.LOCKED, stage, why, clearance=Cleared.RED_FLAG)


def red_flag(case: SessionReview) -> RuleFinding:
    return flags_found(case.uncleared_flags, case.stage)


# -- 2: signs on which a session ends --------------------------------------------------------------------------------


def leg_symptoms_stay(case: SessionReview) -> RuleFinding:
    why = "your leg symptoms are still there 48 hours after the run, please see a clinician"
    return RuleFinding(2, DecisionKind.LOCKED, case.stage, why, clearance=Cleared.LEG_SYMPTOMS)


def signs(case: SessionReview) -> RuleFinding:
    told = dict.fromkeys(word for each in case.signs for word in _sign_words(each))
    latest = max(case.session.ended if each.moment is CheckInMoment.DURING else each.at for each in case.signs)
    return RuleFinding(2, DecisionKind.STEP_BACK, one_back(case), ", ".join(told), latest + AFTER_SIGNS)


def _sign_words(check_in: CheckIn) -> list[str]:
    words = [sign.value for sign in sorted(check_in.stop_signs)]
    if check_in.leg.is_sign:
        words.insert(0, _LEG_WORDS[check_in.leg])
    if check_in.limp:
        words.insert(0, "a limp")
    if check_in.sharp_pain:
        words.insert(0, "sharp pain")
    if check_in.moment is CheckInMoment.DURING and check_in.pain > AT_MOST_DURING:
        words.insert(0, f"pain of {check_in.pain} during the run")
    return words


# -- 3: pain up at the gate -----------------------------------------------------------------------------------------


def pain_stays(case: SessionReview) -> RuleFinding:
    why = "pain has not settled in seven days, please see a clinician"
    return RuleFinding(3, DecisionKind.LOCKED, case.stage, why, clearance=Cleared.PAIN)


def pain_up(case: SessionReview) -> RuleFinding:
    return RuleFinding(3, DecisionKind.WAIT, one_back(case), how_it_rose(case))


def pain_was_up(case: SessionReview) -> RuleFinding:
    why = f"pain was {_above(case)} after the wait than before the run"
    return RuleFinding(3, DecisionKind.STEP_BACK, one_back(case), why)


# -- 4, 5, 6: how the stage went --------------------------------------------------------------------------------------


def morning_up(case: SessionReview) -> RuleFinding:
    """M > B + 1 has not settled: nobody runs before it has (training.md, rule 4)."""
    return RuleFinding(4, DecisionKind.WAIT, case.stage, how_it_rose(case))


def how_it_rose(case: SessionReview) -> str:
    """What has to settle before the next run."""
    if case.rise is not None and case.rise.at_gate:
        return f"pain is {_above(case)} than {_usual(case)}, and it is asked daily until it has settled"
    told = f"your pain the morning after was {case.morning}, {_morning_rise(case)} more than {_usual(case)}"
    return told if case.gate is None else f"{told}, and it has not settled yet"


def morning_up_and_settled(case: SessionReview) -> bool:
    """Or run past, which is judged as well."""
    return not case.guessed and _morning_rise(case) > 1


def repeat_stage(case: SessionReview) -> RuleFinding:
    if case.during is not None and case.during > MOST_DURING:
        why = f"pain of {case.during} during the run"
    elif case.session.share < LEAST_SHARE:
        why = too_little(case)
    elif case.session.stopped:
        why = "the session ended because of symptoms"
    else:
        why = f"pain rose by {_morning_rise(case)} next morning"
    return RuleFinding(4, DecisionKind.REPEAT, case.stage, why)


def too_little(case: SessionReview) -> str:
    return f"{int(case.session.share * 100)} % of the running was done, and 90 % are needed"


def all_well(case: SessionReview) -> bool:
    """D is at most 2 and the share at least 90 %, or row 4 had fired."""
    if case.keeps_up:
        return True  # nothing is asked about it but what has been looked at already
    if case.before is None or case.during is None or case.morning is None or case.gate is None:
        return False
    return case.morning <= case.before + 1 and case.gate <= case.before


def advance(case: SessionReview) -> RuleFinding:
    done = case.standing.cleans + 1
    if done < case.needed:
        why = f"it went well {done} of {case.needed} times"
        return RuleFinding(5, DecisionKind.REPEAT, case.stage, why, clean=True)
    if case.stage == len(case.plan.stages) - 1:
        why = "you have done every stage, and your back has taken it well"
        return RuleFinding(5, DecisionKind.FINISHED, case.stage, why, clean=True)
    told = case.plan.stages[case.stage].done
    why = f"stage {case.session.stage} went well{was_due(case)}{f'; {told}' if told else ''}"
    return RuleFinding(5, DecisionKind.ADVANCE, case.stage + 1, why, clean=True)


def was_due(case: SessionReview) -> str:
    """What to add to the stage that was done, if another one was due."""
    due = case.plan.stages[case.stage].id
    return "" if due == case.session.stage else f", though stage {due} was due"


def gate_or_missing(case: SessionReview) -> bool:
    return not case.pending


def hold(case: SessionReview) -> RuleFinding:
    higher = 0 if case.guessed or case.gate is None else case.gate - case.baseline
    if higher > 0:
        why = f"pain after the wait is {higher} higher than before the run"
        return RuleFinding(6, DecisionKind.HOLD, case.stage, why, for_pain=True)
    late = case.open and case.missing[0] is not CheckInMoment.BEFORE
    why = f"{MISSED[case.missing[0]]}{'; you can still give it' if late else ''}"
    return RuleFinding(6, DecisionKind.HOLD, case.stage, why)


def still_asking(case: SessionReview) -> RuleFinding:
    return RuleFinding(0, DecisionKind.ASK, case.stage, "a check-in is still to come")


def _morning_rise(case: SessionReview) -> int:
    return 0 if case.morning is None else case.morning - case.baseline


def _usual(case: SessionReview) -> str:
    return "usual; it was not said before this run" if case.guessed else "before the run"


def one_back(case: SessionReview) -> int:
    """The index of the stage below."""
    return max(0, case.stage - 1)


def _above(case: SessionReview) -> str:
    return f"{max(each.pain for each in case.readings) - case.baseline} higher"
