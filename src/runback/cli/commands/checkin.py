"""`runback checkin`: how it is, asked in plain words or given as options.

Rules:
- A red flag is answered before anything else is checked, asked or written: what to do now stands first on the screen.
- A red flag is kept, whatever else is wrong with what was typed: without pain the worst is assumed, without a time that
  can be read it is now, and a record that cannot be replaced stays beside it. Each of these is said.
- At a terminal what is missing is asked, one question at a time; the moment that is due is the default.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import click

from runback.cli import options, prompts
from runback.cli.local_time import local_now, moment
from runback.cli.plan_output import RED_FLAG, at_terminal, own_log, tell
from runback.cli.saying import say
from runback.errors import InputError, PlanError
from runback.rehab.activity import LoggedActivity
from runback.rehab.decision import DueQuestion
from runback.rehab.records import CheckIn, CheckInMoment, Declaration, LegSymptoms
from runback.rehab.red_flags import NEW_SINCE, HealthRisk, RedFlag, StopSign, help_for
from runback.rehab.status import QUESTIONS
from runback.rehab.validation import WORST_PAIN

if TYPE_CHECKING:
    from runback.training_log.log import TrainingLog

SUBJECTS = {
    "before": DueQuestion.BEFORE,
    "during": DueQuestion.DURING,
    "morning": DueQuestion.MORNING,
    "48h": DueQuestion.GATE,
    "declaration": DueQuestion.DECLARATION,
    "walk": DueQuestion.WALK_MORNING,
}
"""As it is typed."""
FORMER = {"gate": "48h"}
"""What it was called in 0.1.0: accepted for one release more, and listed nowhere."""
FLAGS = {flag.value.replace(" ", "-"): flag for flag in RedFlag}
NO_RISK = "none"
RISKS = {risk.value.replace(" ", "-"): risk for risk in HealthRisk}
SIGNS = {sign.value.split()[-1]: sign for sign in StopSign}


class SignChoice(click.Choice[str]):
    """Signs as people type them: "Chest pain" is chest-pain."""

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:
        """With hyphens, in small letters."""
        return super().normalize_choice(str(choice), ctx).lower().replace(" ", "-").replace("_", "-")


class SubjectChoice(click.Choice[str]):
    """Check-ins as people type them; a former name is today's."""

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:
        """Today's name."""
        name = super().normalize_choice(str(choice), ctx)
        return FORMER.get(name, name)


@dataclass(frozen=True, slots=True)
class CheckInOptions:
    """What was given on the command line, as it is typed; None: it was not."""

    moment: str | None = None
    pain: int | None = None
    leg: str | None = None
    limp: bool = False
    sharp: bool = False
    red_flag: tuple[str, ...] = ()
    stop_sign: tuple[str, ...] = ()
    worse: bool | None = None
    leg_symptoms: bool | None = None
    surgery: bool | None = None
    risk: tuple[str, ...] = ()
    at: str | None = None
    note: str | None = None
    replaces: int | None = None

    @property
    def red_flags(self) -> frozenset[RedFlag]:
        """The red flags that were named."""
        return frozenset(FLAGS[each] for each in self.red_flag)

    @property
    def stop_signs(self) -> frozenset[StopSign]:
        """The signs to stop for that were named."""
        return frozenset(SIGNS[each] for each in self.stop_sign)

    @property
    def risks(self) -> frozenset[HealthRisk] | None:
        """The risks to the person's health that were named; None if nothing was said of any."""
        return frozenset(RISKS[each] for each in self.risk if each != NO_RISK) if self.risk else None


@click.command()
@click.argument("moment", required=False, type=SubjectChoice(list(SUBJECTS)))
@options.pain
@click.option("--leg", type=click.Choice(list(prompts.LEGS)), help="Leg symptoms, against last time.")
@click.option("--limp", is_flag=True, help="I limp.")
@click.option("--sharp", is_flag=True, help="A sharp pain.")
@click.option("--red-flag", multiple=True, type=SignChoice(list(FLAGS)), help="Prints what to do now; exit code 6.")
@click.option("--stop-sign", multiple=True, type=SignChoice(list(SIGNS)))
@options.worse
@click.option("--leg-symptoms/--no-leg-symptoms", default=None, help="For `declaration`.")
@click.option("--surgery/--no-surgery", default=None, help="For `declaration`.")
@click.option(
    "--risk",
    multiple=True,
    type=SignChoice([NO_RISK, *RISKS]),
    help="For `declaration`: each that applies, or none.",
)
@options.at
@options.note
@options.replaces
@options.bind(CheckInOptions)
def checkin(told: CheckInOptions) -> int:
    """Answer a short check-in. Without options it asks, one question at a time.

    MOMENT is what is due if you leave it out: `before` a run, `during` it at its worst, next `morning`, the `48h` check
    two days after a run or before stage 1; the `declaration` before a plan; the morning after the `walk`.
    """
    get_help(told.red_flags)
    book, now = own_log(), local_now()
    at = _moment(told, now)
    subject = _subject(book, now, told) if told.moment is None else SUBJECTS[told.moment]
    if told.red_flags and subject.moment is None:  # only a check-in can carry it
        subject = DueQuestion.GATE
    flagged = answer(book, subject, at, told)
    if book.choice() is not None:
        tell(book, local_now(), helped=help_for(flagged) if flagged else None)
    elif flagged:
        say("It is on record. Do not run until a clinician has looked at it.")
    return RED_FLAG if flagged else 0


def _moment(told: CheckInOptions, now: datetime) -> datetime:
    try:
        return moment(told.at, now)
    except InputError as error:
        if not told.red_flags:
            raise
        say(f"{error}; so it is on record for now.")
        return now


def get_help(flags: Iterable[RedFlag]) -> None:
    """What a person with `flags` should do now; nothing without any."""
    found = frozenset(flags)
    for line in help_for(found).lines if found else ():
        say(line)


def answer(book: TrainingLog, subject: DueQuestion, at: datetime, told: CheckInOptions) -> frozenset[RedFlag]:
    """Keep the answer to `subject` at `at`, asking for what was not told; returns the red flags in it."""
    if subject is DueQuestion.DECLARATION:
        _declare(book, at, told)
        return frozenset()
    if subject is DueQuestion.WALK_MORNING:
        _answer_walk(book, told)
        return frozenset()
    record, words = _heard(subject, at, told)
    _keep(book, record, words, told)
    return record.red_flags


def _keep(book: TrainingLog, record: CheckIn | Declaration, words: str, told: CheckInOptions) -> None:
    number = None
    if told.replaces is not None:
        try:
            number = book.correct(told.replaces, record, words)
        except PlanError as error:
            if not told.red_flags:
                raise
            say(f"{error}; so it is a separate record.")
    if number is None:
        number = book.add(record, words)
    say(f"Recorded as record {number}.")


def _subject(book: TrainingLog, now: datetime, told: CheckInOptions) -> DueQuestion:
    """Which check-in it is, where that was not said."""
    decision = book.decision(now)
    due = None if decision is None else decision.ask
    if told.red_flags:  # kept whatever is due
        return due or DueQuestion.GATE
    if due is None and (told.pain is not None or not at_terminal()):
        raise InputError("checkin", "nothing is due", f"say which check-in you mean: {', '.join(SUBJECTS)}")
    if due is not None and (told.pain is not None or not at_terminal()):
        return due
    name = next((word for word, subject in SUBJECTS.items() if subject is due), "48h")
    return SUBJECTS[click.prompt("Which check-in", type=SubjectChoice(list(SUBJECTS)), default=name)]


def _heard(subject: DueQuestion, at: datetime, told: CheckInOptions) -> tuple[CheckIn, str]:
    when = subject.moment or CheckInMoment.GATE
    if told.pain is None and not told.red_flags and at_terminal():
        return _asked(subject, when, at, told)
    pain = told.pain
    if pain is None and told.red_flags:
        pain = WORST_PAIN
        say(f"Pain was not given, so {pain} is on record; `runback checkin --replaces` corrects it.")
    if pain is None:
        raise InputError("--pain", "it is missing", f"give a whole number from 0 to 10 ({QUESTIONS[subject]})")
    leg = LegSymptoms.NONE if told.leg is None else prompts.LEGS[told.leg]
    signs = (told.limp, told.sharp, told.red_flags, told.stop_signs)
    return CheckIn(when, at, pain, leg, *signs), told.note or ""


def _asked(subject: DueQuestion, when: CheckInMoment, at: datetime, told: CheckInOptions) -> tuple[CheckIn, str]:
    pain = prompts.ask_pain(QUESTIONS[subject])
    leg = prompts.ask_leg() if told.leg is None else prompts.LEGS[told.leg]
    limp = told.limp or prompts.ask_yes("Do you limp?")
    sharp = told.sharp or prompts.ask_yes("Do you have a sharp pain?")
    signs = told.stop_signs
    if when is CheckInMoment.DURING:
        signs |= prompts.ask_signs("Did you have any of these during the run?", list(StopSign))
    flags = prompts.ask_signs(NEW_SINCE, list(RedFlag))
    get_help(flags)
    words = (told.note or "") if flags or told.note is not None else prompts.ask_words()
    return CheckIn(when, at, pain, leg, limp, sharp, flags, signs), words


def _declare(book: TrainingLog, at: datetime, told: CheckInOptions) -> None:
    legs, surgery = told.leg_symptoms, told.surgery
    risks = told.risks
    if (legs is None or surgery is None or risks is None) and not at_terminal():
        hint = "add --[no-]leg-symptoms, --[no-]surgery, and --risk none (or each one that applies)"
        raise InputError("checkin declaration", "each question needs an answer", hint)
    if legs is None:
        legs = prompts.ask_either("With this injury, did you have pain, tingling or numbness in a leg?")
    if surgery is None:
        surgery = prompts.ask_either("Did you have back surgery?")
    if risks is None:
        risks = prompts.ask_signs("Do any of these apply to you?", list(HealthRisk))
    record = Declaration(at, leg_symptoms=legs, surgery=surgery, risks=risks)
    _keep(book, record, told.note or "", told)


def _answer_walk(book: TrainingLog, told: CheckInOptions) -> None:
    last = book.walk_to_answer()
    if last is None or not isinstance(last.record, LoggedActivity):
        raise PlanError("checkin walk", "no walk is waiting for this answer", "log one: `runback log walking MINUTES`")
    worse = told.worse
    if worse is None and not at_terminal():
        raise InputError("checkin walk", "the answer is missing", "add --worse or --no-worse")
    if worse is None:
        worse = prompts.ask_either(QUESTIONS[DueQuestion.WALK_MORNING])
    book.correct(last.id, replace(last.record, rise_next_morning=worse), told.note or last.words)
