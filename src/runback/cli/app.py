"""The program: its commands, and how it ends. A command is a file in `commands`, imported when it is called.

Rules:
- Bad input is one line on standard error (where, what, the hint) and exit code 2; never a traceback.
- Exit codes are those of `EXIT_CODES`, and stand in `runback --help`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, MutableMapping, Sequence
from importlib import import_module
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

import click

from runback import __version__
from runback.cli.saying import let_go
from runback.config_files.error_text import printable
from runback.errors import (
    AdapterUnavailable,
    BeltNotSeen,
    InputError,
    LinkError,
    RunbackError,
    StartRefused,
    TreadmillNotFound,
)

EXIT_CODES = """
\b
Exit codes:
  0  completed
  1  internal error
  2  bad input, an unknown treadmill, no Bluetooth, or output that cannot be written
  3  stopped (by a person, a signal or the watchdog): belt at rest, or nothing was sent to it
  4  alarm: the belt was not seen at rest
  5  no treadmill answers, or the link failed
  6  a red flag was reported: what to do now has been printed
  7  the belt was not started: what would stop it if runback dies is not there
"""
VERSION = f"%(prog)s %(version)s (Python {sys.version.split()[0]}, {sys.platform})"
BAD_INPUT = 2
ALARM = 4
LINK_FAILED = 5
NOT_STARTED = 7
OF_A_BELT = frozenset({"run", "today", "stop", "commission", "watch", "demo"})
NO_MEMORY = "there is not enough memory left for that; close other programs, or raise `ulimit -v`"
LONGEST_LINE = 2000
"""Characters of an error at most; what stands in it is clipped long before that."""


COMMANDS = Path(__file__).with_name("commands")


class CommandFiles(MutableMapping[str, click.Command]):
    """The commands by name. Each is imported when it is asked for: `run` is the function `run` of `commands/run.py`."""

    def __init__(self) -> None:
        stems = sorted(file.stem for file in COMMANDS.glob("[a-z]*.py"))
        self._files = {stem.rstrip("_").replace("_", "-"): stem for stem in stems}
        self._loaded: dict[str, click.Command] = {}

    def summary(self, name: str) -> str:
        """What the command called `name` says of itself: the docstring of its function, taken out of the compiled file
        without running that. `--help` lists every command, and would wait for all that they import."""
        stem = self._files[name]
        code = SourceFileLoader(_module(stem), str(COMMANDS / f"{stem}.py")).get_code(_module(stem))
        for each in () if code is None else code.co_consts:
            if isinstance(each, CodeType) and each.co_name == stem:
                return str(each.co_consts[0] or "")
        return ""

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._loaded:
            stem = self._files[name]
            self._loaded[name] = getattr(import_module(_module(stem)), stem)
        return self._loaded[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._files[name], self._loaded[name] = name, command

    def __delitem__(self, name: str) -> None:
        del self._files[name]
        self._loaded.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def _module(stem: str) -> str:
    return f"runback.cli.commands.{stem}"


class Program(click.Group):
    """`runback`: `--help` lists its commands without importing them."""

    def __init__(self, **attributes: Any) -> None:
        self._files = CommandFiles()
        super().__init__(**attributes, commands=self._files)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """See `click.Group.format_commands`."""
        listed = [click.Command(name, help=self._files.summary(name)) for name in self._files]
        click.Group(commands=listed).format_commands(ctx, formatter)


@click.group(
    cls=Program,
    invoke_without_command=True,
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="runback", message=VERSION)
@click.pass_context
def app(context: click.Context) -> int:
    """A treadmill interval timer with live control over Bluetooth FTMS.

    Not an emergency stop: wear the safety key. Not medical advice.
    """
    if context.invoked_subcommand is not None:
        return 0
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        click.echo(short_help())
        return 0
    from runback.cli.home import home

    return home(context)


SHORT_HELP = {
    "Start": ("runback", "demo", "run", "workouts", "import"),
    "Plan": ("today", "plan", "checkin", "log"),
    "Treadmill": ("scan", "commission", "stop", "doctor"),
    "Data": ("history", "report", "export", "config"),
}
"""The commands a runner needs first, by what they are for; `--help` has all."""
_IN_SHORT = {"runback": "Open the app (at a terminal)."}
_WIDEST = 100


def short_help() -> str:
    """What `runback` alone prints where there is no terminal to draw on."""
    files = CommandFiles()
    lines = ["runback: a treadmill interval timer with live control over Bluetooth FTMS.", ""]
    for group, names in SHORT_HELP.items():
        lines.append(f"{group}:")
        for name in names:
            said = _IN_SHORT.get(name) or click.Command(name, help=files.summary(name)).get_short_help_str(_WIDEST)
            lines.append(f"  {name:<12} {said}")
        lines.append("")
    return "\n".join([*lines, "`runback --help` lists every command. Wear the safety key. Not medical advice."])


def execute(argv: Sequence[str], asked: object = None) -> int:
    """Run the program with `argv`; returns its exit code. Nothing that a person can cause ends in a traceback. `asked`:
    the sessions that have been told to stop already (`stopping.knock`)."""
    try:
        code = app.main(list(argv), prog_name="runback", standalone_mode=False, obj=asked)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return BAD_INPUT
    except click.ClickException as error:
        context = error.ctx if isinstance(error, click.UsageError) else None
        command = "runback" if context is None else context.command_path  # the help of the command that was meant
        return _complain(f"{error.format_message().rstrip('.')}; `{command} --help` lists what there is", BAD_INPUT)
    except click.Abort:
        return _complain("interrupted", 3)
    except (InputError, TreadmillNotFound, AdapterUnavailable) as error:
        return _complain(str(error), BAD_INPUT)
    except LinkError as error:
        return _complain(str(error), LINK_FAILED)
    except BeltNotSeen as error:
        return _complain(str(error), ALARM)
    except StartRefused as error:
        return _complain(str(error), NOT_STARTED)
    except RunbackError as error:
        return _complain(str(error), BAD_INPUT)
    except BrokenPipeError:
        # Whoever read a list has seen enough: no failure. How a session ended never comes here (`saying`).
        let_go()
        return 0
    except MemoryError:
        return _complain(NO_MEMORY, 1)
    except Exception as error:  # noqa: BLE001 - the last edge: the belt has been stopped, the person gets one line
        return _complain(f"internal error: {error!r}; please report it with --trace FILE", 1)
    return code if isinstance(code, int) else 0


def conclude(code: int, lost: str | None, argv: Sequence[str]) -> int:
    """The exit code of the program that ended with `code`; `lost` says why its output could not be written. The code of
    a command that drives a belt says what became of the belt, whatever became of the words."""
    if lost is None:
        return code
    _complain(f"standard output: {lost}; not everything was written, give it a place with room", code)
    return code or (0 if argv and argv[0] in OF_A_BELT else BAD_INPUT)


def _complain(line: str, code: int) -> int:
    click.echo("runback: " + printable(" ".join(line.split()), LONGEST_LINE), err=True)
    return code
