"""The simulated treadmill: an FTMS server on a belt, sans-IO (`gatt.Peripheral`), with buttons and faults.

Rules:
- Events happen at their own times, in order, whenever `poll` gets round to them: the same calls at the same times
  give the same bytes, however often it is polled.
- Writes are `write_handler`' business, reports `reports`'. An indication counts as confirmed when it is handed over.
- A person's change goes to every client (2ADA).
- CCCDs, control and procedures belong to a connection and end with it. The belt runs on, unless the spec says not.
- The fault clock starts when a client connects for the first time.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Mapping

from runback.simulator import encoding
from runback.simulator.attributes import Att, AttributeTable
from runback.simulator.belt import BeltMotion
from runback.simulator.connections import Client, Connections
from runback.simulator.console import Console
from runback.simulator.console_input import Buttons
from runback.simulator.control_point import ControlPoint
from runback.simulator.fault_injector import FaultInjector
from runback.simulator.fault_schedule import FaultSchedule
from runback.simulator.faults import Fault, FaultKind
from runback.simulator.gatt import Advertisement, AttFault, Outgoing, Property
from runback.simulator.reports import Reports
from runback.simulator.scheduler import Scheduler
from runback.simulator.spec import MachineSpec
from runback.simulator.write_handler import Procedures, Received, ReceivedVendorWrite

TRACE_EVERY = 0.3
"""Seconds between two statuses of a ramp trace (captures.json, Urevo E1L)."""


class Treadmill:
    """A treadmill as seen from outside; implements `gatt.Peripheral`. Every `now` is the carrier's clock, s."""

    def __init__(self, spec: MachineSpec | None = None, faults: Iterable[Fault] = ()) -> None:
        self.spec = spec or MachineSpec()
        self._console = Console(self.spec)
        self.buttons = Buttons(self._console, self._by_hand)
        """What a person can do at it."""
        self._control_point = ControlPoint(self._console)
        self._attributes = AttributeTable(self.spec)
        self._air = Connections(self._attributes)
        self._agenda = Scheduler()
        self._faults = FaultSchedule(faults)
        self._mishaps = FaultInjector(
            self._faults,
            self._agenda,
            self.buttons,
            self._console,
            self._control_point,
            self.take_control,
            self._lose_radio,
            self._look,
        )
        self._reports = Reports(self._console)
        self._procedures = Procedures(
            self.spec,
            self._attributes,
            self._air,
            self._agenda,
            self._faults,
            self._control_point,
            self._look,
            self._cut_off,
        )
        self._now = 0.0
        self._on_since: float | None = None
        self._tracing = False
        self._ticks = 0
        self._tokens = 0
        self._training = self._console.training()
        self._at_rest = True

    @property
    def received(self) -> deque[Received]:
        """The newest requests the control point carried out or refused: the witness of what was really sent."""
        return self._procedures.received

    @property
    def vendor_writes(self) -> deque[ReceivedVendorWrite]:
        """The newest writes to characteristics beside FTMS."""
        return self._procedures.vendor_writes

    # -- Peripheral ------------------------------------------------------------------------------------------------

    def advertisement(self, now: float) -> Advertisement | None:
        """None during radio silence, while as many clients as it takes are connected, and after its time (quirk 40)."""
        if self._air.silent(self._enter(now)) or len(self._air) >= self.spec.max_clients:
            return None
        since = self._on_since = now if self._on_since is None else self._on_since
        if self.spec.advertises_for is not None and now >= since + self.spec.advertises_for:
            return None
        service = encoding.FITNESS_MACHINE
        services = (*self.spec.advertised, service)
        return Advertisement(self.spec.name, self.spec.address, services, {service: encoding.AVAILABLE_TREADMILL})

    def services(self) -> Mapping[str, Mapping[str, frozenset[Property]]]:
        """Fitness Machine and Device Information."""
        return self._attributes.services

    def connected(self, client: int, now: float) -> None:
        """A client is there; the first ever starts the fault clock. During silence it is lost at once.

        A number that is still connected has come back without saying goodbye: its former connection is over.
        """
        self.disconnected(client, now)
        at = self._enter(now)
        admitted = self._air.admit(client)
        self._procedures.access.welcome(admitted)
        self._console.in_company = True
        if self.spec.door.patience is not None:
            self._agenda.at(at + self.spec.door.patience, lambda at: self._lose_patience(admitted, at))
        if self.spec.habits.starts_on_connect:
            self._console.start(at)
            self._look(at)
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
        self._console.in_company = len(self._air) > 0
        if len(self._air) == 0 and self.spec.stops_on_disconnect:
            self._console.stop(at)
        self._look(at)

    def mtu(self, client: int, octets: int, now: float) -> None:
        """Records longer than `octets` - 3 are split for this client from now on."""
        self._enter(now)
        self._air.agree(client, octets)

    def subscribed(self, client: int, uuid: str, now: float, *, enabled: bool) -> None:
        """Write a CCCD. Raises AttFault 0x0A; 0x0E during silence; 0x0F where it wants to be paired."""
        at = self._enter(now)
        subscriber = self._air.reachable(client, at)
        if enabled and uuid == encoding.CONTROL_POINT:
            self._want_pairing("subscribe", at)
        subscriptions = subscriber.subscriptions
        self._attributes.check_cccd(uuid)
        if not enabled:
            subscriptions.discard(uuid)
            return
        if not self._heard():
            self._ticks = math.floor(at / self.spec.telemetry_period) + 1
        subscriptions.add(uuid)
        if uuid == encoding.MACHINE_STATUS and self.spec.form.stale_status:
            self._procedures.tell(self._reports.stale(), at, only=client)

    def read(self, client: int, uuid: str, now: float) -> bytes:
        """Raises AttFault 0x0A, 0x02; 0x0E during silence; 0x0F where it wants to be paired."""
        at = self._enter(now)
        self._air.reachable(client, at)
        self._want_pairing("read", at)
        if (instead := self._reports.check_read(uuid)) is not None:
            return instead
        if uuid == encoding.TRAINING_STATUS:
            return self._reports.training()
        return self._attributes.fixed(uuid)

    def write(self, client: int, uuid: str, data: bytes, now: float, *, response: bool) -> int:
        """Take a write. Refusals come as `Written.error`; a command that is refused is dropped without a word."""
        at = self._enter(now)
        self._tokens += 1
        sender = self._air.heard(client, at)
        if sender is None or sender.hung:
            return self._tokens
        self._procedures.write(sender, self._tokens, uuid, data, at, response=response)
        return self._tokens

    def _want_pairing(self, what: str, at: float) -> None:
        fault = self._faults.active(FaultKind.WANTS_PAIRING, at)
        if fault is not None and fault.word == what:
            raise AttFault(Att.INSUFFICIENT_ENCRYPTION)

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

    def phase(self, now: float) -> BeltMotion:
        """What the drive is doing."""
        self._enter(now)
        return self._console.belt.phase

    def take_control(self, now: float) -> bool:
        """Another controller takes over: its holder loses control (status FF); False if nobody had it."""
        at = self._enter(now)
        holder = self._control_point.release()
        if holder is not None:
            self._procedures.tell(encoding.STATUS_CONTROL_LOST, at, only=holder)
        return holder is not None

    def _by_hand(self, now: float, action: Callable[[float], bool], status: bytes | None) -> bool:
        """As `console_input.Act`."""
        at = self._enter(now)
        if not action(at):
            return False
        if status is not None:
            self._procedures.tell(status, at)
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
        tick = self._ticks * self.spec.telemetry_period if self._heard() else None
        times = (self._console.next_event(), self._agenda.next_at(), tick)
        return min((at for at in times if at is not None), default=None)

    def _heard(self) -> bool:
        """Whether anybody has asked for what is told at each tick."""
        return any(self._air.listening(uuid) for uuid in self._reports.sources)

    def _look(self, at: float) -> None:
        """After anything that may have changed the console: say what training has become, note the belt's rest."""
        training = self._console.training()
        if training != self._training:
            self._training = training
            self._air.tell(encoding.TRAINING_STATUS, self._reports.training(), at)
        at_rest = self._console.belt.phase is BeltMotion.AT_REST
        if at_rest and not self._at_rest:
            self._mishaps.came_to_rest(at)
        self._at_rest = at_rest
        if self.spec.form.ramp_trace and not self._tracing and self._console.belt.ramping(at):
            self._tracing = True
            self._agenda.at(at + TRACE_EVERY, self._trace)

    def _trace(self, at: float) -> None:
        """One more status of a ramp's trace; the last one says where it ended (quirk 36)."""
        self._procedures.tell(self._reports.trace(at), at)
        self._tracing = self._console.belt.ramping(at)
        if self._tracing:
            self._agenda.at(at + TRACE_EVERY, self._trace)

    def _lose_radio(self, at: float, until: float) -> None:
        known = at + self.spec.supervision
        self._air.silence(max(known, until))
        self._agenda.at(known, self._drop_everybody)

    def _drop_everybody(self, at: float) -> None:
        for number in self._air.drop():
            self.disconnected(number, at)

    def _lose_patience(self, client: Client, at: float) -> None:
        """It does not wait for ever to be unlocked, nor at all where nothing unlocks it (quirk 10)."""
        if not self.spec.door.unlock or not self._procedures.access.open_for(client):
            self._cut_off(client, at)

    def _cut_off(self, client: Client, at: float) -> None:
        """End one connection from the machine's side."""
        if self._air.connected(client):
            self._air.cut_off(client.number, "the treadmill ended the connection")
            self.disconnected(client.number, at)

    def _send_data(self, at: float) -> None:
        if self._air.silent(at) or self._faults.active(FaultKind.DEAD_TELEMETRY, at):
            return
        split = self._faults.active(FaultKind.SPLIT_DATA, at)
        cut = self._faults.active(FaultKind.TRUNCATED_DATA, at)
        faults = (None if split is None else int(split.number), None if cut is None else int(cut.number))
        wrong = self._faults.take(FaultKind.WRONG_SPEED, at)
        said = None if wrong is None else round(wrong.number * 100)
        for client in self._air.clients:
            for uuid, record in self._reports.data(at, *faults, client.mtu, said=said):
                self._air.say(client, uuid, record, at)
