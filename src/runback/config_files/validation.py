"""What is wrong with a table of a file, as pydantic found it, told in one line.

Rules:
- The first fault is told in full, the others are counted.
- A key nobody knows is told with the nearest known one; it comes before the missing key it was meant for, and counts
  with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runback.config_files.error_text import nearest, quoted

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

Place = tuple[int | str, ...]
"""Keys and numbers from the top of the file to the fault."""
_UNKNOWN_KEY = frozenset({"extra_forbidden", "unexpected_keyword_argument"})


@dataclass(frozen=True, slots=True)
class ValidationFault:
    """One fault: where it is, what it is, what to do about it."""

    place: Place
    what: str
    hint: str


def first_fault(
    error: ValidationError,
    keys: Callable[[Place], tuple[str, ...]],
    sentence: Callable[[ErrorDetails], tuple[str, str]],
) -> ValidationFault:
    """The fault to tell. `keys` gives the keys of the table a place is in; `sentence` what is wrong and its hint, for
    everything but a key nobody knows."""
    faults = error.errors(include_url=False, include_input=False)

    def meant(fault: ErrorDetails) -> str | None:
        return nearest(str(fault["loc"][-1]), keys(fault["loc"]), cutoff=0.5)

    missing = {fault["loc"] for fault in faults if fault["type"] == "missing"}
    slips = {(*fault["loc"][:-1], meant(fault) or "") for fault in faults if fault["type"] in _UNKNOWN_KEY} & missing
    told = [fault for fault in faults if fault["loc"] not in slips]
    unknown = [fault for fault in told if fault["type"] in _UNKNOWN_KEY]
    first = next((fault for fault in unknown if fault["loc"][:-1] == told[0]["loc"][:-1]), told[0])
    if first["type"] in _UNKNOWN_KEY:
        known = meant(first)
        what = f"unknown key {quoted(str(first['loc'][-1]))}"
        hint = f"did you mean {known}?" if known else f"remove it; the keys here are {', '.join(keys(first['loc']))}"
    else:
        what, hint = sentence(first)
    if len(told) > 1:
        what += f" (and {len(told) - 1} more)"
    return ValidationFault(first["loc"], what, hint)
