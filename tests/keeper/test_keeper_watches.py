"""What watches the keeper itself: its beats, and the mark on disk that a belt may be moving."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from runback.keeper.belt_mark import BeltMark
from runback.keeper.vigil import Beats, Gap


@pytest.mark.parametrize(
    ("waking", "all_time", "gap"),
    [
        (0.1, 0.1, Gap.NONE),
        (1.0, 1.0, Gap.NONE),
        (1.1, 1.1, Gap.HUNG),
        (30.0, 30.0, Gap.HUNG),
        (0.1, 2.0, Gap.NONE),
        (0.1, 2.2, Gap.SLEPT),
        (5.0, 3605.0, Gap.SLEPT),
    ],
)
def test_a_gap_is_told_by_two_clocks(waking: float, all_time: float, gap: Gap) -> None:
    beats = Beats()
    assert beats.beat(100.0, 900.0) is Gap.NONE
    assert beats.beat(100.0 + waking, 900.0 + all_time) is gap
    assert beats.beat(100.1 + waking, 900.1 + all_time) is Gap.NONE


def test_no_mark_is_found_where_none_was_set(tmp_path: Path) -> None:
    assert BeltMark(tmp_path, "X").found() is None


def test_a_mark_outlives_whoever_set_it_until_the_belt_was_seen_at_rest(tmp_path: Path) -> None:
    mark = BeltMark(tmp_path / "deep", "Omega Z")
    mark.set()
    found = BeltMark(tmp_path / "deep", "another").found()
    assert found is not None
    assert (found.treadmill, found.pid, found.driven()) == ("Omega Z", os.getpid(), False)
    mark.clear()
    assert BeltMark(tmp_path / "deep", "another").found() is None


def test_a_mark_of_a_process_that_ended_is_nobodys(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    process.wait()
    (tmp_path / "belt-may-be-moving.json").write_text(f'{{"treadmill": "X", "pid": {process.pid}}}')
    found = BeltMark(tmp_path, "X").found()
    assert found is not None
    assert not found.driven()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"treadmill": "X"}', "\x00"])
def test_a_mark_nobody_can_read_is_still_a_mark(tmp_path: Path, text: str) -> None:
    (tmp_path / "belt-may-be-moving.json").write_text(text)
    found = BeltMark(tmp_path, "X").found()
    assert found is not None
    assert not found.driven()


def test_a_folder_that_cannot_be_written_is_said_and_stands_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    mark = BeltMark(tmp_path / "file" / "state", "X")
    mark.set()
    assert mark.failed
    assert mark.found() is None
