"""Limits: what a machine reports, narrowed; and speeds in the unit of its wire."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.devices.limits import LimitRange, from_wire, incline_span, speed_span, to_wire
from runback.devices.quirk_values import Trust, WireUnit
from runback.devices.speed_incline import Incline, Speed

limits = st.none() | st.integers(0, 3000)
spans = st.builds(LimitRange, st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 300))


def test_without_a_profile_the_machines_own_range_holds() -> None:
    assert speed_span(Speed(), LimitRange(80, 2000, 10)) == LimitRange(80, 2000, 10)
    assert incline_span(Incline(), LimitRange(-30, 150, 5)) == LimitRange(-30, 150, 5)


def test_a_profile_narrows_on_the_machines_own_grid() -> None:
    assert speed_span(Speed(minimum=100, maximum=600), LimitRange(96, 643, 32)) == LimitRange(128, 600, 32)


def test_a_profile_never_widens() -> None:
    assert speed_span(Speed(minimum=50, maximum=2500), LimitRange(80, 2000, 10)) == LimitRange(80, 2000, 10)


def test_a_coarser_step_narrows_where_the_machine_can_do_it() -> None:
    assert incline_span(Incline(increment=10), LimitRange(0, 120, 5)) == LimitRange(0, 120, 10)
    assert incline_span(Incline(increment=12), LimitRange(0, 120, 5)) == LimitRange(0, 120, 5)


def test_a_step_that_is_not_trusted_is_the_profiles() -> None:
    assert speed_span(Speed(increment=32, trust=Trust.PROFILE), LimitRange(96, 643, 10)) == LimitRange(96, 643, 32)
    assert speed_span(Speed(trust=Trust.PROFILE), LimitRange(96, 643, 10)) == LimitRange(96, 643, 0)


def test_nothing_reported_leaves_the_profile_if_it_knows_both_ends() -> None:
    assert speed_span(Speed(minimum=160, maximum=640, increment=10), None) == LimitRange(160, 640, 10)
    assert speed_span(Speed(minimum=160), None) is None
    assert speed_span(Speed(), None) is None
    assert speed_span(Speed(minimum=160, maximum=160), None) is None


def test_an_all_zero_range_is_no_incline_and_never_divides() -> None:
    """captures.json, Urevo E1L: 2AD5 is `000000000000`."""
    assert incline_span(Incline(), LimitRange(0, 0, 0)) is None
    assert incline_span(Incline(minimum=0, maximum=100), LimitRange(0, 0, 0)) is None
    assert incline_span(Incline(controllable=False), LimitRange(0, 120, 5)) is None
    assert speed_span(Speed(minimum=160, maximum=640), LimitRange(0, 0, 0)) == LimitRange(160, 640, 0)


def test_a_range_in_miles_an_hour_is_read_as_such() -> None:
    """FS-BT-T4: 0.6 to 3.8 (quirks.md 23)."""
    profile = Speed(range_unit=WireUnit.MPH, maximum=610)
    assert speed_span(profile, LimitRange(60, 380, 10)) == LimitRange(97, 610, 16)


def test_nothing_between_the_two_is_no_range() -> None:
    assert speed_span(Speed(minimum=900), LimitRange(80, 600, 10)) is None


@given(
    low=limits, high=limits, step=limits, trust=st.sampled_from(Trust), unit=st.sampled_from(WireUnit), reported=spans
)
def test_the_result_always_lies_within_what_the_machine_reports(
    low: int | None, high: int | None, step: int | None, trust: Trust, unit: WireUnit, reported: LimitRange
) -> None:
    profile = Speed(minimum=low, maximum=high, increment=step, trust=trust, range_unit=unit)
    found = speed_span(profile, reported)
    if found is None or reported.high <= reported.low:
        return
    assert from_wire(reported.low, unit) <= found.low < found.high <= from_wire(reported.high, unit)
    assert low is None or found.low >= low
    assert high is None or found.high <= high
    assert found.step >= 0
    if trust is Trust.MACHINE and found.step > 0 and (grain := from_wire(reported.step, unit)) > 0:
        assert (found.low - from_wire(reported.low, unit)) % grain == 0
        assert found.step % grain == 0


def test_a_target_in_miles_an_hour_is_written_as_such() -> None:
    """TM11GY: `02 64 00` runs 1.61 km/h (quirks.md 22)."""
    assert to_wire(161, WireUnit.MPH) == 100
    assert from_wire(100, WireUnit.MPH) == 161


@pytest.mark.parametrize("unit", [None, WireUnit.KMH, WireUnit.CONSOLE])
def test_an_unknown_unit_is_taken_for_kilometres(unit: WireUnit | None) -> None:
    assert to_wire(161, unit) == from_wire(161, unit) == 161


@given(speed=st.integers(0, 3000), unit=st.sampled_from(WireUnit))
def test_what_is_written_is_read_back_within_a_hundredth_of_a_mile(speed: int, unit: WireUnit) -> None:
    assert abs(from_wire(to_wire(speed, unit), unit) - speed) <= 1
