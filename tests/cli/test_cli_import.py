"""`runback import` as a person or a script calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from runback.workout.files import load
from runback.workout.model import Kind, Repeat, Step
from tests.support.cli.warm_program import run

QZ = (
    '<rows><row duration="00:05:00" speed="4.5" forcespeed="1"/><repeat times="5"><row duration="00:01:00" speed="7.5" '
    'forcespeed="1"/><row duration="00:01:00" speed="5.0" forcespeed="1"/></repeat></rows>'
)
STEPS = (Step(Kind.WALK, 300.0, 450), Repeat(5, (Step(Kind.RUN, 60.0, 750), Step(Kind.WALK, 60.0, 500))))


def runback(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Call the program with a home of its own, and nobody to answer."""
    environment = os.environ | {"XDG_CONFIG_HOME": str(home), "HOME": str(home)}
    return run(*arguments, env=environment)


@pytest.fixture
def programme(tmp_path: Path) -> Path:
    """A QZ programme in a file whose name does not say so."""
    path = tmp_path / "First day.dat"
    path.write_text(QZ, "utf-8")
    return path


def written(home: Path) -> list[str]:
    folder = home / "runback" / "workouts"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.mark.full
def test_without_a_yes_there_is_a_preview_and_nothing_is_written(programme: Path, tmp_path: Path) -> None:
    done = runback(tmp_path, "import", str(programme))
    assert done.returncode == 2
    assert "1m run 7.5 km/h 8:00/km" in " ".join(done.stdout.split())
    assert "Fastest  7.5 km/h" in done.stdout
    assert done.stderr == "runback: nothing was written; add --yes to write it\n"
    assert written(tmp_path) == []


@pytest.mark.full
def test_with_a_yes_it_is_an_ordinary_workout_that_runs(programme: Path, tmp_path: Path) -> None:
    done = runback(tmp_path, "import", str(programme), "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert load(tmp_path / "runback" / "workouts" / "first-day.toml").steps == STEPS
    assert "first-day" in runback(tmp_path, "workouts").stdout
    ran = runback(tmp_path, "run", "first-day", "--headless", "--speedup", "max")
    assert (ran.returncode, ran.stdout.count("7.5 km/h") >= 5) == (0, True)


@pytest.mark.full
def test_nothing_is_written_over(programme: Path, tmp_path: Path) -> None:
    assert runback(tmp_path, "import", str(programme), "--yes").returncode == 0
    again = runback(tmp_path, "import", str(programme), "--yes")
    assert (again.returncode, again.stdout) == (2, "")
    assert "--name" in again.stderr
    assert again.stderr.count("\n") == 1
    assert runback(tmp_path, "import", str(programme), "--yes", "--name", "Second day").returncode == 0
    assert written(tmp_path) == ["first-day.toml", "second-day.toml"]
    built_in = runback(tmp_path, "import", str(programme), "--yes", "--name", "First run")
    assert (built_in.returncode, written(tmp_path)) == (2, ["first-day.toml", "second-day.toml"])


@pytest.mark.full
def test_json_is_one_object_that_says_whether_it_was_written(programme: Path, tmp_path: Path) -> None:
    shown = json.loads(runback(tmp_path, "import", str(programme), "--json").stdout)
    assert (shown["written"], shown["duration_s"], len(shown["steps"])) == (None, 900.0, 11)
    shown = json.loads(runback(tmp_path, "import", str(programme), "--json", "--yes", "--cap", "7").stdout)
    assert (Path(shown["written"]).name, shown["top_kmh"], len(shown["clamped"])) == ("first-day.toml", 7.0, 1)


@pytest.mark.full
def test_what_only_the_person_knows_is_taken_from_options(tmp_path: Path) -> None:
    path = tmp_path / "mixed.txt"
    path.write_text("- 1m 50% Pace\n- 1m 6:00 Pace\n- walk 1m\n", "utf-8")
    options = ["--paces", "threshold=5:00/km", "--pace", "9:00/mile", "--unit", "km/h", "--speed", "walk=4.8"]
    done = runback(tmp_path, "import", str(path), *options, "--json")
    assert [step["speed_kmh"] for step in json.loads(done.stdout)["steps"]] == [6.0, 10.0, 4.8]
    path = tmp_path / "zwift.zwo"
    path.write_text(
        "<workout_file><sportType>run</sportType><workout>"
        '<SteadyState Duration="300" Power="0.5"/></workout></workout_file>',
        "utf-8",
    )
    done = runback(tmp_path, "import", str(path), "--pace", "12", "--durations", "time", "--json")
    assert [step["duration_s"] for step in json.loads(done.stdout)["steps"]] == [300.0]


@pytest.mark.full
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.zwo"], "no such file"),
        (["."], "a folder"),
        (["/dev/null"], "not a plain file"),
        (["x" * 5000], "cannot be read"),
        (["FILE", "--cap", "25"], "above 20.0 km/h"),
        (["FILE", "--cap", "fast"], "cannot be read"),
        (["FILE", "--pace", "5:30"], "5:30/km or 5:30/mile"),
        (["FILE", "--pace", "quick"], "cannot be read"),
        (["FILE", "--paces", "5:00/km"], "there are 1mi, 5k"),
        (["FILE", "--paces", "pace=5:00/km"], "there are 1mi, 5k"),
        (["FILE", "--speed", "jog=7"], "warm-up"),
        (["FILE", "--speed", "walk=nan"], "not a finite number"),
        (["FILE", "--open", "5"], "no unit"),
        (["FILE", "--unit", "furlongs"], "furlongs"),
        (["FILE", "--durations", "miles"], "miles"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], told: str, programme: Path, tmp_path: Path) -> None:
    done = runback(tmp_path, "import", *(str(programme) if each == "FILE" else each for each in arguments), "--yes")
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert written(tmp_path) == []


def at_a_terminal(home: Path, typed: str, *arguments: str) -> tuple[int, str]:
    """Call the program in a pseudo-terminal where `typed` has been typed ahead; its exit code, and what it showed."""
    ours, theirs = os.openpty()
    environment = os.environ | {"XDG_CONFIG_HOME": str(home), "HOME": str(home)}
    command = [sys.executable, "-m", "runback", *arguments]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        os.write(ours, typed.encode())
        shown = b""
        try:
            while part := os.read(ours, 4096):
                shown += part
        except OSError:  # the other end is closed: how Linux says end of file here
            pass
        os.close(ours)
        return process.wait(), shown.decode()


@pytest.mark.full
def test_at_a_terminal_what_is_missing_is_asked_for_and_then_whether_to_write(tmp_path: Path) -> None:
    path = tmp_path / "mixed.txt"
    path.write_text("- 1m 50% Pace\n- 1m 75% Pace\n- 1m 6:00 Pace\n- walk 1m\n", "utf-8")
    code, shown = at_a_terminal(tmp_path, "quick\n5:00/km\nkm/h\n4.8\ny\n", "import", str(path))
    assert (code, shown.count("threshold pace")) == (0, 1)
    steps = load(tmp_path / "runback" / "workouts" / "mixed.toml").flat()
    assert [step.speed for step in steps] == [600, 900, 1000, 480]


@pytest.mark.full
def test_a_no_at_the_terminal_writes_nothing(programme: Path, tmp_path: Path) -> None:
    code, shown = at_a_terminal(tmp_path, "n\n", "import", str(programme))
    assert (code, written(tmp_path)) == (2, [])
    assert "nothing was written" in shown


@pytest.mark.full
def test_a_folder_that_cannot_be_made_is_one_line(programme: Path, tmp_path: Path) -> None:
    (tmp_path / "runback").write_text("in the way", "utf-8")
    done = runback(tmp_path, "import", str(programme), "--yes")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
