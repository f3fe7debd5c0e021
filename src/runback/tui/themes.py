"""The themes: our own dark and light ones, both of high contrast, and those made of Textual's (`derived_theme`).

Rules:
- A theme is called `runback-` and its name in the settings (`runback.theme`); only those are offered. It is made when
  it is first used: the first frame waits for one.
- Colour is never the only signal: every state also has its word and its shape (`cockpit.texts.headline`).
- The colours of run and walk are told apart by people with any of the usual colour blindnesses (orange and blue).
- Red is for Stop alone, plain white on red; nothing looks like the mushroom of an emergency stop.
"""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.theme import BUILTIN_THEMES, Theme

from runback.theme import Theme as ThemeName
from runback.tui.derived_theme import derived, in_few_colours

PREFIX = "runback-"
_FEW = frozenset({"standard", "windows"})
"""What Rich calls a terminal of sixteen colours."""

DARK = Theme(
    name="runback-dark",
    primary="#7FB7FF",
    secondary="#9AA7B8",
    warning="#FFD23F",
    error="#E0182D",
    success="#3DDC97",
    accent="#FFB000",
    foreground="#F4F7FB",
    background="#0B0F14",
    surface="#141B24",
    panel="#1C2530",
    dark=True,
    variables={
        "run": "#FF9F1C",
        "walk": "#5CC2FF",
        "ease": "#3DDC97",
        "rest": "#FFE566",
        "wait": "#C9D3DF",
        "done": "#8CF2A6",
        "on-mood": "#0B0F14",
        "stop": "#C8102E",
        "on-stop": "#FFFFFF",
        "quiet": "#A9B6C6",
        "past": "#5A6878",
        "track": "#2A3644",
        "footer-key-foreground": "#FFD23F",
    },
)

LIGHT = Theme(
    name="runback-light",
    primary="#0A4FA3",
    secondary="#44515F",
    warning="#8A5A00",
    error="#B00020",
    success="#00693E",
    accent="#6E2E00",
    foreground="#0B0F14",
    background="#FBFCFE",
    surface="#EEF2F7",
    panel="#E2E8F0",
    dark=False,
    variables={
        "run": "#A84300",
        "walk": "#00558C",
        "ease": "#006B45",
        "rest": "#5E5000",
        "wait": "#3A4654",
        "done": "#00693E",
        "on-mood": "#FFFFFF",
        "stop": "#B00020",
        "on-stop": "#FFFFFF",
        "quiet": "#44515F",
        "past": "#8593A3",
        "track": "#D3DBE5",
        "footer-key-foreground": "#6E2E00",
    },
)


def use(app: App[Any], name: str) -> None:
    """Show `app` in the theme called `name`, with or without the prefix; in the dark one if there is no such theme."""
    few = app.console.color_system in _FEW
    theme = made(name if known(name) else ThemeName.DARK, few=few)
    app.register_theme(theme)
    app.theme = theme.name


def made(name: str, *, few: bool = False) -> Theme:
    """The theme called `name`, one of the names in the settings, with or without the prefix; `few`: for a terminal of
    sixteen colours."""
    plain = ThemeName(name.removeprefix(PREFIX))
    if plain is ThemeName.DARK or plain is ThemeName.LIGHT:
        return DARK if plain is ThemeName.DARK else LIGHT
    theme = BUILTIN_THEMES[plain.value]
    own, called = DARK if theme.dark else LIGHT, PREFIX + plain.value
    return in_few_colours(called, own) if few else derived(called, theme, own)


def known(name: str) -> bool:
    """Whether there is a theme called `name`, with or without the prefix."""
    return name.removeprefix(PREFIX) in {each.value for each in ThemeName}


def following(name: str) -> str:
    """The name in the settings of the theme after the one called `name`; after the last comes the first."""
    names = [each.value for each in ThemeName]
    at = names.index(name.removeprefix(PREFIX)) if known(name) else -1
    return names[(at + 1) % len(names)]
