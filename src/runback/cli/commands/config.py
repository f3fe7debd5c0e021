"""`runback config`: what is set, where it comes from, what it means; and setting it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from runback.cli import completion, options, settings_source
from runback.config_files.error_text import json_line, printable
from runback.errors import SettingsError

if TYPE_CHECKING:
    from runback.settings.load import Loaded
    from runback.settings.registry import Setting

WIDTH = 96


@dataclass(frozen=True, slots=True)
class ConfigOptions:
    """What was asked for on the command line."""

    name: str | None
    value: str | None
    unset: bool
    path: bool
    example: bool
    json: bool


@click.command()
@click.argument("name", required=False, shell_complete=completion.settings)
@click.argument("value", required=False, shell_complete=completion.values)
@click.option("--unset", is_flag=True, help="Take NAME out of the file: its default holds again.")
@click.option("--path", is_flag=True, help="Where the file is, or would be.")
@click.option("--example", is_flag=True, help="A whole file with every setting, its meaning and its default.")
@options.json
@options.bind(ConfigOptions)
def config(wish: ConfigOptions) -> int:
    """Show the settings and what they mean, or set one: NAME to VALUE, in the file.

    An option wins over the environment (RUNBACK_UNITS, RUNBACK_CUES_VOLUME), that over the file, that over the default.
    """
    if (wish.value is not None or wish.unset) and (wish.name is None or wish.path or wish.example or wish.json):
        raise SettingsError("runback config", "these do not go together", "see `runback config --help`")
    if wish.unset and wish.value is not None:
        raise SettingsError("runback config", "--unset takes no value", "leave one of them out")
    if wish.path:
        click.echo(settings_source.path())
    elif wish.example:
        from runback.settings.toml_edit import example

        click.echo(example(), nl=False)
    elif wish.name is not None and wish.unset:
        _unset(wish.name)
    elif wish.name is not None and wish.value is not None:
        _set(wish.name, wish.value)
    else:
        from runback.settings.registry import every

        found = settings_source.loaded()
        for setting in every() if wish.name is None else (_known(wish.name),):
            _tell(setting, found, json=wish.json)
    return 0


def _known(name: str) -> Setting:
    from runback.settings.registry import named, unknown

    setting = named(name)
    if isinstance(setting, str):
        raise SettingsError("runback config", unknown(name), setting)
    return setting


def _set(name: str, value: str) -> None:
    setting, file = _known(name), settings_source.path()
    settings_source.write(file, setting.name, value)
    _confirm(setting)


def _unset(name: str) -> None:
    """Take it out of the file; also one that nobody knows."""
    from runback.settings.registry import named, unknown
    from runback.settings.toml_edit import without

    file = settings_source.path()
    setting = named(name)
    known = name.strip() if isinstance(setting, str) else setting.name
    left = without(settings_source.text_of(file), known)
    if left is None:
        what = unknown(name) if isinstance(setting, str) else f"{known} is not set there"
        hint = setting if isinstance(setting, str) else "it has its default already"
        raise SettingsError(printable(str(file), 200), what, hint)
    settings_source.save(file, left)
    if isinstance(setting, str):
        click.echo(f"{known} is taken out")
    else:
        _confirm(setting)


def _confirm(setting: Setting) -> None:
    """Say what holds now: something in the environment may win."""
    click.echo(_line(setting, settings_source.loaded()))


def _line(setting: Setting, found: Loaded) -> str:
    from runback.settings.toml_edit import toml

    value = setting.write(setting.value(found.settings))
    origin = found.origin(setting.name)
    where = setting.variable if origin == "environment" else origin.value
    return f"{setting.name} = {printable(toml(value))}  ({where})"


def _tell(setting: Setting, found: Loaded, *, json: bool) -> None:
    if json:
        shown = {
            "name": setting.name,
            "value": setting.write(setting.value(found.settings)),
            "from": found.origin(setting.name).value,
            "environment": setting.variable,
            "meaning": setting.meaning,
        }
        click.echo(json_line(shown))
        return
    click.echo(_line(setting, found))
    for line in textwrap.wrap(setting.meaning, WIDTH, initial_indent="    ", subsequent_indent="    "):
        click.echo(line)
