"""What is remembered of a treadmill that has been connected, so that it is found and recognised again.

Rules:
- Its address comes first: names change. BlueZ replaces the advertised name by the device's own (2A00) once it is
  connected (bluez.md 13), firmware renames machines (quirk 40), and people give aliases.
- The advertised name is kept apart from the others: profiles match it, and unlocking writes are made from it (quirk 6).
- Two are the same machine if they have the same address, or share a name and have the same model and serial number.
  What is not known is never the same as anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

MOST_NAMES = 8
"""More names than that are not kept: a machine that changes its name all the time must not grow a file."""
LONGEST = 248
"""Characters of a name; a Bluetooth device name has 248 bytes at most (Core vol 3 C 12.1)."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """One treadmill. `names`: all it has had, the advertised one among them; `model` and `serial`: its Device
    Information (2A24, 2A25), where that could be read."""

    address: str = ""
    advertised: str | None = None
    names: tuple[str, ...] = ()
    model: str | None = None
    serial: str | None = None

    def __str__(self) -> str:
        return self.advertised or next(iter(self.names), self.address)

    @property
    def title(self) -> str:
        """Its name and its address, for a person who has to tell it from another."""
        name = str(self)
        return f"{name} ({self.address})" if self.address and name != self.address else name

    def answers_to(self, wanted: str) -> bool:
        """Whether a person who says `wanted` may mean it: its address, one of its names, or the beginning of one."""
        asked = _plain(wanted)
        if not asked:
            return False
        return _plain(self.address) == asked or any(_plain(name).startswith(asked) for name in self.names)

    def is_same(self, other: Remembered) -> bool:
        """Whether `other` is this machine."""
        if self.address and _plain(self.address) == _plain(other.address):
            return True
        known = None not in (self.model, self.serial) and (self.model, self.serial) == (other.model, other.serial)
        return known and not {_plain(name) for name in self.names}.isdisjoint(_plain(name) for name in other.names)

    def also(self, *names: str | None) -> Remembered:
        """The same machine, which has these names as well."""
        kept = dict.fromkeys(self.names)
        kept |= dict.fromkeys(name[:LONGEST] for name in names if name and name.strip())
        return replace(self, names=tuple(kept)[:MOST_NAMES])


def _plain(text: str) -> str:
    return text.strip().casefold()
