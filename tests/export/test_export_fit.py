"""FIT files, read back by two libraries that had no part in writing them, with the checksum on."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fitdecode
import fitparse
import pytest
from fitparse.utils import FitCRCError

from runback.errors import InputError
from runback.export.fit import to_fit
from runback.journal.model import SessionRecord
from tests.support.journal.stage import BEGAN, SPANS, beats, events, keep, position, speed

Message = tuple[str, dict[str, object]]

START = datetime(2026, 3, 1, 21, 59, 43, tzinfo=UTC)
"""12.5 s after the beginning, in whole seconds."""


def decoded(octets: bytes) -> list[Message]:
    """As fitdecode reads it; whatever is wrong raises."""
    strict = {"check_crc": fitdecode.CrcCheck.RAISE, "error_handling": fitdecode.ErrorHandling.RAISE}
    with fitdecode.FitReader(io.BytesIO(octets), **strict) as reader:
        return [
            (frame.name, {field.name: field.value for field in frame.fields if field.value is not None})
            for frame in reader
            if isinstance(frame, fitdecode.FitDataMessage)
        ]


def parsed(octets: bytes) -> list[Message]:
    """As fitparse (the maintained python-fitparse) reads it. Its times are naive UTC."""
    file = fitparse.FitFile(io.BytesIO(octets), check_crc=True)
    return [(message.name, _known(message.get_values())) for message in file.get_messages()]


def _known(values: dict[str, object]) -> dict[str, object]:
    return {
        name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
        for name, value in values.items()
        if value is not None
    }


Read = Callable[[bytes], list[Message]]
READERS = pytest.mark.parametrize("read", [decoded, parsed])


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> SessionRecord:
    return keep(tmp_path_factory.mktemp("journal") / "journal.db")


def of(messages: list[Message], name: str) -> list[dict[str, object]]:
    return [fields for each, fields in messages if each == name]


@pytest.mark.full
@READERS
def test_the_file_says_first_what_it_is(kept: SessionRecord, read: Read) -> None:
    messages = read(to_fit(kept))
    name, head = messages[0]
    assert (name, head["type"], head["manufacturer"], head["serial_number"]) == (
        "file_id",
        "activity",
        "development",
        1,
    )
    assert head["time_created"] == START
    assert [device["product_name"] for device in of(messages, "device_info")] == ["runback", "Köhler Läufer 3"]


def test_two_readers_agree_on_every_value(kept: SessionRecord) -> None:
    octets = to_fit(kept)
    one, other = decoded(octets), parsed(octets)
    assert [name for name, _ in one] == [name for name, _ in other]
    for (_, first), (_, second) in zip(one, other, strict=True):
        assert first == second


@pytest.mark.full
@READERS
def test_there_is_a_record_each_second_that_the_timer_runs(kept: SessionRecord, read: Read) -> None:
    records = of(read(to_fit(kept)), "record")
    seconds = [second for second in range(69) if any(began <= second <= ended for began, ended in SPANS)]
    first = seconds[0]
    times = [record["timestamp"] for record in records]
    assert times == [START + timedelta(seconds=second - first) for second in seconds]
    assert [record["distance"] for record in records] == [position(second) for second in seconds]
    for record, second in zip(records, seconds, strict=True):
        kmh = speed(second)
        assert record.get("enhanced_speed") == (None if kmh is None else pytest.approx(kmh / 3.6, abs=0.001))
        assert record.get("heart_rate") == beats(second)


@READERS
def test_what_was_not_measured_is_missing_and_not_zero(tmp_path: Path, read: Read) -> None:
    octets = to_fit(keep(tmp_path / "journal.db", events(heart_rate=False)))
    messages = read(octets)
    assert not any("heart_rate" in key for _, fields in messages for key in fields)
    assert sum("enhanced_speed" not in record for record in of(messages, "record")) == 3


@READERS
def test_the_timer_stops_in_pauses_and_for_good_at_the_end(kept: SessionRecord, read: Read) -> None:
    timer = of(read(to_fit(kept)), "event")
    assert {event["event"] for event in timer} == {"timer"}
    assert [event["event_type"] for event in timer] == ["start", "stop", "start", "stop_all"]
    began = timer[0]["timestamp"]
    assert isinstance(began, datetime)
    since = [event["timestamp"] - began for event in timer if isinstance(event["timestamp"], datetime)]
    assert since == [timedelta(seconds=seconds) for seconds in (0, 27, 39, 52)]


@READERS
def test_each_interval_is_a_lap_with_its_intensity(kept: SessionRecord, read: Read) -> None:
    laps = of(read(to_fit(kept)), "lap")
    words = {2: "warmup", 3: "cooldown", 0: "active", 1: "rest", 4: "recovery"}
    assert [words.get(lap["intensity"], lap["intensity"]) for lap in laps] == ["warmup", "active", "recovery"]  # type: ignore[call-overload]
    assert [lap["message_index"] for lap in laps] == [0, 1, 2]
    assert [lap["total_timer_time"] for lap in laps] == [20.0, 10.0, 10.0]
    assert [lap["total_elapsed_time"] for lap in laps] == [20.0, 22.0, 10.0]  # a pause of 12 s in the second
    assert [lap["total_distance"] for lap in laps] == [24.0, 19.5, 14.0]
    assert [lap.get("enhanced_avg_speed") for lap in laps] == [
        pytest.approx(4.4 / 3.6, abs=0.001),
        None,
        pytest.approx(5.1 / 3.6, abs=0.001),
    ]
    assert laps[0]["avg_heart_rate"] == round(sum(beats(t) or 0 for t in range(13, 33)) / 15)
    assert laps[0]["max_heart_rate"] == 122


@pytest.mark.full
@READERS
def test_the_session_is_a_run_on_a_treadmill_and_the_activity_knows_the_local_time(
    kept: SessionRecord, read: Read
) -> None:
    messages = read(to_fit(kept))
    assert [name for name, _ in messages[-2:]] == ["session", "activity"]
    (session,), (activity,) = of(messages, "session"), of(messages, "activity")
    assert (session["sport"], session["sub_sport"], session["num_laps"]) == ("running", "treadmill", 3)
    assert (session["start_time"], session["timestamp"]) == (START, START + timedelta(seconds=52))
    assert (session["total_elapsed_time"], session["total_timer_time"], session["total_distance"]) == (52.0, 40.0, 57.5)
    assert session["enhanced_avg_speed"] == pytest.approx(57.5 / 40, abs=0.001)
    assert (activity["num_sessions"], activity["type"]) == (1, "manual")
    local, ended = activity["local_timestamp"], activity["timestamp"]
    assert isinstance(local, datetime)
    assert isinstance(ended, datetime)
    assert local.replace(tzinfo=None) - ended.replace(tzinfo=None) == BEGAN.utcoffset()


@pytest.mark.full
def test_times_never_go_back_whatever_the_milliseconds(tmp_path: Path) -> None:
    for number, shift in enumerate((0.0, 0.249, 0.25, 0.499, 0.5, 0.749, 0.999)):
        story = keep(tmp_path / f"{number}.db", began=BEGAN + timedelta(seconds=shift))
        messages = decoded(to_fit(story))
        times = [fields["timestamp"] for name, fields in messages if name in ("record", "event", "lap", "session")]
        assert times == sorted(times)  # type: ignore[type-var]
        records = [fields["timestamp"] for fields in of(messages, "record")]
        assert len(set(records)) == len(records)


def test_a_walk_is_active_where_nobody_runs(tmp_path: Path) -> None:
    told = [(t, event, fields | {"kind": "walk"} if event == "step" else fields) for t, event, fields in events()]
    laps = of(decoded(to_fit(keep(tmp_path / "journal.db", told))), "lap")
    assert [lap["intensity"] for lap in laps] == ["active"] * 3


def test_a_session_that_was_cut_off_ends_with_what_is_known(tmp_path: Path) -> None:
    told = [one for one in events() if one[0] <= 1000 + 35.0]
    messages = decoded(to_fit(keep(tmp_path / "journal.db", told)))
    assert [event["event_type"] for event in of(messages, "event")] == ["start", "stop_all"]
    assert len(of(messages, "record")) == 23
    assert of(messages, "session")[0]["total_elapsed_time"] == 22.5


def test_a_session_without_intervals_is_one_lap(kept: SessionRecord) -> None:
    messages = decoded(to_fit(replace(kept, intervals=())))
    assert [lap["total_timer_time"] for lap in of(messages, "lap")] == [40.0]


def test_a_belt_that_never_ran_is_no_activity(tmp_path: Path, kept: SessionRecord) -> None:
    still = [one for one in events() if one[0] <= 1000 + 12.0]
    for story in (keep(tmp_path / "journal.db", still), replace(kept, samples=())):
        with pytest.raises(InputError, match=r"session 1: the belt never ran in it.*; export it with --csv or --json"):
            to_fit(story)


def test_a_computer_that_lost_its_time_makes_no_activity(tmp_path: Path) -> None:
    story = keep(tmp_path / "journal.db", began=datetime(1970, 1, 1, 0, 1, tzinfo=UTC))
    with pytest.raises(InputError, match="its date is 1970-01-01: the computer's clock was wrong"):
        to_fit(story)


def test_a_heart_rate_that_a_file_cannot_say_is_missing(tmp_path: Path) -> None:
    told = [(t, event, fields | {"heart_rate_bpm": 300}) for t, event, fields in events()]
    messages = decoded(to_fit(keep(tmp_path / "journal.db", told)))
    assert not any("heart_rate" in key for _, fields in messages for key in fields)


def test_a_distance_that_nobody_knows_is_missing(kept: SessionRecord) -> None:
    blind = tuple(replace(sample, distance=None) for sample in kept.samples)
    records = of(decoded(to_fit(replace(kept, samples=blind))), "record")
    assert records
    assert not any("distance" in record for record in records)


@pytest.mark.full
def test_a_long_name_is_cut_between_letters(kept: SessionRecord) -> None:
    long = replace(kept, session=replace(kept.session, treadmill="ö" * 61))
    assert of(decoded(to_fit(long)), "device_info")[1]["product_name"] == "ö" * 30
    unknown = replace(kept, session=replace(kept.session, treadmill=None))
    assert len(of(decoded(to_fit(unknown)), "device_info")) == 1


def test_a_damaged_copy_is_noticed_by_both(kept: SessionRecord) -> None:
    octets = bytearray(to_fit(kept))
    octets[-1] ^= 0x10
    with pytest.raises(fitdecode.FitCRCError):
        decoded(bytes(octets))
    with pytest.raises(FitCRCError):
        parsed(bytes(octets))
