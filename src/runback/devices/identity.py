"""Which machine a profile is for, and how what it says is known."""

from __future__ import annotations

import re
from dataclasses import dataclass

from runback.config_files.error_text import shows
from runback.devices.field_types import Line, Pattern, Uuid, table
from runback.devices.quirk_values import Level


@table
class Match:
    """What a machine must look like. Everything that is given must hold; of a list, one entry, but all services.

    Text is compared without regard to letter case: programs that were read for their names write them in capitals.
    """

    name_prefix: tuple[Line, ...] = ()
    """Beginnings of the advertised name. Quirk 40: firmware may change a name, so there may be several."""
    name_regex: Pattern | None = None
    """What the whole name looks like, where a beginning would take in too many (40)."""
    name_example: Line | None = None
    """A whole name as it was seen (40); the twin's. For the twin."""
    model: tuple[Line, ...] = ()
    """Model number strings (2A24), whole. Reading it may fail (10)."""
    manufacturer: tuple[Line, ...] = ()
    """Manufacturer name strings (2A29), whole. Reading it may fail (10)."""
    firmware: tuple[Line, ...] = ()
    """Firmware revision strings (2A26), whole, for a quirk that only some have (40)."""
    services: tuple[Uuid, ...] = ()
    """Services it advertises, or shows once connected (40, 43)."""
    anonymous: bool = False
    """It advertises no name (40); then services are all there is to know it by."""


@table
class ProfileEvidence:
    """One reason to believe what the profile says."""

    source: Line
    """Who says so: a capture, an issue, somebody's program."""
    level: Level
    """observed-here, capture, owner-report, third-party-code or inferred."""
    covers: Line
    """What it bears out, in a few words."""
    firmware: tuple[Line, ...] = ()
    """The firmware it was seen with; another may differ (40). For the twin."""


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
