"""`runback watch` without a screen: a moment as a line, and the last word of a session."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from runback.cli.commands.watch import line_of
from runback.ipc.messages import Kind, Phase, Snapshot, StepView, StopState, StopView

RUN = StepView(number=2, kind=Kind.RUN, duration_s=60.0, speed_kmh=7.5)
STOPPED = StopView(state=StopState.AT_REST, reason="stopped from a second screen", since_s=3.0, measured_kmh=0.0)


def moment(**changes: object) -> Snapshot:
    values: dict[str, object] = {"t": 1.0, "phase": Phase.RUNNING, "treadmill": "TM11GY", "step": RUN}
    return Snapshot.model_validate(values | {"elapsed_s": 402.9, "target_kmh": 7.5, "measured_kmh": 7.4} | changes)


@pytest.mark.parametrize(
    ("now", "line"),
    [
        (moment(), "  6:42  running, run          target  7.5  belt 7.4 km/h"),
        (moment(measured_kmh=None), "  6:42  running, run          target  7.5  belt unknown"),
        (moment(phase=Phase.READY, step=None), "  6:42  ready                 target  7.5  belt 7.4 km/h"),
        (
            moment(phase=Phase.STOPPED, stop=STOPPED, measured_kmh=0.0, notice="the link is back"),
            "  6:42  stopped, run          target  7.5  belt 0.0 km/h"
            "  stop: at rest (stopped from a second screen)  the link is back",
        ),
    ],
)  # fmt: skip
def test_a_moment_is_a_line(now: Snapshot, line: str) -> None:
    assert line_of(now) == line


DOORMAN = """
import select
from runback.watch.serve import folders
from runback.watch.socket import open_door
from runback.watch.server import FULL
from runback.ipc.messages import Goodbye
door = open_door(folders())
print("open", flush=True)
select.select([door.socket], [], [])
coming, _ = door.socket.accept()
coming.send(Goodbye(line=FULL).model_dump_json().encode() + b"\\n")
"""
"""A session that has as many second screens as it lets in."""


@pytest.mark.full
def test_who_finds_no_room_is_told_so_in_one_line(tmp_path: Path) -> None:
    environment = os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)}
    doorman = subprocess.Popen([sys.executable, "-c", DOORMAN], env=environment, stdout=subprocess.PIPE)
    with doorman:
        assert doorman.stdout is not None
        assert doorman.stdout.readline() == b"open\n"
        command = [sys.executable, "-m", "runback", "watch", "--headless"]
        watch = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert watch.returncode == 2
    assert watch.stderr == "runback: watch: 8 second screens watch already; leave one of them\n"
