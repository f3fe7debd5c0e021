"""A person at the machine: every change of theirs is told to every client."""

from __future__ import annotations

import pytest

from runback.simulator.spec import MachineSpec
from tests.support.simulator.treadmill_bench import STATUS, TRAINING, Bench


def test_a_start_by_hand_is_told_to_everybody() -> None:
    bench = Bench().join(1).join(2)
    assert bench.treadmill.buttons.press_start(1.0)
    bench.run(10)
    assert bench.values(STATUS, 1) == bench.values(STATUS, 2) == ["04"]
    assert bench.values(TRAINING) == ["000e", "000d"]
    assert bench.speed == 80


def test_a_speed_by_hand_is_kept_within_range_and_told() -> None:
    bench = Bench().join().started()
    assert bench.treadmill.buttons.set_speed(bench.now, 604)
    assert bench.treadmill.buttons.set_speed(bench.now, 9999)
    assert bench.run(bench.now + 60).speed == 2000
    assert bench.values(STATUS) == ["055802", "05d007"]


def test_a_speed_by_hand_does_nothing_to_a_belt_at_rest() -> None:
    bench = Bench().join()
    assert not bench.treadmill.buttons.set_speed(0.0, 600)
    assert bench.run(30).speed == 0
    assert bench.values(STATUS) == []


def test_an_incline_by_hand_is_told() -> None:
    bench = Bench().join()
    assert bench.treadmill.buttons.set_incline(0.0, 42)
    bench.run(30)
    assert bench.values(STATUS) == ["062800"]
    assert bench.treadmill.belt_incline(30) == 40


def test_there_is_no_incline_button_without_an_incline_motor() -> None:
    assert not Bench(MachineSpec(incline_max=0)).treadmill.buttons.set_incline(0.0, 10)


@pytest.mark.parametrize(("pause", "status"), [(False, "0201"), (True, "0202")])
def test_stop_and_pause_by_hand(pause: bool, status: str) -> None:
    bench = Bench().join().started()
    press = bench.treadmill.buttons.press_pause if pause else bench.treadmill.buttons.press_stop
    assert press(bench.now)
    bench.run(bench.now + 20)
    assert (bench.speed, bench.values(STATUS)) == (0, [status])
    assert not bench.treadmill.buttons.press_pause(bench.now)


def test_the_safety_key_stops_the_belt_fast_and_forbids_starting() -> None:
    bench = Bench().join().started(speed=1600)
    assert bench.treadmill.buttons.pull_key(bench.now)
    assert not bench.treadmill.buttons.pull_key(bench.now)
    bench.run(bench.now + 2.01)
    assert (bench.speed, bench.values(STATUS)) == (0, ["03"])
    assert bench.ask("07") == "800704"
    assert not bench.treadmill.buttons.press_start(bench.now)
    assert bench.treadmill.buttons.insert_key(bench.now)
    assert not bench.treadmill.buttons.insert_key(bench.now)
    assert bench.run(bench.now + 20).speed == 0
    assert bench.ask("07") == "800701"
    assert bench.run(bench.now + 20).speed == 80


def test_the_safety_key_forgets_a_pause() -> None:
    bench = Bench(MachineSpec(resumes_previous=True)).join().started()
    bench.treadmill.buttons.press_pause(bench.now)
    bench.run(bench.now + 20)
    bench.treadmill.buttons.pull_key(bench.now)
    bench.treadmill.buttons.insert_key(bench.now)
    bench.run(bench.now + 20)
    assert bench.values(TRAINING)[-2:] == ["000f", "0001"]
    bench.ask("07")
    assert bench.run(bench.now + 20).speed == 80


def test_who_loses_control_is_told_and_nobody_else() -> None:
    bench = Bench().join(1).join(2).started()
    assert bench.treadmill.take_control(bench.now)
    assert not bench.treadmill.take_control(bench.now)
    assert bench.ask("025802") == "800205"
    assert (bench.values(STATUS, 1), bench.values(STATUS, 2)) == (["ff"], [])
    assert bench.ask("00") == "800001"
