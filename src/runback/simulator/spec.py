"""What a simulated treadmill is: its limits, its body, and how it behaves where FTMS leaves the choice.

Rules:
- Data only. Every difference between two simulated machines is a field here, never a branch on a name.
- Speeds in 0.01 km/h, inclines in 0.1 %, times in seconds, ramps in km/h per second or % per second.
- The default machine does what the specification says; where it says nothing, what most real machines do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntFlag

from runback.simulator.gatt import Property
from runback.simulator.quirks import AccessRules, ReportFormat, SimulatedQuirks, VendorAttribute


class ReportField(IntFlag):
    """The optional fields of Treadmill Data the machine sends, as their flag bits (S0 4.5)."""

    AVERAGE_SPEED = 1 << 1
    DISTANCE = 1 << 2
    INCLINE = 1 << 3
    ELEVATION = 1 << 4
    PACE = 1 << 5
    AVERAGE_PACE = 1 << 6
    ENERGY = 1 << 7
    HEART_RATE = 1 << 8
    METABOLIC_EQUIVALENT = 1 << 9
    ELAPSED = 1 << 10
    REMAINING = 1 << 11
    FORCE = 1 << 12


class AtRest(Enum):
    """What a target speed written while the belt is not driven comes to; the specification is silent."""

    REFUSED = "refused"
    """04 operation failed, nothing kept: the default, since a belt must not store up a speed unannounced."""
    KEPT = "kept"
    """01 success, and the belt goes there when it is started."""
    IGNORED = "ignored"
    """01 success, and nothing comes of it."""


@dataclass(frozen=True, slots=True)
class MachineSpec:
    """One simulated treadmill. The defaults are a common folding treadmill that follows FTMS."""

    name: str | None = "Simulated Treadmill"
    address: str = "5A:1D:00:00:18:26"
    manufacturer: str = "runback"
    model: str = "Simulated Treadmill"
    serial: str = "0001"
    firmware: str = "1.0"

    speed_min: int = 80
    speed_max: int = 2000
    speed_increment: int = 10
    incline_min: int = 0
    incline_max: int = 120
    incline_increment: int = 5
    """0 for minimum, maximum and increment: no incline motor, and no incline target."""
    fields: ReportField = (
        ReportField.AVERAGE_SPEED
        | ReportField.DISTANCE
        | ReportField.INCLINE
        | ReportField.ELEVATION
        | ReportField.ENERGY
        | ReportField.ELAPSED
    )
    heart_rate: bool = False
    """A strap talks to the console, so Treadmill Data carries a heart rate."""

    acceleration: float = 0.8
    deceleration: float = 1.2
    stop_deceleration: float = 2.0
    key_deceleration: float = 8.0
    incline_rate: float = 0.5
    countdown: float = 3.0
    """Between Start and the first movement; the belt then goes to the minimum speed."""
    resumes_previous: bool = False
    """After a pause the belt returns to its former target instead of the minimum (quirk 19)."""
    post_workout: float = 10.0
    """How long Training Status stays post-workout once the belt has come to rest, before idle."""

    telemetry_period: float = 1.0
    write_latency: float = 0.01
    """From a write to its ATT response."""
    response_latency: float = 0.02
    """From the ATT response to the control point's indication."""
    jitter: float = 0.0
    """Up to this much more before each indication, evenly spread and the same for the same `seed`."""
    seed: int = 0
    mtu: int = 185
    """ATT_MTU; a record longer than mtu - 3 bytes is split with More Data."""
    supervision: float = 0.45
    """From the loss of the radio to the moment either side knows (bluez.md 8)."""
    max_clients: int = 3
    """While so many are connected it does not advertise."""
    control_point: frozenset[Property] = frozenset({"write", "indicate"})
    """Properties of 2AD9. Without indicate its responses are notifications (quirk 2); without any it does not exist."""
    target_at_rest: AtRest = AtRest.REFUSED
    stops_on_disconnect: bool = False
    """Not in the specification; the default is the dangerous one."""
    advertises_for: float | None = None
    """Seconds after being switched on during which it can be found (quirk 40)."""
    advertised: tuple[str, ...] = ()
    """Services it advertises beside Fitness Machine (quirk 40)."""
    vendor: tuple[VendorAttribute, ...] = ()
    """What it has beside FTMS (quirk 43)."""
    door: AccessRules = field(default_factory=AccessRules)
    habits: SimulatedQuirks = field(default_factory=SimulatedQuirks)
    form: ReportFormat = field(default_factory=ReportFormat)

    @property
    def has_incline(self) -> bool:
        """Whether an incline motor exists (quirk 25: all zero means none)."""
        return self.incline_max > self.incline_min and self.incline_increment > 0
