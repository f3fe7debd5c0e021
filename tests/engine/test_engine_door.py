"""The door for second screens: whose folder it is in, who finds it open, and what dead sessions leave behind."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from runback.watch.socket import LONGEST_PATH, WatchSocket, connect, is_supported, is_user, open_door, sessions


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def dead_process() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def socket_left_in(folder: Path, pid: int) -> Path:
    """A socket that nobody listens at any more."""
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{pid}.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(os.path.relpath(path))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run"


def test_a_door_and_its_folder_are_this_users_alone_and_it_is_found_by_its_process(folder: Path) -> None:
    assert is_supported()
    door = open_door([folder])
    assert (mode(folder), mode(door.path)) == (0o700, 0o600)
    assert sessions([folder]) == {os.getpid(): door.path}
    with connect(door.path) as coming, door.socket.accept()[0] as come:
        assert is_user(come, os.geteuid())
        assert not is_user(come, os.geteuid() + 1)
        come.send(b"hello")
        assert coming.recv(9) == b"hello"
    door.close()
    assert sessions([folder]) == {}


def test_a_connection_that_says_nothing_of_its_user_is_nobodys() -> None:
    with socket.socket(socket.AF_INET) as unconnected:
        unconnected.close()
        assert not is_user(unconnected, os.geteuid())


def test_what_a_dead_session_left_is_swept_away_and_what_a_living_one_has_is_not(folder: Path) -> None:
    dead = socket_left_in(folder, dead_process())
    living = socket_left_in(folder, os.getppid())
    own = socket_left_in(folder, os.getpid())
    foreign = folder / "notes.sock"
    foreign.touch()
    assert set(sessions([folder])) == {os.getppid(), os.getpid()}
    door = open_door([folder])
    assert not dead.exists()
    assert living.exists()
    assert foreign.exists()
    assert own == door.path
    door.close()


def test_behind_a_socket_that_was_left_there_is_nobody(folder: Path) -> None:
    with pytest.raises(ConnectionRefusedError):
        connect(socket_left_in(folder, os.getppid()))


def test_a_session_that_lets_nobody_in_does_not_keep_anybody_waiting(folder: Path) -> None:
    door = open_door([folder])
    with contextlib.ExitStack() as waiting:

        def all_come() -> None:
            for _ in range(100):
                waiting.enter_context(connect(door.path))

        with pytest.raises(BlockingIOError):
            all_come()
    door.close()


def test_a_folder_that_others_can_look_into_is_closed_to_them_by_a_session_and_not_trusted_before(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o755)
    path = socket_left_in(folder, os.getppid())
    assert path.exists()
    assert sessions([folder]) == {}
    open_door([folder]).close()
    assert mode(folder) == 0o700


def test_a_link_to_a_folder_is_no_folder(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="is not this user's own folder"):
        open_door([folder])
    assert sessions([folder]) == {}


def test_without_a_runtime_folder_the_door_is_in_the_next(folder: Path, tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "runback"
    door = open_door([missing, folder / "deep" / "run"])
    assert door.path.parent == folder / "deep" / "run"
    assert not missing.parent.exists()
    assert set(sessions([missing, folder / "deep" / "run"])) == {os.getpid()}
    door.close()


def test_where_there_can_be_no_door_it_is_said_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        open_door([tmp_path / "file" / "run"])


def test_a_path_too_long_for_a_socket_goes_by_way_of_its_folder(folder: Path) -> None:
    deep = folder / ("x" * LONGEST_PATH)
    door = open_door([deep])
    assert isinstance(door, WatchSocket)
    with connect(door.path), door.socket.accept()[0]:
        pass
    door.close()
    assert list(deep.iterdir()) == []
