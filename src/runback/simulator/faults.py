"""What can go wrong, declared: KIND[@START][+DURATION][:ARGUMENT].

Rules:
- START and DURATION are seconds on the fault clock, which starts when a client first connects. START is 0 unless given.
- What a kind means and takes stands in `fault_kinds`: it happens next, at a moment, or for a span.
- Faults compose; of two spans of one kind the one declared last holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from runback.config_files.error_text import CLIP, printable
from runback.errors import InputError
from runback.simulator.fault_kinds import SHAPES, FaultKind, OutOfRange, Shape

__all__ = ["FAULT_HELP", "Fault", "FaultKind", "parse_fault"]


def _usage(kind: FaultKind, shape: Shape) -> str:
    argument = shape.argument and (f":{shape.argument}" if shape.default is None else f"[:{shape.argument}]")
    return f"{kind}[@START]{'[+DURATION]' if shape.lasts else ''}{argument}"


def _meaning(shape: Shape) -> str:
    if shape.default is None:
        return shape.help
    default = f"0x{shape.default:02X}" if isinstance(shape.default, int) and shape.argument == "CODE" else shape.default
    return f"{shape.help} (default {default})"


FAULT_HELP: Mapping[str, str] = MappingProxyType(
    {_usage(kind, shape): _meaning(shape) for kind, shape in SHAPES.items()}
)
"""How each kind is written, and what it does: for `--help` and for error messages."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One declared fault. `start` and `duration` in seconds; `argument` as its kind reads it, None for the default."""

    kind: FaultKind
    start: float = 0.0
    duration: float | None = None
    argument: float | str | None = None

    @property
    def number(self) -> float:
        """The argument, or its default, as a number; 0 for a kind that takes none."""
        value = SHAPES[self.kind].default if self.argument is None else self.argument
        return float(value) if isinstance(value, (int, float)) else 0.0

    @property
    def word(self) -> str:
        """The argument, or its default, as a word; empty for a kind that takes none."""
        value = SHAPES[self.kind].default if self.argument is None else self.argument
        return value if isinstance(value, str) else ""

    def __str__(self) -> str:
        start = f"@{self.start!r}" if self.start else ""
        duration = "" if self.duration is None else f"+{self.duration!r}"
        return f"{self.kind}{start}{duration}{'' if self.argument is None else f':{self.argument}'}"


_NUMBER = r"[0-9]{1,12}(?:\.[0-9]{1,24})?"
_WRITTEN = re.compile(
    rf"(?P<kind>[^@+:]*)(?:@(?P<start>{_NUMBER}))?(?:\+(?P<duration>{_NUMBER}))?(?::(?P<argument>.*))?"
)


def parse_fault(text: str) -> Fault:
    """Read one fault as a person writes it. Raises InputError, which says what is wrong and what would be right."""
    where = f"fault '{printable(text, CLIP)}'"
    written = _WRITTEN.fullmatch(text.strip())
    name = re.split("[@+:]", text.strip(), maxsplit=1)[0]
    if name not in list(FaultKind):
        raise InputError(
            where, f"'{printable(name, CLIP)}' is not a kind of fault", f"use one of: {', '.join(FaultKind)}"
        )
    kind = FaultKind(name)
    shape = SHAPES[kind]
    hint = f"write it as {_usage(kind, shape)}, START and DURATION in seconds"
    if written is None:
        raise InputError(where, "START or DURATION is not a plain number of seconds", hint)
    duration = None if written["duration"] is None else float(written["duration"])
    if duration is not None and not shape.lasts:
        raise InputError(where, f"{kind} happens at one moment and takes no DURATION", hint)
    if duration == 0:
        raise InputError(where, "a DURATION of 0 is no fault; leave it out", hint)
    return Fault(kind, float(written["start"] or 0), duration, _argument(where, hint, shape, written["argument"]))


def _argument(where: str, hint: str, shape: Shape, text: str | None) -> float | str | None:
    if text is None:
        if shape.argument and shape.default is None:
            raise InputError(where, f"{shape.argument} is missing", hint)
        return None
    if shape.number is not None:
        try:
            return shape.number(text)
        except ValueError as error:
            what = str(error) if isinstance(error, OutOfRange) else f"'{printable(text, CLIP)}' is not a number"
            raise InputError(where, what, hint) from error
    if text in shape.words:
        return text
    raise InputError(
        where, f"'{printable(text, CLIP)}' is not {shape.argument}" if shape.words else "it takes no argument", hint
    )
