"""`runback report`: the clinician's page, made from the journal."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from runback import __version__
from runback.cli import settings_source
from runback.cli.files import save
from runback.cli.local_time import SystemZone, day, local_now
from runback.config_files.error_text import quoted
from runback.errors import InputError
from runback.units import Unit

if TYPE_CHECKING:
    from runback.report.report_data import Note, ReportData
    from runback.training_log.log import TrainingLog


@click.command()
@click.option("--output", "-o", metavar="FILE|-", help="Where to; else a new file in this folder.")
@click.option("--since", metavar="DATE", help="Show what happened from that day on, like 2026-01-31.")
@settings_source.units_option
def report(output: str | None, since: str | None) -> int:
    """Make the page for a clinician: one HTML file with what was planned, done, said and decided."""
    return write_report(output, since, unit=settings_source.unit())


def write_report(
    output: str | None,
    since: str | None,
    journal: Path | None = None,
    now: datetime | None = None,
    unit: Unit = Unit.KMH,
) -> int:
    """Make the page of `journal`: in `output` (`-`: standard output), or a new file in the present folder. Raises
    InputError if no plan is followed, a date is none, or the file exists."""
    from runback.journal.database import default_path
    from runback.report.page import page

    moment = local_now() if now is None else now
    path = default_path() if journal is None else journal
    made = replace(dossier(path, moment, _date(since)), unit=unit)
    data = page(made).encode()
    if output == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        save(Path(output) if output else Path(f"runback-report-{moment.astimezone(made.tz):%Y-%m-%d}.html"), data)
    return 0


def dossier(path: Path, now: datetime, since: datetime | None = None) -> ReportData:
    """Everything the journal at `path` has for the page. Raises InputError if no plan is followed."""
    from runback.journal.queries import history
    from runback.rehab.library import load
    from runback.report.report_data import ReportData
    from runback.training_log.log import TrainingLog

    book = TrainingLog(path)
    choice = book.choice()
    if choice is None:
        raise InputError("report", "no plan is followed yet", "begin one with `runback plan start NAME`")
    return ReportData(
        plan=load(choice.name),
        history=book.history(),
        now=now,
        tz=SystemZone(),
        program=__version__,
        sessions=history(path, simulated=choice.rehearsal),
        cautious=choice.cautious,
        since=since,
        rehearsal=choice.rehearsal,
        remarks=remarks(book),
    )


def remarks(book: TrainingLog) -> tuple[Note, ...]:
    """What the person wrote beside the records that stand."""
    from runback.rehab.activity import LoggedActivity
    from runback.rehab.records import CheckIn
    from runback.report.report_data import Note
    from runback.training_log.entries import PlanChoice, Withdrawal

    found: list[Note] = []
    for kept in book.kept():
        record = kept.record
        if isinstance(record, (PlanChoice, Withdrawal)) or kept.replaced_by is not None or not kept.words.strip():
            continue
        about = type(record).__name__.lower()
        if isinstance(record, CheckIn):
            about = f"check-in ({record.moment.value})"
        elif isinstance(record, LoggedActivity):
            about = record.kind.value
        found.append(Note(record.at, about, kept.words))
    return tuple(sorted(found, key=lambda each: each.at))


def _date(text: str | None) -> datetime | None:
    """Local midnight of a day written as 2026-01-31. Raises InputError."""
    if text is None:
        return None
    try:
        return day(text).replace(tzinfo=SystemZone())
    except ValueError:
        raise InputError("--since", f"{quoted(text)} is not a date", "write it like 2026-01-31") from None
