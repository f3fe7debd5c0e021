"""The tables of a workout file, and what is wrong with them in one line.

Rules:
- This is the only file of the room that imports pydantic; `files` imports it when a file is read, not before.
- A table is either a step (kind, duration, speed, perhaps incline) or a repeat (repeat, step); a key nobody knows is
  refused (`tables`).
"""

from __future__ import annotations

from typing import Annotated, NoReturn

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Tag, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from runback.config_files.error_text import is_printable
from runback.config_files.validation import Place, first_fault
from runback.errors import WorkoutError
from runback.workout import kinds, quantities
from runback.workout.limits import MOST_STEPS
from runback.workout.model import Kind, Repeat, Step, Workout

LONGEST_NAME = 80
LONGEST_DESCRIPTION = 500

_MENDS = {
    "kind": 'add kind = "walk" or another kind',
    "duration": 'add duration = "5m"',
    "speed": "add speed = 5.0 (km/h)",
    "repeat": "add repeat = 5",
    "step": "write each step under [[step]], those of a repeat under [[step.step]]",
    "name": 'write name = "Monday" or leave it out',
    "description": "write one sentence of text in quotes, or leave it out",
}


def _refuse(error: WorkoutError) -> NoReturn:
    raise PydanticCustomError("workout", "{what}; {hint}", {"what": error.what, "hint": error.hint}) from error


def _kind(value: object) -> Kind:
    try:
        if not isinstance(value, str):
            raise WorkoutError("", "kind is not text", _MENDS["kind"])
        return kinds.kind(value, "")
    except WorkoutError as error:
        _refuse(error)


def _duration(value: object) -> float:
    try:
        return quantities.duration_value(value, "")
    except WorkoutError as error:
        _refuse(error)


def _speed(value: object) -> int:
    try:
        return quantities.speed_value(value, "")
    except WorkoutError as error:
        _refuse(error)


def _incline(value: object) -> int:
    try:
        return quantities.incline_value(value, "")
    except WorkoutError as error:
        _refuse(error)


def _times(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        _refuse(WorkoutError("", "repeat is not a whole number from 1", "write how often, such as repeat = 5"))
    if value > MOST_STEPS:
        what = f"repeat makes more than {MOST_STEPS:,} steps"
        _refuse(WorkoutError("", what, "repeat less often"))
    return value


def _tables(value: object) -> list[object]:
    if not isinstance(value, list) or not value:
        fault = "step has nothing in it" if value == [] else "step is not a list of tables"
        _refuse(WorkoutError("", fault, _MENDS["step"]))
    return value


def _line(key: str, value: object, longest: int) -> str:
    if not isinstance(value, str):
        _refuse(WorkoutError("", f"{key} is not text", _MENDS[key]))
    line = " ".join(value.split())
    if not is_printable(line) or len(line) > longest or (key == "name" and not line):
        fault = "is empty" if not line else "has control characters" if len(line) <= longest else "is too long"
        _refuse(WorkoutError("", f"{key} {fault}", f"write at most {longest} characters of plain text"))
    return line


def _name(value: object) -> str:
    return _line("name", value, LONGEST_NAME)


def _description(value: object) -> str:
    return _line("description", value, LONGEST_DESCRIPTION)


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StepTable(_Table):
    """One stretch at one speed."""

    kind: Annotated[Kind, BeforeValidator(_kind)]
    """warm-up, run, walk, cool-down or free."""
    duration: Annotated[float, BeforeValidator(_duration)]
    """Text with its unit ("5m", "1m30s", "1:30"); 1 s to 24 h."""
    speed: Annotated[int, BeforeValidator(_speed)]
    """A number of km/h, or text: "7.5 km/h", "4.7 mph", "8:00/km"; held in 0.01 km/h. Every step has its own."""
    incline: Annotated[int, BeforeValidator(_incline)] = 0
    """A number of percent, or text: "1%"; held in 0.1 %. Level if left out."""

    def value(self) -> Step:
        return Step(self.kind, self.duration, self.speed, self.incline)


class RepeatTable(_Table):
    """Steps done several times over."""

    repeat: Annotated[int, BeforeValidator(_times)]
    """How often, from 1."""
    step: Annotated[tuple[Item, ...], BeforeValidator(_tables)]
    """What is repeated, in order."""

    def value(self) -> Repeat:
        return Repeat(self.repeat, tuple(item.value() for item in self.step))


def _shape(value: object) -> str:
    """Which table this is meant to be: one with `repeat` or inner steps is a repeat, every other a step."""
    return "repeat" if isinstance(value, dict) and ("repeat" in value or "step" in value) else "single"


Item = Annotated[
    Annotated[StepTable, Tag("single")] | Annotated[RepeatTable, Tag("repeat")],
    Discriminator(_shape),
]
RepeatTable.model_rebuild()


class WorkoutTable(_Table):
    """A whole file."""

    name: Annotated[str, BeforeValidator(_name)]
    """What the person reads; the file's own name if left out."""
    description: Annotated[str, BeforeValidator(_description)] = ""
    """One sentence; line ends in it become blanks."""
    step: Annotated[tuple[Item, ...], BeforeValidator(_tables)]
    """Steps and repeats, in order."""


def workout_from(data: dict[str, object], name: str, where: str) -> Workout:
    """The workout in a parsed file, called `name` if it does not say; `where` is the file. Raises WorkoutError."""
    try:
        table = WorkoutTable.model_validate({"name": name} | data)
    except ValidationError as error:
        fault = first_fault(error, _keys, _sentence)
        raise WorkoutError(_place(fault.place, data, where), fault.what, fault.hint) from error
    return Workout(table.name, tuple(item.value() for item in table.step), table.description)


def _sentence(fault: ErrorDetails) -> tuple[str, str]:
    key = str(fault["loc"][-1])
    if fault["type"] == "workout":
        return str(fault["ctx"]["what"]), str(fault["ctx"]["hint"])
    if fault["type"] == "missing":
        return (f"{key} is missing" if key != "step" else "there are no steps"), _MENDS[key]
    return "this is not a table", _MENDS["step"]


def _keys(loc: Place) -> tuple[str, ...]:
    """The keys of the table that `loc` is in."""
    table: type[_Table] = WorkoutTable
    if len(loc) > 1:
        table = RepeatTable if loc[-2] == "repeat" else StepTable
    return tuple(table.model_fields)


def _place(loc: Place, data: dict[str, object], where: str) -> str:
    """`where: step 2.1 (run)`: the table's numbers, outermost first, and its kind if it has one."""
    numbers: list[str] = []
    tables: object = data.get("step")
    table: object = data
    for part in loc:
        if isinstance(part, int):
            numbers.append(str(part + 1))
            table = tables[part] if isinstance(tables, list) else None
            tables = table.get("step") if isinstance(table, dict) else None
    if not numbers:
        return where
    written = table.get("kind") if isinstance(table, dict) else None
    label = f" ({written})" if isinstance(written, str) and written in set(Kind) else ""
    return f"{where}: step {'.'.join(numbers)}{label}"
