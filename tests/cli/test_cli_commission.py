"""`runback commission` as it is typed, and what it leaves behind."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.cli.warm_program import run

ALONE = ("--headless", "--yes", "--speedup", "max")


def runback(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    return run(*arguments, env=os.environ | folders | {"HOME": str(home)}, cwd=home)


@pytest.mark.full
def test_a_twin_is_commissioned_and_runs_by_the_profile_that_comes_of_it(tmp_path: Path) -> None:
    mine = tmp_path / "config" / "runback" / "devices"
    done = runback(tmp_path, "commission", "-t", "sim:urevo-e1l", *ALONE, "--console", "1.0", "-o", str(mine))
    assert (done.returncode, done.stderr) == (0, "")
    assert "seen: Stop brings it to rest" in done.stdout
    assert runback(tmp_path, "treadmills", "--validate", str(mine)).returncode == 0
    run = ("run", "20s walk 2", "--headless", "--speedup", "max", "-t", "sim:urtm041")
    assert runback(tmp_path, *run).returncode == 0
    (report,) = mine.glob("*.json")
    shown = json.loads(report.read_text(encoding="utf-8"))
    assert shown["ended"] == "seen through"
    assert [stage["seen"] for stage in shown["stages"]] == [True, True, True, True, True, False, True, True]
    again = runback(tmp_path, "commission", "-t", "sim:urevo-e1l", *ALONE, "--console", "1.0", "-o", str(mine))
    assert "saved as" in again.stdout
    assert sorted(path.name for path in mine.glob("urtm041*")) == ["urtm041.toml", "urtm041.toml.1"]


@pytest.mark.full
def test_what_was_seen_on_a_simulator_is_not_kept_of_itself(tmp_path: Path) -> None:
    done = runback(tmp_path, "commission", "-t", "sim", *ALONE, "--console", "0.8 km/h")
    assert done.returncode == 0
    assert "not saved" in done.stdout
    assert list((tmp_path / "config").rglob("*.toml")) == []
    assert len(list(tmp_path.rglob("runback/commissioning/commissioning-simulated-treadmill-*.json"))) == 1
    assert list(tmp_path.glob("*.json")) == []  # no litter where the user happens to be


def test_what_is_not_seen_through_has_a_report_and_no_profile(tmp_path: Path) -> None:
    done = runback(tmp_path, "commission", "-t", "sim", *ALONE, "--console", "7", "-o", str(tmp_path / "here"))
    assert done.returncode == 3
    assert done.stderr == "runback: not commissioned: the display does not show what the treadmill reports\n"
    assert [path.suffix for path in (tmp_path / "here").iterdir()] == [".json"]


@pytest.mark.full
def test_a_belt_that_does_not_stop_is_an_alarm(tmp_path: Path) -> None:
    done = runback(tmp_path, "commission", "-t", "sim", *ALONE, "--console", "0.8", "--fault", "refuses-stop")
    assert done.returncode == 4
    assert "STEP OFF" in done.stderr


@pytest.mark.full
def test_a_display_in_miles_is_told_and_the_second_time_is_believed(tmp_path: Path) -> None:
    done = runback(tmp_path, "commission", "-t", "sim", *ALONE, "--console", "0.8 mph")
    assert done.returncode == 3
    assert "--unit mph" in done.stderr


@pytest.mark.full
@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("-t", "Any", "--headless", "--yes", "--console", "1"), "commissioned by a person beside it"),
        (("-t", "sim", "--headless", "--console", "1"), "nobody can confirm a step"),
        (("-t", "sim", "--headless", "--yes"), "nobody can confirm a step"),
        (("-t", "sim", "--headless", "--yes", "--console", "fast"), "is not a speed"),
        (("-t", "sim", "--yes"), "they answer in your place"),
        (("-t", "sim"), "no screen to draw on"),
        (("-t", "Any"), "no screen to draw on"),
        (("-t", "sim:nobody", *ALONE, "--console", "1"), "it does not exist"),
        (("-t", "sim:life-fitness", *ALONE, "--console", "1"), "its speed is not set from here"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_nothing_is_left(
    arguments: tuple[str, ...], line: str, tmp_path: Path
) -> None:
    done = runback(tmp_path, "commission", *arguments)
    assert done.returncode == 2
    assert line in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.full
def test_a_folder_that_cannot_be_written_is_one_line_each(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = runback(tmp_path, "commission", "-t", "sim", *ALONE, "--console", "0.8", "-o", str(tmp_path / "file"))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 2
