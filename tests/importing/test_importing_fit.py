"""FIT workouts, written here byte by byte: what a watch would do with them (rules in `importing/fit.py`)."""

from __future__ import annotations

import pytest

from runback.workout.model import Kind
from tests.support.importing import FitStep, brought, fit, refused, rows

TIME, DISTANCE, OPEN, REPEAT = 0, 1, 5, 6
SPEED, HEART_RATE, NOTHING = 0, 1, 2
ACTIVE, REST, WARM_UP, COOL_DOWN, RECOVERY = 0, 1, 2, 3, 4


def at(seconds: float, kmh: float, intensity: int = ACTIVE) -> FitStep:
    speed = round(kmh / 0.0036)
    return (TIME, round(seconds * 1000), SPEED, 0, speed, speed, intensity)


def back(index: int, times: int) -> FitStep:
    return (REPEAT, index, NOTHING, times, None, None, ACTIVE)


def test_times_distances_ranges_and_repeats_are_the_watchs() -> None:
    data = fit(
        [
            at(600, 6, WARM_UP),
            (DISTANCE, 40_000, SPEED, 0, 3000, 3667, ACTIVE),  # 400 m at 10.8 to 13.2 km/h
            at(90, 5.04, REST),
            back(1, 6),
            at(300, 4.5, COOL_DOWN),
        ]
    )
    got = brought(data)
    assert got.workout.name == "Quarters"
    assert rows(got.workout.steps) == [
        ("warm-up", 600.0, 6.0),
        (6, [("run", 120.0, 12.0), ("walk", 90.0, 5.04)]),
        ("cool-down", 300.0, 4.5),
    ]


def test_repeats_stand_inside_repeats() -> None:
    got = brought(fit([at(60, 8), at(30, 5), back(0, 3), at(120, 5), back(0, 2)]))
    assert rows(got.workout.steps) == [
        (2, [(3, [("run", 60.0, 8.0), ("walk", 30.0, 5.0)]), ("walk", 120.0, 5.0)]),
    ]


def test_indices_may_start_anywhere() -> None:
    assert rows(brought(fit([at(60, 8), back(10, 3)], first=10)).workout.steps) == [(3, [("run", 60.0, 8.0)])]


def test_a_step_until_the_lap_key_needs_a_length() -> None:
    data = fit([(OPEN, None, SPEED, 0, 2000, 2000, WARM_UP)])
    assert "--open" in refused(data).hint
    got = brought(data, open_length=240.0)
    assert rows(got.workout.steps) == [("warm-up", 240.0, 7.2)]
    assert any("without an end" in line for line in got.guessed)


@pytest.mark.parametrize(
    ("target", "aim", "low", "why"),
    [
        (HEART_RATE, 2, None, "a heart rate"),
        (NOTHING, None, None, "no speed"),
        (SPEED, 3, None, "speed zone 3"),
        (SPEED, 0, None, "no speed"),
        (SPEED, 0, 0, "no speed"),
        (99, 0, 0, "another target"),
    ],
)
def test_a_rest_without_a_speed_is_refused_as_a_walk(target: int, aim: int | None, low: int | None, why: str) -> None:
    data = fit([at(60, 12), (TIME, 90_000, target, aim, low, low, REST)])
    error = refused(data)
    assert error.where == "mine.file: step 2"
    assert error.what.startswith("the walk step has")
    assert why in error.what
    assert rows(brought(data, speeds={Kind.WALK: 480}).workout.steps)[1] == ("walk", 90.0, 4.8)


def test_zero_long_steps_are_left_out() -> None:
    got = brought(fit([at(60, 8), at(0, 8), back(1, 3), (DISTANCE, 0, SPEED, 0, 2000, 2000, ACTIVE)]))
    assert rows(got.workout.steps) == [("run", 60.0, 8.0)]


@pytest.mark.full
@pytest.mark.parametrize(
    ("data", "what"),
    [
        (fit([at(60, 8)], kind=4), "not a workout"),
        (fit([at(60, 8)], kind=-1), "does not say what it holds"),
        (fit([at(60, 8)], sport=2), "not for running"),
        (fit([]), "no workout steps"),
        (fit([at(60, 8), back(0, 0)]), "repeats nothing"),
        (fit([at(60, 8), back(1, 2)]), "repeats nothing"),
        (fit([at(60, 8), at(60, 8), back(0, 2), back(1, 2)]), "middle of another"),
        (fit([at(60, 8), (7, 0, NOTHING, 60, None, None, ACTIVE)]), "until a time"),
        (fit([at(60, 8), *(back(0, 1) for _ in range(9))]), "8 repeats"),
        (fit([(2, 100, SPEED, 0, 2000, 2000, ACTIVE)]), "only ends when"),
        (fit([at(60, 8), back(0, 20_000)]), "20,000 steps"),
        (fit([at(1, 8)] * 10_001), "10,000 steps"),
        (fit([at(60, 8)])[:-1], "broken"),
        (fit([at(60, 8)])[:-2] + b"\0\0", "broken"),
        (fit([at(60, 8)])[:30], "broken"),
    ],
)
def test_what_is_no_workout_is_refused(data: bytes, what: str) -> None:
    assert what in refused(data).what
