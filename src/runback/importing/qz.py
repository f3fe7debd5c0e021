"""QZ training programmes (`rows` of XML).

Rules, from qdomyos-zwift `trainprogram.cpp` (`loadXML`) and its authoring guide:
- `duration` is hh:mm:ss, `distance` kilometres and counts instead of it, `inclination` percent (-200: none).
- Speeds are km/h; the person's mile setting changes only what QZ shows. People have written mph into them all the same
  (issues 2056, 4000), so the unit can be said.
- `speedfrom` and `speedto` with a duration make a ramp.
- Without `forcespeed` QZ shows the speed and leaves the belt alone. Here the belt goes to it, and the preview says so.
- A speed of 0, or a row that only aims at a heart rate, a zone or a power, has no speed: QZ leaves the belt as fast as
  it was. That is refused.
- `repeat` has `times`. QZ cannot nest them; here they nest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

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
    RepeatBlock,
    Seconds,
    SpeedUnit,
    Target,
)
from runback.importing.numbers import incline, number, whole
from runback.importing.safe_xml import Node
from runback.units import KM_PER_MILE
from runback.workout.limits import DEEPEST, MOST_STEPS

FORMAT = "QZ training programme"
ROOT = "rows"
NO_INCLINE = -50.0
"""Percent below which an inclination is QZ's sign for none (-200, -100)."""
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.0+)?")
_AIMS = {
    "zonehr": "a heart-rate zone",
    "hrmin": "a heart rate",
    "powerzone": "a power",
    "power": "a power",
    "powerzonefrom": "a power",
    "mets": "METs",
    "pace_intensity": "an intensity",
    "resistance": "a resistance",
}


def read(root: Node, name: str, where: str, unit: SpeedUnit | None = None) -> Imported:
    """What the `rows` at `root` say; `unit` is what their speeds count in, km/h if not given. Raises WorkoutError."""
    reader = _Reader(where, KM_PER_MILE if unit is SpeedUnit.MPH else 1.0)
    if unit is None:
        reader.guessed.append("Speeds are km/h, as QZ writes them; --unit mph if yours were typed in miles.")
    items = tuple(reader.items(root, 0))
    if not items:
        raise WorkoutError(where, "the QZ programme has no rows", "export it again")
    return Imported(FORMAT, name, items, guessed=tuple(dict.fromkeys(reader.guessed)))


@dataclass(slots=True)
class _Reader:
    where: str
    scale: float
    guessed: list[str] = field(default_factory=list)
    count: int = 0

    def items(self, parent: Node, depth: int) -> list[Item]:
        found: list[Item] = []
        for node in parent:
            if node.name == "repeat":
                found += self.again(node, depth + 1)
            elif node.name == "row":
                found += self.row(node)
            elif node.name != "textevent":
                what = f"{quoted(node.name)} is neither a row nor a repeat"
                raise WorkoutError(self.where, what, 'write <row/> and <repeat times="5">')
        return found

    def again(self, node: Node, depth: int) -> list[Item]:
        place = f"{self.where}: repeat after row {self.count}"
        if depth > DEEPEST:
            raise WorkoutError(
                place, f"more than {DEEPEST} repeats are nested in each other", "write out the innermost"
            )
        if depth == 2:
            self.guessed.append("A repeat is nested in another: done as written (QZ itself would not).")
        times = whole(node.get("times") or "", place, "times")
        if times < 1:
            raise WorkoutError(place, f"times {times} is not a number of repeats", "write one from 1")
        inner = tuple(self.items(node, depth))
        return [RepeatBlock(times, inner)] if inner else []

    def row(self, node: Node) -> list[Item]:
        self.count += 1
        if self.count > MOST_STEPS:
            raise WorkoutError(self.where, f"there are more than {MOST_STEPS:,} rows", "split the programme")
        where = f"row {self.count}"
        place = f"{self.where}: {where}"
        if any(child.name != "textevent" for child in node):
            raise WorkoutError(place, "the row has something inside it", 'write <row/> and <repeat times="5">')
        length = self.length(node, place)
        if length is None:
            self.guessed.append(f"{where} has no length: left out.")
            return []
        start, end = self.targets(node, place, where)
        notes = tuple(
            text for child in node if (text := printable(" ".join((child.get("message") or "").split()), 200))
        )
        return [Draft(where, length, start, end, incline=self.incline(node, place), notes=notes)]

    def length(self, node: Node, place: str) -> Length | None:
        text = node.get("distance")
        if text is not None and (km := number(text, place, "distance")) != -1:
            if km < 0:
                raise WorkoutError(place, f"distance {quoted(text)} is negative", "write kilometres")
            return Metres(km * 1000) if km else None
        text = node.get("duration")
        if text is None:
            raise WorkoutError(place, "there is neither a duration nor a distance", 'write duration="00:05:00"')
        match = _CLOCK.fullmatch(text)
        if match is None or int(match[1]) > 23 or int(match[2]) > 59 or int(match[3]) > 59:
            raise WorkoutError(place, f"duration {quoted(text)} is not hh:mm:ss", 'write it like "00:05:00"')
        seconds = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3])
        return Seconds(float(seconds)) if seconds else None

    def targets(self, node: Node, place: str, where: str) -> tuple[Target, Target | None]:
        first, last = node.get("speedfrom"), node.get("speedto")
        if first is not None and last is not None:
            return self.speed(first, place, "speedfrom", node), self.speed(last, place, "speedto", node)
        text = node.get("speed")
        target = self.speed(text, place, "speed", node) if text is not None else _unsaid(node)
        forced = node.get("forcespeed")
        off = forced is None or number(forced, place, "forcespeed") == 0
        if off and not isinstance(target, MissingSpeed):
            self.guessed.append(f"{where} does not force its speed (QZ would only show it): here the belt goes to it.")
        return target, None

    def incline(self, node: Node, place: str) -> int:
        text = node.get("inclination")
        if text is None or number(text, place, "inclination") < NO_INCLINE:
            return 0
        tenths, rounded = incline(text, place, "inclination")
        if rounded is not None:
            self.guessed.append(rounded)
        return tenths

    def speed(self, text: str, place: str, key: str, node: Node) -> Target:
        value = number(text, place, key)
        return AbsoluteSpeed(value * self.scale) if value > 0 else _unsaid(node)


def _unsaid(node: Node) -> MissingSpeed:
    aim = next((aim for key, aim in _AIMS.items() if (node.get(key) or "0").strip("-.0") not in ("", "1")), None)
    aim = aim or next((aim for key, aim in _AIMS.items() if node.get(key) not in (None, "0", "-1")), None)
    return MissingSpeed(f"no speed, only {aim}" if aim else "no speed")
