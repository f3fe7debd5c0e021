"""A link to a simulated treadmill in the same process, on asyncio, as slow and as unhelpful as a real one.

Rules:
- Nothing happens inside the call that asked for it: callbacks and results come from the event loop, later.
- Time is the running loop's (`loop.time()`), so it runs unchanged on a virtual clock. There are no tasks of its own.
- ATT is sequential: one operation per connection is under way, the others wait behind it, for ever if it hangs.
- A cancelled operation has still been sent, and one cancelled while it waits still will be (bluez.md 5).
- While the peripheral is silent, `connect` waits (bluez.md 8).
"""

from __future__ import annotations

import asyncio
from collections import deque
from enum import Enum
from types import MappingProxyType

from runback.config_files.error_text import CLIP, printable
from runback.errors import AttError, LinkLost
from runback.link.protocol import AdvertisedIdentity, LinkListener, Services
from runback.simulator.gatt import Advertisement, AttFault, Dropped, Outgoing, Peripheral, Value, WriteReply

LOOK_AGAIN = 0.25
"""Seconds after which the peripheral is polled although it announced nothing: somebody may have pressed a button."""
ROUND_TRIP = 0.01
"""Seconds for a read or the writing of a CCCD."""
SCAN = 0.1
"""Seconds between two looks for an advertisement."""


class Radio:
    """The air around one peripheral: polls it, and carries what it says to the links that share it."""

    def __init__(self, peripheral: Peripheral) -> None:
        self.peripheral = peripheral
        self._connections: dict[int, tuple[_Connection, MemoryLink]] = {}
        self._clients = 0
        self._now = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        seen = peripheral.advertisement(self._now)
        self.name = "simulated treadmill" if seen is None else printable(seen.name or seen.address, CLIP)

    def now(self) -> float:
        """The running loop's time; never backwards, even when a timer fires a nanosecond early."""
        self._now = max(self._now, asyncio.get_running_loop().time())
        return self._now

    def advertisement(self) -> Advertisement | None:
        """What a scanner sees now, None while the treadmill is silent."""
        return self.peripheral.advertisement(self.now())

    def wake(self) -> None:
        """Poll as soon as the peripheral has something. Call it after pressing a button on it: otherwise that is
        noticed within LOOK_AGAIN."""
        if not self._connections:
            return
        now = self.now()
        due = self.peripheral.next_at()
        at = now + LOOK_AGAIN if due is None else min(max(due, now), now + LOOK_AGAIN)
        if self._timer is not None:
            if self._timer_at <= at:
                return
            self._timer.cancel()
        self._timer_at = at
        self._timer = asyncio.get_running_loop().call_at(at, self._pump)

    def attach(self, link: MemoryLink, listener: LinkListener) -> _Connection:
        """A new connection of `link`; its client number is never used again."""
        self._clients += 1
        connection = _Connection(self, self._clients, listener)
        self._connections[connection.client] = connection, link
        self.peripheral.connected(connection.client, self.now())
        self.wake()
        return connection

    def detach(self, connection: _Connection) -> None:
        """End a connection from this side. Idempotent."""
        if self._connections.pop(connection.client, None) is not None:
            self.peripheral.disconnected(connection.client, self.now())
        if not self._connections and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _pump(self) -> None:
        """Runs from the loop only."""
        self._timer = None
        self._now = max(self.now(), self._timer_at)
        for outgoing in self.peripheral.poll(self._now):
            self._carry(outgoing)
        self.wake()

    def _carry(self, outgoing: Outgoing) -> None:
        if outgoing.client not in self._connections:
            return
        connection, link = self._connections[outgoing.client]
        match outgoing:
            case Value(uuid=uuid, data=data):
                connection.listener.notified(uuid, data)
            case WriteReply(token=token, error=error):
                connection.written(token, error)
            case Dropped(client=client, reason=reason):
                del self._connections[client]
                link.forget(connection)
                connection.end(reason)
                # Who has asked for the end need not be told of it (`protocol`).
                if connection.wanted:
                    connection.listener.lost(reason)


class _Kind(Enum):
    READ = "read"
    SUBSCRIBE = "subscribe"
    WRITE = "write"
    WRITE_COMMAND = "write-without-response"


class _Operation:
    """One ATT operation and whoever waits for its answer."""

    __slots__ = ("answer", "data", "kind", "uuid")

    def __init__(self, kind: _Kind, uuid: str, data: bytes, answer: asyncio.Future[bytes]) -> None:
        self.kind = kind
        self.uuid = uuid
        self.data = data
        self.answer = answer

    def finish(self, value: bytes, error: Exception | None = None) -> None:
        """Answer, unless the caller has given up (the operation was carried out all the same)."""
        # The caller has cancelled; the treadmill has the bytes all the same (bluez.md 5).
        if self.answer.done():
            return
        if error is None:
            self.answer.set_result(value)
        else:
            self.answer.set_exception(error)


class _Connection:
    """One client's connection: its ATT operations in the order they were asked for, one at a time."""

    __slots__ = ("_radio", "_timer", "_token", "_under_way", "_waiting", "client", "listener", "wanted")

    def __init__(self, radio: Radio, client: int, listener: LinkListener) -> None:
        self.client = client
        self.listener = listener
        self.wanted = True
        """False once its own side asked for the end: its loss is then no news."""
        self._radio = radio
        self._waiting: deque[_Operation] = deque()
        self._under_way: _Operation | None = None
        self._token: int | None = None
        self._timer: asyncio.TimerHandle | None = None

    def ask(self, kind: _Kind, uuid: str, data: bytes = b"") -> asyncio.Future[bytes]:
        """Queue an operation; it is sent from the loop, never from here."""
        loop = asyncio.get_running_loop()
        operation = _Operation(kind, uuid, data, loop.create_future())
        self._waiting.append(operation)
        loop.call_soon(self._send_next)
        return operation.answer

    def written(self, token: int, error: int | None) -> None:
        """The peripheral answered the write numbered `token`."""
        if self._token is not None and token == self._token:
            self._finish(b"", None if error is None else AttError(error))

    def end(self, reason: str) -> None:
        """Fail all that is under way or waiting; the connection is over."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        operations = [*([] if self._under_way is None else [self._under_way]), *self._waiting]
        self._under_way, self._token = None, None
        self._waiting.clear()
        for operation in operations:
            operation.finish(b"", LinkLost(reason))

    def _send_next(self) -> None:
        if self._under_way is not None or not self._waiting:
            return
        operation = self._under_way = self._waiting.popleft()
        value, error = b"", None
        try:
            match operation.kind:
                case _Kind.READ:
                    value = self._radio.peripheral.read(self.client, operation.uuid, self._radio.now())
                case _Kind.SUBSCRIBE:
                    self._radio.peripheral.subscribed(self.client, operation.uuid, self._radio.now(), enabled=True)
                case _Kind.WRITE | _Kind.WRITE_COMMAND as kind:
                    response = kind is _Kind.WRITE
                    token = self._radio.peripheral.write(
                        self.client, operation.uuid, operation.data, self._radio.now(), response=response
                    )
                    self._token = token if response else None
        except AttFault as fault:
            error = AttError(fault.code)
        self._radio.wake()
        if operation.kind is _Kind.WRITE_COMMAND:
            self._finish(b"", None)  # a command has no answer, not even a refusal
        elif self._token is None:
            self._timer = asyncio.get_running_loop().call_later(ROUND_TRIP, self._finish, value, error)

    def _finish(self, value: bytes, error: Exception | None) -> None:
        operation, self._under_way = self._under_way, None
        self._token = self._timer = None
        if operation is not None:
            operation.finish(value, error)
        self._send_next()


class MemoryLink:
    """A client of a simulated treadmill; implements `link.protocol.Link`. Links on one `Radio` share one treadmill.

    `connect_time` and `disconnect_time`, seconds, are what the two take (on BlueZ 0.2-0.9 and 2.0; bluez.md 9).
    """

    def __init__(self, radio: Radio, *, connect_time: float = 0.3, disconnect_time: float = 0.1) -> None:
        self._radio = radio
        self._connect_time = connect_time
        self._disconnect_time = disconnect_time
        self._connection: _Connection | None = None
        self._name = radio.name
        self._shown = AdvertisedIdentity()

    @property
    def name(self) -> str:
        """The advertised name, else the address."""
        return self._name

    @property
    def shown(self) -> AdvertisedIdentity:
        """See `Link.shown`."""
        return self._shown

    async def connect(self, listener: LinkListener) -> Services:
        """Connect as soon as it advertises; for ever pending while it does not. A connection still held is let go."""
        await self.disconnect()
        up = False
        while not up:
            advertised = self._radio.advertisement()
            found = advertised is not None
            await asyncio.sleep(self._connect_time if found else SCAN)
            if advertised is not None:
                services = (*advertised.service_uuids, *self._radio.peripheral.services())
                self._shown = AdvertisedIdentity(advertised.name, frozenset(services))
            up = found and self._radio.advertisement() is not None
        self._connection = self._radio.attach(self, listener)
        return MappingProxyType(
            {uuid: props for service in self._radio.peripheral.services().values() for uuid, props in service.items()}
        )

    async def subscribe(self, uuid: str) -> None:
        """Write the CCCD of `uuid`. Raises LinkLost, AttError."""
        await self._connected().ask(_Kind.SUBSCRIBE, uuid)

    async def read(self, uuid: str) -> bytes:
        """Read `uuid`. Raises LinkLost, AttError."""
        return await self._connected().ask(_Kind.READ, uuid)

    async def write(self, uuid: str, data: bytes, *, response: bool) -> None:
        """Write `uuid`. Raises LinkLost, and AttError with `response`."""
        await self._connected().ask(_Kind.WRITE if response else _Kind.WRITE_COMMAND, uuid, bytes(data))

    async def disconnect(self) -> None:
        """Let the treadmill go; its notifications go on arriving until this is done, or cancelled."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        connection.wanted = False
        connection.end("disconnected")
        try:
            await asyncio.sleep(self._disconnect_time)
        finally:
            self._radio.detach(connection)

    def forget(self, connection: _Connection) -> None:
        """The radio says that `connection` is gone."""
        if self._connection is connection:
            self._connection = None

    def _connected(self) -> _Connection:
        if self._connection is None:
            raise LinkLost("not connected")
        return self._connection
