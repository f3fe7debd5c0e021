"""How a simulated treadmill differs from the specification: what it wants first, what it does, how it says it.

Rules:
- Data only; the defaults are a machine without any difference. Numbers in brackets are those of quirks.md.
- The words are those of a treadmill profile (`runback.devices.quirk_values`): a profile's word is taken unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from runback.devices.quirk_values import (
    Acknowledged,
    DataSource,
    InclineCode,
    Reads,
    Refusal,
    RepeatedStart,
    RequestAnswer,
    SpinUp,
    StopPaused,
    TooFast,
    WireUnit,
)
from runback.simulator.gatt import Property

StepOctets = Literal[0, 2, 3]


@dataclass(frozen=True, slots=True)
class VendorAttribute:
    """A characteristic that is none of FTMS's."""

    service: str
    uuid: str
    properties: frozenset[Property]


@dataclass(frozen=True, slots=True)
class UnlockStep:
    """Bytes that must be written to `uuid`, and what is then notified on `reply_on` (6, 8)."""

    uuid: str
    octets: bytes
    reply_on: str | None = None
    reply: bytes = b""


@dataclass(frozen=True, slots=True)
class AccessRules:
    """What has to come before a command is heard."""

    unlock: tuple[UnlockStep, ...] = ()
    """In order. Until all are done commands are accepted by ATT and nothing comes of them (6, 8)."""
    muted: bool = False
    """Until then nothing is notified either (6)."""
    preamble: str | None = None
    """The characteristic of the bytes without which commands are not permitted (7)."""
    preamble_octets: bytes = b""
    preamble_each: bool = True
    """Before each command; otherwise once per connection (7)."""
    key: bytes = b""
    """What must follow 00 in Request Control (9)."""
    claims: int = 1
    """How often control must be requested before it is granted (7)."""
    needs_control: bool = True
    """False: whoever writes a command is obeyed (3)."""
    patience: float | None = None
    """A client that has not unlocked the machine after so many seconds is dropped (10)."""
    gap: float = 0.0
    """Least time between two writes, seconds (42)."""
    too_fast: TooFast | None = None
    """What becomes of one that comes sooner (42)."""


@dataclass(frozen=True, slots=True)
class SimulatedQuirks:
    """What it does."""

    request_answer: RequestAnswer = RequestAnswer.GRANTED
    acknowledged: Acknowledged = Acknowledged.RESPONSE
    """How a command is answered: by a response, by Machine Status to everybody, by both, or not at all (4)."""
    always_succeeds: bool = False
    """Whatever is asked, the response says success (5)."""
    starts_on_control: bool = False
    """Request Control starts the belt (14)."""
    starts_on_connect: bool = False
    """A connection starts the belt (18)."""
    console_blocked: bool = False
    """Its own start button does nothing while somebody is connected (18)."""
    remote_start: bool = True
    """False: 07 fails, only its own button starts it (17)."""
    console_first: bool = False
    """Its own button says 02 01 and moves nothing; only then 00 and 07 start the belt (15)."""
    repeat: RepeatedStart = RepeatedStart.REFUSED
    """07 while the belt is started (11, 12, 13)."""
    slow_to: int = 100
    """0.01 km/h (12)."""
    needs_target: bool = False
    """An accepted 07 moves nothing before a target speed (52)."""
    keepalive: float | None = None
    """The belt stops when no 07 has come for two and a half times so many seconds (13)."""
    spin_up: SpinUp | None = None
    """A target speed during the countdown; None: as at rest (16)."""
    settles: float = 0.0
    """Seconds after the first movement that still count as the countdown, for Training Status and for targets (16)."""
    stop_supported: bool = True
    pause_supported: bool = True
    stop_means_pause: bool = False
    """After 08 01 it is paused (19)."""
    stop_resets: bool = False
    """08 01 zeroes the counters (19)."""
    stop_paused: StopPaused = StopPaused.ENDS
    """08 01 to a paused belt at rest (19)."""
    speed_lock: Refusal | None = None
    """No target speed has any effect, and this is the answer (20, 21)."""
    incline_lock: Refusal | None = None
    """The answer to a target incline without an incline motor; None: op code not supported (28)."""
    below_minimum: Refusal = Refusal.INVALID
    """The answer to a target below the lowest speed (26)."""


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """How it says it."""

    write_unit: WireUnit = WireUnit.KMH
    """What a target speed is read in; 2ADA 05 repeats it so (22)."""
    read_unit: WireUnit = WireUnit.KMH
    """What Treadmill Data's speeds are written in (22)."""
    range_unit: WireUnit = WireUnit.KMH
    """What 2AD4 is written in (23)."""
    native_unit: WireUnit = WireUnit.KMH
    """What its steps are round in; miles an hour are truncated to 0.01 km/h (24)."""
    truncates: bool = False
    """A speed between two steps goes to the lower one (24)."""
    zero_incline_range: bool = False
    """2AD5 is there, all zero, without a motor (25)."""
    incline_code: InclineCode = InclineCode.PERCENT
    """How inclines are written (27)."""
    per_level: int = 10
    """0.1 % for each level (27)."""
    incline_feedback: bool = True
    """False: the deck is always reported level (28)."""
    step_octets: StepOctets = 0
    """Bytes of the vendor's step count behind reserved bit 13; 0: none (29)."""
    cut_at: int | None = None
    """A record ends there, without a word (30)."""
    split_at: int | None = None
    """A record is split into parts of at most so many bytes (31)."""
    pace_octets: Literal[1, 2] = 2
    """Width of a pace (32)."""
    elevation_unavailable: int | None = None
    """Written for the loss of elevation, while the ramp angle is not available (33)."""
    energy_rates_unavailable: bool = False
    """Energy per hour and minute are FFFF and FF."""
    status_octets: int = 1
    """Machine Status is padded with zeros to at least so many bytes (34)."""
    pausing: int | None = None
    """Training Status while slowing to a pause (34)."""
    paused: int | None = None
    """Training Status while paused (34)."""
    string_missing: bool = False
    """Training Status announces a string it does not have (35)."""
    reads_before_start: Reads | None = None
    """What FTMS characteristics read as before the first start (35)."""
    unreadable: frozenset[str] = frozenset()
    """Characteristics whose reading fails (10)."""
    ramp_trace: bool = False
    """Machine Status 05 follows the belt along every ramp (36)."""
    stale_status: bool = False
    """An old Machine Status comes first after subscribing (36)."""
    speed_while_paused: int = 0
    """0.01 km/h, reported at rest while paused (37)."""
    elapsed_frozen: bool = False
    """Elapsed time stays at 0: nobody is on the belt (37)."""
    distance_step: float = 0.0
    """Distance advances in steps of so many metres (37)."""
    features: bytes | None = None
    """2ACC, if it is not what the machine does (37)."""
    source: DataSource = DataSource.FTMS
    """Where the speed is told; Treadmill Data is all zero where it is not (38, 39)."""
