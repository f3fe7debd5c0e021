"""A simulated treadmill's link with BlueZ's rule: one write to a characteristic at a time. To another, BlueZ answers
InProgress, and bleak tries again every 10 ms; of several that wait, whoever comes first is next (bluez.md 6). A
cancelled write is under way all the same, until the treadmill has answered it (bluez.md 5)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from runback.link.memory import MemoryLink
from runback.link.protocol import AdvertisedIdentity, LinkListener, Services

RETRY = 0.01


class BusyLink:
    """Implements `runback.link.protocol.Link` over a memory link."""

    def __init__(self, link: MemoryLink) -> None:
        self._link = link
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self.sent: list[tuple[float, bytes]] = []
        """What has gone out to the treadmill, and when, on the loop's clock."""

    @property
    def name(self) -> str:
        """The treadmill's."""
        return self._link.name

    @property
    def shown(self) -> AdvertisedIdentity:
        """As the memory link."""
        return self._link.shown

    async def connect(self, listener: LinkListener) -> Services:
        """As the memory link."""
        return await self._link.connect(listener)

    async def subscribe(self, uuid: str) -> None:
        """As the memory link."""
        await self._link.subscribe(uuid)

    async def read(self, uuid: str) -> bytes:
        """As the memory link."""
        return await self._link.read(uuid)

    async def write(self, uuid: str, data: bytes, *, response: bool) -> None:
        """Write as soon as no other write to `uuid` is under way."""
        while (under_way := self._under_way.get(uuid)) is not None and not under_way.done():  # noqa: ASYNC110 - as bleak
            await asyncio.sleep(RETRY)
        self.sent.append((asyncio.get_running_loop().time(), data))
        task = self._under_way[uuid] = asyncio.ensure_future(_done(self._link.write(uuid, data, response=response)))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())  # its caller may have gone
        await asyncio.shield(task)

    async def disconnect(self) -> None:
        """As the memory link."""
        await self._link.disconnect()


async def _done(writing: Awaitable[None]) -> None:
    await writing
