"""The settings by their names, `treadmill` or `cues.volume`, and as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from runback import number_parsing
from runback.config_files.error_text import nearest, quoted
from runback.settings.key_names import write_key
from runback.settings.model import IN_KMH, Settings

PREFIX = "RUNBACK_"
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})


@dataclass(frozen=True, slots=True)
class Setting:
    """One of them. `section` is its table, empty at the top of the file; `meaning` its own docstring, in one line."""

    section: str
    key: str
    field: FieldInfo

    @property
    def name(self) -> str:
        """As it is called."""
        return f"{self.section}.{self.key}" if self.section else self.key

    @property
    def variable(self) -> str:
        """What it is called in the environment."""
        return PREFIX + self.name.replace(".", "_").upper()

    @property
    def meaning(self) -> str:
        """What it means."""
        return " ".join((self.field.description or "").split())

    def value(self, settings: Settings) -> object:
        """What it is in `settings`."""
        table: object = getattr(settings, self.section) if self.section else settings
        found: object = getattr(table, self.key)
        return found

    def read(self, text: str) -> object:
        """`text` as its file would have it; what it cannot be is left to the check that follows."""
        kind, word = self.field.annotation, text.strip()
        if kind is bool and word.lower() in _TRUE | _FALSE:
            return word.lower() in _TRUE
        if kind is int and (whole := number_parsing.whole(word)) is not None:
            return whole
        if kind is float and (number := number_parsing.decimal(word)) is not None:
            return float(number)
        if kind == tuple[str, ...]:
            return [each.strip() or " " for each in word.split(",")] if word else []
        return word

    def write(self, value: object) -> object:
        """`value` as its file has it: text, a number, true or false, a list; None if there is none."""
        if self.section == "keys" and isinstance(value, tuple):
            keys = [write_key(each) for each in value]
            return keys[0] if len(keys) == 1 else keys
        if isinstance(value, tuple):
            return list(value)
        if IN_KMH in self.field.metadata and isinstance(value, int):
            return value / 100
        return value.value if isinstance(value, Enum) else value


def sections() -> dict[str, FieldInfo]:
    """The tables of the file, by name."""
    return {key: field for key, field in Settings.model_fields.items() if _table(field) is not None}


def every() -> Iterator[Setting]:
    """All settings, in the order of the file: those of no table first."""
    tables = sections()
    for key, field in Settings.model_fields.items():
        if key not in tables:
            yield Setting("", key, field)
    for section, field in tables.items():
        table = _table(field)
        if table is not None:
            for key, inner in table.model_fields.items():
                yield Setting(section, key, inner)


def named(name: str) -> Setting | str:
    """The setting called `name`, or what is to be done about a name that none has."""
    known = {each.name: each for each in every()}
    word = name.strip().lower().replace("-", "_")
    if word in known:
        return known[word]
    near = nearest(word, known, cutoff=0.5)
    return f"did you mean {near}?" if near else "`runback config` lists them all"


def unknown(name: str) -> str:
    """What is said of a name that no setting has."""
    return f"there is no setting {quoted(name)}"


def _table(field: FieldInfo) -> type[BaseModel] | None:
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None
