"""Forms: nothing is answered beforehand, nothing is lost on the way back, and what is said reaches the record."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.rehab.activity import ActivityKind
from runback.rehab.exercises import CHECKLIST
from runback.rehab.records import CheckIn, CheckInMoment, Cleared, LegSymptoms
from runback.rehab.red_flags import HealthRisk, RedFlag, StopSign, Urgency
from runback.tui.planner import questionnaires
from runback.tui.planner.form import Answer, AnswerKind, CheckInForm, FormQuestion
from tests.support.planner import NOW

NONE: frozenset[int] = frozenset()
SAID = st.builds(
    CheckIn,
    st.sampled_from(CheckInMoment),
    st.just(NOW),
    st.integers(0, 10),
    leg=st.sampled_from(LegSymptoms),
    limp=st.booleans(),
    sharp_pain=st.booleans(),
    red_flags=st.frozensets(st.sampled_from(RedFlag), max_size=2),
    stop_signs=st.frozensets(st.sampled_from(StopSign), max_size=2),
)


def filled(form: CheckInForm, *answers: Answer) -> CheckInForm:
    for answer in answers:
        form = form.say(answer).forward()
    return form


@pytest.mark.parametrize("moment", CheckInMoment)
def test_a_check_in_cannot_be_got_through_without_an_answer_to_every_question(moment: CheckInMoment) -> None:
    form = questionnaires.check_in_form(moment)
    for answer in (3, 0, NONE, NONE):
        assert form.forward() == form
        assert form.fault
        form = form.say(answer).forward()
    assert form.question is None
    made = questionnaires.check_in(form, moment, NOW)
    assert (made.moment, made.pain, made.leg) == (moment, 3, LegSymptoms.NONE)
    assert (len(made.red_flags), len(made.stop_signs)) == (0, 0)
    assert (made.limp, made.sharp_pain) == (False, False)


def test_every_red_flag_is_asked_for_in_its_own_words_and_reaches_the_record() -> None:
    form = questionnaires.check_in_form(CheckInMoment.GATE)
    asked = [option for question in form.questions for option in question.options]
    for flag in RedFlag:
        assert flag.question in asked
        index = questionnaires.FLAGS.index(flag)
        answers: dict[str, Answer] = {"pain": 1, "leg": 0, "signs": NONE, "flags": frozenset({index})}
        assert questionnaires.check_in(replace(form, answers=answers), CheckInMoment.GATE, NOW).red_flags == {flag}


@pytest.mark.parametrize(
    ("index", "told"),
    [
        (0, (True, False, NONE)),
        (1, (False, True, NONE)),
        (2, (False, False, {StopSign.DIZZINESS})),
        (3, (False, False, {StopSign.PALPITATIONS})),
        (4, (False, False, {StopSign.BREATHLESSNESS})),
    ],
)
def test_each_sign_reaches_the_record(index: int, told: tuple[object, ...]) -> None:
    form = filled(questionnaires.check_in_form(CheckInMoment.DURING), 2, 4, frozenset({index}), NONE)
    made = questionnaires.check_in(form, CheckInMoment.DURING, NOW)
    assert (made.sharp_pain, made.limp, made.stop_signs) == told
    assert made.leg is LegSymptoms.FURTHER_DOWN


def test_after_something_is_wrong_what_it_was_is_asked_first_and_counts() -> None:
    form = questionnaires.check_in_form(CheckInMoment.DURING, wrong=True)
    assert form.question is not None
    assert "something is wrong" in form.question.title
    answers = frozenset(
        index for index, each in enumerate(questionnaires.TROUBLES) if each.name in ("LIMP", "LEG", "DIZZY")
    )
    made = questionnaires.check_in(filled(form, answers, 4, 0, NONE), CheckInMoment.DURING, NOW)
    assert (made.limp, made.leg) == (True, LegSymptoms.FURTHER_DOWN)
    assert made.stop_signs == {StopSign.DIZZINESS}
    passed = questionnaires.check_in(filled(form, NONE, 4, 2, NONE), CheckInMoment.DURING, NOW)
    assert (passed.limp, passed.leg, passed.pain) == (False, LegSymptoms.SAME, 4)


def test_the_other_forms_make_their_records() -> None:
    told = questionnaires.declaration(filled(questionnaires.declaration_form(), 1, 0, frozenset({1})), NOW)
    assert (told.leg_symptoms, told.surgery, told.risks) == (True, False, frozenset({HealthRisk.STEROIDS}))
    done = questionnaires.activity(filled(questionnaires.activity_form(), 3, "25", 2), NOW)
    assert (done.kind, done.minutes, done.pain, done.rise_next_morning) == (ActivityKind.ROWING, 25, 2, None)
    exercises = questionnaires.exercises(filled(questionnaires.exercises_form(), frozenset({0, 2})), NOW)
    assert exercises.done == {CHECKLIST[0].id, CHECKLIST[2].id}
    word = questionnaires.clearance(
        filled(questionnaires.clearance_form(Cleared.RED_FLAG), "Dr Who, 1 May"), Cleared.RED_FLAG, NOW
    )
    assert (word.what, word.clinician) == (Cleared.RED_FLAG, "Dr Who, 1 May")


@pytest.mark.parametrize("kind", list(ActivityKind))
def test_every_kind_of_activity_can_be_chosen_in_its_form(kind: ActivityKind) -> None:
    form = questionnaires.activity_form()
    options = [option.lower() for option in form.questions[0].options]
    made = questionnaires.activity(filled(form, options.index(kind.value), "25", 2), NOW)
    assert made.kind is kind


@pytest.mark.parametrize("words", ["", "  ", "0", "-3", "3.5", "601", "²", "ten"])
def test_minutes_are_a_whole_number_within_reason(words: str) -> None:
    form = questionnaires.activity_form().say(0).forward().say(words)
    assert form.fault == "Type a number from 1 to 600."


@given(st.lists(st.integers(0, 10), min_size=1), st.integers(1, 4))
def test_going_back_and_forward_loses_nothing(pains: list[int], back: int) -> None:
    form = filled(questionnaires.check_in_form(CheckInMoment.BEFORE), 1, 0, NONE)
    again = form
    for _ in range(back):
        again = again.back()
    for _ in range(back):
        again = again.forward()
    assert again == form
    for pain in pains:
        form = replace(form, at=0).say(pain)
    assert form.number("pain") == pains[-1]


def test_taking_back_the_last_tick_is_no_answer() -> None:
    form = replace(questionnaires.check_in_form(CheckInMoment.BEFORE), at=3).say(frozenset({1}))
    assert form.unsay().fault
    assert not form.unsay().begun


def test_the_red_flags_that_cannot_wait_stand_first() -> None:
    urgent = [flag.urgency is Urgency.URGENT for flag in questionnaires.FLAGS]
    assert urgent == sorted(urgent)
    assert set(questionnaires.FLAGS) == set(RedFlag)


def test_a_good_run_takes_twelve_answers_at_most_and_three_keys_at_least() -> None:
    """Before is served by the 48 h check of the run before (training.md, "48 hours")."""
    moments = (CheckInMoment.DURING, CheckInMoment.MORNING, CheckInMoment.GATE)
    assert sum(len(questionnaires.check_in_form(each).questions) for each in moments) == 12
    last = CheckIn(CheckInMoment.MORNING, NOW, 1)
    assert questionnaires.check_in_form(CheckInMoment.MORNING, last=last).repeat().question is None


@given(SAID)
def test_the_same_as_last_time_says_what_was_said_and_never_what_was_grave(last: CheckIn) -> None:
    form = questionnaires.check_in_form(last.moment, last=last)
    grave = last.red_flags or last.stop_signs or last.limp or last.sharp_pain
    grave = grave or last.leg in (LegSymptoms.NEW, LegSymptoms.FURTHER_DOWN)
    assert form.can_repeat == (not grave)
    assert form.answers == {}  # nothing is filled in before the key is pressed
    if form.can_repeat:
        made = questionnaires.check_in(form.repeat(), last.moment, NOW)
        assert made.pain == last.pain
        assert (made.red_flags, made.stop_signs, made.limp, made.sharp_pain) == (frozenset(), frozenset(), False, False)
        assert made.leg in (LegSymptoms.NONE, LegSymptoms.SAME)
        assert (made.leg is LegSymptoms.NONE) == (last.leg is LegSymptoms.NONE)
    assert form.say(3).repeat() == form.say(3)


def test_answers_are_read_over_in_words() -> None:
    question = FormQuestion("a", AnswerKind.TICKS, "?", options=("one", "two"))
    assert [question.spoken(answer) for answer in (NONE, frozenset({1, 0}))] == ["None of these", "one; two"]
    assert FormQuestion("b", AnswerKind.SCALE, "?").spoken(7) == "7 of 10"
    assert FormQuestion("c", AnswerKind.CHOICE, "?", options=("no", "yes")).spoken(1) == "yes"
    assert FormQuestion("d", AnswerKind.WORDS, "?").spoken("so") == "so"
    assert FormQuestion("d", AnswerKind.WORDS, "?").fault(" ") == "Please write a few words."


def test_a_form_that_is_read_over_stays_where_it_is() -> None:
    form = filled(questionnaires.walk_form(), 1)
    assert (form.question, form.answer, form.fault, form.progress) == (None, None, "", "Read it over")
    assert form.forward() == form.say(0) == form
    with pytest.raises(KeyError):
        filled(questionnaires.exercises_form(), NONE).number("done")
