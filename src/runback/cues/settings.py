"""Which cues are heard, how loud, and in which unit a speed is said. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from runback.errors import InputError
from runback.session.model import CueKind
from runback.units import Unit

NEVER_MUTED = frozenset({CueKind.STOPPED, CueKind.ALARM})
"""Whoever has sound hears these."""


@dataclass(frozen=True, slots=True)
class CueSettings:
    """What a person wants to hear. `muted` kinds are still shown; `volume` 0 to 1."""

    tones: bool = True
    speech: bool = True
    muted: frozenset[CueKind] = frozenset()
    unit: Unit = Unit.KMH
    volume: float = 0.8

    def heard(self, kind: CueKind) -> bool:
        """Whether `kind` is to be heard at all."""
        return kind not in self.muted or kind in NEVER_MUTED


def kinds(names: Iterable[str], where: str) -> frozenset[CueKind]:
    """The cues called `names`, which may be turned off. Raises InputError with `where`."""

    known = {kind.value.replace(" ", "-"): kind for kind in CueKind if kind not in NEVER_MUTED}
    for name in names:
        if name not in known:
            raise InputError(where, f"{name!r} cannot be turned off", f"give one of {', '.join(known)}")
    return frozenset(known[name] for name in names)
