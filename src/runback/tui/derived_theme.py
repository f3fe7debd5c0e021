"""One of Textual's themes with our own colours added to it, each made readable.

Rules:
- A colour of the theme is taken where its hue is the one that ours has, else ours: running stays orange, walking blue,
  which people with any of the usual colour blindnesses tell apart. Red stays for Stop alone, in our own red.
- Each colour is moved towards white or black until it has the contrast it needs (WCAG 2.2, 1.4.3), also in 256 colours
  and in greys. A theme that cannot have it is not offered: the tests go through all that are.
- Sixteen colours are too few for a theme: there it has those of our dark or light one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.color import BLACK, WHITE, Color
from textual.theme import Theme

TEXT = 4.6
"""Contrast that is asked for: 4.5 (WCAG 1.4.3), and a little for the rounding."""
STEP = 0.04
_HUES = {"run": (26, 12), "rest": (52, 10), "walk": (205, 35), "ease": (140, 40), "done": (130, 40)}
"""Degrees: the hue of each of our colours, and how far one of the theme may be from it."""
_WARM = (40, 25)
_MOODS = (*_HUES, "wait")
_QUIET = 0.25
"""How far quiet text is from the foreground to the background."""
_PAST, _TRACK = 0.55, 0.8
"""The same for what is over and for empty bars, which are pictures."""


def derived(name: str, theme: Theme, own: Theme) -> Theme:
    """`theme`, called `name`, with the colours of `own` (our dark or light one) that it lacks."""
    found = theme.to_color_system().generate()
    background, surface, panel = (Color.parse(found[key]) for key in ("background", "surface", "panel"))
    behind = (background, surface, panel)
    # A theme whose text must be dark on one of these and light on another is light or dark by its background.
    towards = WHITE if own.dark else BLACK
    plain = _readable(Color.parse(theme.foreground or own.foreground or found["foreground"]), behind, towards)
    palette = [Color.parse(each) for each in _palette(theme)]
    variables = dict(own.variables)
    taken: list[Color] = []
    for token, (hue, most) in _HUES.items():
        near = _nearest([each for each in palette if each not in taken], hue, most)
        if near is not None and token != "ease":  # done may look like it; all others stand for different things
            taken.append(near)
        colour = near or Color.parse(own.variables[token])
        variables[token] = _readable(colour, [background], towards).hex
    variables["wait"] = _readable(plain.blend(background, _QUIET / 2), [background], towards).hex
    variables["on-mood"] = _on([Color.parse(variables[token]) for token in _MOODS], background)
    variables["quiet"] = _readable(plain.blend(background, _QUIET), behind, towards).hex
    variables["past"] = plain.blend(background, _PAST).hex
    variables["track"] = plain.blend(background, _TRACK).hex
    warning = _readable(Color.parse(theme.warning or own.warning or found["warning"]), behind, towards)
    variables["footer-key-foreground"] = warning.hex
    return Theme(
        name=name,
        primary=_readable(Color.parse(theme.primary), behind, towards).hex,
        secondary=_readable(Color.parse(theme.secondary or theme.primary), behind, towards).hex,
        warning=warning.hex,
        error=own.error,
        success=_readable(Color.parse(theme.success or own.success or found["success"]), behind, towards).hex,
        accent=_readable(_warm(theme) or Color.parse(own.accent or found["accent"]), behind, towards).hex,
        foreground=plain.hex,
        background=background.hex,
        surface=surface.hex,
        panel=panel.hex,
        dark=own.dark,
        variables=variables,
    )


def in_few_colours(name: str, own: Theme) -> Theme:
    """What stands for the theme called `name` in sixteen colours."""
    return replace(own, name=name)


def contrast(one: Color, other: Color) -> float:
    """WCAG 2.2, contrast ratio, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _readable(colour: Color, behind: Sequence[Color], towards: Color) -> Color:
    """The nearest to `colour`, on the way to `towards`, that can be read on all of `behind`; `towards` if none can."""
    factor = 0.0
    while factor < 1:
        found = colour.blend(towards, factor)
        if all(_least(shade, each) >= TEXT for each in behind for shade in _shades(found)):
            return found
        factor += STEP
    return towards


def _on(moods: Sequence[Color], background: Color) -> str:
    """What is written on the colours of all `moods`: the background's own colour where it can be read, else the most
    readable."""
    choices = (background, background.blend(BLACK, 0.5), background.blend(WHITE, 0.5), BLACK, WHITE)
    least = {each: min(_least(each, mood) for mood in moods) for each in choices}
    return (background if least[background] >= TEXT else max(choices, key=least.__getitem__)).hex


def _shades(colour: Color) -> tuple[Color, ...]:
    """What Textual may make of it, which rounds colours on its way to the terminal."""
    red, green, blue = colour.rgb
    return (
        colour,
        Color(max(0, red - 1), max(0, green - 1), max(0, blue - 1)),
        Color(min(255, red + 1), min(255, green + 1), min(255, blue + 1)),
    )


def _least(one: Color, other: Color) -> float:
    """The least that is left of the contrast in all colours, in 256, in greys, and in 256 of them."""
    grey, other_grey = one.monochrome, other.monochrome
    pairs = ((one, other), (_in_256(one), _in_256(other)), (grey, other_grey), (_in_256(grey), _in_256(other_grey)))
    return min(contrast(first, second) for first, second in pairs)


def _in_256(colour: Color) -> Color:
    red, green, blue = RichColor.from_rgb(*colour.rgb).downgrade(ColorSystem.EIGHT_BIT).get_truecolor()
    return Color(red, green, blue)


def _warm(theme: Theme) -> Color | None:
    """What announces that the belt gets faster: the theme's accent if that is warm, else its warning."""
    for colour in (theme.accent, theme.warning):
        if colour is not None and (near := _nearest([Color.parse(colour)], *_WARM)) is not None:
            return near
    return None


def _palette(theme: Theme) -> list[str]:
    named = (theme.warning, theme.accent, theme.primary, theme.secondary, theme.success)
    return [each for each in named if each is not None]


def _nearest(palette: Sequence[Color], hue: float, most: float) -> Color | None:
    """The colour of `palette` whose hue is nearest to `hue`; None if none is within `most` degrees, or has a hue."""
    best, found = most, None
    for colour in palette:
        degrees, saturation, _ = colour.hsl
        apart = abs((degrees * 360 - hue + 180) % 360 - 180)
        if saturation > 0.25 and apart <= best:
            best, found = apart, colour
    return found
