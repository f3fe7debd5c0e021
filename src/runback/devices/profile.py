"""A treadmill's profile: everything that is known of a model, and nothing that is not.

Rules:
- Data only. A quirk is an enumerated field, never code, and nothing anywhere asks for a profile's name.
- `For the twin.` under a field: it makes the simulated treadmill misbehave, and the client copes with that unasked, on
  every machine. `Documentation.`: only people read it. All others the client obeys; a test holds that.
- What is not known is None, and None is treated with care by whoever reads it.
- A profile narrows what the machine reports (`limits`); it never widens it.
- `quirk_index.FIELDS` says which field covers which quirk of quirks.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from runback.devices.control import ControlQuirks, StartQuirks, Stop
from runback.devices.data import Data
from runback.devices.field_types import FieldKey, Line, table
from runback.devices.identity import Match, ProfileEvidence
from runback.devices.link import LinkHabits, Preamble, Protocol, UnlockWrite
from runback.devices.quirk_values import DataSource
from runback.devices.speed_incline import Incline, Speed
from runback.errors import DeviceError


@table
class Profile:
    """One model, as its file describes it."""

    name: FieldKey
    """The file's name without its ending; what is written after `sim:`."""
    title: Line
    """What a person calls the machine."""
    evidence: tuple[ProfileEvidence, ...]
    """Why this is believed, at least one."""
    unverified: Line
    """What nobody has seen yet, in a sentence."""
    match: Match = field(default_factory=Match)
    """Which machines it is for (40)."""
    protocol: Protocol = field(default_factory=Protocol)
    """Which protocol, and what is never written (43)."""
    link: LinkHabits = field(default_factory=LinkHabits)
    """The radio link (10, 40, 41, 42, 44)."""
    unlock: tuple[UnlockWrite, ...] = ()
    """Vendor writes without which nothing works, in order (6, 8)."""
    preamble: Preamble | None = None
    """What goes before commands (7)."""
    control: ControlQuirks = field(default_factory=ControlQuirks)
    """The control point (1 to 5, 9, 14)."""
    start: StartQuirks = field(default_factory=StartQuirks)
    """Start and resume (11 to 19)."""
    stop: Stop = field(default_factory=Stop)
    """Stop and pause (19)."""
    speed: Speed = field(default_factory=Speed)
    """Speed (20, 22, 23, 24, 26)."""
    incline: Incline = field(default_factory=Incline)
    """Incline (21, 25, 27, 28)."""
    data: Data = field(default_factory=Data)
    """What it reports (29 to 39)."""

    @property
    def described(self) -> bool:
        """Whether it is for some machine in particular, and not for whatever nobody has described."""
        return self.match != Match()

    @property
    def prompts(self) -> bool:
        """Whether speed is set by the person, at the app's word: it cannot be, or must not be, set from here."""
        return (
            self.speed.controllable is False
            or self.protocol.control_point is False
            or not self.protocol.ftms
            or self.link.needs_unknown_writes
            or self.stop.supported is False
            or self.blind
        )

    @property
    def blind(self) -> bool:
        """Whether the machine says nothing of its belt, so that a reported 0 is no evidence of rest (38)."""
        return self.data.source is DataSource.NOTHING


GENERIC = "generic"
"""The profile of a machine nobody has described."""

SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class ProfileEntry:
    """One profile by name. `source` is "shipped" or the file's path.

    Either `profile` is there, or `error` says why it is not.
    """

    name: str
    source: str
    profile: Profile | None
    error: DeviceError | None = None

    @property
    def own(self) -> bool:
        """Whether it is the person's."""
        return self.source != SHIPPED
