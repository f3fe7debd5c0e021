"""The settings, where commands ask for them: one loader, which reads the file when the first of them is asked for.

Rules:
- Settings reach a command as the defaults of its options (`SettingOption`); what has no option is asked here. An option
  that was given wins.
- `runback stop` asks for nothing here: a file that cannot be read never stands before Stop.
- So does `runback watch`, which can stop: it shows things as usual where the file cannot be read.
- What the person changes with a key is written when the session is over, and is never worth an error.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

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

UNITS = ("km/h", "mph", "pace", "min/km", "min/mi")
_LOADED = "runback.settings"
_UNIT = "runback.unit"

Command = TypeVar("Command", bound=Callable[..., object])


class SettingOption(click.Option):
    """An option whose default is a setting: the one of its name, or `setting`. Its `default` is what holds where nobody
    has set it, and what `--help` shows.

    `means` has what some values of the setting are called here (None: the option's default); `unset` says what holds
    where it is not set, if that depends on other settings.
    """

    def __init__(
        self,
        declarations: Sequence[str],
        *,
        setting: str | None = None,
        means: Mapping[str, object] | None = None,
        unset: Callable[[], object] | None = None,
        **attributes: Any,
    ) -> None:
        super().__init__(declarations, **attributes)
        self.setting = setting or str(self.name)
        self._means = means or {}
        self._unset = unset

    def get_default(self, ctx: click.Context, call: bool = True) -> Any:
        """See `click.Parameter.get_default`. Raises SettingsError."""
        if call and not ctx.resilient_parsing:  # neither `--help` nor a shell that completes reads the file
            found = set_value(self.setting)
            if isinstance(found, str):
                found = self._means.get(found, found)
            if found is None and self._unset is not None:
                found = self._unset()
            if found is not None:
                return found
        return super().get_default(ctx, call)


def set_value(name: str) -> object:
    """The setting called `name` as its file has it; None where it is not set. Raises SettingsError."""
    from runback.settings.load import Origin
    from runback.settings.registry import every

    found = loaded()
    if found.origin(name) is Origin.DEFAULT:
        return None
    setting = next(each for each in every() if each.name == name)
    value = setting.write(setting.value(found.settings))
    return None if value == "" else value


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


def forget() -> None:
    """Read the settings again when they are next asked for: they may have been changed meanwhile."""
    context = click.get_current_context(silent=True)
    if context is not None:
        context.meta.pop(_LOADED, None)


def load(file: Path) -> Loaded:
    """The settings of `file` and this environment. Raises SettingsError."""
    from runback.config_files.error_text import printable
    from runback.config_files.toml_file import FileKind, parse, read
    from runback.cues.settings import kinds
    from runback.settings.load import load as load_tables

    where = printable(str(file), 200)
    sort = FileKind(SettingsError, "settings file", "runback config --path")
    tables = parse(read(file, sort), where, sort) if os.path.lexists(file) else {}
    made = load_tables(tables, where, os.environ)
    kinds(made.settings.cues.mute, f"{made.origin('cues.mute')}: cues.mute")
    return made


def glance(name: str) -> str | None:
    """The setting called `name` as it is written, in no table, looked up without judging the file: what the first frame
    of a screen needs does not wait for all settings to be checked. None where it cannot be read."""
    import tomllib

    found: object = os.environ.get(f"RUNBACK_{name.upper()}")
    if found is None:
        try:
            found = tomllib.loads(path().read_text(encoding="utf-8")).get(name)
        except (OSError, ValueError):  # missing, or broken: it is told where the settings are read
            return None
    if isinstance(found, bool):
        return str(found).lower()
    return found if isinstance(found, str) else None


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


def taste(theme: str, *, plain: bool) -> Preferences:
    """How the person wants a session shown and steered. Raises SettingsError."""
    from runback.key_bindings import keymap
    from runback.preferences import Preferences

    return Preferences(theme, unit(), keymap(settings().keys.model_dump()), plain)


def preferences_or_defaults(theme: str, *, plain: bool) -> Preferences:
    """The same where nothing may stand in the way of Stop: settings that cannot be read are said, and the rest goes on
    as usual."""
    from runback.preferences import Preferences

    source = click.get_current_context().get_parameter_source
    try:
        set_theme, set_plain = settings().theme.value, settings().plain
        return taste(
            theme if source("theme") is ParameterSource.COMMANDLINE else set_theme,
            plain=plain if source("plain") is ParameterSource.COMMANDLINE else set_plain,
        )
    except SettingsError as error:
        click.echo(f"runback: {error}; shown as usual", err=True)
        return Preferences(theme, plain=plain)


def only_in_real_time(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """The strap that is set is left alone where time is sped up, as it keeps real time; one that was given is not. A
    click callback: options that were given are read before those that were not, so `--speedup` is known."""
    return value if _given(context, option) or context.params.get("speedup") is None else None


def only_if_real(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """The profile that is set is left alone with a simulated treadmill; one that was given is not. A click callback:
    `--treadmill` stands before it."""
    treadmill = context.params.get("treadmill")
    simulated = isinstance(treadmill, str) and (treadmill == "sim" or treadmill.startswith("sim:"))
    return value if _given(context, option) or not simulated else None


def _given(context: click.Context, option: click.Parameter) -> bool:
    return context.get_parameter_source(str(option.name)) is ParameterSource.COMMANDLINE


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
    from runback.theme import Theme

    if after in list(Theme):
        try:
            write(path(), "theme", after)
        except InputError as error:
            say(f"runback: the theme could not be saved: {error}", err=True)


def write(file: Path, name: str, text: str) -> None:
    """Set the setting called `name` to what `text` says, in `file`. Raises SettingsError, and then changes nothing."""
    from runback.config_files.toml_file import FileKind, parse
    from runback.cues.settings import kinds
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

    sort = FileKind(SettingsError, "settings file", "runback config --path")
    text = read(file, sort) if os.path.lexists(file) else ""
    parse(text, str(file), sort)
    return text


def save(file: Path, text: str) -> None:
    """Put `text` in the place of `file`, whole or not at all; a link stays one. Raises SettingsError."""
    from runback import private_files

    file = file.resolve()
    try:
        private_files.folder(file.parent)
        private_files.replace(file, text.encode())
    except OSError as error:
        reason = error.strerror or str(error)
        raise SettingsError(str(file), f"it cannot be written ({reason})", "make this folder writable") from None
