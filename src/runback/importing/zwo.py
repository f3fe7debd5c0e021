"""Zwift run workouts (`.zwo`).

Rules, and where they are from:
- `Power` is a share of a pace's speed: 0.9 of 5:00/km is 10.8 km/h (qdomyos-zwift `zwiftworkout.cpp`; zwo-editor).
- `pace` counts the person's race paces from 0: 1 mile, 5 km, 10 km, half marathon, marathon (`speedFromPace` there).
  Zwift's own files hold numbers beyond that, without a meaning (h4l/zwift-workout-file-reference): any pace will do.
- `thresholdSecPerKm` in the file stands in for all of them (qdomyos-zwift issues 589 and 609).
- `durationType` says whether durations are seconds or metres. A run without it is in metres (issue 589), unless its
  texts are placed by time: then nobody can know, and it is asked.
- A ramp goes from `PowerLow` to `PowerHigh`; in a `Cooldown` Zwift writes the higher one first, and where another
  program wrote it last, the cool-down still falls (GoldenCheetah pull request 4711).
- A steady share given as `PowerLow` and `PowerHigh` is the middle of them (zwo-editor issue 101).
- `FreeRide` and `MaxEffort` have no speed.
"""

from __future__ import annotations

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
    Reference,
    RelativeSpeed,
    RepeatBlock,
    Seconds,
    Target,
    UnitlessSpeed,
)
from runback.importing.numbers import incline, number, pace, whole
from runback.importing.safe_xml import Node
from runback.workout.limits import MOST_STEPS
from runback.workout.model import Kind

FORMAT = "Zwift workout"
ROOT = "workout_file"
PACES = (Reference.MILE, Reference.FIVE_K, Reference.TEN_K, Reference.HALF, Reference.MARATHON)
_TEXTS = ("textevent", "textnotification")
_SILENT = (*_TEXTS, "gameplayevent", "restday", "run")
_RAMPS = {"warmup": Kind.WARM_UP, "cooldown": Kind.COOL_DOWN, "ramp": None}
_STEADY = ("steadystate", "solidstate")
_FREE = ("freeride", "freerun", "maxeffort")
_METRES = {"distance": True, "time": False}
SLOWEST_PACE, FASTEST_PACE = 1800.0, 100.0
"""Seconds per km between which a `pace` without a `Power` is a pace and no index."""


def read(root: Node, name: str, where: str, by: str | None = None) -> Imported:
    """What the `workout_file` at `root` says; `by` ("time", "distance") overrules what it counts in. Raises
    WorkoutError."""
    head = {node.name: node for node in reversed(list(root))}
    blocks = [block for node in root if node.name == "workout" for block in node]
    if not blocks:
        raise WorkoutError(where, "the Zwift workout has no steps", "export it again")
    reader = _Reader(where)
    sport = _text(head, "sporttype").lower()
    if sport and "run" not in sport:
        what = f"this is a workout for {quoted(sport)}, whose shares are of power and not of a pace"
        raise WorkoutError(where, what, "give a run workout")
    if not sport:
        reader.guess("The file does not say its sport: taken as a run.")
    reader.metres = _in_metres(reader, head, blocks, by, sport=sport)
    reader.threshold = _threshold(head, where)
    if reader.threshold is not None:
        reader.guess(f"Shares are of the file's own threshold pace, {reader.threshold:g} s per km.")
    items = tuple(item for block in blocks for item in reader.block(block))
    return Imported(
        FORMAT, _text(head, "name") or name, items, _text(head, "description"), tuple(dict.fromkeys(reader.guessed))
    )


def _text(head: dict[str, Node], key: str) -> str:
    return head[key].text if key in head else ""


def _threshold(head: dict[str, Node], where: str) -> float | None:
    text = _text(head, "thresholdsecperkm")
    if not text or (value := number(text, where, "thresholdSecPerKm")) == 0:
        return None
    if not FASTEST_PACE <= value <= SLOWEST_PACE:
        raise WorkoutError(where, f"thresholdSecPerKm {quoted(text)} is not a pace", "correct it: 300 is 5:00/km")
    return value


def _in_metres(reader: _Reader, head: dict[str, Node], blocks: list[Node], by: str | None, *, sport: str) -> bool:
    said = _text(head, "durationtype").lower()
    if by is not None:
        return by == "distance"
    if said in _METRES:
        return _METRES[said]
    if not sport:
        reader.guess("The file does not say what durations count: taken as seconds.")
        return False
    texts = [text for block in blocks for text in (block, *block) if text.name in _TEXTS]
    by_time = any((text.get("timeoffset") or "0").strip("0.") for text in texts)
    if by_time and not any(text.get("distoffset") for text in texts):
        what = "the file does not say whether its durations are seconds or metres"
        raise WorkoutError(reader.where, what, "add --durations time or --durations distance")
    reader.guess("The file does not say what durations count: taken as metres, as Zwift does in runs.")
    return True


@dataclass(slots=True)
class _Reader:
    where: str
    metres: bool = False
    threshold: float | None = None
    guessed: list[str] = field(default_factory=list)
    count: int = 0

    def guess(self, line: str) -> None:
        self.guessed.append(line)

    def block(self, node: Node) -> list[Item]:
        """The steps that one element of the workout makes."""
        if node.name in _SILENT:
            return []
        self.count += 1
        if self.count > MOST_STEPS:
            raise WorkoutError(self.where, f"there are more than {MOST_STEPS:,} steps", "split the workout")
        where = f"{_tag(node)} {self.count}"
        place = f"{self.where}: {where}"
        notes = tuple(line for child in node if (line := _note(child)))
        if node.name == "intervalst":
            return self.intervals(node, where, place, notes)
        length = self.length(node, "Duration", place)
        if length is None:
            self.guess(f"{where} has no length: left out.")
            return []
        incline = self.incline(node, place)
        if node.name in _RAMPS:
            start, end = self.ends(node, place)
            return [Draft(where, length, start, end, _RAMPS[node.name], incline=incline, notes=notes)]
        if node.name in _STEADY:
            return [Draft(where, length, self.steady(node, "", place), incline=incline, notes=notes)]
        if node.name in _FREE:
            target = self.absolute(node, "", place) or MissingSpeed("no speed: the runner chooses it")
            return [Draft(where, length, target, kind=Kind.FREE, incline=incline, notes=notes)]
        raise WorkoutError(place, f"{quoted(_tag(node))} is not a step this program knows", "replace that step")

    def intervals(self, node: Node, where: str, place: str, notes: tuple[str, ...]) -> list[Item]:
        times = whole(node.get("repeat") or "1", place, "Repeat")
        if times < 1:
            raise WorkoutError(place, f"Repeat {times} is not a number of repeats", "write one from 1")
        inner: list[Item] = []
        incline = self.incline(node, place)
        for part in ("On", "Off"):
            length = self.length(node, f"{part}Duration", place)
            if length is None:
                self.guess(f"{where}: its {part.lower()} part has no length: left out.")
                continue
            target = self.steady(node, part.lower(), place)
            likely = Kind.RUN if part == "On" else Kind.WALK
            told = () if inner else notes
            inner.append(Draft(f"{where} {part.lower()}", length, target, likely=likely, incline=incline, notes=told))
        return [RepeatBlock(times, tuple(inner))] if inner else []

    def incline(self, node: Node, place: str) -> int:
        text = node.get("incline")
        if text is None:
            return 0
        tenths, rounded = incline(text, place, "Incline")
        if rounded is not None:
            self.guess(rounded)
        return tenths

    def length(self, node: Node, key: str, place: str) -> Length | None:
        text = node.get(key.lower())
        if text is None:
            raise WorkoutError(place, f"{key} is missing", "write how long the step is")
        value = number(text, place, key)
        if value < 0:
            raise WorkoutError(place, f"{key} {quoted(text)} is negative", "write how long the step is")
        if value == 0:
            return None
        return Metres(value) if self.metres else Seconds(round(value, 3))

    def ends(self, node: Node, place: str) -> tuple[Target, Target | None]:
        """Where a ramp starts and ends."""
        low, high = node.get("powerlow", "speedlow"), node.get("powerhigh", "speedhigh")
        if low is None or high is None:
            return self.steady(node, "", place), None
        first, last = number(low, place, "PowerLow"), number(high, place, "PowerHigh")
        if node.name == "cooldown" and first < last:
            self.guess(f"{place.rpartition(': ')[2]}: the file has it rise; a cool-down falls.")
            first, last = last, first
        if node.get("powerlow") is None:
            return UnitlessSpeed(first), UnitlessSpeed(last)
        return self.share(node, first, place), self.share(node, last, place)

    def steady(self, node: Node, part: str, place: str) -> Target:
        """The speed of a step, or of the `part` ("on", "off") of an interval."""
        said = self.absolute(node, part, place)
        if said is not None:
            return said
        text = node.get(f"{part}power")
        if text is not None:
            return self.share(node, number(text, place, f"{part}Power"), place)
        low, high = node.get(f"power{part}low"), node.get(f"power{part}high")
        if low is not None or high is not None:
            ends = [number(end, place, "Power") for end in (low, high) if end is not None]
            if len(set(ends)) > 1:
                self.guess("A range of shares is run at its middle, as Zwift does.")
            return self.share(node, sum(ends) / len(ends), place)
        index = node.get("pace")
        if index is not None and FASTEST_PACE <= (value := number(index, place, "pace")) <= SLOWEST_PACE:
            self.guess("A pace without a Power is taken as seconds per km.")
            return AbsoluteSpeed(3600 / value)
        return MissingSpeed("neither a Power nor a speed")

    def absolute(self, node: Node, part: str, place: str) -> Target | None:
        """A speed or pace that is not counted in a race pace."""
        text = node.get(f"{part}speed")
        if text is not None:
            return UnitlessSpeed(number(text, place, "Speed"))
        for key in (f"{part}pace", "pace"):
            text = node.get(key)
            if text is not None and ":" in text:
                said = pace(text)
                if said is None:
                    raise WorkoutError(place, f"pace {quoted(text)} cannot be read", "write it like 5:00/km")
                return said
        return None

    def share(self, node: Node, share: float, place: str) -> Target:
        if share <= 0:
            return MissingSpeed(f"a share of {share:g}")
        if share > 10:
            what = f"a share of {share:g} is more than ten times the pace"
            raise WorkoutError(place, what, "write 0.9 for 90 %")
        if self.threshold is not None:
            return AbsoluteSpeed(3600 / self.threshold * share)
        text = node.get("pace")
        index = whole(text, place, "pace") if text is not None else -1
        if 0 <= index < len(PACES):
            return RelativeSpeed(share, PACES[index])
        if text is not None:
            self.guess(f"pace={quoted(text)} is not one of Zwift's five paces: your reference pace is used.")
        return RelativeSpeed(share, Reference.UNNAMED)


def _tag(node: Node) -> str:
    return printable(node.element.tag.rpartition("}")[2], 30)


def _note(node: Node) -> str:
    if node.name not in _TEXTS:
        return ""
    message = printable(" ".join((node.get("message", "text") or "").split()), 200)
    at = node.get("timeoffset")
    far = node.get("distoffset")
    place = f"at {printable(at, 12)} s: " if at else f"at {printable(far, 12)} m: " if far else ""
    return place + message if message else ""
