"""What counts as a number where a person or a file writes one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback import number_parsing

MISREAD = (
    "1e3",
    "1E3",
    "1_0",
    "٤٠",
    "４０",
    "nan",
    "inf",
    "-inf",
    "1,5",
    "1.2.3",
    "0x10",
    "1 0",
    "--1",
    "+-1",
    "",
    ".",
    "-",
)
"""Issue 11, point 20: Python reads most of them as numbers."""


@pytest.mark.parametrize("text", MISREAD)
def test_what_only_python_calls_a_number_is_not_one(text: str) -> None:
    assert number_parsing.decimal(text) is None
    assert number_parsing.whole(text) is None


@pytest.mark.parametrize("text", ["9" * 19, "0" * 5000 + "1", "-" + "9" * 18])
def test_a_whole_number_is_short_enough_for_a_database(text: str) -> None:
    assert number_parsing.whole(text) is None


def test_a_number_of_more_digits_than_anybody_types_is_not_one() -> None:
    assert number_parsing.decimal("0." + "1" * 39) is None
    assert number_parsing.decimal("9" * 400) is None


@given(st.integers(-(10**16), 10**16))
def test_a_whole_number_is_read_as_it_is_written(number: int) -> None:
    assert number_parsing.whole(f" {number} ") == number
    assert number_parsing.decimal(str(number)) == number


@given(st.decimals(-(10**9), 10**9, places=3))
def test_a_number_is_read_as_it_is_written(number: Decimal) -> None:
    assert number_parsing.decimal(f"{number:f}") == number
    assert number_parsing.decimals(f"{number:f}") == 3


@given(st.text())
def test_any_text_is_a_finite_number_or_none(text: str) -> None:
    found = number_parsing.decimal(text)
    assert found is None or (found.is_finite() and text.strip().isascii())
