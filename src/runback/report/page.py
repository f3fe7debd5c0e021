"""The clinician's page: one dossier in, one HTML file out. What it looks like and says is in `templates/`.

Rules:
- The same dossier gives the same page, to the byte: the moment it is made at is in the dossier.
- Readable without its style sheet: headings, lists and tables in the order they are to be read.
- It says what it is not: no medical device, no medical advice, nothing measured about the back itself.
- Markup is only ever a template's; a value is only ever text, and is escaped: nobody's word becomes markup. What is not
  shown anywhere (`error_text.shows`) is U+FFFD here; lines stay lines, blanks blanks.
- Nothing is loaded from anywhere: no address, no script.
- This is the only file of the room that imports Jinja2; it is imported when a page is made, not before.

Source: training.md "The plan", "Check-ins and the rules".
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from runback.config_files.error_text import shows
from runback.journal.model import SessionRow
from runback.rehab.plan import ProgressionKind
from runback.rehab.records import CheckInMoment, Timed
from runback.rehab.status import NOT_MEDICAL_ADVICE, status_lines
from runback.report import charts, formatting, tables
from runback.report.decisions import decisions
from runback.report.report_data import Done, ReportData, outside, red_flags, report_totals, rest_needed, sessions_done

_BLANKS = re.compile("[\n\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
"""Ends of lines, tabs, and the blanks of Unicode (category Zs)."""


def page(dossier: ReportData) -> str:
    """The page for `dossier`, HTML. Raises PlanError for a session at a stage that the plan does not have."""
    done = tuple(each for each in sessions_done(dossier) if dossier.shows(each.session.began))
    told = decisions(dossier)
    last = told[-1].decision
    repeated = (f"{last.sentence}.", NOT_MEDICAL_ADVICE)  # both stand on the page already
    template = _environment().get_template("report.html.j2")
    return template.render(
        dossier=dossier,
        plan=dossier.plan,
        history=dossier.history,
        now=dossier.now,
        flags=red_flags(dossier),
        decisions=told,
        notes=[line for line in status_lines(last, dossier.tz) if line not in repeated],
        done=done,
        totals=report_totals(dossier, done),
        rest_needed=rest_needed(dossier.plan),
        drawings=_drawings(dossier, done) if done else {},
        remarks=[each for each in dossier.remarks if dossier.shows(each.at) and each.words.strip()],
        injury=tables.injury(dossier.history),
        weeks=tables.weeks_beside(dossier),
        outside=outside(dossier),
        by_check_ins=dossier.plan.rules.judge is ProgressionKind.CHECK_INS,
        moments=tuple(CheckInMoment),
    )


def _drawings(dossier: ReportData, done: Sequence[Done]) -> dict[str, charts.Drawing]:
    return {
        "run": charts.run_minutes(done),
        "pain": charts.pain_curve(dossier, done),
        "rest": charts.rest_hours(dossier, done),
    }


@functools.cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("runback.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(
        day=_local(formatting.day),
        time=_local(formatting.time),
        zone=_local(formatting.zone),
        minutes=formatting.minutes,
        hours=formatting.hours,
        number=formatting.number,
        times=formatting.times,
        signs=formatting.signs,
        cause=formatting.cause,
        pain_at=tables.pain_at,
        reacted=tables.reacted,
        measured=_measured,
        since=_since,
    )
    made.globals.update(
        NONE=formatting.NONE, MISSING=formatting.MISSING, LETTERS=formatting.LETTERS, RULES=formatting.RULES
    )
    return made


def _local(spell: Callable[[datetime, tzinfo], str]) -> Callable[[Context, datetime], str]:
    """The filter that spells a moment in the dossier's zone."""
    return pass_context(lambda context, at: spell(at, context["dossier"].tz))


@pass_context
def _measured(context: Context, kept: SessionRow | None) -> str:
    return tables.measured(kept, context["dossier"].unit)


@pass_context
def _since(context: Context, records: Iterable[Timed]) -> list[Timed]:
    """Those of `records` that the page shows."""
    return [each for each in records if context["dossier"].shows(each.at)]


def _shown(value: object) -> object:
    """`value` as a template puts it into the page, before it is escaped: without what a reader cannot see, or a
    document cannot hold."""
    if hasattr(value, "__html__"):  # a macro's own; what was put into it has come through here
        return value
    text = str(value)
    if text.isascii() and text.isprintable():  # nearly all of them
        return text
    return "".join(each if shows(each) or _BLANKS.match(each) else "\ufffd" for each in text)
