"""Quirks 29 to 39 of quirks.md: the form of what a machine reports."""

from __future__ import annotations

from itertools import pairwise

import pytest

from runback.simulator.gatt import AttFault
from runback.simulator.spec import MachineSpec, ReportField
from tests.support.simulator.treadmill_bench import CONTROL_POINT, DATA, STATUS, TRAINING, Bench, uuid
from tests.support.simulator.twin_bench import bench, shipped

FEATURE = uuid("2ACC")
RUNNING = uuid("2A53")


def at_speed(machine: Bench, *uuids: str) -> Bench:
    """Started at the console, at 5.00 km/h since long ago, watched."""
    machine.join(1, *(uuids or (DATA, STATUS, TRAINING)))
    assert machine.treadmill.buttons.press_start(machine.now)
    machine.run(machine.now + 8)
    machine.treadmill.buttons.set_speed(machine.now, 500)
    return machine.run(machine.now + 12.5)


def newest(machine: Bench, which: str = DATA) -> bytes:
    return bytes.fromhex(machine.values(which)[-1])


@pytest.mark.parametrize(("width", "length"), [(2, 11), (3, 12)])
def test_quirk_29_bit_13_is_a_step_count_of_two_or_three_octets(width: int, length: int) -> None:
    record = newest(at_speed(bench(f"[data]\nflags = 0x2404\nstep_octets = {width}")))
    assert record[:2].hex() == "0424"
    assert len(record) == length
    assert int.from_bytes(record[9:11], "little") > 10
    assert record[11:] == bytes(width - 2)


@pytest.mark.parametrize("fault", ["steps-off@14", "steps-off@14+6"])
def test_quirk_29_with_nobody_on_the_belt_no_steps_are_counted(fault: str) -> None:
    machine = at_speed(bench("[data]\nflags = 0x2404\nstep_octets = 2", fault))

    def count() -> int:
        return int.from_bytes(newest(machine)[9:11], "little")

    there = count()
    machine.run(19.9)
    assert there > 0
    assert count() == there
    machine.run(30.0)
    assert (count() > there + 10) is ("+" in fault)


def test_quirk_39_with_nobody_on_the_belt_the_cadence_is_zero() -> None:
    machine = at_speed(bench('[data]\nsource = "both"', "steps-off@22+6"), RUNNING)
    assert [newest(machine.run(at), RUNNING)[3] for at in (21.5, 24.5, 30.0)] == [110, 0, 110]


def test_quirk_30_records_are_cut_at_twenty_octets_without_more_data() -> None:
    record = newest(at_speed(bench("[data]\nflags = 0x1B9E\ncut_at = 20")))
    assert record[:2].hex() == "9e1b"
    assert len(record) == 20


def test_quirk_31_records_are_split_with_more_data() -> None:
    machine = at_speed(bench("[data]\nflags = 0x069E\nsplit_at = 19"))
    first, last = machine.values(DATA)[-2:]
    assert (first[:4], len(first) // 2) == ("1f00", 15)
    assert (last[:4], len(last) // 2) == ("8006", 12)


def test_quirk_32_a_pace_of_one_octet_makes_thirty_two_octets_of_17fe() -> None:
    """captures.json, Star Trac: flags FE 17, 32 bytes in every frame."""
    record = newest(at_speed(bench("[data]\nflags = 0x17FE\npace_octets = 1")))
    assert record[:2].hex() == "fe17"
    assert len(record) == 32


def test_quirk_32_a_pace_of_two_octets_is_seconds_for_half_a_kilometre() -> None:
    record = newest(at_speed(bench("[data]\nflags = 0x0020")))
    assert record.hex() == "2000" + "f401" + (360).to_bytes(2, "little").hex()


@pytest.mark.parametrize(("strap", "least"), [(False, 0), (True, 60)])
def test_a_heart_rate_is_reported_only_with_a_strap(*, strap: bool, least: int) -> None:
    machine = Bench(MachineSpec(fields=ReportField.HEART_RATE, heart_rate=strap)).join(1, DATA).run(1.5)
    assert newest(machine)[4] >= least
    assert bool(newest(machine)[4]) is strap


@pytest.mark.parametrize(("value", "written"), [(0xFFFF, "ffff"), (0x7FFF, "ff7f")])
def test_quirk_33_an_elevation_gain_that_is_not_known_has_a_value_of_its_own(value: int, written: str) -> None:
    record = newest(at_speed(bench(f"[data]\nflags = 0x0018\nelevation_unavailable = {value}")))
    assert record[4:8].hex() == "0000ff7f"
    assert record[10:12].hex() == written


def test_quirk_34_statuses_are_padded_and_training_has_the_vendors_codes() -> None:
    """captures.json, Urevo E1L: `040000` and `000e`; 10 while decelerating to a pause, 11 paused (quirks.md 34)."""
    e1l = shipped("urevo-e1l").join(1, STATUS, TRAINING)
    e1l.treadmill.buttons.press_start(1)
    e1l.run(10)
    e1l.treadmill.buttons.press_pause(10)
    e1l.run(20)
    assert (e1l.values(STATUS)[0], e1l.values(TRAINING)) == ("040000", ["000e", "000d", "0010", "0011"])
    assert "020200" in e1l.values(STATUS)


def test_quirk_35_training_status_announces_a_string_that_is_not_there() -> None:
    """quirks.md 35, Yesoul: `01 0d`."""
    yesoul = at_speed(shipped("yesoul-w2-pro"))
    assert yesoul.values(TRAINING)[-1] == "010d"
    assert yesoul.treadmill.read(1, TRAINING, yesoul.now).hex() == "010d"


def test_quirk_35_reads_are_empty_until_the_first_start() -> None:
    machine = bench('[data]\nreads_before_start = "empty"').join(1, DATA)
    assert machine.treadmill.read(1, TRAINING, 0) == b""
    assert machine.treadmill.read(1, uuid("2AD4"), 0) == b""
    machine.treadmill.buttons.press_start(1)
    assert machine.treadmill.read(1, TRAINING, 2).hex() == "000e"


def test_quirk_35_reads_fail_until_the_first_start() -> None:
    machine = bench('[data]\nreads_before_start = "fail"').join(1, DATA)
    with pytest.raises(AttFault):
        machine.treadmill.read(1, TRAINING, 0)
    assert machine.treadmill.read(1, uuid("2A29"), 0) != b""
    machine.treadmill.buttons.press_start(1)
    assert machine.treadmill.read(1, TRAINING, 2).hex() == "000e"


def test_quirk_36_statuses_trace_a_ramp_every_300_ms_and_end_at_its_end() -> None:
    """captures.json, Urevo E1L: `05d100` on the way down, `050000` at its end."""
    machine = at_speed(bench("[data]\nramp_trace = true"), STATUS)
    machine.heard.clear()
    begun = machine.now
    machine.treadmill.buttons.press_stop(begun)
    machine.run(begun + 10)
    traced = [(at, data) for at, data in machine.timed(STATUS) if data.startswith("05")]
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(traced)]
    assert gaps == [pytest.approx(0.3)] * (len(traced) - 1)
    assert len(traced) > 5
    assert traced[-1][1] == "050000"
    speeds = [int.from_bytes(bytes.fromhex(data)[1:], "little") for _, data in traced]
    assert speeds == sorted(speeds, reverse=True)


def test_quirk_36_the_trace_ends_with_the_link() -> None:
    machine = at_speed(bench("[data]\nramp_trace = true"), STATUS)
    machine.treadmill.buttons.press_stop(machine.now)
    machine.run(machine.now + 0.1).heard.clear()
    machine.treadmill.disconnected(1, machine.now)
    assert machine.run(machine.now + 10).values(STATUS) == []


def test_quirk_36_the_first_status_after_subscribing_is_an_old_one() -> None:
    machine = bench("[data]\nstale_status = true").join(1, STATUS).run(1)
    assert machine.values(STATUS) == ["05d007"]


def test_quirk_37_a_speed_is_reported_while_paused() -> None:
    machine = at_speed(bench("[data]\nspeed_while_paused = true"))
    machine.treadmill.buttons.press_pause(machine.now)
    machine.run(machine.now + 10)
    assert machine.speed == 0
    assert newest(machine)[2:4] == (80).to_bytes(2, "little")
    machine.treadmill.buttons.press_stop(machine.now)
    assert newest(machine.run(machine.now + 5))[2:4] == bytes(2)


def test_quirk_37_elapsed_time_stands_still() -> None:
    machine = at_speed(bench("[data]\nflags = 0x0400\nelapsed_freezes = true"))
    assert newest(machine).hex() == "0004f4010000"


def test_quirk_37_distance_advances_in_steps() -> None:
    machine = at_speed(bench("[data]\nflags = 0x0004\ndistance_step = 16.09"))
    machine.run(machine.now + 15)
    distances = {int.from_bytes(bytes.fromhex(data)[4:7], "little") for data in machine.values(DATA)}
    assert distances == {0, 16, 32}


def test_quirk_37_features_claim_what_is_not_there() -> None:
    """captures.json, Urevo E1L: 2ACC is `4556000005000000`."""
    e1l = shipped("urevo-e1l").join(1, DATA)
    assert e1l.treadmill.read(1, FEATURE, 0).hex() == "4556000005000000"


def test_quirk_38_data_stays_at_zero_while_the_belt_runs() -> None:
    e3 = at_speed(shipped("urevo-e3"))
    assert e3.speed == 500
    assert set(newest(e3)[2:]) == {0}


def test_quirk_39_the_speed_is_in_running_speed_and_cadence_instead() -> None:
    machine = at_speed(bench('[data]\nsource = "rsc"'), DATA, RUNNING)
    assert set(newest(machine)[2:]) == {0}
    assert newest(machine, RUNNING).hex() == "00" + round(5 / 3.6 * 256).to_bytes(2, "little").hex() + "6e"


def test_quirk_39_running_is_flagged_and_both_may_be_told() -> None:
    machine = at_speed(bench('[data]\nsource = "both"'), RUNNING)
    machine.treadmill.buttons.set_speed(machine.now, 900)
    assert newest(machine.run(machine.now + 10), RUNNING).hex() == "04" + "8002" + "aa"
    machine.join(2, CONTROL_POINT, DATA).run(machine.now + 2)
    assert bytes.fromhex(machine.values(DATA, 2)[-1])[2:4] == (900).to_bytes(2, "little")
