"""Links that answer from a script, for what the simulator is too well behaved to do."""

from __future__ import annotations

import asyncio

from runback.errors import LinkError
from runback.link.protocol import AdvertisedIdentity, LinkListener, Properties, Services

READ: Properties = frozenset({"read"})
CONTROL: Properties = frozenset({"write", "indicate"})
NOTIFY: Properties = frozenset({"notify"})


class Scripted:
    """`values` maps a UUID to what a read gives: bytes, an error to raise, or None for no answer ever."""

    name = "Scripted"

    def __init__(
        self,
        services: Services,
        values: dict[str, bytes | LinkError | None] | None = None,
        *,
        connect: LinkError | None = None,
        deaf: frozenset[str] = frozenset(),
        refuses: LinkError | None = None,
    ) -> None:
        self._services = services
        self._values = values or {}
        self._connect = connect
        self._deaf = deaf
        self._refuses = refuses
        self.calls: list[str] = []
        self.writes: list[bytes] = []

    shown = AdvertisedIdentity()

    async def connect(self, listener: LinkListener) -> Services:  # noqa: ARG002 - never says anything
        self.calls.append("connect")
        if self._connect is not None:
            raise self._connect
        return self._services

    async def subscribe(self, uuid: str) -> None:
        self.calls.append(f"subscribe {uuid[4:8]}")
        if uuid in self._deaf:
            await asyncio.Event().wait()
        if self._refuses is not None:
            raise self._refuses

    async def read(self, uuid: str) -> bytes:
        self.calls.append(f"read {uuid[4:8]}")
        value = self._values.get(uuid)
        if value is None:
            await asyncio.Event().wait()
        if isinstance(value, LinkError):
            raise value
        assert value is not None
        return value

    async def write(self, uuid: str, data: bytes, *, response: bool) -> None:  # noqa: ARG002 - one characteristic
        self.writes.append(data)

    async def disconnect(self) -> None:
        self.calls.append("disconnect")
