"""The watchdog: what counts as a surge, what as silence, and when it will know more."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.safety.watchdog import (
    APART,
    OBEY_WITHIN,
    SILENT_AFTER,
    STALE_AFTER,
    STOPS,
    TOLERANCE,
    TripReason,
    Watchdog,
)


def watching(target: int | None = 500, speed: int = 500) -> Watchdog:
    """A belt that has run at `speed`, with `target`, since 0."""
    dog = Watchdog()
    if target is not None:
        dog.expect(target, 0.0)
    dog.measured(speed, 0.0)
    return dog


def feed(dog: Watchdog, records: list[tuple[float, int]]) -> list[TripReason | None]:
    found = []
    for at, speed in records:
        dog.measured(speed, at)
        found.append(dog.check(at))
    return found


# -- surge ----------------------------------------------------------------------------------------------------------


def test_a_belt_faster_than_told_is_a_surge_once_it_lasts() -> None:
    dog = watching()
    assert feed(dog, [(1.0, 601), (1.4, 601), (1.5, 601)]) == [None, None, TripReason.SURGE]
    assert TripReason.SURGE in STOPS


def test_within_the_tolerance_is_no_surge() -> None:
    assert set(feed(watching(), [(float(at), 500 + TOLERANCE) for at in range(1, 60)])) == {None}


def test_one_garbled_record_is_no_surge() -> None:
    dog = watching()
    assert feed(dog, [(1.0, 65535), (2.0, 500), (3.0, 65535), (4.0, 500)]) == [None] * 4


def test_two_records_that_no_belt_can_bear_out_are_a_surge() -> None:
    """Issue "What trials broke", point 18: filtering must never hide a real surge."""
    dog = watching()
    dog.garbled(1800, 1.0)
    assert dog.check(1.0) is None
    dog.garbled(1800, 1.0 + APART / 2)  # the same one, delivered twice
    assert dog.check(1.1) is None
    dog.garbled(65535, 1.0 + APART)
    assert dog.check(1.2) is TripReason.SURGE


def test_one_that_is_borne_out_is_a_surge_with_the_second() -> None:
    dog = watching()
    dog.garbled(1800, 1.0)
    assert feed(dog, [(1.3, 1800)]) == [TripReason.SURGE]


def test_two_such_records_with_a_believed_one_between_are_none() -> None:
    dog = watching(speed=500)
    dog.garbled(1800, 1.0)
    dog.measured(500, 2.0)
    dog.garbled(1800, 3.0)
    assert dog.check(3.0) is None


def test_what_is_garbled_below_the_allowance_is_no_surge() -> None:
    dog = watching(target=900, speed=300)
    for at in (1.0, 1.5, 2.0):
        dog.garbled(900 + TOLERANCE, at)
    assert dog.check(1.9) is None
    dog.garbled(901 + TOLERANCE, 2.1)
    dog.garbled(900, 2.4)
    dog.garbled(901 + TOLERANCE, 2.7)
    assert dog.check(2.7) is TripReason.STALE


def test_a_garbled_record_is_silence_and_a_doubted_one_is_not() -> None:
    dog = watching(target=900, speed=300)
    for at in range(1, 6):
        dog.garbled(800, float(at))
    assert dog.check(STALE_AFTER) is TripReason.STALE
    assert dog.check(SILENT_AFTER) is TripReason.SILENT
    dog.doubted(4.9)
    assert dog.check(SILENT_AFTER) is None


def test_a_belt_that_nobody_here_has_commanded_is_not_judged_by_its_nonsense() -> None:
    dog = watching(target=None)
    dog.garbled(1800, 1.0)
    dog.garbled(1800, 2.0)
    assert dog.check(1.9) is None


def test_a_record_that_bluez_repeats_is_no_surge() -> None:
    dog = watching()
    assert feed(dog, [(1.0, 900), (1.0, 900), (1.002, 900), (1.004, 900), (2.0, 500)]) == [None] * 5  # bluez.md 1


def test_a_surge_lasts_from_its_first_record_not_from_its_last() -> None:
    dog = watching()
    assert feed(dog, [(1.0, 700), (1.2, 700), (1.3, 500), (1.6, 700), (2.0, 700), (2.1, 700)]) == [
        None, None, None, None, None, TripReason.SURGE,
    ]  # fmt: skip


def test_a_surge_ends_with_the_first_record_that_is_none() -> None:
    dog = watching()
    feed(dog, [(1.0, 700), (2.0, 700)])
    assert dog.check(2.0) is TripReason.SURGE
    assert feed(dog, [(3.0, 500)]) == [None]


@pytest.mark.parametrize("per_second", [30, 70, 100, 250])
def test_a_belt_slowing_to_a_lower_target_is_no_surge(per_second: int) -> None:
    dog = watching(1500, 1500)
    dog.expect(500, 0.0)
    slowing = [(float(at), max(500, 1500 - per_second * at)) for at in range(1, 30)]
    assert set(feed(dog, slowing)) == {None}


def test_a_belt_that_rises_on_its_way_down_is_a_surge() -> None:
    dog = watching(1500, 1500)
    dog.expect(500, 0.0)
    assert feed(dog, [(1.0, 1400), (2.0, 1200), (3.0, 1301), (4.0, 1301)])[-2:] == [None, TripReason.SURGE]


def test_a_lower_target_does_not_shrink_the_allowance_below_what_is_measured() -> None:
    dog = watching(1500, 1500)
    for second in range(1, 10):
        dog.expect(1500 - 100 * second, float(second))
        assert feed(dog, [(float(second), 1500)]) == [None]


def test_a_belt_that_does_not_obey_is_a_surge_in_the_end() -> None:
    dog = watching(1500, 1500)
    dog.expect(500, 0.0)
    found = feed(dog, [(float(at), 1400) for at in range(1, 33)])
    assert found[: int(OBEY_WITHIN)] == [None] * int(OBEY_WITHIN)
    assert found[int(OBEY_WITHIN)] is TripReason.SURGE


def test_the_time_to_obey_runs_from_the_last_lowering() -> None:
    dog = watching(1500, 1500)
    dog.expect(500, 100.0)
    assert feed(dog, [(129.0, 1400), (129.6, 1400), (130.0, 1400), (130.5, 1400)]) == [
        None,
        None,
        None,
        TripReason.SURGE,
    ]


def test_a_belt_that_was_slow_before_it_was_fast_may_slow_down_again() -> None:
    dog = watching(500, 500)
    dog.expect(1500, 1.0)
    feed(dog, [(5.0, 1500)])
    dog.expect(500, 6.0)
    assert set(feed(dog, [(6.0 + at, 1500 - 50 * at) for at in range(1, 20)])) == {None}


def test_the_same_target_again_gives_no_more_time_to_obey() -> None:
    dog = watching(1500, 1500)
    dog.expect(500, 0.0)
    for at in range(1, 32):
        dog.expect(500, float(at))
        dog.measured(1400, float(at))
    assert dog.check(31.0) is TripReason.SURGE


def test_a_higher_target_allows_more_and_a_ramp_up_is_no_surge() -> None:
    dog = watching()
    dog.expect(900, 1.0)
    assert set(feed(dog, [(1.0 + at, 500 + 50 * at) for at in range(9)])) == {None}
    assert feed(dog, [(20.0, 1001), (21.0, 1001)])[-1] is TripReason.SURGE


def test_what_was_measured_before_a_raise_allows_nothing_after_the_next_lowering() -> None:
    dog = watching(500, 500)
    dog.expect(900, 1.0)
    feed(dog, [(2.0, 900)])
    dog.expect(500, 3.0)
    assert feed(dog, [(4.0, 600), (5.0, 701), (6.0, 701)])[-1] is TripReason.SURGE


def test_a_belt_nobody_has_commanded_is_not_judged() -> None:
    assert set(feed(watching(None, 500), [(float(at), 500 + 100 * at) for at in range(1, 15)])) == {None}


def test_a_target_given_to_a_running_belt_lets_it_come_down() -> None:
    dog = watching(None, 1500)
    dog.expect(500, 1.0)
    assert set(feed(dog, [(1.0 + at, 1500 - 100 * at) for at in range(1, 11)])) == {None}


def test_a_target_given_before_the_first_record_is_what_counts() -> None:
    dog = Watchdog()
    dog.expect(500, 0.0)
    assert feed(dog, [(1.0, 600), (2.0, 701), (3.0, 701)])[-1] is TripReason.SURGE


def test_reset_forgets_everything() -> None:
    dog = watching()
    feed(dog, [(1.0, 900), (2.0, 900)])
    dog.reset()
    assert dog.check(2.0) is None
    assert dog.check(math.inf) is None
    assert dog.deadline(0.0) is None
    assert set(feed(dog, [(3.0, 900), (4.0, 900)])) == {None}


def test_after_a_reset_a_surge_has_to_last_anew() -> None:
    dog = watching()
    feed(dog, [(1.0, 900)])
    dog.reset()
    dog.measured(500, 2.0)
    dog.expect(500, 2.0)
    assert feed(dog, [(3.0, 900), (3.5, 900)]) == [None, TripReason.SURGE]


def test_the_first_record_after_a_start_is_measured_from_rest() -> None:
    dog = Watchdog()
    dog.started(0.0)
    dog.expect(80, 0.0)
    assert feed(dog, [(1.0, 1000), (2.0, 1000)]) == [None, TripReason.SURGE]


# -- silence --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quiet", "found"),
    [
        (0.0, None),
        (1.999, None),
        (2.0, TripReason.STALE),
        (4.999, TripReason.STALE),
        (5.0, TripReason.SILENT),
        (99.0, TripReason.SILENT),
    ],
)
def test_silence_of_a_moving_belt(quiet: float, found: TripReason | None) -> None:
    assert watching().check(quiet) is found


def test_silence_stops_and_staleness_only_suspends() -> None:
    assert TripReason.SILENT in STOPS
    assert TripReason.STALE not in STOPS


@pytest.mark.parametrize("target", [None, 500])
def test_silence_of_a_belt_at_rest_does_not_matter(target: int | None) -> None:
    dog = watching(target, 0)
    assert dog.check(99.0) is None
    assert dog.deadline(0.0) is None


def test_silence_before_the_first_record_does_not_matter() -> None:
    dog = Watchdog()
    dog.expect(500, 0.0)
    assert dog.check(99.0) is None
    assert dog.deadline(0.0) is None


def test_silence_matters_once_a_start_is_out() -> None:
    dog = watching(None, 0)
    dog.started(10.0)
    assert dog.check(11.9) is None
    assert dog.check(12.0) is TripReason.STALE
    feed(dog, [(12.5, 0)])  # the countdown
    assert dog.check(14.4) is None
    assert dog.check(17.5) is TripReason.SILENT


def test_a_start_that_came_to_nothing_makes_silence_harmless_again() -> None:
    dog = watching(None, 0)
    dog.started(10.0)
    dog.settled()
    assert dog.check(99.0) is None


def test_a_belt_that_has_moved_and_rests_is_not_starting_any_more() -> None:
    dog = watching(None, 0)
    dog.started(10.0)
    feed(dog, [(13.0, 90), (14.0, 0)])
    assert dog.check(99.0) is None


def test_a_surge_is_worse_than_silence() -> None:
    dog = watching()
    feed(dog, [(1.0, 900), (2.0, 900)])
    assert dog.check(99.0) is TripReason.SURGE


# -- deadlines ------------------------------------------------------------------------------------------------------


@given(st.floats(0.0, 1e6), st.floats(0.0, 10.0))
def test_nothing_changes_before_the_deadline_and_something_does_at_it(heard: float, later: float) -> None:
    dog = Watchdog()
    dog.measured(500, heard)
    now = heard + later
    before, at = dog.check(now), dog.deadline(now)
    if at is None:
        assert before is TripReason.SILENT  # there is nothing worse to come
        return
    assert at > now
    assert dog.check(math.nextafter(at, 0.0)) is before
    assert dog.check(at) is not before
    assert dog.check(at) in (TripReason.STALE, TripReason.SILENT)


@pytest.mark.parametrize(("now", "at"), [(0.0, STALE_AFTER), (STALE_AFTER, SILENT_AFTER), (SILENT_AFTER, None)])
def test_the_deadlines_one_after_the_other(now: float, at: float | None) -> None:
    assert watching().deadline(now) == at
