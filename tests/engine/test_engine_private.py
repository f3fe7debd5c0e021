"""What the engine keeps on disk is its user's alone, and is never waited for (issue 11, points 19 and 21)."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from runback.engine.ramp_store import FILE, RampStore
from runback.failsafe.moving_marker import MovingMarker
from runback.watch.socket import open_door


@pytest.fixture
def careless() -> Iterator[None]:
    """A umask that keeps nobody out."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if not path.is_dir()}
    return found | {f"{path.name}/": stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_dir()}


@pytest.mark.usefixtures("careless")
def test_a_mark_and_its_folders_are_this_users_alone(tmp_path: Path) -> None:
    mark = MovingMarker(tmp_path / "state" / "runback", "Treadmill")
    mark.set()
    assert mark.failed is None
    assert modes(tmp_path) == {"belt-may-be-moving.json": 0o600, "state/": 0o700, "runback/": 0o700}


@pytest.mark.usefixtures("careless")
def test_a_door_and_its_folders_are_this_users_alone(tmp_path: Path) -> None:
    door = open_door([tmp_path / "state" / "run"])
    assert modes(tmp_path) == {door.path.name: 0o600, "state/": 0o700, "run/": 0o700}
    door.close()


def test_a_pipe_in_the_place_of_a_mark_is_a_mark_nobody_can_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "belt-may-be-moving.json")
    assert MovingMarker(tmp_path, "Treadmill").found()


def test_a_pipe_in_the_place_of_what_was_learned_is_as_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / FILE)
    RampStore(tmp_path)
