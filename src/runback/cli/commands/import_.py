"""`runback import`: a workout from another program, previewed, and written once somebody has said yes.

Rules:
- Nothing is written without a yes: typed at a terminal, or `--yes`. Without either the preview is all there is.
- A file that is there is never written over.
- What is missing is asked for at a terminal, once each; where nobody can be asked the import is refused in one line.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import click

from runback import private_files, units
from runback.cli import options, settings_source
from runback.cli.files import own_workouts
from runback.config_files.error_text import json_line, printable, quoted
from runback.errors import InputError, WorkoutError
from runback.importing import preview
from runback.importing.answers import Answers, ImportQuestion
from runback.importing.answers import asked as open_questions
from runback.importing.detect import LARGEST, read
from runback.importing.draft import Imported, OpenEnded, Reference, SpeedUnit
from runback.importing.resolve import Resolved, resolve
from runback.safety.gate import Caps
from runback.workout import files, quantities
from runback.workout.formatting import spell_speed
from runback.workout.library import available
from runback.workout.model import Kind

_T = TypeVar("_T")
NOT_WRITTEN = 2


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What was asked for on the command line, as it was typed."""

    path: Path
    pace: str | None
    paces: tuple[str, ...]
    unit: str | None
    speeds: tuple[str, ...]
    open_length: str | None
    durations: str | None
    cap: str | None
    name: str | None
    yes: bool
    json: bool


@click.command(name="import")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--pace", metavar="5:30/km", help="Your pace that shares are counted in.")
@click.option(
    "--paces", multiple=True, metavar="5k=5:00/km", help="One of them: 1mi, 5k, 10k, half, marathon, threshold."
)
@click.option("--unit", type=click.Choice(["km/h", "mph"]), help="Unit of speeds and paces that say none.")
@click.option(
    "--speed", "speeds", multiple=True, metavar="walk=5.0", help="Speed of steps of that kind that have none."
)
@click.option("--open", "open_length", metavar="5m", help="Length of steps that have none (until the lap key).")
@click.option("--durations", type=click.Choice(["time", "distance"]), help="What a Zwift file's durations count.")
@click.option("--cap", metavar="12", help="Nothing faster than this; 20 km/h in any case.")
@click.option("--name", metavar="NAME", help="What to call it; else what the file says.")
@click.option("--yes", is_flag=True, help="Write it without asking.")
@settings_source.units_option
@options.json
@options.bind(ImportOptions)
def import_(asked: ImportOptions) -> int:
    """Import FILE: a Zwift .zwo, QZ .xml, FIT workout or intervals.icu text. Shows it, then asks."""
    unit = settings_source.unit()
    where = printable(str(asked.path), 200)
    answers = _answers(asked)
    imported = read(_content(asked.path, where), asked.path.stem, where, unit=answers.unit, by=asked.durations)
    at_terminal = sys.stdin.isatty() and sys.stdout.isatty() and not asked.yes and not asked.json
    if at_terminal:
        answers = _ask_for_the_rest(imported, answers)
    resolved = resolve(imported, answers, where, asked.name, units.Unit.KMH if asked.json else unit)
    target = _target(resolved)
    if not asked.json:
        for line in preview.lines(resolved, where, unit):
            click.echo(line)
    yes = asked.yes or (at_terminal and click.confirm(f"Write it to {target}?"))
    if yes:
        _write(target, resolved)
    if asked.json:
        shown = preview.as_json(resolved) | {"written": str(target) if yes else None}
        click.echo(json_line(shown))
    elif yes:
        click.echo(f"Written to {target}; run it with: runback run {target.stem}")
    if not yes:
        click.echo("runback: nothing was written; add --yes to write it", err=True)
    return 0 if yes else NOT_WRITTEN


def _answers(asked: ImportOptions) -> Answers:
    absolute = Caps().absolute
    cap = absolute if asked.cap is None else quantities.speed(asked.cap, "--cap")
    if cap > absolute:
        what = f"{spell_speed(cap)} km/h is above {spell_speed(absolute)} km/h, the most that runback allows"
        raise InputError("--cap", what, "give a lower one")
    paces = {Reference.UNNAMED: _pace(asked.pace, "--pace")} if asked.pace is not None else {}
    for text in asked.paces:
        key, value = _pair(text, "--paces", [each for each in Reference if each is not Reference.UNNAMED])
        paces[Reference(key)] = _pace(value, "--paces")
    speeds = {}
    for text in asked.speeds:
        key, value = _pair(text, "--speed", list(Kind))
        speeds[Kind(key)] = quantities.speed(value, "--speed")
    unit = None if asked.unit is None else SpeedUnit(asked.unit)
    length = None if asked.open_length is None else quantities.duration(asked.open_length, "--open")
    return Answers(cap, paces, unit, speeds, length)


def _pace(text: str, where: str) -> float:
    """Seconds per km of `5:30/km`, or of a speed. Raises WorkoutError."""
    plain = text.strip()
    if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", plain):
        raise WorkoutError(where, f"pace {quoted(text)} has no unit", f"write {plain}/km or {plain}/mile")
    return 3600 / units.kmh(quantities.speed(plain, where))


def _pair(text: str, option: str, keys: Sequence[Reference | Kind]) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    known = [each.value for each in keys]
    if not equals or key.strip().lower() not in known:
        raise InputError(
            option, f"{quoted(text)} cannot be read", f"write {known[0]}=...; there are {', '.join(known)}"
        )
    return key.strip().lower(), value


def _content(path: Path, where: str) -> bytes:
    hint = "give the path of a workout file"
    try:
        if not path.is_file():
            fault = "this is a folder" if path.is_dir() else "there is no such file"
            raise WorkoutError(where, fault if not path.exists() or path.is_dir() else "this is not a plain file", hint)
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "this is not a path"
        raise WorkoutError(where, f"this file cannot be read ({reason})", hint) from error


def _ask_for_the_rest(imported: Imported, answers: Answers) -> Answers:
    for draft, question in open_questions(imported, answers):
        if isinstance(question.about, Reference) and answers.pace(question.about) is not None:
            continue
        click.echo(f"{draft.where}: {question.what}")
        answers = _answered(question, answers)
    return answers


def _answered(question: ImportQuestion, answers: Answers) -> Answers:
    about = question.about
    if isinstance(about, Reference):
        pace = _prompt("  that pace, such as 5:30/km", lambda text: _pace(text, "that pace"))
        return replace(answers, paces={**answers.paces, about: pace})
    if isinstance(about, Kind):
        speed = _prompt(
            f"  speed of such a {about} step, such as 5.0", lambda text: quantities.speed(text, "that speed")
        )
        return replace(answers, speeds={**answers.speeds, about: speed})
    if about is OpenEnded:
        length = _prompt("  how long it should last, such as 5m", lambda text: quantities.duration(text, "that length"))
        return replace(answers, open_length=length)
    unit = click.prompt("  its unit", type=click.Choice([each.value for each in SpeedUnit]))
    return replace(answers, unit=SpeedUnit(unit))


def _prompt(text: str, read_it: Callable[[str], _T]) -> _T:
    while True:
        try:
            return read_it(click.prompt(text))
        except WorkoutError as error:
            click.echo(str(error), err=True)


def _target(resolved: Resolved) -> Path:
    """Where the workout is written: the person's folder, under a name nothing else has. Raises WorkoutError."""
    stem = re.sub(r"[^a-z0-9]+", "-", resolved.workout.name.casefold()).strip("-")[:60].strip("-") or "workout"
    target = own_workouts() / f"{stem}.toml"
    if os.path.lexists(target) or any(_same(entry.name, stem) for entry in available(own_workouts())):
        raise WorkoutError(str(target), "there is a workout of that name already", "give another --name")
    return target


def _same(name: str, stem: str) -> bool:
    return re.sub(r"[\s_]+", "-", name.casefold()) == stem


def _write(target: Path, resolved: Resolved) -> None:
    try:
        private_files.folder(target.parent)
        private_files.write(target, files.dump(resolved.workout).encode())
    except OSError as error:
        raise InputError(str(target), error.strerror or "it cannot be written", "make room for it there") from None
