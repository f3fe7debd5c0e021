"""A write from its arrival to its answer: what ATT says, what the door says, what the control point does.

Rules:
- A request acts on the belt when it arrives; its ATT response follows after `write_latency`, its indication after
  `response_latency` more. Between arrival and indication the procedure is in progress and another write on that
  connection is refused with 0xFE.
- Who is told of a change, and how a command is acknowledged, is the machine's habit (quirk 4); as the specification has
  it, the writer gets a response and the others a Machine Status.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random

from runback.devices.quirk_values import Acknowledged, RequestAnswer
from runback.simulator import encoding
from runback.simulator.access_policy import AccessPolicy, WriteVerdict
from runback.simulator.attributes import Att, AttributeTable
from runback.simulator.connections import Client, Connections
from runback.simulator.control_point import NOT_PERMITTED, ControlPoint, WriteOutcome
from runback.simulator.fault_schedule import FaultSchedule
from runback.simulator.faults import FaultKind
from runback.simulator.gatt import AttFault, Property
from runback.simulator.scheduler import Scheduler
from runback.simulator.spec import MachineSpec

_QUIET = frozenset({Acknowledged.STATUS, Acknowledged.TELEMETRY})


@dataclass(frozen=True, slots=True)
class Received:
    """A request that reached the control point, and its result."""

    at: float
    client: int
    data: bytes
    result: int


@dataclass(frozen=True, slots=True)
class ReceivedVendorWrite:
    """A write to a characteristic that is none of FTMS's."""

    at: float
    client: int
    uuid: str
    data: bytes


class Procedures:
    """Takes writes. `look` is called after anything that may have changed the console, `drop` ends a connection."""

    def __init__(
        self,
        spec: MachineSpec,
        attributes: AttributeTable,
        air: Connections,
        agenda: Scheduler,
        faults: FaultSchedule,
        control_point: ControlPoint,
        look: Callable[[float], None],
        drop: Callable[[Client, float], None],
    ) -> None:
        self.received: deque[Received] = deque(maxlen=10_000)
        self.vendor_writes: deque[ReceivedVendorWrite] = deque(maxlen=10_000)
        self.access = AccessPolicy(spec.door)
        self._spec = spec
        self._attributes = attributes
        self._air = air
        self._agenda = agenda
        self._faults = faults
        self._control_point = control_point
        self._look = look
        self._drop = drop
        self._random = Random(spec.seed)
        self._vendor = frozenset(one.uuid for one in spec.vendor)

    def write(self, sender: Client, token: int, uuid: str, data: bytes, at: float, *, response: bool) -> None:
        """Take a write of a client that can be heard."""
        if uuid == encoding.CONTROL_POINT and (hung := self._faults.take(FaultKind.HUNG_WRITE, at)):
            sender.hung = True
            if hung.word != "obeyed":
                return
        error: int | None = None
        try:
            self._check(sender, uuid, data, at, response=response)
        except AttFault as fault:
            error = fault.code
        if response and not sender.hung:
            answer = partial(self._air.answer, sender, token, error)
            self._agenda.at(at + self._spec.write_latency, answer)
        if error is None:
            self._take(sender, uuid, data, at)

    def tell(self, status: bytes, at: float, *, but: int | None = None, only: int | None = None) -> None:
        """Say a Machine Status, padded as this machine does."""
        padded = status.ljust(self._spec.form.status_octets, b"\x00")
        self._air.tell(encoding.MACHINE_STATUS, padded, at, but=but, only=only)

    def _check(self, client: Client, uuid: str, data: bytes, at: float, *, response: bool) -> None:
        """Raises AttFault for a write that ATT or the service refuses before it is a request at all."""
        wanted: Property = "write" if response else "write-without-response"
        if wanted not in self._attributes.properties(uuid):
            raise AttFault(Att.WRITE_NOT_PERMITTED)
        if uuid in self._vendor:
            return
        if fault := self._faults.take(FaultKind.ATT_ERROR, at):
            raise AttFault(int(fault.number))
        if uuid not in client.subscriptions:
            raise AttFault(Att.CCCD_IMPROPERLY_CONFIGURED)
        if client.busy:
            raise AttFault(Att.PROCEDURE_IN_PROGRESS)
        if not data:
            raise AttFault(Att.INVALID_LENGTH)

    def _take(self, client: Client, uuid: str, data: bytes, at: float) -> None:
        hearing = self.access.pace(client, at)
        if uuid in self._vendor:
            self.vendor_writes.append(ReceivedVendorWrite(at, client.number, uuid, data))
            if hearing is WriteVerdict.HEARD and (reply := self.access.vendor(client, uuid, data)):
                due = at + self._spec.response_latency
                self._agenda.at(due, partial(self._air.say, client, reply.uuid, reply.data))
        elif hearing is WriteVerdict.HEARD:
            hearing = self.access.command(client)
            if hearing is not WriteVerdict.IGNORED:
                self._procedure(client, data, at, barred=hearing is WriteVerdict.BARRED)
        if hearing is WriteVerdict.DROPPED:
            self._drop(client, at)

    def _procedure(self, client: Client, data: bytes, at: float, *, barred: bool) -> None:
        outcome = NOT_PERMITTED if barred else self._control_point.request(client, data, at)
        self.received.append(Received(at, client.number, data, outcome.result))
        if outcome.drops:
            self._drop(client, at)
            return
        self._tell_outcome(client, outcome, at)
        self._look(at)
        if self._silent(data[0]):
            return
        client.busy = True
        due = at + self._spec.write_latency + self._spec.response_latency
        due += self._random.uniform(0.0, self._spec.jitter)
        if slow := self._faults.take(FaultKind.SLOW_PROCEDURE, at):
            due += slow.number
        self._agenda.at(due, partial(self._respond, client, encoding.response(data[0], outcome.result)))

    def _tell_outcome(self, client: Client, outcome: WriteOutcome, at: float) -> None:
        habits = self._spec.habits
        if outcome.lost is not None:
            self.tell(encoding.STATUS_CONTROL_LOST, at, only=outcome.lost)
        if outcome.status is None or habits.acknowledged is Acknowledged.TELEMETRY:
            return
        by_status = habits.acknowledged in (Acknowledged.STATUS, Acknowledged.EITHER)
        self.tell(outcome.status, at, but=None if by_status else client.number)

    def _silent(self, op_code: int) -> bool:
        """Whether a procedure of this op code is never answered (quirks 3, 4)."""
        habits = self._spec.habits
        if op_code == 0x00:
            return habits.request_answer is RequestAnswer.UNANSWERED
        return habits.acknowledged in _QUIET

    def _respond(self, client: Client, response: bytes, at: float) -> None:
        """The procedure ends here; what then becomes of its indication is the faults' business."""
        client.busy = False
        if client.hung or not self._air.connected(client) or self._faults.take(FaultKind.LOST_INDICATION, at):
            return
        copies = 2 if self._faults.take(FaultKind.DUPLICATE_INDICATION, at) else 1
        late = self._faults.take(FaultKind.LATE_INDICATION, at)
        for _ in range(copies):
            if late is None:
                self._air.say(client, encoding.CONTROL_POINT, response, at)
            else:
                self._agenda.at(at + late.number, partial(self._air.say, client, encoding.CONTROL_POINT, response))
