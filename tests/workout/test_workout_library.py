"""Finding workouts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from runback.errors import WorkoutError
from runback.workout.library import BUILT_IN, available, built_in, find
from runback.workout.model import Kind
from runback.workout.notation import to_notation

STEP = '[[step]]\nkind = "walk"\nduration = "5m"\nspeed = 4.5\n'


def test_first_run_is_the_physiotherapists_ten_minutes_between_warm_up_and_cool_down() -> None:
    workout = find("first-run", None)
    assert to_notation(workout) == ("5m warm-up 4.5, 5x(1m run 7.5, 1m walk 5.0), 5m cool-down 4.0, 3m cool-down 3.0")
    assert workout.duration == 23 * 60
    assert workout.name == "first-run"


def test_every_built_in_workout_begins_and_ends_gently_and_says_what_it_is_for() -> None:
    for entry in built_in():
        assert entry.workout is not None
        flat = entry.workout.flat()
        assert (flat[0].kind, flat[-1].kind) == (Kind.WARM_UP, Kind.COOL_DOWN)
        assert entry.workout.top_speed <= 1000  # the plan's cap (training.md)
        assert entry.workout.name == entry.name
        assert entry.workout.description.endswith(".")


@pytest.mark.parametrize("text", ["first-run", " First Run ", "FIRST_RUN"])
def test_a_name_is_found_without_capitals_and_hyphens(text: str) -> None:
    assert find(text, None).name == "first-run"


def test_a_persons_file_is_found_by_name_by_file_name_and_by_path(tmp_path: Path) -> None:
    path = tmp_path / "Easy Day.toml"
    path.write_text(STEP)
    for text in ("easy day", "easy-day", "Easy Day.toml", str(path)):
        assert find(text, tmp_path).name == "Easy Day"


def test_a_built_in_name_cannot_be_taken_by_a_file(tmp_path: Path) -> None:
    (tmp_path / "first-run.toml").write_text(STEP)
    assert find("first-run", tmp_path).duration == 23 * 60
    entry = available(tmp_path)[-1]
    assert entry.workout is None
    assert entry.error is not None
    assert "already the name" in entry.error.what


@pytest.mark.parametrize(
    "text", ["5m walk 4.5", "5mwalk4.5", "5x(1m walk 4.5)", "1:00 walk 8:00/km", "5m walk 4.7 mph"]
)
def test_the_notation_is_recognised(text: str, tmp_path: Path) -> None:
    assert find(text, tmp_path).steps


def test_a_slip_in_the_notation_is_told_as_one() -> None:
    with pytest.raises(WorkoutError) as caught:
        find("5m walk 4.5, 1m run", None)
    assert caught.value.where == "column 20"


@pytest.mark.parametrize("text", ["fist-run", "firstrun", "first run 2"])
def test_an_unknown_name_is_answered_with_the_nearest(text: str) -> None:
    with pytest.raises(WorkoutError) as caught:
        find(text, None)
    assert text in caught.value.where
    assert 'did you mean "first-run"?' in caught.value.hint


def test_the_nearest_name_may_be_a_persons_own(tmp_path: Path) -> None:
    (tmp_path / "5k-monday.toml").write_text(STEP)
    with pytest.raises(WorkoutError, match='did you mean "5k-monday"'):
        find("5k-mondya", tmp_path)


@pytest.mark.parametrize(
    "text", ["", "  ", "\0", "\ud800", "nothing", "none.toml", "/", "./none", "x" * 9999, "a\nb", "~"]
)
def test_whatever_is_asked_for_is_answered_in_one_line(text: str, tmp_path: Path) -> None:
    with pytest.raises(WorkoutError) as caught:
        find(text, tmp_path / "missing")
    assert str(caught.value).isprintable()


def test_a_broken_file_is_one_broken_entry_of_the_list(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("name = ")
    (tmp_path / "b.toml").write_text(STEP)
    (tmp_path / "c.toml").mkdir()
    (tmp_path / "notes.txt").write_text("not a workout")
    entries = available(tmp_path)
    own = {entry.name: entry for entry in entries if entry.source != BUILT_IN}
    assert list(own) == ["a", "b", "c"]
    assert own["a"].error is not None
    assert own["a"].error.where.endswith("a.toml: line 1")
    assert own["b"].workout is not None
    assert own["b"].source == str(tmp_path / "b.toml")
    assert own["c"].error is not None


@pytest.mark.parametrize("folder", [None, Path("no such folder")])
def test_without_a_folder_there_are_the_built_in_workouts(folder: Path | None) -> None:
    assert [entry.name for entry in available(folder)] == ["belt-check", "demo", "first-run", "walk-30"]


def test_the_notation_does_not_wait_for_pydantic() -> None:
    program = (
        "import sys; from runback.workout.library import find; find('5m walk 4.5', None); "
        "sys.exit('pydantic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
