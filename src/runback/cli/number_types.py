"""Numbers on the command line, and at its questions: what click's own number types take is wider (`numerals`)."""

from __future__ import annotations

import click

from runback import number_parsing
from runback.config_files.error_text import quoted


class WholeParam(click.ParamType[int]):
    """A whole number from `low` to `high`."""

    name = "number"

    def __init__(self, low: int | None = None, high: int | None = None) -> None:
        self._low = low
        self._high = high

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; a settings file's has been checked already."""
        found = value if isinstance(value, int) else number_parsing.whole(str(value))
        if found is None or not _within(found, self._low, self._high):
            self.fail(f"{quoted(str(value))} is not a whole number{_range(self._low, self._high)}", param, ctx)
        return found


class NumberParam(click.ParamType[float]):
    """A number from `low` to `high`, with at most `decimals` digits behind its point."""

    name = "number"

    def __init__(self, low: float | None = None, high: float | None = None, *, decimals: int | None = None) -> None:
        self._low = low
        self._high = high
        self._decimals = decimals

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number; a settings file's has been checked already."""
        if isinstance(value, (int, float)):
            return float(value)
        text = str(value)
        found = number_parsing.decimal(text)
        if found is None or not _within(float(found), self._low, self._high):
            comma = ", with a point and not a comma" if "," in text else ""
            self.fail(f"{quoted(text)} is not a number{_range(self._low, self._high)}{comma}", param, ctx)
        if self._decimals is not None and number_parsing.decimals(text) > self._decimals:
            # "40.30" may be meant as 40:30.
            what = f"{quoted(text)} can be read in two ways"
            self.fail(f"{what}; write at most {self._decimals} digit after the point, such as 40.5", param, ctx)
        return float(found)


def _within(number: float, low: float | None, high: float | None) -> bool:
    return (low is None or number >= low) and (high is None or number <= high)


def _range(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    if high is None:
        return f" from {low:g}"
    return f" up to {high:g}" if low is None else f" from {low:g} to {high:g}"
