"""What a carrier (memory link, D-Bus bench, radio) needs from a simulated peripheral.

Rules:
- Sans-IO: `now` (seconds, the carrier's clock) is an argument of every call and never goes backwards.
- The peripheral never calls out. What it has to say is fetched with `poll`; `next_at` says when that is worthwhile.
- Characteristics are named by their full 128-bit UUID in lower case.
- A client is a number the carrier chose; several may be connected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

Property = Literal["read", "write", "write-without-response", "notify", "indicate"]


@dataclass(frozen=True, slots=True)
class Advertisement:
    """What a scanner sees. `service_data` maps a full UUID to its bytes; `rssi` is in dBm."""

    name: str | None
    address: str
    service_uuids: tuple[str, ...]
    service_data: Mapping[str, bytes] = field(default_factory=dict)
    rssi: int = -50


class AttFault(Exception):
    """The peripheral answers an attribute operation with ATT error `code`."""

    def __init__(self, code: int) -> None:
        super().__init__(f"ATT error 0x{code:02X}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Value:
    """A notification (`indication` false) or indication for `client`."""

    client: int
    uuid: str
    data: bytes
    indication: bool = False


@dataclass(frozen=True, slots=True)
class WriteReply:
    """The answer to the write numbered `token`: accepted, or refused with ATT error `error`."""

    client: int
    token: int
    error: int | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """The peripheral's side of the link to `client` is gone (radio loss, power off)."""

    client: int
    reason: str


Outgoing = Value | WriteReply | Dropped


class Peripheral(Protocol):
    """A simulated GATT server."""

    def advertisement(self, now: float) -> Advertisement | None:
        """What it advertises at `now`; None while it is silent (link loss, switched off)."""

    def services(self) -> Mapping[str, Mapping[str, frozenset[Property]]]:
        """Service UUID to its characteristics and their properties."""

    def connected(self, client: int, now: float) -> None:
        """A client has connected."""

    def disconnected(self, client: int, now: float) -> None:
        """A client has gone, by its own will or not. What the belt does then is the machine's business."""

    def mtu(self, client: int, octets: int, now: float) -> None:
        """The ATT_MTU of a client's connection is `octets` from now on. A carrier that never says so carries values
        of any length."""

    def subscribed(self, client: int, uuid: str, now: float, *, enabled: bool) -> None:
        """The client wrote the CCCD of `uuid`. Raises AttFault."""

    def read(self, client: int, uuid: str, now: float) -> bytes:
        """The value of `uuid`. Raises AttFault."""

    def write(self, client: int, uuid: str, data: bytes, now: float, *, response: bool) -> int:
        """Take a write; returns its token. With `response`, a `WriteReply` of that token comes out of `poll`
        at once, later, or never (a hung machine). Without, none does."""

    def poll(self, now: float) -> list[Outgoing]:
        """Advance to `now` and hand over all that is due, in order."""

    def next_at(self) -> float | None:
        """When `poll` will next have something to do; None if nothing is scheduled."""
