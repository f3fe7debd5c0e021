"""Speeds as people have them: nearest figures, safe limits, and nothing that moves shown at rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.units import (
    SLOWEST_PACE,
    Limit,
    Unit,
    difference,
    figure,
    length_figure,
    pace_seconds,
    speed_from_kmh,
    speed_from_mph,
    speed_from_pace,
    spell,
    spell_length,
    tenths,
)

SPEEDS = st.integers(1, 2500)
PLAIN = st.sampled_from([Unit.KMH, Unit.MPH])
PACES = st.sampled_from([Unit.MIN_PER_KM, Unit.MIN_PER_MILE])


@pytest.mark.parametrize(
    ("unit", "shown", "spelled", "at_rest", "spelled_at_rest"),
    [
        (Unit.KMH, "7.5", "7.5 km/h", "0.0", "0.0 km/h"),
        (Unit.MPH, "4.7", "4.7 mph", "0.0", "0.0 mph"),
        (Unit.MIN_PER_KM, "8:00", "8:00/km", "0", "at rest"),
        (Unit.MIN_PER_MILE, "12:52", "12:52/mi", "0", "at rest"),
    ],
)
def test_a_speed_is_shown_in_the_persons_unit_and_a_belt_at_rest_has_no_pace(
    unit: Unit, shown: str, spelled: str, at_rest: str, spelled_at_rest: str
) -> None:
    assert (figure(750, unit), spell(750, unit)) == (shown, spelled)
    assert (figure(0, unit), spell(0, unit)) == (at_rest, spelled_at_rest)


@pytest.mark.parametrize(
    ("unit", "metres", "figures", "spelled"),
    [
        (Unit.KMH, 1234.0, "1.23", "1.23 km"),
        (Unit.MIN_PER_KM, 1234.0, "1.23", "1.23 km"),
        (Unit.MPH, 1609.344, "1.00", "1.00 mi"),
        (Unit.MIN_PER_MILE, 804.672, "0.50", "0.50 mi"),
    ],
)
def test_distances_follow_in_kilometres_or_miles(unit: Unit, metres: float, figures: str, spelled: str) -> None:
    assert (length_figure(metres, unit), spell_length(metres, unit)) == (figures, spelled)


@given(st.integers(1, 155), PLAIN)
def test_a_speed_typed_to_a_decimal_comes_back_as_it_was_typed_also_as_a_limit(typed: int, unit: Unit) -> None:
    speed = speed_from_kmh(typed / 10) if unit is Unit.KMH else speed_from_mph(typed / 10)
    assert [tenths(speed, unit, limit) for limit in Limit] == [typed] * 3


@given(SPEEDS.filter(lambda speed: speed >= 60))
def test_a_pace_that_is_typed_as_it_is_shown_is_the_same_speed_to_half_a_second(speed: int) -> None:
    again = speed_from_pace(pace_seconds(speed, Unit.MIN_PER_KM))
    assert abs(360_000 / again - 360_000 / speed) <= 0.5 + 360_000 * 0.5 / again**2


@given(SPEEDS, SPEEDS, st.sampled_from(Limit))
def test_a_faster_speed_never_has_the_smaller_figure_nor_the_longer_pace(one: int, other: int, limit: Limit) -> None:
    slow, fast = sorted((one, other))
    for unit in (Unit.KMH, Unit.MPH):
        assert tenths(slow, unit, limit) <= tenths(fast, unit, limit)
    for unit in (Unit.MIN_PER_KM, Unit.MIN_PER_MILE):
        assert pace_seconds(slow, unit, limit) >= pace_seconds(fast, unit, limit)


@given(SPEEDS, PLAIN)
def test_a_figure_is_the_nearest_tenth(speed: int, unit: Unit) -> None:
    exact = speed / 10 / (1.609344 if unit is Unit.MPH else 1.0)
    assert abs(tenths(speed, unit) - exact) <= 0.5 + 1e-6 or tenths(speed, unit) == 1


@given(SPEEDS)
def test_a_highest_speed_is_never_shown_higher_than_it_is_nor_a_lowest_lower(speed: int) -> None:
    # Half a hundredth of a km/h is what the wire's own rounding may have taken.
    assert speed_from_mph(tenths(speed, Unit.MPH, Limit.HIGHEST) / 10) <= max(speed, 16)
    assert speed_from_mph(tenths(speed, Unit.MPH, Limit.LOWEST) / 10) >= speed
    if speed >= 61:
        assert 360_000 / pace_seconds(speed, Unit.MIN_PER_KM, Limit.HIGHEST) <= speed + 0.5
        assert 360_000 / pace_seconds(speed, Unit.MIN_PER_KM, Limit.LOWEST) >= speed - 0.5


@given(SPEEDS, st.sampled_from(Unit), st.sampled_from(Limit))
def test_a_belt_that_moves_is_never_shown_at_rest(speed: int, unit: Unit, limit: Limit) -> None:
    assert figure(speed, unit, limit) not in (figure(0, unit), "0:00")
    assert spell(speed, unit) != spell(0, unit)


@given(st.integers(1, 59), PACES)
def test_what_hardly_moves_has_the_slowest_pace_there_is(speed: int, unit: Unit) -> None:
    assert pace_seconds(speed, unit) == SLOWEST_PACE
    assert figure(speed, unit) == "99:59"


@given(SPEEDS, SPEEDS, st.sampled_from(Unit))
def test_a_difference_is_the_same_from_either_side(one: int, other: int, unit: Unit) -> None:
    assert difference(one, other, unit) == difference(other, one, unit)


@pytest.mark.parametrize(
    ("unit", "apart"),
    [(Unit.KMH, "0.5"), (Unit.MPH, "0.4"), (Unit.MIN_PER_KM, "0:34"), (Unit.MIN_PER_MILE, "0:56")],
)
def test_half_a_kilometre_an_hour_apart(unit: Unit, apart: str) -> None:
    assert difference(750, 700, unit) == apart
    assert difference(0, 700, unit) == ("at rest" if unit.is_pace else figure(700, unit))
