"""What a foreign file says, before anybody's paces, units or habits have been put into it.

Rules:
- A reader (`zwo`, `qz`, `fit`, `intervals_icu`) only writes down what the file says: a speed, a share of some pace, a
  number without its unit, or that there is none. Nothing is filled in here, nothing inherited from the step before.
- What a reader did have to guess it says in `guessed`, one plain sentence each.
- `where` is the place in the file in the file's own words: "SteadyState 3", "row 4", "line 12".

Units: speeds km/h, paces seconds per km, durations s, distances m, incline 0.1 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from runback.workout.model import Kind


class Reference(StrEnum):
    """A pace of the person's that a file counts in."""

    MILE = "1mi"
    FIVE_K = "5k"
    TEN_K = "10k"
    HALF = "half"
    MARATHON = "marathon"
    THRESHOLD = "threshold"
    UNNAMED = "pace"
    """The file does not say which of them."""


class SpeedUnit(StrEnum):
    """What a speed counts in, where the file leaves it to its program's settings; paces go with it."""

    KMH = "km/h"
    MPH = "mph"


@dataclass(frozen=True, slots=True)
class AbsoluteSpeed:
    """A speed as such, km/h."""

    kmh: float


@dataclass(frozen=True, slots=True)
class RelativeSpeed:
    """`share` of the speed of a person's `of` pace: 0.9 is ten per cent slower."""

    share: float
    of: Reference


@dataclass(frozen=True, slots=True)
class UnitlessSpeed:
    """A number whose unit the file does not say: a speed, or (`is_pace`) seconds per kilometre or per mile."""

    number: float
    is_pace: bool = False


@dataclass(frozen=True, slots=True)
class MissingSpeed:
    """No speed. `why` is what the file says in its place: "only a heart rate"."""

    why: str = "no speed"


Target = AbsoluteSpeed | RelativeSpeed | UnitlessSpeed | MissingSpeed


@dataclass(frozen=True, slots=True)
class Seconds:
    """A step as long as this."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Metres:
    """A step as far as this."""

    metres: float


@dataclass(frozen=True, slots=True)
class OpenEnded:
    """A step that ends when something else happens: "until the lap key is pressed"."""

    until: str


Length = Seconds | Metres | OpenEnded


@dataclass(frozen=True, slots=True)
class Draft:
    """One step of the file. With `end` it is a ramp from `start` to there."""

    where: str
    length: Length
    start: Target
    end: Target | None = None
    kind: Kind | None = None
    """None where the file does not say; then its speed decides."""
    likely: Kind = Kind.RUN
    """What it is most likely, where it has neither kind nor speed."""
    incline: int = 0
    notes: tuple[str, ...] = ()
    """What the file would show a person during it."""


@dataclass(frozen=True, slots=True)
class RepeatBlock:
    """`items` (at least one), `times` over (>= 1)."""

    times: int
    items: tuple[Draft | RepeatBlock, ...]


Item = Draft | RepeatBlock


@dataclass(frozen=True, slots=True)
class Imported:
    """A file as it was read. `format` is what a person would call it."""

    format: str
    name: str
    items: tuple[Item, ...]
    description: str = ""
    guessed: tuple[str, ...] = ()
