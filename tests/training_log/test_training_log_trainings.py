"""Sessions of the journal that were run for a stage: what of them the rules hear."""

from __future__ import annotations

import signal
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from runback.errors import JournalError, PlanError
from runback.journal.plan_runs import Purpose, others, purposed
from runback.journal.recording import record
from runback.rehab.decision import DueQuestion
from runback.rehab.records import CheckIn, CheckInMoment, OtherRun, SessionDone
from runback.session.model import CueKind
from runback.training_log.log import TrainingLog
from tests.support.child import command
from tests.support.journal.stage import BEGAN, WORKOUT, ZERO, Told, events

PURPOSE = Purpose("return-to-running", "1", 10_000, 500)
"""The session of the stage: 20 s warm-up, 10 s run (32.5-40 and, after a pause, 52-54.5 s), 10 s walk."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def keep(
    path: Path,
    told: list[Told],
    *,
    purpose: Purpose | None = PURPOSE,
    simulated: bool = False,
    began: datetime = BEGAN,
) -> int:
    """Put a session into the journal; returns its number."""
    recording = record(path, WORKOUT, lambda: began, simulated=simulated, program="test", purpose=purpose)
    for t, event, fields in told:
        recording.put(t, event, fields)
    recording.close()
    assert recording.failed is None
    assert recording.session is not None
    return recording.session


def with_cue(t: float, kind: str) -> list[Told]:
    cue: Told = (ZERO + t, "cue", {"kind": kind})
    return sorted([*events(), cue], key=lambda told: told[0])


def targets(speed: float, since: float, until: float) -> list[Told]:
    """The session with another target between two moments."""
    return [
        (t, event, fields | {"target_kmh": speed} if event == "snapshot" and since <= t - ZERO < until else fields)
        for t, event, fields in events()
    ]


def test_a_whole_session_counts_with_its_plan_its_stage_and_its_running(path: Path) -> None:
    number = keep(path, events())
    (training,) = TrainingLog(path).trainings()
    ended = BEGAN + timedelta(seconds=68)
    assert training.id == number
    assert training.done == SessionDone("return-to-running", "1", BEGAN, ended, 10.0, 10.0)
    assert TrainingLog(path).history().sessions == (training.done,)


def test_a_session_of_no_plan_is_no_stage_but_it_is_a_run(path: Path) -> None:
    keep(path, events(), purpose=None)
    book = TrainingLog(path)
    assert (book.trainings(), book.history().sessions) == ((), ())
    assert book.history().other_runs == (OtherRun(BEGAN, BEGAN + timedelta(seconds=68), 10.0, "Thursday"),)
    book.choose("return-to-running", BEGAN)
    decision = book.decision(BEGAN + timedelta(hours=1))
    assert decision is not None
    assert decision.ask is DueQuestion.DURING


def test_a_simulated_session_of_no_plan_starts_nothing_unless_it_is_rehearsed(path: Path) -> None:
    keep(path, events(), purpose=None, simulated=True)
    book = TrainingLog(path)
    assert book.history().other_runs == ()
    book.choose("return-to-running", BEGAN, rehearsal=True)
    assert book.history().other_runs == (OtherRun(BEGAN, BEGAN, 10.0, "Thursday"),)


def walked(minutes: float, kmh: float) -> list[Told]:
    """A session of no run interval, measured each second."""
    seconds = round(minutes * 60)
    told: list[Told] = [(ZERO, "connected", {"treadmill": "x"})]
    for t in range(seconds):
        fields: dict[str, object] = {
            "elapsed_s": float(t),
            "target_kmh": kmh,
            "measured_kmh": kmh,
            "distance_m": t * 1.0,
        }
        told.append((ZERO + t, "snapshot", fields))
    return told


@pytest.mark.parametrize(
    ("minutes", "kmh", "ran"), [(2, 6.4, ()), (0.9, 7.0, ()), (1, 6.5, (60.0,)), (3, 9.0, (180.0,))]
)
def test_a_belt_too_fast_for_walking_is_a_run_whatever_its_steps_are_called(
    path: Path, minutes: float, kmh: float, ran: tuple[float, ...]
) -> None:
    keep(path, walked(minutes, kmh), purpose=None)
    assert tuple(each.ran for each in TrainingLog(path).history().other_runs) == ran


def test_a_session_that_was_cut_off_counts_as_what_was_done(path: Path) -> None:
    keep(path, [one for one in events() if one[0] <= ZERO + 36])
    (session,) = TrainingLog(path).history().sessions
    assert (session.planned_run, session.done_run, session.stopped) == (10.0, 4.0, False)
    assert session.ended == BEGAN + timedelta(seconds=36)


def test_a_session_whose_program_is_killed_counts_as_what_was_done(path: Path) -> None:
    with subprocess.Popen(
        command("tests.support.training_log.child", str(path)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "told\n"
        process.send_signal(signal.SIGKILL)
    (session,) = TrainingLog(path).history().sessions
    assert (session.stage, session.planned_run) == ("1", 10.0)
    assert session.done_run == 4.0


def test_what_was_walked_after_easing_off_is_no_running(path: Path) -> None:
    keep(path, with_cue(36.0, "eased"))
    (session,) = TrainingLog(path).history().sessions
    assert session.done_run == pytest.approx(4.0, abs=1.0)


def test_the_session_says_that_it_eases_off_in_the_word_that_is_looked_for() -> None:
    assert CueKind.EASED.value == "eased"


def test_another_cue_changes_nothing(path: Path) -> None:
    keep(path, with_cue(36.0, "halfway"))
    assert [each.done_run for each in TrainingLog(path).history().sessions] == [10.0]


def test_what_was_walked_of_a_run_is_no_running(path: Path) -> None:
    keep(path, targets(5.0, 36.0, 80.0))
    (session,) = TrainingLog(path).history().sessions
    assert session.done_run == pytest.approx(4.0, abs=1.5)


def test_a_slow_run_is_a_run(path: Path) -> None:
    keep(path, targets(5.1, 33.0, 80.0))
    assert [each.done_run for each in TrainingLog(path).history().sessions] == [10.0]


def test_a_simulated_session_counts_in_a_rehearsal_only_and_is_over_when_it_began(path: Path) -> None:
    keep(path, events(), simulated=True)
    book = TrainingLog(path)
    assert book.history().sessions == ()
    assert [(each.why, each.simulated) for each in book.trainings()] == [("simulated", True)]
    book.choose("return-to-running", BEGAN, rehearsal=True)
    assert [(each.began, each.ended, each.done_run) for each in book.history().sessions] == [(BEGAN, BEGAN, 10.0)]
    book.choose("return-to-running", BEGAN)
    assert book.history().sessions == ()


def test_a_session_without_any_running_counts_only_if_something_was_said_about_it(path: Path) -> None:
    keep(path, [one for one in events() if one[0] <= ZERO + 25])
    book = TrainingLog(path)
    assert [(each.done, each.why) for each in book.trainings()] == [(None, "nothing was run")]
    book.add(CheckIn(CheckInMoment.GATE, BEGAN + timedelta(seconds=30), 6))
    for at in (BEGAN - timedelta(seconds=1), BEGAN + timedelta(hours=37)):  # those are about other sessions
        book.add(CheckIn(CheckInMoment.DURING, at, 6))
    assert book.history().sessions == ()
    book.add(CheckIn(CheckInMoment.DURING, BEGAN + timedelta(seconds=30), 6))
    assert [each.done_run for each in book.history().sessions] == [0.0]


def test_a_session_with_a_wrong_clock_can_be_corrected_and_the_correction_withdrawn(path: Path) -> None:
    number = keep(path, events())
    book = TrainingLog(path)
    earlier = BEGAN - timedelta(days=365)
    corrected = SessionDone("return-to-running", "1", earlier, earlier + timedelta(minutes=1), 10.0, 10.0)
    entry = book.correct_training(number, corrected, "the clock was a year ahead")
    assert book.history().sessions == (corrected,)
    again = book.correct(entry, corrected)
    assert book.history().sessions == (corrected,)
    book.withdraw(again, BEGAN)
    assert [each.began for each in book.history().sessions] == [BEGAN]
    with pytest.raises(PlanError, match="not run for a plan"):
        book.correct_training(number + 1, corrected)


def test_sessions_run_without_runback_stand_beside_the_journals_own(path: Path) -> None:
    keep(path, events())
    told = SessionDone("return-to-running", "2", BEGAN + timedelta(days=3), BEGAN + timedelta(days=3), 10.0, 10.0)
    book = TrainingLog(path)
    book.add(told)
    assert [each.stage for each in book.history().sessions] == ["1", "2"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": 2}, "a newer runback"),
        ({"version": "1"}, "cannot be read"),
        ({"plan": None}, "cannot be read"),
        ({"stage": 1}, "cannot be read"),
        ({"running_ms": 0}, "cannot be read"),
        ({"running_ms": 1.5}, "cannot be read"),
        ({"walking": True}, "cannot be read"),
    ],
)
def test_a_purpose_that_is_not_known_here_is_refused(path: Path, change: dict[str, object], told: str) -> None:
    fields = dict(PURPOSE.event().fields) | change
    keep(path, [(ZERO - 1, "purpose", fields), *events()], purpose=None)
    with pytest.raises(JournalError, match=told):
        purposed(path)


def test_no_journal_no_trainings(path: Path) -> None:
    assert purposed(path) == ()
    assert others(path) == ()
    assert not path.exists()
