"""A link on which Stop may have been written already, handed on to what goes on with it.

Rules:
- It imports bleak and no more: it is made before all that brings a belt to rest is imported (`first_stop`).
- Stop goes to the control point (FTMS 2AD9), once, after its indications are on.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from typing import Protocol

from runback.errors import AdapterUnavailable, LinkError, TreadmillNotFound
from runback.link.ble import BleLink
from runback.link.protocol import AdvertisedIdentity, Link, LinkListener, Services
from runback.link.remembered import Remembered

CONTROL_POINT = "00002ad9-0000-1000-8000-00805f9b34fb"
STOP = b"\x08\x01"
"""Stop or Pause: stop (S0 4.16.2.9)."""
CONNECT_WITHIN = 20.0
WITHIN = 1.0
"""Seconds for the subscription, and for the write."""


class _Deaf:
    """Hears nothing: those who take over hear the answer to their own Stop."""

    def notified(self, uuid: str, data: bytes) -> None:
        """Not yet."""

    def lost(self, reason: str) -> None:
        """They will see that the link is gone."""


class Resumable(Link, Protocol):
    """A link whose connection can be handed over."""

    def resume(self, listener: LinkListener) -> Services | None:
        """Deliver to `listener` from now on; what `connect` returned, or None if nothing is connected."""


class BegunLink:
    """A `link` to the treadmill that `wanted` means, on which Stop may have been written already. Implements `Link`;
    its first `connect` takes over the connection as it is. `rested`: set by those who have measured rest."""

    def __init__(self, wanted: str, link: Resumable) -> None:
        self.wanted = wanted
        self.rested = False
        self.written_at: float | None = None
        """When Stop was written, seconds of the loop; None: it was not."""
        self._link = link

    @classmethod
    def to(cls, wanted: str, remembered: Iterable[Remembered], *, abandoned: bool) -> BegunLink:
        """A link over Bluetooth. A connection that is there is left as it was once the belt rests, unless it was
        `abandoned`."""

        def spares() -> bool:
            return made.rested and not abandoned

        made = cls(wanted, BleLink(wanted, settle=0.0, remembered=remembered, spares=spares))
        return made

    async def stop(self) -> None:
        """Connect, and write Stop. Raises AdapterUnavailable, TreadmillNotFound; what else fails, others try again."""
        with contextlib.suppress(LinkError, TimeoutError):
            try:
                async with asyncio.timeout(CONNECT_WITHIN):
                    services = await self._link.connect(_Deaf())
                async with asyncio.timeout(WITHIN):
                    await self._link.subscribe(CONTROL_POINT)
            except (AdapterUnavailable, TreadmillNotFound):
                raise
            except TimeoutError:
                pass
            else:
                async with asyncio.timeout(WITHIN):
                    self.written_at = asyncio.get_running_loop().time()
                    await self._link.write(CONTROL_POINT, STOP, response="write" in services[CONTROL_POINT])

    @property
    def name(self) -> str:
        """See `Link.name`."""
        return self._link.name

    @property
    def shown(self) -> AdvertisedIdentity:
        """See `Link.shown`."""
        return self._link.shown

    async def connect(self, listener: LinkListener) -> Services:
        """See `Link.connect`."""
        return self._link.resume(listener) or await self._link.connect(listener)

    async def subscribe(self, uuid: str) -> None:
        """See `Link.subscribe`."""
        await self._link.subscribe(uuid)

    async def read(self, uuid: str) -> bytes:
        """See `Link.read`."""
        return await self._link.read(uuid)

    async def write(self, uuid: str, data: bytes, *, response: bool) -> None:
        """See `Link.write`."""
        await self._link.write(uuid, data, response=response)

    async def disconnect(self) -> None:
        """See `Link.disconnect`."""
        await self._link.disconnect()
