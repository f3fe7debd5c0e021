"""Which profile a machine has.

Rules:
- A profile named by the person is taken as it is.
- Otherwise all that a profile asks for must hold; what is not known of a machine matches nothing.
- A person's own profiles are asked before the shipped ones; among equals the most specific wins: more kinds of
  criteria, then more characters of the name, then more services.
- Two that fit equally well are never guessed between: that is an error, and names both.
- A machine that fits none has the generic profile: everything unknown.
"""

from __future__ import annotations

from collections.abc import Iterable

from runback.config_files.error_text import nearest, quoted
from runback.devices.identity import Identity, specificity
from runback.devices.profile import GENERIC, Profile, ProfileEntry
from runback.errors import DeviceError

Rank = tuple[int, int, int, int]
"""Own, kinds of criteria, characters of the name, services."""


def choose(identity: Identity, entries: Iterable[ProfileEntry], named: str | None = None) -> Profile:
    """The profile of the machine. Raises DeviceError: `named` does not exist or is broken, or several fit."""
    entries = list(entries)
    if named is not None:
        return _named(named, entries)
    best: dict[Rank, list[Profile]] = {}
    for entry in entries:
        if entry.profile is not None and (found := specificity(entry.profile.match, identity)) is not None:
            best.setdefault((int(entry.own), *found), []).append(entry.profile)
    if not best:
        return _named(GENERIC, entries)
    first, *others = best[max(best)]
    if others:
        names = ", ".join(sorted(profile.name for profile in (first, *others)))
        what = f"the profiles {names} fit it equally well"
        raise DeviceError(f"treadmill {quoted(str(identity))}", what, "make one of them more specific, or name one")
    return first


def _named(name: str, entries: list[ProfileEntry]) -> Profile:
    for entry in entries:
        if entry.name.casefold() == name.strip().casefold():
            if entry.profile is None:
                raise entry.error or DeviceError(entry.source, "the profile cannot be used", "correct the file")
            return entry.profile
    near = nearest(name, [entry.name for entry in entries])
    hint = f"did you mean {quoted(near)}?" if near else 'see "runback treadmills"'
    raise DeviceError(f"treadmill profile {quoted(name)}", "it does not exist", hint)
