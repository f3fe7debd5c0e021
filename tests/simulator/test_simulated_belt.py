"""The belt is physics: it obeys its ramps exactly, and does not care how often anybody looks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runback.simulator.belt import BeltMotion, Ramp, SimulatedBelt


def belt(**changes: float) -> SimulatedBelt:
    given: dict[str, float] = {
        "acceleration": 0.8,
        "deceleration": 1.2,
        "stop_deceleration": 2.0,
        "incline_rate": 0.5,
        "countdown": 3.0,
    }
    return SimulatedBelt(minimum=80, **(given | changes))


COMMANDS = st.lists(
    st.tuples(
        st.floats(0.01, 20),
        st.sampled_from(["start", "stop", "aim", "tilt", "surplus", "creep"]),
        st.integers(80, 2000),
    ),
    max_size=12,
)


def play(commands: list[tuple[float, str, int]], looks: list[float]) -> tuple[object, ...]:
    """Carry the commands out, advancing also at every time in `looks`; returns all there is to know at the end."""
    one, now, pending = belt(), 0.0, sorted(looks)
    for wait, name, value in commands:
        then = now + wait
        while pending and pending[0] <= then:
            at = pending.pop(0)
            if at >= now:
                one.advance(at)
                one.totals(at)
        now = then
        one.advance(now)
        match name:
            case "start" if one.phase is BeltMotion.AT_REST:
                one.start(now)
            case "stop":
                one.stop(now)
            case "aim":
                one.aim(now, value)
            case "tilt":
                one.tilt(now, value // 20)
            case "surplus":
                one.surplus(now, value // 10)
            case "creep":
                one.creep(now, value // 20)
    end = now + 60
    for at in pending:
        if now <= at <= end:
            one.advance(at)
    one.advance(end)
    return one.phase, one.speed(end), one.incline(end), one.totals(end)


@given(commands=COMMANDS, looks=st.lists(st.floats(0, 300), max_size=200))
@settings(deadline=None)
def test_looking_often_changes_nothing_to_the_last_bit(
    commands: list[tuple[float, str, int]], looks: list[float]
) -> None:
    assert play(commands, looks) == play(commands, [])


@given(commands=COMMANDS)
@settings(deadline=None)
def test_the_belt_never_jumps(commands: list[tuple[float, str, int]]) -> None:
    one, now = belt(), 0.0
    for wait, name, value in commands:
        times = [now + wait * step / 20 for step in range(21)]
        speeds = []
        for at in times:
            one.advance(at)
            speeds.append(one.speed(at))
        for before, after in pairwise(speeds):
            assert abs(after - before) <= 200 * wait / 20 + 1e-6
            assert after >= 0
        now = times[-1]
        if name == "start" and one.phase is BeltMotion.AT_REST:
            one.start(now)
        elif name == "stop":
            one.stop(now)
        else:
            one.aim(now, value)


def test_start_counts_down_then_goes_to_the_minimum() -> None:
    one = belt()
    one.start(10.0)
    one.advance(12.999)
    assert (one.phase, one.speed(12.999)) == (BeltMotion.COUNTDOWN, 0)
    one.advance(13.5)
    assert one.phase is BeltMotion.DRIVEN
    assert one.speed(13.5) == pytest.approx(40)
    assert one.speed(14.0) == pytest.approx(80)
    assert one.speed(1000.0) == 80


def test_ramps_have_their_rates() -> None:
    one = belt(countdown=0)
    one.start(0.0)
    one.aim(0.0, 800)
    assert one.speed(5.0) == pytest.approx(400)
    assert one.speed(10.0) == 800
    one.aim(20.0, 200)
    assert one.speed(22.0) == pytest.approx(560)
    one.stop(30.0)
    assert one.speed(30.5) == pytest.approx(100)
    one.advance(31.0)
    assert (one.phase, one.speed(31.0)) == (BeltMotion.AT_REST, 0)


def test_distance_is_the_area_under_the_speed() -> None:
    one = belt(countdown=0, acceleration=10.0)
    one.start(0.0)
    one.aim(0.0, 1000)
    # 1 s of ramp at a mean of 5 km/h, then 3600 s at 10 km/h
    assert one.totals(3601.0).distance == pytest.approx(5 / 3.6 + 10_000)
    assert one.totals(3601.0).elapsed == pytest.approx(3601)


def test_time_stands_still_while_the_belt_stops_but_distance_does_not() -> None:
    one = belt(countdown=0)
    one.start(0.0)
    one.aim(0.0, 800)
    before = one.totals(60.0)
    one.stop(60.0)
    one.advance(100.0)
    after = one.totals(100.0)
    assert after.elapsed == before.elapsed == 60
    assert after.distance - before.distance == pytest.approx(800 / 360 * 4 / 2)


def test_energy_is_what_acsm_says_for_running() -> None:
    """10 km/h level: 0.2 * 166.67 + 3.5 = 36.83 ml/kg/min; 75 kg at 5 kcal per litre: 13.8 kcal/min."""
    one = belt(countdown=0, acceleration=1000.0)
    one.start(0.0)
    one.aim(0.0, 1000)
    assert one.totals(600.0).energy == pytest.approx(138.1, abs=0.2)


def test_climbing_counts_up_and_descending_counts_down() -> None:
    one = belt(countdown=0, acceleration=1000.0, incline_rate=1000.0)
    one.start(0.0)
    one.aim(0.0, 600)
    one.tilt(0.0, 50)
    up = one.totals(600.0)
    assert up.climbed == pytest.approx(50, abs=0.1)
    assert up.descended == 0
    one.tilt(600.0, -30)
    down = one.totals(1200.0)
    assert down.climbed == pytest.approx(50, abs=0.1)
    assert down.descended == pytest.approx(30, abs=0.1)


@given(start=st.floats(-500, 2500), goal=st.floats(-500, 2500), rate=st.floats(0.1, 1000), wait=st.floats(0, 100))
def test_a_ramp_stays_between_its_ends(start: float, goal: float, rate: float, wait: float) -> None:
    ramp = Ramp(5.0, start, goal, rate)
    low, high = sorted((start, goal))
    assert low - 1e-9 <= ramp.value(5.0 + wait) <= high + 1e-9
    assert ramp.value(ramp.until) == goal
