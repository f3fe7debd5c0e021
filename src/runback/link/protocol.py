"""What every link promises.

Rules:
- Characteristics are named by their full 128-bit UUID in lower case, as bleak names them.
- A link delivers notifications and indications alike through `LinkListener.notified`, never from inside `write`.
- `LinkListener.lost` is called exactly once for each successful `connect` that ended without `disconnect`.
  After it, the link holds nothing of the old connection; `connect` may be called again on the same link.
- A link sets no deadline of its own: its caller bounds each call with a timeout and may cancel it. A cancelled
  write may still reach the machine (bluez.md 5). After a cancelled call `disconnect` still works.
- `write` may be called while an earlier, cancelled `write` is still on its way: it must not be reordered before it.
- Errors are `runback.errors.LinkError` and its children, never the backend's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

Property = Literal["read", "write", "write-without-response", "notify", "indicate"]
Properties = frozenset[Property]
Services = Mapping[str, Properties]
"""Characteristic UUID to its properties, over all services of the connected device."""


@dataclass(frozen=True, slots=True)
class AdvertisedIdentity:
    """What a device shows of itself: the name it advertises (None: it has none, or is not found yet), and its services,
    advertised or found once connected, as full UUIDs; its address, and every name it goes by. The names are as they
    came, to be compared with profiles and with what is remembered; a person is shown `Link.name`. A simulated one has
    no address."""

    name: str | None = None
    services: frozenset[str] = frozenset()
    address: str = ""
    names: tuple[str, ...] = ()
    borrowed: bool = False
    """Whether this computer was connected to it already when the link came to it: somebody else may use it too."""


class LinkListener(Protocol):
    """Where a link delivers what arrives. Both are called on the event loop, and never raise."""

    def notified(self, uuid: str, data: bytes) -> None:
        """A notification or indication of characteristic `uuid`."""

    def lost(self, reason: str) -> None:
        """The connection ended and nobody here asked for it."""


class Link(Protocol):
    """One treadmill, connected or not."""

    @property
    def name(self) -> str:
        """What a person would call it: its advertised name, printable, else its address."""

    @property
    def shown(self) -> AdvertisedIdentity:
        """What it has shown of itself, complete once connected."""

    async def connect(self, listener: LinkListener) -> Services:
        """Connect (again) and return what the device offers. Writes nothing to any FTMS characteristic.

        Raises AdapterUnavailable, TreadmillNotFound, LinkLost; LinkBusy and NoServices, where the next attempt may do
        better.
        """

    async def subscribe(self, uuid: str) -> None:
        """Turn on notifications or indications, whichever `uuid` offers. Raises LinkLost, AttError."""

    async def read(self, uuid: str) -> bytes:
        """Read a value. Raises LinkLost, AttError."""

    async def write(self, uuid: str, data: bytes, *, response: bool) -> None:
        """Write a value; with `response`, return when the machine has accepted the write (not when it has
        acted on it). Raises LinkLost, AttError."""

    async def disconnect(self) -> None:
        """Let the device go. Idempotent; never raises; `LinkListener.lost` is not called for it."""
