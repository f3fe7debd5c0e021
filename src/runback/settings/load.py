"""Settings out of a file's tables and the environment, with where each comes from.

Rules:
- The environment wins over the file, the file over the default; an option of a command wins over all three, and is
  the command's to know.
- What is wrong is told with its place: the file and its key, or the variable. A name nobody knows is told with the
  nearest that is one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import ValidationError

from runback.config_files.error_text import nearest, printable, quoted
from runback.config_files.validation import Place, first_fault
from runback.errors import SettingsError
from runback.settings.key_names import clash, write_key
from runback.settings.model import Settings
from runback.settings.registry import PREFIX, Setting, every, sections

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


FEW = 8
"""As many values are named where one of them is wanted."""


class Origin(StrEnum):
    """Where a value comes from."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings, and by name where those come from that are not the default."""

    settings: Settings
    origins: Mapping[str, Origin]

    def origin(self, name: str) -> Origin:
        """Where the setting called `name` comes from."""
        return self.origins.get(name, Origin.DEFAULT)


def load(tables: Mapping[str, object], where: str, environment: Mapping[str, str]) -> Loaded:
    """The settings that `tables` (of the file `where`) and `environment` say. Raises SettingsError."""
    _checked(tables, where)
    merged: dict[str, object] = dict(tables)
    origins = {setting.name: Origin.FILE for setting in every() if _has(tables, setting)}
    for setting, text in _variables(environment):
        value = setting.read(text)
        alone: dict[str, object] = {setting.key: value}
        _checked({setting.section: alone} if setting.section else alone, setting.variable, variable=True)
        inside = merged.get(setting.section)
        merged |= (
            {setting.section: {**inside, **alone} if isinstance(inside, dict) else alone} if setting.section else alone
        )
        origins[setting.name] = Origin.ENVIRONMENT
    settings = Settings.model_validate(merged)
    _keys_apart(settings, origins, where)
    return Loaded(settings, origins)


def _has(tables: Mapping[str, object], setting: Setting) -> bool:
    table = tables.get(setting.section) if setting.section else tables
    return isinstance(table, Mapping) and setting.key in table


def _variables(environment: Mapping[str, str]) -> list[tuple[Setting, str]]:
    known = {setting.variable: setting for setting in every()}
    found = []
    for variable in sorted(environment):
        if not variable.startswith(PREFIX):
            continue
        if variable not in known:
            near = nearest(variable.removeprefix(PREFIX), [each.removeprefix(PREFIX).lower() for each in known])
            hint = f"did you mean {PREFIX}{near.upper()}?" if near else "unset it; `runback config` lists them all"
            raise SettingsError(f"environment: {printable(variable, 60)}", "there is no such setting", hint)
        found.append((known[variable], environment[variable]))
    return found


def _checked(tables: Mapping[str, object], where: str, *, variable: bool = False) -> None:
    try:
        Settings.model_validate(tables)
    except ValidationError as error:
        fault = first_fault(error, _keys, _sentence)
        place = ".".join(str(part) for part in fault.place if isinstance(part, str))
        raise SettingsError(
            f"environment: {where}" if variable else f"{where}: {printable(place, 80)}", fault.what, fault.hint
        ) from None


def _keys(place: Place) -> tuple[str, ...]:
    """The keys that may stand beside the last of `place`."""
    if len(place) > 1:
        return tuple(each.key for each in every() if each.section == place[0])
    return (*sections(), *(each.name for each in every()))


def _sentence(fault: ErrorDetails) -> tuple[str, str]:
    key, kind, context = str(fault["loc"][-1]), fault["type"], fault.get("ctx", {})
    if kind == "value_error":
        what, _, hint = printable(str(context["error"]), 300).partition("; ")
        return what, hint or "`runback config` says what it may be"
    if kind == "enum":
        return "it is not a valid value", _one_of(str(context["expected"]))
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = context.get("ge", context.get("le"))
        side = "below" if kind == "greater_than_equal" else "above"
        return f"it is {side} {bound}", "`runback config` says what it may be"
    if kind in ("string_too_short", "string_too_long"):
        return "it is empty" if kind == "string_too_short" else "it is too long", "write a name, or take the line out"
    if kind == "string_unicode":
        return "it has bytes that are not text", "write a name in UTF-8"
    wanted = {
        "bool_type": "true or false",
        "bool_parsing": "true or false",
        "string_type": "text in quotes",
        "int_type": "a whole number",
        "int_parsing": "a whole number",
        "int_from_float": "a whole number",
        "float_type": "a number",
        "finite_number": "a number",
        "tuple_type": "a list in brackets",
    }.get(kind, f"a table, [{key}]")
    example = " such as 7.5, with a point and without quotes" if wanted == "a number" else ""
    return f"it is not {wanted}", f"write {wanted}{example}"


def _one_of(expected: str) -> str:
    """What to write: all of a few values, the first of many."""
    values = re.findall("'([^']*)'", expected)
    if len(values) <= FEW:
        return f"use {expected.replace(chr(39), chr(34))}"
    return f'use "{values[0]}", "{values[1]}", or another that `runback config` names'


def _keys_apart(settings: Settings, origins: Mapping[str, Origin], where: str) -> None:
    table: dict[str, tuple[str, ...]] = settings.keys.model_dump()
    found = clash(table)
    if found is not None:
        key, first, second = found
        guilty = second if f"keys.{second}" in origins else first
        place = f"{where}: keys.{guilty}"
        if origins.get(f"keys.{guilty}") is Origin.ENVIRONMENT:
            place = f"environment: {PREFIX}KEYS_{guilty.upper()}"
        other = first if guilty == second else second
        what = f"the key {quoted(write_key(key))} is that of {other} already"
        raise SettingsError(place, what, f"choose another one, or move {other} too")
