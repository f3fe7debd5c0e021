"""intervals.icu workout text.

    Warmup
    - 10m ramp 7:30-6:00/km Pace

    Main set 5x
    - 1m 4:30/km Pace
    - easy 400mtr 80% Pace

Rules, from intervals.icu's own guides (its forum, topics 1163 and 123701):
- A step is a line that begins with "-". What stands before its first duration or distance is what it is called.
- `m` is minutes; metres are `mtr`. `h`, `s`, `1m30`, `5'`, `30"`, `km`, `mi` are the others.
- `5x` in the heading before them repeats the steps below it, up to an empty line or the next heading. A heading whose
  steps do not follow repeats nothing. Repeats are never nested there: a second `5x` without steps between
  is refused.
- `80% Pace` is a share of the speed of the threshold pace; `5:00/km Pace` a pace, also per mi, 100m, 400m, 500m, 100y;
  `5:00 Pace` one whose unit is in the person's settings. A range is run at its middle, with `ramp` from end to end.
- Zones, heart rates, watts and plain percent (of power) are no speed. `freeride` has none either.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from runback import number_parsing
from runback.config_files.error_text import printable, quoted
from runback.errors import WorkoutError
from runback.importing.draft import (
    AbsoluteSpeed,
    Draft,
    Imported,
    Item,
    Length,
    Metres,
    MissingSpeed,
    Reference,
    RelativeSpeed,
    RepeatBlock,
    Seconds,
    Target,
    UnitlessSpeed,
)
from runback.importing.numbers import METRES_PER_YARD, pace
from runback.units import METRES_PER_MILE
from runback.workout.limits import MOST_STEPS
from runback.workout.model import Kind
from runback.workout.quantities import duration

FORMAT = "intervals.icu text"
LONGEST_LINE = 500
LONG_MINUTES = 100
"""From this many minutes on it is said that `m` is not metres."""

_N = r"[0-9]{1,6}(?:\.[0-9]{1,6})?"
_LENGTH = re.compile(
    rf"(?<![\w.:%/-])(?:(?P<distance>{_N})\s?(?P<unit>km|mtrs?|met(?:er|re)s?|miles?|mi|yrds?|yards?|yd)"
    rf"|(?P<h>{_N})h(?:(?P<hm>{_N})m(?:in)?)?(?:(?P<hs>{_N})s?)?"
    rf"|(?P<m>{_N})(?:m(?:in)?|['’′])(?:(?P<ms>{_N})(?:s|[\"”″])?)?"
    rf"|(?P<s>{_N})(?:s(?:ec)?|[\"”″]))(?![\w%/^:])",
    re.IGNORECASE,
)
_PER = r"/\s?(?:km|miles?|mi|[0-9]{2,4}\s?(?:mtr|m|yd|y))"
_CLOCK = r"[0-9]{1,3}:[0-9]{2}(?:\.[0-9]+)?"
_PACES = re.compile(rf"(?i)(?<![\w.:])(?P<a>{_CLOCK})(?P<au>{_PER})?(?:\s?[-–]\s?(?P<b>{_CLOCK})(?P<bu>{_PER})?)?")
_SHARES = re.compile(rf"(?i)(?<![\w.:])(?P<a>{_N})\s?%?\s?(?:[-–]\s?(?P<b>{_N})\s?)?%\s*pace\b")
_REPEAT = re.compile(r"(?i)(?:^|\s)([0-9]{1,9})[x×](?=[\s,:;.(]|$)|^([0-9]{1,9})\s[x×]$")
_DASH = re.compile(r"^\s*[-–•*]\s*(?=\S)")
_INTENSITY = re.compile(r"(?i)\bintensity\s*=\s*([a-z]+)")
_AIMS = (
    (re.compile(r"(?i)\bfree\s?ride\b"), "no speed: the runner chooses it"),
    (re.compile(r"(?i)\bC?Z[0-9]{1,2}\b"), "no speed, only one of your own zones"),
    (re.compile(r"(?i)%\s*(?:HR|LTHR)\b|\bbpm\b"), "no speed, only a heart rate"),
    (re.compile(r"(?i)[0-9]\s?w\b|%"), "no speed, only a power (a share of a pace is written 80% Pace)"),
)
_WORDS = (
    (re.compile(r"(?i)\bwarm\s?-?up\b"), Kind.WARM_UP),
    (re.compile(r"(?i)\bcool\s?-?down\b"), Kind.COOL_DOWN),
    (re.compile(r"(?i)\bwalk(?:ing)?\b"), Kind.WALK),
    (re.compile(r"(?i)\bfree\s?ride\b"), Kind.FREE),
)
_INTENSITIES = {"warmup": Kind.WARM_UP, "cooldown": Kind.COOL_DOWN}
_FREE = re.compile(r"(?i)\bfree\s?ride\b")
_LAP = re.compile(r"(?i)\bpress\s+lap\b")
_RAMP = re.compile(r"(?i)\bramp\b")
_RESTS = re.compile(r"(?i)\bintensity\s*=\s*(?:rest|recovery)\b")
_EASY = re.compile(r"(?i)\b(?:rest|recover(?:y)?|walk)\b")
_MEND = "write steps like - 5m 6:00/km Pace"


def is_text(text: str) -> bool:
    """Whether `text` has at least one line that could be a step."""
    return any(_DASH.match(line) and _LENGTH.search(line) for line in text.splitlines())


def read(text: str, name: str, where: str) -> Imported:
    """What the workout `text` says. Raises WorkoutError."""
    reader = _Reader(where)
    for number, line in enumerate(text.splitlines(), 1):
        reader.line(number, line)
    reader.close()
    if not reader.items:
        raise WorkoutError(where, "there is no step in it", _MEND)
    return Imported(FORMAT, name, tuple(reader.items), guessed=tuple(dict.fromkeys(reader.guessed)))


@dataclass(slots=True)
class _Reader:
    where: str
    items: list[Item] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)
    inner: list[Item] = field(default_factory=list)
    times: int | None = None
    section: Kind | None = None
    begun: bool = False
    """Whether the section has a step already."""
    count: int = 0

    def line(self, number: int, line: str) -> None:
        """Take in one line of the text."""
        place = f"{self.where}: line {number}"
        if not line.strip():
            if self.inner:
                self.close()
            if self.begun:
                self.section = None
            return
        if len(line) > LONGEST_LINE:
            raise WorkoutError(place, "the line is too long to be a step", _MEND)
        dash = _DASH.match(line)
        if dash:
            self.step(number, line[dash.end() :].strip(), place)
            return
        self.heading(line.strip(), place)

    def heading(self, line: str, place: str) -> None:
        found = _REPEAT.search(line)
        pending = self.times is not None and not self.inner
        if pending and found:
            what = "a repeat is nested in another, which intervals.icu does not allow"
            raise WorkoutError(place, what, "write its steps out, or put steps between")
        if pending:
            self.guessed.append(f"{place.rpartition(': ')[2]}: the {self.times}x above it repeats nothing.")
        self.close()
        if self.begun:
            self.section = None
        self.begun = False
        kind = _kind(line)
        if kind is not None or found is None or found[0] != line:
            self.section = kind if kind in (Kind.WARM_UP, Kind.COOL_DOWN) else None
        if found is None:
            return
        self.times = int(found[1] or found[2])
        if self.times < 1:
            raise WorkoutError(place, f"{self.times} is not a number of repeats", "write one from 1")

    def step(self, number: int, line: str, place: str) -> None:
        self.count += 1
        if self.count > MOST_STEPS:
            raise WorkoutError(self.where, f"there are more than {MOST_STEPS:,} steps", "split the workout")
        found = _LENGTH.search(line)
        if found is None:
            raise WorkoutError(place, f"{quoted(line)} has no duration", _MEND)
        self.begun = True
        for name, minutes in (("h", "h"), ("hm", "m"), ("m", "m")):
            if found[name] and number_parsing.decimals(found[name]) > 1:
                duration(found[name] + minutes, place)  # 1.30m is refused with both things it may mean
        length = _length(found)
        if length is None:
            self.guessed.append(f"line {number} has no length: left out.")
            return
        cue, rest = line[: found.start()].strip(" -–:,"), line[found.end() :]
        if isinstance(length, Seconds) and found["m"] and length.seconds >= LONG_MINUTES * 60:
            self.guessed.append(f"line {number}: {found[0]} is minutes (metres are written mtr).")
        if _LAP.search(rest):
            self.guessed.append(f"line {number}: goes on by itself after {found[0]}, without the lap key.")
        start, end = self.target(rest, place)
        kind = _kind(cue) or _intensity(rest) or (Kind.FREE if _FREE.search(rest) else self.section)
        likely = Kind.WALK if _EASY.search(cue) or _RESTS.search(rest) else Kind.RUN
        notes = (printable(cue, 200),) if cue else ()
        draft = Draft(f"line {number}", length, start, end, kind, likely, notes=notes)
        (self.items if self.times is None else self.inner).append(draft)

    def target(self, rest: str, place: str) -> tuple[Target, Target | None]:
        if share := _SHARES.search(rest):
            shares = [float(end) / 100 for end in (share["a"], share["b"]) if end is not None]
            if min(shares) <= 0:
                return MissingSpeed("a share of nothing"), None
            return self.between(shares, lambda rate: RelativeSpeed(rate, Reference.THRESHOLD), rest)
        if found := _PACES.search(rest):
            per = found["au"] or found["bu"] or ""
            texts = [found["a"] + per] + ([found["b"] + (found["bu"] or per)] if found["b"] else [])
            ends = [self.pace(text, place) for text in texts]
            if isinstance(ends[0], AbsoluteSpeed):
                return self.between([end.kmh for end in ends if isinstance(end, AbsoluteSpeed)], AbsoluteSpeed, rest)
            rates = [1 / end.number for end in ends if isinstance(end, UnitlessSpeed)]
            return self.between(rates, lambda rate: UnitlessSpeed(1 / rate, is_pace=True), rest)
        return MissingSpeed(next((why for pattern, why in _AIMS if pattern.search(rest)), "no speed")), None

    def pace(self, text: str, place: str) -> AbsoluteSpeed | UnitlessSpeed:
        said = pace(text)
        if said is None:
            raise WorkoutError(place, f"pace {quoted(text)} cannot be read", "write it like 5:00/km")
        return said

    def between(self, rates: list[float], make: Callable[[float], Target], rest: str) -> tuple[Target, Target | None]:
        """From end to end in a ramp, at the middle of the speeds otherwise."""
        if _RAMP.search(rest) and len(rates) > 1:
            return make(rates[0]), make(rates[1])
        if len(set(rates)) > 1:
            self.guessed.append("A range of paces is run at its middle.")
        return make(sum(rates) / len(rates)), None

    def close(self) -> None:
        """End the repeat that is under way, if one is."""
        if self.times is not None and self.inner:
            self.items.append(RepeatBlock(self.times, tuple(self.inner)))
        self.inner = []
        self.times = None


def _length(found: re.Match[str]) -> Length | None:
    if found["distance"]:
        unit = found["unit"].lower()
        each = {"k": 1000.0, "m": 1.0, "y": METRES_PER_YARD}[unit[0]]
        metres = float(found["distance"]) * (METRES_PER_MILE if unit.startswith("mi") else each)
        return Metres(metres) if metres else None
    parts = ((found["h"], 3600), (found["hm"] or found["m"], 60), (found["hs"] or found["ms"] or found["s"], 1))
    seconds = round(sum(float(part) * unit for part, unit in parts if part), 3)
    return Seconds(seconds) if seconds else None


def _kind(text: str) -> Kind | None:
    return next((kind for pattern, kind in _WORDS if pattern.search(text)), None)


def _intensity(rest: str) -> Kind | None:
    found = _INTENSITY.search(rest)
    return None if found is None else _INTENSITIES.get(found[1].lower())
