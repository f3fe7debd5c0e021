"""A carrier for tests: plays the radio by hand, on plain numbers for time."""

from __future__ import annotations

from runback.simulator.faults import parse_fault
from runback.simulator.gatt import Dropped, Outgoing, Value, WriteReply
from runback.simulator.spec import MachineSpec
from runback.simulator.treadmill import Treadmill


def uuid(short: str) -> str:
    return f"0000{short.lower()}-0000-1000-8000-00805f9b34fb"


CONTROL_POINT = uuid("2AD9")
DATA = uuid("2ACD")
STATUS = uuid("2ADA")
TRAINING = uuid("2AD3")


class Bench:
    """A treadmill, a clock, and all that came out of it, as (time, what)."""

    def __init__(self, spec: MachineSpec | None = None, *faults: str) -> None:
        self.treadmill = Treadmill(spec, [parse_fault(text) for text in faults])
        self.now = 0.0
        self.heard: list[tuple[float, Outgoing]] = []

    def join(self, client: int = 1, *uuids: str) -> Bench:
        """Connect `client`, subscribed to `uuids` (the control point and the statuses unless given)."""
        self.treadmill.connected(client, self.now)
        for each in uuids or (CONTROL_POINT, STATUS, TRAINING):
            self.treadmill.subscribed(client, each, self.now, enabled=True)
        return self

    def run(self, until: float) -> Bench:
        """Let time pass, fetching everything at the moment it is due."""
        while (at := self.treadmill.next_at()) is not None and at <= until:
            self.now = max(self.now, at)
            self.heard += [(self.now, each) for each in self.treadmill.poll(self.now)]
        self.now = until
        return self

    def send(self, data: str, client: int = 1, *, response: bool = True) -> int:
        """Write hex bytes to the control point, now."""
        return self.treadmill.write(client, CONTROL_POINT, bytes.fromhex(data), self.now, response=response)

    def ask(self, data: str, client: int = 1) -> str:
        """Write, wait 0.1 s, and return the response as hex: what a client that minds its manners sees."""
        before = len(self.values(CONTROL_POINT, client))
        self.send(data, client)
        self.run(self.now + 0.1)
        return " ".join(self.values(CONTROL_POINT, client)[before:])

    def started(self, speed: int = 800, client: int = 1) -> Bench:
        """Take control, start, and run at `speed` (0.01 km/h) since long ago; then forget what was heard."""
        assert self.ask("00", client) == "800001"
        assert self.ask("07", client) == "800701"
        self.run(self.now + 5)
        assert self.ask("02" + speed.to_bytes(2, "little").hex(), client) == "800201"
        self.run(self.now + 30)
        self.heard.clear()
        return self

    def values(self, uuid: str, client: int = 1) -> list[str]:
        """All values of `uuid` that `client` got, as hex."""
        return [data for _, data in self.timed(uuid, client)]

    def timed(self, uuid: str, client: int = 1) -> list[tuple[float, str]]:
        """The same with their times."""
        return [
            (at, each.data.hex())
            for at, each in self.heard
            if isinstance(each, Value) and each.uuid == uuid and each.client == client
        ]

    def answers(self, client: int = 1) -> list[int | None]:
        """The ATT errors, None for success, of the writes answered so far."""
        return [each.error for _, each in self.heard if isinstance(each, WriteReply) and each.client == client]

    def drops(self) -> list[tuple[float, int]]:
        """Who lost the link, when."""
        return [(at, each.client) for at, each in self.heard if isinstance(each, Dropped)]

    @property
    def speed(self) -> int:
        """What the surface does now, 0.01 km/h."""
        return self.treadmill.belt_speed(self.now)
