"""Choosing a treadmill while the list fills: what stays under the cursor, and what is over before the page is left."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from textual.app import App

from runback.tui.home.device_picker import DevicePicker, HeardDevice, Readiness
from runback.tui.question_screen import QuestionScreen
from runback.tui.themes import DARK
from runback.tui.widgets.row_list import RowList
from tests.support.tui.home import FixedScanner
from tests.support.tui.reading import screen_text

NEAR = HeardDevice("AA:01", "Kettler Arena", -48, "treadmill", Readiness.READY)
NEW = HeardDevice("AA:02", "FS-9A3C", -70, "treadmill", Readiness.UNKNOWN)
BIKE = HeardDevice("AA:03", "Bike", -60, "not a treadmill", Readiness.OTHER)


class PickerApp(App[str]):
    """The picker alone."""

    CSS_PATH = "../../src/runback/tui/pages.tcss"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, scanner: FixedScanner) -> None:
        super().__init__()
        self.picker = DevicePicker(scanner)
        self.register_theme(DARK)
        self.theme = DARK.name

    def on_mount(self) -> None:
        """Show it."""
        self.push_screen(self.picker, self.exit)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_the_list_says_who_is_near_and_what_can_be_done_with_each(size: tuple[int, int]) -> None:
    app = PickerApp(FixedScanner("treadmill", NEAR, NEW, BIKE))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        shown = screen_text(app, clip=True)
        rows = [next(line for line in shown.splitlines() if each.name in line) for each in (NEAR, NEW, BIKE)]
        assert "▂▄▆█  -48" in rows[0] and rows[0].rstrip().endswith("ready")  # noqa: PT018
        assert "new here" in rows[1]
        assert shown.index("Bike") < shown.index("Simulated treadmill")


async def test_the_chosen_one_is_remembered_and_listening_is_over_before_the_page_is_left() -> None:
    scanner = FixedScanner("treadmill", NEAR)
    app = PickerApp(scanner)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert scanner.listening
        await pilot.press("up", "enter")
        await pilot.pause()
    assert (app.return_value, scanner.chosen, scanner.listening) == ("", ["AA:01"], False)


@pytest.mark.parametrize(("key", "result", "chosen"), [("c", "AA:02", ["AA:02"]), ("l", "", ["AA:02"])])
async def test_who_is_new_here_is_measured_first_or_later(key: str, result: str, chosen: list[str]) -> None:
    scanner = FixedScanner("treadmill", NEW)
    app = PickerApp(scanner)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("up", "enter", "enter", "enter")
        await pilot.pause()
        assert isinstance(app.screen, QuestionScreen)
        assert "nobody on the belt" in screen_text(app, clip=True)
        await pilot.press(key)
        await pilot.pause()
    assert (app.return_value, scanner.chosen) == (result, chosen)


@pytest.mark.parametrize("setting", ["AA:01", "aa:01", "kettler arena"])
async def test_the_chosen_one_has_one_row_however_the_setting_names_it(setting: str) -> None:
    known = HeardDevice(setting, setting, None, "treadmill", Readiness.CHOSEN)
    app = PickerApp(FixedScanner("treadmill", NEAR, known=known))
    async with app.run_test() as pilot:
        await pilot.pause()
        shown = screen_text(app, clip=True)
        assert "Kettler Arena" in shown
        assert "chosen" not in shown
        await pilot.press("enter")
        await pilot.pause()
    assert app.return_value == ""


async def test_another_kind_of_machine_cannot_be_chosen() -> None:
    scanner = FixedScanner("treadmill", BIKE)
    app = PickerApp(scanner)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("up", "enter")
        await pilot.pause()
        assert app.screen is app.picker
        await pilot.press("escape")
    assert (app.return_value, scanner.chosen) == ("", [])


async def test_what_is_wrong_with_bluetooth_is_said_and_the_simulator_can_still_be_chosen() -> None:
    scanner = FixedScanner("treadmill", fault="Bluetooth is off; switch it on: bluetoothctl power on")
    app = PickerApp(scanner)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert "bluetoothctl power on" in screen_text(app, clip=True)
        await pilot.press("enter")
        await pilot.pause()
    assert scanner.chosen == ["sim"]


@hypothesis_settings(max_examples=8, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from([None, -40, -80])), max_size=20),
    st.integers(0, 4),
)
async def test_the_row_under_the_cursor_stays_who_it_is(heard: list[tuple[int, int | None]], down: int) -> None:
    app = PickerApp(FixedScanner("treadmill", NEAR, known=replace(BIKE, readiness=Readiness.READY)))
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press(*["down"] * down)
        picker = app.picker
        for number, signal in heard:
            before = picker._pointed()
            picker.heard(HeardDevice(f"BB:{number}", f"T{number}", signal, "treadmill", Readiness.READY))
            after = picker._pointed()
            assert before is not None
            assert after is not None
            assert after.chosen == before.chosen
        assert picker._devices[-1].readiness is Readiness.SIMULATED
        assert 0 <= app.screen.query_one(RowList).cursor < len(picker._devices)
