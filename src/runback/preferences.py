"""How a person wants a session shown and steered: what the screen's process is told when it is started.

Rules:
- Nothing here reaches the belt: the theme, the unit of what is shown, which key is which control, and whether it is
  drawn or told in lines.
- The engine judges keys by the same map that it gives the screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from runback.key_bindings import DEFAULT_KEYMAP, Keymap, keymap
from runback.theme import Theme
from runback.units import Unit

THEMES = tuple(each.value for each in Theme)


@dataclass(frozen=True, slots=True)
class Preferences:
    """`theme` is one of `THEMES`."""

    theme: str = THEMES[0]
    unit: Unit = Unit.KMH
    keymap: Keymap = DEFAULT_KEYMAP
    plain: bool = False
    """Told in lines, one for each event, instead of drawn: for screen readers and simple terminals."""

    def arguments(self) -> list[str]:
        """The same as the command line of the screen's process."""
        keys = [f"--key={what}={','.join(keys)}" for what, keys in self.keymap.chosen().items()]
        return [f"--theme={self.theme}", f"--unit={self.unit}", *keys, *(["--plain"] if self.plain else [])]


DEFAULTS = Preferences()
"""Who has said nothing."""


def taste(theme: str, unit: str, keys: Sequence[str], *, plain: bool = False) -> Preferences:
    """What `arguments` said. Raises ValueError for anything else."""
    chosen = {what: tuple(listed.split(",")) for what, _, listed in (each.partition("=") for each in keys)}
    return Preferences(theme, Unit(unit), keymap(chosen), plain)
