"""How values are written in a profile's file, and what they become.

Rules:
- People write km/h, %, seconds and hexadecimal; inside stand the wire's units and bytes. `units` converts.
- pydantic is met only when a file is read: these marks hand it their part of the schema when it asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, TypeVar, dataclass_transform

from runback.config_files.error_text import is_printable
from runback.units import incline_from_percent, speed_from_kmh

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

_T = TypeVar("_T")
_BASE = "0000{}-0000-1000-8000-00805f9b34fb"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def table(cls: type[_T]) -> type[_T]:
    """A frozen, slotted dataclass that is a table of the file: a key it does not know is refused."""
    made = dataclass(frozen=True, slots=True)(cls)
    made.__pydantic_config__ = {"extra": "forbid", "strict": True}  # type: ignore[attr-defined]
    return made


@dataclass(frozen=True, slots=True)
class DecimalNumber:
    """A number from `low` to `high`, converted."""

    convert: Callable[[float], float]
    low: float
    high: float

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        number = core_schema.float_schema(ge=self.low, le=self.high, allow_inf_nan=False)
        return core_schema.no_info_after_validator_function(self.convert, number)


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """A whole number from `low` to `high`."""

    low: int
    high: int

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.int_schema(ge=self.low, le=self.high)


@dataclass(frozen=True, slots=True)
class Text:
    """Text that `read` understands; `read` raises ValueError with what is wrong."""

    read: Callable[[str], object]

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(self.read, core_schema.str_schema())


def full_uuid(text: str) -> str:
    """The full form of `2AD9`, or of a full UUID, in lower case. Raises ValueError."""
    plain = text.strip().lower()
    if re.fullmatch(r"[0-9a-f]{4}", plain):
        return _BASE.format(plain)
    if not _UUID.fullmatch(plain):
        raise ValueError("is not a UUID such as 2AD9")
    return plain


def _octets(text: str) -> bytes:
    try:
        data = bytes.fromhex(text)
    except ValueError:
        raise ValueError("is not hexadecimal bytes, such as 71 00") from None
    if not 0 < len(data) <= 512:
        raise ValueError("is not 1 to 512 bytes long")
    return data


def _line(text: str) -> str:
    line = " ".join(text.split())
    if not line or not is_printable(line) or len(line) > 300:
        raise ValueError("is not one line of 1 to 300 characters")
    return line


def _key(text: str) -> str:
    if not _KEY.fullmatch(text) or len(text) > 40:
        raise ValueError("is not lower-case letters, digits and hyphens")
    return text


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is not a regular expression ({error})") from None
    if len(text) > 80:
        raise ValueError("is longer than 80 characters")
    return text


Kmh = Annotated[int, DecimalNumber(speed_from_kmh, 0, 30)]
"""km/h, 0 to 30; held in 0.01 km/h."""
Rate = Annotated[float, DecimalNumber(float, 0.01, 20)]
"""km/h per second."""
Percent = Annotated[int, DecimalNumber(incline_from_percent, -40, 40)]
"""Percent, -40 to 40; held in 0.1 %."""
Seconds = Annotated[float, DecimalNumber(float, 0.01, 600)]
"""Seconds."""
Metres = Annotated[float, DecimalNumber(float, 0.01, 1000)]
"""Metres."""
Octet = Annotated[int, WholeNumber(0, 0xFF)]
OneLine = Annotated[int, WholeNumber(0, 0xFFFF)]
PaceOctets = Annotated[int, WholeNumber(1, 2)]
StepOctets = Annotated[int, WholeNumber(2, 3)]
Count = Annotated[int, WholeNumber(1, 512)]
HexBytes = Annotated[bytes, Text(_octets)]
"""Hexadecimal, blanks allowed."""
Uuid = Annotated[str, Text(full_uuid)]
"""`2AD9` or the full form; held in full, in lower case."""
Line = Annotated[str, Text(_line)]
FieldKey = Annotated[str, Text(_key)]
Pattern = Annotated[str, Text(_pattern)]
