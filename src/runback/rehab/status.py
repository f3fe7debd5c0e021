"""A decision in lines for a person, in their own time zone: the one source of words for command line and screen.

Rules:
- The first line is the decision's sentence; a red flag's words come before it.
- Every moment is shown in local time with its zone, and says so when the clocks change before it. The wait itself is
  measured in absolute time: 48 hours are 48 hours, whatever the clocks do.
- Time zone and moment are arguments; nothing here reads a clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from runback.rehab.decision import Decision, DecisionKind, DueQuestion
from runback.rehab.local_days import spell_day

NOT_MEDICAL_ADVICE = "This is not medical advice. If you are unsure, ask a clinician."
QUESTIONS: dict[DueQuestion, str] = {
    DueQuestion.BEFORE: "Before you run: how is your back now?",
    DueQuestion.DURING: "How was it at its worst during the run?",
    DueQuestion.MORNING: "How are you this morning?",
    DueQuestion.GATE: "How is your back now, and is any warning sign new since last time?",
    DueQuestion.DECLARATION: "Did you have symptoms in a leg, or back surgery, and how is your health?",
    DueQuestion.WALK_MORNING: "Was it worse the morning after your brisk walk?",
}


def local_time(at: datetime, tz: tzinfo) -> str:
    """`at` in `tz`: "Friday 3 October, 18:20 (BST)"."""
    local = at.astimezone(tz)
    return f"{spell_day(local.date())}, {local:%H:%M} ({local.tzname()})"


def wait_words(wait: timedelta) -> str:
    """A wait as "1 day 3 hours", "2 hours 5 minutes", "4 minutes": rounded up, so that it is never over too early."""
    minutes = -(-wait // timedelta(minutes=1))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = ((days, "day"), (hours, "hour"), (minutes if not days else 0, "minute"))
    return " ".join(f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number) or "0 minutes"


def status_lines(decision: Decision, tz: tzinfo) -> tuple[str, ...]:
    """What to show for `decision` to a person in `tz`, most important first."""
    lines = [*decision.help.lines] if decision.help is not None else []
    lines.append(f"{decision.sentence}.")
    if decision.ahead is not None:
        clock = local_time(decision.at, tz)
        lines.append(f"The clock of this computer says {clock}, and a record says {local_time(decision.ahead, tz)}.")
        lines.append("Check the clock. If it is right, correct that record; `runback history --all` shows its number.")
    if decision.earliest is not None and decision.earliest > decision.at:
        lines.append(_earliest(decision, decision.earliest, tz))
    if decision.overridden is not None:
        lines.append(f"You chose to go ahead at {local_time(decision.overridden.at, tz)}; it is on record.")
    elif decision.can_override:
        lines.append("You can go ahead before that if you say why; it goes on record.")
    if decision.clearance is not None:
        lines.append(f"To unlock it, record a clinician's clearance {decision.clearance.value}.")
    if decision.ask is not None:
        lines.append(QUESTIONS[decision.ask])
    lines += [note for note in decision.notes if note.lower() not in decision.sentence.lower()]
    if decision.kind is DecisionKind.START:
        lines.append(NOT_MEDICAL_ADVICE)
    return tuple(lines)


def _earliest(decision: Decision, earliest: datetime, tz: tzinfo) -> str:
    line = f"At the earliest: {local_time(earliest, tz)}, in {wait_words(earliest - decision.at)}"
    shift = earliest.astimezone(tz).utcoffset() != decision.at.astimezone(tz).utcoffset()
    return f"{line}; the clocks change before then." if shift else f"{line}."
