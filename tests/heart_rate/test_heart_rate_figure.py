"""Which heart rate is shown, and what is said when there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.heart_rate.messages import line
from runback.heart_rate.monitor import HeartRateLoss, HeartRateSource, Reading
from runback.heart_rate.selection import HeartRateReading, figure

own = st.none() | st.integers(0, 255)


@given(own)
def test_the_strap_wins_over_the_treadmill(told: int | None) -> None:
    assert figure(Reading(92), told) == HeartRateReading(92, HeartRateSource.STRAP)


@given(own, st.sampled_from(HeartRateLoss))
def test_a_strap_that_is_lost_is_not_replaced_by_the_treadmill(told: int | None, loss: HeartRateLoss) -> None:
    assert figure(Reading(None, loss, lost=True), told) == HeartRateReading(None, HeartRateSource.STRAP, loss)


@pytest.mark.parametrize(
    "strap", [None, Reading(), Reading(None, HeartRateLoss.NO_CONTACT), Reading(None, HeartRateLoss.SILENT)]
)
def test_until_the_strap_has_told_one_the_treadmill_s_own_stands(strap: Reading | None) -> None:
    assert figure(strap, 88) == HeartRateReading(88, HeartRateSource.TREADMILL)
    assert figure(strap, 0) == figure(strap, None) == HeartRateReading()


@pytest.mark.parametrize("loss", HeartRateLoss)
def test_each_loss_is_said_in_a_line_that_fits_and_is_no_alarm(loss: HeartRateLoss) -> None:
    for lost in (True, False):
        said = line(loss, lost=lost)
        assert len(said) <= 76
        assert said.startswith("Heart rate lost" if lost else "No heart rate yet")
        assert "strap" in said
