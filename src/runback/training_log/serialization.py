"""Records as entries of the journal, and back.

Theory of operation: an entry has a kind, a time, a version and a payload. The form of the payload is made from the
record's own dataclass, so a record is described once, where it is defined. Only the keys that the first release wrote
stand here (`KINDS`): they must be in every entry. A field that a record is given later, after the others and with a
default, is written only where it differs from that default, and raises the version of the entries that hold it. So an
older entry is read as before, what it does not say is the default, and an older runback refuses only the entries that
it would misunderstand.

Rules:
- An entry's own time is the record's; a payload never repeats it.
- Read strictly: an unknown kind, a newer version, a key too many or too few, a value of another type is refused in one
  line, never guessed or converted.
- Text comes back to the last character. Enumerations are kept by the names of their members.
- Every payload may carry `words` (the person's own) and `replaces` (an entry's number). The `words` of a record itself
  are kept as `because`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from enum import Enum
from operator import attrgetter
from types import GenericAlias, NoneType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import (
    AfterValidator,
    AllowInfNan,
    BaseModel,
    ConfigDict,
    InstanceOf,
    PlainSerializer,
    PlainValidator,
    ValidationError,
    create_model,
)
from pydantic_core import PydanticCustomError

from runback.errors import JournalError, PlanError
from runback.journal.model import Json, LogRow
from runback.rehab.activity import ExercisesDone, LoggedActivity
from runback.rehab.low_impact_month import MonthDone
from runback.rehab.records import CheckIn, Clearance, Declaration, Override, SessionDone
from runback.training_log.entries import LogEntry, PlanChoice, Record, Withdrawal

Anything = Record | PlanChoice | Withdrawal


@dataclass(frozen=True, slots=True)
class RecordKind:
    """How one type of record is kept: as entries of kind `name`, `time` being the field that the entry's time stands
    for. `first` are the keys that the first release wrote: every entry has them."""

    name: str
    record: type[Anything]
    first: str
    time: str = "at"


KINDS = (
    RecordKind("check-in", CheckIn, "moment pain leg limp sharp_pain red_flags stop_signs"),
    RecordKind("activity", LoggedActivity, "kind minutes pain rise_next_morning"),
    RecordKind("exercises", ExercisesDone, "done"),
    RecordKind("declaration", Declaration, "leg_symptoms surgery"),
    RecordKind("clearance", Clearance, "what clinician"),
    RecordKind("override", Override, "decision until because"),
    RecordKind("session", SessionDone, "plan stage began planned_run done_run stopped", time="ended"),
    RecordKind("plan", PlanChoice, "name cautious rehearsal", time="since"),
    RecordKind("withdrawal", Withdrawal, "because"),
    RecordKind("month", MonthDone, "first last"),  # not in the first release
)
_ENVELOPE: Mapping[str, Any] = {"words": (InstanceOf[str], ""), "replaces": (int, None)}
_NOT_TEXT = frozenset({"is_instance_of", "not_text"})
_FAULTS = {
    "missing": "is missing",
    "bool_type": "is neither true nor false",
    "int_type": "is not a whole number",
    "float_type": "is not a number",
    "finite_number": "is not a number",
    "list_type": "is not a list",
    **dict.fromkeys(_NOT_TEXT, "is not text"),
}
"""What is wrong with a key, for each of pydantic's types of error that can occur here. Our own say it themselves."""


@dataclass(frozen=True, slots=True)
class SerializedRecord:
    """What the journal is given for a record."""

    kind: str
    at: datetime
    version: int
    payload: Mapping[str, Json]


def write(
    record: Anything, words: str = "", replaces: int | None = None, *, kinds: Sequence[RecordKind] = KINDS
) -> SerializedRecord:
    """`record` as an entry."""
    kind = next(each for each in kinds if each.record is type(record))
    form = _form(kind)
    values = {key: getattr(record, name) for name, key in form.keys.items()}
    # Only what has a default in the form may be left out: what later releases added, and the envelope.
    payload = form.model.model_construct(**values, words=words, replaces=replaces).model_dump(exclude_defaults=True)
    return SerializedRecord(kind.name, record.at, form.version(payload), payload)


def read(entry: LogRow, path: str, *, kinds: Sequence[RecordKind] = KINDS) -> LogEntry:
    """The record that `entry` of the journal at `path` keeps. Raises JournalError for what this program does not
    know."""
    where = f"{path}: entry {entry.id}"
    kind = next((each for each in kinds if each.name == entry.kind), None)
    if kind is None or entry.version > (form := _form(kind)).newest:
        what = f"{ascii(entry.kind)[:40]}, version {entry.version}, is not known here: a newer runback has written it"
        raise JournalError(where, what, "update runback; nothing was changed")
    if entry.version < 1:
        raise JournalError(where, f"there is no version {entry.version}", "the file is damaged")
    try:
        told = dict(form.model.model_validate(entry.payload))
    except ValidationError as error:
        raise JournalError(where, _fault(error), "the file is damaged, or another program has written this") from error
    words, replaces = told["words"], told["replaces"]
    values: dict[str, Any] = {kind.time: entry.at} | {name: told[key] for name, key in form.keys.items()}
    try:
        record = kind.record(**values)
    except PlanError as error:
        raise JournalError(where, f"it cannot be read ({error.what})", "the file is damaged") from error
    return LogEntry(entry.id, record, words, replaces, training=entry.session)


@dataclass(frozen=True, slots=True)
class PayloadForm:
    """What a payload of one kind must be: `model` in pydantic's terms, `keys` from a record's fields to the payload's
    keys, `later` the keys that the first release did not have."""

    model: type[BaseModel]
    keys: Mapping[str, str]
    later: tuple[str, ...]

    @property
    def newest(self) -> int:
        """The highest version that this program knows."""
        return 1 + len(self.later)

    def version(self, payload: Iterable[str]) -> int:
        """That of an entry with this payload: 1, and one more up to the last of its keys that came later."""
        return 1 + max((self.later.index(key) + 1 for key in payload if key in self.later), default=0)


@functools.cache
def _form(kind: RecordKind) -> PayloadForm:
    types, first = get_type_hints(kind.record), kind.first.split()
    told = {each.name: each for each in fields(kind.record) if each.name != kind.time}
    keys = {name: "because" if name == "words" else name for name in told}
    # What the first release wrote has no default here, even if the record has one: that there is no red flag is known
    # only if the entry says so. Without it, the entry is damaged.
    needed = {name for name, field in told.items() if keys[name] in first or field.default is MISSING}
    entries: dict[str, Any] = {
        keys[name]: (_kept_as(types[name]), ... if name in needed else field.default) for name, field in told.items()
    }
    rules = ConfigDict(extra="forbid", strict=True)
    model = create_model(f"{kind.record.__name__}Payload", __config__=rules, **entries, **dict(_ENVELOPE))
    return PayloadForm(model, keys, tuple(key for key in entries if key not in first))


def _kept_as(type_: Any) -> Any:
    """How a value of `type_` stands in a payload, as a type for pydantic."""
    if type_ is str:
        return InstanceOf[str]  # `str` refuses half of a surrogate pair, which comes from a broken terminal
    if type_ is float:
        return Annotated[float, AllowInfNan(allow_inf_nan=False)]
    if type_ is date:
        return Annotated[date, PlainValidator(_day), PlainSerializer(date.isoformat)]
    if type_ is datetime:
        return Annotated[datetime, PlainValidator(_moment), PlainSerializer(datetime.isoformat)]
    if isinstance(type_, type) and issubclass(type_, Enum):
        member = functools.partial(_member, type_)
        return Annotated[type_, PlainValidator(member), PlainSerializer(attrgetter("name"))]
    if get_origin(type_) is frozenset:
        items: Any = GenericAlias(list, _kept_as(*get_args(type_)))
        return Annotated[items, AfterValidator(frozenset), PlainSerializer(_in_order)]
    if NoneType in get_args(type_):
        return _kept_as(next(each for each in get_args(type_) if each is not NoneType)) | None
    return type_


def _moment(text: object) -> datetime:
    if not isinstance(text, str):
        raise PydanticCustomError("not_text", "is not text")
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("moment", "is not a moment") from None
    if at.utcoffset() is None:
        raise PydanticCustomError("zone", "has no time zone")
    return at


def _day(text: object) -> date:
    if not isinstance(text, str):
        raise PydanticCustomError("not_text", "is not text")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("day", "is not a day") from None


def _member(kind: type[Enum], name: object) -> Enum:
    if not isinstance(name, str):
        raise PydanticCustomError("not_text", "is not text")
    if name not in kind.__members__:
        raise PydanticCustomError("member", "{name} is not known here", {"name": ascii(name)[:40]})
    return kind.__members__[name]


def _in_order(chosen: Iterable[Enum | str]) -> list[str]:
    """The same answer is the same text."""
    return sorted(each.name if isinstance(each, Enum) else each for each in chosen)


def _fault(error: ValidationError) -> str:
    """The first thing that is wrong, in one line."""
    fault = error.errors(include_url=False, include_input=False)[0]
    if not fault["loc"]:
        return "it is not a table of keys that are known here"
    key, kind = str(fault["loc"][0]), fault["type"]
    if kind == "extra_forbidden":
        return f"{ascii(key)[:40]} is not known here"
    if kind in _NOT_TEXT and len(fault["loc"]) > 1:
        return f"{key} is not a list of words"
    return f"{key} {_FAULTS.get(kind, fault['msg'])}"
