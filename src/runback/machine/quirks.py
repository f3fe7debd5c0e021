"""How one machine wants to be talked to, where that is not as FTMS has it: enumerated, and nothing else.

Rules:
- Data only. Whoever knows the machine (its profile) fills it in; the defaults are a machine without any difference,
  treated with care. Numbers in brackets are those of quirks.md.
- Nothing here can make the core write a Start, a speed or a claim it would not write otherwise; what `claim` STARTS
  and `keepalive` allow is bound to a person's start, and to a belt that is measured.

Units: speed 0.01 km/h, time s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from runback.machine.incline_unit import InclineConverter
from runback.machine.procedure import START_WITHIN

ROUSE_AFTER = 7.0
"""With the three seconds of its announcement 5 s more than the longest start countdown seen (5 s, quirk 16), and well
before a start is given up."""


class ReportedUnit(Enum):
    """What a speed on the wire is counted in hundredths of (22)."""

    KMH = "km/h"
    MPH = "mph"
    UNKNOWN = "unknown"  # taken for km/h until measured, at walking pace


class ControlRequestPolicy(Enum):
    """When Request Control (00) is written (3, 7, 14)."""

    ONCE = "once"
    TWICE = "twice"
    EACH = "each"  # before each command
    NEVER = "never"  # whoever writes is obeyed
    STARTS = "starts"  # it starts the belt: written in place of Start (07), and only as that


class AckEvidence(Enum):
    """What says that a command has been taken (4, 5)."""

    ANY = "any"  # a response or a status, whichever comes; neither is a failure
    STATUS = "status"  # a status; silence is no failure
    BELT = "belt"  # only the belt itself: responses prove nothing, silence neither


class StartAuthority(Enum):
    """Whose start moves the belt (15, 17)."""

    CLIENT = "client"
    CONSOLE = "console"  # only its own button; Start (07) is never written
    CONSOLE_FIRST = "console first"  # its own button first, then 00 and 07


@dataclass(frozen=True, slots=True)
class VendorWrite:
    """Bytes for a vendor's characteristic."""

    uuid: str
    data: bytes
    response: bool = False


@dataclass(frozen=True, slots=True)
class Unlock:
    """One of the writes without which commands are accepted and ignored (6, 8)."""

    write: VendorWrite
    reply_on: str | None = None
    reply: bytes = b""
    """How the answer begins; nothing else is written until it has come."""
    wait: float = 0.4
    """Before the next write, where no answer is waited for."""


@dataclass(frozen=True, slots=True)
class MachineQuirks:
    """One machine's habits."""

    gap: float = 0.0
    """Least time between two writes; Stop ignores it (42)."""
    key: bytes = b""
    """What follows 00 in Request Control (9)."""
    claim: ControlRequestPolicy = ControlRequestPolicy.ONCE
    obeys_unclaimed: bool = False
    """Request Control may be refused, or never answered; what comes after it is obeyed all the same (3)."""
    proof: AckEvidence = AckEvidence.ANY
    start_by: StartAuthority = StartAuthority.CLIENT
    start_within: float = START_WITHIN
    """From Start to a moving belt, at most (16)."""
    rouse_after: float | None = ROUSE_AFTER
    """From Start to `Signal.STANDS`: a belt that has been told to start and stands may be waiting for a speed (52).
    None: a speed written before the belt moves drops the link (16)."""
    ready_by_status: bool = False
    """After a start a target is taken only once Training Status says that the countdown is over (16)."""
    keepalive: float | None = None
    """Start is written again so often while the belt is driven, or it stops (13)."""
    pause_by_stop: bool = False
    """It has no pause of its own: a pause is a stop, after which a start goes on (19)."""
    tells_incline: bool = True
    """What it reports is where the deck is (28)."""
    stop_by_hand: bool = False
    """Only its own STOP stops it; ours is tried all the same (19)."""
    stop_starts: bool = False
    """Stop starts a belt that is paused: it is not written to a belt that is measured at rest (19)."""
    write_unit: ReportedUnit = ReportedUnit.KMH
    """Of target speeds (22)."""
    read_unit: ReportedUnit = ReportedUnit.KMH
    """Of measured speeds (22)."""
    inclines: InclineConverter = field(default_factory=InclineConverter)
    """What inclines are counted in (27)."""
    unlock: tuple[Unlock, ...] = ()
    """In order, once on each link, once a person has asked for something, or for Stop (6, 8)."""
    preamble: VendorWrite | None = None
    """What goes before a command, Stop among them (7)."""
    preamble_once: bool = False
    """Once on each link; otherwise before each command."""
    speed_from_rsc: bool = False
    """The measured speed is Running Speed and Cadence's, not Treadmill Data's (39)."""
    step_octets: int = 0
    """Bytes of a vendor's step count behind reserved bit 13 of Treadmill Data; 0: none (29)."""
    blind: bool = False
    """What it reports of its belt is always 0, and no evidence of anything (38)."""
