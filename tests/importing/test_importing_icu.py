"""intervals.icu text: what intervals.icu would make of it (rules in `importing/intervals_icu.py`)."""

from __future__ import annotations

import pytest

from runback.importing.draft import SpeedUnit
from runback.workout.model import Kind
from tests.support.importing import brought, refused, rows


def one(line: str, **given: object) -> object:
    return rows(brought(line, **given).workout.steps)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5m", 300),
        ("90s", 90),
        ("1h", 3600),
        ("1h30m", 5400),
        ("1h2m30s", 3750),
        ("5m30s", 330),
        ("1m30", 90),
        ("5'", 300),
        ('30"', 30),
        ("1'30\"", 90),
        ("10min", 600),
        ("0.5h", 1800),
        ("400mtr", 144),
        ("0.4km", 144),
        ("2km", 720),
        ("1mi", 579),
        ("100yrd", 33),
    ],
)
def test_m_is_minutes_and_mtr_metres(text: str, seconds: float) -> None:
    assert one(f"- {text} 6:00/km Pace") == ("run", float(seconds), 10.0)


@pytest.mark.parametrize(
    ("pace", "kmh"),
    [
        ("6:00/km Pace", 10.0),
        ("6:00/km", 10.0),
        ("8:00/mi pace", 12.07),
        ("2:00/400m Pace", 12.0),
        ("2:00/500m Pace", 15.0),
        ("0:30/100m Pace", 12.0),
        ("0:30/100y Pace", 10.97),
        ("6:00-5:00/km Pace", 11.0),
        ("6:00/km-5:00/km Pace", 11.0),
        ("80% Pace", 9.6),
        ("78-82% Pace", 9.6),
        ("78%-82% pace", 9.6),
        ("6:00/km Pace 180rpm", 10.0),
        ("Z2 6:00/km Pace", 10.0),
    ],
)
def test_a_pace_is_a_speed_and_a_share_is_of_the_threshold(pace: str, kmh: float) -> None:
    assert one(f"- 5m {pace}", pace=300) == ("run", 300.0, kmh)


def test_a_pace_without_a_unit_is_asked_for() -> None:
    assert "--unit" in refused("- 5m 6:00 Pace").hint
    assert one("- 5m 6:00 Pace", unit=SpeedUnit.KMH) == ("run", 300.0, 10.0)
    assert one("- 5m 9:00-7:12 Pace", unit=SpeedUnit.MPH) == ("run", 300.0, 12.07)
    assert "threshold pace" in refused("- 5m 60% Pace").what


MAIN = """Easy day, 10x better than none

Warmup
- 10m ramp 60-80% Pace

Main set 5x
- Hard 1m 4:00/km Pace
- Recovery 90s 50% Pace

3x
- 30s 5:00/km Pace

Cool down
- 5m 9:00/km Pace intensity=rest
"""


def test_sections_and_repeats_are_those_of_the_text() -> None:
    got = brought(MAIN, pace=300)
    steps = rows(got.workout.steps)
    assert steps[-3:] == [
        (5, [("run", 60.0, 15.0), ("walk", 90.0, 6.0)]),
        (3, [("run", 30.0, 12.0)]),
        ("cool-down", 300.0, 6.67),
    ]
    warm = [step for step in got.workout.flat() if step.kind is Kind.WARM_UP]
    assert (warm[0].speed, warm[-1].speed, sum(step.duration for step in warm)) == (720, 960, 600.0)
    assert [line.notes for line in got.lines if line.notes] == [("Hard",), ("Recovery",)]


def test_an_empty_line_ends_a_repeat_but_not_before_its_first_step() -> None:
    got = brought("5x\n\n- 1m 6:00/km\n- 1m 9:00/km\n\n- 5m 9:00/km")
    assert rows(got.workout.steps) == [(5, [("run", 60.0, 10.0), ("run", 60.0, 6.67)]), ("run", 300.0, 6.67)]


@pytest.mark.parametrize("head", ["3x", "3 x", "3×", "Main set 3x", "3x Main set", "Main set 3x:", "Set 3X (hard)"])
def test_the_heading_before_the_steps_says_how_often(head: str) -> None:
    assert len(brought(f"{head}\n- 1m 6:00/km").workout.flat()) == 3


def test_a_count_whose_steps_do_not_follow_repeats_nothing_and_that_is_said() -> None:
    got = brought("You will feel 10x better\nMain set\n- 1m 6:00/km")
    assert len(got.workout.flat()) == 1
    assert any("repeats nothing" in line for line in got.guessed)


def test_a_heading_ends_a_repeat_and_a_trailing_one_repeats_nothing() -> None:
    got = brought("2x\n- 1m 6:00/km\nThen\n- 2m 6:00/km\n4x")
    assert rows(got.workout.steps) == [(2, [("run", 60.0, 10.0)]), ("run", 120.0, 10.0)]


def test_a_ramp_runs_from_its_first_pace_to_its_second() -> None:
    steps = brought("- 10m ramp 7:30-6:00/km Pace").workout.flat()
    assert (steps[0].speed, steps[-1].speed) == (800, 1000)


def test_minutes_that_look_like_metres_are_said() -> None:
    got = brought("- 400m 6:00/km Pace")
    assert got.workout.duration == 24_000
    assert any("mtr" in line for line in got.guessed)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("- Walk 5m 6:00/km", "walk"),
        ("- warm-up 5m 6:00/km", "warm-up"),
        ("- 5m 6:00/km intensity=warmup", "warm-up"),
        ("- 5m 6:00/km intensity=active", "run"),
        ("- 5m 10:00/km", "walk"),
        ("Warm up\n- 5m 6:00/km", "warm-up"),
        ("Warm up\n- 5m 6:00/km\n\n- 5m 6:00/km", "run"),
        ("Warm up\n- 5m 6:00/km\n5x\n- 5m 6:00/km", "run"),
        ("Warm up\n5x\n- 5m 6:00/km", "warm-up"),
    ],
)
def test_words_say_what_a_step_is_and_speed_where_they_do_not(line: str, kind: str) -> None:
    assert brought(line).workout.flat()[-1].kind == kind


def test_the_lap_key_is_not_waited_for_and_that_is_said() -> None:
    got = brought("- 9m 9:00/km press lap")
    assert any("lap key" in line for line in got.guessed)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("- 5m", "the run step has no speed"),
        ("- walk 5m", "the walk step has no speed"),
        ("- Recovery 5m Z1", "the walk step has no speed, only one of your own zones"),
        ("- 5m intensity=rest", "the walk step has no speed"),
        ("- 5m Z2 Pace", "zone"),
        ("- 5m 70% HR", "heart rate"),
        ("- 5m 75%", "power"),
        ("- 5m 200-220w", "power"),
        ("- 5m 60% MMP", "power"),
        ("- 20m freeride", "the free step has no speed"),
        ("- 5m 0% Pace", "share of nothing"),
    ],
)
def test_what_is_no_pace_is_no_speed(line: str, why: str) -> None:
    assert why in refused("- 1m 4:00/km\n" + line, pace=300).what


@pytest.mark.full
@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("- 5m 6:00/km\n- easy", "no duration"),
        ("- 5m 6:75/km", "cannot be read"),
        ("- 5m 0:00/km", "cannot be read"),
        ("- 5m 1:00/000m", "cannot be read"),
        ("2x\n3x\n- 5m 6:00/km", "nested in another"),
        ("0x\n- 5m 6:00/km", "number of repeats"),
        ("- 0m 6:00/km", "no step"),
        ("- 5m 6:00/km " + "x" * 600, "too long"),
        ("- 1s 6:00/km\n" * 10_001, "10,000 steps"),
        ("999999999x\n- 1s 6:00/km", "steps"),
    ],
)
def test_what_intervals_could_not_read_is_refused(text: str, what: str) -> None:
    assert what in refused(text).what
