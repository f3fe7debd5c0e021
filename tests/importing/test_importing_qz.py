"""QZ programmes: what QZ would do with them (rules and sources at the top of `importing/qz.py`)."""

from __future__ import annotations

import pytest

from runback.importing.draft import SpeedUnit
from runback.workout.model import Kind
from tests.support.importing import brought, refused, rows


def qz(inner: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rows>{inner}</rows>'


WALK = '<row duration="00:05:00" speed="5.0" forcespeed="1"/>'


def test_rows_and_repeats_are_what_qz_would_run() -> None:
    inner = '<row duration="00:01:00" speed="7.5" forcespeed="1"/><row duration="00:01:30" speed="5" forcespeed="1"/>'
    got = brought(qz(f'{WALK}<repeat times="5">{inner}</repeat>{WALK}'))
    walk = ("walk", 300.0, 5.0)
    assert rows(got.workout.steps) == [walk, (5, [("run", 60.0, 7.5), ("walk", 90.0, 5.0)]), walk]


def test_hours_minutes_and_seconds_all_count() -> None:
    assert brought(qz('<row duration="01:02:03" speed="5" forcespeed="1"/>')).workout.duration == 3723


def test_a_distance_is_kilometres_and_counts_instead_of_the_duration() -> None:
    got = brought(qz('<row duration="00:09:00" distance="0.4" speed="8" forcespeed="1"/>'))
    assert rows(got.workout.steps) == [("run", 180.0, 8.0)]
    assert brought(qz('<row duration="00:09:00" distance="-1" speed="8" forcespeed="1"/>')).workout.duration == 540


def test_a_ramp_goes_from_end_to_end_in_its_time() -> None:
    got = brought(qz('<row duration="00:05:00" speedfrom="5.0" speedto="8.0" forcespeed="1"/>')).workout.flat()
    assert (got[0].speed, got[-1].speed, sum(step.duration for step in got)) == (500, 800, 300.0)


def test_speeds_are_kilometres_unless_the_person_says_miles() -> None:
    assert rows(brought(qz(WALK)).workout.steps) == [("walk", 300.0, 5.0)]
    assert any("--unit mph" in line for line in brought(qz(WALK)).guessed)
    got = brought(qz(WALK), unit=SpeedUnit.MPH)
    assert rows(got.workout.steps) == [("run", 300.0, 8.05)]
    assert not any("--unit" in line for line in got.guessed)


@pytest.mark.parametrize("off", ["", 'forcespeed="0"'])
def test_a_speed_that_qz_would_only_show_is_said(off: str) -> None:
    got = brought(qz(f'<row duration="00:05:00" speed="5.0" {off}/>'))
    assert rows(got.workout.steps) == [("walk", 300.0, 5.0)]
    assert any("does not force" in line for line in got.guessed)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ('zonehr="2" minspeed="6" maxspeed="9"', "a heart-rate zone"),
        ('hrmin="110" hrmax="120"', "a heart rate"),
        ('powerzone="0.75" forcespeed="1"', "a power"),
        ('power="1" forcespeed="1"', "a power"),
        ('speed="0" forcespeed="1"', "no speed"),
        ('speed="-1"', "no speed"),
        ('inclination="3"', "no speed"),
    ],
)
def test_a_row_without_a_speed_never_keeps_the_last_one(row: str, why: str) -> None:
    text = qz(f'<row duration="00:01:00" speed="12" forcespeed="1"/><row duration="00:05:00" {row}/>')
    error = refused(text)
    assert error.where == "mine.file: row 2"
    assert why in error.what
    assert rows(brought(text, speeds={Kind.RUN: 700}).workout.steps)[1] == ("run", 300.0, 7.0)


def test_inclination_is_percent_and_minus_two_hundred_is_none() -> None:
    rows_of = '<row duration="00:01:00" speed="5" inclination="{}" forcespeed="1"/>'
    got = brought(qz(rows_of.format("2.5") + rows_of.format("-200") + WALK)).workout.flat()
    assert [step.incline for step in got] == [25, 0, 0]


def test_texts_are_notes_and_no_steps() -> None:
    text = '<row duration="00:01:00" speed="5"><textevent timeoffset="3" message="Stay tall"/></row><textevent/>'
    got = brought(qz(text))
    assert len(got.workout.flat()) == 1
    assert got.lines[0].notes == ("Stay tall",)


def test_a_repeat_inside_a_repeat_is_done_as_written() -> None:
    got = brought(qz(f'<repeat times="2"><repeat times="3">{WALK}</repeat></repeat>'))
    assert len(got.workout.flat()) == 6
    assert any("nested in another" in line for line in got.guessed)


def test_a_row_without_length_is_left_out() -> None:
    got = brought(
        qz(f'{WALK}<row duration="00:00:00" speed="9"/><repeat times="2"></repeat><row distance="0" speed="9"/>')
    )
    assert len(got.workout.flat()) == 1


@pytest.mark.parametrize(
    ("inner", "what"),
    [
        ("", "no rows"),
        ('<row speed="5"/>', "neither a duration nor a distance"),
        ('<row duration="01:00" speed="5"/>', "not hh:mm:ss"),
        ('<row duration="00:75:00" speed="5"/>', "not hh:mm:ss"),
        ('<row duration="24:00:00" speed="5"/>', "not hh:mm:ss"),
        ('<row distance="-3" speed="5"/>', "negative"),
        ('<row duration="00:01:00" speed="5,5"/>', "not a plain number"),
        ('<row duration="00:01:00" speed="60"/>', "faster than anybody"),
        ('<row duration="00:01:00" speed="5" inclination="44"/>', "outside"),
        ('<repeat><row duration="00:01:00" speed="5"/></repeat>', "not a plain number"),
        ('<repeat times="0"><row duration="00:01:00" speed="5"/></repeat>', "number of repeats"),
        ('<repeat times="2.5"><row duration="00:01:00" speed="5"/></repeat>', "not a whole number"),
        (f"<row intervals='3'>{WALK}</row>", "something inside it"),
        ("<step/>", "neither a row nor a repeat"),
        ("<repeat times='1'>" * 9 + WALK + "</repeat>" * 9, "8 repeats"),
        ("<row/>" * 10_001, "neither a duration"),
        (WALK * 10_001, "10,000 rows"),
    ],
)
def test_what_qz_could_not_run_is_refused(inner: str, what: str) -> None:
    assert what in refused(qz(inner)).what
