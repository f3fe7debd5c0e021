"""Durations, speeds and inclines as people write them."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.config_files.error_text import printable
from runback.errors import WorkoutError
from runback.workout import quantities
from runback.workout.formatting import spell_duration, spell_incline, spell_speed
from tests.support.workout import attempt

Reader = Callable[[str, str], float]
READERS: tuple[Reader, ...] = (quantities.duration, quantities.speed, quantities.incline)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("1m", 60),
        ("1.5m", 90),
        ("1.1m", 66),
        ("1m30s", 90),
        ("1m 30s", 90),
        ("1:30", 90),
        ("90:00", 5400),
        ("1:00:00", 3600),
        ("00:01:30", 90),
        ("2h", 7200),
        ("1h5m30s", 3930),
        (" 5 MIN ", 300),
        ("30 sec", 30),
        ("24h", 86400),
        ("0:30.5", 30.5),
    ],
)
def test_a_duration_means_its_seconds(text: str, seconds: float) -> None:
    assert quantities.duration(text, "here") == seconds


@pytest.mark.parametrize(
    ("text", "speed"),
    [
        ("7.5", 750),
        ("8.2", 820),
        ("7.5 km/h", 750),
        ("7.5kmh", 750),
        ("7.5 kph", 750),
        ("7.5 km / h", 750),
        ("4.7 mph", 756),
        ("8:00/km", 750),
        ("8:00 min/km", 750),
        ("12:53 /mile", 750),
        ("12:53/mi", 750),
        ("0.1", 10),
        ("25", 2500),
    ],
)
def test_a_speed_means_its_hundredths_of_kmh(text: str, speed: int) -> None:
    assert quantities.speed(text, "here") == speed


@pytest.mark.parametrize(("text", "incline"), [("1%", 10), ("-2.5 %", -25), ("−1%", -10), ("+3%", 30), ("0%", 0)])
def test_an_incline_means_its_tenths_of_percent(text: str, incline: int) -> None:
    assert quantities.incline(text, "here") == incline


@pytest.mark.parametrize(
    ("read", "text", "fault"),
    [
        (quantities.duration, "5", "no unit"),
        (quantities.duration, "-5m", "negative"),
        (quantities.duration, "0s", "zero"),
        (quantities.duration, "0.5s", "shorter than 1 s"),
        (quantities.duration, "24h1s", "longer than 24h"),
        (quantities.duration, "1000000000s", "longer than 24h"),
        (quantities.duration, "nan", "not a finite number"),
        (quantities.duration, "inf", "not a finite number"),
        (quantities.duration, "", "empty"),
        (quantities.duration, "1:5", "not m:ss"),
        (quantities.duration, "1:60", "not m:ss"),
        (quantities.duration, "1:60:00", "not m:ss"),
        (quantities.duration, "5m1h", "does not go from hours"),
        (quantities.duration, "1m1m", "does not go from hours"),
        (quantities.duration, "5 parsecs", "cannot be read"),
        (quantities.duration, "9" * 5000 + "s", "too long"),
        (quantities.duration, "٥m", "cannot be read"),
        (quantities.speed, "0", "below 0.1 km/h"),
        (quantities.speed, "-5", "negative"),
        (quantities.speed, "25.01", "above 25.0 km/h"),
        (quantities.speed, "16 mph", "above 25.0 km/h"),
        (quantities.speed, "7,5", "cannot be read"),
        (quantities.speed, "1e1", "cannot be read"),
        (quantities.speed, "fast", "cannot be read"),
        (quantities.speed, "nan km/h", "cannot be read"),
        (quantities.speed, "0:00/km", "not a time per distance"),
        (quantities.speed, "8:61/km", "not a time per distance"),
        (quantities.speed, "8:00", "no unit"),
        (quantities.speed, "8/km", "no seconds"),
        (quantities.incline, "1", "no % sign"),
        (quantities.incline, "41%", "outside"),
        (quantities.incline, "-10.1%", "outside"),
        (quantities.incline, "steep", "cannot be read"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_fault_and_a_hint(read: Reader, text: str, fault: str) -> None:
    with pytest.raises(WorkoutError) as caught:
        read(text, "here")
    assert caught.value.where == "here"
    assert fault in caught.value.what
    assert caught.value.hint


@pytest.mark.parametrize("value", [True, False, None, [], {}, math.nan, math.inf, -math.inf, -1])
@pytest.mark.parametrize("read", [quantities.duration_value, quantities.speed_value])
def test_a_value_that_is_no_usable_number_is_refused(read: Callable[[object, str], float], value: object) -> None:
    with pytest.raises(WorkoutError):
        read(value, "here")


@pytest.mark.parametrize("read", [quantities.duration_value, quantities.speed_value, quantities.incline_value])
def test_an_integer_of_thousands_of_digits_is_refused(read: Callable[[object, str], float]) -> None:
    with pytest.raises(WorkoutError, match="far too many"):
        read(10**5000, "here")


def test_a_plain_number_is_kmh_or_percent() -> None:
    assert quantities.speed_value(7.5, "") == 750
    assert quantities.incline_value(-2.5, "") == -25


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1.30m", "1m18s or 1m30s"),
        ("1.30h", "1h18m or 1h30m"),
        ("0.30m", "18s or 30s"),
        (".30h", "18m or 30m"),
        ("1h1.30m", "1m18s or 1m30s"),
        ("1.50m", "1m30s or 1m50s"),
        ("1.75m", "1m45s"),
        ("1.00h", "1h"),
    ],
)
def test_minutes_and_hours_that_look_like_a_clock_are_refused(text: str, readings: str) -> None:
    """Issue 11, point 20: 1.30m was taken as 1m18s."""
    with pytest.raises(WorkoutError) as caught:
        quantities.duration(text, "here")
    assert caught.value.hint == f"write {readings}"
    assert [quantities.duration(each, "") for each in readings.split(" or ")]


@pytest.mark.parametrize("text", ["0.05%", "-0.05%", "1.25%", "0.1000000001%", "0.00001 %"])
def test_an_incline_finer_than_a_treadmill_has_is_refused_not_rounded(text: str) -> None:
    """Issue 11, point 20: 0.05 % became level."""
    with pytest.raises(WorkoutError, match=r"finer than 0\.1 %"):
        quantities.incline(text, "here")


@pytest.mark.parametrize(("text", "incline"), [("1.50%", 15), ("0.30%", 3), ("-0.0%", 0), ("40.0%", 400)])
def test_an_incline_with_more_digits_and_the_same_value_is_taken(text: str, incline: int) -> None:
    assert quantities.incline(text, "here") == incline


@given(st.sampled_from(READERS), st.text() | st.from_regex(r"[-0-9.:hms%/ kmp]{0,45}", fullmatch=True))
def test_any_text_is_a_bounded_quantity_or_one_printable_line(read: Reader, text: str) -> None:
    outcome = attempt(lambda: read(text, "here"))
    if isinstance(outcome, WorkoutError):
        assert str(outcome).isprintable()
    else:
        assert math.isfinite(outcome)
        assert -100 <= outcome <= 86_400


@given(st.floats(1, 86_400))
def test_a_spelt_duration_reads_back_the_same(seconds: float) -> None:
    assert quantities.duration(spell_duration(seconds), "") == seconds


@given(st.integers(10, 2500))
def test_a_spelt_speed_reads_back_the_same(speed: int) -> None:
    assert quantities.speed(spell_speed(speed), "") == speed


@given(st.integers(-100, 400))
def test_a_spelt_incline_reads_back_the_same(incline: int) -> None:
    assert quantities.incline(spell_incline(incline) + "%", "") == incline


@given(st.text(st.characters()), st.integers(1, 50))
def test_foreign_text_is_shown_on_one_bounded_line(text: str, limit: int) -> None:
    shown = printable(text, limit)
    assert shown.isprintable()
    assert len(shown) <= limit
    shown.encode("utf-8")
