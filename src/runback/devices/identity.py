"""Which machine a profile is for, and how what it says is known."""

from __future__ import annotations

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
class EvidenceLevel:
    """One reason to believe what the profile says."""

    source: Line
    """Who says so: a capture, an issue, somebody's program."""
    level: Level
    """observed-here, capture, owner-report, third-party-code or inferred."""
    covers: Line
    """What it bears out, in a few words."""
    firmware: tuple[Line, ...] = ()
    """The firmware it was seen with; another may differ (40). For the twin."""
