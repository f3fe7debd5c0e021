"""The settings, where commands ask for them: one loader, which reads the file when the first of them is asked for.

Rules:
- Settings reach a command as the defaults of its options (click's own `default_map`), by the option's name; what has no
  option is asked here. An option that was given wins.
- `runback stop` asks for nothing here: a file that cannot be read never stands before Stop.
- So does `runback watch`, which can stop: it shows things as usual where the file cannot be read.
- What the person changes with a key is written when the session is over, and is never worth an error.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
from click.core import ParameterSource

from runback import number_parsing
from runback.cli.saying import say
from runback.errors import InputError, SettingsError

if TYPE_CHECKING:
    from runback.preferences import Preferences
    from runback.settings.load import Loaded
    from runback.settings.model import Settings
    from runback.units import Unit

_PLAIN = (
    "treadmill",
    "profile",
    "strap",
    "units",
    "theme",
    "keyboard",
    "count_from",
    "stepped_off",
    "stepped_off_after",
)
_CUES = ("sound", "tones", "speech", "mute", "volume", "say")
OPTIONS = {name: name for name in _PLAIN} | {name: f"cues.{name}" for name in _CUES}
"""Settings by the name of the option whose default they are."""
IGNORES_SETTINGS = frozenset({"stop", "watch", "config", "completion"})
"""Commands that never ask for a setting."""
UNITS = ("km/h", "mph", "pace", "min/km", "min/mi")
_LOADED = "runback.settings"
_UNIT = "runback.unit"

Command = TypeVar("Command", bound=Callable[..., object])


class SettingsDefaultMap(dict[str, object]):
    """The `default_map` of the program: by command, the settings."""

    def get(self, name: str, default: object = None) -> object:
        """What the options of the command called `name` have as defaults."""
        return default if name in IGNORES_SETTINGS else CommandDefaults()


class CommandDefaults(dict[str, object]):
    """The `default_map` of a command: settings that are set, by option. Nothing is read before one is asked for."""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in OPTIONS and _set_value(name) is not None

    def __getitem__(self, name: str) -> object:
        return _set_value(name)

    def get(self, name: str, default: object = None) -> object:
        """The value, where it is set."""
        value = self[name] if name in self else None  # noqa: SIM401 - this is that `get`
        return default if value is None else value


def _set_value(option: str) -> object:
    """The setting behind `option`, as the option takes it; None if it is not set. Raises SettingsError."""
    context = click.get_current_context(silent=True)
    if context is not None and context.resilient_parsing:
        return None  # the shell asks for completions
    from runback.settings.load import Origin
    from runback.settings.model import KeyboardOwner, SoundMode

    found = loaded()
    settings = found.settings
    if option == "say" and settings.cues.say is None:
        followed = unit()
        return None if followed is type(followed).KMH else followed.value
    if found.origin(OPTIONS[option]) is Origin.DEFAULT:
        return None
    match option:
        case "sound":
            return {SoundMode.AUTO: None, SoundMode.ON: True, SoundMode.OFF: False}[settings.cues.sound]
        case "say":
            return None if settings.cues.say is None else settings.cues.say.value
        case "keyboard":
            return None if settings.keyboard is KeyboardOwner.AUTO else settings.keyboard.value
        case "stepped_off_after":
            return settings.stepped_off_after
        case "tones" | "speech" | "mute" | "volume":
            value: object = getattr(settings.cues, option)
            return value
        case _:
            text = getattr(settings, option)
            return str(text) or None


def path() -> Path:
    """Where the settings' file is, or would be."""
    import platformdirs

    return platformdirs.user_config_path("runback") / "config.toml"


def loaded() -> Loaded:
    """The settings: read once a command. Raises SettingsError."""
    context = click.get_current_context(silent=True)
    kept = None if context is None else context.meta.get(_LOADED)
    if kept is None:
        kept = load(path())
        if context is not None:
            context.meta[_LOADED] = kept
    found: Loaded = kept
    return found


def load(file: Path) -> Loaded:
    """The settings of `file` and this environment. Raises SettingsError."""
    from runback.config_files.error_text import printable
    from runback.config_files.toml_file import FileKind, parse, read
    from runback.cues.settings import kinds
    from runback.errors import SettingsError
    from runback.settings.load import load as load_tables

    where = printable(str(file), 200)
    sort = FileKind(SettingsError, "settings file", "runback config --path")
    tables = parse(read(file, sort), where, sort) if os.path.lexists(file) else {}
    made = load_tables(tables, where, os.environ)
    kinds(made.settings.cues.mute, f"{made.origin('cues.mute')}: cues.mute")
    return made


def settings() -> Settings:
    """What is set. Raises SettingsError."""
    return loaded().settings


def unit() -> Unit:
    """What speeds are shown in: the option `--units`, else the setting. Raises SettingsError."""
    context = click.get_current_context(silent=True)
    asked = None if context is None else context.meta.get(_UNIT)
    if asked is None:
        return settings().units
    found: Unit = asked
    return found


def taste(theme: str) -> Preferences:
    """How the person wants a session shown and steered. Raises SettingsError."""
    from runback.key_bindings import keymap
    from runback.preferences import Preferences

    return Preferences(theme, unit(), keymap(settings().keys.model_dump()))


def preferences_or_defaults(theme: str) -> Preferences:
    """The same where nothing may stand in the way of Stop: settings that cannot be read are said, and the rest goes on
    as usual."""
    from runback.preferences import Preferences

    given = click.get_current_context().get_parameter_source("theme") is ParameterSource.COMMANDLINE
    try:
        return taste(theme if given else settings().theme.value)
    except SettingsError as error:
        click.echo(f"runback: {error}; shown as usual", err=True)
        return Preferences(theme)


def strap(given: str | None, *, real_time: bool) -> str | None:
    """The strap of `--strap`, or the setting's: that one is left alone where time is sped up, as it keeps real time."""
    said = click.get_current_context().get_parameter_source("strap") is not ParameterSource.DEFAULT_MAP
    return given if said or real_time else None


def profile(given: str | None) -> str | None:
    """The profile of `--profile`, or the setting's: that one is left alone with a simulated treadmill."""
    context = click.get_current_context()
    said = context.get_parameter_source("profile") is not ParameterSource.DEFAULT_MAP
    treadmill = context.params.get("treadmill")
    simulated = isinstance(treadmill, str) and (treadmill == "sim" or treadmill.startswith("sim:"))
    return given if said or not simulated else None


def _take_unit(context: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        from runback.units import Unit

        context.meta[_UNIT] = Unit.MIN_PER_KM if value == "pace" else Unit(value)


def units_option(command: Command) -> Command:
    """Add `--units` to `command`, which asks `unit` for it."""
    option = click.option(
        "--units",
        type=click.Choice(UNITS),
        metavar="km/h|mph|pace",
        callback=_take_unit,
        expose_value=False,
        is_eager=True,
        help="What speeds are shown and said in.",
    )
    return option(command)


def remember_theme(before: str, after: str) -> None:
    """Keep the theme that a person changed to with a key; a file that cannot be written is said, and nothing more."""
    if after == before:
        return
    from runback.settings.model import Theme

    if after in list(Theme):
        try:
            write(path(), "theme", after)
        except InputError as error:
            say(f"runback: the theme could not be saved: {error}", err=True)


def write(file: Path, name: str, text: str) -> None:
    """Set the setting called `name` to what `text` says, in `file`. Raises SettingsError, and then changes nothing."""
    from runback.config_files.toml_file import FileKind, parse
    from runback.cues.settings import kinds
    from runback.errors import SettingsError
    from runback.settings.load import load as load_tables
    from runback.settings.registry import named, unknown
    from runback.settings.toml_edit import with_setting

    setting = named(name)
    if isinstance(setting, str):
        raise SettingsError("runback config", unknown(name), setting)
    before = text_of(file)
    alone = {setting.key: setting.read(text)}
    found = load_tables({setting.section: alone} if setting.section else alone, "runback config", {})
    kinds(found.settings.cues.mute, "cues.mute")
    value = setting.write(setting.value(found.settings))
    if isinstance(value, float) and number_parsing.decimal(text) is None:
        value = text.strip()  # a speed with its unit stays as it was said
    after = with_setting(before, setting, "" if value is None else value)
    where = str(file)
    tables = parse(after, where, FileKind(SettingsError, "settings file", "runback config --path"))
    load_tables(tables, where, {})
    save(file, after)


def text_of(file: Path) -> str:
    """What stands in `file`; empty if it is not there. Raises SettingsError for what is no TOML."""
    from runback.config_files.toml_file import FileKind, parse, read
    from runback.errors import SettingsError

    sort = FileKind(SettingsError, "settings file", "runback config --path")
    text = read(file, sort) if os.path.lexists(file) else ""
    parse(text, str(file), sort)
    return text


def save(file: Path, text: str) -> None:
    """Put `text` in the place of `file`, whole or not at all; a link stays one. Raises SettingsError."""
    from runback import private_files
    from runback.errors import SettingsError

    file = file.resolve()
    try:
        private_files.folder(file.parent)
        private_files.replace(file, text.encode())
    except OSError as error:
        reason = error.strerror or str(error)
        raise SettingsError(str(file), f"it cannot be written ({reason})", "make this folder writable") from None
