"""The help: every key in one look, made from the table the keys are judged by."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from runback.keys import Control
from runback.session.states import Ask
from runback.tui.guides import CHECKLIST, NOT_EMERGENCY

_NAMES = {
    "plus": "+", "equals_sign": "=", "minus": "-", "up": "↑", "down": "↓", "left": "←", "right": "→",
    "right_square_bracket": "]", "left_square_bracket": "[", "enter": "Enter",
}  # fmt: skip
_SHOWN = frozenset(Ask) - {Ask.RESUME, Ask.REARM, Ask.QUIT}
_OTHERS = (("? F1", "This help"), ("Ctrl-P", "Commands"), ("t", "Dark or light"), ("u Enter", "Let go of a stop"))


class HelpScreen(ModalScreen[None]):
    """Keys, and the check before the start. It stands above the STOP bar, and keys mean what they mean without it."""

    AUTO_FOCUS = ""

    def __init__(self, controls: tuple[Control, ...]) -> None:
        super().__init__()
        self._controls = controls

    def compose(self) -> ComposeResult:
        with Vertical(id="help"):
            yield Static("ANY OTHER KEY STOPS THE BELT: space, Esc, Ctrl-C, q", id="help-stop")
            with Horizontal(id="help-columns"):
                yield Static(_table(_keys(self._controls)), id="help-keys")
                with Vertical(id="help-side"):
                    yield Static(_table(_OTHERS))
                    yield Static(_check(), id="help-check")
            yield Static(NOT_EMERGENCY, id="help-safety")
            yield Static("? or F1 closes this. The session goes on behind it.", id="help-close")


def _keys(controls: tuple[Control, ...]) -> Iterable[tuple[str, str]]:
    for control in controls:
        if control.what in _SHOWN:
            yield " ".join(_NAMES.get(key, key) for key in control.keys), control.means


def _table(rows: Iterable[tuple[str, str]]) -> Content:
    return Content("\n").join(Content.assemble((f"{keys:<8}", "bold $warning"), means) for keys, means in rows)


def _check() -> Content:
    lines = [Content.styled("Before the start", "bold"), *(Content(f"□ {item}") for item in CHECKLIST)]
    return Content("\n").join(lines)
