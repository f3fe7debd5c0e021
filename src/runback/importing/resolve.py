"""A file and its answers become a workout.

Rules:
- Every step gets a speed of its own, or the import is refused with one line that says which step and what is missing.
- Speeds above the cap become the cap, and it is said. One nobody runs (45 km/h) is a wrong unit and refused.
- A distance becomes the time it takes at the step's own speed, in whole seconds.
- A step whose kind the file does not say is a run from `RUNS_FROM`, a walk below (training.md: runs are 6.5-9.0 km/h).
- Size is measured on the tree before a ramp is unfolded or a repeat unrolled.

Units: speed 0.01 km/h, duration s, distance m.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from runback.config_files.error_text import printable
from runback.errors import WorkoutError
from runback.importing import ramp
from runback.importing.answers import Answers, questions, speed_kmh
from runback.importing.draft import Draft, Imported, Item, Metres, RelativeSpeed, RepeatBlock, Seconds
from runback.units import Unit, speed_from_kmh, spell
from runback.workout import quantities
from runback.workout.formatting import spell_duration, spell_speed
from runback.workout.limits import MOST_STEPS, Size, check_size, measure
from runback.workout.model import Kind, Repeat, Step, Workout

RUNS_FROM = 650
NOBODY_RUNS = 4500
LONGEST_NAME = 80
LONGEST_DESCRIPTION = 500


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One line of the preview: a step, or how often the deeper lines below it are done."""

    depth: int
    step: Step | None
    times: int = 1
    where: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolved:
    """The workout, its preview, what was guessed, and which steps were clamped to the cap."""

    workout: Workout
    format: str
    lines: tuple[PreviewLine, ...]
    guessed: tuple[str, ...]
    clamped: tuple[str, ...]


def resolve(
    imported: Imported, answers: Answers, where: str, name: str | None = None, unit: Unit = Unit.KMH
) -> Resolved:
    """`imported` as a workout called `name` (its own name if None); what is told has speeds in `unit`. Raises
    WorkoutError."""
    check_size(_size(imported.items), where)
    maker = _Maker(where, answers, unit)
    steps = maker.items(imported.items, 0)
    if not steps:
        raise WorkoutError(where, "there is no step in it that has a length", "export the workout again")
    check_size(measure(steps), where)
    title = _tidy(name or imported.name, LONGEST_NAME) or "workout"
    workout = Workout(title, steps, _tidy(imported.description, LONGEST_DESCRIPTION))
    guessed = (*imported.guessed, *maker.guessed)
    return Resolved(workout, imported.format, tuple(maker.lines), tuple(dict.fromkeys(guessed)), tuple(maker.clamped))


def _tidy(text: str, longest: int) -> str:
    sound = text.encode("utf-8", "replace").decode("utf-8")
    return printable(" ".join(sound.split()), longest).strip()


def _size(items: tuple[Item, ...]) -> Size:
    """How many steps, and seconds as far as the file says them, `items` unroll to; a ramp counts as one."""
    size = Size(0, 0.0)
    for item in items:
        if isinstance(item, RepeatBlock):
            once = _size(item.items)
            size += Size(once.steps * item.times, once.seconds * item.times)
        else:
            size += Size(1, item.length.seconds if isinstance(item.length, Seconds) else 0.0)
    return size


@dataclass(slots=True)
class _Maker:
    where: str
    answers: Answers
    unit: Unit = Unit.KMH
    lines: list[PreviewLine] = field(default_factory=list)
    guessed: dict[str, None] = field(default_factory=dict)
    clamped: dict[str, None] = field(default_factory=dict)

    def items(self, items: tuple[Item, ...], depth: int) -> tuple[Step | Repeat, ...]:
        made: list[Step | Repeat] = []
        for item in items:
            if isinstance(item, RepeatBlock):
                at = len(self.lines)
                made.append(Repeat(item.times, self.items(item.items, depth + 1)))
                self.lines.insert(at, PreviewLine(depth, None, item.times))
                continue
            for step in self.steps(item):
                self.lines.append(PreviewLine(depth, step, 1, item.where, item.notes))
                made.append(step)
            if len(self.lines) > MOST_STEPS:
                check_size(Size(len(self.lines), 0.0), self.where)
        return tuple(made)

    def steps(self, draft: Draft) -> Iterator[Step]:
        """The steps of one draft: one, or the stages of its ramp."""
        place = f"{self.where}: {draft.where}"
        for missing in questions(draft, self.answers):
            raise WorkoutError(place, missing.what, missing.hint)
        incline = quantities.incline_value(draft.incline / 10, place)
        start = self.speed(draft, place, first=True)
        end = start if draft.end is None else self.speed(draft, place, first=False)
        middle = (start + end) / 2
        kind = draft.kind or self.kind(middle)
        total = self.seconds(draft, middle, place)
        if start == end:
            yield Step(kind, total, start, incline)
            return
        count = ramp.stages(start, end, total)
        each = ramp.speeds(start, end, count)
        self.guess(f"Ramps go in equal stages of at most {self.told(ramp.FINE)} (steep ones {self.told(ramp.COARSE)}).")
        if isinstance(draft.length, Metres):
            lengths = [_took(draft.length.metres / count, speed) for speed in each]
        else:
            lengths = list(ramp.shares(total, count))
        for speed, length in zip(each, lengths, strict=True):
            yield Step(kind, length, speed, incline)

    def speed(self, draft: Draft, place: str, *, first: bool) -> int:
        target = draft.start if first or draft.end is None else draft.end
        kmh = speed_kmh(target, draft, self.answers)
        if isinstance(target, RelativeSpeed) and target.of not in self.answers.paces:
            self.guess(f"The {target.of} pace was not given: your one pace (--pace) is used instead.")
        value = speed_from_kmh(min(kmh, 1e6))
        if value > NOBODY_RUNS:
            what = f"{spell_speed(value)} km/h is faster than anybody runs"
            raise WorkoutError(place, what, "check its unit")
        if value > self.answers.cap:
            self.clamped[
                f"{draft.where}: {self.told(value)} is above the cap, {self.told(self.answers.cap)} instead"
            ] = None
            value = self.answers.cap
        return quantities.speed_value(value / 100, place)

    def seconds(self, draft: Draft, middle: float, place: str) -> float:
        """How long `draft` lasts at `middle` (0.01 km/h)."""
        if isinstance(draft.length, Metres):
            self.guess("Distances became times, at the speed of their step.")
            return quantities.duration_bounded(_took(draft.length.metres, middle), place)
        if isinstance(draft.length, Seconds):
            return quantities.duration_bounded(draft.length.seconds, place)
        lasts = self.answers.open_length or 0.0
        self.guess(f"Steps without an end last {spell_duration(lasts)} each.")
        return quantities.duration_bounded(lasts, place)

    def kind(self, speed: float) -> Kind:
        self.guess(f"Where the file does not say what a step is: a run from {self.told(RUNS_FROM)}, a walk below.")
        return Kind.RUN if speed >= RUNS_FROM else Kind.WALK

    def told(self, speed: int) -> str:
        """A speed as the person has them; km/h as they stand in the file that is written."""
        return f"{spell_speed(speed)} km/h" if self.unit is Unit.KMH else spell(speed, self.unit)

    def guess(self, line: str) -> None:
        self.guessed[line] = None


def _took(metres: float, speed: float) -> float:
    """Whole seconds that `metres` take at `speed`; at least one."""
    return max(1.0, float(round(metres / speed * 360)))
