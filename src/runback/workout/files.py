"""Workout files: TOML in, TOML out.

    name = "Monday"
    description = "Six quick minutes."

    [[step]]
    kind = "warm-up"
    duration = "5m"       # 90s, 1m30s, 1:30, 1h
    speed = 4.5           # km/h; or "4.7 mph", "8:00/km"

    [[step]]
    repeat = 6

      [[step.step]]
      kind = "run"
      duration = "1m"
      speed = 7.5
      incline = 1         # percent; level if left out

Rules:
- Whatever the file holds, the answer is a Workout or a WorkoutError whose `where` names the file and the place in it.
- Nothing is read beyond 1 MB, nothing that is not a plain file is opened, nothing is unrolled before it is measured.
- What `dump` writes, `loads` reads as the same workout.
"""

from __future__ import annotations

from pathlib import Path

from runback.config_files import toml_file
from runback.config_files.error_text import printable, shows
from runback.errors import WorkoutError
from runback.workout.formatting import spell_duration, spell_incline, spell_speed
from runback.workout.limits import DEEPEST, check_size, measure
from runback.workout.model import Repeat, Step, Workout

FILE = toml_file.FileKind(WorkoutError, "workout file", "runback workouts")


def load(path: Path) -> Workout:
    """The workout in the file at `path`. Raises WorkoutError, also for a file that cannot be read."""
    return loads(toml_file.read(path, FILE), printable(str(path), 200), path.stem)


def loads(text: str, where: str, name: str = "workout") -> Workout:
    """The workout that the TOML `text` describes; `name` is its name unless it says one itself. Raises WorkoutError."""
    data = toml_file.parse(text, where, FILE)
    if _depth(data) > DEEPEST + 1:
        raise WorkoutError(where, f"more than {DEEPEST} repeats are nested in each other", "write out the innermost")
    from runback.workout.schema import workout_from

    workout = workout_from(data, printable(name, 80).strip() or "workout", where)
    check_size(measure(workout.steps), where)
    return workout


def dump(workout: Workout) -> str:
    """`workout` as a file's text."""
    lines = [f"name = {_text(workout.name)}"]
    if workout.description:
        lines.append(f"description = {_text(workout.description)}")
    for item in workout.steps:
        lines += _table(item, "step", "")
    return "\n".join(lines) + "\n"


def _table(item: Step | Repeat, key: str, indent: str) -> list[str]:
    head = ["", f"{indent}[[{key}]]"]
    if isinstance(item, Repeat):
        inner = [line for step in item.steps for line in _table(step, f"{key}.step", indent + "  ")]
        return [*head, f"{indent}repeat = {item.times}", *inner]
    lines = [
        f'kind = "{item.kind}"',
        f'duration = "{spell_duration(item.duration)}"',
        f"speed = {spell_speed(item.speed)}",
    ]
    if item.incline:
        lines.append(f"incline = {spell_incline(item.incline)}")
    return [*head, *(indent + line for line in lines)]


def _text(text: str) -> str:
    """A TOML basic string. Lone surrogates, which no UTF-8 file can hold, become the replacement character."""
    sound = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    escaped = (f"\\{c}" if c in '"\\' else c if shows(c) else f"\\U{ord(c):08X}" for c in sound)
    return f'"{"".join(escaped)}"'


def _depth(data: dict[str, object]) -> int:
    """How deep steps stand inside steps; without recursion, so a hostile file cannot exhaust the stack."""
    deepest = 0
    level: list[object] = [data.get("step")]
    while deepest <= DEEPEST + 1:
        tables = [table for each in level if isinstance(each, list) for table in each if isinstance(table, dict)]
        if not tables:
            break
        deepest += 1
        level = [table.get("step") for table in tables]
    return deepest
