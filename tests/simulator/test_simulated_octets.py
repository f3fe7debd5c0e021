"""The simulator's bytes, against the text of the specification."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.simulator import encoding
from runback.simulator.encoding import ReportSample
from runback.simulator.spec import MachineSpec, ReportField

SAMPLE = ReportSample(speed=590, incline=10, distance=42.9, climbed=0.1, descended=0, energy=2.7, elapsed=39.99)
WIDTH = {
    ReportField.AVERAGE_SPEED: 2,
    ReportField.DISTANCE: 3,
    ReportField.INCLINE: 4,
    ReportField.ELEVATION: 4,
    ReportField.PACE: 2,
    ReportField.AVERAGE_PACE: 2,
    ReportField.ENERGY: 5,
    ReportField.HEART_RATE: 1,
    ReportField.METABOLIC_EQUIVALENT: 1,
    ReportField.ELAPSED: 2,
    ReportField.REMAINING: 2,
    ReportField.FORCE: 4,
}


def test_features_and_targets_name_what_the_machine_sends_and_takes() -> None:
    # average speed 0, distance 2, inclination 3, elevation 4, energy 9, elapsed 12; targets speed 0, inclination 1
    assert encoding.feature(MachineSpec()).hex(" ", 4) == "1d120000 03000000"
    assert encoding.feature(MachineSpec(heart_rate=True)).hex(" ", 4) == "1d160000 03000000"


def test_a_machine_without_incline_claims_none() -> None:
    flat = MachineSpec(incline_min=0, incline_max=0, incline_increment=0)
    assert encoding.feature(flat).hex(" ", 4) == "05120000 01000000"


def test_ranges_are_minimum_maximum_increment() -> None:
    assert encoding.speed_range(MachineSpec()).hex() == "5000d0070a00"
    assert encoding.incline_range(MachineSpec(incline_min=-30)).hex() == "e2ff78000500"


def test_a_record_has_its_fields_in_the_order_of_their_flags() -> None:
    (record,) = encoding.treadmill_data(ReportField.DISTANCE | ReportField.INCLINE | ReportField.ELAPSED, SAMPLE, 512)
    # flags 040c | speed 5.90 | 42 m | 1.0 % and 0.6 degrees | 39 s
    assert record.hex(" ") == "0c 04 4e 02 2a 00 00 0a 00 06 00 27 00"


def test_energy_is_total_per_hour_per_minute() -> None:
    (record,) = encoding.treadmill_data(ReportField.ENERGY, SAMPLE, 512)
    total, hour, minute = struct.unpack("<HHB", record[4:])
    assert (total, minute) == (2, round(hour / 60))


def test_a_long_record_is_split_and_only_the_last_part_has_the_speed() -> None:
    """As the Technogym MyRun capture does (captures.json: `1f0084…` then `80064e02…`)."""
    fields = (
        ReportField.AVERAGE_SPEED
        | ReportField.DISTANCE
        | ReportField.INCLINE
        | ReportField.ELEVATION
        | ReportField.ENERGY
        | ReportField.ELAPSED
    )
    first, last = encoding.treadmill_data(fields, SAMPLE, 16)
    assert first[:2].hex() == "1f00"
    assert len(first) == 15
    assert last[:4].hex() == "80044e02"


@given(
    fields=st.sets(st.sampled_from(list(ReportField))),
    limit=st.integers(7, 64),
    values=st.tuples(*[st.floats(0, 1e6)] * 7),
)
def test_every_part_fits_and_together_they_are_the_whole(
    fields: set[ReportField], limit: int, values: tuple[float, ...]
) -> None:
    wanted = ReportField(0)
    for each in fields:
        wanted |= each
    sample = ReportSample(*values)
    parts = encoding.treadmill_data(wanted, sample, limit)
    (whole,) = encoding.treadmill_data(wanted, sample, 512)
    assert all(len(part) <= limit for part in parts)
    flags = [int.from_bytes(part[:2], "little") for part in parts]
    assert [flag & 1 for flag in flags] == [1] * (len(parts) - 1) + [0]
    assert sum(flag & ~1 for flag in flags) == wanted
    bodies = [part[2 if flag & 1 else 4 :] for part, flag in zip(parts, flags, strict=True)]
    assert b"".join(bodies) == whole[4:]
    assert len(whole) == 4 + sum(WIDTH[each] for each in fields)


@pytest.mark.parametrize(("distance", "written"), [(16_777_215.0, "ffffff"), (1e9, "ffffff"), (0.99, "000000")])
def test_a_counter_that_is_full_stays_full(distance: float, written: str) -> None:
    sample = ReportSample(speed=0, incline=0, distance=distance, climbed=0, descended=0, energy=0, elapsed=0)
    (record,) = encoding.treadmill_data(ReportField.DISTANCE, sample, 512)
    assert record[4:].hex() == written
