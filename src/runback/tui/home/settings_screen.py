"""The settings on the screen: each with what it means, its value and its default, changed where it stands.

Rules:
- Everything is written to the settings' own file, by way of `SettingsPorts`: comments stay, and a value that may not be
  is refused in words and changes nothing.
- A file that cannot be read is named and shown, and never written to: only the user may put it right.
- What the environment sets is said to win: a change in the file would show no effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.screen import Screen
from textual.widgets import Input, Static

from runback.errors import InputError, RunbackError
from runback.tui import themes
from runback.tui.choice_screen import ChoiceScreen
from runback.tui.key_bar import BACK, BarKey, KeyBar
from runback.tui.page_help import PageHelp
from runback.tui.styled_text import Role, StyledLine
from runback.tui.widgets.large_text import content
from runback.tui.widgets.row_list import RowList

THEME = "theme"
"""The setting that shows at once."""
_NAMES = 18
"""Columns for a setting's name."""
_FEW = 8
"""As many choices are named beside the list."""
_EMPTY = "not set"
_WITH_VALUES = 76
"""Columns of a terminal in which the list has room for the values too."""


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting as the page has it. `value` and `default` as they are typed; `choices`: all that it may be, empty where
    it is typed; `variable`: what sets it in the environment, if something does (it wins over the file); `is_set`: the
    file has it."""

    name: str
    meaning: str
    value: str
    default: str
    choices: tuple[str, ...] = ()
    variable: str = ""
    is_set: bool = False


class SettingsPorts(Protocol):
    """What the page asks of the program around it."""

    @property
    def where(self) -> str:
        """The file, whether or not it exists."""
        ...

    def rows(self) -> tuple[SettingRow, ...]:
        """All settings. Raises InputError where the file or the environment cannot be read."""
        ...

    def text(self) -> str:
        """What stands in the file, however broken; "" if there is none. Raises InputError."""
        ...

    def write(self, name: str, value: str) -> None:
        """Set `name` to `value`. Raises InputError, and then changes nothing."""
        ...

    def reset(self, name: str) -> None:
        """Take `name` out of the file. Raises InputError, and then changes nothing."""
        ...


class SettingsScreen(Screen[None]):
    """Shows and changes what `ports` has. Dismisses with None."""

    CSS_PATH = "settings.tcss"
    GUIDE = PageHelp(
        "Settings",
        (
            "Every setting, what it means, and its value. A change is written to the settings file at once; your "
            "comments in it stay.",
            "`runback config` does the same in a terminal. An option on the command line wins over what is set here.",
        ),
        (
            ("↑ ↓  Enter", "Choose a setting, and change it"),
            ("r", "Back to the default: the setting is taken out of the file"),
            ("Enter  Esc", "While you type: keep it, or leave it as it was"),
        ),
        "settings",
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("r,delete", "reset", show=False)]

    def __init__(self, ports: SettingsPorts) -> None:
        super().__init__()
        self._ports = ports
        self._rows: tuple[SettingRow, ...] = ()
        self._broken = ""
        """Why the settings cannot be read; empty while they can."""

    def compose(self) -> ComposeResult:
        yield Static(id="head")
        with Container(id="settings"):
            yield RowList()
            with VerticalScroll(id="page", can_focus=False):
                yield Static(id="name", classes="title", markup=False)
                yield Static(id="value", markup=False)
                yield Input(id="input")
                yield Static(id="fault", markup=False)
                yield Static(id="meaning", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(Input).display = False
        self._look()
        (self.query_one("#page") if self._broken else self.query_one(RowList)).focus()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Read the settings, and show them."""
        try:
            self._rows, self._broken = self._ports.rows(), ""
        except RunbackError as error:
            self._rows, self._broken = (), str(error)
        self.query_one("#head", Static).update(f"Settings   {self._ports.where}")
        self.set_class(bool(self._broken), "-broken")
        self.query_one("#page", VerticalScroll).can_focus = bool(self._broken)
        self._list()
        self._show()

    def _list(self) -> None:
        wide = self.app.size.width >= _WITH_VALUES
        self.query_one(RowList).show([_line(row, wide=wide) for row in self._rows])

    def on_resize(self) -> None:
        """There may be room for the values now, or none."""
        self._list()

    def _row(self) -> SettingRow | None:
        cursor = self.query_one(RowList).cursor
        return self._rows[cursor] if 0 <= cursor < len(self._rows) else None

    def _show(self, told: str = "") -> None:
        """The setting with the cursor; `told`: what has just been done."""
        row, bar = self._row(), self.query_one(KeyBar)
        name, value, meaning = (self.query_one(f"#{each}", Static) for each in ("name", "value", "meaning"))
        self._say("")
        if row is None:
            name.update("The settings cannot be read")
            value.update(content([StyledLine(f"! {self._broken}", Role.WARN)]))
            meaning.update(content([*_REPAIR, *self._file()]))
            bar.tell(BarKey("enter", "Enter", "read them again"), BarKey("down", "↑ ↓", "move"), BACK)
            return
        name.update(row.name)
        lines = [
            StyledLine(f"Now      {row.value or _EMPTY}", Role.STRONG),
            StyledLine(f"Default  {row.default or _EMPTY}"),
        ]
        if row.variable:
            lines.append(StyledLine(f"! {row.variable} in the environment sets it, and wins over the file.", Role.WARN))
        if told:
            lines.append(StyledLine(f"✓ {told}", Role.GOOD))
        value.update(content(lines))
        one_of = f"One of: {', '.join(row.choices)}" if 0 < len(row.choices) <= _FEW else ""
        meaning.update(content([StyledLine(), StyledLine(row.meaning), StyledLine(), StyledLine(one_of, Role.QUIET)]))
        if self._typing:
            bar.tell(BarKey("enter", "Enter", "keep it"), BarKey("escape", "Esc", "leave it as it was"))
            return
        keys = [BarKey("enter", "Enter", "change it"), BarKey("down", "↑ ↓", "choose")]
        if row.is_set:
            keys.append(BarKey("r", "r", "default", means="Back to the default"))
        bar.tell(*keys, BACK)

    def _file(self) -> list[StyledLine]:
        """What stands in the broken file."""
        try:
            text = self._ports.text()
        except RunbackError as error:
            return [StyledLine(str(error), Role.WARN)]
        return [StyledLine(f"{number:4}  {line}") for number, line in enumerate(text.splitlines(), 1)]

    def _say(self, fault: str) -> None:
        """Say what is wrong with what was typed, or nothing."""
        said = self.query_one("#fault", Static)
        said.update(fault)
        said.display = bool(fault)

    @on(RowList.Moved)
    def _moved(self) -> None:
        self._stop_typing()
        self._show()

    # -- what is changed ----------------------------------------------------------------------------------------------

    @on(RowList.Opened)
    def _opened(self) -> None:
        row = self._row()
        if row is None:
            return
        if not row.choices:
            self._type(row)
            return

        shown = self.app.theme

        def looked_at(value: str) -> None:
            if row.name == THEME:
                themes.use(self.app, value)

        def chosen(value: str | None) -> None:
            if value is not None and value != row.value:
                self._write(row, value)
            elif row.name == THEME:
                themes.use(self.app, shown)

        self._show()
        self.app.push_screen(ChoiceScreen(row.name, row.choices, row.value, looked_at), chosen)

    def _type(self, row: SettingRow) -> None:
        field = self.query_one(Input)
        field.display = True
        field.value = row.value
        field.cursor_position = len(row.value)
        field.focus()
        self._show()

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        row = self._row()
        if row is not None and self._typing:
            self._write(row, event.value)

    @on(Input.Changed)
    def _changed(self) -> None:
        self._say("")

    def _write(self, row: SettingRow, value: str) -> None:
        try:
            self._ports.write(row.name, value)
        except InputError as error:
            self._show()
            self._say(f"{error.what}; {error.hint}" if self._typing else str(error))
            if row.name == THEME:
                themes.use(self.app, row.value)
            return
        self._done("It is written to the file.")

    def action_reset(self) -> None:
        """Back to the default."""
        row = self._row()
        if row is None or self._typing or not row.is_set:
            return
        try:
            self._ports.reset(row.name)
        except InputError as error:
            self._say(str(error))
            return
        self._done("It has its default again.")

    def _done(self, told: str) -> None:
        """Something was changed: show how things stand now."""
        self._stop_typing()
        self._look()
        row = self._row()
        if row is not None:
            self._show(told)
            if row.name == THEME:
                themes.use(self.app, row.value)

    @property
    def _typing(self) -> bool:
        return self.query_one(Input).display

    def _stop_typing(self) -> None:
        if self._typing:
            self.query_one(Input).display = False
            self.query_one(RowList).focus()

    def on_key(self, event: events.Key) -> None:
        """A broken file is read again with Enter: the user may have put it right meanwhile."""
        if event.key == "enter" and self._broken:
            event.stop()
            self._look()
            if not self._broken:
                self.query_one(RowList).focus()

    def key_escape(self) -> None:
        """Leave what is typed; else back."""
        if self._typing:
            self._stop_typing()
            self._show()
        else:
            self.dismiss()


_REPAIR = (
    StyledLine(),
    StyledLine("runback writes nothing to the file until you have put this right, in an editor of yours."),
    StyledLine("Stop works whatever it says. This is what stands in it:"),
    StyledLine(),
)


def _line(row: SettingRow, *, wide: bool) -> str:
    name = f"{'*' if row.is_set or row.variable else ' '} {row.name}"
    return f"{name:<{_NAMES + 2}} {row.value or _EMPTY}" if wide else name
