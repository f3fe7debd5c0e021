"""FIT workout files, as Garmin and Coros watches and their web sites write them. Read with fitdecode.

Rules, from the FIT profile (messages file_id, workout and workout_step):
- A duration is milliseconds (type 0) or centimetres (type 1); open (5), and those that wait for a heart rate, a power
  or calories, have no length.
- A speed is the custom range of a speed target, mm/s, run at its middle. A speed zone is the person's own and not in
  the file; every other target has no speed.
- Type 6 repeats: back to the step whose index is the duration's value, until it all has been done as often as the
  target's value says.
- `intensity` says warm-up and cool-down; rest and recovery are walked where they have no speed to judge by.
- Numbers are taken raw from the profile's field numbers, so that no later profile can rename them.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from runback.config_files.error_text import printable
from runback.errors import WorkoutError
from runback.importing.draft import (
    AbsoluteSpeed,
    Draft,
    Imported,
    Item,
    Length,
    Metres,
    MissingSpeed,
    OpenEnded,
    RepeatBlock,
    Seconds,
    Target,
)
from runback.workout.limits import DEEPEST, MOST_STEPS
from runback.workout.model import Kind

FORMAT = "FIT workout"
MAGIC = b".FIT"
_FILE_ID, _WORKOUT, _STEP = 0, 26, 27
_WORKOUT_FILE = 5
_ON_FOOT = {0: "generic", 1: "running", 4: "fitness equipment", 10: "training", 11: "walking", 17: "hiking"}
_TIME, _DISTANCE, _OPEN, _REPEAT = 0, 1, 5, 6
_OTHER_REPEATS = range(7, 14)
_SPEED, _NOTHING = 0, 2
_AIMS = {1: "a heart rate", 3: "a cadence", 4: "a power", 5: "a grade"}
_KINDS = {2: Kind.WARM_UP, 3: Kind.COOL_DOWN}
_LIKELY = {1: Kind.WALK, 4: Kind.WALK}
_NO_FIT = (struct.error, ValueError, LookupError, TypeError, ArithmeticError, AssertionError)
"""What fitdecode lets through, beside its own errors, on bytes that are no FIT."""
_MEND = "export the workout again"


@dataclass(frozen=True, slots=True)
class _Step:
    """A workout_step message by field number: its index, name, durations, targets, intensity."""

    index: int
    name: str
    duration_type: int
    duration: int | None
    target_type: int
    target: int | None
    low: int | None
    high: int | None
    intensity: int | None
    notes: str


@dataclass(frozen=True, slots=True)
class _Message:
    """A data message: its global number, and its fields' raw values by their numbers."""

    number: int
    fields: dict[int, object]

    def whole(self, field: int) -> int | None:
        value = self.fields.get(field)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def text(self, field: int) -> str:
        value = self.fields.get(field)
        return printable(" ".join(value.split()), 200) if isinstance(value, str) else ""


def read(data: bytes, name: str, where: str) -> Imported:
    """What the FIT bytes `data` say. Raises WorkoutError."""
    steps: list[_Step] = []
    title = ""
    for message in _messages(data, where):
        if message.number == _FILE_ID and message.whole(0) != _WORKOUT_FILE:
            what = "this FIT file is not a workout (it is an activity or settings)"
            raise WorkoutError(where, what, "export the planned workout, not the activity")
        if message.number == _WORKOUT:
            title = message.text(8) or title
            sport = message.whole(4)
            if sport is not None and sport not in _ON_FOOT:
                raise WorkoutError(where, "this FIT workout is not for running or walking", "give a run workout")
        if message.number == _STEP:
            steps.append(_step(message, len(steps)))
            if len(steps) > MOST_STEPS:
                raise WorkoutError(where, f"there are more than {MOST_STEPS:,} steps", "split the workout")
    if not steps:
        raise WorkoutError(where, "the FIT file has no workout steps", _MEND)
    steps.sort(key=lambda step: step.index)
    items, guessed = _tree(steps, where)
    return Imported(FORMAT, title or name, items, guessed=tuple(dict.fromkeys(guessed)))


def _messages(data: bytes, where: str) -> Iterator[_Message]:
    import fitdecode

    options = {"check_crc": fitdecode.CrcCheck.RAISE, "error_handling": fitdecode.ErrorHandling.IGNORE}
    first = True
    try:
        with fitdecode.FitReader(io.BytesIO(data), processor=None, **options) as reader:
            for frame in reader:
                if frame.frame_type != fitdecode.FIT_FRAME_DATA:
                    continue
                number = frame.def_mesg.global_mesg_num
                if first and number != _FILE_ID:
                    raise WorkoutError(where, "the FIT file does not say what it holds", _MEND)
                first = False
                yield _Message(number, {field.def_num: field.raw_value for field in frame.fields})
    except (fitdecode.FitError, *_NO_FIT) as error:
        raise WorkoutError(where, f"the FIT file is broken ({printable(str(error), 60)})", _MEND) from error


def _step(message: _Message, count: int) -> _Step:
    index = message.whole(254)
    return _Step(
        count if index is None else index & 0x0FFF,
        message.text(0),
        message.whole(1) if message.whole(1) is not None else _OPEN,  # type: ignore[arg-type]
        message.whole(2),
        message.whole(3) if message.whole(3) is not None else 2,  # type: ignore[arg-type]
        message.whole(4),
        message.whole(5),
        message.whole(6),
        message.whole(7),
        message.text(8),
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """An item with the indices of its first and last step, and how deep repeats stand in it."""

    first: int
    last: int
    depth: int
    item: Item


def _tree(steps: list[_Step], where: str) -> tuple[tuple[Item, ...], list[str]]:
    """The steps, those that are repeated folded into their repeats."""
    guessed: list[str] = []
    done: list[_Placed] = []
    for step in steps:
        place = f"{where}: step {step.index + 1}"
        if step.duration_type in _OTHER_REPEATS:
            what = "it repeats until a time, distance, heart rate or power is reached"
            raise WorkoutError(place, what, "repeat a number of times instead")
        if step.duration_type == _REPEAT:
            _fold(step, done, place)
            continue
        item = _draft(step, guessed)
        if item is None:
            guessed.append(f"step {step.index + 1} has no length: left out.")
        else:
            done.append(_Placed(step.index, step.index, 0, item))
    return tuple(each.item for each in done), guessed


def _fold(step: _Step, done: list[_Placed], place: str) -> None:
    """Replace the end of `done`, from the step that `step` goes back to, by a repeat of it."""
    times = step.target or 0
    if times < 1 or step.duration is None or step.duration >= step.index:
        raise WorkoutError(place, "it repeats nothing, or no number of times", _MEND)
    inner = [each for each in done if each.first >= step.duration]
    before = done[: len(done) - len(inner)]
    if before and before[-1].last >= step.duration:
        raise WorkoutError(place, "it begins in the middle of another repeat", _MEND)
    if not inner:
        return
    depth = 1 + max(each.depth for each in inner)
    if depth > DEEPEST:
        raise WorkoutError(place, f"more than {DEEPEST} repeats are nested in each other", "write out the innermost")
    done[len(before) :] = [
        _Placed(step.duration, step.index, depth, RepeatBlock(times, tuple(each.item for each in inner)))
    ]


def _draft(step: _Step, guessed: list[str]) -> Draft | None:
    length = _length(step)
    if length is None:
        return None
    kind = None if step.intensity is None else _KINDS.get(step.intensity)
    likely = Kind.RUN if step.intensity is None else _LIKELY.get(step.intensity, Kind.RUN)
    notes = tuple(dict.fromkeys(text for text in (step.name, step.notes) if text))
    return Draft(f"step {step.index + 1}", length, _target(step, guessed), None, kind, likely, notes=notes)


def _length(step: _Step) -> Length | None:
    if step.duration_type == _TIME and step.duration is not None:
        return Seconds(step.duration / 1000) if step.duration else None
    if step.duration_type == _DISTANCE and step.duration is not None:
        return Metres(step.duration / 100) if step.duration else None
    if step.duration_type == _OPEN:
        return OpenEnded("the lap key is pressed")
    return OpenEnded("something other than a time or a distance is reached")


def _target(step: _Step, guessed: list[str]) -> Target:
    if step.target_type == _NOTHING:
        return MissingSpeed()
    if step.target_type != _SPEED:
        return MissingSpeed(f"no speed, only {_AIMS.get(step.target_type, 'another target')}")
    if step.target:
        return MissingSpeed(f"no speed, only the watch's own speed zone {step.target}")
    ends = [end for end in (step.low, step.high) if end]
    if not ends:
        return MissingSpeed()
    if len(set(ends)) > 1:
        guessed.append("A range of speeds is run at its middle.")
    return AbsoluteSpeed(sum(ends) / len(ends) * 0.0036)
