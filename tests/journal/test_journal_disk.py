"""What the disk, a kill and other processes do to the journal; and that none of it reaches the session."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from runback.errors import JournalError
from runback.journal.model import MachineRow, SessionStart
from runback.journal.queries import history, story
from runback.journal.schema import MIGRATIONS
from runback.journal.writer import PERIOD, Writer
from tests.support.child import command
from tests.support.journal.child import KILLED_AT
from tests.support.journal.stage import ZERO, begin, events, keep


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def child(path: Path, *what: str) -> subprocess.Popen[str]:
    """A process of `tests.support.journal.child` at work on `path`."""
    program = command("tests.support.journal.child", str(path), *what)
    return subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def sound(path: Path) -> bool:
    """Whether SQLite finds nothing wrong with the file."""
    connection = sqlite3.connect(path)
    try:
        return bool(connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
    finally:
        connection.close()


def test_a_second_is_the_most_that_a_kill_can_cost() -> None:
    assert PERIOD <= 0.9  # and the time that a disk takes


@pytest.mark.full
def test_a_killed_program_leaves_all_that_was_told_a_second_before(path: Path) -> None:
    with child(path, "kill") as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "told\n"
        while not history(path) or history(path)[0].length < KILLED_AT * 1000:
            pass  # its own clock has it written; nothing asks for it, nobody ends it
        running.kill()
    assert sound(path)
    kept = story(path, "last")
    assert kept.session.outcome is None
    told = [one for one in events() if one[0] <= ZERO + KILLED_AT]
    assert len(kept.samples) == sum(event == "snapshot" for _, event, _ in told)
    assert len(kept.octets) + len(kept.events) == sum(event != "snapshot" for _, event, _ in told)
    assert keep(path).session.id == kept.session.id + 1


@pytest.mark.full
@pytest.mark.parametrize("stays", [False, True])
def test_a_full_disk_is_said_and_costs_nothing_once_there_is_room(path: Path, stays: bool) -> None:
    with child(path, "full", *(["stays"] if stays else [])) as running:
        told, _ = running.communicate()
    before, during, after = told.splitlines()
    assert before == "None"
    assert str(path) in during
    assert "the disk" in during
    assert sound(path)
    kept = story(path, "last")
    if stays:
        assert "records of this session are not in it" in after
        assert kept.session.outcome is None
        return
    assert after == "None"
    assert (kept.session.outcome, kept.session.lost, len(kept.samples)) == ("completed", 0, 69)


def test_a_journal_that_may_grow_no_more_says_that_the_disk_is_full(path: Path) -> None:
    def limit(connection: sqlite3.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")  # of this connection: the next has room again

    writer = Writer(path, migrations=(*MIGRATIONS, limit))
    recording = begin(path, writer=writer)
    told = events()
    for t, event, fields in told[:-1]:
        recording.put(t, event, fields)
    recording.put(ZERO + 67, "failure", {"why": "x" * 100_000})
    assert writer.flush()
    assert "the disk is full; " in str(recording.failed)
    assert recording.session is None  # all of the batch, or nothing: its beginning too
    recording.put(*told[-1])
    recording.close()
    assert recording.failed is None
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM sample").fetchone() == (69,)
    connection.close()


@pytest.mark.parametrize("place", ["file/journal.db", "/proc/runback/journal.db", "x" * 252, "folder"])
def test_a_place_that_cannot_be_written_is_said_and_disturbs_nobody(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir(mode=0o755)
    path = tmp_path / place
    recording = begin(path)
    for t, event, fields in events():
        recording.put(t, event, fields)
    recording.close()
    failed = str(recording.failed)
    assert failed.startswith(f"{path}: ")
    assert failed.endswith("records of this session are not in it")
    assert failed.isprintable()
    assert (tmp_path / "folder").stat().st_mode & 0o777 == 0o755


@pytest.mark.full
def test_another_program_that_writes_is_waited_for(path: Path) -> None:
    keep(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writer = Writer(path)
    recording = begin(path, writer=writer)
    for t, event, fields in events():
        recording.put(t, event, fields)
    assert writer.flush()
    assert "another program is writing to it" in str(recording.failed)
    other.execute("ROLLBACK")
    other.close()
    recording.close()
    assert recording.failed is None
    assert len(story(path, "2").samples) == 69


def test_two_sessions_at_once_share_the_journal(path: Path) -> None:
    writers = [Writer(path), Writer(path)]
    recordings = [begin(path, writer=writer) for writer in writers]
    for t, event, fields in events():
        for recording, writer in zip(recordings, writers, strict=True):
            recording.put(t, event, fields)
            if event == "phase":
                writer.flush()
    for recording in recordings:
        recording.close()
    assert [recording.failed for recording in recordings] == [None, None]
    first, second = (story(path, str(recording.session)) for recording in recordings)
    assert (first.samples, first.octets, first.events) == (second.samples, second.octets, second.events)
    assert first.session.id != second.session.id


def test_a_reader_sees_what_is_written_so_far_and_stops_nobody(path: Path) -> None:
    writer = Writer(path)
    recording = begin(path, writer=writer)
    for t, event, fields in events():
        recording.put(t, event, fields)
        if event == "snapshot" and t % 10 == 0:
            assert writer.flush()
            assert history(path)[0].length == round((t - ZERO) * 1000)
            assert story(path, "last").samples[-1].at == round((t - ZERO) * 1000)
    recording.close()
    assert recording.failed is None


@pytest.mark.full
def test_a_reader_that_is_locked_out_says_so(path: Path) -> None:
    keep(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(JournalError, match="another program is writing to it; try again"):
        history(path)
    other.close()


def test_a_journal_beside_which_nothing_can_be_made_can_still_be_read(tmp_path: Path) -> None:
    kept = keep(tmp_path / "journal.db")
    there = tmp_path / ("x" * 252)  # no name is left for "-wal" and "-shm"
    (tmp_path / "journal.db").rename(there)
    assert story(there, "last") == kept


@pytest.mark.parametrize("damage", ["noise", "torn", "other database"])
def test_a_damaged_file_is_said_and_left_as_it_is(path: Path, damage: str) -> None:
    keep(path)
    whole = path.read_bytes()
    if damage == "noise":
        path.write_bytes(b"no database " * 4000)
    elif damage == "torn":
        path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    else:
        path.unlink()
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE photographs (id)")
        connection.close()
    before = path.read_bytes()
    with pytest.raises(JournalError) as caught:
        story(path, "last")
    assert str(caught.value).startswith(f"{path}: ")
    recording = begin(path)
    for t, event, fields in events():
        recording.put(t, event, fields)
    recording.close()
    assert "not in it" in str(recording.failed)
    assert path.read_bytes() == before


@pytest.mark.parametrize("then", ["deleted", "moved", "replaced"])
def test_a_journal_that_is_taken_away_while_the_session_runs_is_said(path: Path, then: str) -> None:
    """Issue 11, point 21: SQLite writes on into a file that nobody will ever find."""
    writer = Writer(path)
    recording = begin(path, writer=writer)
    told = events()
    for t, event, fields in told[:40]:
        recording.put(t, event, fields)
    assert writer.flush()
    assert recording.failed is None
    if then == "deleted":
        for file in path.parent.glob("journal.db*"):
            file.unlink()
    else:
        path.rename(path.with_name("elsewhere.db"))
    if then == "replaced":
        path.write_bytes(b"another file")
    for t, event, fields in told[40:]:
        recording.put(t, event, fields)
    recording.close()
    failed = str(recording.failed)
    assert failed.startswith(f"{path}: it was deleted or moved away while the session ran; leave it where it is")
    missing = re.search(r"; ([0-9]+) records of this session are not in it$", failed)
    assert missing is not None
    assert int(missing[1]) > len(told)  # those that were written before as well


def test_memory_that_runs_out_is_called_that_and_what_waits_is_tried_again(path: Path) -> None:
    """Issue 11, point 21: under `ulimit -v` the journal said "the disk was too slow"."""
    starved = [True]

    def starve(_: sqlite3.Connection) -> None:
        if starved:
            raise MemoryError  # as SQLite does, without a word

    writer = Writer(path, migrations=(*MIGRATIONS, starve))
    recording = begin(path, writer=writer)
    told = events()
    for t, event, fields in told[:-1]:
        recording.put(t, event, fields)
    assert writer.flush()
    assert f"{path}: there is not enough memory; " in str(recording.failed)
    starved.clear()
    recording.put(*told[-1])
    recording.close()
    assert recording.failed is None


def test_a_disk_that_does_not_answer_does_not_hold_up_the_end(path: Path) -> None:
    keep(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writer = Writer(path)
    writer.put(MachineRow("T"))
    writer.close(timeout=0.0)
    assert "the disk does not answer" in str(writer.failed)
    other.close()


def test_a_session_without_a_time_zone_is_lost_and_said(path: Path) -> None:
    writer = Writer(path)
    writer.put(SessionStart(datetime(2026, 1, 1), "w", "p", planned=1, simulated=False, program="1"))  # noqa: DTZ001 - the fault
    writer.close()
    assert "has no time zone; 1 records" in str(writer.failed)
