"""One slot and its grid, by themselves: what is wanted, what the machine has, and what is due."""

from __future__ import annotations

import pytest

from runback.errors import LimitError
from runback.machine.targets import MAX_TRIES, UNKNOWN_RANGE, SupportedRange, Target
from runback.source import Source


def slot(grid: SupportedRange = UNKNOWN_RANGE, *, sent: int | None = None) -> Target:
    """A slot of `grid` whose machine has been told `sent`, and has taken it."""
    made = Target("speed")
    made.grid = grid
    if sent is not None:
        made.want(sent, Source.PLAN)
        made.offer(sent)
        made.took()
    return made


@pytest.mark.parametrize(("value", "nearest"), [(2, 0), (3, 5), (7, 5), (8, 10)])
def test_the_nearest_of_an_odd_increment_is_the_nearer(value: int, nearest: int) -> None:
    assert SupportedRange(0, 120, 5).nearest(value) == nearest


@pytest.mark.parametrize("value", [80, 2000])
def test_the_ends_of_a_range_are_in_it(value: int) -> None:
    made = slot(SupportedRange(80, 2000, 10))
    made.want(value, Source.PLAN)
    assert made.due(0.0) == value


@pytest.mark.parametrize("value", [-1, 0x10000])
def test_an_unread_range_is_what_the_wire_carries(value: int) -> None:
    made = Target("speed")
    with pytest.raises(LimitError) as caught:
        made.want(value, Source.PLAN)
    assert (caught.value.quantity, caught.value.layer) == ("speed", "the treadmill's range")
    for end in (0, 0xFFFF):
        made.want(end, Source.PLAN)
        assert made.due(0.0) == end


def test_a_new_slot_wants_nothing_and_knows_nothing() -> None:
    made = Target("incline")
    assert (made.wanted, made.sent, made.due(0.0), made.retry_at()) == (None, None, None, None)
    assert not made.is_sent(0)


def test_without_a_grid_only_the_value_itself_is_what_was_sent() -> None:
    made = slot(sent=500)
    assert [made.is_sent(value) for value in (499, 500, 501)] == [False, True, False]


@pytest.mark.parametrize(("value", "same"), [(384 - 16, False), (384 - 15, True), (384 + 15, True), (384 + 16, False)])
def test_less_than_half_an_increment_away_is_what_was_sent(value: int, *, same: bool) -> None:
    assert slot(SupportedRange(96, 643, 32), sent=384).is_sent(value) == same


def test_to_want_what_the_machine_has_as_it_rounds_it_is_to_want_what_it_has() -> None:
    made = slot(SupportedRange(96, 643, 32))
    made.hold(390)  # a console's, between two increments
    made.want(395, Source.PLAN)
    assert (made.wanted, made.due(0.0)) == (390, None)


def test_what_the_console_set_is_the_consoles_if_the_machine_loses_it() -> None:
    made = slot(sent=500)
    made.hold(700)
    made.lost()
    assert (made.due(0.0), made.source) == (700, Source.CONSOLE)


def test_what_was_refused_and_then_set_at_the_console_is_refused_no_more() -> None:
    made = slot(sent=500)
    made.want(600, Source.PLAN)
    made.offer(600)
    made.refuse()
    assert (made.due(0.0), made.is_sent(600)) == (None, False)
    made.hold(600)
    made.lost()
    assert made.due(0.0) == 600


def test_a_success_gives_all_its_tries_back() -> None:
    made = slot(sent=500)
    for _ in range(2):
        made.want(600, Source.PLAN)
        tries = []
        for _ in range(MAX_TRIES - 1):
            made.offer(600)
            tries.append(made.retry(0.0))
        assert tries == [True] * (MAX_TRIES - 1)
        made.offer(600)
        made.took()
        made.lost()
    made.offer(600)
    assert [made.retry(0.0) for _ in range(MAX_TRIES)] == [True] * (MAX_TRIES - 1) + [False]
    assert (MAX_TRIES, made.due(0.0)) == (3, None)


def test_a_postponed_target_is_called_for_until_it_is_written_again_or_given_up() -> None:
    made = slot()
    made.want(600, Source.PLAN)
    made.offer(600)
    assert made.retry(5.0)
    assert (made.retry_at(), made.due(4.9), made.due(5.0)) == (5.0, None, 600)
    made.offer(600)
    assert made.retry_at() is None
    made.retry(6.0)
    made.offer(600)
    assert not made.retry(7.0)
    assert made.retry_at() is None
