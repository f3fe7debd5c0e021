"""What a machine counts its incline in (quirk 27): back and forth, and never outside what it says it can do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.machine.client import Capabilities
from runback.machine.incline_unit import InclineConverter, InclineUnit
from runback.machine.quirks import MachineQuirks
from runback.machine.targets import SupportedRange
from runback.source import Source
from tests.support.machine.driver import Bench

scales = st.one_of(
    st.sampled_from(
        [InclineConverter(), InclineConverter(InclineUnit.OFFSET_16), InclineConverter(InclineUnit.DEGREES)]
    ),
    st.integers(1, 50).map(lambda worth: InclineConverter(InclineUnit.LEVEL, worth)),
)
raws = st.integers(-450, 450)
"""Beyond 45 degrees there is no deck."""


@given(scales, raws)
def test_the_wire_is_read_back_as_it_was_written(inclines: InclineConverter, raw: int) -> None:
    incline = inclines.from_wire(raw)
    assert incline is not None
    assert inclines.to_wire(incline) == raw


@given(scales, raws, raws, st.integers(0, 20), st.integers(-3000, 3000))
def test_no_target_lies_outside_what_the_machine_reports(
    inclines: InclineConverter, one: int, other: int, step: int, wanted: int
) -> None:
    low, high = min(one, other), max(one, other)
    bottom, top = inclines.from_wire(low), inclines.from_wire(high)
    assert bottom is not None
    assert top is not None
    target = SupportedRange(bottom, top, inclines.step(step)).nearest(wanted)
    assert low <= inclines.to_wire(target) <= high
    if bottom <= wanted <= top and inclines.step(step) == 0:
        assert abs(target - wanted) <= max(inclines.slack, 1)


@given(scales, st.integers(-0x8000, 0x7FFF))
def test_whatever_a_machine_says_is_a_number_or_nothing(inclines: InclineConverter, raw: int) -> None:
    assert isinstance(inclines.from_wire(raw), int)


@pytest.mark.parametrize(
    ("inclines", "incline", "raw"),
    [
        (InclineConverter(), 35, 35),
        (InclineConverter(InclineUnit.LEVEL, 10), 30, 3),
        (InclineConverter(InclineUnit.LEVEL, 5), 30, 6),
        (InclineConverter(InclineUnit.OFFSET_16), 10, 26),  # quirks.md 27: 0x10 + 10 * n
        (InclineConverter(InclineUnit.DEGREES), 100, 57),  # 10 % are 5.71 degrees
        (InclineConverter(InclineUnit.DEGREES), 106, 61),  # 6.051
        (InclineConverter(InclineUnit.DEGREES), 41, 23),  # 2.348
    ],
)
def test_percent_become_what_the_machine_counts(inclines: InclineConverter, incline: int, raw: int) -> None:
    assert inclines.to_wire(incline) == raw


def test_a_level_that_nobody_knows_is_no_percent() -> None:
    unknown = InclineConverter(InclineUnit.LEVEL)
    assert (unknown.known, unknown.from_wire(3)) == (False, None)


def test_an_echo_in_degrees_is_no_hand_at_the_console() -> None:
    quirks = MachineQuirks(inclines=InclineConverter(InclineUnit.DEGREES))
    bench = Bench(
        Capabilities(speed=SupportedRange(80, 2000, 10), incline=SupportedRange(0, 150, 0), quirks=quirks)
    ).moving(300)
    bench.machine.want_incline(20, Source.PLAN)
    assert bench.pump() == ["030b00"]
    bench.answers("800301").says("060b00")
    bench.wait(3.0, belt=300)
    assert bench.machine.incline_trace.value is None
    assert bench.machine.incline.sent == 20


@pytest.mark.parametrize("scale", [InclineUnit.PERCENT, InclineUnit.OFFSET_16, InclineUnit.DEGREES])
def test_only_a_level_can_be_unknown(scale: InclineUnit) -> None:
    assert InclineConverter(scale).known
    assert InclineConverter(InclineUnit.LEVEL, 1).known


@pytest.mark.parametrize(
    ("raw", "incline"), [(450, 1000), (-450, -1000), (451, 1000), (-451, -1000), (449, 997), (57, 100)]
)
def test_degrees_are_percent_up_to_45_and_no_further(raw: int, incline: int) -> None:
    assert InclineConverter(InclineUnit.DEGREES).from_wire(raw) == incline


@pytest.mark.parametrize(
    ("inclines", "slack", "step"),
    [
        (InclineConverter(), 0, 2),
        (InclineConverter(InclineUnit.OFFSET_16), 0, 2),
        (InclineConverter(InclineUnit.DEGREES), 1, 0),
        (InclineConverter(InclineUnit.LEVEL, 10), 5, 20),
        (InclineConverter(InclineUnit.LEVEL, 5), 2, 10),
        (InclineConverter(InclineUnit.LEVEL), 0, 0),
    ],
)
def test_half_a_level_or_a_tenth_of_a_percent_is_how_far_two_readings_lie_apart(
    inclines: InclineConverter, slack: int, step: int
) -> None:
    assert inclines.slack == slack
    assert inclines.step(2) == step
