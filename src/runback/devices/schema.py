"""A parsed file becomes a profile, or one line that says what is wrong with it.

Rules:
- This is the only file of the room that imports pydantic; `library` imports it when a file is read, not before.
- Types are strict: text is never taken for a number, nor a number for yes or no.
- What one field alone cannot show to be wrong is checked here: limits out of order, words that contradict each other,
  a write to what is never written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from runback.config_files.error_text import printable
from runback.config_files.validation import Place, first_fault
from runback.devices.identity import Identity, Match, specificity
from runback.devices.link import Preamble, UnlockWrite
from runback.devices.profile import Profile
from runback.devices.quirk_values import InclineCode, RepeatedStart, WireUnit
from runback.errors import DeviceError

_MENDS = {
    "title": 'add title = "Maker Model"',
    "name": "name the file in lower-case letters, digits and hyphens, such as urevo-e1l.toml",
    "unverified": 'add unverified = "everything": say what nobody has seen yet',
    "evidence": "add [[evidence]] with source, level and covers",
    "source": 'add source = "who says so"',
    "level": 'add level = "owner-report", or another',
    "covers": 'add covers = "what it bears out"',
    "characteristic": 'add characteristic = "FFF1", or its full UUID',
    "octets": 'add octets = "71 00"',
    "when": 'add when = "each" or when = "once"',
}


@cache
def _adapter() -> TypeAdapter[Profile]:
    return TypeAdapter(Profile)


def profile_from(data: dict[str, object], name: str, where: str) -> Profile:
    """The profile in a parsed file, called `name`; `where` is the file. Raises DeviceError."""
    if not name.isprintable():  # undecodable bytes: pydantic takes them for broken JSON, which has no place
        raise DeviceError(where, "the name of the file is not plain text", "rename the file")
    try:
        text = json.dumps({"name": name} | data)
    except (TypeError, ValueError, RecursionError) as error:
        raise DeviceError(
            where, "a value is not text, a number or a table", "dates and times have no place here"
        ) from error
    try:
        profile = _adapter().validate_json(text)
    except ValidationError as error:
        fault = first_fault(error, _keys, _sentence)
        raise DeviceError(_place(fault.place, where), fault.what, fault.hint) from error
    for place, what, hint in _contradictions(profile, name):
        raise DeviceError(f"{where}: {place}", what, hint)
    return profile


def _sentence(fault: ErrorDetails) -> tuple[str, str]:
    key, kind = _last(fault["loc"]), fault["type"]
    context = fault.get("ctx", {})
    if kind == "missing":
        return f"{key} is missing", _MENDS[key]
    if kind == "value_error":
        return f"{key} {printable(str(context['error']), 100)}", "write it like that"
    if kind == "enum":
        return f"{key} is not a valid value", f"use {str(context['expected']).replace(chr(39), chr(34))}"
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = context.get("ge", context.get("le"))
        side = "below" if kind == "greater_than_equal" else "above"
        return f"{key} is {side} {bound:g}", "check the figure and its unit"
    wanted = {
        "bool_type": "true or false",
        "string_type": "text in quotes",
        "int_type": "a whole number",
        "int_from_float": "a whole number",
        "float_type": "a number",
        "finite_number": "a number",
        "tuple_type": "a list in brackets",
    }.get(kind, "a table")
    return f"{key} is not {wanted}", f"write {wanted}"


def _keys(place: Place) -> tuple[str, ...]:
    """The keys of the table that `place` is in."""
    table: type = Profile
    for part in place[:-1]:
        if isinstance(part, str):
            table = _table(get_type_hints(table).get(part), table)
    return tuple(one.name for one in fields(table))


def _table(hint: object, otherwise: type) -> type:
    """The table in a type such as `tuple[Table, ...]` or `Table | None`."""
    if isinstance(hint, type) and is_dataclass(hint):
        return hint
    return next((_table(part, otherwise) for part in get_args(hint) if part is not type(None)), otherwise)


def _last(place: Place) -> str:
    """The key that is at fault; of a list, `key 2`."""
    last = place[-1]
    return f"{place[-2]} {last + 1}" if isinstance(last, int) else last


def _place(place: Place, where: str) -> str:
    """`where: unlock 2`: the tables on the way to the fault, lists numbered from 1."""
    outside = place[: -2 if isinstance(place[-1], int) else -1]
    parts = [str(part + 1) if isinstance(part, int) else part for part in outside]
    return f"{where}: {' '.join(parts)}" if parts else where


def _contradictions(profile: Profile, name: str) -> Iterator[tuple[str, str, str]]:
    """Where, what and the hint of everything that cannot be meant together."""
    speed, incline, start, link = profile.speed, profile.incline, profile.start, profile.link
    if profile.name != name:
        yield "name", "the name is not the file's", "leave it out"
    if not profile.evidence:
        yield "evidence", "nothing is named", _MENDS["evidence"]
    example = profile.match.name_example
    if example is not None and not _takes(profile.match, example):
        yield "match", "it does not match its own example", "correct one of them"
    if profile.match.name_regex is not None and example is None:
        yield "match", "name_regex needs a name to try it on", "add name_example"
    for axis, place in ((speed, "speed"), (incline, "incline")):
        low, high = axis.minimum, axis.maximum
        if low is not None and high is not None and low > high:
            yield place, "minimum is above maximum", "check the two"
        if axis.increment is not None and axis.increment < 0:
            yield place, "increment is below 0", "write the step upwards"
    if incline.per_level is not None and (incline.code is not InclineCode.LEVEL or incline.per_level <= 0):
        yield "incline", "per_level is what one level up is worth", 'give it with code = "level", above 0'
    if speed.range_unit in (WireUnit.MPH, WireUnit.CONSOLE) and speed.maximum is None:
        yield "speed", "a range in miles an hour needs a limit", "add maximum, in km/h"
    if (start.repeat is RepeatedStart.KEEPALIVE) is not (link.keepalive is not None):
        yield (
            "start",
            "a keepalive needs its time, and only it has one",
            "give link.keepalive and start.repeat",
        )
    if (start.repeat is RepeatedStart.SLOWS) is not (start.slow_to is not None):
        yield "start", "slowing needs its speed, and only slowing has one", "give start.slow_to and start.repeat"
    if link.too_fast is not None and link.gap is None:
        yield "link", "too_fast needs a gap", "add gap, in seconds"
    if profile.data.features is not None and len(profile.data.features) != 8:
        yield "data", "features is not eight bytes", "write 2ACC as it was read"
    vendor: list[UnlockWrite | Preamble] = [*profile.unlock]
    if profile.preamble is not None:
        vendor.append(profile.preamble)
    for uuid in (each for write in vendor for each in (write.characteristic, write.service)):
        if uuid in profile.protocol.never_write:
            yield "protocol", f"{uuid} is written and must never be written", "decide on one"
    for number, step in enumerate(profile.unlock, 1):
        if (step.reply is None) is not (step.reply_on is None):
            yield f"unlock {number}", "a reply needs its characteristic and its bytes", "give both, or neither"


def _takes(match: Match, name: str) -> bool:
    """Whether the name criteria take `name`."""
    names = replace(match, model=(), manufacturer=(), firmware=(), services=())
    return specificity(names, Identity(name)) is not None
