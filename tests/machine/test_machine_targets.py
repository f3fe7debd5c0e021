"""Speed and incline: on the machine's grid, in its range, through the gate, once each (quirks 24-28, 36, 42)."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.errors import LimitError
from runback.machine.client import Capabilities, Machine
from runback.machine.events import Axis, Refused, Signal
from runback.machine.procedure import ANSWER_WITHIN
from runback.machine.targets import SupportedRange
from runback.safety.gate import Caps, Gate
from runback.source import Source
from tests.support.machine.driver import UREVO, Bench

BUSY = 0xFE


def want(bench: Bench, speed: int, source: Source = Source.PLAN) -> list[str]:
    bench.machine.want_speed(speed, source)
    return bench.pump()


# -- grid and range ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "written"),
    [(96, 96), (100, 96), (111, 96), (112, 96), (113, 128), (400, 384), (401, 416), (640, 640), (643, 640)],
)
def test_a_target_lies_on_the_machines_grid(asked: int, written: int) -> None:
    # 0.96-6.43/0.32: captures.json 2AD4 600083022000, Urevo E1L; a tie goes down
    assert SupportedRange(96, 643, 32).nearest(asked) == written


@given(st.integers(0, 500), st.integers(0, 2000), st.integers(0, 300), st.integers(-100, 3000))
def test_the_grid_never_leaves_its_range(low: int, span: int, step: int, value: int) -> None:
    grid = SupportedRange(low, low + span, step)
    for found in (grid.nearest(value), grid.floor(value)):
        assert low <= found <= low + span
        assert step == 0 or (found - low) % step == 0
    assert grid.floor(value) <= max(value, low)
    if low <= value <= low + span:
        assert abs(grid.nearest(value) - value) <= max(step, 1)


def test_an_increment_of_zero_is_no_grid() -> None:
    assert SupportedRange(80, 2000, 0).nearest(777) == 777
    assert SupportedRange(80, 2000, 0).floor(777) == 777


@pytest.mark.parametrize("speed", [0, 30, 79, 2001, 65535])
def test_a_speed_outside_the_machines_range_is_refused(speed: int) -> None:
    bench = Bench().moving()
    with pytest.raises(LimitError) as caught:
        bench.machine.want_speed(speed, Source.PLAN)
    assert (caught.value.quantity, caught.value.asked) == ("speed", speed)
    assert bench.wait(3.0, belt=500) == []  # and what was wanted before still is


@pytest.mark.parametrize("incline", [-1, 121])
def test_an_incline_outside_the_machines_range_is_refused(incline: int) -> None:
    with pytest.raises(LimitError) as caught:
        Bench().moving().machine.want_incline(incline, Source.PLAN)
    assert (caught.value.quantity, caught.value.asked) == ("incline", incline)


def test_a_speed_above_a_cap_is_refused_even_in_range() -> None:
    bench = Bench(gate=Gate(Caps(plan=800))).moving()
    with pytest.raises(LimitError) as caught:
        bench.machine.want_speed(810, Source.PLAN)
    assert caught.value.layer == "plan cap"


@pytest.mark.parametrize("speed", [900, 850])
def test_what_lowers_or_keeps_the_speed_passes_above_a_cap(speed: int) -> None:
    bench = Bench().moving(900)
    bench.gate.narrow("plan", 800)
    assert want(bench, speed) == ([] if speed == 900 else ["025203"])


def test_the_machines_maximum_becomes_a_cap() -> None:
    bench = Bench(UREVO).connect()
    assert bench.gate.caps.machine == 643


def test_a_machine_without_a_readable_range_takes_what_the_caps_allow() -> None:
    bench = Bench(Capabilities()).moving()
    assert want(bench, 612) == ["026402"]
    with pytest.raises(LimitError):
        bench.machine.want_speed(2001, Source.PLAN)
    with pytest.raises(LimitError):
        bench.machine.want_speed(-1, Source.PLAN)


def test_a_machine_without_an_incline_ignores_one() -> None:
    bench = Bench(UREVO).moving(384)  # 2AD5 all zero (quirk 25)
    bench.machine.want_incline(30, Source.PLAN)
    assert bench.wait(2.0, belt=384) == []


def test_the_write_type_is_the_machines() -> None:
    assert not Bench(UREVO).moving(384).writes[-1].response  # quirk 1
    assert Bench().moving().writes[-1].response


def test_a_target_carries_its_source() -> None:
    bench = Bench().moving()
    want(bench, 510, Source.PERSON)
    assert bench.writes[-1].source is Source.PERSON


def test_only_a_stop_is_marked_as_one() -> None:
    bench = Bench().moving()
    bench.machine.pause()
    bench.pump()
    assert [(write.data.hex(), write.stop) for write in bench.writes] == [
        ("00", False), ("07", False), ("02f401", False), ("0802", False),
    ]  # fmt: skip


def test_a_negative_incline_is_written_signed() -> None:
    bench = Bench(
        Capabilities(SupportedRange(80, 2000, 10), SupportedRange(-60, 150, 10))
    ).moving()  # -6 %: TT8 (quirk 27)
    bench.machine.want_incline(-30, Source.PLAN)
    assert bench.pump() == ["03e2ff"]


# -- once, newest, with a gap -----------------------------------------------------------------------------------------


def test_an_unchanged_target_is_never_written_again() -> None:
    bench = Bench().moving()
    for _ in range(30):
        bench.machine.want_speed(500, Source.PLAN)
        bench.machine.want_incline(0, Source.PLAN)
        assert bench.wait(1.0, belt=500) in ([], ["030000"])
        bench.answers("800301")
    assert [octets for _, octets in bench.log].count("030000") == 1


def test_the_newest_wins_and_nothing_queues() -> None:
    bench = Bench().moving()
    assert want(bench, 510) == ["02fe01"]
    for speed in (520, 600, 450, 470):
        bench.machine.want_speed(speed, Source.PLAN)
    bench.answers("800201")
    assert bench.wait(1.0) == ["02d601"]


def test_a_target_taken_back_before_it_went_out_is_not_written() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(600, Source.PLAN)
    bench.machine.want_speed(500, Source.PLAN)
    assert bench.wait(3.0, belt=500) == []


def test_a_quarter_of_a_second_is_the_gap_nobody_has_to_set() -> None:
    assert Machine(Gate()).gap == 0.25


@pytest.mark.parametrize("gap", [0.25, 0.4])
def test_a_gap_lies_between_two_writes(gap: float) -> None:
    bench = Bench(gap=gap).moving()
    for speed in range(510, 600, 10):
        bench.machine.want_speed(speed, Source.PLAN)
        bench.wait(0.1, belt=None)
        bench.answers("800201")
    times = [at for at, _ in bench.log]
    assert all(b - a >= gap - 1e-9 for a, b in pairwise(times))


@pytest.mark.parametrize("gap", [0.25, 0.4])
def test_a_busy_machine_is_asked_again_but_not_within_the_gap(gap: float) -> None:
    bench = Bench(gap=gap).moving()
    bench.machine.want_speed(510, Source.PLAN)
    assert bench.offered() == "02fe01"
    at = bench.now
    bench.refuses(BUSY)
    assert bench.wait(1.0) == ["02fe01"]  # KS want 400 ms (quirk 42)
    assert bench.log[-1][0] - at >= gap - 1e-9


def test_a_busy_machine_that_needs_no_gap_is_given_a_tenth_of_a_second() -> None:
    bench = Bench(gap=0.0).moving()
    bench.machine.want_speed(510, Source.PLAN)
    assert bench.offered() == "02fe01"
    bench.refuses(BUSY)
    assert bench.pump() == []
    assert bench.wait(0.1) == ["02fe01"]


def test_a_lowered_target_lies_on_the_grid_as_well() -> None:
    assert want(Bench(UREVO).moving(384), 113) == ["028000"]


def test_speed_goes_before_incline_and_one_procedure_at_a_time() -> None:
    bench = Bench().moving()
    bench.machine.want_incline(20, Source.PLAN)
    assert want(bench, 510) == ["02fe01"]
    assert bench.wait(1.0) == []
    bench.answers("800201")
    assert bench.wait(0.3) == ["031400"]


def test_an_incline_that_is_there_already_is_not_written() -> None:
    bench = Bench().moving()
    bench.hears("00002acd-0000-1000-8000-00805f9b34fb", "0800" + "f401" + "1400" + "ff7f")
    bench.machine.want_incline(20, Source.PLAN)
    assert bench.pump() == []


def test_a_record_without_an_incline_takes_none_away() -> None:
    bench = Bench().moving()
    bench.hears("00002acd-0000-1000-8000-00805f9b34fb", "0800" + "f401" + "1400" + "ff7f").belt(500)
    bench.machine.want_incline(20, Source.PLAN)
    assert bench.pump() == []


def test_targets_are_written_again_after_the_belt_has_rested() -> None:
    bench = Bench().moving()
    bench.machine.want_incline(20, Source.PLAN)
    assert bench.pump() == ["031400"]
    bench.answers("800301").rests().gate.arm()
    bench.belt(80)  # resumed: at the minimum, or as before (quirk 19)
    bench.machine.want_speed(500, Source.PLAN)
    bench.machine.want_incline(20, Source.PLAN)
    written = []
    for _ in range(8):
        written += bench.wait(0.5)
        bench.answers("800201").answers("800301").belt(300)
    assert written == ["027c01", "031400", "02f401"]


# -- the gate ---------------------------------------------------------------------------------------------------------


def test_a_big_raise_goes_in_parts() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(1200, Source.PLAN)
    for _ in range(40):
        bench.wait(0.1, belt=None)
        bench.answers("800201").belt(700)
    assert [octets for _, octets in bench.log[-3:]] == ["022003", "024c04", "02b004"]
    times = [at for at, _ in bench.log[-3:]]
    assert all(b - a >= 1.0 - 1e-6 for a, b in pairwise(times))


def test_a_closed_gate_lets_only_lower() -> None:
    bench = Bench().moving()
    bench.machine.want_incline(50, Source.PLAN)
    assert bench.pump() == ["033200"]
    bench.answers("800301").gate.withdraw("a test")
    bench.machine.want_incline(60, Source.PLAN)
    assert want(bench, 600) == []
    assert bench.wait(2.0, belt=500) == []
    assert want(bench, 400) == ["029001"]
    bench.answers("800201").machine.want_incline(20, Source.PLAN)
    assert bench.wait(0.3) == ["031400"]


def test_an_unknown_incline_may_be_a_raise() -> None:
    bench = Bench().moving()
    bench.gate.withdraw("a test")
    bench.machine.want_incline(20, Source.PLAN)
    assert bench.wait(2.0, belt=500) == []


def test_a_measured_incline_is_what_lowering_counts_from() -> None:
    bench = Bench().moving()
    bench.gate.withdraw("a test")
    bench.hears("00002acd-0000-1000-8000-00805f9b34fb", "0800" + "f401" + "3200" + "0000")
    bench.machine.want_incline(20, Source.PLAN)
    assert bench.pump() == ["031400"]


def test_a_closed_gate_does_not_raise_a_creeping_belt_to_the_minimum() -> None:
    bench = Bench().in_control().belt(30)  # moving below the machine's minimum, on its way
    bench.gate.withdraw("a test")
    assert want(bench, 80) == []


def test_a_target_that_would_round_above_the_cap_is_not_written() -> None:
    bench = Bench(UREVO, gate=Gate(Caps(plan=405))).in_control().belt(128)
    assert want(bench, 405) == ["028001"]  # 3.84, not 4.16
    bench.answers("800201")
    assert bench.wait(3.0, belt=384) == []


def test_raising_is_counted_from_what_was_commanded() -> None:
    bench = Bench().moving()
    want(bench, 510)
    bench.answers("800201").now += 0.3
    bench.belt(900)  # whatever is measured
    assert want(bench, 520, Source.PERSON) == ["020802"]


# -- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("result", ["00", "02", "03", "55"])
def test_a_refused_target_is_told_and_not_offered_again(result: str) -> None:
    bench = Bench().moving()
    assert want(bench, 600) == ["025802"]
    bench.answers("8002" + result)
    assert bench.said() == [Refused(Axis.SPEED, 600, "the treadmill refused it")]
    bench.machine.want_speed(600, Source.PLAN)
    assert bench.wait(5.0, belt=500) == []
    assert want(bench, 590) == ["024e02"]
    bench.answers("800201").now += 0.3
    assert want(bench, 600) == ["025802"]  # something else was wanted in between


def test_a_part_that_is_refused_ends_the_whole_raise() -> None:
    bench = Bench().moving()
    assert want(bench, 1200) == ["022003"]
    bench.answers("800203")
    assert bench.wait(5.0, belt=500) == []
    assert bench.said() == [Refused(Axis.SPEED, 800, "the treadmill refused it")]


def test_an_att_error_refuses_a_target() -> None:
    bench = Bench().moving()
    bench.machine.want_incline(20, Source.PLAN)
    assert bench.offered() == "031400"
    bench.refuses(0x80)
    assert bench.said() == [Refused(Axis.INCLINE, 20, "the treadmill refused it")]
    assert bench.wait(3.0, belt=500) == []


def test_operation_failed_is_tried_again_a_few_times() -> None:
    bench = Bench().moving()
    assert want(bench, 600) == ["025802"]
    at = bench.now
    written = []
    for _ in range(30):
        bench.answers("800204").belt(500)
        written += bench.wait(0.1)
    assert written == ["025802", "025802"]
    assert bench.log[-1][0] - at >= 1.0  # half a second between (quirk 16)
    assert bench.said() == [Refused(Axis.SPEED, 600, "the treadmill does not do it")]


def test_a_success_between_makes_failures_count_anew() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(1400, Source.PLAN)
    for part in (800, 1100, 1400):
        octets = "02" + part.to_bytes(2, "little").hex()
        assert bench.wait(1.0) == [octets]
        bench.answers("800204").belt(part - 300)
        assert bench.wait(1.5, belt=part - 300) == [octets]
        bench.answers("800201").belt(part)
    assert bench.said() == []


def test_an_unanswered_target_is_written_again() -> None:
    bench = Bench().moving()
    assert want(bench, 600) == ["025802"]
    assert bench.wait(ANSWER_WITHIN - 0.1, belt=500) == []
    assert bench.wait(0.1, belt=None) == ["025802"]


def test_the_time_for_an_answer_runs_from_the_writing() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(600, Source.PLAN)
    assert bench.offered() == "025802"
    bench.now += 1.0
    bench.machine.written(bench.now)
    assert bench.wait(ANSWER_WITHIN - 0.1, belt=500) == []
    assert bench.wait(0.1) == ["025802"]


def test_a_target_whose_writing_hangs_is_given_the_same_time() -> None:
    bench = Bench().moving()
    bench.machine.want_speed(600, Source.PLAN)
    assert bench.offered() == "025802"
    assert bench.wait(ANSWER_WITHIN - 0.1, belt=500) == []
    assert bench.wait(0.1) == ["025802"]


@pytest.mark.parametrize(("shown", "again"), [(580, []), (620, []), (579, ["025802"]), (621, ["025802"])])
def test_an_unanswered_target_that_the_belt_shows_is_not_written_again(shown: int, again: list[str]) -> None:
    bench = Bench().moving()
    assert want(bench, 600) == ["025802"]
    assert bench.wait(ANSWER_WITHIN + 1.0, belt=shown) == again
    assert bench.said() == []


def test_an_unanswered_incline_is_given_up_in_the_end() -> None:
    bench = Bench().moving()
    bench.machine.want_incline(20, Source.PLAN)  # Yesoul, or no feedback at all (quirk 28)
    assert bench.pump() + bench.wait(20.0, belt=500) == ["031400"] * 3
    assert bench.said() == [Refused(Axis.INCLINE, 20, "the treadmill does not do it")]


def test_a_speed_of_the_same_figure_does_not_answer_for_an_incline() -> None:
    bench = Bench().moving(100)
    bench.machine.want_incline(100, Source.PLAN)
    assert bench.pump() + bench.wait(ANSWER_WITHIN, belt=100) == ["036400"] * 2


def test_a_lowered_target_does_not_wait_for_the_failed_one() -> None:
    bench = Bench().moving()
    want(bench, 600)
    bench.answers("800204")
    bench.now += 0.3
    assert want(bench, 400) == ["029001"]


@pytest.mark.parametrize("octets", ["800301", "800701", "800001", "800801", "810201", "8002", "02fe01", ""])
def test_an_answer_to_something_else_is_not_ours(octets: str) -> None:
    bench = Bench().moving()
    want(bench, 510)
    bench.answers(octets).machine.want_speed(450, Source.PLAN)
    assert bench.wait(1.0, belt=500) == []
    bench.answers("800201")
    assert bench.pump() == ["02c201"]


def test_answers_and_refusals_out_of_the_blue_change_nothing() -> None:
    bench = Bench().moving()
    bench.answers("800205").answers("800701").answers("800004").refuses(BUSY).refuses(0x0E)
    bench.machine.written(bench.now)
    assert bench.wait(2.0, belt=500) == []
    assert bench.said() == []


def test_a_refusal_of_a_target_that_a_pause_has_overtaken_means_nothing() -> None:
    bench = Bench().moving()
    want(bench, 600)
    bench.machine.pause()
    bench.answers("800203").said()
    assert bench.wait(0.3) == ["0802"]
    bench.answers("800801").rests().gate.arm()
    bench.belt(300).now += 0.3
    assert want(bench, 600) == ["025802"]


def test_targets_wait_for_control() -> None:
    bench = Bench().at_rest().belt(500)
    bench.gate.arm()
    assert want(bench, 600) == []
    assert Signal.CONTROL_REFUSED not in bench.signals()


def test_a_machine_without_a_range_is_told_a_speed_of_zero_as_zero() -> None:
    bench = Bench(Capabilities()).moving(300)
    bench.machine.want_speed(0, Source.PLAN)
    assert bench.pump() == ["020000"]
