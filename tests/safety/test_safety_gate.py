"""The gate, every combination: lowering always passes, raising never by more than was allowed, nothing by itself."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.errors import LimitError
from runback.safety.gate import ABSOLUTE_CAP, WINDOW, Caps, Gate, Layer, Rates

SPEEDS = (0, 1, 79, 80, 299, 300, 301, 500, 799, 800, 801, 1999, 2000, 2001, 65535)
LAYERS: tuple[Layer, ...] = ("absolute", "person", "machine", "profile", "workout", "plan")
CAPS = (
    Caps(),
    Caps(machine=800),
    Caps(absolute=800, machine=2200),
    Caps(profile=300, plan=500),
    Caps(workout=0),
    Caps(absolute=65535, plan=65535),
)
RATES = (Rates(), Rates(1, 1), Rates(300, 100), Rates(100, 300), Rates(0, 0), Rates(65535, 65535))
SPENT = (0, 1, 150, 300, 1000)


def gate(caps: Caps = CAPS[0], rates: Rates = RATES[0], *, armed: bool = True, held: bool = False) -> Gate:
    made = Gate(caps, rates)
    if armed:
        made.arm()
    made.held = held
    return made


@pytest.mark.parametrize(("armed", "held"), list(product((False, True), repeat=2)))
@pytest.mark.parametrize("spent", SPENT)
def test_every_combination(spent: int, *, armed: bool, held: bool) -> None:
    for caps, rates in product(CAPS, RATES):
        cap = min(value for layer in LAYERS if (value := getattr(caps, layer)) is not None)
        for current, asked in product(SPEEDS, repeat=2):
            guard = gate(caps, rates, armed=armed, held=held)
            guard.granted(spent, 9.5)
            given = guard.permit(current, asked, 10.0)
            if asked <= current:
                assert given == asked  # rule 2: whatever else is the case
                continue
            assert current <= given <= asked
            if not armed or held:
                assert given == current
                continue
            room = max(0, min(rates.per_command, rates.per_second - spent))
            assert given == max(current, min(asked, cap, current + room))  # exactly as much as is allowed


def test_closed_by_default() -> None:
    assert not Gate().open
    assert Gate().permit(0, 1, 0.0) == 0
    assert Gate().reason == "nobody has started a session"


def test_20_kmh_is_the_cap_nobody_has_to_set() -> None:
    assert ABSOLUTE_CAP == 2000
    assert Caps().lowest() == (2000, "absolute")
    assert gate().permit(1900, 2500, 0.0) == 2000


def test_by_default_the_target_rises_3_kmh_in_a_second() -> None:
    guard = gate()
    assert guard.permit(500, 2000, 0.0) == 800
    guard.granted(300, 0.0)
    assert guard.permit(800, 2000, 0.99) == 800
    assert guard.permit(800, 2000, 1.0) == 1100
    assert gate(rates=Rates(per_second=1000)).permit(500, 2000, 0.0) == 800


@pytest.mark.parametrize("layer", LAYERS)
def test_the_lowest_layer_binds_and_is_named(layer: Layer) -> None:
    guard = gate()
    guard.narrow(layer, 700)
    assert guard.caps.lowest() == (700, layer)
    guard.check(700)
    with pytest.raises(LimitError) as caught:
        guard.check(701)
    error = caught.value
    assert (error.quantity, error.asked, error.low, error.high) == ("speed", 701, 0, 700)
    assert error.layer == f"{layer} cap"


def test_a_persons_own_cap_only_narrows() -> None:
    assert Caps(person=1200).lowest() == (1200, "person")
    assert Caps(person=2500).lowest() == (2000, "absolute")
    assert Caps(person=1200, plan=900).lowest() == (900, "plan")


def test_of_equal_caps_the_outermost_is_named() -> None:
    assert Caps(absolute=800, machine=800, plan=800).lowest() == (800, "absolute")
    assert Caps(profile=700, workout=700).lowest() == (700, "profile")


@given(st.lists(st.tuples(st.sampled_from(LAYERS), st.integers(0, 3000)), max_size=12))
def test_narrowing_only_ever_narrows(steps: list[tuple[Layer, int]]) -> None:
    guard = gate()
    before = guard.caps
    for layer, cap in steps:
        guard.narrow(layer, cap)
        assert guard.caps.lowest()[0] <= min(before.lowest()[0], cap)
        for other in LAYERS:
            was, now = getattr(before, other), getattr(guard.caps, other)
            assert now == was if other != layer else now == (cap if was is None else min(was, cap))
        before = guard.caps


@given(st.lists(st.tuples(st.floats(0.0, 0.6), st.integers(0, 2500)), min_size=1, max_size=40))
def test_no_second_ever_holds_more_than_its_rise(asks: list[tuple[float, int]]) -> None:
    guard = gate(rates=Rates(per_command=200, per_second=300))
    now, current = 100.0, 0
    rises: list[tuple[float, int]] = []
    for wait, asked in asks:
        now += wait
        given = guard.permit(current, asked, now)
        guard.granted(given - current, now)
        if given > current:
            assert given - current <= 200
            rises.append((now, given - current))
        current = given
    for at, _ in rises:
        assert sum(rise for other, rise in rises if at <= other < at + WINDOW) <= 300


def test_room_comes_back_exactly_when_the_gate_says_so() -> None:
    guard = gate()
    assert guard.next_room() is None
    guard.granted(200, 0.1)
    guard.granted(100, 0.4)
    at = guard.next_room()
    assert at == 0.1 + WINDOW
    assert guard.permit(0, 1000, 1.05) == 0
    assert guard.permit(0, 1000, at) == 200
    assert guard.next_room() == 0.4 + WINDOW
    assert guard.permit(0, 1000, 0.4 + WINDOW) == 300
    assert guard.next_room() is None


def test_lowering_costs_no_room_and_gives_none_back() -> None:
    guard = gate()
    guard.granted(0, 0.0)
    guard.granted(-500, 0.0)
    assert guard.next_room() is None
    guard.granted(300, 0.0)
    guard.granted(-300, 0.1)
    assert guard.permit(0, 300, 0.5) == 0


def test_room_that_was_used_stays_used_over_a_new_permission() -> None:
    guard = gate()
    guard.granted(300, 0.0)
    guard.withdraw("a test")
    guard.arm()
    assert guard.permit(500, 800, 0.9) == 500


def test_only_an_act_opens_it_and_anything_closes_it() -> None:
    guard = Gate()
    seen = [guard.open]
    for act in (guard.arm, lambda: guard.withdraw("the link was lost"), lambda: guard.withdraw("later"), guard.arm):
        act()
        seen.append(guard.open)
    assert seen == [False, True, False, False, True]
    assert guard.reason == ""


def test_the_first_reason_stands() -> None:
    guard = gate()
    guard.withdraw("the link was lost")
    guard.withdraw("something later")
    assert guard.reason == "the link was lost"


def test_holding_suspends_permission_and_gives_none() -> None:
    guard = gate(held=True)
    assert guard.permit(0, 100, 0.0) == 0
    guard.held = False
    assert guard.permit(0, 100, 0.0) == 100
    guard = gate(armed=False, held=True)
    guard.held = False
    assert guard.permit(0, 100, 0.0) == 0


def test_withdrawing_what_was_never_given_keeps_its_reason() -> None:
    guard = Gate()
    before = guard.reason
    guard.withdraw("something")
    assert guard.reason == before
