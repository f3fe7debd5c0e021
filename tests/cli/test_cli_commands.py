"""Every command: a file each, found by its name, imported when it is called, its options bound to what it takes."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import typing
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from runback import cli
from runback.cli.app import app, execute
from runback.cli.commands.log import RecordOptions
from runback.cli.cue_output import CueOptions
from runback.export.formats import FORMATS

FOLDER = Path(str(cli.__file__)).parent / "commands"
HEAVY = frozenset({"pydantic", "asyncio", "sqlite3", "bleak", "textual", "bumble", "tomlkit", "runback.engine"})
"""What nobody waits for who asks for help."""
PARTS = {
    "taste": {"theme", "plain"},
    "cues": {field.name for field in fields(CueOptions)},
    "when": {field.name for field in fields(RecordOptions)},
    "formats": {each.name for each in FORMATS},
}
"""Options that reach a command as one."""
NOT_TAKEN = {"log_file", "verbose"}
"""Options that are seen to before the command."""


def commands(group: click.Group = app) -> Iterator[click.Command]:
    for command in group.commands.values():
        yield command
        if isinstance(command, click.Group):
            yield from commands(command)


def test_each_file_of_the_folder_is_a_command_of_its_name() -> None:
    stems = {file.stem for file in FOLDER.glob("*.py")} - {"__init__"}
    assert set(app.commands) == {stem.rstrip("_").replace("_", "-") for stem in stems}
    assert [name for name, command in app.commands.items() if command.name != name] == []


def test_the_list_of_commands_says_of_each_what_its_own_help_says_first() -> None:
    listed = CliRunner().invoke(app, ["--help"]).output
    for name, command in app.commands.items():
        line = re.search(rf"^  {name} +(\S.*)$", listed, flags=re.MULTILINE)
        assert line is not None, name
        assert " ".join(str(command.help).split()).startswith(line[1].rstrip(".")), name


def test_a_command_that_does_not_exist_is_told_with_the_nearest() -> None:
    told = CliRunner().invoke(app, ["treadmils"])
    assert told.exit_code == 2
    assert "treadmills" in told.output


@pytest.mark.parametrize("command", list(commands()), ids=lambda command: str(command.name))
def test_what_a_command_takes_is_what_its_options_are_called(command: click.Command) -> None:
    """None is left over, and none is missing, also where a test never calls it."""
    assert command.callback is not None
    command_itself = inspect.unwrap(command.callback)
    hints = [hint for name, hint in typing.get_type_hints(command_itself).items() if name != "return"]
    bound = len(hints) == 1 and is_dataclass(hints[0])
    if bound:
        taken = {field.name for field in fields(hints[0])}
        needed = {field.name for field in fields(hints[0]) if field.default is field.default_factory is MISSING}
    else:
        needed = taken = set(inspect.signature(command_itself).parameters) - {"context"}
    found = {str(each.name) for each in command.params if each.expose_value} - NOT_TAKEN
    given = found | {part for part in taken & PARTS.keys() if found & PARTS[part]}
    for part in taken & PARTS.keys():
        given -= PARTS[part] - {part}
    assert needed <= given <= taken


@pytest.mark.full
@pytest.mark.parametrize("name", sorted(app.commands))
def test_the_help_of_a_command_imports_nothing_that_only_its_work_needs(name: str) -> None:
    code = (
        "import sys; sys.argv = ['runback', sys.argv[1], '--help']; from runback.cli import main\n"
        "try: main()\n"
        "finally: print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, name], capture_output=True, text=True, check=False)
    assert "Usage:" in done.stdout, done.stderr
    assert HEAVY & set(done.stderr.split()) == set()


def test_a_workout_that_the_shell_has_taken_apart_is_told_to_be_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["run", "5m", "walk", "4"]) == 2
    told = capsys.readouterr().err
    assert told == 'runback: run: a workout of several words needs quotes; runback run "5m walk 4"\n'


@pytest.mark.parametrize("line", [["log", "cyclin", "30"], ["plan", "--nothing"], ["data-that-is-not"]])
def test_what_is_misspelt_points_to_the_help_of_what_was_meant(
    line: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(line) == 2
    command = "runback" if line[0].startswith("data") else f"runback {line[0]}"
    assert f"`{command} --help` lists what there is" in capsys.readouterr().err
