"""The first Stop of `runback stop`: written over a link of our own before all that brings a belt to rest is imported.

Rules:
- It imports bleak and no more; the rest takes several times as long, and is imported meanwhile.
- It goes to the control point (FTMS 2AD9), once, after its indications are on. What the treadmill answers, what must go
  ahead of Stop on some (quirks 6, 7), and whether the belt obeys is the business of those who take the link over: they
  write Stop again.
- Whatever fails here is theirs as well.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from runback.cli.marks import belt_mark
from runback.errors import AdapterUnavailable, LinkError, LinkLost, TreadmillNotFound
from runback.link.ble import BleLink
from runback.link.ble_scan import connected_machines, nearest
from runback.link.protocol import AdvertisedIdentity, Link, LinkListener, Services
from runback.link.remembered import Remembered

CONTROL_POINT = "00002ad9-0000-1000-8000-00805f9b34fb"
STOP = b"\x08\x01"
"""Stop or Pause: stop (S0 4.16.2.9)."""
CONNECT_WITHIN = 20.0
WITHIN = 1.0
"""Seconds for the subscription, and for the write."""
LISTEN_FOR = 3.0
"""Seconds of listening for a treadmill that nobody has named."""


def stop_over_links(treadmill: str | None, trace: Path | None, profile: str | None, *, clear_mark: bool) -> int:
    """Stop what is meant over links of our own; the exit code. Raises LinkError."""
    return asyncio.run(_over_links(treadmill, trace, profile, clear_mark=clear_mark))


async def _over_links(treadmill: str | None, trace: Path | None, profile: str | None, *, clear_mark: bool) -> int:
    loading = asyncio.create_task(asyncio.to_thread(importlib.import_module, "runback.cli.rescue"))
    marks = belt_mark("").found()
    remembered = [left.machine for left in marks if left.machine.address]
    targets = [treadmill] if treadmill is not None else await found(remembered)
    links = []
    for wanted in targets:
        abandoned = any(left.may_be(wanted) and not left.driven() for left in marks)
        links.append(BegunLink.to(wanted, remembered, abandoned=abandoned))
        await links[-1].stop()
    await loading
    from runback.cli.recording import recording
    from runback.cli.rescue import bring_to_rest
    from runback.cli.session_factory import catalog_of

    with recording(json=False, trace=trace, needed=False) as recorder:  # a trace that cannot be kept stops no Stop
        codes = [
            await bring_to_rest(
                link, recorder, catalog_of(link.wanted, profile, stopping=profile is not None), clear_mark=clear_mark
            )
            for link in links
        ]
    return max(codes)


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
        """Connect, and write Stop. Raises NoAdapter, NoTreadmill; what else fails is tried again by others."""
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


async def found(remembered: Iterable[Remembered]) -> list[str]:
    """The treadmills to be stopped where nobody has named one: what is connected to this computer, those a session left
    first; else the addresses that sessions left; else what is heard. Raises LinkLost, NoTreadmill."""
    homes = list(dict.fromkeys(one.address for one in remembered if one.address))
    here = [one.address for one in await connected_machines()]
    if here:
        at_home = {home.casefold() for home in homes}
        return sorted(here, key=lambda address: address.casefold() not in at_home)
    if homes:
        return homes
    heard = await nearest(LISTEN_FOR)
    if not heard:
        raise LinkLost("no treadmill is connected or in reach; name it with --treadmill, or pull the safety key")
    if len(heard) > 1:
        several = ", ".join(str(one) for one in heard)
        raise TreadmillNotFound(f"several treadmills are in reach: {several}; name one with --treadmill")
    return [heard[0].address]
