"""What the settings page asks of the program around it: this user's own file and environment."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from runback.cli import settings_source
from runback.config_files.error_text import printable
from runback.tui.home.settings_screen import SettingRow

if TYPE_CHECKING:
    from runback.settings.registry import Setting


class OwnSettings:
    """The ports of the page (`tui.home.settings_screen.SettingsPorts`) over `file`; None: the user's own."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = settings_source.path() if file is None else file

    @property
    def where(self) -> str:
        """See `SettingsPorts.where`."""
        return printable(str(self._file), 200)

    def rows(self) -> tuple[SettingRow, ...]:
        """See `SettingsPorts.rows`. Raises SettingsError."""
        from runback.settings.load import Origin
        from runback.settings.model import Settings
        from runback.settings.registry import every

        found, defaults = settings_source.load(self._file), Settings()
        return tuple(
            SettingRow(
                setting.name,
                setting.meaning,
                _typed(setting, setting.value(found.settings)),
                _typed(setting, setting.value(defaults)),
                _choices(setting),
                setting.variable if found.origin(setting.name) is Origin.ENVIRONMENT else "",
                is_set=found.origin(setting.name) is Origin.FILE,
            )
            for setting in every()
        )

    def text(self) -> str:
        """See `SettingsPorts.text`. Raises SettingsError."""
        from runback.config_files.toml_file import FileKind, read
        from runback.errors import SettingsError

        sort = FileKind(SettingsError, "settings file", "runback config --path")
        lines = read(self._file, sort).splitlines() if self._file.exists() else []
        return "\n".join(printable(line) for line in lines)

    def write(self, name: str, value: str) -> None:
        """See `SettingsPorts.write`. Raises SettingsError."""
        settings_source.write(self._file, name, value)

    def reset(self, name: str) -> None:
        """See `SettingsPorts.reset`. Raises SettingsError."""
        from runback.settings.toml_edit import without

        left = without(settings_source.text_of(self._file), name)
        if left is not None:
            settings_source.save(self._file, left)


def _typed(setting: Setting, value: object) -> str:
    """`value` as it is typed."""
    written = setting.write(value)
    if isinstance(written, bool):
        return "true" if written else "false"
    if isinstance(written, list):
        return ", ".join(str(each) for each in written)
    if isinstance(written, float):
        return f"{written:g}"
    return "" if written is None else printable(str(written), 1000)


def _choices(setting: Setting) -> tuple[str, ...]:
    """All that it may be; empty where it is typed."""
    kind = setting.field.annotation
    if kind is bool:
        return ("true", "false")
    for one in (kind, *get_args(kind)):  # also of a setting that may be left out
        if isinstance(one, type) and issubclass(one, Enum):
            return tuple(str(each.value) for each in one)
    return ()
