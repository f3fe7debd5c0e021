"""What the screen Today says: what to do now and why, when next, how far the gate has come, and what the keys do.

Rules:
- The decision's sentence stands there word for word, below one or two large words that need no colour.
- What cannot be done now is not offered: each key on the page does something.
- Pure: decision, plan and moment in, text out; the words about the wait are `rehab.status`'.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import tzinfo

from runback.rehab.decision import Decision, DecisionKind, DueQuestion
from runback.rehab.entry_criteria import Item
from runback.rehab.exercises import BEFORE_THE_FIRST_RUN
from runback.rehab.plan import Plan, PlanStage
from runback.rehab.reaction import Reaction
from runback.rehab.red_flags import Urgency
from runback.rehab.status import NOT_MEDICAL_ADVICE, QUESTIONS, local_time, wait_words
from runback.tui.styled_text import PageTone, Role, StyledLine, bar

_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?)(mi|m|s)\b")


@dataclass(frozen=True, slots=True)
class Today:
    """The page: large `words` with their `shape` and `mood`, the `sentence` of why, `lines` below, and what Enter does
    (empty: nothing). `full`: the page fills the screen, because nothing else matters now."""

    words: str
    shape: str
    mood: PageTone
    sentence: str
    lines: tuple[StyledLine, ...]
    enter: str = ""
    full: bool = False


DOCTOR_FIRST = "Have you had new numbness, weakness, or trouble with bladder or bowels? Please see a doctor first."
WELCOME = Today(
    "WELCOME",
    "",
    PageTone.WAIT,
    "Choose a plan to begin with. You can look at each of them first.",
    (
        StyledLine("What this is", Role.HEAD),
        StyledLine(
            "runback leads you back to running in small steps, on a treadmill, guided by how your back responds."
        ),
        StyledLine("It asks how you are before a run, during it, the morning after, and two days later."),
        StyledLine("It always says why it tells you to go on, to repeat, to wait, or to see somebody."),
        StyledLine(),
        StyledLine(NOT_MEDICAL_ADVICE, Role.STRONG),
        StyledLine(DOCTOR_FIRST),
    ),
    "choose a plan",
)


def today(
    decision: Decision, plan: Plan, gate: tuple[Item, ...], tz: tzinfo, reaction: Reaction | None = None
) -> Today:
    """The page for `decision`; `gate` are the gate's items, empty once it has been passed; `reaction` is the one to the
    last run, if there was one."""
    if decision.help is not None and decision.help.urgency is Urgency.EMERGENCY:
        return _help(decision, "GET HELP NOW")
    if decision.kind is DecisionKind.LOCKED:
        if decision.help is not None:
            return _help(decision, "SEE A DOCTOR")
        page = _help(decision, "SEE A CLINICIAN")
        return replace(page, lines=(*page.lines, *_last_time(reaction)))
    words, shape, mood = _words(decision, gate)
    last = _last_time(reaction)
    lines = [*_now(decision, plan, gate), *_when(decision, tz), *last, *_gate(gate), *_notes(decision, gate)]
    return Today(words, shape, mood, f"{decision.sentence}.", tuple(lines), _enter(decision))


def broken(fault: str) -> Today:
    """The page when the journal cannot be read."""
    lines = (
        StyledLine(fault, Role.STRONG),
        StyledLine(),
        StyledLine("Nothing was changed. Until it can be read, please do not run."),
    )
    return Today("NOT READABLE", "!", PageTone.ASK, "", lines)


def _help(decision: Decision, words: str) -> Today:
    told = () if decision.help is None else decision.help.lines[decision.help.urgency is Urgency.EMERGENCY :]
    lines = [StyledLine(each, Role.STRONG) for each in told]
    unlock = (
        ""
        if decision.clearance is None
        else f"The plan continues once a clinician's clearance {decision.clearance.value} is recorded."
    )
    lines += [StyledLine(), StyledLine(f"{decision.sentence}."), StyledLine(unlock)]
    return Today(words, "!", PageTone.HELP, "", tuple(lines), full=decision.help is not None)


def _words(decision: Decision, gate: tuple[Item, ...]) -> tuple[str, str, PageTone]:
    if decision.ahead is not None:
        return "CHECK THE CLOCK", "!", PageTone.ASK
    if decision.kind is DecisionKind.FINISHED:
        return "WELL DONE", "✓", PageTone.DONE
    if decision.may_run:
        return ("CHECK IN", "", PageTone.RUN) if decision.ask else ("RUN TODAY", "»", PageTone.RUN)
    if decision.kind is DecisionKind.ASK:
        return "CHECK IN", "", PageTone.ASK
    if gate:
        return "BUILD UP", "▲", PageTone.WALK
    return "REST", "‖", PageTone.WAIT


def _now(decision: Decision, plan: Plan, gate: tuple[Item, ...]) -> list[StyledLine]:
    lines = [StyledLine("Now", Role.HEAD)]
    if decision.ahead is not None:
        return [
            *lines,
            StyledLine("Check this computer's clock. If it is right, correct or remove the record of that time."),
        ]
    if decision.ask is not None:
        lines.append(StyledLine(f"{QUESTIONS[decision.ask]} It takes a minute."))
    elif not decision.may_run and decision.clearance is not None:
        lines.append(StyledLine(f"See a clinician, who has to clear you {decision.clearance.value}."))
    elif not decision.may_run and gate:
        lines.append(
            StyledLine("Cycle, use the elliptical or walk briskly, on three days a week. Then press a to log it.")
        )
    elif not decision.may_run:
        lines.append(StyledLine("Rest from running. Walk, cycle or use the elliptical if that is comfortable."))
    if decision.may_run and decision.stage is not None:
        lines += [StyledLine(f"Then stage {decision.stage.id}: {stage_line(plan, decision.stage)}.", Role.STRONG)]
        lines += [StyledLine("Safety key clipped on, feet on the side rails, space behind you clear.")]
    return lines


def _when(decision: Decision, tz: tzinfo) -> list[StyledLine]:
    earliest = decision.earliest
    if earliest is None or earliest <= decision.at:
        return []
    lines = [StyledLine(), StyledLine("Next", Role.HEAD)]
    wait, clock_time = wait_words(earliest - decision.at), local_time(earliest, tz)
    told = f"In {wait}: {clock_time}, not before."
    if decision.overridden is not None:
        told = f"The wait would be over in {wait}: {clock_time}."
    lines.append(StyledLine(told, Role.STRONG))
    if earliest.astimezone(tz).utcoffset() != decision.at.astimezone(tz).utcoffset():
        lines.append(StyledLine("The clocks change before then; the wait is as long as it says."))
    if decision.overridden is not None:
        lines.append(StyledLine("You chose to go ahead before that; it is on record."))
    elif decision.can_override:
        lines.append(StyledLine("You can go ahead before that if you say why (o); it goes on record.", Role.QUIET))
    return lines


def _last_time(reaction: Reaction | None) -> list[StyledLine]:
    if reaction is None:
        return []
    return [StyledLine(), StyledLine(f"Pain last time, 0-10: {reaction.sentence}.")]


def _gate(gate: tuple[Item, ...]) -> list[StyledLine]:
    if not gate:
        return []
    met = sum(item.met for item in gate)
    lines = [
        StyledLine(),
        StyledLine(f"Before stage 1: {met} of {len(gate)} done  {bar(met / len(gate), 12)}", Role.HEAD),
    ]
    return [
        *lines,
        *(
            StyledLine(f"{'✓' if item.met else '□'} {item.text}", Role.GOOD if item.met else Role.PLAIN)
            for item in gate
        ),
    ]


def _notes(decision: Decision, gate: tuple[Item, ...]) -> list[StyledLine]:
    known = {item.text for item in gate}
    lines = [StyledLine(note, Role.QUIET) for note in decision.notes if note not in known]
    if decision.kind is DecisionKind.START:
        lines += [StyledLine(BEFORE_THE_FIRST_RUN), StyledLine(NOT_MEDICAL_ADVICE, Role.STRONG)]
    return [StyledLine(), *lines] if lines else []


def _enter(decision: Decision) -> str:
    if decision.ahead is not None:
        return ""
    if decision.ask is not None:
        return "answer" if decision.ask in (DueQuestion.DECLARATION, DueQuestion.WALK_MORNING) else "check in"
    if decision.may_run and decision.stage is not None:
        return f"run stage {decision.stage.id}"
    return ""


def stage_line(plan: Plan, stage: PlanStage) -> str:
    """A stage in a line: what is run and walked, and how much running it is."""
    pattern = _AMOUNT.sub(_amount, stage.pattern).replace("x(", " × (")
    again = ", and again" if stage.until is not None else ""
    return f"{pattern}{again}: {clock(plan.run_seconds(stage))} of running"


def _amount(match: re.Match[str]) -> str:
    amount, unit = match.groups()
    return f"{amount} miles" if unit == "mi" else clock(float(amount) * (60 if unit == "m" else 1))


def clock(seconds: float) -> str:
    """Minutes and seconds, `5:00`."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"
