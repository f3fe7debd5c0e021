"""Stopping the session on this computer by its door, seen from whoever stops.

Source: issue 11, point 8: its door is asked first, a session that hangs delays nothing, rest is only what was measured.
"""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runback.watch import session_stop
from runback.watch.server import STOP_LINE as SECOND_SCREENS
from runback.watch.session_stop import STOP_LINE, AskedSession

PATIENCE = 10.0


def snapshot(phase: str = "running", measured: float | None = 3.0, stop: str | None = None) -> bytes:
    """As far as it is looked at."""
    view = None if stop is None else {"state": stop}
    message = {"type": "snapshot", "treadmill": "T80", "phase": phase, "measured_kmh": measured, "stop": view}
    return json.dumps(message).encode() + b"\n"


class Session:
    """A process with a door. `says` is what it answers a Stop with, line by line; None: it hangs."""

    def __init__(self, folder: Path, first: bytes | None, *says: bytes) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.heard = b""
        self._first = first
        self._says = says
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / f"{os.getppid()}.sock"))
        self._listening.listen()
        self._thread = threading.Thread(target=self._run, daemon=True)
        if first is not None:
            self._thread.start()

    def _run(self) -> None:
        coming, _ = self._listening.accept()
        with coming:
            coming.sendall(self._first or b"")
            while not self.heard.endswith(b"\n"):
                data = coming.recv(256)
                if not data:
                    return
                self.heard += data
            coming.settimeout(PATIENCE)
            for line in self._says:
                coming.sendall(line)
            if self._says:
                coming.recv(1)

    def close(self) -> None:
        self._listening.close()
        if self._thread.is_alive():
            self._thread.join(PATIENCE)


Begin = Callable[..., Session]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    sessions: list[Session] = []

    def make(first: bytes | None, *says: bytes) -> Session:
        sessions.append(Session(tmp_path / "run", first, *says))
        return sessions[-1]

    yield make
    for one in sessions:
        one.close()


def everybody(_pid: int, _name: str | None) -> bool:
    return True


def ask(tmp_path: Path, meant: Callable[[int, str | None], bool] = everybody) -> list[AskedSession]:
    return session_stop.ask([tmp_path / "run"], meant)


def test_it_says_what_a_second_screen_says() -> None:
    assert STOP_LINE == SECOND_SCREENS + b"\n"


def test_where_no_session_runs_nobody_answers(tmp_path: Path) -> None:
    assert ask(tmp_path) == []


def test_a_session_is_followed_until_it_has_measured_rest(tmp_path: Path, begin: Begin) -> None:
    session = begin(
        snapshot(),
        snapshot("stopped", 2.0, "stopping"),
        b"noise\n[1]\n" + snapshot("stopped", 1.0, "alarm"),
        snapshot("stopped", None, "at rest"),
        snapshot("stopped", 0.0, "at rest"),
    )
    (one,) = ask(tmp_path)
    assert one.treadmill == "T80"
    assert session_stop.follow(one, PATIENCE, lambda: None)
    assert session.heard == STOP_LINE


@pytest.mark.full
def test_a_session_that_raises_the_alarm_is_heard_once_and_has_not_measured_rest(tmp_path: Path, begin: Begin) -> None:
    alarms: list[str] = []
    begin(snapshot(), snapshot("stopped", 2.0, "alarm"))
    (one,) = ask(tmp_path)
    assert session_stop.follow(one, 0.5, lambda: alarms.append("alarm")) is False
    assert alarms == ["alarm"]


def test_a_session_with_nothing_to_stop_answers_with_its_measured_rest(tmp_path: Path, begin: Begin) -> None:
    begin(snapshot("ready", 0.0), snapshot("ready", 0.0))
    (one,) = ask(tmp_path)
    assert session_stop.follow(one, PATIENCE, lambda: None)


@pytest.mark.full
@pytest.mark.parametrize(
    "last",
    [snapshot("ready", None), snapshot("stopped", None, "at rest"), snapshot("countdown", 0.0), b""],
    ids=["not measured", "measured no more", "about to start", "silent"],
)
def test_what_was_not_measured_is_no_rest(tmp_path: Path, begin: Begin, last: bytes) -> None:
    begin(snapshot(), last)
    (one,) = ask(tmp_path)
    assert not session_stop.follow(one, 0.5, lambda: None)


def test_a_session_that_ends_without_having_measured_rest_is_no_answer(tmp_path: Path, begin: Begin) -> None:
    begin(snapshot())
    (one,) = ask(tmp_path)
    assert session_stop.follow(one, PATIENCE, lambda: None) is None


def test_a_session_that_hangs_is_passed_over(tmp_path: Path, begin: Begin) -> None:
    begin(None)
    assert ask(tmp_path) == []


def test_a_session_on_another_treadmill_is_not_stopped(tmp_path: Path, begin: Begin) -> None:
    session = begin(snapshot())
    assert ask(tmp_path, lambda _pid, name: name == "another") == []
    session.close()
    assert session.heard == b""


def test_a_session_is_told_once_it_has_said_which_treadmill_it_drives(tmp_path: Path, begin: Begin) -> None:
    session = begin(snapshot(), snapshot("stopped", 0.0, "at rest"))
    (one,) = ask(tmp_path, lambda _pid, name: name == "T80")
    assert session_stop.follow(one, PATIENCE, lambda: None)
    assert session.heard == STOP_LINE
