"""Bytes captured of real machines (tests/captures.json), replayed through the machine core and not only the codec."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from runback.ftms import assigned_numbers
from runback.machine.belt import BeltPhase
from runback.machine.events import Garbled, Measured, Signal
from runback.machine.procedure import StartIntent
from runback.machine.quirks import AckEvidence, MachineQuirks, Unlock, VendorWrite
from runback.machine.stop_latch import LatchState
from runback.source import Source
from tests.support.machine.driver import COMMON, DATA, POINT, STATUS, UREVO, Bench

CAPTURES = json.loads((Path(__file__).parent.parent / "captures.json").read_text("utf-8"))
HEARD = {"2ACD": DATA, "2ADA": STATUS, "2AD9": POINT, "2AD3": assigned_numbers.TRAINING_STATUS}
UREVO_HABITS = replace(UREVO, quirks=MachineQuirks(proof=AckEvidence.BELT))


def of(machine: str, characteristic: str) -> list[str]:
    return [each["hex"] for each in CAPTURES if machine in each["source"] and each["characteristic"] == characteristic]


RECORDS = [each["hex"] for each in CAPTURES if each["characteristic"] == "2ACD"]


@pytest.mark.parametrize("record", RECORDS)
def test_every_captured_record_is_taken_and_garbles_nothing(record: str) -> None:
    bench = Bench().connect()
    bench.hears(DATA, record).now += 1.0
    bench.hears(DATA, record)  # a belt that says 0 is believed the second time
    events = bench.machine.take_events()
    said = [type(event) for event in events]
    assert bench.machine.belt.state in BeltPhase
    assert said.count(Garbled) + said.count(Measured) in (0, 2)  # one has More Data to come
    assert bench.log == []


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda c: f"{c['characteristic']} {c['hex'][:24]}")
@pytest.mark.parametrize("latched", [False, True])
def test_no_captured_octets_make_the_core_write_anything_of_its_own(capture: dict[str, str], *, latched: bool) -> None:
    bench = Bench(UREVO_HABITS).connect()
    if latched:
        bench.machine.stop()
    bench.hears(HEARD.get(capture["characteristic"], DATA), capture["hex"])
    assert set(bench.wait(3.0)) <= ({"0801", "00"} if latched else set())


def test_a_urevo_is_driven_with_its_own_answers() -> None:
    """Its captured answers to 00, 07 and 02, its status of a start, its records."""
    answers, status = of("urevo", "2AD9"), of("urevo", "2ADA")
    assert {"800001", "800701"} <= set(answers)
    bench = Bench(UREVO_HABITS).at_rest()
    bench.gate.arm()
    bench.machine.request_control()
    assert bench.pump() == ["00"]
    bench.answers("800001").now += 0.3
    bench.machine.start(StartIntent(bench.now + 5.0))
    assert bench.pump() == ["07"]
    bench.answers("800701").says("040000")
    assert "040000" in status
    bench.now += 3.1
    bench.belt(96)
    assert bench.machine.belt.state is BeltPhase.MOVING
    bench.machine.want_speed(224, Source.PLAN)
    assert bench.pump() == ["02e000"]


def test_a_urevos_ramp_trace_is_no_hand_at_the_console() -> None:
    """Quirk 36: 05 every 300 ms on the way to the target; 050000 while it stops."""
    bench = Bench(UREVO_HABITS).moving(224)
    for value in (128, 160, 192, 224):
        bench.says("05" + value.to_bytes(2, "little").hex() + "00").wait(0.3)
    assert "050000" in of("urevo", "2ADA")
    bench.says("050000").wait(3.0, belt=224)
    assert [event for event in bench.said() if event not in (Signal.WENT_QUIET, Signal.HEARD_AGAIN)] == []


def test_a_urevos_padded_stop_status_is_the_confirmation_of_a_stop() -> None:
    bench = Bench(UREVO_HABITS).moving(224)
    bench.machine.stop()
    assert bench.pump() == ["0801"]
    bench.says("020200").belt(0)
    assert bench.latch() is LatchState.AT_REST


def test_a_walkingpad_is_unlocked_with_the_octets_that_were_captured() -> None:
    """slandau3/z1-walkingpad-mcp: 71 00 05 01 2e 5a 31 44 74 for KS-HD-Z1D, answered by 71 80."""
    octets = bytes.fromhex("710005012e5a314474")
    write = VendorWrite("24e2521c-f63b-48ed-85be-c5330d00fdf7", octets)
    unlock = Unlock(write, "24e2521c-f63b-48ed-85be-c5330b00fdf7", b"\x71\x80")
    bench = Bench(replace(COMMON, quirks=MachineQuirks(unlock=(unlock,), gap=0.4))).connect()
    assert bench.wait(2.0) == []  # nobody has asked for anything
    bench.gate.arm()
    bench.machine.request_control()
    assert bench.pump() == [octets.hex()]
    assert bench.wait(2.0) == []  # until the answer
    assert bench.hears("24e2521c-f63b-48ed-85be-c5330b00fdf7", "718000").pump() == ["00"]
    (record,) = of("z1-walkingpad", "2ACD")
    bench.hears(DATA, record)
    assert bench.measured() is not None
