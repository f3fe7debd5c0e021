"""The settings page: every setting is there, is changed in the same file, and a broken file is seen and left alone."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.app import App
from textual.pilot import Pilot

import runback.tui
from runback.cli.settings_ports import OwnSettings
from runback.settings.registry import every
from runback.theme import Theme
from runback.tui import themes
from runback.tui.home.settings_screen import SettingsScreen
from runback.tui.widgets.row_list import RowList
from tests.support.tui.reading import screen_text

MINE = """\
# in my words
units = "mph"  # as I think

[cues]
volume = 40
"""
NAMES = [setting.name for setting in every()]


class SettingsApp(App[None]):
    """The page by itself, over `file`."""

    CSS_PATH = Path(runback.tui.__file__).parent / "pages.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-w-80"), (110, "-w-120"), (160, "-w-200")]  # noqa: RUF012 - Textual's own
    VERTICAL_BREAKPOINTS = [(0, "-h-24"), (32, "-h-40"), (50, "-h-60")]  # noqa: RUF012 - the same

    def __init__(self, file: Path, theme: str = "dark") -> None:
        super().__init__()
        self._file = file
        self.gone: list[None] = []
        themes.use(self, theme)

    def on_mount(self) -> None:
        self.push_screen(SettingsScreen(OwnSettings(self._file)), self.gone.append)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in NAMES:
        monkeypatch.delenv(f"RUNBACK_{name.replace('.', '_').upper()}", raising=False)
    found = tmp_path / "config.toml"
    found.write_text(MINE, encoding="utf-8")
    return found


async def go_to(pilot: Pilot[None], name: str) -> None:
    """Put the cursor on the setting called `name`."""
    rows = pilot.app.screen.query_one(RowList)
    rows.action_go(NAMES.index(name) - rows.cursor)
    await pilot.pause()


def shown(app: SettingsApp) -> str:
    return screen_text(app, clip=True).replace(str(app._file), "FILE")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)])
async def test_the_page_at_each_size(size: tuple[int, int], file: Path, snapshot: SnapshotAssertion) -> None:
    app = SettingsApp(file)
    async with app.run_test(size=size) as pilot:
        await go_to(pilot, "max_speed")
        lines = shown(app).splitlines()[1:]  # the head has a path of its own in each run
        assert lines == snapshot


async def test_every_setting_is_there_with_meaning_value_and_default(file: Path) -> None:
    app = SettingsApp(file)
    async with app.run_test(size=(120, 50)) as pilot:
        text = shown(app)
        assert [name for name in NAMES if name not in text] == []
        await go_to(pilot, "units")
        text = shown(app)
        assert "Now      mph" in text
        assert "Default  km/h" in text
        assert "What speeds are shown and said in" in text


async def test_a_choice_is_taken_from_a_list_and_comments_stay(file: Path) -> None:
    app = SettingsApp(file)
    async with app.run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "units")
        await pilot.press("enter", "down", "enter")
        await pilot.pause()
        assert "Now      min/km" in shown(app)
    assert file.read_text(encoding="utf-8") == MINE.replace('"mph"', '"min/km"')


async def test_typed_text_is_kept_and_what_may_not_be_is_refused_in_words(file: Path) -> None:
    app = SettingsApp(file)
    async with app.run_test(size=(100, 30)) as pilot:
        await go_to(pilot, "max_speed")
        await pilot.press("enter", *"99", "enter")
        await pilot.pause()
        assert "write" in shown(app)
        assert file.read_text(encoding="utf-8") == MINE
        await pilot.press("backspace", "backspace", *"12", "enter")
        await pilot.pause()
        assert "Now      12" in shown(app)
        assert app.screen.query_one("#rows").has_focus
    assert tomllib.loads(file.read_text(encoding="utf-8"))["max_speed"] == 12


async def test_escape_leaves_what_is_typed_and_then_the_page(file: Path) -> None:
    app = SettingsApp(file)
    async with app.run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "treadmill")
        await pilot.press("enter", *"x", "escape")
        assert app.gone == []
        await pilot.press("escape")
        await pilot.pause()
        assert app.gone == [None]
    assert file.read_text(encoding="utf-8") == MINE


async def test_r_takes_a_setting_out_of_the_file_and_its_default_holds(file: Path) -> None:
    app = SettingsApp(file)
    async with app.run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "cues.volume")
        await pilot.press("r")
        await pilot.pause()
        assert "Now      80" in shown(app)
    assert file.read_text(encoding="utf-8").startswith('# in my words\nunits = "mph"  # as I think\n')
    assert "volume" not in file.read_text(encoding="utf-8")


async def test_a_theme_is_shown_while_it_is_looked_at_and_kept_when_it_is_taken(file: Path) -> None:
    app = SettingsApp(file)
    async with app.run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "theme")
        await pilot.press("enter", "down", "down", "down")
        await pilot.pause()
        assert app.theme == "runback-nord"
        await pilot.press("escape")
        await pilot.pause()
        assert app.theme == "runback-dark"
        await pilot.press("enter", "down", "down", "down", "enter")
        await pilot.pause()
        assert app.theme == "runback-nord"
    assert tomllib.loads(file.read_text(encoding="utf-8"))["theme"] == Theme.NORD


async def test_what_the_environment_sets_is_said_to_win(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNBACK_UNITS", "pace")
    app = SettingsApp(file)
    async with app.run_test(size=(100, 30)) as pilot:
        await go_to(pilot, "units")
        assert "RUNBACK_UNITS in the environment" in shown(app)
        assert "Now      min/km" in shown(app)


@pytest.mark.parametrize("text", ['units = "mph', 'theme = "green"\n', "\x00", 'colour = "blue"'])
async def test_a_broken_file_is_named_and_seen_and_never_written(text: str, file: Path) -> None:
    file.write_text(text, encoding="utf-8")
    app = SettingsApp(file)
    async with app.run_test(size=(120, 30)) as pilot:
        assert "The settings cannot be read" in shown(app)
        assert "! FILE: " in " ".join(shown(app).split())
        if "=" in text:
            assert text.strip() in shown(app)
        await pilot.press("enter", "r", "delete", "down", "x", "enter")
        await pilot.pause()
        assert file.read_text(encoding="utf-8") == text
        file.write_text(MINE, encoding="utf-8")
        await pilot.press("enter")
        await pilot.pause()
        assert "Now      sim" in shown(app)


async def test_without_a_file_the_first_change_makes_it_for_the_user_alone(file: Path) -> None:
    new = file.parent / "new" / "config.toml"
    app = SettingsApp(new)
    async with app.run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "plain")
        await pilot.press("enter", "up", "enter")
        await pilot.pause()
    assert tomllib.loads(new.read_text(encoding="utf-8")) == {"plain": True}
    assert new.stat().st_mode & 0o077 == 0


@pytest.mark.full
async def test_every_setting_can_be_opened_and_left_by_keys_and_by_mouse(file: Path) -> None:
    app = SettingsApp(file)
    async with app.run_test(size=(120, 60)) as pilot:
        for _ in NAMES:
            await pilot.press("enter")
            await pilot.pause()
            await pilot.press("escape", "down")
            await pilot.pause()
        await pilot.click("#rows", offset=(4, 3))
        await pilot.pause()
        assert app.gone == []
        await pilot.press("escape")
    assert file.read_text(encoding="utf-8") == MINE
