"""The page's tables: sessions, decisions, check-ins, and what was recorded beside them.

Rules:
- A table with nothing in it says so in words. Its first column heads each row.
- Only `said` holds what a person wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from runback.journal.model import SessionRow
from runback.rehab.exercises import CHECKLIST
from runback.rehab.records import CheckInMoment
from runback.report.decisions import DecisionAt
from runback.report.formatting import LETTERS, MISSING, NONE, cause, hours, minutes, pain, signs, time
from runback.report.html import Child, Element, node, said
from runback.report.report_data import Done, ReportData, rest_needed
from runback.units import Unit, spell, spell_length

Cell = Child | tuple[Child, ...]
FIGURE, MOMENT = "figure", "moment"


def table(caption: str, heads: Sequence[tuple[str, str]], rows: Sequence[Sequence[Cell]], empty: str) -> Element:
    """A table; `heads` are each column's name and class. `empty` is said if there are no rows."""
    if not rows:
        return node("p", empty)
    head = node("tr", *(node("th", name, scope="col", class_=kind) for name, kind in heads))
    body = [node("tr", *(_cell(place, cell, heads[place][1]) for place, cell in enumerate(row))) for row in rows]
    whole = node("table", node("caption", caption), node("thead", head), node("tbody", *body))
    return node("div", whole, class_="scroll")


def _cell(place: int, cell: Cell, kind: str) -> Element:
    children = cell if isinstance(cell, tuple) else (cell,)
    kind = f"{kind} missing".strip() if cell == MISSING else kind
    if place == 0:
        return node("th", *children, scope="row", class_=kind)
    return node("td", *children, class_=kind)


def sessions_table(dossier: ReportData, done: Sequence[Done]) -> Element:
    """One row a session: planned and done, pain, rest, what the treadmill told."""
    heads = [
        *(("#", FIGURE), ("Begun", MOMENT), ("Stage", "")),
        *(("Run done, of planned", FIGURE), ("Rest before", "")),
        *((f"{LETTERS[moment]}", FIGURE) for moment in CheckInMoment),
        *(("Measured", ""), ("How it ended", "")),
    ]
    caption = (
        "Minutes and seconds of running; pain 0–10 before (B), worst during (D), next morning (M) and at the "
        f"{dossier.plan.rules.rest_hours} h gate (G), the worst that was said at each; "
        "measured: distance, top speed, mean heart rate"
    )
    rows = [_session_row(dossier, each) for each in done]
    return table(caption, heads, rows, "No session is recorded.")


def _session_row(dossier: ReportData, each: Done) -> list[Cell]:
    session = each.session
    other = "" if session.plan == dossier.plan.name else f" of {session.plan}"
    rest: Cell = NONE if each.rest is None else hours(each.rest)
    if each.rest is not None and each.short(rest_needed(dossier.plan)):
        how = "reason given" if each.override is not None else "no reason"
        rest = node("strong", f"{hours(each.rest)} ({how})")
    return [
        str(each.number),
        time(session.began, dossier.tz),
        f"{session.stage}{other}",
        f"{minutes(session.done_run)} of {minutes(session.planned_run)}, {int(session.share * 100)} %",
        rest,
        *(_pain(each, moment) for moment in CheckInMoment),
        _measured(each.measured, dossier.unit),
        _ending(each),
    ]


def _pain(each: Done, moment: CheckInMoment) -> str:
    if each.case is None:
        return NONE
    return "not yet" if moment in each.case.pending else pain(each.pain(moment))


def _measured(kept: SessionRow | None, unit: Unit) -> str:
    if kept is None:
        return "not measured"
    metres = None if kept.distance is None else kept.distance / 10
    distance = "" if metres is None else f"{metres:.0f} m" if unit.length == "km" else spell_length(metres, unit)
    top = "" if kept.top_speed is None else spell(kept.top_speed, unit)
    beats = "" if kept.mean_heart_rate is None else f"{kept.mean_heart_rate} bpm"
    return ", ".join(filter(None, (distance, top, beats))) or "not measured"


def _ending(each: Done) -> tuple[Child, ...]:
    words = ["ended because of symptoms"] if each.session.stopped else []
    if each.measured is not None:
        words.insert(0, each.measured.outcome or "the program was interrupted")
    reason = None if each.measured is None else each.measured.reason
    about = ", ".join(words) or NONE
    return (about,) if reason is None else (f"{about}: ", said(reason))


def decisions_table(dossier: ReportData, told: Sequence[DecisionAt]) -> Element:
    """Each decision with its sentence and the rule's number."""
    heads = [("When", MOMENT), ("After", ""), ("Decision, and why", ""), ("Rule", FIGURE)]
    rows: list[Sequence[Cell]] = []
    for each in told:
        decision = each.decision
        sentence: tuple[Child, ...] = (node("bdi", f"{decision.sentence}."),)
        if each.against:
            sentence = (*sentence, node("strong", " The session was begun all the same."))
        elif each.begins and decision.overridden is None and decision.ask is not None:
            sentence = (*sentence, f" The session was begun without an answer ({decision.ask.value}).")
        rows.append([time(each.at, dossier.tz), cause(each), sentence, str(decision.rule) if decision.rule else NONE])
    caption = (
        "What the rules say to the records as they stood at each time, where it changed and where a session began. "
        f"{NONE}: the rest, the gate, or a question, which have no number"
    )
    return table(caption, heads, rows, "Nothing was decided.")


def check_ins_table(dossier: ReportData) -> Element:
    """Every answer as it was given."""
    heads = [("When", MOMENT), ("Check-in", ""), ("Pain", FIGURE), ("Signs", "")]
    rows: list[Sequence[Cell]] = [
        [
            time(each.at, dossier.tz),
            f"{LETTERS[each.moment]} {each.moment.value}",
            str(each.pain),
            node("strong", signs(each)) if each.red_flags else signs(each),
        ]
        for each in dossier.history.check_ins
        if dossier.shows(each.at)
    ]
    return table("Pain 0–10, and what else was reported", heads, rows, "No check-in is recorded.")


def overrides_table(dossier: ReportData) -> Element:
    """Each time the person went ahead, and why, in their own words."""
    heads = [("When", MOMENT), ("Against", ""), ("Would have waited until", MOMENT), ("In their own words", "")]
    rows: list[Sequence[Cell]] = [
        [time(each.at, dossier.tz), node("bdi", each.decision), time(each.until, dossier.tz), said(each.words)]
        for each in dossier.history.overrides
        if dossier.shows(each.at)
    ]
    return table("The sentence is the one that was shown at the time", heads, rows, "There was none.")


def remarks_table(dossier: ReportData) -> Element:
    """What the person wrote beside their records."""
    heads = [("When", MOMENT), ("About", ""), ("In their own words", "")]
    rows: list[Sequence[Cell]] = [
        [time(each.at, dossier.tz), each.about, said(each.words)]
        for each in dossier.remarks
        if dossier.shows(each.at) and each.words.strip()
    ]
    return table("As they were written", heads, rows, "Nothing was written.")


def clinicians_table(dossier: ReportData) -> Element:
    """What was said about the injury, and what clinicians have cleared, as the person recorded it."""
    heads = [("When", MOMENT), ("What", ""), ("Who", "")]
    found: list[tuple[str, Sequence[Cell]]] = []
    for declared in dossier.history.declarations:
        words = f"leg symptoms: {_yes(declared.leg_symptoms)}; back surgery: {_yes(declared.surgery)}"
        found.append((declared.at.isoformat(), [time(declared.at, dossier.tz), words, "the person"]))
    for cleared in dossier.history.clearances:
        row: Sequence[Cell] = [
            time(cleared.at, dossier.tz),
            f"cleared {cleared.what.value}",
            said(cleared.clinician),
        ]
        found.append((cleared.at.isoformat(), row))
    rows = [row for _, row in sorted(found, key=lambda each: each[0])]
    return table("As the person recorded it, from the beginning", heads, rows, "Nothing is recorded.")


def beside_table(dossier: ReportData) -> Element:
    """Low-impact work and exercises, week by week from the first."""
    history = dossier.history
    times = [each.at for each in history.activities] + [each.at for each in history.exercises]
    times = [at for at in times if dossier.shows(at)]
    if not times:
        return node("p", "None is recorded.")
    first = min(times)
    weeks = (max(times) - first) // timedelta(days=7) + 1
    rows: list[Sequence[Cell]] = []
    for week in range(weeks):
        begins = first + timedelta(days=7 * week)
        ends = begins + timedelta(days=7)
        work = [each for each in history.activities if begins <= each.at < ends]
        done = [each for each in history.exercises if begins <= each.at < ends]
        kinds = dict.fromkeys(each.kind.value for each in work)
        told = (
            f"{kind} {sum(each.minutes for each in work if each.kind.value == kind):g} min "
            f"({_times(sum(each.kind.value == kind for each in work))})"
            for kind in kinds
        )
        worst = max((each.pain for each in work), default=None)
        known = {exercise.id: exercise.name for exercise in CHECKLIST}
        names = sorted({known.get(id_, "another") for each in done for id_ in each.done})
        exercised = f"{_times(len(done))}: {', '.join(names)}" if done else NONE
        rows.append(
            [time(begins, dossier.tz)[:10], "; ".join(told) or NONE, NONE if worst is None else str(worst), exercised]
        )
    heads = [("Week from", MOMENT), ("Low-impact work", ""), ("Worst pain", FIGURE), ("Exercises", "")]
    return table("Rowing is kept, but does not count as low-impact work", heads, rows, "None is recorded.")


def outside_table(dossier: ReportData, sessions: Sequence[SessionRow]) -> Element:
    """Sessions on the treadmill that were no stage of a plan."""
    heads = [("Begun", MOMENT), ("Workout", ""), ("On the belt", FIGURE), ("Measured", ""), ("How it ended", "")]
    rows: list[Sequence[Cell]] = [
        [
            time(each.began, dossier.tz),
            said(each.workout),
            minutes(each.active / 1000),
            _measured(each, dossier.unit),
            each.outcome or "the program was interrupted",
        ]
        for each in sessions
    ]
    return table("The rules know nothing of these", heads, rows, "There was none.")


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _yes(value: bool) -> str:
    return "yes" if value else "no"
