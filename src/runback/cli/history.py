"""`runback history`: sessions with what was planned and done, the pain around them, and what was decided.

Rules:
- A decision is told as it was in force when the next session began, with the override it was begun with.
- `--all` also lists every record, the replaced ones too, and the sessions that do not count.
"""

from __future__ import annotations

import json as json_module
from datetime import datetime

import click

from runback.casebook.book import Casebook
from runback.casebook.chronicle import Chapter, chapters
from runback.casebook.codec import write
from runback.casebook.kept import Kept
from runback.cli.telling import casebook
from runback.cli.zone import local_now
from runback.journal import queries
from runback.journal.database import default_path
from runback.journal.model import Session
from runback.rehab import library
from runback.workout.wording import printable, spell_duration


def show_history(*, json: bool, everything: bool) -> int:
    """The sessions of every plan, oldest first; then, if `everything` is wanted, the rest."""
    book, now = casebook(), local_now()
    for chapter in _chapters(book, now):
        _out(_as_json(chapter, now) if json else None, _lines(chapter, now))
    if everything:
        _the_rest(book, now, json=json)
    return 0


def _chapters(book: Casebook, now: datetime) -> list[Chapter]:
    history, choice, zone = book.history(), book.choice(), now.tzinfo
    if zone is None:
        raise ValueError("now is naive")
    known = library.names()
    plans = dict.fromkeys(each.plan for each in history.sessions if each.plan in known)
    found: list[Chapter] = []
    for name in plans:
        cautious = choice is not None and choice.name == name and choice.cautious
        found += chapters(library.load(name), history, now, cautious=cautious, tz=zone)
    return sorted(found, key=lambda chapter: chapter.session.began)


def _out(shown: dict[str, object] | None, lines: list[str]) -> None:
    if shown is not None:
        click.echo(json_module.dumps(shown))
        return
    for line in lines:
        click.echo(line)


def _when(at: datetime, now: datetime) -> str:
    return f"{at.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"


def _lines(chapter: Chapter, now: datetime) -> list[str]:
    session = chapter.session
    ran = f"{spell_duration(round(session.done_run))} of {spell_duration(round(session.planned_run))} run"
    pain = (chapter.before, chapter.during, chapter.morning, chapter.gate)
    said = " ".join("-" if each is None else str(each) for each in pain)
    lines = [
        f"{_when(session.began, now)}  {session.plan} {session.stage}: {ran} ({session.share:.0%}); "
        f"pain before, during, next morning, gate: {said}"
    ]
    if chapter.override is not None:
        lines.append(f"    gone ahead against the wait, because: {printable(chapter.override.words, 500)}")
    return [*lines, f"    {chapter.decision.sentence}."]


def _as_json(chapter: Chapter, now: datetime) -> dict[str, object]:
    session, override, decision = chapter.session, chapter.override, chapter.decision
    return {
        "type": "session",
        "plan": session.plan,
        "stage": session.stage,
        "began": session.began.astimezone(now.tzinfo).isoformat(),
        "ended": session.ended.astimezone(now.tzinfo).isoformat(),
        "planned_run_s": session.planned_run,
        "done_run_s": session.done_run,
        "pain_before": chapter.before,
        "pain_during": chapter.during,
        "pain_next_morning": chapter.morning,
        "pain_gate": chapter.gate,
        "override": None if override is None else {"words": override.words, "decision": override.decision},
        "ruling": decision.kind.value,
        "rule": decision.rule,
        "next_stage": None if decision.stage is None else decision.stage.id,
        "sentence": decision.sentence,
    }


def _the_rest(book: Casebook, now: datetime, *, json: bool) -> None:
    for kept in book.kept():
        _out(_record_as_json(kept, now) if json else None, [_record_line(kept, now)])
    counted = {training.id for training in book.trainings() if training.done is not None}
    for session in reversed(queries.history(default_path())):
        if session.id not in counted:
            _out(_session_as_json(session, now) if json else None, [_session_line(session, now)])


def _record_line(kept: Kept, now: datetime) -> str:
    made = write(kept.record)
    told = ", ".join(f"{key} {value}" for key, value in made.payload.items() if value not in (False, None, []))
    words = f'; "{printable(kept.words, 500)}"' if kept.words else ""
    gone = "" if kept.replaced_by is None else f"; replaced by {kept.replaced_by}"
    return f"{_when(made.at, now)}  record {kept.id}, {made.kind}: {printable(told, 500)}{words}{gone}"


def _record_as_json(kept: Kept, now: datetime) -> dict[str, object]:
    made = write(kept.record)
    return {
        "type": "record",
        "record": kept.id,
        "kind": made.kind,
        "at": made.at.astimezone(now.tzinfo).isoformat(),
        "payload": dict(made.payload),
        "words": kept.words,
        "replaces": kept.replaces,
        "replaced_by": kept.replaced_by,
    }


def _session_line(session: Session, now: datetime) -> str:
    what = "simulated" if session.simulated else "not of a plan"
    active = f"{spell_duration(session.active // 1000)} of {spell_duration(session.planned // 1000)}"
    name = printable(session.workout, 60)
    return f"{_when(session.began, now)}  session {session.id}, {name}: {active}; {what}, does not count"


def _session_as_json(session: Session, now: datetime) -> dict[str, object]:
    return {
        "type": "other session",
        "session": session.id,
        "workout": session.workout,
        "began": session.began.astimezone(now.tzinfo).isoformat(),
        "planned_s": session.planned / 1000,
        "actual_s": session.active / 1000,
        "simulated": session.simulated,
        "outcome": session.outcome,
    }
