"""The program as a person or a script calls it: exit codes, one line for bad input, the same bytes every time."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.cli.warm_program import run

TRACEBACK = "Traceback"
SHORT = "12s walk 4, 12s run 6"


def runback(*arguments: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Call the program; nobody's own workouts are in its way."""
    environment = os.environ | ({} if home is None else {"XDG_CONFIG_HOME": str(home), "HOME": str(home)})
    return run(*arguments, env=environment)


def fast(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A run with nobody there, as fast as it goes."""
    return runback("run", *arguments, "--headless", "--speedup", "max", "--json")


@pytest.mark.full
@pytest.mark.parametrize(
    ("fault", "code", "outcome"),
    [
        (None, 0, "completed"),
        ("safety-key@18", 3, "stopped"),
        ("console-stop@18", 3, "stopped"),
        ("surge@16+20", 3, "stopped"),
        ("refuses-stop@0", 4, "alarm"),
        ("link-loss@18", 4, "alarm"),
    ],
)
def test_the_exit_code_is_what_became_of_the_session(fault: str | None, code: int, outcome: str) -> None:
    done = fast(SHORT, *([] if fault is None else ["--fault", fault]))
    last = json.loads(done.stdout.splitlines()[-1])
    assert (done.returncode, last["event"], last["outcome"], last["exit_code"]) == (code, "summary", outcome, code)
    assert TRACEBACK not in done.stderr
    assert ("STEP OFF" in done.stdout + done.stderr) <= (outcome == "alarm")


@pytest.mark.full
def test_the_first_session_runs_to_its_end_and_is_the_same_to_the_byte_every_time(tmp_path: Path) -> None:
    first, second = (fast("first-run", "--seed", "7", "--trace", str(tmp_path / name)) for name in ("a", "b"))
    assert first.returncode == 0
    assert first.stdout == second.stdout
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    records = [json.loads(line) for line in first.stdout.splitlines()]
    assert sum(record["event"] == "snapshot" for record in records) > 1380
    notified = sum(b'"notification"' in line for line in (tmp_path / "a").read_bytes().splitlines())
    assert notified > 1380
    began = [record["t"] for record in records if record["event"] == "step"]
    planned = [0.0, 300.0, *(300.0 + 60.0 * step for step in range(1, 11)), 1200.0]
    assert [at - began[0] for at in began] == pytest.approx(planned, abs=0.05)


@pytest.mark.full
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "no-such-workout"], "it does not exist"),
        (["run", "5m walk"], "has no speed"),
        (["run", "5m walk -4"], "negative"),
        (["run", "5m walk nan"], "not a finite number"),
        (["run", "1000000000m walk 4"], "longer than 24h"),
        (["run", "1000000000x(1s walk 4)"], "steps"),
        (["run", "1m run 25"], "above the cap"),
        (["run", SHORT, "--fault", "bogus"], "not a kind of fault"),
        (["run", SHORT, "--fault", "surge@x"], "not a plain number"),
        (["run", SHORT, "--speedup", "0"], "is not a speed"),
        (["run", SHORT, "--speedup", "nan"], "is not a speed"),
        (["run", SHORT, "--speedup", "max", "--treadmill", "X"], "keeps real time"),
        (["run", SHORT, "--fault", "surge", "--treadmill", "X"], "only a simulated treadmill"),
        (["run", SHORT, "--trace", "/nowhere/at/all"], "give a file that can be written"),
        (["decode", "zz", "00"], "is not a UUID"),
        (["decode", "2ACD", "0g"], "is not hex"),
        (["decode", "2ACD", "00"], "flags are missing"),
        (["stop", "--treadmill", "sim"], "lives inside its own session"),
        (["frobnicate"], "No such command"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_two(arguments: list[str], told: str, tmp_path: Path) -> None:
    extra = ["--headless"] if arguments[0] == "run" else []
    done = runback(*arguments, *extra, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert told in done.stderr


@pytest.mark.full
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = ", "broken.toml"),
        ('[[step]]\nkind = "walk"\nduration = "5m"\n', "speed is missing"),
        ('[[step]]\nkind = "walk"\nduration = "5m"\nspeed = -1\n', "negative"),
        ('[[step]]\nkind = "walk"\nduration = "5m"\nspeed = nan\n', "finite"),
        ('[[step]]\nkind = "walk"\nduration = 1e9\nspeed = 5\n', "24h"),
        ("\x00\x01", "broken.toml"),
    ],
)
def test_a_broken_file_is_one_line_too(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(text, "utf-8")
    done = runback("run", str(path), "--headless", home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert told in done.stderr


def test_decode_says_what_a_characteristic_says() -> None:
    # Flags 0000: Instantaneous Speed alone; 0x03E8 is 10.00 km/h (FTMS S0 4.5.1.1).
    done = runback("decode", "2ACD", "0000 E803")
    assert done.returncode == 0
    assert json.loads(done.stdout)["speed_kmh"] == 10.0


@pytest.mark.full
def test_a_run_without_json_tells_a_person_how_it_went() -> None:
    done = runback("run", SHORT, "--headless", "--speedup", "max")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert "completed" in lines[0]
    assert len(lines) == 4
    assert lines[-1] == "The belt is at rest."


@pytest.mark.full
def test_counted_from_the_speed_the_summary_says_so_and_the_bytes_are_the_same_every_time() -> None:
    first, second = (fast(SHORT, "--count-from", "speed") for _ in range(2))
    assert first.returncode == 0
    assert first.stdout == second.stdout
    last = json.loads(first.stdout.splitlines()[-1])
    assert last["actual_s"] == 24.0
    assert last["changing_s"] > 5.0
    told = runback("run", SHORT, "--headless", "--speedup", "max", "--count-from", "speed").stdout
    assert "planned 0:24, took 0:3" in told
    assert "changing speed" in told


@pytest.mark.full
def test_nobody_on_a_belt_that_counts_steps_ends_a_session_without_a_person() -> None:
    call = ("20s walk 4, 60s walk 5", "-t", "sim:urevo-e1l", "--fault", "steps-off@40")
    paused, warned = fast(*call), fast(*call, "--stepped-off", "warn", "--stepped-off-after", "5")
    assert (paused.returncode, warned.returncode) == (3, 0)
    assert [done.stdout.count('"kind": "stepped off"') for done in (paused, warned)] == [2, 1]


@pytest.mark.full
@pytest.mark.parametrize("option", [("--count-from", "heart"), ("--stepped-off", "fly"), ("--stepped-off-after", "1")])
def test_what_cannot_be_counted_is_one_line(option: tuple[str, str]) -> None:
    done = fast(SHORT, *option)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
