"""Choosing a treadmill, or a heart-rate strap: who is on the air now, as a list that is alive.

Rules:
- The list only grows: a row never moves under the cursor, and what stands in it is the newest that was heard.
- The chosen one stands first, heard or not; the simulated one last.
- Listening ends, and has ended, before the page is left: a session needs the adapter for itself.
- What does not work is said with what to do about it, and tried again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import Worker, WorkerError

from runback.errors import RunbackError
from runback.tui.key_bar import BACK, BarKey, KeyBar
from runback.tui.page_help import PageHelp
from runback.tui.question_screen import QuestionScreen
from runback.tui.styled_text import Role, StyledLine
from runback.tui.widgets.large_text import content
from runback.tui.widgets.row_list import RowList

AGAIN_AFTER = 3.0
"""Seconds until it is tried again to listen."""
_NAME = 20
_BARS = ((-55, "▂▄▆█"), (-65, "▂▄▆ "), (-75, "▂▄  "))
"""From which signal (dBm) how many bars are drawn."""
FIRST = (
    "      ___________",
    "     |  console  |      nobody on the belt, nobody near it",
    "     |___________|      the safety key in its place",
    "          ||            you stand beside it, one hand at its STOP",
    "  ________||_______",
    " (_________________)    the belt starts at its slowest, after a countdown",
)
"""What a treadmill looks like that is commissioned."""


class Readiness(Enum):
    """What can be done with a device."""

    CHOSEN = "chosen"
    READY = "ready"
    UNKNOWN = "new here: measure it once"
    UNDECIDED = "several profiles fit: see `runback doctor`"
    OTHER = "another kind of machine"
    SIMULATED = "no belt moves"


@dataclass(frozen=True, slots=True)
class HeardDevice:
    """A device: how it is `chosen` (the setting's value), its name, its signal in dBm (None: not heard, or connected),
    what it is, in words, and what can be done with it."""

    chosen: str
    name: str
    signal: int | None
    what: str
    readiness: Readiness


class DeviceScanner(Protocol):
    """What the page asks of the program around it."""

    title: str
    """What is chosen here: "treadmill"."""

    async def listen(self, heard: Callable[[HeardDevice], None]) -> None:
        """Tell every sighting until it is cancelled. Raises RunbackError for an adapter that is not to be had."""
        ...

    def fixed(self) -> tuple[HeardDevice, ...]:
        """What can be chosen without being heard: the simulated one, or none."""
        ...

    def known(self) -> HeardDevice | None:
        """The chosen one, as it is remembered."""
        ...

    def choose(self, device: HeardDevice) -> None:
        """Remember `device`. Raises RunbackError."""
        ...


class DevicePicker(Screen[str]):
    """Choose one of what `scanner` hears. Dismisses with "" when done, or with the device to commission first."""

    DEFAULT_CSS = """
    DevicePicker #rows { height: 1fr; padding: 1 1 0 1; overflow-x: hidden; }
    DevicePicker #page { height: auto; max-height: 50%; padding: 1 3 0 3; }
    """
    GUIDE = PageHelp(
        "Choosing a device",
        (
            "Switch the treadmill on and stand near it; the list fills by itself. What you choose is remembered.",
            "A treadmill that is new here is measured once before you run on it, with nobody on its belt.",
        ),
        (("↑ ↓", "Choose"), ("Enter", "Use it from now on")),
        "treadmills",
    )

    def __init__(self, scanner: DeviceScanner) -> None:
        super().__init__()
        self._scanner = scanner
        self._devices: list[HeardDevice] = []
        self._trouble = ""
        self._worker: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="head")
        yield RowList()
        with VerticalScroll(id="page"):
            yield Static(id="about")
        yield KeyBar(BarKey("enter", "Enter", "use it"), BarKey("down", "↑ ↓", "choose"), BACK)

    def on_mount(self) -> None:
        known = self._scanner.known()
        fixed = [each for each in self._scanner.fixed() if known is None or each.chosen != known.chosen]
        self._devices = [*([] if known is None else [known]), *fixed]
        self._show(0)
        self.query_one(RowList).focus()
        self._worker = self.run_worker(self._listen(), exit_on_error=False)

    async def _listen(self) -> None:
        while True:
            try:
                await self._scanner.listen(self.heard)
            except RunbackError as error:
                self._trouble = str(error)
                self._show()
            await asyncio.sleep(AGAIN_AFTER)

    def heard(self, device: HeardDevice) -> None:
        """`device` was heard just now."""
        self._trouble = ""
        same = (device.chosen.casefold(), device.name.casefold())  # the setting may have its name, in other letters
        places = [index for index, each in enumerate(self._devices) if each.chosen.casefold() in same]
        if places:
            self._devices[places[0]] = device
            self._show()
            return
        last = len(self._devices)
        while last and self._devices[last - 1].readiness is Readiness.SIMULATED:
            last -= 1  # the simulated one stays last
        cursor = self.query_one(RowList).cursor
        self._devices.insert(last, device)
        self._show(cursor + (cursor >= last and len(self._devices) > 1))

    def _show(self, cursor: int | None = None) -> None:
        self.query_one(RowList).show([_line(each) for each in self._devices], cursor)
        count = sum(each.readiness not in (Readiness.SIMULATED, Readiness.CHOSEN) for each in self._devices)
        heard = "listening …" if not count else f"listening … {count}"
        self.query_one("#head", Static).update(f"Choose a {self._scanner.title}   {'' if self._trouble else heard}")
        self._about()

    def _about(self) -> None:
        device = self._pointed()
        lines = [StyledLine(self._trouble, Role.WARN), StyledLine()] if self._trouble else []
        if device is not None and device.readiness is Readiness.UNKNOWN:
            lines.append(StyledLine("This one is new here. Enter shows how it is measured, once.", Role.STRONG))
        elif device is not None and device.readiness is Readiness.OTHER:
            lines.append(StyledLine("It says that it is no treadmill. runback drives treadmills only."))
        elif device is not None:
            lines.append(StyledLine(f"{device.name}   {device.what}   {device.chosen}"))
        self.query_one("#about", Static).update(content(lines))

    def _pointed(self) -> HeardDevice | None:
        cursor = self.query_one(RowList).cursor
        return self._devices[cursor] if 0 <= cursor < len(self._devices) else None

    @on(RowList.Moved)
    def _moved(self) -> None:
        self._about()

    @on(RowList.Opened)
    async def _opened(self) -> None:
        device = self._pointed()
        if device is None or device.readiness is Readiness.OTHER:
            return
        if device.readiness is Readiness.UNKNOWN:
            self._measure_first(device)
        elif self._remembered(device):
            await self._leave("")

    def _measure_first(self, device: HeardDevice) -> None:
        async def answered(key: str | None) -> None:
            if key and self._remembered(device):
                await self._leave(device.chosen if key == "c" else "")

        words = "\n".join((f"{device.name} is measured once, so that Stop and speeds are known. First:", "", *FIRST))
        asked = QuestionScreen(
            "Measure this treadmill", words, BarKey("c", "c", "ready: measure it"), BarKey("l", "l", "later")
        )
        self.app.push_screen(asked, answered)

    def _remembered(self, device: HeardDevice) -> bool:
        try:
            self._scanner.choose(device)
        except RunbackError as error:
            self._trouble = str(error)
            self._show()
            return False
        return True

    async def _leave(self, said: str) -> None:
        """End listening, then the page."""
        worker = self._worker
        if worker is not None and not worker.is_finished:
            worker.cancel()
            with contextlib.suppress(WorkerError):  # it was cancelled
                await worker.wait()
        self.dismiss(said)

    async def key_escape(self) -> None:
        """Back."""
        await self._leave("")


def _line(device: HeardDevice) -> str:
    name = device.name if len(device.name) <= _NAME else f"{device.name[: _NAME - 1]}…"
    return f"{name:<{_NAME}} {_bars(device.signal)} {device.readiness.value}"


def _bars(signal: int | None) -> str:
    if signal is None:
        return "          "
    drawn = next((bars for least, bars in _BARS if signal >= least), "▂   ")
    return f"{drawn} {signal:>4} "
