"""Who is connected, what has been said to them, and whether the radio carries it.

Rules:
- A value goes only to a client that is connected and has written that characteristic's CCCD.
- During silence nothing gets through either way; each side knows of it after the supervision timeout.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from runback.simulator.attributes import Att, AttributeTable
from runback.simulator.gatt import AttFault, Dropped, Outgoing, Value, WriteReply


@dataclass(slots=True, eq=False)
class Client:
    """One connection, from its beginning to its end; a client that comes back is another one."""

    number: int
    subscriptions: set[str] = field(default_factory=set)
    busy: bool = False
    """A procedure is under way: its response has not been indicated yet."""
    hung: bool = False
    """A write was swallowed; ATT being sequential, nothing more is answered on this connection."""
    muted: bool = False
    """Nothing is notified before the machine has been unlocked (quirk 6)."""
    unlocked: int = 0
    """Steps of the unlocking done."""
    primed: bool = False
    """The preamble has been written (quirk 7)."""
    claims: int = 0
    """Requests for control on this connection."""
    mtu: int | None = None
    """ATT_MTU of the connection, where the carrier knows one."""
    wrote_at: float = -math.inf
    """When it last wrote anything that was taken (quirk 42)."""


class Connections:
    """The connections of one peripheral and its outbox."""

    def __init__(self, attributes: AttributeTable) -> None:
        self._attributes = attributes
        self._clients: dict[int, Client] = {}
        self._outbox: list[Outgoing] = []
        self._silent_until = -math.inf

    def __len__(self) -> int:
        return len(self._clients)

    def silent(self, now: float) -> bool:
        """Whether the radio is lost."""
        return now < self._silent_until

    def silence(self, until: float) -> None:
        """Lose the radio, at least until then."""
        self._silent_until = max(self._silent_until, until)

    def admit(self, number: int) -> Client:
        """A new connection."""
        self._clients[number] = client = Client(number)
        return client

    def dismiss(self, number: int) -> bool:
        """A connection is over; False if there was none."""
        return self._clients.pop(number, None) is not None

    def drop(self) -> list[int]:
        """Tell the carrier that every connection is lost; returns which."""
        self._outbox.extend(Dropped(number, "radio lost") for number in self._clients)
        return list(self._clients)

    def cut_off(self, number: int, reason: str) -> None:
        """Tell the carrier that the machine has ended one connection."""
        self._outbox.append(Dropped(number, reason))

    def heard(self, number: int, now: float) -> Client | None:
        """The client, if it can be heard."""
        return None if self.silent(now) else self._clients.get(number)

    def reachable(self, number: int, now: float) -> Client:
        """Likewise. Raises AttFault 0x0E, which is what BlueZ makes of it (bluez.md 8)."""
        client = self.heard(number, now)
        if client is None:
            raise AttFault(Att.UNLIKELY)
        return client

    def connected(self, client: Client) -> bool:
        """Whether this very connection still exists."""
        return self._clients.get(client.number) is client

    def agree(self, number: int, mtu: int) -> None:
        """The ATT_MTU of a connection."""
        if number in self._clients:
            self._clients[number].mtu = mtu

    @property
    def clients(self) -> Iterable[Client]:
        """Who is connected, in the order they came."""
        return self._clients.values()

    def listening(self, uuid: str) -> bool:
        """Whether anybody has asked for `uuid`."""
        return any(uuid in client.subscriptions for client in self._clients.values())

    def say(self, client: Client, uuid: str, data: bytes, now: float) -> None:
        """Notify, or indicate where the characteristic can."""
        if client.muted:
            return
        if self.connected(client) and uuid in client.subscriptions and not self.silent(now):
            indication = "indicate" in self._attributes.properties(uuid)
            self._outbox.append(Value(client.number, uuid, data, indication))

    def tell(self, uuid: str, data: bytes, now: float, *, but: int | None = None, only: int | None = None) -> None:
        """Say it to all, to all but one, or to one."""
        for client in self._clients.values():
            if client.number != but and only in (None, client.number):
                self.say(client, uuid, data, now)

    def answer(self, client: Client, token: int, error: int | None, now: float) -> None:
        """The ATT response to a write."""
        if self.connected(client) and not self.silent(now):
            self._outbox.append(WriteReply(client.number, token, error))

    @property
    def pending(self) -> bool:
        """Whether something waits to be fetched."""
        return bool(self._outbox)

    def fetch(self) -> list[Outgoing]:
        """All that has been said since the last time."""
        outbox, self._outbox = self._outbox, []
        return outbox
