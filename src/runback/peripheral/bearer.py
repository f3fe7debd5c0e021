"""One client's ATT bearer, as far as it concerns the peripheral's own attributes; sans-IO, bytes in and out.

Rules:
- Writes are the peripheral's business and are handed to it in the order they came, requests and commands alike. A
  request is answered when the peripheral says so (`WriteReply`), late or never; a command never is.
- CCCDs belong to this bearer and end with it. Of a value only the bits that the characteristic offers count.
- A value goes out as an indication only where this client asked for indications. One is under way at a time; the next
  one waits for the confirmation (Core vol 3 F 3.3.2).
- Nothing longer than ATT_MTU - 3 is notified or indicated: the rest is cut off (Core vol 3 F 3.4.7.1).
- What is not ours is left to the stack, except writes to what nobody may write, which it would take.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from runback.simulator.gatt import AttFault, Peripheral, Property, Value, WriteReply

LEAST_MTU = 23
"""ATT_MTU until another is agreed upon (Core vol 3 G 5.2.1)."""
TRANSACTION_TIMEOUT = 30.0
"""Seconds without a confirmation after which nothing more may be said on a bearer (Core vol 3 F 3.3.3)."""


class Op(IntEnum):
    """ATT op codes that are ours to take or give (Core vol 3 F 3.4.8)."""

    ERROR = 0x01
    WRITE_REQUEST = 0x12
    WRITE_RESPONSE = 0x13
    PREPARE_WRITE = 0x16
    EXECUTE_WRITE = 0x18
    NOTIFICATION = 0x1B
    INDICATION = 0x1D
    CONFIRMATION = 0x1E
    WRITE_COMMAND = 0x52


class Error(IntEnum):
    """ATT errors that this side of the peripheral answers with (Core vol 3 F 3.4.1.1)."""

    WRITE_NOT_PERMITTED = 0x03
    INVALID_PDU = 0x04
    REQUEST_NOT_SUPPORTED = 0x06
    INVALID_LENGTH = 0x0D


_BIT: Mapping[Property, int] = {"notify": 0x01, "indicate": 0x02}


@dataclass(frozen=True, slots=True)
class Handles:
    """Where the peripheral's attributes stand in the database."""

    values: Mapping[int, str]
    """Handles of values, to characteristics."""
    cccds: Mapping[int, str]
    """Handles of CCCDs, to the characteristics they belong to."""
    offered: Mapping[str, frozenset[Property]]
    """What each characteristic allows."""
    locked: frozenset[int]
    """Handles that are nobody's to write: declarations, and values of the stack's own."""


class Bearer:
    """One connection of the client numbered `client`; `send` carries a PDU to it."""

    def __init__(self, client: int, peripheral: Peripheral, handles: Handles, send: Callable[[bytes], None]) -> None:
        self.client = client
        self.mtu = LEAST_MTU
        self._peripheral = peripheral
        self._handles = handles
        self._send = send
        self._value_of = {uuid: handle for handle, uuid in handles.values.items()}
        self._cccds: dict[str, int] = {}
        self._unanswered: dict[int, int] = {}
        self._waiting: deque[bytes] = deque()
        self._unconfirmed_since: float | None = None

    def take(self, pdu: bytes, now: float) -> bool:
        """A PDU from the client. False: it is the stack's to answer."""
        op = pdu[0]
        if op == Op.CONFIRMATION:
            self._confirmed(now)
        elif op in (Op.PREPARE_WRITE, Op.EXECUTE_WRITE):
            self._refuse(op, pdu[1:3] if op == Op.PREPARE_WRITE else b"", Error.REQUEST_NOT_SUPPORTED)
        elif op in (Op.WRITE_REQUEST, Op.WRITE_COMMAND):
            if len(pdu) >= 3:
                return self._written(op, pdu[1:3], pdu[3:], now)
            self._refuse(op, b"", Error.INVALID_PDU)
        else:
            return False
        return True

    def carry(self, outgoing: Value | WriteReply, now: float) -> None:
        """Something that the peripheral says to this client."""
        if isinstance(outgoing, WriteReply):
            handle = self._unanswered.pop(outgoing.token).to_bytes(2, "little")
            self._answer(Op.WRITE_REQUEST, handle, outgoing.error)
            return
        body = self._value_of[outgoing.uuid].to_bytes(2, "little") + outgoing.data[: self.mtu - 3]
        if outgoing.indication and self._cccds.get(outgoing.uuid, 0) & _BIT["indicate"]:
            self._waiting.append(body)
            self._indicate(now)
        else:
            self._send(bytes((Op.NOTIFICATION,)) + body)

    def cccd(self, uuid: str) -> bytes:
        """The value of the CCCD of `uuid`."""
        return self._cccds.get(uuid, 0).to_bytes(2, "little")

    def dead(self, now: float) -> bool:
        """Whether an indication has not been confirmed for too long; then the bearer is of no more use."""
        return self._unconfirmed_since is not None and now >= self._unconfirmed_since + TRANSACTION_TIMEOUT

    # -- writes ----------------------------------------------------------------------------------------------------

    def _written(self, op: int, handle: bytes, data: bytes, now: float) -> bool:
        where = int.from_bytes(handle, "little")
        if (uuid := self._handles.values.get(where)) is not None:
            response = op == Op.WRITE_REQUEST
            token = self._peripheral.write(self.client, uuid, data, now, response=response)
            if response:
                self._unanswered[token] = where
        elif (uuid := self._handles.cccds.get(where)) is not None:
            error = self._subscribe(uuid, data, now)
            if op == Op.WRITE_REQUEST:
                self._answer(op, handle, error)
        elif where in self._handles.locked:
            self._refuse(op, handle, Error.WRITE_NOT_PERMITTED)
        else:
            return False
        return True

    def _subscribe(self, uuid: str, data: bytes, now: float) -> int | None:
        """Write a CCCD; returns the ATT error, None for success."""
        if len(data) != 2:
            return Error.INVALID_LENGTH
        offered = sum(bit for name, bit in _BIT.items() if name in self._handles.offered[uuid])
        value = data[0] & offered
        try:
            self._peripheral.subscribed(self.client, uuid, now, enabled=value != 0)
        except AttFault as fault:
            return fault.code
        self._cccds[uuid] = value
        return None

    def _answer(self, op: int, handle: bytes, error: int | None) -> None:
        if error is None:
            self._send(bytes((Op.WRITE_RESPONSE,)))
        else:
            self._refuse(op, handle, error)

    def _refuse(self, op: int, handle: bytes, error: int) -> None:
        """A command that is refused is dropped without a word."""
        if op != Op.WRITE_COMMAND:
            self._send(bytes((Op.ERROR, op)) + handle.ljust(2, b"\x00") + bytes((error,)))

    # -- indications -----------------------------------------------------------------------------------------------

    def _confirmed(self, now: float) -> None:
        self._unconfirmed_since = None
        self._indicate(now)

    def _indicate(self, now: float) -> None:
        if self._unconfirmed_since is None and self._waiting:
            self._unconfirmed_since = now
            self._send(bytes((Op.INDICATION,)) + self._waiting.popleft())
