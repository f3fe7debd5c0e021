"""What is told of a treadmill on the air, and the hands at it."""

from __future__ import annotations

import pytest

from runback.devices.library import find
from runback.errors import InputError
from runback.peripheral.event_log import ObservedEvent, ObservedTreadmill, describe
from runback.peripheral.typed_controls import execute
from runback.simulator.faults import parse_fault
from runback.simulator.gatt import Outgoing
from runback.simulator.spec import MachineSpec
from runback.simulator.treadmill import Treadmill
from runback.simulator.twin import twin


def uuid(short: str) -> str:
    return f"0000{short.lower()}-0000-1000-8000-00805f9b34fb"


CONTROL = uuid("2AD9")


class Bench:
    """A watched treadmill with one client, polled a few times a second."""

    def __init__(self, spec: MachineSpec | None = None, *faults: str) -> None:
        self.told: list[ObservedEvent] = []
        self.treadmill = Treadmill(spec, [parse_fault(text) for text in faults])
        self.watched = ObservedTreadmill(self.treadmill, self.told.append)
        self.now = 0.0
        self.said: list[Outgoing] = []
        self.watched.connected(1, 0.0)
        self.watched.mtu(1, 100, 0.0)
        self.watched.subscribed(1, CONTROL, 0.0, enabled=True)

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds * 5)):
            self.now += 0.2
            self.said += self.watched.poll(self.now)

    def send(self, request: str, uuid: str = CONTROL) -> None:
        self.watched.write(1, uuid, bytes.fromhex(request), self.now, response=True)
        self.run(0.2)

    @property
    def lines(self) -> list[str]:
        return [one.line for one in self.told]


def test_a_session_is_told_in_one_line_each() -> None:
    bench = Bench()
    bench.send("00")
    bench.send("07")
    bench.run(6)
    bench.send("02ee02")
    bench.run(15)
    bench.send("0801")
    bench.run(10)
    bench.watched.disconnected(1, bench.now)
    bench.watched.disconnected(1, bench.now)
    assert bench.lines == [
        "client 1 is connected",
        "client 1: request control: success",
        "client 1: start or resume: success",
        "the belt starts after its countdown",
        "the belt moves",
        "the belt runs at 0.8 km/h",
        "client 1: set target speed 7.5: success",
        "the belt runs at 7.5 km/h",
        "client 1: stop: success",
        "the belt is stopping",
        "the belt is at rest",
        "client 1 is gone",
    ]


def test_what_is_told_carries_its_facts() -> None:
    bench = Bench()
    bench.send("00")
    bench.send("07")
    bench.run(6)
    facts = {one.event: dict(one.fields) for one in bench.told}
    assert facts["connected"] == {"client": 1}
    assert facts["request"] == {"client": 1, "octets": "07", "result": "success"}
    assert facts["belt"] == {"phase": "driven"}
    assert facts["speed"] == {"speed": 0.8}
    assert [one.at for one in bench.told] == sorted(one.at for one in bench.told)


def test_a_speed_is_told_again_after_a_stop() -> None:
    bench = Bench()
    for request in ("00", "07"):
        bench.send(request)
    bench.run(6)
    bench.send("0801")
    bench.run(5)
    bench.send("07")
    bench.run(6)
    assert bench.lines.count("the belt runs at 0.8 km/h") == 2


def test_a_speed_on_its_way_is_not_told_however_often_it_is_looked_at() -> None:
    bench = Bench()
    for request in ("00", "07"):
        bench.send(request)
    bench.run(6)
    bench.send("022003")
    bench.run(3)
    for _ in range(3):
        bench.watched.poll(bench.now)
    bench.run(10)
    assert [line for line in bench.lines if "runs at" in line] == [
        "the belt runs at 0.8 km/h",
        "the belt runs at 8 km/h",
    ]


def test_a_write_that_att_refuses_is_told_with_its_error() -> None:
    bench = Bench(None, "att-error:0x80")
    bench.send("00")
    assert bench.lines[-1] == "client 1: a write is refused with ATT error 0x80"
    assert bench.told[-1].fields == {"client": 1, "error": 0x80}


def test_vendors_octets_are_told_as_they_are() -> None:
    spec = twin(find("walkingpad-mc21", None))
    bench = Bench(spec)
    assert spec.door.preamble is not None
    bench.send(spec.door.preamble_octets.hex(), spec.door.preamble)
    assert bench.lines[-1] == f"client 1: {spec.door.preamble_octets.hex(' ')} to {spec.door.preamble}"


def test_it_is_the_treadmill_in_everything_else() -> None:
    bench = Bench()
    assert bench.watched.services() == bench.treadmill.services()
    assert bench.watched.advertisement(0.0) == bench.treadmill.advertisement(0.0)
    assert bench.watched.read(1, uuid("2ACC"), 0.0) == bench.treadmill.read(1, uuid("2ACC"), 0.0)
    assert bench.watched.next_at() == bench.treadmill.next_at()


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ("00", "request control"),
        ("0093f051e81b42928e", "request control (00 93 f0 51 e8 1b 42 92 8e)"),
        ("01", "reset"),
        ("02ee02", "set target speed 7.5"),
        ("02ee", "set target speed (02 ee)"),
        ("03f6ff", "set target inclination -1 %"),
        ("07", "start or resume"),
        ("0801", "stop"),
        ("0802", "pause"),
        ("0803", "stop or pause (08 03)"),
        ("7f", "unknown request (7f)"),
    ],
)
def test_a_request_is_told_in_words(request_: str, words: str) -> None:
    assert describe(bytes.fromhex(request_)) == words


def test_hands_start_set_stop_and_pull_the_key() -> None:
    bench = Bench()
    machine = bench.treadmill
    assert execute("start\n", machine, bench.now)
    bench.run(6)
    assert execute(" Speed 6,5", machine, bench.now)
    assert execute("incline 2", machine, bench.now)
    bench.run(15)
    assert machine.belt_speed(bench.now) == 650
    assert machine.belt_incline(bench.now) == 20
    assert execute("key out", machine, bench.now)
    bench.run(5)
    assert machine.belt_speed(bench.now) == 0
    assert not execute("start", machine, bench.now)
    assert execute("key in", machine, bench.now)
    assert not execute("pause", machine, bench.now)
    assert not execute("stop", machine, bench.now)
    assert not execute("take", machine, bench.now)
    bench.send("00")
    assert execute("take", machine, bench.now)


@pytest.mark.parametrize("line", ["fly", "speed", "speed fast", "speed nan", "incline 1000", "key", "speed 1 2"])
def test_what_hands_cannot_do_is_one_line_with_what_they_can(line: str) -> None:
    treadmill = Treadmill()
    with pytest.raises(InputError, match="type start, stop, pause") as refused:
        execute(line, treadmill, 0.0)
    assert line in str(refused.value)
    assert "\n" not in str(refused.value)
