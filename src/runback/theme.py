"""The themes that are offered, by the names that settings and options have for them. No Textual here."""

from __future__ import annotations

from enum import StrEnum


class Theme(StrEnum):
    """Colours of the screens: our own dark and light ones, both of high contrast, then those made of Textual's
    (`tui/themes.py`)."""

    DARK = "dark"
    LIGHT = "light"
    TEXTUAL_DARK = "textual-dark"
    NORD = "nord"
    GRUVBOX = "gruvbox"
    CATPPUCCIN_MOCHA = "catppuccin-mocha"
    CATPPUCCIN_MACCHIATO = "catppuccin-macchiato"
    CATPPUCCIN_FRAPPE = "catppuccin-frappe"
    DRACULA = "dracula"
    TOKYO_NIGHT = "tokyo-night"
    MONOKAI = "monokai"
    FLEXOKI = "flexoki"
    SOLARIZED_DARK = "solarized-dark"
    ROSE_PINE = "rose-pine"
    ROSE_PINE_MOON = "rose-pine-moon"
    ATOM_ONE_DARK = "atom-one-dark"
    TEXTUAL_LIGHT = "textual-light"
    CATPPUCCIN_LATTE = "catppuccin-latte"
    SOLARIZED_LIGHT = "solarized-light"
    ROSE_PINE_DAWN = "rose-pine-dawn"
    ATOM_ONE_LIGHT = "atom-one-light"
