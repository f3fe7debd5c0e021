"""What sets the belt going is a fresh Enter, and nothing has been pressed since."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.engine.screen_session import HOLDS, StartKeyGuard
from runback.session.model import Intent

GOES = (Intent.START, Intent.RESUME, Intent.REARM)
sets_going = pytest.mark.parametrize("ask", GOES)


@sets_going
def test_an_enter_that_was_just_pressed_allows_one_and_no_second(ask: Intent) -> None:
    fresh = StartKeyGuard(1.0)
    fresh.pressed("enter", 10.0)
    assert fresh.allows(ask, 10.0 + HOLDS)
    assert not fresh.allows(ask, 10.0 + HOLDS)


@sets_going
def test_an_old_enter_allows_nothing(ask: Intent) -> None:
    fresh = StartKeyGuard(1.0)
    fresh.pressed("enter", 10.0)
    assert not fresh.allows(ask, 10.1 + HOLDS)


@sets_going
def test_nothing_pressed_allows_nothing(ask: Intent) -> None:
    assert not StartKeyGuard(1.0).allows(ask, 0.0)


@sets_going
@given(key=st.sampled_from(["space", "escape", "q", "f1", "t", "a", "up"]))
def test_any_other_key_after_it_takes_it_back(ask: Intent, key: str) -> None:
    fresh = StartKeyGuard(1.0)
    fresh.pressed("enter", 10.0)
    fresh.pressed(key, 10.1)
    assert not fresh.allows(ask, 10.2)


def test_it_counts_in_real_time_however_fast_the_clock_is() -> None:
    fresh = StartKeyGuard(8.0)
    fresh.pressed("enter", 10.0)
    assert fresh.allows(Intent.START, 10.0 + 8 * HOLDS)


@pytest.mark.parametrize("ask", sorted(frozenset(Intent) - frozenset(GOES)))
def test_whatever_sets_nothing_going_is_always_allowed(ask: Intent) -> None:
    assert StartKeyGuard(1.0).allows(ask, 0.0)
