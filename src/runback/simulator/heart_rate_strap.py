"""A simulated heart-rate strap: a Heart Rate server, sans-IO (`gatt.Peripheral`), with a heart and faults.

Rules:
- The bytes are written from the specification alone (Heart Rate Service 1.0): two readings check each other.
- Packets come at whole periods of the carrier's clock, in order, however often it is polled.
- The heart follows the effort late, and never beats twice alike; but the same efforts at the same times give the same
  beats, at the heart's own times, whenever it is asked.
- It takes one client, and does not advertise while it has it. The fault clock starts when the first one connects.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from runback.simulator.belt import oxygen
from runback.simulator.encoding import uuid
from runback.simulator.fault_schedule import FaultSchedule
from runback.simulator.faults import Fault, FaultKind
from runback.simulator.gatt import Advertisement, AttFault, Dropped, Outgoing, Property, Value, WriteReply
from runback.simulator.scheduler import Scheduler

SECOND = 1024
"""RR intervals count 1/1024 s (HRS 3.1)."""
LAG = 25.0
"""Seconds in which it makes up some two thirds of the way to where the effort wants it."""
BREATH, SWING = 4.3, 2.0
"""Seconds of a breath, and beats per minute by which it moves the heart up and down."""


class Heart:
    """`resting` beats per minute; `effort` says how many more are wanted at a time, seconds."""

    def __init__(self, resting: float, effort: Callable[[float], float]) -> None:
        self._resting = resting
        self._effort = effort
        self._wanted = resting
        self._beat_at: float | None = None
        self._interval = 0.0

    def beats(self, now: float) -> list[int]:
        """The RR intervals, 1/1024 s, of the beats since the last time; the first call is the first beat."""
        if self._beat_at is None:
            self._begin(now)
        found = []
        while self._beat_at is not None and self._beat_at + self._interval <= now:
            found.append(round(self._interval * SECOND))
            self._begin(self._beat_at + self._interval)
        return found

    def rate(self) -> int:
        """Beats per minute, of the beat under way; the resting rate before the first."""
        return round(60 / self._interval if self._interval else self._resting)

    def _begin(self, at: float) -> None:
        """A beat at `at`; how long it lasts."""
        passed = 0.0 if self._beat_at is None else at - self._beat_at
        self._beat_at = at
        self._wanted += (self._resting + self._effort(at) - self._wanted) * (1 - math.exp(-passed / LAG))
        self._interval = 60 / (self._wanted + SWING * math.sin(math.tau * at / BREATH))


HEART_RATE = uuid(0x180D)
MEASUREMENT = uuid(0x2A37)
LOCATION = uuid(0x2A38)
CHEST = b"\x01"
_READ_NOT_PERMITTED, _WRITE_NOT_PERMITTED, _NOT_FOUND, _UNLIKELY = 0x02, 0x03, 0x0A, 0x0E
_WIDE, _CONTACT, _CONTACT_SUPPORTED, _RR = 0x01, 0x02, 0x04, 0x10
BEATS_PER_OXYGEN = 2.4
"""Beats per minute for each ml/kg/min of oxygen above rest: some 160 at a run of 9 km/h."""
MOST_BEATS = 9
"""What the smallest packet has room for (ATT_MTU 23); older beats are dropped."""

_SERVICES: Mapping[str, Mapping[str, frozenset[Property]]] = MappingProxyType(
    {HEART_RATE: MappingProxyType({MEASUREMENT: frozenset({"notify"}), LOCATION: frozenset({"read"})})}
)


@dataclass(frozen=True, slots=True)
class StrapSpec:
    """One simulated strap. `period` and `supervision` in seconds, `resting` in beats per minute."""

    name: str | None = "Simulated Strap"
    address: str = "5A:1D:00:00:18:0D"
    period: float = 1.0
    supervision: float = 0.45
    resting: float = 62.0


def measurement(bpm: int, *, contact: bool | None, rr: Iterable[int] = (), wide: bool = False) -> bytes:
    """2A37. `contact` None: it cannot tell. `rr` in 1/1024 s; a value above 255 is always in 16 bits."""
    wide = wide or bpm > 0xFF
    intervals = b"".join(min(each, 0xFFFF).to_bytes(2, "little") for each in rr)
    flags = (_WIDE if wide else 0) | (_RR if intervals else 0)
    if contact is not None:
        flags |= _CONTACT_SUPPORTED | (_CONTACT if contact else 0)
    return bytes((flags,)) + bpm.to_bytes(2 if wide else 1, "little") + intervals


def effort(speed: int, incline: int) -> float:
    """Beats per minute above rest that walking or running at `speed` 0.01 km/h and `incline` 0.1 % asks for."""
    return BEATS_PER_OXYGEN * (oxygen(speed, incline) - oxygen(0, 0))


class SimulatedStrap:
    """A strap as seen from outside; `load` says what its wearer's heart is asked for at a time (`effort`)."""

    def __init__(
        self,
        spec: StrapSpec | None = None,
        faults: Iterable[Fault] = (),
        load: Callable[[float], float] = lambda _: 0.0,
    ) -> None:
        self.spec = spec or StrapSpec()
        self._heart = Heart(self.spec.resting, load)
        self._faults = FaultSchedule(faults)
        self._agenda = Scheduler()
        self._client: int | None = None
        self._listening = False
        self._outbox: list[Outgoing] = []
        self._now = 0.0
        self._ticks = 0
        self._tokens = 0
        self._last: tuple[int, tuple[int, ...]] = (round(self.spec.resting), ())

    # -- Peripheral ------------------------------------------------------------------------------------------------

    def mtu(self, client: int, octets: int, now: float) -> None:
        """Its values are short enough for any."""

    def advertisement(self, now: float) -> Advertisement | None:
        """None while it is out of reach, or somebody has it."""
        self._enter(now)
        if self._away(self._now) or self._client is not None:
            return None
        return Advertisement(self.spec.name, self.spec.address, (HEART_RATE,), rssi=-60)

    def services(self) -> Mapping[str, Mapping[str, frozenset[Property]]]:
        """Heart Rate."""
        return _SERVICES

    def connected(self, client: int, now: float) -> None:
        """A client is there; the first ever starts the fault clock. One that was there before is gone."""
        self._enter(now)
        self._client, self._listening = client, False
        if not self._faults.begun:
            self._faults.begin(self._now)
            for begin, _, fault in self._faults.edges():
                if fault.kind is FaultKind.STRAP_LOST:
                    self._agenda.at(begin + self.spec.supervision, self._lose)
        if self._away(self._now):
            self._lose(self._now)

    def disconnected(self, client: int, now: float) -> None:
        """A client is gone. Idempotent."""
        self._enter(now)
        if client == self._client:
            self._client, self._listening = None, False

    def subscribed(self, client: int, uuid: str, now: float, *, enabled: bool) -> None:
        """Write the CCCD. Raises AttFault 0x0A; 0x0E when it cannot be heard."""
        self._reach(client, now)
        if uuid != MEASUREMENT:
            raise AttFault(_NOT_FOUND)
        if enabled and not self._listening:
            self._ticks = math.floor(self._now / self.spec.period) + 1
        self._listening = enabled

    def read(self, client: int, uuid: str, now: float) -> bytes:
        """Where it is worn. Raises AttFault 0x0A, 0x02; 0x0E when it cannot be heard."""
        self._reach(client, now)
        if uuid == LOCATION:
            return CHEST
        raise AttFault(_READ_NOT_PERMITTED if uuid == MEASUREMENT else _NOT_FOUND)

    def write(self, client: int, uuid: str, data: bytes, now: float, *, response: bool) -> int:  # noqa: ARG002
        """Nothing of it can be written."""
        self._enter(now)
        self._tokens += 1
        if response and client == self._client and not self._away(self._now):
            self._outbox.append(WriteReply(client, self._tokens, _WRITE_NOT_PERMITTED))
        return self._tokens

    def poll(self, now: float) -> list[Outgoing]:
        """All that has been said up to `now`."""
        self._enter(now)
        outbox, self._outbox = self._outbox, []
        return outbox

    def next_at(self) -> float | None:
        """When there is something to fetch, or something happens."""
        return self._now if self._outbox else self._next_event()

    # -- time ------------------------------------------------------------------------------------------------------

    def _enter(self, now: float) -> None:
        while (at := self._next_event()) is not None and at <= now:
            self._now = max(self._now, at)
            if at == self._agenda.next_at():
                self._agenda.do_next()
            else:
                self._ticks += 1
                self._tell(at)
        self._now = max(self._now, now)

    def _next_event(self) -> float | None:
        tick = self._ticks * self.spec.period if self._listening else None
        return min((at for at in (self._agenda.next_at(), tick) if at is not None), default=None)

    def _reach(self, client: int, now: float) -> None:
        self._enter(now)
        if client != self._client or self._away(self._now):
            raise AttFault(_UNLIKELY)

    def _away(self, at: float) -> bool:
        return self._faults.active(FaultKind.STRAP_LOST, at) is not None

    def _lose(self, _: float) -> None:
        """The radio is lost, and by now both sides know."""
        if self._client is not None:
            self._outbox.append(Dropped(self._client, "radio lost"))
            self._client, self._listening = None, False

    def _tell(self, at: float) -> None:
        """One packet, unless something keeps it."""
        beats = tuple(self._heart.beats(at)[-MOST_BEATS:])
        if self._client is None or self._away(at) or self._faults.active(FaultKind.STRAP_SILENT, at):
            return
        before_moving_write = self._faults.active(FaultKind.STRAP_NO_CONTACT, at) is None
        if before_moving_write and not self._faults.active(FaultKind.STRAP_FROZEN, at):
            self._last = self._heart.rate(), beats
        bpm, rr = self._last
        misread = self._faults.active(FaultKind.STRAP_MISREADS, at)
        told = measurement(
            bpm if misread is None else round(misread.number),
            contact=None if self._faults.active(FaultKind.STRAP_NO_BITS, at) else before_moving_write,
            rr=rr if before_moving_write and not self._faults.active(FaultKind.STRAP_NO_BEATS, at) else (),
            wide=self._faults.active(FaultKind.STRAP_TWO_OCTETS, at) is not None,
        )
        self._outbox.append(Value(self._client, MEASUREMENT, told))
