"""A profile as the text of its file: what `library.loads` reads back as the same profile.

Rules:
- What stands at its default is left out: a file says what is known.
- Values are written as people write them (km/h, %, hexadecimal); the marks of `field_types` say which is which.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from types import UnionType
from typing import Annotated, Union, get_args, get_origin, get_type_hints

from runback.devices.field_types import DecimalNumber
from runback.devices.profile import Profile
from runback.units import incline_from_percent, kmh, percent, speed_from_kmh

_AS_WRITTEN: tuple[tuple[Callable[[float], float], Callable[[int], float]], ...] = (
    (speed_from_kmh, kmh),
    (incline_from_percent, percent),
)


def text(profile: Profile) -> str:
    """The TOML of `profile`, without its name, which is the file's."""
    import tomlkit

    table = _table(profile)
    table.pop("name")
    plain = {key: value for key, value in table.items() if not _is_table(value)}
    return tomlkit.dumps(plain | table)


def _table(value: object) -> dict[str, object]:
    hints = get_type_hints(type(value), include_extras=True)
    found: dict[str, object] = {}
    for one in fields(value):  # type: ignore[arg-type]  # whoever calls has a dataclass
        held = getattr(value, one.name)
        if held is not None and held != _default(one):
            found[one.name] = _written(held, hints[one.name])
    return found


def _default(one: Field[object]) -> object:
    if one.default_factory is not MISSING:
        return one.default_factory()
    return one.default


def _written(value: object, hint: object) -> object:
    """`value` as it stands in a file, by what its `hint` says it is."""
    if get_origin(hint) in (Union, UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is Annotated:
        read = [mark.convert for mark in get_args(hint)[1:] if isinstance(mark, DecimalNumber)]
        for reads, writes in _AS_WRITTEN:
            if reads in read and isinstance(value, int):
                return writes(value)
    if isinstance(value, tuple):
        return [_written(each, get_args(hint)[0]) for each in value]
    if isinstance(value, bytes):
        return value.hex(" ")
    if isinstance(value, StrEnum):
        return value.value
    return _table(value) if is_dataclass(value) else value


def _is_table(value: object) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))
