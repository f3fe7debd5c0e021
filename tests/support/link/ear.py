"""A listener that remembers, and can be waited for; and two carriers behind one face."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from runback.link.protocol import Link
from tests.support.link.scripted import Scripted

PATIENCE = 5.0
"""Seconds after which a test that waits for an event gives up. Nothing ever takes it."""


class Ear:
    """Implements `Listener`."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.losses: list[str] = []
        self._something = asyncio.Event()

    def notified(self, uuid: str, data: bytes) -> None:
        self.heard.append((uuid, data))
        self._something.set()

    def lost(self, reason: str) -> None:
        self.losses.append(reason)
        self._something.set()

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until what was heard makes `true` so."""
        async with asyncio.timeout(PATIENCE):
            while not true():
                self._something.clear()
                await self._something.wait()

    async def packets(self, count: int) -> list[tuple[str, bytes]]:
        """The first `count` packets, once they are here."""
        await self.until(lambda: len(self.heard) >= count)
        return self.heard[:count]

    async def loss(self) -> None:
        await self.until(lambda: bool(self.losses))


@dataclass
class Carrier:
    """A scripted peripheral and any number of links to it."""

    peripheral: Scripted
    new_link: Callable[[], Link]
    links: list[Link] = field(default_factory=list)

    def link(self) -> Link:
        link = self.new_link()
        self.links.append(link)
        return link
