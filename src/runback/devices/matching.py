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

import re
from collections.abc import Iterable
from dataclasses import dataclass

from runback.config_files.error_text import nearest, quoted, shows
from runback.devices.identity import Match
from runback.devices.library import GENERIC, ProfileEntry
from runback.devices.profile import Profile
from runback.errors import DeviceError


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of a machine. Services as full UUIDs; None where it has not been read, or cannot be."""

    name: str | None = None
    services: frozenset[str] = frozenset()
    model: str | None = None
    manufacturer: str | None = None
    firmware: str | None = None
    serial: str | None = None
    """Which one of its kind it is; no profile asks for it, and no report tells it."""

    def __str__(self) -> str:
        return self.name or self.model or "a treadmill without a name"


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


def specificity(match: Match, identity: Identity) -> tuple[int, int, int] | None:
    """How closely `identity` is described: kinds of criteria, characters of the name, services; None: not at all."""
    kinds = characters = 0
    name, as_a_line = _plain(identity.name), _one_line(identity.name)
    if match.name_prefix or match.name_regex is not None:
        beginnings = [(prefix, prefix.casefold()) for prefix in match.name_prefix if name]
        fitting = [len(each) for each, start in beginnings if name.startswith(start) or as_a_line.startswith(start)]
        if match.name_regex is not None and name and re.fullmatch(match.name_regex, name, re.IGNORECASE):
            fitting.append(len(name))
        if not fitting:
            return None
        kinds, characters = 1, max(fitting)
    if match.anonymous:
        if name:
            return None
        kinds += 1
    for wanted, found in (
        (match.model, identity.model),
        (match.manufacturer, identity.manufacturer),
        (match.firmware, identity.firmware),
    ):
        if not wanted:
            continue
        if _plain(found) not in {one.casefold() for one in wanted}:
            return None
        kinds += 1
    if match.services:
        if not identity.services.issuperset(match.services):
            return None
        kinds += 1
    return (kinds, characters, len(match.services)) if kinds else None


def _plain(text: str | None) -> str:
    return (text or "").strip().casefold()


def _one_line(text: str | None) -> str:
    """A name as a profile's file can hold it: a machine may advertise characters that no file of ours may."""
    return " ".join("".join(each if shows(each) else " " for each in _plain(text)).split())


def _named(name: str, entries: list[ProfileEntry]) -> Profile:
    for entry in entries:
        if entry.name.casefold() == name.strip().casefold():
            if entry.profile is None:
                raise entry.error or DeviceError(entry.source, "the profile cannot be used", "correct the file")
            return entry.profile
    near = nearest(name, [entry.name for entry in entries])
    mend = f"did you mean {quoted(near)}?" if near else 'see "runback treadmills"'
    raise DeviceError(f"treadmill profile {quoted(name)}", "it does not exist", mend)
