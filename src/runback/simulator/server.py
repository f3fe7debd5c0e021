"""The simulated treadmill: an FTMS server on a belt, sans-IO (`gatt.Peripheral`), with buttons and faults.

Rules:
- Events happen at their own times, in order, whenever `poll` gets round to them: the same calls at the same times
  give the same octets, however often it is polled.
- A request acts on the belt when it arrives; its ATT response follows after `write_latency`, its indication after
  `response_latency` more. Between arrival and indication the procedure is in progress and another write on that
  connection is refused with 0xFE. An indication counts as confirmed when it is handed over.
- A person's change goes to every client, a client's change to the other clients only (2ADA).
- CCCDs, control and procedures belong to a connection and end with it. The belt runs on, unless the spec says not.
- The fault clock starts when a client connects for the first time.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from random import Random

from runback.simulator import octets
from runback.simulator.agenda import Agenda
from runback.simulator.air import Air, Client
from runback.simulator.attributes import Att, AttributeTable
from runback.simulator.belt import Phase
from runback.simulator.buttons import Buttons
from runback.simulator.console import Console
from runback.simulator.control_point import ControlPoint
from runback.simulator.fault_book import FaultBook
from runback.simulator.faults import Fault, Kind
from runback.simulator.gatt import Advertisement, AttFault, Outgoing, Property
from runback.simulator.mishaps import Mishaps
from runback.simulator.spec import MachineSpec


@dataclass(frozen=True, slots=True)
class Received:
    """A request that reached the control point, and its result."""

    at: float
    client: int
    data: bytes
    result: int


class Treadmill(Buttons):
    """A treadmill as seen from outside; implements `gatt.Peripheral`. Every `now` is the carrier's clock, s."""

    def __init__(self, spec: MachineSpec | None = None, faults: Iterable[Fault] = ()) -> None:
        self.spec = spec or MachineSpec()
        self.received: deque[Received] = deque(maxlen=10_000)
        """The newest requests the control point carried out or refused: the witness of what was really sent."""
        self._console = Console(self.spec)
        self._control_point = ControlPoint(self._console)
        self._attributes = AttributeTable(self.spec)
        self._air = Air(self._attributes)
        self._agenda = Agenda()
        self._faults = FaultBook(faults)
        self._mishaps = Mishaps(self._faults, self._agenda, self, self._console, self._control_point, self._lose_radio)
        self._fields = octets.record_fields(self.spec)
        self._random = Random(self.spec.seed)
        self._now = 0.0
        self._ticks = 0
        self._tokens = 0
        self._training = self._console.training()
        self._at_rest = True

    # -- Peripheral ------------------------------------------------------------------------------------------------

    def advertisement(self, now: float) -> Advertisement | None:
        """None during radio silence, and while as many clients as it takes are connected."""
        if self._air.silent(self._enter(now)) or len(self._air) >= self.spec.max_clients:
            return None
        service = octets.FITNESS_MACHINE
        return Advertisement(self.spec.name, self.spec.address, (service,), {service: octets.AVAILABLE_TREADMILL})

    def services(self) -> Mapping[str, Mapping[str, frozenset[Property]]]:
        """Fitness Machine and Device Information."""
        return self._attributes.services

    def connected(self, client: int, now: float) -> None:
        """A client is there; the first ever starts the fault clock. During silence it is lost at once.

        A number that is still connected has come back without saying goodbye: its former connection is over.
        """
        self.disconnected(client, now)
        at = self._enter(now)
        self._air.admit(client)
        self._mishaps.begin(at)
        if self._air.silent(at):
            self._drop_everybody(at)

    def disconnected(self, client: int, now: float) -> None:
        """A client is gone: so are its control and its CCCDs. Idempotent."""
        at = self._enter(now)
        if not self._air.dismiss(client):
            return
        if self._control_point.holder == client:
            self._control_point.release()
        if len(self._air) == 0 and self.spec.stops_on_disconnect:
            self._console.stop(at)
        self._look(at)

    def subscribed(self, client: int, uuid: str, now: float, *, enabled: bool) -> None:
        """Write a CCCD. Raises AttFault 0x0A; 0x0E during silence."""
        at = self._enter(now)
        subscriptions = self._air.reachable(client, at).subscriptions
        self._attributes.check_cccd(uuid)
        if not enabled:
            subscriptions.discard(uuid)
            return
        if not self._air.listening(octets.TREADMILL_DATA):
            self._ticks = math.floor(at / self.spec.telemetry_period) + 1
        subscriptions.add(uuid)

    def read(self, client: int, uuid: str, now: float) -> bytes:
        """Raises AttFault 0x0A, 0x02; 0x0E during silence."""
        self._air.reachable(client, self._enter(now))
        if uuid == octets.TRAINING_STATUS:
            return octets.training_status(self._training)
        return self._attributes.fixed(uuid)

    def write(self, client: int, uuid: str, data: bytes, now: float, *, response: bool) -> int:
        """Take a write. Refusals come as `Written.error`; a command that is refused is dropped without a word."""
        at = self._enter(now)
        self._tokens += 1
        sender = self._air.heard(client, at)
        if sender is None or sender.hung:
            return self._tokens
        if uuid == octets.CONTROL_POINT and (hung := self._faults.take(Kind.HUNG_WRITE, at)):
            sender.hung = True
            if hung.word != "obeyed":
                return self._tokens
        error: int | None = None
        try:
            self._check_write(sender, uuid, data, at, response=response)
        except AttFault as fault:
            error = fault.code
        if response and not sender.hung:
            answer = partial(self._air.answer, sender, self._tokens, error)
            self._agenda.at(at + self.spec.write_latency, answer)
        if error is None:
            self._procedure(sender, data, at)
        return self._tokens

    def poll(self, now: float) -> list[Outgoing]:
        """All that has been said up to `now`."""
        self._enter(now)
        return self._air.fetch()

    def next_at(self) -> float | None:
        """When there is something to fetch, or something happens."""
        return self._now if self._air.pending else self._next_event()

    # -- the truth, and who holds control --------------------------------------------------------------------------

    def belt_speed(self, now: float) -> int:
        """What the surface does, 0.01 km/h."""
        return round(self._console.belt.speed(self._enter(now)))

    def belt_incline(self, now: float) -> int:
        """Where the deck is, 0.1 %."""
        return round(self._console.belt.incline(self._enter(now)))

    def distance(self, now: float) -> float:
        """What has run past below since the last reset, m."""
        return self._console.belt.totals(self._enter(now)).distance

    def phase(self, now: float) -> Phase:
        """What the drive is doing."""
        self._enter(now)
        return self._console.belt.phase

    def take_control(self, now: float) -> bool:
        """Another controller takes over: its holder loses control (status FF); False if nobody had it."""
        at = self._enter(now)
        holder = self._control_point.release()
        if holder is not None:
            self._air.tell(octets.MACHINE_STATUS, octets.STATUS_CONTROL_LOST, at, only=holder)
        return holder is not None

    def _by_hand(self, now: float, act: Callable[[float], bool], status: bytes | None) -> bool:
        at = self._enter(now)
        if not act(at):
            return False
        if status is not None:
            self._air.tell(octets.MACHINE_STATUS, status, at)
        self._look(at)
        return True

    # -- time ------------------------------------------------------------------------------------------------------

    def _enter(self, now: float) -> float:
        """Let everything happen that is due up to `now`; returns it, or the present if `now` is past."""
        while (at := self._next_event()) is not None and at <= now:
            self._now = max(self._now, at)
            if at == self._console.next_event():
                self._console.advance(at)
                self._look(at)
            elif at == self._agenda.next_at():
                self._agenda.do_next()
            else:
                self._ticks += 1
                self._send_data(at)
        self._now = max(self._now, now)
        return self._now

    def _next_event(self) -> float | None:
        tick = self._ticks * self.spec.telemetry_period if self._air.listening(octets.TREADMILL_DATA) else None
        times = (self._console.next_event(), self._agenda.next_at(), tick)
        return min((at for at in times if at is not None), default=None)

    def _look(self, at: float) -> None:
        """After anything that may have changed the console: say what training has become, note the belt's rest."""
        training = self._console.training()
        if training is not self._training:
            self._training = training
            self._air.tell(octets.TRAINING_STATUS, octets.training_status(training), at)
        at_rest = self._console.belt.phase is Phase.AT_REST
        if at_rest and not self._at_rest:
            self._mishaps.came_to_rest(at)
        self._at_rest = at_rest

    def _lose_radio(self, at: float, until: float) -> None:
        known = at + self.spec.supervision
        self._air.silence(max(known, until))
        self._agenda.at(known, self._drop_everybody)

    def _drop_everybody(self, at: float) -> None:
        for number in self._air.drop():
            self.disconnected(number, at)

    def _send_data(self, at: float) -> None:
        if self._air.silent(at) or self._faults.active(Kind.DEAD_TELEMETRY, at):
            return
        limit = self.spec.mtu - 3
        if split := self._faults.active(Kind.SPLIT_DATA, at):
            limit = min(limit, int(split.number))
        cut = self._faults.active(Kind.TRUNCATED_DATA, at)
        for part in octets.treadmill_data(self._fields, octets.Sample.of(self._console.belt, at), limit):
            self._air.tell(octets.TREADMILL_DATA, part if cut is None else part[: int(cut.number)], at)

    # -- the control point -----------------------------------------------------------------------------------------

    def _check_write(self, client: Client, uuid: str, data: bytes, at: float, *, response: bool) -> None:
        """Raises AttFault for a write that ATT or the service refuses before it is a request at all."""
        wanted: Property = "write" if response else "write-without-response"
        if wanted not in self._attributes.properties(uuid):
            raise AttFault(Att.WRITE_NOT_PERMITTED)
        if fault := self._faults.take(Kind.ATT_ERROR, at):
            raise AttFault(int(fault.number))
        if uuid not in client.subscriptions:
            raise AttFault(Att.CCCD_IMPROPERLY_CONFIGURED)
        if client.busy:
            raise AttFault(Att.PROCEDURE_IN_PROGRESS)
        if not data:
            raise AttFault(Att.INVALID_LENGTH)

    def _procedure(self, client: Client, data: bytes, at: float) -> None:
        outcome = self._control_point.request(client.number, data, at)
        self.received.append(Received(at, client.number, data, outcome.result))
        if outcome.lost is not None:
            self._air.tell(octets.MACHINE_STATUS, octets.STATUS_CONTROL_LOST, at, only=outcome.lost)
        if outcome.status is not None:
            self._air.tell(octets.MACHINE_STATUS, outcome.status, at, but=client.number)
        self._look(at)
        client.busy = True
        due = at + self.spec.write_latency + self.spec.response_latency + self._random.uniform(0.0, self.spec.jitter)
        if slow := self._faults.take(Kind.SLOW_PROCEDURE, at):
            due += slow.number
        self._agenda.at(due, partial(self._respond, client, octets.response(data[0], outcome.result)))

    def _respond(self, client: Client, response: bytes, at: float) -> None:
        """The procedure ends here; what then becomes of its indication is the faults' business."""
        client.busy = False
        if client.hung or not self._air.connected(client) or self._faults.take(Kind.LOST_INDICATION, at):
            return
        copies = 2 if self._faults.take(Kind.DUPLICATE_INDICATION, at) else 1
        late = self._faults.take(Kind.LATE_INDICATION, at)
        for _ in range(copies):
            if late is None:
                self._air.say(client, octets.CONTROL_POINT, response, at)
            else:
                self._agenda.at(at + late.number, partial(self._air.say, client, octets.CONTROL_POINT, response))
