"""The control point's rules, as bytes (ftms.md, 2AD9 and 2ADA)."""

from __future__ import annotations

import pytest

from runback.simulator.belt import BeltMotion
from runback.simulator.gatt import Value, WriteReply
from runback.simulator.spec import AtRest, MachineSpec
from tests.support.simulator.treadmill_bench import CONTROL_POINT, DATA, STATUS, TRAINING, Bench


def test_start_is_answered_and_counted_down() -> None:
    bench = Bench().join()
    assert bench.ask("00") == "800001"
    assert bench.ask("07") == "800701"
    assert bench.values(TRAINING) == ["000e"]
    bench.run(10)
    assert bench.values(TRAINING) == ["000e", "000d"]
    assert bench.speed == 80


def test_responses_are_indicated_after_the_write_was_accepted() -> None:
    bench = Bench().join()
    token = bench.send("00")
    bench.run(1)
    response = Value(1, CONTROL_POINT, bytes.fromhex("800001"), indication=True)
    assert [said for _, said in bench.heard] == [WriteReply(1, token), response]
    assert [at for at, _ in bench.heard] == pytest.approx([0.01, 0.03])


@pytest.mark.parametrize("request_octets", ["01", "025000", "031e00", "07", "0801", "0802"])
def test_nothing_is_permitted_without_control(request_octets: str) -> None:
    bench = Bench().join()
    assert bench.ask(request_octets) == f"80{request_octets[:2]}05"
    assert bench.run(10).speed == 0


@pytest.mark.parametrize("request_octets", ["0405", "050000", "0680", "0c000000", "0d0000", "13ff", "800001", "ff"])
def test_an_unknown_op_code_is_not_supported_with_or_without_control(request_octets: str) -> None:
    bench = Bench().join()
    expected = f"80{request_octets[:2]}02"
    assert bench.ask(request_octets) == expected
    bench.ask("00")
    assert bench.ask(request_octets) == expected


@pytest.mark.parametrize("request_octets", ["0000", "0100", "02", "0250", "02500000", "0300", "0700", "08", "080100"])
def test_a_malformed_parameter_is_invalid(request_octets: str) -> None:
    bench = Bench().join()
    if request_octets[:2] != "00":
        bench.ask("00")
    assert bench.ask(request_octets) == f"80{request_octets[:2]}03"


@pytest.mark.parametrize("request_octets", ["020000", "024f00", "02d107", "02ffff", "037900", "03ffff", "0800", "0803"])
def test_a_parameter_out_of_range_is_invalid_and_changes_nothing(request_octets: str) -> None:
    bench = Bench().join().started()
    assert bench.ask(request_octets) == f"80{request_octets[:2]}03"
    assert bench.run(bench.now + 30).speed == 800


def test_a_machine_without_incline_does_not_support_one() -> None:
    bench = Bench(MachineSpec(incline_max=0, incline_increment=0)).join()
    bench.ask("00")
    assert bench.ask("030000") == "800302"


def test_start_when_started_fails_and_changes_nothing() -> None:
    bench = Bench().join().started()
    assert bench.ask("07") == "800704"
    assert bench.run(bench.now + 10).speed == 800


def test_start_while_counting_down_or_stopping_fails() -> None:
    bench = Bench().join()
    bench.ask("00")
    bench.ask("07")
    assert bench.ask("07") == "800704"
    bench.run(10)
    bench.ask("02d007")
    bench.run(60)
    assert bench.ask("0801") == "800801"
    assert bench.ask("07") == "800704"
    assert bench.run(100).speed == 0


@pytest.mark.parametrize("parameter", ["01", "02"])
def test_stop_or_pause_when_stopped_fails(parameter: str) -> None:
    bench = Bench().join()
    bench.ask("00")
    assert bench.ask("08" + parameter) == "800804"


def test_stop_works_again_while_the_belt_still_slows_down() -> None:
    bench = Bench().join().started()
    assert bench.ask("0801") == "800801"
    assert bench.ask("0801") == "800801"
    bench.run(bench.now + 3.8)
    assert bench.speed == 0
    assert bench.ask("0801") == "800804"


def test_stop_in_the_countdown_means_it_never_moves() -> None:
    bench = Bench().join()
    bench.ask("00")
    bench.ask("07")
    assert bench.ask("0801") == "800801"
    assert bench.run(30).speed == 0
    assert bench.values(TRAINING) == ["000e", "000f", "0001"]


def test_training_goes_to_post_workout_then_idle() -> None:
    bench = Bench(MachineSpec(post_workout=7.0)).join().started()
    stopped = bench.now
    bench.ask("0801")
    bench.run(stopped + 60)
    # 8 km/h at 2 km/h per second: at rest after 4 s, idle 7 s later
    assert bench.timed(TRAINING) == [(stopped, "000f"), (pytest.approx(stopped + 11), "0001")]


def test_pause_then_start_resumes_at_the_minimum() -> None:
    bench = Bench().join().started()
    assert bench.ask("0802") == "800801"
    bench.run(bench.now + 20)
    assert bench.speed == 0
    assert bench.values(TRAINING)[-1] == "0000"
    assert bench.ask("07") == "800701"
    assert bench.run(bench.now + 30).speed == 80


def test_a_machine_may_resume_at_the_previous_speed() -> None:
    """Quirk 19: the Urevo E1L was captured doing it."""
    bench = Bench(MachineSpec(resumes_previous=True)).join().started()
    bench.ask("0802")
    bench.run(bench.now + 20)
    bench.ask("07")
    assert bench.run(bench.now + 30).speed == 800


def test_stop_ends_a_pause_and_the_next_start_is_a_new_one() -> None:
    bench = Bench(MachineSpec(resumes_previous=True)).join().started()
    bench.ask("0802")
    bench.run(bench.now + 20)
    assert bench.ask("0801") == "800801"
    assert bench.ask("0801") == "800804"
    bench.ask("07")
    assert bench.run(bench.now + 30).speed == 80


@pytest.mark.parametrize(
    ("at_rest", "answer", "speed_after_start"),
    [(AtRest.REFUSED, "800204", 80), (AtRest.KEPT, "800201", 600), (AtRest.IGNORED, "800201", 80)],
)
def test_a_speed_while_at_rest_never_starts_the_belt(at_rest: AtRest, answer: str, speed_after_start: int) -> None:
    bench = Bench(MachineSpec(target_at_rest=at_rest)).join()
    bench.ask("00")
    assert bench.ask("025802") == answer
    assert bench.run(30).speed == 0
    bench.ask("07")
    assert bench.run(60).speed == speed_after_start


@pytest.mark.parametrize(("at_rest", "speed"), [(AtRest.REFUSED, 80), (AtRest.KEPT, 600), (AtRest.IGNORED, 80)])
def test_a_speed_in_the_countdown_counts_as_at_rest(at_rest: AtRest, speed: int) -> None:
    bench = Bench(MachineSpec(target_at_rest=at_rest)).join()
    bench.ask("00")
    bench.ask("07")
    bench.ask("025802")
    assert bench.run(60).speed == speed


def test_a_speed_between_increments_is_rounded_and_the_others_hear_the_rounded_one() -> None:
    """Quirk 24: 0.96-6.43 by 0.32, the Urevo's captured range."""
    bench = Bench(MachineSpec(speed_min=96, speed_max=643, speed_increment=32)).join().join(2).started(speed=128)
    assert bench.ask("022c01") == "800201"
    assert bench.values(STATUS, 2) == ["052001"]
    assert bench.run(bench.now + 30).speed == 0x0120


def test_incline_moves_at_its_own_rate_and_also_at_rest() -> None:
    bench = Bench().join()
    bench.ask("00")
    assert bench.ask("033c00") == "800301"
    bench.run(6.1)
    assert bench.treadmill.belt_incline(bench.now) == pytest.approx(30, abs=1)
    bench.run(20)
    assert bench.treadmill.belt_incline(bench.now) == 60


def test_reset_stops_the_belt_zeroes_the_counters_and_gives_control_away() -> None:
    bench = Bench().join().join(2, CONTROL_POINT, STATUS, DATA).started()
    bench.ask("033c00")
    bench.heard.clear()
    assert bench.ask("01") == "800101"
    assert bench.values(STATUS, 1) == []
    assert bench.values(STATUS, 2) == ["01"]
    assert bench.values(TRAINING) == ["0001"]
    assert bench.ask("07") == "800705"
    bench.run(bench.now + 60)
    assert bench.speed == 0
    assert bench.treadmill.belt_incline(bench.now) == 0
    assert bench.treadmill.phase(bench.now) is BeltMotion.AT_REST
    flags, elapsed = bench.values(DATA, 2)[-1][:4], bench.values(DATA, 2)[-1][-4:]
    assert (flags, elapsed) == ("9e04", "0000")


def test_start_and_stop_do_not_zero_the_counters() -> None:
    bench = Bench().join().started()
    before = bench.treadmill.distance(bench.now)
    bench.ask("0801")
    bench.run(bench.now + 20)
    bench.ask("07")
    bench.run(bench.now + 20)
    assert bench.treadmill.distance(bench.now) > before > 0


def test_the_newest_request_for_control_wins_and_the_former_holder_is_told() -> None:
    bench = Bench().join(1).join(2).started(client=1)
    assert bench.ask("00", 2) == "800001"
    assert (bench.values(STATUS, 1), bench.values(STATUS, 2)) == (["ff"], [])
    assert bench.ask("0801", 1) == "800805"
    assert bench.ask("0801", 2) == "800801"
    assert bench.values(STATUS, 1) == ["ff", "0201"]


def test_asking_again_for_control_one_has_takes_it_from_nobody() -> None:
    bench = Bench().join().started()
    assert bench.ask("00") == "800001"
    assert bench.values(STATUS) == []


def test_a_client_s_change_is_told_to_the_others_only() -> None:
    bench = Bench().join(1).join(2)
    for request in ("00", "07"):
        bench.ask(request)
    bench.run(10)
    for request in ("022003", "031e00", "0802"):
        bench.ask(request)
    assert bench.values(STATUS, 1) == []
    assert bench.values(STATUS, 2) == ["04", "052003", "061e00", "0202"]


def test_control_ends_with_the_connection() -> None:
    bench = Bench().join().started()
    bench.treadmill.disconnected(1, bench.now)
    bench.join(1)
    assert bench.ask("0801") == "800805"
    assert bench.speed == 800
