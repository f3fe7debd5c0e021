"""From the engine's record into the journal, and back."""

from __future__ import annotations

import itertools
import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.errors import JournalError
from runback.journal.model import MachineRow, SampleRow
from runback.journal.queries import history, story, treadmills
from runback.journal.recording import record
from runback.journal.write_results import writes
from runback.journal.writer import Writer
from runback.workout.notation import parse
from tests.support.journal.stage import BEGAN, WORKOUT, ZERO, begin, events, keep, metres, position, snapshots, speed


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.db"


def test_a_session_comes_back_as_it_was_told(path: Path) -> None:
    kept = keep(path)
    session = kept.session
    assert (session.began, session.began.tzname(), session.began.utcoffset()) == (BEGAN, "EET", BEGAN.utcoffset())
    assert (session.workout, session.planned, session.program) == ("Thursday", 40_000, "1.2.3")
    assert parse(session.plan).steps == WORKOUT.steps
    assert (session.treadmill, session.address, session.simulated) == ("Köhler Läufer 3", "AA:BB", False)
    assert (session.outcome, session.reason, session.lost) == ("completed", None, 0)
    assert (session.length, session.active, session.distance, session.top_speed) == (68_000, 40_000, 575, 750)
    assert session.top_heart_rate == 90 + 68
    assert history(path) == (session,)


def test_samples_are_what_was_measured_and_none_where_nothing_was(path: Path) -> None:
    samples = keep(path).samples
    assert [sample.at for sample in samples] == [1000 * second for second in range(69)]
    assert [sample.position for sample in samples] == [round(1000 * position(second)) for second in range(69)]
    measured = [speed(second) for second in range(69)]
    assert [sample.speed for sample in samples] == [None if kmh is None else round(100 * kmh) for kmh in measured]
    assert [sample.distance for sample in samples] == [round(10 * metres(second)) for second in range(69)]
    assert [second for second, sample in enumerate(samples) if sample.heart_rate is None] == [25, 26, 27, 28, 29]
    assert (samples[0].target, samples[13].target, samples[0].incline) == (None, 450, 5)


@pytest.mark.parametrize("each", [0.25, 1.0])
def test_there_is_one_sample_a_second_however_many_snapshots_come(path: Path, each: float) -> None:
    told = [("connected", ZERO, {}), *((event, t, fields) for t, event, fields in snapshots(each=each))]
    samples = keep(path, [(t, event, dict(fields)) for event, t, fields in told]).samples
    assert len(samples) == 69
    assert {later.at - earlier.at for earlier, later in itertools.pairwise(samples)} <= {500, 750, 1000}


def test_snapshots_that_are_a_little_late_are_all_kept(path: Path) -> None:
    late = [(t + (0.0 if t % 2 else 0.3), event, fields) for t, event, fields in events() if event != "summary"]
    assert len(keep(path, sorted(late, key=lambda one: one[0])).samples) == 69


def test_intervals_say_what_was_planned_and_what_was_done(path: Path) -> None:
    first, second, third = keep(path).intervals
    assert (second.ordinal, second.number, second.kind, second.began) == (2, 2, "run", 32_500)
    assert (second.planned, second.planned_speed, second.planned_incline) == (10_000, 750, 10)
    assert (first.actual, first.actual_speed, first.top_speed, first.distance) == (20_000, 440, 450, 240)
    assert (second.actual_speed, third.top_speed) == (None, 600)


def test_changes_of_speed_that_did_not_count_are_time_in_which_the_belt_ran(path: Path) -> None:
    def changing(event: str, fields: dict[str, object]) -> dict[str, object]:
        if event != "summary":
            return fields | ({"changing_s": 1.5} if event == "snapshot" else {})
        listed = fields["intervals"]
        assert isinstance(listed, list)
        return fields | {"changing_s": 3.0, "intervals": [listed[0] | {"changing_s": 2.0}, *listed[1:]]}

    kept = keep(path, [(t, event, changing(event, fields)) for t, event, fields in events()])
    assert kept.session.active == 43_000
    assert [one.actual for one in kept.intervals] == [22_000, 10_000, 10_000]
    assert kept.samples[30].position == round(1000 * position(30)) + 1500


def test_a_repeated_step_is_an_interval_of_its_own(path: Path) -> None:
    again = [(t, event, fields | {"number": 1}) for t, event, fields in events() if event != "summary"]
    assert [(one.ordinal, one.number) for one in keep(path, again).intervals] == [(1, 1), (2, 1), (3, 1)]


def test_a_session_that_was_cut_off_has_its_totals_up_to_then(path: Path) -> None:
    kept = keep(path, [one for one in events() if one[0] <= ZERO + 35])
    session = kept.session
    assert (session.outcome, session.length, session.active, session.distance) == (None, 35_000, 22_500, 225)
    walk, run = kept.intervals
    assert (walk.actual, walk.distance, walk.top_speed) == (19_500, 195, 450)
    assert walk.actual_speed == 360  # 1 m/s
    assert (run.planned, run.actual, run.distance) == (10_000, 3_000, 30)


def test_every_write_has_its_source_and_what_came_of_it(path: Path) -> None:
    told = writes(keep(path))
    assert [(one.octets.data.hex(), one.octets.source, one.octets.at) for one in told] == [
        ("00", "person", 0),
        ("07", "plan", 10_000),
        ("02c201", "plan", 12_000),
        ("0801", "plan", 64_600),
    ]
    answers = [None if one.response is None else one.response.hex() for one in told]
    assert answers == ["800001", "800701", "800204", None]
    assert [one.answered for one in told] == [50, 10_050, 12_050, None]
    assert [one.trouble for one in told] == [None, None, None, "write hung"]


def test_a_write_is_answered_once_and_by_its_own_op_code(path: Path) -> None:
    told: list[tuple[float, str, dict[str, object]]] = [
        (ZERO, "write", {"uuid": "2AD9", "hex": "0801", "source": "person"}),
        (ZERO + 1, "notification", {"uuid": "2AD9", "hex": "800701"}),
        (ZERO + 1, "notification", {"uuid": "2AD9", "hex": "800801"}),
        (ZERO + 1, "notification", {"uuid": "2AD9", "hex": "800804"}),
        (ZERO + 2, "write refused", {"hex": "0801", "code": 128}),
        (ZERO + 3, "write hung", {"hex": "0801"}),
    ]
    (written,) = writes(keep(path, told))
    assert (written.response, written.trouble) == (bytes.fromhex("800801"), "write refused")


def test_octets_and_events_keep_the_order_they_were_told_in(path: Path) -> None:
    kept = keep(path)
    orders = sorted([octets.order for octets in kept.octets] + [event.order for event in kept.events])
    assert orders == list(range(len(orders)))
    assert len(orders) == sum(event not in ("snapshot", "summary") for _, event, _ in events())
    assert [octets.uuid for octets in kept.octets if octets.source is None] == ["2AD9", "2ACD", "2AD9", "2AD9"]


def test_what_came_before_the_treadmill_is_kept_with_a_time_before_zero(path: Path) -> None:
    first = keep(path).events[0]
    assert (first.order, first.at, first.word, first.fields) == (0, -3000, "no link", {"reason": "not found"})


def test_no_treadmill_no_session_and_no_file(path: Path) -> None:
    recording = begin(path)
    recording.put(ZERO, "no link", {"reason": "not found"})
    recording.put(ZERO + 1, "stop", {"reason": "you stopped the belt", "source": "person"})
    recording.close()
    assert (recording.failed, recording.session) == (None, None)
    assert not path.parent.exists()
    assert (history(path), treadmills(path)) == ((), ())


def test_nothing_is_taken_after_the_end(path: Path) -> None:
    recording = begin(path)
    recording.put(ZERO, "connected", {"treadmill": "T"})
    recording.close()
    recording.put(ZERO + 1, "stop", {})
    assert [event.word for event in story(path, "last").events] == ["connected"]


def test_a_long_uuid_and_octets_that_are_no_hex_are_kept_as_they_are(path: Path) -> None:
    long = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
    told: list[tuple[float, str, dict[str, object]]] = [
        (ZERO, "notification", {"uuid": long, "hex": "ff"}),
        (ZERO, "notification", {"uuid": "2ACD", "hex": "xy"}),
    ]
    kept = keep(path, told)
    assert [(octets.uuid, octets.data) for octets in kept.octets] == [(long, b"\xff")]
    assert [(event.word, event.fields) for event in kept.events] == [("notification", {"uuid": "2ACD", "hex": "xy"})]


_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters(), max_size=3), st.just([{}, 1, (2,)])
)
_NAMES = st.sampled_from(["treadmill", "hex", "uuid", "elapsed_s", "measured_kmh", "number", "kind", "intervals"])
_WORDS = st.sampled_from(["step", "snapshot", "summary", "connected", "write", "cue"])


@given(st.lists(st.tuples(_WORDS, st.dictionaries(_NAMES, _VALUES, max_size=4)), max_size=5))
def test_whatever_is_told_never_disturbs_who_tells_it(told: list[tuple[str, dict[str, object]]]) -> None:
    recording = begin(Path(os.devnull) / "journal.db")
    for count, (event, fields) in enumerate([("connected", {}), *told]):
        recording.put(ZERO + count, event, fields)
    recording.close()
    assert recording.failed is not None


@pytest.mark.parametrize("number", [1e300, 10**400, float("nan"), float("-inf"), True, "7"])
def test_a_number_that_is_none_is_a_thing_not_known(path: Path, number: object) -> None:
    told: list[tuple[float, str, dict[str, object]]] = [
        (ZERO, "connected", {"treadmill": "T"}),
        (ZERO + 1, "snapshot", {"elapsed_s": 1.0, "measured_kmh": number}),
    ]
    (sample,) = keep(path, told).samples
    assert (sample.position, sample.speed) == (1000, None)


def test_what_the_file_cannot_hold_costs_its_own_second_only(path: Path) -> None:
    writer = Writer(path)
    recording = begin(path, writer=writer)
    recording.put(ZERO, "connected", {"treadmill": "T"})
    assert writer.flush()
    writer.put(SampleRow(1000, 10**30, None, None, None, None, None))
    assert writer.flush()
    recording.put(ZERO + 2, "snapshot", {"elapsed_s": 2.0})
    recording.close()
    kept = story(path, "last")
    assert [sample.position for sample in kept.samples] == [2000]
    assert kept.session.lost == 1
    assert "1 records of this session are not in it" in str(recording.failed)


def test_words_that_are_no_unicode_are_replaced_and_kept(path: Path) -> None:
    told: list[tuple[float, str, dict[str, object]]] = [
        (ZERO, "connected", {"treadmill": "T\udcff"}),
        (ZERO, "stop", {"reason": "a\ud800", "list": ({"b": 1.5}, float("nan"), b"?")}),
    ]
    kept = keep(path, told)
    assert kept.session.treadmill == "T?"
    assert kept.events[1].fields == {"reason": "a\ud800", "list": [{"b": 1.5}, "nan", "b'?'"]}


def test_the_history_is_newest_first_and_can_leave_the_simulator_out(path: Path) -> None:
    for day in (3, 1, 2):
        keep(path, began=datetime(2026, 3, day, tzinfo=UTC))
    recording = record(path, WORKOUT, lambda: datetime(2026, 3, 9, tzinfo=UTC), simulated=True, program="1")
    recording.put(ZERO, "connected", {"treadmill": "Simulated Treadmill"})
    recording.close()
    assert [session.began.day for session in history(path)] == [9, 3, 2, 1]
    assert [session.began.day for session in history(path, limit=2, simulated=False)] == [3, 2]
    assert story(path, "last").session.began.day == 9


def test_treadmills_are_known_by_name_and_address(path: Path) -> None:
    for day in (1, 2):
        keep(path, began=datetime(2026, 3, day, tzinfo=UTC))
    keep(path, [(ZERO, "connected", {"treadmill": "Other"})], began=datetime(2026, 3, 3, tzinfo=UTC))
    other, first = treadmills(path)
    assert (first.machine, first.sessions) == (MachineRow("Köhler Läufer 3", "AA:BB"), 2)
    assert (first.first_used.day, first.last_used.day, other.machine.name) == (1, 2, "Other")


def test_the_journal_remembers_the_address_and_every_name_that_a_treadmill_has_had(path: Path) -> None:
    """Issue 11, point 6: the advertised name is another once it is connected."""
    names = ["FS-1234", "Fit Show"]
    kept = keep(path, [(ZERO, "connected", {"treadmill": "FS-1234", "address": "C0:FF", "names": names})])
    (known,) = treadmills(path)
    assert known.machine == MachineRow("FS-1234", "C0:FF")
    assert kept.events[0].fields["names"] == names


def test_a_zone_keeps_its_own_name(path: Path) -> None:
    berlin = datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    began = keep(path, began=berlin).session.began
    assert (began, began.tzname(), began.hour) == (berlin, "Europe/Berlin", 12)


@pytest.mark.parametrize("asked", ["7", "0", "99999999999999999999", "-1", "x", "", "²"])
def test_a_session_that_is_not_there_is_said_in_one_line(path: Path, asked: str) -> None:
    keep(path)
    with pytest.raises(JournalError) as caught:
        story(path, asked)
    assert "last" in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_journal_that_is_not_there_is_said_in_one_line(path: Path) -> None:
    with pytest.raises(JournalError, match="there is no journal yet; run a session first"):
        story(path, "last")
    path.parent.mkdir()
    path.touch()
    with pytest.raises(JournalError, match="the journal is empty"):
        story(path, "last")
    with pytest.raises(JournalError, match="not a file"):
        story(path.parent, "last")


def test_the_file_is_its_owners_alone(path: Path) -> None:
    writer = Writer(path)
    recording = begin(path, writer=writer)
    recording.put(ZERO, "connected", {"treadmill": "T"})
    assert writer.flush()
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == {"journal.db": 0o600, "journal.db-wal": 0o600, "journal.db-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    recording.close()
    assert [file.name for file in path.parent.iterdir()] == ["journal.db"]
    path.chmod(0o644)
    keep(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.full
def test_a_whole_session_of_the_simulator_is_in_the_journal(path: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    command = [sys.executable, "-m", "runback", "run", "12s walk 4, 12s run 6", "--headless", "--speedup", "max"]
    subprocess.run([*command, "--trace", str(trace)], check=True, stdin=subprocess.DEVNULL, capture_output=True)
    told = [json.loads(line) for line in trace.read_text("utf-8").splitlines()]
    kept = keep(path, [(one.pop("t"), one.pop("event"), one) for one in [dict(one) for one in told]])
    assert (kept.session.outcome, kept.session.active) == ("completed", 24_000)
    assert [interval.kind for interval in kept.intervals] == ["walk", "run"]
    assert len(writes(kept)) == sum(one["event"] == "write" for one in told)
    assert all(one.response is not None and one.response[2] == 1 for one in writes(kept))
    assert len(kept.samples) == sum(one["event"] == "snapshot" for one in told)
    heard = [one["hex"] for one in told if one["event"] == "notification"]
    assert [octets.data.hex() for octets in kept.octets if octets.source is None] == heard
