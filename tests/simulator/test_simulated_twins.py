"""The twin of every shipped profile, against what was captured of the real machine (tests/captures.json)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runback.devices.identity import Identity
from runback.devices.library import available, find
from runback.devices.matching import choose
from runback.simulator.belt import BeltMotion
from runback.simulator.spec import MachineSpec
from runback.simulator.treadmill import Treadmill
from runback.simulator.twin import twin
from tests.support.simulator.treadmill_bench import CONTROL_POINT, DATA, STATUS, TRAINING, Bench, uuid
from tests.support.simulator.twin_bench import shipped_spec

CAPTURES = json.loads((Path(__file__).parent.parent / "captures.json").read_text("utf-8"))
SOURCES = {
    "urevo-e1l": "blak3r/treadspan protocol-analysis/urevo-E1L/urevo-with-kinomap.pcapng",
    "walkingpad-z1": "KS-HD-Z1D",
    "sperax-rm01": "Sperax RM-01",
    "technogym-myrun": "Technogym MyRun",
    "matrix": "Matrix older console",
}
PROFILES = [entry.name for entry in available(None)]
Z1_UNLOCK = bytes.fromhex("71 00 05 01 2e 5a 31 44 74")


def captured(name: str, characteristic: str) -> list[str]:
    """Every packet of `characteristic` that was captured of the machine, hex."""
    return [
        capture["hex"]
        for capture in CAPTURES
        if SOURCES[name] in capture["source"] and capture["characteristic"] == characteristic
    ]


def form(packet: str) -> tuple[str, int]:
    """Flags and length."""
    return packet[:4], len(packet) // 2


def watched(name: str, *uuids: str) -> Bench:
    """The twin, watched and started by hand; a Z1 unlocked, for it says nothing before."""
    bench = Bench(shipped_spec(name)).join(1, *(uuids or (DATA,)))
    if name == "walkingpad-z1":
        bench.treadmill.write(1, "24e2521c-f63b-48ed-85be-c5330d00fdf7", Z1_UNLOCK, 0, response=False)
    bench.run(1.5)
    assert bench.treadmill.buttons.press_start(bench.now)
    return bench.run(20)


@pytest.mark.parametrize("name", SOURCES)
def test_treadmill_data_has_the_form_that_was_captured(name: str) -> None:
    packets = captured(name, "2ACD")
    assert packets
    twins = {form(packet) for packet in watched(name).values(DATA)}
    assert twins == {form(packet) for packet in packets}


def test_a_matrix_at_rest_says_what_was_captured_octet_for_octet() -> None:
    """captures.json, Matrix older console, before workout."""
    (packet,) = captured("matrix", "2ACD")
    matrix = Bench(shipped_spec("matrix")).join(1, DATA).run(1.5)
    assert matrix.values(DATA) == [packet]


@pytest.mark.parametrize("name", ["urevo-e1l", "walkingpad-z1"])
@pytest.mark.parametrize("characteristic", ["2ACC", "2AD4", "2AD5"])
def test_features_and_ranges_are_those_that_were_captured(name: str, characteristic: str) -> None:
    treadmill = Treadmill(shipped_spec(name))
    treadmill.connected(1, 0)
    for packet in captured(name, characteristic):
        assert treadmill.read(1, uuid(characteristic), 0).hex() == packet


def test_an_e1l_advertises_as_it_was_captured() -> None:
    """captures.json, Urevo E1L: ADV_IND lists 1826, the scan response has `URTM041` and service data `010100`."""
    advertisement = Treadmill(shipped_spec("urevo-e1l")).advertisement(0)
    assert advertisement is not None
    assert advertisement.name == "URTM041"
    assert advertisement.service_uuids == (uuid("1826"),)
    assert advertisement.service_data[uuid("1826")].hex() == "010100"


@pytest.mark.parametrize("characteristic", ["2ADA", "2AD3"])
def test_an_e1l_says_of_a_session_what_was_captured(characteristic: str) -> None:
    said = watched("urevo-e1l", STATUS, TRAINING)
    said.treadmill.buttons.set_speed(said.now, 225)
    said.run(said.now + 20)
    said.treadmill.buttons.press_pause(said.now)
    said.run(said.now + 20)
    of = {form(packet)[1] for packet in captured("urevo-e1l", characteristic)}
    mine = said.values(uuid(characteristic))
    assert {form(packet)[1] for packet in mine} == of
    exact = {"040000", "050000", "0010", "000e"} & set(captured("urevo-e1l", characteristic))
    assert exact <= set(mine)


@pytest.mark.parametrize("name", PROFILES)
def test_every_twin_can_be_found_connected_to_read_and_stopped_by_hand(name: str) -> None:
    bench = Bench(shipped_spec(name))
    treadmill = bench.treadmill
    assert treadmill.advertisement(0) is not None
    treadmill.connected(1, 0)
    assert len(treadmill.read(1, uuid("2ACC"), 0)) == 8
    assert len(treadmill.read(1, uuid("2AD4"), 0)) == 6
    treadmill.buttons.press_start(1)
    assert treadmill.phase(3) is not BeltMotion.AT_REST
    assert bench.run(20).speed > 0
    assert treadmill.buttons.press_stop(20)
    assert bench.run(60).speed == 0


@pytest.mark.parametrize("name", PROFILES)
def test_every_twin_is_recognised_by_what_it_shows(name: str) -> None:
    advertisement = Treadmill(shipped_spec(name)).advertisement(0)
    assert advertisement is not None
    identity = Identity(advertisement.name, frozenset(advertisement.service_uuids))
    assert choose(identity, available(None)).name == name


@pytest.mark.parametrize("name", PROFILES)
def test_no_twin_has_a_characteristic_twice_and_each_vendor_one_can_be_found(name: str) -> None:
    services = Treadmill(shipped_spec(name)).services()
    everything = [each for contents in services.values() for each in contents]
    assert len(everything) == len(set(everything))
    profile = find(name, None)
    assert {step.characteristic for step in profile.unlock} <= set(everything)
    assert set(profile.protocol.never_write) <= {*everything, *services}


def test_the_twin_of_nobody_in_particular_is_the_usual_machine() -> None:
    usual = MachineSpec()
    generic = twin(find("generic", None))
    assert generic.door == usual.door
    assert generic.habits == usual.habits
    assert generic.form == usual.form
    assert (generic.speed_min, generic.speed_max, generic.fields) == (usual.speed_min, usual.speed_max, usual.fields)
    assert CONTROL_POINT in Treadmill(generic).services()[uuid("1826")]
