"""What is learned of how long a belt takes: from clean changes only, and robustly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.session.belt_ramp import KEEP, LEARN_FROM, LONGEST, RampEstimator, RampModel, RampSample, is_close


def told(
    ramps: RampEstimator, start: int, goal: int, *, delay: float, rate: float, at: float = 0.3, clean: bool = True
) -> None:
    """A belt at `start` is told `goal` at `at`, and says what it does each second until it is there; when it was."""
    ramps.command(goal, start, at, clean=clean)
    second = int(at)
    while ramps.goal is not None and second < at + LONGEST + 5:
        second += 1
        gone = max(0.0, (second - at - delay) * rate)
        speed = min(start + gone, goal) if goal > start else max(start - gone, goal)
        ramps.measured(round(speed), float(second))


@given(
    start=st.integers(10, 120).map(lambda tenth: tenth * 10),
    by=st.integers(10, 90).map(lambda tenth: tenth * 10),
    up=st.booleans(),
    delay=st.floats(0.0, 4.0),
    rate=st.floats(20.0, 150.0),
)
def test_delay_and_rate_are_found_within_what_a_record_a_second_can_tell(
    start: int, by: int, up: bool, delay: float, rate: float
) -> None:
    ramps = RampEstimator()
    goal = start + by if up else max(50, start - by)
    told(ramps, start, goal, delay=delay, rate=rate)
    takes = ramps.lag.seconds(start, goal)
    if abs(goal - start) < LEARN_FROM:
        assert takes is None
        return
    assert takes is not None
    assert takes == pytest.approx(delay + abs(goal - start) / rate, abs=1.6)


def test_a_long_change_is_measured_exactly() -> None:
    ramps = RampEstimator()
    told(ramps, 500, 900, delay=1.2, rate=50.0)
    (change,) = ramps.lag.up
    assert change.delay == pytest.approx(1.2, abs=0.02)
    assert change.rate == pytest.approx(50.0, abs=0.5)
    assert ramps.lag.seconds(500, 1000) == pytest.approx(11.2, abs=0.2)
    assert ramps.lag.seconds(1000, 500) is None


def test_a_change_over_within_a_record_takes_no_longer_than_until_the_next() -> None:
    ramps = RampEstimator()
    told(ramps, 500, 700, delay=0.0, rate=1000.0, at=0.5)
    assert ramps.lag.seconds(500, 700) == pytest.approx(0.5)


def test_each_way_is_learned_by_itself() -> None:
    ramps = RampEstimator()
    told(ramps, 500, 900, delay=1.0, rate=50.0)
    told(ramps, 900, 500, delay=0.5, rate=100.0, at=30.2)
    assert ramps.lag.seconds(500, 900) == pytest.approx(9.0, abs=0.3)
    assert ramps.lag.seconds(900, 500) == pytest.approx(4.5, abs=0.3)


def test_one_odd_change_among_many_teaches_nothing() -> None:
    ramps = RampEstimator()
    for number in range(5):
        told(ramps, 500, 900, delay=20.0 if number == 2 else 1.0, rate=50.0, at=100 * number + 0.4)
    assert ramps.lag.seconds(500, 900) == pytest.approx(9.0, abs=0.3)


def test_only_the_last_are_kept() -> None:
    lag = RampModel()
    for number in range(2 * KEEP):
        lag = lag.learned(RampSample(float(number), 50.0), up=False)
    assert [change.delay for change in lag.down] == [float(number) for number in range(KEEP, 2 * KEEP)]


def test_what_is_left_is_told_only_where_something_is_known() -> None:
    ramps = RampEstimator(RampModel(up=(RampSample(1.0, 50.0),)))
    assert ramps.left(0.0) is None
    ramps.command(750, 500, 10.0)
    assert (ramps.goal, ramps.left(10.0), ramps.left(14.0), ramps.left(60.0)) == (750, 6.0, 2.0, 0.0)
    ramps.command(400, 700, 14.0)
    assert (ramps.goal, ramps.left(14.0)) == (400, None)


def test_nothing_is_learned_from_a_change_that_was_disturbed_small_late_or_not_from_a_steady_speed() -> None:
    ramps = RampEstimator()
    told(ramps, 500, 590, delay=1.0, rate=10.0)
    told(ramps, 500, 900, delay=1.0, rate=50.0, clean=False)
    ramps.command(900, 500, 100.0)
    ramps.measured(600, 102.0)
    ramps.command(500, 600, 103.0)
    ramps.measured(500, 106.0)
    ramps.command(900, 500, 200.0)
    ramps.drop()
    ramps.measured(900, 205.0)
    ramps.command(900, 500, 300.0)
    ramps.measured(500, 300.0 + LONGEST + 1)
    assert (ramps.goal, ramps.lag) == (None, RampModel())


def test_a_record_of_the_very_moment_of_the_command_teaches_nothing() -> None:
    ramps = RampEstimator()
    ramps.command(700, 500, 3.0)
    ramps.measured(700, 3.0)
    assert ramps.lag == RampModel()


def test_a_belt_that_goes_astray_on_its_way_is_taken_by_its_beginning_and_its_end() -> None:
    ramps = RampEstimator()
    ramps.command(900, 500, 0.0)
    for at, speed in ((1.0, 700), (2.0, 600), (4.0, 900)):
        ramps.measured(speed, at)
    assert ramps.lag.up == (RampSample(0.0, 100.0),)


def test_a_belt_that_has_the_speed_is_on_no_way() -> None:
    ramps = RampEstimator()
    ramps.command(500, 510, 0.0)
    assert ramps.goal is None
    assert is_close(500, 520)
    assert not is_close(500, 521)
