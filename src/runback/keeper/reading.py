"""What a connected treadmill can do: read from it, without writing anything.

Rules:
- Every read may fail (quirks 10, 35): what cannot be read is unknown, and unknown is careful.
- An all-zero inclination range means no incline motor (quirk 25).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from runback.errors import CodecError, LinkError, LinkLost, LinkTimeout
from runback.ftms import assigned
from runback.ftms.ranges import Range, decode_inclination_range, decode_speed_range
from runback.link.protocol import Link, Services
from runback.machine.core import Capabilities
from runback.machine.slots import Grid

READ_WITHIN = 5.0
LISTEN_TO = (
    assigned.FITNESS_MACHINE_CONTROL_POINT,
    assigned.TREADMILL_DATA,
    assigned.FITNESS_MACHINE_STATUS,
    assigned.TRAINING_STATUS,
)
"""In this order: Stop needs the control point's indications, and its confirmation needs the data."""


Heard = Callable[[str, bytes], None]
"""Is told each value that was read: the record's business."""


async def read_capabilities(link: Link, services: Services, heard: Heard = lambda _uuid, _data: None) -> Capabilities:
    """Ask the machine for its ranges. Raises LinkLost, LinkTimeout."""
    control = services.get(assigned.FITNESS_MACHINE_CONTROL_POINT, frozenset())
    speed = await _decoded(link, services, assigned.SUPPORTED_SPEED_RANGE, decode_speed_range, heard)
    incline = await _decoded(link, services, assigned.SUPPORTED_INCLINATION_RANGE, decode_inclination_range, heard)
    return Capabilities(
        speed=_grid(speed),
        incline=_grid(incline),
        controllable=bool({"write", "write-without-response"} & control),
        write_response="write" in control or not control,
    )


def _grid(found: Range | None) -> Grid | None:
    if found is None or found.maximum <= found.minimum:
        return None
    return Grid(found.minimum, found.maximum, found.increment)


async def _decoded(
    link: Link, services: Services, uuid: str, decode: Callable[[bytes], Range], heard: Heard
) -> Range | None:
    data = await _read(link, services, uuid)
    if data is not None:
        heard(uuid, data)
    try:
        return None if data is None else decode(data)
    except CodecError:
        return None


async def _read(link: Link, services: Services, uuid: str) -> bytes | None:
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
