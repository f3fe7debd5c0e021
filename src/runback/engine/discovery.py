"""What a connected treadmill can do: read from it, without writing anything.

Rules:
- Every read may fail (quirks 10, 35): what cannot be read is unknown, and unknown is careful.
- Which profile it has is decided by what it has shown and by Device Information, where that can be read. The profile
  narrows the ranges it reports, in the units it reports them in.
- An all-zero inclination range means no incline motor (quirk 25).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from runback.devices.identity import Identity
from runback.devices.limits import LimitRange, from_wire, incline_span, speed_span
from runback.devices.profile import Profile
from runback.devices.speed_incline import Incline, Speed
from runback.engine import profile_adapter
from runback.engine.profile_adapter import ProfileCatalog
from runback.errors import CodecError, DeviceError, LinkError, LinkLost, LinkTimeout
from runback.ftms import assigned_numbers
from runback.ftms.ranges import Range, decode_inclination_range, decode_speed_range
from runback.link.protocol import AdvertisedIdentity, Services
from runback.machine.client import Capabilities
from runback.machine.incline_unit import InclineConverter
from runback.machine.quirks import MachineQuirks
from runback.machine.targets import SupportedRange
from runback.session.model import ManualMode

READ_WITHIN = 5.0
LISTEN_TO = (
    assigned_numbers.FITNESS_MACHINE_CONTROL_POINT,
    assigned_numbers.TREADMILL_DATA,
    assigned_numbers.FITNESS_MACHINE_STATUS,
    assigned_numbers.TRAINING_STATUS,
)
"""In this order: Stop needs the control point's indications, and its confirmation needs the data."""


class Readable(Protocol):
    """As much of a link as is needed here."""

    @property
    def shown(self) -> AdvertisedIdentity:
        """See `Link.shown`."""

    async def read(self, uuid: str) -> bytes:
        """See `Link.read`."""


FirstReading = Callable[[str, bytes], None]
"""Is told each value that was read: the record's business."""


def _unheard(_uuid: str, _data: bytes) -> None:
    pass


@dataclass(frozen=True, slots=True)
class ConnectedTreadmill:
    """A treadmill that has been read. `profile` None: there is no catalog to choose from, nothing is to be expected."""

    capabilities: Capabilities
    profile: Profile | None = None
    identity: Identity = field(default_factory=Identity)
    """What it shows of itself; no more than its name and services if it was read in a hurry."""
    stranger: bool = False
    """Nobody has described it, and it may not be driven before somebody has seen what it does."""
    by_hand: ManualMode = ManualMode.NOTHING
    tells: bool = True
    """Whether there is anything to hear of a belt."""

    @property
    def title(self) -> str:
        """What a person calls its kind."""
        return "this treadmill" if self.profile is None else self.profile.title

    @property
    def refusal(self) -> str | None:
        """Why it cannot be used; None if it can."""
        return None if self.tells or self.by_hand is ManualMode.UNSEEN else "says nothing of a belt"


async def read_treadmill(
    link: Readable,
    services: Services,
    catalog: ProfileCatalog | None,
    heard: FirstReading = _unheard,
    *,
    hurry: bool = False,
) -> ConnectedTreadmill:
    """Ask the machine what it is and what it can do. In a `hurry` (Stop waits) nothing is read: it is known by its name
    and services alone, and one that could be several is taken for none; so is one that would drop the link while it is
    read (quirk 10). Raises LinkLost, LinkTimeout, DeviceError."""
    profile, identity = None, Identity(link.shown.name, link.shown.services)
    if catalog is not None:
        with contextlib.suppress(DeviceError):
            profile = catalog.choose(identity)
    if profile is not None and profile_adapter.is_left_alone(profile):
        nothing = Capabilities(controllable=False, quirks=MachineQuirks(blind=True))
        return ConnectedTreadmill(nothing, profile, identity, by_hand=ManualMode.UNSEEN)
    if catalog is not None and not hurry:
        identity = await _identity(link, services, heard)
        profile = catalog.choose(identity)
    if hurry:
        capabilities = _capabilities(link, services, profile, None, None)
    else:
        capabilities = await read_capabilities(link, services, profile, heard)
    unknown = catalog is not None and not catalog.strangers and (profile is None or not profile.described)
    stranger = unknown and capabilities.controllable  # what cannot be written to is run by hand, and only read
    by_hand = profile_adapter.by_hand(profile, services, controllable=capabilities.controllable)
    return ConnectedTreadmill(capabilities, profile, identity, stranger, by_hand, profile_adapter.tells(services))


async def read_capabilities(
    link: Readable, services: Services, profile: Profile | None = None, heard: FirstReading = _unheard
) -> Capabilities:
    """Ask the machine for its ranges. Raises LinkLost, LinkTimeout."""
    speed = await _decoded(link, services, assigned_numbers.SUPPORTED_SPEED_RANGE, decode_speed_range, heard)
    incline = await _decoded(
        link, services, assigned_numbers.SUPPORTED_INCLINATION_RANGE, decode_inclination_range, heard
    )
    return _capabilities(link, services, profile, speed, incline)


def _capabilities(
    link: Readable, services: Services, profile: Profile | None, speed: Range | None, incline: Range | None
) -> Capabilities:
    """What it can do with these ranges; None: not read, or not to be read."""
    control = services.get(assigned_numbers.FITNESS_MACHINE_CONTROL_POINT, frozenset())
    inclines = profile_adapter.inclines_of(profile)
    tilt = incline_span(Incline() if profile is None else profile.incline, _in_percent(incline, inclines))
    return Capabilities(
        speed=_grid(speed_span(Speed() if profile is None else profile.speed, _span(speed))),
        fastest=_fastest(speed, profile),
        incline=_grid(tilt) if inclines.known else None,
        controllable=profile_adapter.is_controllable(profile, control),
        write_response=profile_adapter.write_response(profile, control),
        quirks=MachineQuirks()
        if profile is None
        else profile_adapter.habits_of(profile, link.shown.name or "", services),
    )


async def read_number(link: Readable, services: Services, identity: Identity) -> Identity:
    """Model and serial number as well, which were not read in a hurry. Raises LinkLost, LinkTimeout."""
    model, serial = [
        await _text(link, services, uuid, _unheard)
        for uuid in (assigned_numbers.MODEL_NUMBER, assigned_numbers.SERIAL_NUMBER)
    ]
    return replace(identity, model=model, serial=serial)


async def _identity(link: Readable, services: Services, heard: FirstReading) -> Identity:
    model, manufacturer, firmware = [
        await _text(link, services, uuid, heard)
        for uuid in (
            assigned_numbers.MODEL_NUMBER,
            assigned_numbers.MANUFACTURER_NAME,
            assigned_numbers.FIRMWARE_REVISION,
        )
    ]
    serial = await _text(
        link, services, assigned_numbers.SERIAL_NUMBER, _unheard
    )  # not for a record that may be shared
    return Identity(link.shown.name, link.shown.services, model, manufacturer, firmware, serial)


def _span(found: Range | None) -> LimitRange | None:
    return None if found is None else LimitRange(found.minimum, found.maximum, found.increment)


def _fastest(found: Range | None, profile: Profile | None) -> int | None:
    """What the machine says, 0.01 km/h; None where it says nothing that can be."""
    if found is None or found.maximum <= found.minimum:
        return None
    return from_wire(found.maximum, None if profile is None else profile.speed.range_unit)


def _in_percent(found: Range | None, inclines: InclineConverter) -> LimitRange | None:
    if found is None:
        return None
    low, high = inclines.from_wire(found.minimum), inclines.from_wire(found.maximum)
    return None if low is None or high is None else LimitRange(low, high, inclines.step(found.increment))


def _grid(span: LimitRange | None) -> SupportedRange | None:
    return None if span is None else SupportedRange(span.low, span.high, span.step)


async def _text(link: Readable, services: Services, uuid: str, heard: FirstReading) -> str | None:
    data = await _read(link, services, uuid)
    if data is not None:
        heard(uuid, data)
    return None if data is None else data.decode("utf-8", "replace").strip("\0 ") or None


async def _decoded(
    link: Readable, services: Services, uuid: str, decode: Callable[[bytes], Range], heard: FirstReading
) -> Range | None:
    data = await _read(link, services, uuid)
    if data is not None:
        heard(uuid, data)
    try:
        return None if data is None else decode(data)
    except CodecError:
        return None


async def _read(link: Readable, services: Services, uuid: str) -> bytes | None:
    if "read" not in services.get(uuid, frozenset()):
        return None
    try:
        async with asyncio.timeout(READ_WITHIN):
            return await link.read(uuid)
    except LinkLost:
        raise
    except LinkError:
        return None
    except TimeoutError:
        raise LinkTimeout("the treadmill does not answer a read") from None
