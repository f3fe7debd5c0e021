"""Quirks 20 to 28 of quirks.md: what can be set, in which units, how finely."""

from __future__ import annotations

import pytest

from tests.support.simulator.treadmill_bench import CONTROL_POINT, DATA, STATUS, Bench, uuid
from tests.support.simulator.twin_bench import bench, shipped

SPEED_RANGE = uuid("2AD4")
INCLINE_RANGE = uuid("2AD5")


def moving(machine: Bench) -> Bench:
    """Connected, in control, and at the lowest speed for a while."""
    machine.join(1, CONTROL_POINT, STATUS, DATA)
    machine.ask("00")
    machine.ask("07")
    machine.run(machine.now + 6)
    machine.heard.clear()
    return machine


def read(machine: Bench, which: str) -> str:
    return machine.treadmill.read(1, which, machine.now).hex()


def reported(machine: Bench) -> int:
    """The instantaneous speed of the newest record, raw."""
    return int.from_bytes(bytes.fromhex(machine.values(DATA)[-1])[2:4], "little")


@pytest.mark.parametrize(("refusal", "answer"), [("not-supported", "02"), ("silent", "01"), ("failed", "04")])
def test_quirk_20_the_speed_is_locked(refusal: str, answer: str) -> None:
    machine = moving(bench(f'[speed]\ncontrollable = false\nrefusal = "{refusal}"'))
    assert machine.ask("02f401") == f"8002{answer}"
    assert machine.run(machine.now + 10).speed == 80
    assert machine.treadmill.buttons.set_speed(machine.now, 500)
    assert machine.run(machine.now + 10).speed == 500


def test_quirk_21_the_incline_can_be_set_and_the_speed_cannot() -> None:
    machine = moving(bench("[speed]\ncontrollable = false"))
    assert machine.ask("02f401") == "800202"
    assert machine.ask("031e00") == "800301"
    assert machine.treadmill.belt_incline(machine.run(machine.now + 10).now) == 30


def test_quirk_22_a_target_is_read_as_miles_an_hour() -> None:
    """cagnulein/qdomyos-zwift issue 5100, TM11GY: `02 64 00` runs 1.61 km/h."""
    apollo = moving(shipped("apollo-11-max"))
    assert apollo.ask("026400") == "800201"
    assert apollo.run(apollo.now + 10).speed == 160  # 1.609 on its own grid of 0.1
    assert reported(apollo) == 160


def test_quirk_22_a_status_repeats_the_target_in_the_unit_it_was_written_in() -> None:
    machine = moving(bench('[speed]\nwrite_unit = "mph"\nincrement = 0.01\n[control]\nacknowledged_by = "either"'))
    machine.ask("02c800")
    assert machine.values(STATUS) == ["05c800"]


def test_quirk_22_data_is_in_miles_an_hour_too() -> None:
    machine = moving(bench('[speed]\nwrite_unit = "mph"\nread_unit = "mph"\nincrement = 0.01'))
    machine.ask("02c800")
    machine.run(machine.now + 10)
    assert machine.speed == 322
    assert reported(machine) == 200


def test_quirk_22_by_the_console_means_miles_on_the_twin() -> None:
    machine = moving(bench('[speed]\nwrite_unit = "console"'))
    machine.ask("026400")
    assert machine.run(machine.now + 10).speed == 160


def test_quirk_23_the_range_is_in_miles_an_hour() -> None:
    """FS-BT-T4: 0.6 to 3.8 (quirks.md 23)."""
    machine = bench('[speed]\nrange_unit = "mph"\nminimum = 0.97\nmaximum = 6.12').join()
    assert read(machine, SPEED_RANGE) == "3c007c010600"
    machine.ask("00")
    machine.ask("07")
    machine.run(6)
    assert machine.ask("02f401") == "800201"
    assert machine.run(20).speed == 497


def test_quirk_24_the_e1l_runs_on_a_grid_of_miles_truncated() -> None:
    """captures.json, Urevo E1L: range `600083022000`; belt at 2.25, 1.60 and 2.57 km/h (1.4, 1.0 and 1.6 mph)."""
    e1l = shipped("urevo-e1l").join(1, CONTROL_POINT)
    assert read(e1l, SPEED_RANGE) == "600083022000"
    for at, octets in ((0, "00"), (1, "07")):
        e1l.run(at)
        e1l.send(octets, response=False)
    for asked, runs in ((224, 225), (160, 160), (256, 257), (643, 643), (96, 96)):
        e1l.run(e1l.now + 20)
        e1l.send("02" + asked.to_bytes(2, "little").hex(), response=False)
        assert e1l.run(e1l.now + 20).speed == runs


def test_quirk_24_a_speed_between_two_steps_is_truncated() -> None:
    machine = moving(bench('[speed]\nminimum = 0.96\nincrement = 0.32\nrounding = "truncated"'))
    assert machine.ask("02f401") == "800201"
    assert machine.run(machine.now + 20).speed == 96 + 12 * 32


def test_quirk_25_the_incline_range_is_all_zero() -> None:
    """captures.json, Urevo E1L: 2AD5 is `000000000000`."""
    assert read(shipped("urevo-e1l").join(1, CONTROL_POINT), INCLINE_RANGE) == "000000000000"


@pytest.mark.parametrize(("refusal", "answer"), [("invalid", "03"), ("silent", "01")])
def test_quirk_26_below_the_minimum_is_refused_or_dropped(refusal: str, answer: str) -> None:
    machine = moving(bench(f'[speed]\nminimum = 1.0\nbelow_minimum = "{refusal}"'))
    assert machine.ask("025a00") == f"8002{answer}"
    assert machine.run(machine.now + 10).speed == 100


def test_quirk_26_the_mobvoi_drops_what_is_too_slow_without_a_word() -> None:
    mobvoi = moving(shipped("mobvoi-tmp"))
    assert mobvoi.ask("025a00") == "800201"
    assert mobvoi.run(mobvoi.now + 10).speed == 100


def test_quirk_27_the_incline_has_whole_percents_and_may_fall_below_level() -> None:
    machine = moving(bench("[incline]\nminimum = -3\nmaximum = 12\nincrement = 1"))
    assert read(machine, INCLINE_RANGE) == "e2ff78000a00"
    assert machine.ask("03f1ff") == "800301"
    assert machine.treadmill.belt_incline(machine.run(machine.now + 20).now) == -10


@pytest.mark.parametrize(("code", "written"), [("level", "030300"), ("offset-16", "032e00")])
def test_quirk_27_the_incline_is_a_code(code: str, written: str) -> None:
    """Three percent as level 3, or as 0x10 + 10 * 3 (quirks.md 27)."""
    machine = moving(bench(f'[incline]\ncode = "{code}"'))
    assert machine.ask(written) == "800301"
    assert machine.treadmill.belt_incline(machine.run(machine.now + 20).now) == 30
    record = bytes.fromhex(machine.values(DATA)[-1])
    assert record[9:11].hex() == written[2:]


def test_quirk_28_the_deck_is_reported_level_wherever_it_is() -> None:
    machine = moving(bench("[incline]\nfeedback = false"))
    machine.ask("031e00")
    assert machine.treadmill.belt_incline(machine.run(machine.now + 20).now) == 30
    assert bytes.fromhex(machine.values(DATA)[-1])[9:13] == bytes(4)


def test_quirk_28_the_yesoul_answers_an_incline_with_operation_failed() -> None:
    yesoul = moving(shipped("yesoul-w2-pro"))
    assert yesoul.ask("031e00") == "800304"
