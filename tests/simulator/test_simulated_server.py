"""What ATT and the services demand of the simulated treadmill, and what it looks like from outside."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runback import simulator
from runback.simulator.gatt import AttFault, Dropped, Outgoing, Peripheral
from runback.simulator.spec import MachineSpec
from runback.simulator.treadmill import Treadmill
from tests.support.simulator.treadmill_bench import CONTROL_POINT, DATA, STATUS, TRAINING, Bench, uuid


def test_a_treadmill_is_a_peripheral() -> None:
    peripheral: Peripheral = Treadmill()
    assert peripheral.next_at() is None
    assert peripheral.poll(1000.0) == []


def test_it_advertises_an_available_treadmill() -> None:
    advertisement = Treadmill().advertisement(0.0)
    assert advertisement is not None
    assert advertisement.name == "Simulated Treadmill"
    assert advertisement.service_uuids == (uuid("1826"),)
    assert advertisement.service_data[uuid("1826")].hex() == "010100"  # captures.json SCAN_RSP: 2618 | 01 | 0100


def test_the_characteristics_have_the_properties_of_the_specification() -> None:
    services = Treadmill().services()
    assert {name[4:8]: sorted(properties) for name, properties in services[uuid("1826")].items()} == {
        "2acc": ["read"],
        "2acd": ["notify"],
        "2ad3": ["notify", "read"],
        "2ad4": ["read"],
        "2ad5": ["read"],
        "2ad9": ["indicate", "write"],
        "2ada": ["notify"],
    }
    assert set(services) == {uuid("1826"), uuid("180A")}


@pytest.mark.parametrize(
    ("short", "value"),
    [
        ("2ACC", "1d12000003000000"),
        ("2AD4", "5000d0070a00"),
        ("2AD5", "000078000500"),
        ("2AD3", "0001"),
        ("2A29", b"runback".hex()),
        ("2A24", b"Simulated Treadmill".hex()),
    ],
)
def test_reading(short: str, value: str) -> None:
    bench = Bench().join()
    assert bench.treadmill.read(1, uuid(short), 0.0).hex() == value


@pytest.mark.parametrize(("short", "code"), [("2ACD", 0x02), ("2AD9", 0x02), ("2ADA", 0x02), ("2AD8", 0x0A)])
def test_reading_what_cannot_be_read(short: str, code: int) -> None:
    bench = Bench().join()
    with pytest.raises(AttFault) as caught:
        bench.treadmill.read(1, uuid(short), 0.0)
    assert caught.value.code == code


@pytest.mark.parametrize("short", ["2ACC", "2AD4", "2AD8"])
def test_there_is_no_cccd_where_nothing_is_notified(short: str) -> None:
    bench = Bench().join()
    with pytest.raises(AttFault) as caught:
        bench.treadmill.subscribed(1, uuid(short), 0.0, enabled=True)
    assert caught.value.code == 0x0A


@pytest.mark.parametrize(("short", "code"), [("2ACC", 0x03), ("2ACD", 0x03), ("2AD8", 0x0A)])
def test_writing_what_cannot_be_written(short: str, code: int) -> None:
    bench = Bench().join()
    bench.treadmill.write(1, uuid(short), b"\x00", 0.0, response=True)
    assert bench.run(1).answers() == [code]


def test_the_control_point_wants_its_cccd_first() -> None:
    bench = Bench().join(1, STATUS)
    bench.send("00")
    bench.run(1)
    assert bench.answers() == [0xFD]
    assert not bench.treadmill.received


def test_indications_turned_off_are_missed_as_if_never_turned_on() -> None:
    bench = Bench().join()
    bench.treadmill.subscribed(1, CONTROL_POINT, 0.0, enabled=False)
    bench.send("00")
    assert bench.run(1).answers() == [0xFD]


def test_an_empty_write_has_the_wrong_length() -> None:
    bench = Bench().join()
    bench.send("")
    assert bench.run(1).answers() == [0x0D]


def test_a_second_procedure_is_refused_not_queued() -> None:
    bench = Bench().join().started()
    bench.send("026400")
    bench.run(bench.now + 0.01)
    bench.send("0801")
    bench.run(bench.now + 5)
    assert bench.answers() == [None, 0xFE]
    assert bench.values(CONTROL_POINT) == ["800201"]
    assert bench.run(bench.now + 30).speed == 100


def test_another_client_is_not_held_up_by_a_procedure_in_progress() -> None:
    bench = Bench().join(1).join(2).started()
    bench.send("026400", 1)
    bench.send("00", 2)
    bench.run(bench.now + 1)
    assert (bench.values(CONTROL_POINT, 1), bench.values(CONTROL_POINT, 2)) == (["800201"], ["800001"])


def test_a_write_command_to_a_control_point_that_wants_requests_does_nothing() -> None:
    bench = Bench().join()
    bench.send("00", response=False)
    assert bench.run(1).heard == []


def test_a_machine_may_take_commands_and_respond_by_notification() -> None:
    """Quirks 1 and 2: Urevo E1L, properties 0x24 there and notifications in the capture."""
    spec = MachineSpec(control_point=frozenset({"write-without-response", "notify"}))
    bench = Bench(spec).join()
    bench.send("00", response=False)
    ((_, value),) = bench.run(1).heard
    assert str(value) == f"Value(client=1, uuid='{CONTROL_POINT}', data=b'\\x80\\x00\\x01', indication=False)"


def test_only_who_has_subscribed_is_told() -> None:
    bench = Bench().join(1, DATA).join(2, STATUS)
    bench.treadmill.buttons.press_start(0.0)
    bench.run(3)
    assert (len(bench.values(DATA, 1)), bench.values(STATUS, 1)) == (3, [])
    assert (bench.values(DATA, 2), bench.values(STATUS, 2)) == ([], ["04"])


def test_subscriptions_end_with_the_connection() -> None:
    bench = Bench().join(1, DATA)
    bench.treadmill.disconnected(1, 0.0)
    bench.treadmill.connected(1, 0.0)
    assert bench.run(5).heard == []


@pytest.mark.full
def test_treadmill_data_comes_once_a_second_without_drift() -> None:
    bench = Bench(MachineSpec(telemetry_period=0.1)).join(1, DATA).run(600)
    times = [at for at, _ in bench.timed(DATA)]
    assert len(times) == 6000
    assert times[-1] == pytest.approx(600, abs=1e-9)


def test_treadmill_data_says_what_the_belt_does() -> None:
    bench = Bench().join(1, CONTROL_POINT, DATA)
    bench.started(800)
    bench.run(bench.now + 10)
    record = bytes.fromhex(bench.values(DATA)[-1])
    assert record[:2].hex() == "9e04"
    assert int.from_bytes(record[2:4], "little") == 800
    assert int.from_bytes(record[6:9], "little") == int(bench.treadmill.distance(bench.timed(DATA)[-1][0]))


def test_a_small_mtu_splits_the_record() -> None:
    bench = Bench(MachineSpec(mtu=23)).join(1, DATA).run(1)
    assert [record[:4] for record in bench.values(DATA)] == ["9f00", "0004"]
    assert all(len(record) <= 40 for record in bench.values(DATA))


def test_the_belt_runs_on_when_the_client_goes() -> None:
    bench = Bench().join().started()
    bench.treadmill.disconnected(1, bench.now)
    assert bench.run(bench.now + 60).speed == 800


def test_a_machine_may_stop_when_its_last_client_goes() -> None:
    bench = Bench(MachineSpec(stops_on_disconnect=True)).join(1).join(2).started()
    bench.treadmill.disconnected(1, bench.now)
    assert bench.run(bench.now + 20).speed == 800
    bench.treadmill.disconnected(2, bench.now)
    assert bench.run(bench.now + 20).speed == 0


def test_a_full_machine_does_not_advertise() -> None:
    bench = Bench(MachineSpec(max_clients=1)).join(1)
    assert bench.treadmill.advertisement(1.0) is None
    bench.treadmill.disconnected(1, 2.0)
    assert bench.treadmill.advertisement(2.0) is not None


def test_a_write_of_a_client_that_is_gone_is_ignored() -> None:
    bench = Bench().join()
    bench.treadmill.disconnected(1, 0.0)
    bench.treadmill.disconnected(1, 0.0)
    bench.send("00")
    assert bench.run(1).heard == []


def test_a_client_that_comes_back_without_goodbye_has_nothing_of_before() -> None:
    bench = Bench().join().started()
    bench.treadmill.connected(1, bench.now)
    bench.send("0801")
    bench.run(bench.now + 1)
    assert bench.answers() == [0xFD]
    bench.join()
    assert bench.ask("0801") == "800805"


def test_a_machine_without_increments_takes_any_speed_in_range() -> None:
    bench = Bench(MachineSpec(speed_increment=0)).join().started(speed=777)
    assert bench.speed == 777


def test_the_simulator_never_waits_and_never_reads_the_client_s_codec() -> None:
    """It is the independent witness: no asyncio, no clock, nothing of `runback.ftms` or `runback.machine`."""
    forbidden = {"asyncio", "time", "runback.ftms", "runback.machine", "runback.link", "runback.engine"}
    files = sorted(Path(simulator.__file__).parent.glob("*.py"))
    assert len(files) > 10
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names for bad in forbidden if name == bad or name.startswith(bad + ".")]
            assert "random" not in names or ast.unparse(node) == "from random import Random", "chance needs a seed"


STEPS = st.lists(
    st.tuples(
        st.floats(0.001, 3),
        st.sampled_from(
            ["00", "01", "07", "0801", "0802", "02d007", "025802", "036400", "key", "insert", "pause", "taken"]
        ),
    ),
    max_size=25,
)
FAULTS = st.lists(
    st.sampled_from(
        ["lost-indication@3", "late-indication@2+9:1.5", "duplicate-indication@1", "surge@5+5:2", "split-data@4:9",
         "truncated-data@6+3:11", "link-loss@12+3", "safety-key@9+2", "console-speed@7:9", "creeps-after-stop",
         "slow-procedure@4:0.7", "slow-stop@3", "att-error@5", "dead-telemetry@8+2", "refuses-stop@10+5"]
    ),
    max_size=4,
    unique=True,
)  # fmt: skip


def _play(steps: list[tuple[float, str]], faults: list[str], polls: list[float]) -> tuple[list[Outgoing], int, float]:
    bench = Bench(None, *faults).join(1, CONTROL_POINT, DATA, STATUS, TRAINING)
    said: list[Outgoing] = []
    pending = sorted(polls)
    now = 0.0
    for wait, deed in steps:
        now += wait
        while pending and pending[0] <= now:
            said += bench.treadmill.poll(pending.pop(0))
        bench.now = now
        match deed:
            case "key":
                bench.treadmill.buttons.pull_key(now)
            case "insert":
                bench.treadmill.buttons.insert_key(now)
            case "pause":
                bench.treadmill.buttons.press_pause(now)
            case "taken":
                bench.treadmill.take_control(now)
            case _:
                bench.send(deed)
    said += bench.treadmill.poll(now + 30)
    return said, bench.treadmill.belt_speed(now + 30), bench.treadmill.distance(now + 30)


@given(steps=STEPS, faults=FAULTS, polls=st.lists(st.floats(0, 80), max_size=60))
@settings(deadline=None)
def test_polling_often_or_rarely_brings_the_same_octets(
    steps: list[tuple[float, str]], faults: list[str], polls: list[float]
) -> None:
    assert _play(steps, faults, polls) == _play(steps, faults, [])


@given(steps=STEPS, faults=FAULTS)
@settings(deadline=None)
def test_next_at_never_lies_in_the_past_and_polling_there_makes_progress(
    steps: list[tuple[float, str]], faults: list[str]
) -> None:
    bench = Bench(None, *faults).join(1, CONTROL_POINT, DATA, STATUS, TRAINING)
    for wait, deed in steps:
        until = bench.now + wait
        last = bench.now
        while (at := bench.treadmill.next_at()) is not None and at <= until:
            assert at >= last
            last = at
            bench.treadmill.poll(at)
            after = bench.treadmill.next_at()
            assert after is None or after > at
        bench.now = until
        if deed.isalpha():
            bench.treadmill.buttons.pull_key(until) if deed == "key" else bench.treadmill.buttons.insert_key(until)
        else:
            bench.send(deed)


def test_a_client_that_connects_during_silence_is_lost_at_once() -> None:
    bench = Bench(None, "link-loss@5+10").join().run(6)
    bench.heard.clear()
    bench.treadmill.connected(2, 7.0)
    bench.run(8)
    assert [each for _, each in bench.heard] == [Dropped(2, "radio lost")]
