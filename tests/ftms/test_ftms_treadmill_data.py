"""Treadmill Data: each field, either pace, cut records, split records."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.errors import CodecError
from runback.ftms.treadmill_data import (
    MAX_PARTS,
    Field,
    PaceWidth,
    RecordMerger,
    TreadmillData,
    decode_treadmill_data,
    record_length,
    surplus,
    vendor_steps,
)

# A second reading of S0 4.5, kept apart from the one under test: (flag bit, attribute, bytes, signed, not available)
TABLE = (
    (0, "speed", 2, False, None),
    (1, "average_speed", 2, False, None),
    (2, "distance", 3, False, None),
    (3, "inclination", 2, True, 0x7FFF),
    (3, "ramp_angle", 2, True, 0x7FFF),
    (4, "positive_elevation_gain", 2, False, None),
    (4, "negative_elevation_gain", 2, False, None),
    (5, "pace", 2, False, None),
    (6, "average_pace", 2, False, None),
    (7, "energy_total", 2, False, 0xFFFF),
    (7, "energy_per_hour", 2, False, 0xFFFF),
    (7, "energy_per_minute", 1, False, 0xFF),
    (8, "heart_rate", 1, False, None),
    (9, "met", 1, False, None),
    (10, "elapsed", 2, False, None),
    (11, "remaining", 2, False, None),
    (12, "force_on_belt", 2, True, 0x7FFF),
    (12, "power", 2, True, 0x7FFF),
)
ALL_FIELDS = 0x1FFE


def octets_of(name: str, octets: int, pace_width: int) -> int:
    return pace_width if name in ("pace", "average_pace") else octets


def walk(data: bytes, pace_width: int) -> tuple[dict[str, int | None], bool]:
    """The values that are whole in `data`, and whether any is missing."""
    flags = int.from_bytes(data[:2], "little") ^ 1
    values: dict[str, int | None] = {}
    at = 2
    for bit, name, octets, signed, unavailable in TABLE:
        if not flags >> bit & 1:
            continue
        end = at + octets_of(name, octets, pace_width)
        if end > len(data):
            return values, True
        value = int.from_bytes(data[at:end], "little", signed=signed)
        values[name] = None if value == unavailable else value
        at = end
    return values, False


def held(record: TreadmillData) -> dict[str, int | None]:
    return {str(field.name).lower(): getattr(record, str(field.name).lower()) for field in record.present}


def record(flags: int, body: str = "") -> TreadmillData:
    return decode_treadmill_data(flags.to_bytes(2, "little") + bytes.fromhex(body))


@given(st.binary(min_size=2, max_size=48), st.sampled_from((1, 2)))
def test_any_octets_read_as_the_specification_lays_them_out(data: bytes, pace_width: PaceWidth) -> None:
    values, cut = walk(data, pace_width)
    decoded = decode_treadmill_data(data, pace_width=pace_width)
    assert held(decoded) == values
    assert decoded.truncated is cut
    assert decoded.more_data is bool(data[0] & 1)
    absent = {name for _, name, *_ in TABLE} - values.keys()
    assert all(getattr(decoded, name) is None for name in absent)


@given(st.integers(0, 0xFFFF), st.data())
def test_every_value_of_every_field_comes_through(flags: int, draw: st.DataObject) -> None:
    body = b""
    sent: dict[str, int] = {}
    for bit, name, octets, signed, unavailable in TABLE:
        if (flags ^ 1) >> bit & 1:
            span = 1 << (8 * octets)
            # the greatest value is the not-available one, where there is any
            top = (span // 2 if signed else span) - (1 if unavailable is None else 2)
            sent[name] = draw.draw(st.integers(-span // 2 if signed else 0, top))
            body += sent[name].to_bytes(octets, "little", signed=signed)
    decoded = decode_treadmill_data(flags.to_bytes(2, "little") + body)
    assert held(decoded) == sent
    assert not decoded.truncated


def test_values_that_are_not_available_are_none_and_yet_present() -> None:
    decoded = record(0x1089, "ff7fff7f" + "ffffffffff" + "ff7fff7f")
    assert held(decoded) == dict.fromkeys(
        (
            "inclination",
            "ramp_angle",
            "energy_total",
            "energy_per_hour",
            "energy_per_minute",
            "force_on_belt",
            "power",
        )
    )


def test_elevation_gain_has_no_not_available_value() -> None:
    # quirk 33: Matrix sends FFFF, Life Fitness 7FFF; what they mean is the profile's business
    decoded = record(0x0011, "ffffff7f")
    assert (decoded.positive_elevation_gain, decoded.negative_elevation_gain) == (0xFFFF, 0x7FFF)


def test_a_speed_of_ffff_is_a_number() -> None:
    assert record(0x0000, "ffff").speed == 0xFFFF


def test_bit_0_is_inverted() -> None:
    assert record(0x0000, "6400").speed == 100
    without = record(0x0001)
    assert without.speed is None
    assert without.more_data
    assert not without.truncated


@pytest.mark.parametrize("reserved", [0x2000, 0x4000, 0x8000, 0xE000])
def test_reserved_bits_and_surplus_octets_are_ignored(reserved: int) -> None:
    # quirk 29: bit 13 brings 2 bytes on a KS Z1, 3 on Urevo and Yesoul
    plain = record(0x0404, "fa00" + "0a0000" + "0200")
    for tail in ("", "00", "fa00", "fa0000"):
        assert record(0x0404 | reserved, "fa00" + "0a0000" + "0200" + tail) == plain
    assert surplus(bytes.fromhex("0424" + "fa00" + "0a0000" + "0200" + "fa0000")) == b"\xfa\x00\x00"


def test_a_vendors_step_count_is_read_where_its_width_is_known_and_the_record_is_whole() -> None:
    # quirk 29, as captured of a Urevo E1L (3 bytes) and a KS Z1 (2)
    record = "0424" + "fa00" + "0a0000" + "0200"
    assert vendor_steps(bytes.fromhex(record + "fa0100"), 3) == 506
    assert vendor_steps(bytes.fromhex(record + "fa01"), 2) == 506
    assert vendor_steps(bytes.fromhex(record + "fa01"), 3) is None
    assert vendor_steps(bytes.fromhex("0404" + record[4:] + "fa0100"), 3) is None
    assert vendor_steps(bytes.fromhex("0424" + "fa00" + "0a00"), 2) is None  # the stump of a distance is no count
    with pytest.raises(CodecError):
        vendor_steps(b"\x04", 3)


def test_the_length_chooses_the_width_of_the_pace() -> None:
    narrow = record(0x0061, "0c0d")
    assert (narrow.pace, narrow.average_pace, narrow.pace_width) == (12, 13, 1)
    wide = record(0x0061, "2c012d01")
    assert (wide.pace, wide.average_pace, wide.pace_width) == (300, 301, 2)


def test_a_length_between_both_widths_is_the_narrow_one() -> None:
    between = record(0x0061, "0c0dee")
    assert (between.pace, between.average_pace, between.pace_width, between.truncated) == (12, 13, 1, False)


def test_surplus_behind_the_wide_pace_leaves_it_wide() -> None:
    assert record(0x0061, "2c012d01eeee").pace_width == 2


def test_a_cut_record_has_the_pace_of_the_current_edition() -> None:
    cut = record(0x0421, "2c01")
    assert (cut.pace, cut.pace_width, cut.truncated) == (300, 2, True)


def test_a_known_width_is_not_guessed() -> None:
    data = bytes.fromhex("2100" + "0c00")
    assert decode_treadmill_data(data, pace_width=1).pace == 12
    assert decode_treadmill_data(bytes.fromhex("2100" + "0c"), pace_width=2).truncated


def test_star_trac_sends_its_paces_in_one_octet_each() -> None:
    # capture: Star Trac, flags FE 17 and 32 bytes in every frame (reddit 1g60np4)
    body = "640065000102030a000b000c000d001011120013001478372700fbff9600"
    decoded = record(0x17FE, body)
    assert 2 + len(bytes.fromhex(body)) == 32 == record_length(0x17FE, 1)
    assert record_length(0x17FE, 2) == 34
    assert (decoded.pace, decoded.average_pace, decoded.pace_width) == (0x10, 0x11, 1)
    assert (decoded.distance, decoded.heart_rate, decoded.met, decoded.elapsed) == (0x030201, 120, 55, 39)
    assert (decoded.force_on_belt, decoded.power, decoded.truncated) == (-5, 150, False)


def test_without_a_pace_there_is_no_width() -> None:
    assert record(0x0000, "6400").pace_width == 0
    assert record(0x0020, "6400").pace_width == 0  # promised, but cut off


@pytest.mark.parametrize("length", range(2, record_length(ALL_FIELDS)))
def test_a_record_cut_anywhere_keeps_what_is_whole(length: int) -> None:
    whole = ALL_FIELDS.to_bytes(2, "little") + bytes(range(1, record_length(ALL_FIELDS) - 1))
    values, _ = walk(whole[:length], 2)
    decoded = decode_treadmill_data(whole[:length], pace_width=2)
    assert held(decoded) == values
    assert decoded.truncated


def test_promised_fields_that_did_not_come_mark_the_record() -> None:
    decoded = record(0x0000)
    assert decoded == TreadmillData(truncated=True)


@pytest.mark.parametrize("data", [b"", b"\x84"])
def test_without_flags_there_is_no_record(data: bytes) -> None:
    with pytest.raises(CodecError, match="flags"):
        decode_treadmill_data(data)
    with pytest.raises(CodecError, match="flags"):
        surplus(data)


# capture: Technogym MyRun, packets 1 and 2 (TrackMyIndoorWorkout test/technogym_myrun_test.dart)
MYRUN = (bytes.fromhex("1f0084012a00000000000001000000"), bytes.fromhex("80064e020200ffffff372700"))


def test_the_parts_of_a_split_record_make_one() -> None:
    merger = RecordMerger()
    first = decode_treadmill_data(MYRUN[0])
    assert merger.add(first) is None
    assert merger.pending == first
    whole = merger.add(decode_treadmill_data(MYRUN[1]))
    assert whole is not None
    assert held(whole) == held(first) | held(decode_treadmill_data(MYRUN[1]))
    assert (whole.speed, whole.average_speed, whole.distance, whole.met) == (590, 388, 42, 55)
    assert not whole.more_data
    assert merger.pending is None


def test_a_whole_record_passes_as_it_is() -> None:
    whole = record(0x0000, "6400")
    assert RecordMerger().add(whole) is whole


def test_merging_leaves_the_parts_alone() -> None:
    merger = RecordMerger()
    first, last = (decode_treadmill_data(data) for data in MYRUN)
    merger.add(first)
    merger.add(last)
    assert first == decode_treadmill_data(MYRUN[0])
    assert last == decode_treadmill_data(MYRUN[1])


def test_records_do_not_leak_into_each_other() -> None:
    merger = RecordMerger()
    for data in MYRUN:
        merger.add(decode_treadmill_data(data))
    assert merger.add(record(0x0000, "6400")) == record(0x0000, "6400")


def test_a_lost_link_drops_the_unfinished_record() -> None:
    merger = RecordMerger()
    merger.add(decode_treadmill_data(MYRUN[0]))
    merger.reset()
    assert merger.pending is None
    assert merger.add(decode_treadmill_data(MYRUN[1])) == decode_treadmill_data(MYRUN[1])


def test_of_a_repeated_value_the_newer_wins_even_if_not_available() -> None:
    merger = RecordMerger()
    merger.add(record(0x0089, "0a000000" + "0100020003"))
    merger.add(record(0x0009, "ff7f0500"))
    whole = merger.add(record(0x0080, "6400" + "0700ffffff"))
    assert whole is not None
    assert (whole.inclination, whole.ramp_angle) == (None, 5)
    assert (whole.energy_total, whole.energy_per_hour) == (7, None)
    assert Field.INCLINATION in whole.present


def test_a_merged_record_keeps_the_width_of_its_pace_and_the_mark_of_a_cut() -> None:
    merger = RecordMerger()
    merger.add(record(0x0021, "0c"))
    merger.add(record(0x0081, "0100"))
    whole = merger.add(record(0x0000, "6400"))
    assert whole is not None
    assert (whole.pace, whole.pace_width, whole.truncated, whole.energy_total) == (12, 1, True, 1)


def test_a_record_without_an_end_is_begun_anew() -> None:
    merger = RecordMerger()
    merger.add(record(0x0003, "6400"))
    for _ in range(MAX_PARTS - 1):
        merger.add(record(0x0101, "78"))
    merger.add(record(0x0005, "2a0000"))
    assert merger.pending == record(0x0005, "2a0000")


@given(st.lists(st.binary(min_size=2, max_size=40), max_size=40))
def test_any_sequence_of_parts_merges(parts: list[bytes]) -> None:
    merger = RecordMerger()
    for data in parts:
        whole = merger.add(decode_treadmill_data(data))
        assert (whole is None) is bool(data[0] & 1)
        assert (merger.pending is None) is (whole is not None)
