"""A command's options: how they are joined and bound to one dataclass, and those that several commands have.

Rules:
- A command takes one argument, its options dataclass: `bind` makes it of what click found, by name. So an option is
  declared and has its field, and nobody hands it on.
- An option that follows a setting is a `SettingOption`: the setting is its default. Commands that must never read the
  settings (`stop`, `watch`, `doctor`) have the plain one.
- Nothing heavy is imported here: every command's `--help` and every Tab comes this way.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from runback.cli import completion, settings_source
from runback.cli.number_types import WholeParam
from runback.cli.settings_source import SettingOption
from runback.theme import Theme

Command = TypeVar("Command", bound=Callable[..., object])
Options = TypeVar("Options")
Run = Callable[..., int]
"""What click calls: it takes the options by name, and returns the exit code."""


def together(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """One decorator that adds all `options`, which `--help` lists in this order."""

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def bind(kind: Callable[..., Options]) -> Callable[[Callable[[Options], int]], Run]:
    """The command takes all its options as one `kind`, a dataclass with a field for each. It stands last, next to the
    command."""

    def wrap(command: Callable[[Options], int]) -> Run:
        @functools.wraps(command)
        def call(**given: object) -> int:
            return command(kind(**given))

        return call

    return wrap


def part(name: str, kind: Callable[..., object]) -> Callable[[Run], Run]:
    """Those options that `kind` takes reach the command as one, called `name`: what `kind` makes of them."""
    taken = inspect.signature(kind).parameters

    def wrap(command: Run) -> Run:
        @functools.wraps(command)
        def call(**given: object) -> int:
            mine = {each: given.pop(each) for each in taken if each in given}
            return command(**given, **{name: kind(**mine)})

        return call

    return wrap


def logged(command: Run) -> Run:
    """While the command runs, a log is written if one was asked for. The options are `log`'s."""

    @functools.wraps(command)
    def call(*, log_file: str | None, verbose: bool, **given: object) -> int:
        if log_file is None and not verbose:
            return command(**given)
        from runback.cli.log_file import open_log

        with open_log(log_file):
            return command(**given)

    return call


def _theme(**more: Any) -> Callable[[Command], Command]:
    return click.option(
        "--theme",
        type=click.Choice([each.value for each in Theme]),
        default="dark",
        help="Colours of the screen.",
        **more,
    )


def _plain(**more: Any) -> Callable[[Command], Command]:
    return click.option(
        "--plain/--no-plain",
        default=False,
        help="Told in lines, one for each event, for screen readers and simple terminals.",
        **more,
    )


def _profile(**more: Any) -> Callable[[Command], Command]:
    return click.option(
        "--profile",
        metavar="PROFILE",
        shell_complete=completion.profiles,
        help="What a real treadmill is (`runback treadmills`).",
        **more,
    )


def _log(**more: Any) -> Callable[[Run], Run]:
    return together(
        click.option(
            "--log-file",
            type=click.Path(),
            metavar="FILE",
            help="Append a log to FILE, Bluetooth's too: for bug reports.",
            **more,
        ),
        click.option("--verbose", is_flag=True, help="The same, to runback.log in your state folder."),
        logged,
    )


theme = together(_theme(cls=SettingOption), _plain(cls=SettingOption), part("taste", settings_source.taste))
"""`--theme` and `--plain`: units are those that are set."""
taste = together(theme, settings_source.units_option)
"""How things are shown; the command has it as `taste`."""
safe_taste = together(
    _theme(), _plain(), settings_source.units_option, part("taste", settings_source.preferences_or_defaults)
)
"""The same where settings that cannot be read are no error."""
profile = _profile(cls=SettingOption, callback=settings_source.only_if_real)
plain_profile = _profile()
trace = click.option("--trace", type=click.Path(path_type=Path), help="Append every write, notification and event.")
journal = click.option(
    "--journal/--no-journal", default=None, help="Record it in the journal (the default, unless its time is sped up)."
)
json = click.option("--json", is_flag=True, help="One JSON object a line on standard output.")
plain_json = click.option("--json", is_flag=True, help="JSON on standard output.")
at = click.option("--at", metavar="18:30", help="When it was, for a later entry: 18:30, or 2026-03-01 18:30.")
note = click.option("--note", metavar="TEXT", help="Your own words, kept as they are.")
replaces = click.option(
    "--replaces", type=WholeParam(1), metavar="N", help="Replaces record N, which stays in the journal."
)
pain = click.option("--pain", type=WholeParam(0, 10), help="From 0 (none) to 10 (the worst).")
worse = click.option("--worse/--no-worse", default=None, help="Whether it was worse next morning.")
speedup = click.option("--speedup", metavar="max|N", help="Simulated time, N times as fast.")
seed = click.option("--seed", type=WholeParam(), default=0, help="Seed of the simulator's own jitter.")
log = _log(cls=SettingOption)
"""For commands that reach a treadmill. `stop` has none: nothing stands before Stop."""
plain_log = _log()
"""The same for `doctor`, which looks at settings that cannot be read as well."""
