"""Quirks 11 to 19 of quirks.md: start, stop, pause, resume."""

from __future__ import annotations

import pytest

from runback.simulator.belt import BeltMotion
from tests.support.simulator.treadmill_bench import STATUS, TRAINING, Bench
from tests.support.simulator.twin_bench import bench, shipped


def running(text: str, speed: str = "f401") -> Bench:
    """A twin that runs at 5.00 km/h since long ago."""
    machine = bench(text).join()
    machine.ask("00")
    machine.ask("07")
    machine.run(machine.now + 6)
    assert machine.ask("02" + speed) == "800201"
    machine.run(machine.now + 10)
    machine.heard.clear()
    return machine


def paused(text: str) -> Bench:
    machine = running(text)
    assert machine.ask("0802") == "800801"
    machine.run(machine.now + 10)
    assert machine.speed == 0
    return machine


def test_quirk_11_start_while_running_stops_the_belt() -> None:
    machine = running('[start]\nrepeat = "toggle"')
    assert machine.ask("07") == "800701"
    assert machine.run(machine.now + 10).speed == 0


def test_quirk_11_the_apollo_toggles_during_its_countdown_too() -> None:
    apollo = shipped("apollo-11-max").join()
    apollo.ask("00")
    apollo.ask("07")
    apollo.run(2)
    apollo.ask("07")
    assert apollo.run(20).speed == 0


def test_quirk_12_a_repeated_start_restarts_the_countdown() -> None:
    machine = running('[start]\nrepeat = "restarts"\ncountdown = 5')
    assert machine.ask("07") == "800701"
    assert machine.treadmill.phase(machine.now) is BeltMotion.COUNTDOWN
    assert machine.run(machine.now + 4.5).speed == 0
    assert machine.run(machine.now + 5).speed == 80


def test_quirk_12_a_repeated_start_pauses() -> None:
    machine = running('[start]\nrepeat = "pauses"')
    assert machine.ask("07") == "800701"
    assert machine.run(machine.now + 10).speed == 0
    assert machine.ask("07") == "800701"
    assert machine.run(machine.now + 10).speed == 80


def test_quirk_12_a_repeated_start_drops_to_one_kilometre_an_hour() -> None:
    machine = running('[start]\nrepeat = "slows"\nslow_to = 1.0')
    assert machine.ask("07") == "800701"
    assert machine.run(machine.now + 10).speed == 100


def test_quirk_12_a_repeated_start_may_be_harmless() -> None:
    """captures.json, Urevo E1L: `800701` although started by the remote control 45 ms before."""
    machine = running('[start]\nrepeat = "idempotent"')
    assert machine.ask("07") == "800701"
    assert machine.run(machine.now + 10).speed == 500


def test_quirk_13_without_start_every_second_the_belt_stops() -> None:
    machine = bench('[link]\nkeepalive = 1\n[start]\nrepeat = "keepalive"').join()
    machine.ask("00")
    machine.ask("07")
    machine.run(4)
    for _ in range(20):
        assert machine.ask("07") == "800701"
        machine.run(machine.now + 0.9)
    assert machine.speed == 80
    assert machine.run(machine.now + 5).speed == 0


def test_quirk_14_request_control_starts_the_belt() -> None:
    citysports = shipped("citysports-linker").join()
    assert citysports.ask("00") == "800001"
    assert citysports.run(10).speed == 80


def test_quirk_15_a_start_at_the_console_needs_00_and_07() -> None:
    machine = bench("[start]\nconsole_first = true").join()
    machine.ask("00")
    assert machine.ask("07") == "800704"
    assert machine.treadmill.buttons.press_start(machine.now)
    assert machine.run(10).values(STATUS) == ["0201"]
    assert machine.speed == 0
    assert machine.ask("07") == "800701"
    assert machine.run(20).speed == 80


def test_quirk_15_the_console_calls_only_from_rest_and_with_its_key() -> None:
    machine = bench("[start]\nconsole_first = true").join()
    machine.treadmill.buttons.pull_key(0)
    assert not machine.treadmill.buttons.press_start(1)
    machine.treadmill.buttons.insert_key(2)
    assert machine.treadmill.buttons.press_start(3)


def test_quirk_12_a_start_while_stopping_is_refused_whatever_the_habit() -> None:
    machine = running('[start]\nrepeat = "idempotent"')
    machine.ask("0801")
    assert machine.ask("07") == "800704"


def test_quirk_16_the_countdown_is_the_machines() -> None:
    """captures.json, Urevo E1L: pre-workout (`000e`) lasts 3.1 s."""
    e1l = shipped("urevo-e1l").join()
    e1l.send("00", response=False)
    e1l.run(1)
    e1l.send("07", response=False)
    e1l.run(10)
    assert e1l.timed(TRAINING) == [(1.0, "000e"), (pytest.approx(4.1), "000d")]


@pytest.mark.parametrize(("spin_up", "answer"), [("failed", "800204"), ("not-permitted", "800205")])
def test_quirk_16_a_speed_during_spin_up_is_refused(spin_up: str, answer: str) -> None:
    machine = bench(f'[start]\nspin_up = "{spin_up}"').join()
    machine.ask("00")
    machine.ask("07")
    assert machine.ask("02f401") == answer
    machine.run(5)
    assert machine.ask("02f401") == "800201"


def test_quirk_16_a_speed_during_spin_up_drops_the_link() -> None:
    machine = bench('[start]\nspin_up = "drops"').join()
    machine.ask("00")
    machine.ask("07")
    machine.run(1)
    assert machine.ask("02f401") == ""
    assert machine.drops() == [(1.0, 1)]
    assert machine.run(10).speed == 80


def test_quirk_16_a_speed_during_spin_up_may_be_taken() -> None:
    machine = bench('[start]\nspin_up = "accepted"').join()
    machine.ask("00")
    assert machine.ask("02f401") == "800204"
    machine.ask("07")
    assert machine.ask("02f401") == "800201"
    assert machine.run(20).speed == 500


def test_quirk_17_only_the_console_starts_the_belt() -> None:
    machine = bench("[start]\nremote = false").join()
    machine.ask("00")
    assert machine.ask("07") == "800704"
    assert machine.treadmill.buttons.press_start(machine.now)
    machine.run(10)
    assert machine.ask("02f401") == "800201"


def test_quirk_18_the_belt_starts_on_connecting() -> None:
    machine = bench("[start]\non_connect = true").join()
    assert machine.run(10).speed == 80


def test_quirk_18_its_own_start_button_is_dead_while_connected() -> None:
    machine = bench("[start]\nconsole_blocked = true").join()
    assert not machine.treadmill.buttons.press_start(1)
    machine.treadmill.disconnected(1, 2)
    assert machine.treadmill.buttons.press_start(3)


def test_quirk_19_stop_leaves_it_paused_and_start_resumes_the_former_speed() -> None:
    machine = running('[stop]\nmeans_pause = true\n[start]\nresume = "previous"')
    assert machine.ask("0801") == "800801"
    machine.run(machine.now + 10)
    assert machine.values(TRAINING)[-1] == "0000"
    assert machine.ask("07") == "800701"
    assert machine.run(machine.now + 20).speed == 500


def test_quirk_19_the_e1l_stops_like_a_pause_and_resumes_its_speed() -> None:
    e1l = shipped("urevo-e1l").join()
    for at, octets in ((0, "00"), (1, "07"), (8, "02e100"), (20, "0801"), (30, "07")):
        e1l.run(at)
        e1l.send(octets, response=False)
    e1l.run(29.9)
    assert e1l.run(50).speed == 225


def test_quirk_19_resume_returns_to_the_minimum() -> None:
    machine = paused("")
    assert machine.ask("07") == "800701"
    assert machine.run(machine.now + 20).speed == 80


def test_quirk_19_stop_while_paused_starts_the_belt() -> None:
    machine = paused('[stop]\nwhile_paused = "starts"')
    assert machine.ask("0801") == "800801"
    assert machine.run(machine.now + 10).speed == 80


def test_quirk_19_stop_while_running_stops_even_there() -> None:
    machine = running('[stop]\nwhile_paused = "starts"')
    assert machine.ask("0801") == "800801"
    assert machine.run(machine.now + 10).speed == 0
    assert machine.ask("0801") == "800804"
    assert machine.run(machine.now + 10).speed == 0


def test_quirk_19_pause_is_not_supported() -> None:
    machine = running("[stop]\npause_supported = false")
    assert machine.ask("0802") == "800802"
    assert machine.run(machine.now + 5).speed == 500


def test_quirk_19_stop_is_not_supported() -> None:
    machine = running("[stop]\nsupported = false")
    assert machine.ask("0801") == "800802"
    assert machine.run(machine.now + 5).speed == 500
    assert machine.treadmill.buttons.press_stop(machine.now)


def test_quirk_19_stop_zeroes_the_counters() -> None:
    machine = running("[stop]\nresets_counters = true")
    assert machine.treadmill.distance(machine.now) > 5
    machine.ask("0801")
    assert machine.treadmill.distance(machine.now) < 1


def test_quirk_19_stop_slows_as_fast_as_the_profile_says() -> None:
    machine = running("[stop]\ndeceleration = 0.5")
    machine.ask("0801")
    assert machine.run(machine.now + 5).speed == pytest.approx(245, abs=10)


def test_quirk_52_a_belt_that_stands_until_it_is_told_a_speed() -> None:
    machine = bench("[start]\nneeds_target = true\ncountdown = 3").join()
    machine.ask("00")
    assert machine.ask("07") == "800701"
    assert machine.run(60).speed == 0
    assert machine.ask("022c01") == "800201"
    assert machine.run(70).speed == 300
    machine.ask("0801")
    assert machine.run(90).speed == 0
