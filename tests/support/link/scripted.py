"""A peripheral that does what the bytes written to it say: the machine of the link contract, ignorant of FTMS.

`COMMAND` takes one byte of order and a rest; `LOOSE` is written without response and echoes as a notification.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from runback.simulator.gatt import Advertisement, AttFault, Dropped, Outgoing, Property, Value, WriteReply

SERVICE = "00001826-0000-1000-8000-00805f9b34fb"
OTHER_SERVICE = "0000aa00-0000-1000-8000-00805f9b34fb"
COMMAND = "0000aa01-0000-1000-8000-00805f9b34fb"
DATA = "0000aa02-0000-1000-8000-00805f9b34fb"
LOOSE = "0000aa03-0000-1000-8000-00805f9b34fb"
VALUE = "0000aa04-0000-1000-8000-00805f9b34fb"
SECRET = "0000aa05-0000-1000-8000-00805f9b34fb"
ABSENT = "0000aaff-0000-1000-8000-00805f9b34fb"
SECRET_FAULT = 0x80
READ_NOT_PERMITTED = 0x02
REQUEST_NOT_SUPPORTED = 0x06
ATTRIBUTE_NOT_FOUND = 0x0A


class Order(IntEnum):
    """What the first byte of a command asks for; every order is accepted first, unless it says otherwise."""

    NOTHING = 0
    INDICATE = 1  # the rest, on COMMAND
    NOTIFY = 2  # the rest, on DATA
    REFUSE = 3  # with the ATT error in the next byte; not accepted
    HANG = 4  # never answered
    COUNT = 5  # n notifications, numbered from 0, on DATA
    DROP = 6  # accepted, then the link falls
    DROP_UNANSWERED = 7  # the link falls instead


class Scripted:
    """Implements `gatt.Peripheral`. `written` is all it ever got, `subscribed_to` the CCCDs that are on,
    `doubled` has every characteristic twice, in two services."""

    def __init__(
        self, name: str | None = "Scripted", address: str = "C0:FF:EE:00:00:01", *, doubled: bool = False
    ) -> None:
        self.name = name
        self.address = address
        self.silent = False
        self.doubled = doubled
        self.machine_type = 0x0001
        self.written: list[bytes] = []
        self.subscribed_to: set[str] = set()
        self.clients: set[int] = set()
        self._out: list[Outgoing] = []
        self._tokens = 0

    def advertisement(self, now: float) -> Advertisement | None:  # noqa: ARG002 - the carrier's clock is of no interest
        if self.silent:
            return None
        data = bytes((0x01,)) + self.machine_type.to_bytes(2, "little")
        return Advertisement(self.name, self.address, (SERVICE,), {SERVICE: data})

    def services(self) -> Mapping[str, Mapping[str, frozenset[Property]]]:
        offered: dict[str, frozenset[Property]] = {
            COMMAND: frozenset({"write", "indicate"}),
            DATA: frozenset({"notify"}),
            LOOSE: frozenset({"write-without-response", "notify"}),
            VALUE: frozenset({"read"}),
            SECRET: frozenset({"read"}),
        }
        return {SERVICE: offered, OTHER_SERVICE: offered} if self.doubled else {SERVICE: offered}

    def say(self, uuid: str, data: bytes) -> None:
        """Notify whoever is connected, unasked. The carrier must be woken."""
        self._out += [Value(client, uuid, data) for client in sorted(self.clients)]

    def connected(self, client: int, now: float) -> None:  # noqa: ARG002
        self.clients.add(client)
        self.subscribed_to.clear()

    def disconnected(self, client: int, now: float) -> None:  # noqa: ARG002
        self.clients.discard(client)

    def mtu(self, client: int, octets: int, now: float) -> None:
        """All its values are short."""

    def subscribed(self, client: int, uuid: str, now: float, *, enabled: bool) -> None:  # noqa: ARG002
        if not self._flags(uuid) & {"notify", "indicate"}:
            raise AttFault(REQUEST_NOT_SUPPORTED)
        if enabled:
            self.subscribed_to.add(uuid)
        else:
            self.subscribed_to.discard(uuid)

    def read(self, client: int, uuid: str, now: float) -> bytes:  # noqa: ARG002
        if "read" not in self._flags(uuid):
            raise AttFault(READ_NOT_PERMITTED)
        if uuid == SECRET:
            raise AttFault(SECRET_FAULT)
        return b"value"

    def write(self, client: int, uuid: str, data: bytes, now: float, *, response: bool) -> int:  # noqa: ARG002
        self._flags(uuid)
        self._tokens += 1
        self.written.append(data)
        accepted = WriteReply(client, self._tokens)
        if uuid == LOOSE:
            self._out.append(Value(client, LOOSE, data))
            return self._tokens
        match Order(data[0]):
            case Order.NOTHING:
                self._out.append(accepted)
            case Order.INDICATE:
                self._out += [accepted, Value(client, COMMAND, data[1:], indication=True)]
            case Order.NOTIFY:
                self._out += [accepted, Value(client, DATA, data[1:])]
            case Order.REFUSE:
                self._out.append(WriteReply(client, self._tokens, data[1]))
            case Order.HANG:
                pass
            case Order.COUNT:
                self._out += [accepted, *(Value(client, DATA, bytes((n,))) for n in range(data[1]))]
            case Order.DROP:
                self._drop(client, accepted)
            case Order.DROP_UNANSWERED:
                self._drop(client)
        return self._tokens

    def poll(self, now: float) -> list[Outgoing]:  # noqa: ARG002
        out, self._out = self._out, []
        return [one for one in out if not isinstance(one, Value) or one.uuid in self.subscribed_to]

    def next_at(self) -> float | None:
        return 0.0 if self._out else None

    def _flags(self, uuid: str) -> frozenset[Property]:
        flags = self.services()[SERVICE].get(uuid)
        if flags is None:
            raise AttFault(ATTRIBUTE_NOT_FOUND)
        return flags

    def _drop(self, client: int, *before: Outgoing) -> None:
        self.clients.discard(client)
        self._out += [*before, Dropped(client, "the script says so")]
