"""`runback report`: a journal in, one file out, and one line for whatever stands in the way."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from runback.cli.commands.report import dossier, write_report
from runback.errors import InputError
from runback.journal.recording import record
from runback.rehab.activity import ActivityKind, LoggedActivity
from runback.rehab.records import CheckIn, CheckInMoment, Clearance, Cleared
from runback.training_log.log import TrainingLog
from tests.support.journal.stage import WORKOUT, events

NOW = datetime(2026, 3, 1, 18, 30, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "journal.db"
    book = TrainingLog(path)
    book.choose("return-to-running", NOW - timedelta(days=3), rehearsal=True)
    wrong = book.add(CheckIn(CheckInMoment.BEFORE, NOW - timedelta(days=2), 3), "stiff, and <tired>")
    book.correct(wrong, CheckIn(CheckInMoment.BEFORE, NOW - timedelta(days=2), 2), "a little stiff")
    book.add(LoggedActivity(ActivityKind.CYCLING, 40, NOW - timedelta(days=1), 1), "flat road")
    book.add(Clearance(Cleared.START, NOW - timedelta(days=1), "Dr Jones"), "by telephone")
    return path


def test_the_page_of_a_journal_is_a_new_file(journal: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "page.html"
    assert write_report(str(target), None, journal, NOW) == 0
    assert capsys.readouterr().out == f"{target}\n"
    told = target.read_text("utf-8")
    assert told.startswith("<!DOCTYPE html>")
    assert "Dr Jones" in told
    with pytest.raises(InputError, match="there is a file by that name"):
        write_report(str(target), None, journal, NOW)
    assert target.read_text("utf-8") == told


def test_what_was_written_beside_records_that_stand_is_told(journal: Path) -> None:
    told = [(remark.about, remark.words) for remark in dossier(journal, NOW).remarks]
    assert told == [("check-in (before)", "a little stiff"), ("cycling", "flat road"), ("clearance", "by telephone")]


def test_the_simulators_sessions_count_in_a_rehearsal_only(journal: Path) -> None:
    kept = record(journal, WORKOUT, lambda: NOW, simulated=True, program="1.2.3")
    for t, event, fields in events():
        kept.put(t, event, fields)
    kept.close()
    assert len(dossier(journal, NOW).sessions) == 1
    TrainingLog(journal).choose("return-to-running", NOW)
    assert dossier(journal, NOW).sessions == ()


@pytest.mark.parametrize("since", ["yesterday", "2026-02-30", "2026-3", ""])
def test_a_since_that_is_no_date_is_one_line(journal: Path, since: str) -> None:
    with pytest.raises(InputError, match="write it like 2026-01-31"):
        write_report("-", since, journal, NOW)


def test_without_a_plan_there_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no plan is followed yet"):
        write_report("-", None, tmp_path / "journal.db", NOW)


def test_a_report_goes_to_standard_output_and_shows_what_was_asked_for(
    journal: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert write_report("-", "2026-02-28", journal, NOW) == 0
    told = capfdbinary.readouterr().out
    assert told.startswith(b"<!DOCTYPE html>")
    assert b"from 2026-02-2" in told
    assert b"a little stiff" not in told
