"""A simulated treadmill that says what is done to it, and what its belt does; in all else the treadmill itself.

Rules:
- It only looks: every call goes through unchanged, and what it tells is what the treadmill's own witness has.
- One line for each thing that happened; a speed is told when the belt has reached it, not on its way there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from runback.simulator.belt import BeltMotion
from runback.simulator.control_point import ResultByte
from runback.simulator.gatt import Advertisement, Outgoing, Property, WriteReply
from runback.simulator.treadmill import Treadmill

STEADY = 0.2
"""Seconds for which a speed must not have changed to be told."""
_PROCEDURES: Mapping[int, str] = {
    0x00: "request control",
    0x01: "reset",
    0x02: "set target speed",
    0x03: "set target inclination",
    0x07: "start or resume",
    0x08: "stop or pause",
}
_RESULTS: Mapping[int, str] = {
    ResultByte.SUCCESS: "success",
    ResultByte.NOT_SUPPORTED: "op code not supported",
    ResultByte.INVALID_PARAMETER: "invalid parameter",
    ResultByte.FAILED: "operation failed",
    ResultByte.NOT_PERMITTED: "control not permitted",
}
_BELT: Mapping[BeltMotion, str] = {
    BeltMotion.AT_REST: "the belt is at rest",
    BeltMotion.COUNTDOWN: "the belt starts after its countdown",
    BeltMotion.DRIVEN: "the belt moves",
    BeltMotion.STOPPING: "the belt is stopping",
}


@dataclass(frozen=True, slots=True)
class ObservedEvent:
    """Something that happened at `at` (the carrier's clock, s): its event, its fields, and how a person is told."""

    at: float
    event: str
    line: str
    fields: Mapping[str, object] = field(default_factory=dict)


class ObservedTreadmill:
    """Implements `gatt.Peripheral` with a treadmill, and tells `tell` what happens to it."""

    def __init__(self, treadmill: Treadmill, tell: Callable[[ObservedEvent], None]) -> None:
        self._treadmill = treadmill
        self._tell = tell
        self._clients: set[int] = set()
        self._phase = BeltMotion.AT_REST
        self._seen = self._told = 0
        self._seen_at = -math.inf

    def advertisement(self, now: float) -> Advertisement | None:
        """As the treadmill's."""
        return self._treadmill.advertisement(now)

    def services(self) -> Mapping[str, Mapping[str, frozenset[Property]]]:
        """As the treadmill's."""
        return self._treadmill.services()

    def connected(self, client: int, now: float) -> None:
        """Told."""
        self._treadmill.connected(client, now)
        self._clients.add(client)
        self._say(now, "connected", f"client {client} is connected", client=client)
        self._look(now)

    def disconnected(self, client: int, now: float) -> None:
        """Told, once."""
        self._treadmill.disconnected(client, now)
        if client in self._clients:
            self._clients.discard(client)
            self._say(now, "disconnected", f"client {client} is gone", client=client)
        self._look(now)

    def mtu(self, client: int, octets: int, now: float) -> None:
        """As the treadmill's."""
        self._treadmill.mtu(client, octets, now)

    def subscribed(self, client: int, uuid: str, now: float, *, enabled: bool) -> None:
        """As the treadmill's."""
        self._treadmill.subscribed(client, uuid, now, enabled=enabled)

    def read(self, client: int, uuid: str, now: float) -> bytes:
        """As the treadmill's."""
        return self._treadmill.read(client, uuid, now)

    def write(self, client: int, uuid: str, data: bytes, now: float, *, response: bool) -> int:
        """Told, with the result."""
        token = self._treadmill.write(client, uuid, data, now, response=response)
        self._look(now)
        return token

    def poll(self, now: float) -> list[Outgoing]:
        """Told: what the belt does by now, and writes that are refused."""
        said = self._treadmill.poll(now)
        for one in said:
            if isinstance(one, WriteReply) and one.error is not None:
                line = f"client {one.client}: a write is refused with ATT error 0x{one.error:02X}"
                self._say(now, "refused", line, client=one.client, error=one.error)
        self._look(now)
        return said

    def next_at(self) -> float | None:
        """As the treadmill's."""
        return self._treadmill.next_at()

    def _look(self, now: float) -> None:
        treadmill = self._treadmill
        while treadmill.received:
            request = treadmill.received.popleft()
            what, result = describe(request.data), _RESULTS[request.result]
            fields = {"client": request.client, "octets": request.data.hex(), "result": result}
            self._say(now, "request", f"client {request.client}: {what}: {result}", **fields)
        while treadmill.vendor_writes:
            write = treadmill.vendor_writes.popleft()
            line = f"client {write.client}: {write.data.hex(' ')} to {write.uuid}"
            self._say(now, "vendor", line, client=write.client, uuid=write.uuid, octets=write.data.hex())
        phase, speed = treadmill.phase(now), treadmill.belt_speed(now)
        if phase is not self._phase:
            self._phase = phase
            self._say(now, "belt", _BELT[phase], phase=phase.value)
        if now < self._seen_at + STEADY:
            return
        if speed == self._seen and speed != self._told:
            self._told = speed
            if speed > 0:
                self._say(now, "speed", f"the belt runs at {speed / 100:g} km/h", speed=speed / 100)
        self._seen, self._seen_at = speed, now

    def _say(self, now: float, event: str, line: str, **fields: object) -> None:
        self._tell(ObservedEvent(now, event, line, fields))


def describe(request: bytes) -> str:
    """What a request to the control point asks for, for a person; bytes where its parameter is not what it should
    be."""
    name = _PROCEDURES.get(request[0])
    match request[0], len(request):
        case 0x02, 3:
            return f"{name} {int.from_bytes(request[1:], 'little') / 100:g}"
        case 0x03, 3:
            return f"{name} {int.from_bytes(request[1:], 'little', signed=True) / 10:g} %"
        case 0x08, 2 if request[1] in (1, 2):
            return "stop" if request[1] == 1 else "pause"
        case ((0x00 | 0x01 | 0x07), 1) if name is not None:
            return name
    return f"{name or 'unknown request'} ({request.hex(' ')})"
