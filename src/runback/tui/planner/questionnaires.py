"""The forms there are, and the record that each makes.

Rules:
- A check-in asks for everything the rules go by, in four pages: pain, leg, how one moved, the red flags. Each red flag
  is one line of plain words, and "none of these" is an answer, not a default.
- "The same as last time, nothing new" is one key, where nothing stood then that would have to be looked at.
- After "something is wrong" the first question is what; whatever is said there counts in the rest.
- A form's record is made only from answers; nothing is added to them. Pure: the moment is an argument.

Source: training.md "Check-ins and the rules"; the words of the signs are `rehab.signs`'.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from runback.rehab import incident
from runback.rehab.activity import ActivityKind, ExercisesDone, LoggedActivity
from runback.rehab.decision import DueQuestion as Due
from runback.rehab.exercises import CHECKLIST, STOP_AT
from runback.rehab.incident import Incident
from runback.rehab.records import CheckIn, CheckInMoment, Clearance, Cleared, Declaration, LegSymptoms
from runback.rehab.red_flags import NEW_SINCE, HealthRisk, RedFlag, StopSign, Urgency
from runback.rehab.status import QUESTIONS
from runback.tui.planner.form import Answer, AnswerKind, CheckInForm, FormQuestion

FLAGS = tuple(sorted(RedFlag, key=lambda flag: flag.urgency is not Urgency.EMERGENCY))
"""Those that cannot wait come first."""
LEGS = tuple(LegSymptoms)
RISKS = tuple(HealthRisk)
TROUBLES = tuple(Incident)
KINDS = tuple(ActivityKind)
_SIGNS = (StopSign.DIZZINESS, StopSign.PALPITATIONS, StopSign.BREATHLESSNESS)
_PAIN = {
    CheckInMoment.BEFORE: "How much does your back hurt now?",
    CheckInMoment.DURING: "How much did it hurt at its worst during the run?",
    CheckInMoment.MORNING: "How much does your back hurt this morning?",
    CheckInMoment.GATE: "How much does your back hurt now?",
}
_SCALE_HINT = "0 is no pain, 10 is the worst pain you can think of. A number is enough; there is no wrong one."
_LEG = FormQuestion(
    "leg",
    AnswerKind.CHOICE,
    "Pain, tingling or numbness in a leg?",
    "Compared with how it was last time.",
    (
        "No, nothing in a leg",
        "Yes, and it is new",
        "Yes, the same as last time",
        "Yes, less than last time",
        "Yes, further down the leg than last time",
    ),
)
_MOVING = FormQuestion(
    "signs",
    AnswerKind.TICKS,
    "Do any of these apply?",
    "",
    ("A sharp pain", "I am limping, or I limped", *(sign.question for sign in _SIGNS)),
)
_FLAGS = FormQuestion(
    "flags",
    AnswerKind.TICKS,
    f"Please read each line. {NEW_SINCE}",
    "They are asked every time: the first of them cannot wait, and the others a clinician should look at.",
    tuple(flag.question for flag in FLAGS),
)
_GRAVE = frozenset({LegSymptoms.NEW, LegSymptoms.FURTHER_DOWN})
"""Leg symptoms that are never said again with one key."""


def check_in_form(moment: CheckInMoment, *, wrong: bool = False, last: CheckIn | None = None) -> CheckInForm:
    """The check-in at `moment`; `wrong`: the user pressed the key for "something is wrong" in the session; `last`: what
    they said at such a moment the last time."""
    pain = FormQuestion("pain", AnswerKind.SCALE, _PAIN[moment], _SCALE_HINT)
    leg, moving, flags = _LEG, _MOVING, _FLAGS
    if last is not None:
        pain = replace(pain, last=str(last.pain))
        leg = replace(leg, last=_LEG.options[LEGS.index(last.leg)])
        moving = replace(moving, last=_MOVING.spoken(_moving(last)))
    title = QUESTIONS[next(due for due in Due if due.moment is moment)]
    if not wrong:
        same = {} if last is None else _same(last)
        return CheckInForm(moment.value, title, (pain, leg, moving, flags), same=same)
    first = FormQuestion(
        "trouble",
        AnswerKind.TICKS,
        'You pressed the key for "something is wrong". What was it?',
        "Tick all that apply.",
        tuple(each.value for each in TROUBLES),
        none="It has passed, or I pressed it by mistake",
    )
    return CheckInForm(moment.value, "Something was wrong", (first, pain, leg, flags))


def _moving(said: CheckIn) -> frozenset[int]:
    """What was ticked of `_MOVING` in `said`."""
    ticked = {0} if said.sharp_pain else set()
    ticked |= {1} if said.limp else set()
    return frozenset(ticked | {index for index, sign in enumerate(_SIGNS, 2) if sign in said.stop_signs})


def _same(last: CheckIn) -> dict[str, Answer]:
    """The answers of "the same as last time, nothing new"; none where something stood then that has to be said again in
    full: a red flag, a sign to stop, or leg symptoms that were new or further down."""
    if last.red_flags or _moving(last) or last.leg in _GRAVE:
        return {}
    leg = LegSymptoms.NONE if last.leg is LegSymptoms.NONE else LegSymptoms.SAME
    return {"pain": last.pain, "leg": LEGS.index(leg), "signs": frozenset(), "flags": frozenset()}


def check_in(form: CheckInForm, moment: CheckInMoment, at: datetime) -> CheckIn:
    """What `form` says, said `at`."""
    flags = frozenset(FLAGS[index] for index in form.ticked("flags"))
    leg = LEGS[form.number("leg")]
    if "trouble" in form.answers:
        told = frozenset(TROUBLES[index] for index in form.ticked("trouble"))
        made = incident.check_in(at, told, form.number("pain"), flags)
        return made if made.leg is LegSymptoms.FURTHER_DOWN else replace(made, leg=leg)
    signs = form.ticked("signs")
    return CheckIn(
        moment,
        at,
        form.number("pain"),
        leg=leg,
        sharp_pain=0 in signs,
        limp=1 in signs,
        red_flags=flags,
        stop_signs=frozenset(sign for index, sign in enumerate(_SIGNS, 2) if index in signs),
    )


def declaration_form() -> CheckInForm:
    """What is asked once, before a plan begins."""
    yes_no = ("No", "Yes")
    return CheckInForm(
        "declaration",
        "Before the plan begins",
        (
            FormQuestion(
                "leg",
                AnswerKind.CHOICE,
                "With this injury, did you have pain, tingling or numbness in a leg?",
                "",
                yes_no,
            ),
            FormQuestion("surgery", AnswerKind.CHOICE, "Did you have back surgery?", "", yes_no),
            FormQuestion(
                "risks",
                AnswerKind.TICKS,
                "Do any of these apply to you?",
                "These are asked once. With one of them, a clinician should say first that running is right for you.",
                tuple(risk.question for risk in HealthRisk),
            ),
        ),
    )


def declaration(form: CheckInForm, at: datetime) -> Declaration:
    """What `form` says, said `at`."""
    risks = frozenset(RISKS[index] for index in form.ticked("risks"))
    return Declaration(at, leg_symptoms=form.number("leg") == 1, surgery=form.number("surgery") == 1, risks=risks)


def walk_form() -> CheckInForm:
    """The morning after the brisk walk of the gate."""
    title = QUESTIONS[Due.WALK_MORNING]
    options = ("No, the same as before, or better", "Yes, it was worse")
    return CheckInForm(
        "walk", "The morning after your walk", (FormQuestion("worse", AnswerKind.CHOICE, title, "", options),)
    )


def activity_form() -> CheckInForm:
    """Low-impact work, a run or anything else that is over."""
    return CheckInForm(
        "activity",
        "What you did",
        (
            FormQuestion(
                "kind", AnswerKind.CHOICE, "What did you do?", "", tuple(kind.value.capitalize() for kind in KINDS)
            ),
            FormQuestion(
                "minutes",
                AnswerKind.NUMBER,
                "For how many minutes?",
                "Ten minutes or more count. Rowing, a run and anything else are kept, but do not count. A run starts "
                "the 48 hours.",
                most=600,
            ),
            FormQuestion("pain", AnswerKind.SCALE, "How much did it hurt at its worst?", _SCALE_HINT),
        ),
    )


def activity(form: CheckInForm, at: datetime) -> LoggedActivity:
    """What `form` says, done by `at`."""
    return LoggedActivity(KINDS[form.number("kind")], float(form.number("minutes")), at, form.number("pain"))


def exercises_form() -> CheckInForm:
    """The exercises beside the running."""
    options = tuple(f"{each.name}: {each.how}" for each in CHECKLIST)
    question = FormQuestion("done", AnswerKind.TICKS, "Which exercises have you done today?", STOP_AT, options)
    return CheckInForm("exercises", "Exercises", (question,))


def exercises(form: CheckInForm, at: datetime) -> ExercisesDone:
    """What `form` says, done `at`."""
    return ExercisesDone(at, frozenset(CHECKLIST[index].id for index in form.ticked("done")))


def clearance_form(what: Cleared) -> CheckInForm:
    """A clinician's clearance."""
    question = FormQuestion(
        "who",
        AnswerKind.WORDS,
        f"Which clinician has cleared you {what.value}?",
        "Write who it was, and when. Only fill this in after somebody has looked at you.",
    )
    return CheckInForm("clearance", "A clinician's clearance", (question,))


def clearance(form: CheckInForm, what: Cleared, at: datetime) -> Clearance:
    """What `form` says, recorded `at`."""
    return Clearance(what, at, str(form.answers["who"]))


def override_form(sentence: str) -> CheckInForm:
    """Going ahead before the wait is over; `sentence` is the decision's."""
    question = FormQuestion(
        "why",
        AnswerKind.WORDS,
        "Why do you go ahead before the wait is over?",
        f"The plan says: {sentence}. Your words go on record beside it.",
    )
    return CheckInForm("override", "Going ahead", (question,))
