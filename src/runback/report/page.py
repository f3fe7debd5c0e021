"""The clinician's page: one dossier in, one HTML file out.

Rules:
- The same dossier gives the same page, to the byte: the moment it is made at is in the dossier.
- Red flags come first, those from before `since` too; then where the plan stands; then what was done, said and decided.
- Readable without its style sheet: headings, lists and tables in the order they are to be read.
- It says what it is not: no medical device, no medical advice, nothing measured about the back itself.

Source: training.md "The plan", "Check-ins and the rules".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from runback.rehab.plan import ProgressionKind
from runback.rehab.records import Cleared
from runback.rehab.status import NOT_MEDICAL_ADVICE, status_lines
from runback.report import charts, tables
from runback.report.decisions import DecisionAt, decisions
from runback.report.formatting import NONE, RULES, day, minutes, time, zone
from runback.report.html import Child, Element, document, node, said
from runback.report.report_data import Done, ReportData, outside, rest_needed, sessions_done
from runback.report.style import STYLE

TITLE = "Return to running: report for the clinician"
NOT_A_DEVICE = "runback is a treadmill timer. It is not a medical device, and what it says is not medical advice."


def page(dossier: ReportData) -> str:
    """The page for `dossier`, HTML. Raises PlanError for a session at a stage that the plan does not have."""
    done = tuple(each for each in sessions_done(dossier) if dossier.shows(each.session.began))
    told = decisions(dossier)
    body = node(
        "main",
        *_header(dossier),
        _flags(dossier),
        _now(dossier, told[-1]),
        _overview(dossier, done),
        *_drawings(dossier, done),
        _section("Sessions", tables.sessions_table(dossier, done)),
        _section("Gone ahead before the rest was over", tables.overrides_table(dossier)),
        _section("Decisions", tables.decisions_table(dossier, told)),
        _section("Check-ins", tables.check_ins_table(dossier)),
        _section("What the person wrote beside them", tables.remarks_table(dossier)),
        _section("Injury and clearances", tables.clinicians_table(dossier)),
        _section("Beside the running", tables.beside_table(dossier)),
        _section("Other sessions on the treadmill", tables.outside_table(dossier, outside(dossier))),
        _rules(dossier),
    )
    foot = node(
        "footer",
        node("p", f"Made by runback {dossier.program} on {time(dossier.now, dossier.tz)}. {NOT_A_DEVICE}"),
        node("p", "Pain and symptoms are as the person entered them; speeds and times as the treadmill reported them."),
    )
    return document(f"{TITLE}, {day(dossier.now, dossier.tz)}", STYLE, body, foot)


def _drawings(dossier: ReportData, done: Sequence[Done]) -> list[Child]:
    drawings = [
        _figure(charts.run_minutes(done), "White: planned. Grey: done. Below: the session's number, and its stage."),
        _figure(
            charts.pain_curve(dossier, done),
            "The line joins the worst during each run, the dashed one the next mornings. A cross with a letter: "
            "that check-in is missing. Short lines on the axis: sessions.",
        ),
        _figure(
            charts.rest_hours(dossier, done),
            "From the end of a session to the begin of the next. Hatched: shorter than the plan wants.",
        ),
    ]
    return [_section("Planned and done", *drawings)] if done else []


def _section(title: str, *children: Child) -> Element:
    return node("section", node("h2", title), *children)


def _figure(drawing: Element, caption: str) -> Element:
    return node("figure", drawing, node("figcaption", caption))


def _list(pairs: Sequence[tuple[str, Child]]) -> Element:
    items: list[Child] = []
    for name, value in pairs:
        items += [node("dt", name), node("dd", value)]
    return node("dl", *items)


def _header(dossier: ReportData) -> list[Child]:
    plan, now, tz = dossier.plan, dossier.now, dossier.tz
    covered = "everything recorded" if dossier.since is None else f"from {day(dossier.since, tz)}"
    pairs: list[tuple[str, Child]] = [
        ("Made", f"{time(now, tz)}, times are {zone(now, tz)}, and local to that zone on each day"),
        ("Covers", f"{covered}, up to {day(now, tz)}"),
        ("Plan", f"{plan.title}{' (cautious: every stage twice)' if dossier.cautious else ''}"),
        ("Made for", plan.audience),
        ("Source", plan.source),
    ]
    if plan.exclusions:
        pairs.append(("Not for", " ".join(plan.exclusions)))
    rehearsal = "This is a rehearsal: sessions on the simulated treadmill are among those below."
    return [
        node("h1", TITLE),
        node("p", f"For the clinician. {NOT_A_DEVICE}", class_="notice"),
        node("p", node("strong", rehearsal), class_="notice") if dossier.rehearsal else None,
        _list(pairs),
    ]


def _flags(dossier: ReportData) -> Element:
    history, tz = dossier.history, dossier.tz
    flagged = [each for each in history.check_ins if each.red_flags]
    if not flagged:
        asked = len(history.check_ins)
        words = (
            f"None was reported in {asked} check-in{'' if asked == 1 else 's'}." if asked else "Nobody was asked yet."
        )
        return node("section", node("h2", "Red flags"), node("p", words))
    lines = []
    for each in flagged:
        cleared = [
            other
            for other in history.clearances
            if other.what is Cleared.RED_FLAG and each.at < other.at <= dossier.now
        ]
        after: list[Child] = [node("strong", " Not cleared: the plan is locked.")]
        if cleared:
            after = [f" Cleared on {time(cleared[0].at, tz)} by ", said(cleared[0].clinician), "."]
        for flag in sorted(each.red_flags):
            about = (
                f" ({flag.urgency.value}), {time(each.at, tz)}, check-in “{each.moment.value}”: “{flag.question}” Yes."
            )
            lines.append(node("li", node("strong", flag.value), about, *after))
    return node("section", node("h2", "Red flags reported"), node("ul", *lines), class_="flags")


def _now(dossier: ReportData, last: DecisionAt) -> Element:
    rule = f"Rule {last.decision.rule}. " if last.decision.rule else ""
    lines = status_lines(last.decision, dossier.tz)
    told: list[Child] = [node("p", node("strong", node("bdi", f"{rule}{last.decision.sentence}.")))]
    others = [line for line in lines if line != f"{last.decision.sentence}." and line != NOT_MEDICAL_ADVICE]
    stage = last.decision.stage
    if stage is not None:
        told.append(node("p", f"Stage {stage.id}: {stage.pattern}."))
    told.append(node("ul", *(node("li", node("bdi", line)) for line in others)) if others else None)
    return node("section", node("h2", "Where the plan stands"), *told, class_="now")


def _overview(dossier: ReportData, done: Sequence[Done]) -> Element:
    needed = rest_needed(dossier.plan)
    gaps = [each for each in done if each.rest is not None]
    kept = [each for each in gaps if not each.short(needed)]
    planned = sum(each.session.planned_run for each in done)
    ran = sum(each.session.done_run for each in done)
    missing = sum(len(each.case.missing) for each in done if each.case is not None)
    asked = sum(4 - len(each.case.pending) for each in done if each.case is not None)
    hours = needed // timedelta(hours=1)
    overridden = sum(each.override is not None for each in gaps if each.short(needed))
    short = len(gaps) - len(kept)
    rest = f"{len(kept)} of {len(gaps)}" if gaps else NONE
    if short:
        rest += f"; of the {short} shorter, {overridden} with a recorded reason"
    share = f" ({int(100 * ran / planned)} %)" if planned else ""
    pairs: list[tuple[str, Child]] = [
        ("Sessions", str(len(done))),
        ("Running done", f"{minutes(ran)} of {minutes(planned)} planned, minutes and seconds{share}"),
        (f"Rest of {hours} h kept", rest),
        ("Check-ins missing", f"{missing} of {asked}" if asked else NONE),
        ("Ended because of symptoms", str(sum(each.session.stopped for each in done))),
    ]
    return _section("In short", _list(pairs))


def _rules(dossier: ReportData) -> Element:
    lines = [node("li", line) for line in dossier.plan.rules.says]
    numbered: list[Child] = []
    if dossier.plan.rules.judge is ProgressionKind.CHECK_INS:
        numbered = [
            node(
                "p", "The lowest number that applies decides; 7 and 8 may only be more careful. This project's design:"
            ),
            node("ol", *(node("li", words) for words in RULES.values())),
        ]
    note = "[V]: as read in the source; [D]: this project's own design."
    return _section("The rules of this plan", node("ul", *lines) if lines else None, *numbered, node("p", note))
