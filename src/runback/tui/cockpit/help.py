"""The help: every key in one look, made from the table the keys are judged by."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from runback.key_bindings import KeyBinding, Keymap, UiAction, key_name
from runback.session.model import Intent
from runback.tui.cockpit import watch_texts
from runback.tui.cockpit.instructions import CHECKLIST, NOT_EMERGENCY

_SHOWN = frozenset(Intent) - {Intent.RESUME, Intent.REARM, Intent.QUIT}


class CockpitHelp(ModalScreen[None]):
    """Keys, and the check before the start. It stands above the STOP bar, and keys mean what they mean without it."""

    AUTO_FOCUS = ""

    def __init__(self, controls: tuple[KeyBinding, ...], keymap: Keymap, *, watching: bool = False) -> None:
        super().__init__()
        self._controls = controls
        self._keymap = keymap
        self._watching = watching

    def compose(self) -> ComposeResult:
        closing = [key_name(key) for key in self._keymap.keys(UiAction.HELP)]
        with Vertical(id="help"):
            yield Static("ANY OTHER KEY STOPS THE BELT: space, Esc, Ctrl-C, q", id="help-stop")
            with Horizontal(id="help-columns"):
                yield Static(_table(watch_texts.KEYS if self._watching else _keys(self._controls)), id="help-keys")
                with Vertical(id="help-side"):
                    yield Static(_table(watch_texts.OTHERS if self._watching else _others(self._keymap)))
                    yield Static(_notes(watch_texts.NOTES) if self._watching else _check(), id="help-check")
            yield Static(f"{NOT_EMERGENCY} STEP OFF: onto the rails.", id="help-safety")
            yield Static(f"{' or '.join(closing)} closes this. The session goes on behind it.", id="help-close")


def _keys(controls: tuple[KeyBinding, ...]) -> Iterable[tuple[str, str]]:
    for control in controls:
        if control.what in _SHOWN:
            yield " ".join(key_name(key) for key in control.keys), control.means


def _others(keymap: Keymap) -> Iterable[tuple[str, str]]:
    yield " ".join(key_name(key) for key in keymap.keys(UiAction.HELP)), "This help"
    yield keymap.sign(UiAction.PALETTE), "Commands"
    yield " ".join(key_name(key) for key in keymap.keys(UiAction.THEME)), "Next theme"
    yield "u Enter", "Unlock after a stop"


def _table(rows: Iterable[tuple[str, str]]) -> Content:
    return Content("\n").join(Content.assemble((f"{keys:<8}", "bold $warning"), means) for keys, means in rows)


def _check() -> Content:
    lines = [Content.styled("Before the start", "bold"), *(Content(f"□ {item}") for item in CHECKLIST)]
    return Content("\n").join(lines)


def _notes(notes: tuple[str, ...]) -> Content:
    head, *lines = notes
    return Content("\n").join([Content.styled(head, "bold"), *map(Content, lines)])
