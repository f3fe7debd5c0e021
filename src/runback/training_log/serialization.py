"""Records as entries of the journal, and back.

Rules:
- Each type has its kind, its payload, and its reader. An entry's own time is the record's; a payload never repeats it.
- Read strictly: an unknown kind, a newer version, a field too many or too few is refused in one line, never guessed.
- A form that was released is never edited: a change is a new version, and the old one stays readable.
- Every payload may carry `words` (the person's own, to the last character) and `replaces` (an entry's number).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from runback.errors import JournalError, PlanError
from runback.journal.model import Json, LogRow
from runback.rehab.activity import ActivityKind, ExercisesDone, LoggedActivity
from runback.rehab.records import (
    CheckIn,
    CheckInMoment,
    Clearance,
    Cleared,
    Declaration,
    LegSymptoms,
    Override,
    SessionDone,
)
from runback.rehab.red_flags import RedFlag, StopSign
from runback.training_log.entries import LogEntry, PlanChoice, Record, Withdrawal
from runback.training_log.fields import Fields, names

Anything = Record | PlanChoice | Withdrawal
_VERSION = 1


def _check_in(record: CheckIn) -> dict[str, Json]:
    return {
        "moment": record.moment.name,
        "pain": record.pain,
        "leg": record.leg.name,
        "limp": record.limp,
        "sharp_pain": record.sharp_pain,
        "red_flags": names(record.red_flags),
        "stop_signs": names(record.stop_signs),
    }


def _read_check_in(fields: Fields, at: datetime) -> CheckIn:
    return CheckIn(
        fields.member("moment", CheckInMoment),
        at,
        fields.whole("pain"),
        leg=fields.member("leg", LegSymptoms),
        limp=fields.flag("limp"),
        sharp_pain=fields.flag("sharp_pain"),
        red_flags=fields.members("red_flags", RedFlag),
        stop_signs=fields.members("stop_signs", StopSign),
    )


def _activity(record: LoggedActivity) -> dict[str, Json]:
    rise = record.rise_next_morning
    return {"kind": record.kind.name, "minutes": record.minutes, "pain": record.pain, "rise_next_morning": rise}


def _read_activity(fields: Fields, at: datetime) -> LoggedActivity:
    kind, minutes = fields.member("kind", ActivityKind), fields.number("minutes")
    return LoggedActivity(kind, minutes, at, fields.whole("pain"), fields.maybe("rise_next_morning"))


def _read_exercises(fields: Fields, at: datetime) -> ExercisesDone:
    return ExercisesDone(at, fields.texts("done"))


def _read_declaration(fields: Fields, at: datetime) -> Declaration:
    return Declaration(at, leg_symptoms=fields.flag("leg_symptoms"), surgery=fields.flag("surgery"))


def _read_clearance(fields: Fields, at: datetime) -> Clearance:
    return Clearance(fields.member("what", Cleared), at, fields.text("clinician"))


def _read_override(fields: Fields, at: datetime) -> Override:
    return Override(at, fields.text("decision"), fields.moment("until"), fields.text("because"))


def _session(record: SessionDone) -> dict[str, Json]:
    return {
        "plan": record.plan,
        "stage": record.stage,
        "began": record.began.isoformat(),
        "planned_run": record.planned_run,
        "done_run": record.done_run,
        "stopped": record.stopped,
    }


def _read_session(fields: Fields, at: datetime) -> SessionDone:
    return SessionDone(
        fields.text("plan"),
        fields.text("stage"),
        fields.moment("began"),
        at,
        fields.number("planned_run"),
        fields.number("done_run"),
        fields.flag("stopped"),
    )


def _read_choice(fields: Fields, at: datetime) -> PlanChoice:
    return PlanChoice(fields.text("name"), fields.flag("cautious"), at, fields.flag("rehearsal"))


def _read_withdrawal(fields: Fields, at: datetime) -> Withdrawal:
    return Withdrawal(at, fields.text("because"))


_READ: Mapping[str, Callable[[Fields, datetime], Anything]] = {
    "check-in": _read_check_in,
    "activity": _read_activity,
    "exercises": _read_exercises,
    "declaration": _read_declaration,
    "clearance": _read_clearance,
    "override": _read_override,
    "session": _read_session,
    "plan": _read_choice,
    "withdrawal": _read_withdrawal,
}


def _written(record: Anything) -> tuple[str, dict[str, Json]]:
    match record:
        case CheckIn():
            return "check-in", _check_in(record)
        case LoggedActivity():
            return "activity", _activity(record)
        case ExercisesDone():
            return "exercises", {"done": [*sorted(record.done)]}
        case Declaration():
            return "declaration", {"leg_symptoms": record.leg_symptoms, "surgery": record.surgery}
        case Clearance():
            return "clearance", {"what": record.what.name, "clinician": record.clinician}
        case Override():
            told = {"decision": record.decision, "until": record.until.isoformat(), "because": record.words}
            return "override", {**told}
        case SessionDone():
            return "session", _session(record)
        case PlanChoice():
            return "plan", {"name": record.name, "cautious": record.cautious, "rehearsal": record.rehearsal}
    return "withdrawal", {"because": record.words}


@dataclass(frozen=True, slots=True)
class SerializedRecord:
    """What the journal is given for a record."""

    kind: str
    at: datetime
    version: int
    payload: Mapping[str, Json]


def write(record: Anything, words: str = "", replaces: int | None = None) -> SerializedRecord:
    """`record` as an entry."""
    kind, payload = _written(record)
    if words:
        payload["words"] = words
    if replaces is not None:
        payload["replaces"] = replaces
    return SerializedRecord(kind, record.at, _VERSION, payload)


def read(entry: LogRow, path: str) -> LogEntry:
    """The record that `entry` of the journal at `path` keeps. Raises JournalError for what this program does not
    know."""
    where = f"{path}: entry {entry.id}"
    reader = _READ.get(entry.kind)
    if reader is None or entry.version > _VERSION:
        what = f"{ascii(entry.kind)[:40]}, version {entry.version}, is not known here: a newer runback has written it"
        raise JournalError(where, what, "update runback; nothing was changed")
    if entry.version != _VERSION:
        raise JournalError(where, f"there is no version {entry.version}", "the file is damaged")
    payload = dict(entry.payload)
    extras = Fields({key: payload.pop(key) for key in ("words", "replaces") if key in payload}, where)
    words = extras.text("words") if "words" in entry.payload else ""
    replaces = extras.whole("replaces") if "replaces" in entry.payload else None
    fields = Fields(payload, where)
    try:
        record = reader(fields, entry.at)
    except PlanError as error:
        raise JournalError(where, f"it cannot be read ({error.what})", "the file is damaged") from error
    fields.end()
    return LogEntry(entry.id, record, words, replaces, training=entry.session)
