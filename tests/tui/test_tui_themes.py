"""All themes that are offered: they can be read, in many colours, in few and in none, and red is for Stop alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.theme import BUILTIN_THEMES
from textual.theme import Theme as TextualTheme

from runback.preferences import THEMES
from runback.settings.registry import every
from runback.theme import Theme
from runback.tui import themes
from tests.support.tui.reading import TERMINALS, contrast
from tests.support.tui.scenes import PLAN, SCENES, cockpit
from tests.tui.test_tui_colours import unreadable

PAGES = ("background", "surface", "panel")
MOODS = ("run", "walk", "ease", "rest", "wait", "done")
PAIRS = (
    *((text, page) for text in ("foreground", "quiet") for page in PAGES),
    *(("warning", page) for page in ("background", "surface")),
    *((text, "panel") for text in ("footer-key-foreground", "accent")),
    *((text, "background") for text in ("primary", "success", "accent", "run", "walk", "ease", "rest")),
    *(("on-mood", mood) for mood in MOODS),
    *(("background", text) for text in ("accent", "warning", "foreground")),
    ("on-stop", "stop"),
)
"""What stands on what in our stylesheets."""


def colours(theme: TextualTheme) -> dict[str, str]:
    named = ("foreground", *PAGES, "primary", "warning", "success", "accent")
    return {**theme.variables, **{name: str(getattr(theme, name)) for name in named}}


def faint(theme: TextualTheme, terminals: Iterator[str]) -> list[tuple[str, str, str, float]]:
    """Terminal, text, what it stands on and the contrast, of all that is below 4.5 (WCAG 1.4.3)."""
    found, those = [], colours(theme)
    for terminal in terminals:
        for text, page in PAIRS:
            style = Style(color=those[text].lower(), bgcolor=those[page].lower())
            ratio = contrast(*TERMINALS[terminal](style))
            if ratio < 4.5:
                found.append((terminal, text, page, round(ratio, 1)))
    return found


@pytest.mark.parametrize("name", list(Theme))
def test_all_that_stands_on_something_can_be_read_in_many_colours_and_in_none(name: Theme) -> None:
    assert faint(themes.made(name), (each for each in TERMINALS if "16" not in each)) == []


@pytest.mark.parametrize("name", list(Theme))
def test_in_sixteen_colours_a_theme_is_our_dark_or_light_one(name: Theme) -> None:
    shown = themes.made(name, few=True)
    assert faint(shown, iter(TERMINALS)) == []
    assert shown.dark is themes.made(name).dark
    assert shown.name == f"runback-{name}"


@pytest.mark.parametrize("name", list(Theme))
def test_run_is_warm_walk_is_cool_and_only_stop_is_red(name: Theme) -> None:
    theme = themes.made(name)
    hues = {mood: Color.parse(theme.variables[mood]).hsl[0] * 360 for mood in ("run", "walk", "stop")}
    assert 10 <= hues["run"] <= 42
    assert 165 <= hues["walk"] <= 245
    assert min(hues["stop"], 360 - hues["stop"]) <= 15
    assert theme.error in (themes.DARK.error, themes.LIGHT.error)


@pytest.mark.parametrize("name", list(Theme))
def test_states_have_colours_of_their_own(name: Theme) -> None:
    variables = themes.made(name).variables
    assert len({variables[mood] for mood in ("run", "walk", "ease", "rest", "wait")}) == 5


def test_every_theme_of_textual_is_offered_but_those_of_the_terminals_own_colours() -> None:
    assert {each.value for each in Theme} - {"dark", "light"} == {name for name in BUILTIN_THEMES if "ansi" not in name}
    assert tuple(each.value for each in Theme) == THEMES
    (setting,) = (each for each in every() if each.name == "theme")
    assert [name for name in THEMES if name not in setting.meaning] == []


@pytest.mark.parametrize(("term", "few"), [("linux", True), ("xterm-256color", False)])
def test_the_terminal_decides_whether_a_theme_has_its_own_colours(
    term: str, few: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.delenv("COLORTERM", raising=False)
    app, _, _ = cockpit("nord")
    assert app.theme == "runback-nord"
    assert (app.current_theme.background == themes.DARK.background) is few


async def test_a_theme_nobody_knows_is_the_dark_one_and_prefixes_do_not_matter() -> None:
    app = App[None]()
    async with app.run_test():
        for asked, shown in (("sepia", "dark"), ("nord", "nord"), ("runback-light", "light")):
            themes.use(app, asked)
            assert app.theme == f"runback-{shown}"


def test_one_theme_follows_the_other_and_the_first_the_last() -> None:
    name, seen = "dark", []
    for _ in Theme:
        seen.append(name)
        name = themes.following(name)
    assert name == "dark"
    assert seen == list(THEMES)
    assert themes.following("runback-dark") == "light"
    assert themes.following("sepia") == "dark"


@pytest.mark.full
@pytest.mark.parametrize("name", list(Theme))
async def test_every_state_of_a_session_can_be_read_in_every_theme(
    name: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    app, _, _ = cockpit(name)
    assert app.current_theme.background == themes.made(name).background
    async with app.run_test(size=(80, 24)) as pilot:
        app.show_plan(PLAN)
        for scene in SCENES.values():
            app.show(scene)
            app.tick()
            await pilot.pause()
            for terminal in TERMINALS:
                if "16" not in terminal:
                    assert unreadable(app, terminal) == []
