"""Where workouts come from: the built-in ones, a person's folder, a path, or the one-line notation.

Rules:
- A built-in name always means the built-in workout; a person's file cannot quietly take its place.
- A broken file is one broken entry of the list, never the end of it.
- The person's folder is an argument: this room does not know where it is.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from runback.config_files.error_text import nearest, printable, quoted
from runback.errors import WorkoutError
from runback.workout import files, notation
from runback.workout.model import Workout

BUILT_IN = "built-in"
LONGEST_NAME = 80
"""Characters of a file's name shown at most."""
_ENDING = ".toml"


@dataclass(frozen=True, slots=True)
class WorkoutEntry:
    """One workout that can be asked for by `name`, printable. `source` is "built-in" or the file's path.

    Either `workout` is there, or `error` says why it is not.
    """

    name: str
    source: str
    workout: Workout | None
    error: WorkoutError | None = None


def built_in() -> tuple[WorkoutEntry, ...]:
    """The workouts that come with runback, by name."""
    return tuple(WorkoutEntry(name, BUILT_IN, _shipped_workout(name)) for name in _shipped())


def available(folder: Path | None) -> list[WorkoutEntry]:
    """Everything that can be asked for by name: the built-in workouts, then those in `folder`, each by name."""
    entries = list(built_in())
    taken = {_key(entry.name) for entry in entries}
    for path in _own(folder):
        name, where = printable(path.name[: -len(_ENDING)], LONGEST_NAME), printable(str(path), 200)
        if _key(name) in taken:
            error = WorkoutError(where, f"{quoted(name)} is already the name of another workout", "rename the file")
            entries.append(WorkoutEntry(name, where, None, error))
            continue
        taken.add(_key(name))
        try:
            entries.append(WorkoutEntry(name, where, files.load(path)))
        except WorkoutError as error:
            entries.append(WorkoutEntry(name, where, None, error))
    return entries


def find(text: str, folder: Path | None) -> Workout:
    """The workout that `text` asks for: a name, a path to a TOML file, or a workout in the one-line notation.

    `folder` holds the person's own files; None if there is none. Raises WorkoutError.
    """
    asked = text.strip()
    if not asked:
        raise WorkoutError("workout", "none was named", 'name one of "runback workouts", or write "5m walk 4.5"')
    shipped = _shipped()
    if _key(asked) in shipped:
        return _shipped_workout(_key(asked))
    own = _own(folder)
    for path in own:
        if _key(asked) in (_key(path.name), _key(path.name[: -len(_ENDING)])) and not os.path.isfile(asked):
            return files.load(path)
    if _is_path(asked):
        return files.load(Path(asked))
    names = [*shipped, *(path.name[: -len(_ENDING)] for path in own)]
    near = nearest(asked, names)
    if _is_notation(asked, near):
        return notation.parse(text)
    hint = f'did you mean {quoted(near)}? "runback workouts" lists them all' if near else 'see "runback workouts"'
    raise WorkoutError(f"workout {quoted(asked)}", "it does not exist", hint)


def _shipped() -> list[str]:
    """Names of the built-in workouts: their files' names, which are keys already."""
    folder = resources.files("runback.workout") / "builtin"
    return sorted(file.name.removesuffix(_ENDING) for file in folder.iterdir() if file.name.endswith(_ENDING))


def _shipped_workout(name: str) -> Workout:
    text = (resources.files("runback.workout") / "builtin" / (name + _ENDING)).read_text("utf-8")
    return files.loads(text, f"built-in {name}", name)


def _key(name: str) -> str:
    """Names are compared without capitals, and a blank is a hyphen: `First run` is `first-run`."""
    return re.sub(r"[\s_]+", "-", name.casefold())


def _own(folder: Path | None) -> list[Path]:
    """The TOML files in `folder`, by name; none if it is not there or cannot be read."""
    if folder is None:
        return []
    try:
        return sorted(path for path in folder.iterdir() if path.suffix.lower() == _ENDING and path.stem)
    except OSError:
        return []


def _is_path(asked: str) -> bool:
    """Whether `asked` is meant as a file. A "/" alone does not tell: paces have one."""
    return asked.lower().endswith(_ENDING) or asked.startswith(("/", "./", "../", "~")) or os.path.exists(asked)


def _is_notation(asked: str, near: str | None) -> bool:
    """Whether `asked` is meant as a one-line workout and not as the slip of a name, of which `near` is the nearest."""
    spaced = bool(re.search(r"[\s()]", asked))
    if asked[0] in "0123456789(.+-−":
        return spaced or near is None
    return near is None and spaced and bool(re.search(r"[0-9]", asked))
