"""A treadmill that nobody has described, on a private D-Bus: refused, stopped, commissioned, and then run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.processes.bench import Bench, bench
from tests.support.processes.terminal import Record, Terminal, terminal

NAME = "Unheard Of"
"""It does not report a distance: to compare that would take a minute of real time."""


WORD = b"go on"
"""What stands in the line of keys while a word is waited for."""


@pytest.fixture
def treadmill() -> Iterator[Bench]:
    with bench("--name", NAME, "--no-distance") as served:
        yield served


def environment(treadmill: Bench, home: Path) -> dict[str, str]:
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    return folders | {"DBUS_SYSTEM_BUS_ADDRESS": str(treadmill.bus)}


def runback(treadmill: Bench, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "runback", *arguments, "-t", NAME],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=os.environ | environment(treadmill, home),
        timeout=60,
        check=False,
    )


def test_a_stranger_is_refused_and_stopped(treadmill: Bench, tmp_path: Path) -> None:
    refused = runback(treadmill, tmp_path, "run", "3s walk 2", "--headless")
    assert refused.returncode == 2
    assert f'runback commission -t "{NAME}"' in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert treadmill.speed == 0
    assert treadmill.writes == []
    assert treadmill.ask("start")
    while treadmill.speed == 0:
        pass
    assert runback(treadmill, tmp_path, "stop").returncode == 0
    assert treadmill.speed == 0


def test_a_stranger_is_commissioned_by_a_person_and_then_runs(treadmill: Bench, tmp_path: Path) -> None:
    env = environment(treadmill, tmp_path)
    here = tmp_path / "here"
    here.mkdir()
    with terminal(tmp_path / "trace", "commission", "-t", NAME, env=env, cwd=here) as program:
        program.seen(WORD)
        assert treadmill.speed == 0
        assert treadmill.writes == []
        give_words(program)
        program.seen(b"display shows")
        assert treadmill.speed == 80
        program.type(b"1")
        program.wait_for(
            lambda record: record.get("incline_target_percent") == 0.5 or record.get("incline_percent") == 0.5
        )
        program.phase("completed")
        assert treadmill.speed == 0
        program.type(b"\r")
        assert program.exit_code() == 0
        assert b"Commissioned: " in program.output
    assert max(int.from_bytes(bytes.fromhex(each)[1:], "little") for each in treadmill.writes if each[:2] == "02") == 90
    assert [path.name for path in (tmp_path / "config" / "runback" / "devices").iterdir()] == ["unheard-of.toml"]
    assert list(here.iterdir()) == []  # no litter where the user happens to be
    (report,) = (tmp_path / "data" / "runback" / "commissioning").iterdir()
    assert json.loads(report.read_text(encoding="utf-8"))["simulated"] is False
    run = runback(treadmill, tmp_path, "run", "3s walk 2", "--headless")
    assert (run.returncode, run.stderr) == (0, "")
    assert treadmill.speed == 0
    assert "02c800" in treadmill.writes  # its units are known


def give_words(program: Terminal) -> None:
    """Both of them, each once it is waited for: a word given too early is nobody's, and is waited for ever after."""
    for asked in ("Stop is tried first", "starts after ten seconds"):
        program.wait_for(says(asked))
        program.seen(WORD)
        program.type(b"\r")


def says(text: str) -> Callable[[Record], bool]:
    """Whether a recorded snapshot says that the commissioning does what `text` is part of."""

    def found(record: Record) -> bool:
        view = record.get("commission")
        return isinstance(view, dict) and text in str(view["doing"])

    return found


def running(program: Terminal) -> None:
    """Both words are given, and the belt has been started."""
    give_words(program)
    program.phase("running")


def test_a_key_stops_it_like_any_session(treadmill: Bench, tmp_path: Path) -> None:
    env = environment(treadmill, tmp_path)
    with terminal(tmp_path / "trace", "commission", "-t", NAME, "-o", str(tmp_path / "out"), env=env) as program:
        running(program)
        program.type(b"+")
        program.wait_for(lambda record: record.get("signal") == "belt at rest after stop", len(program.records))
        assert treadmill.speed == 0
        program.type(b"q")
        assert program.exit_code() == 3
        assert b"not commissioned" in program.output
    assert [path.suffix for path in (tmp_path / "out").iterdir()] == [".json"]


def test_its_death_is_outlived_by_the_sentinel_which_stops_the_belt(treadmill: Bench, tmp_path: Path) -> None:
    env = environment(treadmill, tmp_path)
    with terminal(tmp_path / "trace", "commission", "-t", NAME, "-o", str(tmp_path / "out"), env=env) as program:
        running(program)
        assert treadmill.speed > 0
        os.kill(program.process.pid, signal.SIGKILL)
        while treadmill.speed != 0:
            program.listen(0.05)
    assert treadmill.writes[-1] == "0801"
