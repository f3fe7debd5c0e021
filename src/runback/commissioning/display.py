"""What the treadmill's own display shows, and what follows for the unit its speeds are counted in (quirk 22).

Rules:
- A machine that counts both targets and reports in miles shows no difference in bytes; its display does.
- The person chooses between what could be there, or says neither. A display in miles beside a wire in kilometres is
  no fault: the display shows the same speed, smaller.

Units: speed 0.01 km/h.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from runback.units import KM_PER_MILE


class DisplayVerdict(Enum):
    """What the display says of the unit."""

    AS_TOLD = "as told"  # speeds are what they are called
    MILES = "miles"  # they are miles an hour, both told and reported
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class DisplayChoice:
    """One thing that the display may show."""

    text: str
    verdict: DisplayVerdict
    figure: float | None = None
    unit: str = ""


NEITHER = DisplayChoice("something else, or nothing", DisplayVerdict.NEITHER)
_TYPED = re.compile(r"\s*(?P<figure>[0-9]{1,6}(?:[.,][0-9]{1,6})?)\s*(?P<unit>km/?h|kph|mph)?\s*", re.IGNORECASE)
_CLOSE = 0.06
"""A display has one decimal."""


def choices(speed: int) -> tuple[DisplayChoice, ...]:
    """What the display may show while the belt is reported at `speed`."""
    told = speed / 100
    return (
        _choice(told, "km/h", DisplayVerdict.AS_TOLD),
        _choice(told / KM_PER_MILE, "mph", DisplayVerdict.AS_TOLD),
        _choice(told, "mph", DisplayVerdict.MILES),
        _choice(told * KM_PER_MILE, "km/h", DisplayVerdict.MILES),
        NEITHER,
    )


def typed(text: str, question: tuple[DisplayChoice, ...]) -> DisplayChoice | None:
    """Which of `question` is meant by `text`, such as `1.0` or `0.6 mph`; None if it is no speed. Without a unit
    kilometres are meant where both would fit."""
    found = _TYPED.fullmatch(text)
    if found is None:
        return None
    figure, unit = float(found["figure"].replace(",", ".")), (found["unit"] or "").lower()
    for choice in question:
        fits = choice.figure is not None and abs(choice.figure - figure) <= _CLOSE
        if fits and (not unit or (unit == "mph") is (choice.unit == "mph")):
            return choice
    return NEITHER


def _choice(figure: float, unit: str, verdict: DisplayVerdict) -> DisplayChoice:
    return DisplayChoice(f"{figure:.1f} {unit}", verdict, round(figure, 1), unit)
