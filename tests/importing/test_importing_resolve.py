"""From a file's words to a workout: ramps, caps, kinds, and what a person is asked and shown."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback import units
from runback.importing import preview, ramp
from runback.importing.answers import Answers, asked
from runback.importing.detect import read
from runback.importing.draft import Reference, SpeedUnit
from runback.importing.resolve import RUNS_FROM
from runback.workout.model import Kind
from tests.support.importing import CAP, brought, refused, rows

SPEEDS = st.integers(10, 2000)


@given(SPEEDS, SPEEDS, st.integers(1, 7200) | st.floats(1, 7200))
def test_a_ramp_keeps_its_time_its_ends_and_its_steps_small(start: int, end: int, seconds: float) -> None:
    count = ramp.stages(start, end, seconds)
    speeds, lengths = ramp.speeds(start, end, count), list(ramp.shares(float(seconds), count))
    assert len(speeds) == len(lengths) == count
    assert sum(lengths) == pytest.approx(seconds, abs=1e-6)
    assert min(lengths) >= 1
    assert speeds in (sorted(speeds), sorted(speeds, reverse=True))
    assert sum(speeds) / count == pytest.approx((start + end) / 2, abs=1)
    if count > 1:
        assert (speeds[0], speeds[-1]) == (start, end)
        rise = max(abs(b - a) for a, b in itertools.pairwise(speeds))
        assert rise <= ramp.COARSE + 1 or count == int(seconds)
        assert rise <= ramp.FINE + 1 or seconds / (count + 1) < ramp.SETTLED + 1
    if seconds == int(seconds):
        assert all(length == int(length) for length in lengths)


def test_a_ramp_like_zwifts_holds_every_speed_equally_long() -> None:
    # qdomyos-zwift issue 1209: 9.1 to 11.1 km/h in 620 s; the first and the last speed last as long as the others.
    lengths = list(ramp.shares(620.0, ramp.stages(910, 1110, 620.0)))
    assert max(lengths) - min(lengths) <= 1
    assert ramp.speeds(910, 1110, len(lengths))[::10] == [910, 1110]


def test_the_cap_clamps_and_the_preview_says_where() -> None:
    got = brought("- 1m 2:30/km\n- 1m 6:00/km\n- 400mtr 2:30/km", cap=1200)
    assert rows(got.workout.steps) == [("run", 60.0, 12.0), ("run", 60.0, 10.0), ("run", 120.0, 12.0)]
    assert got.clamped == (
        "line 1: 24.0 km/h is above the cap, 12.0 km/h instead",
        "line 3: 24.0 km/h is above the cap, 12.0 km/h instead",
    )
    assert sum(line.startswith("Clamped") for line in preview.lines(got, "x")) == 2


def test_twenty_kilometres_an_hour_is_the_cap_of_all() -> None:
    assert brought("- 1m 2:00/km").workout.top_speed == CAP


def test_a_speed_nobody_runs_is_a_wrong_unit() -> None:
    assert "unit" in refused("- 1m 1:00/km").hint


@pytest.mark.parametrize(("speed", "kind"), [(RUNS_FROM, "run"), (RUNS_FROM - 1, "walk")])
def test_a_step_of_no_kind_is_a_run_from_a_stated_speed(speed: int, kind: str) -> None:
    got = brought(f'<rows><row duration="00:01:00" speed="{speed / 100}" forcespeed="1"/></rows>')
    assert got.workout.flat()[0].kind == kind
    assert any("6.5 km/h" in line for line in got.guessed)


def test_everything_missing_is_asked_once() -> None:
    text = "- 5m 80% Pace\n- 5m 90% Pace\n- 5m 6:00 Pace\n- walk 2m\n- walk 2m\n3x\n- 1m freeride\n- 1m 6:00/km"
    found = asked(read(text.encode(), "x", "x"), Answers(CAP))
    assert [(draft.where, question.about) for draft, question in found] == [
        ("line 1", Reference.THRESHOLD),
        ("line 3", SpeedUnit),
        ("line 4", Kind.WALK),
        ("line 7", Kind.FREE),
    ]
    speeds = {Kind.WALK: 500, Kind.FREE: 600}
    assert asked(read(text.encode(), "x", "x"), Answers(CAP, {Reference.THRESHOLD: 300}, SpeedUnit.KMH, speeds)) == []


def test_a_ramp_needs_both_its_ends_known() -> None:
    error = refused(
        '<workout_file><workout><Warmup Duration="60" PowerLow="0" PowerHigh="1"/></workout></workout_file>', pace=300
    )
    assert error.what == "the warm-up step has a share of 0"


def test_the_preview_shows_each_step_in_both_units_the_total_and_the_fastest() -> None:
    got = brought(
        '<rows><row duration="00:05:00" speed="5" inclination="1" forcespeed="1"><textevent message="Tall"/></row>'
        '<repeat times="2"><row duration="00:01:00" speed="9" forcespeed="1"/>'
        '<row duration="00:01:00" speed="5" forcespeed="1"/></repeat></rows>'
    )
    assert [" ".join(line.split()) for line in preview.lines(got, "mine.xml")][:8] == [
        "mine (QZ training programme, from mine.xml)",
        "5m walk 5.0 km/h 12:00/km 1 % (row 1)",
        '"Tall"',
        "2x",
        "1m run 9.0 km/h 6:40/km (row 2)",
        "1m walk 5.0 km/h 12:00/km (row 3)",
        "Total 9m, 0.88 km",
        "Fastest 9.0 km/h, 6:40/km, for 1m",
    ]
    miles = [" ".join(line.split()) for line in preview.lines(got, "mine.xml", units.Unit.MPH)]
    assert [miles[1], *miles[6:8]] == [
        "5m walk 3.1 mph 19:19/mi 1 % (row 1)",
        "Total 9m, 0.55 mi",
        "Fastest 5.6 mph, 10:44/mi, for 1m",
    ]
    shown = preview.as_json(got)
    assert (shown["duration_s"], shown["top_kmh"], shown["distance_m"]) == (540.0, 9.0, 883.3)
    steps = shown["steps"]
    assert isinstance(steps, list)
    assert [step["speed_kmh"] for step in steps] == [5.0, 9.0, 5.0, 9.0, 5.0]


def test_a_description_and_a_ramps_text_are_shown_once() -> None:
    text = (
        "<workout_file><description>Why\nnot</description><workout>"
        '<Warmup Duration="600" PowerLow="0.5" PowerHigh="0.8"><textevent message="Go"/></Warmup>'
        "</workout></workout_file>"
    )
    shown = list(preview.lines(brought(text, pace=300), "x"))
    assert shown[1] == "Why not"
    assert sum('"Go"' in line for line in shown) == 1
