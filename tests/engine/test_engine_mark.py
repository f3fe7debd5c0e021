"""The marks that a belt may be moving: whose they are, who may take them away, and what is believed of a file.

Sources: issue 11, points 6 (name changes), 17 (another's rest), 21 (marks with pid 10^20, 1e400, deep brackets or a
process number that was used again); the form of version 0.1.0.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.failsafe.moving_marker import OLD, MovingMarker, StaleMarker
from runback.failsafe.process_identity import began, runs
from runback.link.remembered import LONGEST, MOST_NAMES, Remembered

HERE = Remembered("C0:FF:EE:00:00:01", "FS-1234", ("FS-1234", "Fit Show"), "T80", "0042")
NEIGHBOUR = Remembered("C0:FF:EE:00:00:02", "FS-1234", ("FS-1234",), "T80", "0043")


def left(folder: Path, **content: object) -> StaleMarker:
    """The one mark in `folder`, made of `content`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / OLD).write_text(json.dumps(content), encoding="utf-8")
    (found,) = MovingMarker(folder, "X").found()
    return found


def dead_process() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_no_mark_is_found_where_none_was_set(tmp_path: Path) -> None:
    assert MovingMarker(tmp_path, "X").found() == ()
    assert MovingMarker(tmp_path / "nowhere", "X").found() == ()


def test_a_mark_remembers_the_address_and_every_name_of_the_treadmill(tmp_path: Path) -> None:
    """Issue 11, point 6."""
    MovingMarker(tmp_path / "deep", "fs").set(HERE)
    (found,) = MovingMarker(tmp_path / "deep", "another").found()
    assert (found.treadmill, found.machine, found.pid, found.driven()) == ("fs", HERE, os.getpid(), False)
    assert found.title == "FS-1234 (C0:FF:EE:00:00:01)"
    for wanted in ("c0:ff:ee:00:00:01", "fit show", "FS-", "fs"):
        assert found.may_be(wanted), wanted
    assert not found.may_be("Omega")


def test_a_name_that_is_learnt_later_is_in_the_mark(tmp_path: Path) -> None:
    mark = MovingMarker(tmp_path, "fs")
    mark.set(Remembered("A:B", "FS-1234", ("FS-1234",)))
    mark.set(Remembered("A:B", "FS-1234", ("FS-1234", "Fit Show")))
    (found,) = mark.found()
    assert found.machine.names == ("FS-1234", "Fit Show")


def test_a_mark_that_somebody_took_away_is_there_again_before_the_next_write(tmp_path: Path) -> None:
    mark = MovingMarker(tmp_path, "fs")
    mark.set(HERE)
    for path in tmp_path.iterdir():
        path.unlink()
    mark.set(HERE)
    assert len(mark.found()) == 1


def test_a_measured_rest_takes_away_the_mark_of_the_same_address_only(tmp_path: Path) -> None:
    """Issue 11, point 17."""
    MovingMarker(tmp_path, "fs").set(HERE)
    MovingMarker(tmp_path, "other").clear(NEIGHBOUR)
    assert [one.machine for one in MovingMarker(tmp_path, "").found()] == [HERE]
    MovingMarker(tmp_path, "other").clear(Remembered("c0:ff:ee:00:00:01"))
    assert MovingMarker(tmp_path, "").found() == ()


@pytest.mark.parametrize(
    ("machine", "same"),
    [
        (Remembered("D0:00:00:00:00:01", None, ("Fit Show",), "T80", "0042"), True),
        (Remembered("D0:00:00:00:00:01", None, ("Fit Show",), "T80", None), False),
        (Remembered("D0:00:00:00:00:01", None, ("Fit Show",), None, "0042"), False),
        (Remembered("D0:00:00:00:00:01", None, ("Fit Show",), "T80", "0043"), False),
        (Remembered("D0:00:00:00:00:01", None, ("Omega",), "T80", "0042"), False),
        (Remembered("", "FS-1234", ("FS-1234",)), False),
        (Remembered(), False),
    ],
    ids=["name, model, serial", "no serial", "no model", "another serial", "another name", "a name alone", "nothing"],
)
def test_at_another_address_it_is_the_same_by_name_model_and_serial_number(
    tmp_path: Path, machine: Remembered, *, same: bool
) -> None:
    """Issue 11, point 17."""
    MovingMarker(tmp_path, "fs").set(HERE)
    MovingMarker(tmp_path, "fs").clear(machine)
    assert (MovingMarker(tmp_path, "").found() == ()) is same


def test_two_treadmills_have_two_marks(tmp_path: Path) -> None:
    first, second = MovingMarker(tmp_path, "a"), MovingMarker(tmp_path, "b")
    first.set(HERE)
    second.set(NEIGHBOUR)
    assert {one.machine for one in first.found()} == {HERE, NEIGHBOUR}
    second.clear(NEIGHBOUR)
    assert [one.machine for one in first.found()] == [HERE]


def test_the_mark_of_a_living_session_is_that_sessions_to_take_away(tmp_path: Path) -> None:
    content = {"version": 2, "treadmill": "fs", "address": HERE.address, "names": ["FS-1234"]}
    pid = os.getppid()
    found = left(tmp_path, pid=pid, began=began(pid), **content)
    assert found.driven()
    MovingMarker(tmp_path, "fs").clear(HERE)
    assert len(MovingMarker(tmp_path, "").found()) == 1
    MovingMarker(tmp_path, "fs", owner=pid).clear(HERE)  # its sentinel stands for it
    assert MovingMarker(tmp_path, "").found() == ()


def test_a_mark_of_version_0_1_0_is_read_and_only_its_address_is_proof(tmp_path: Path) -> None:
    pid = dead_process()
    found = left(tmp_path, treadmill="FS-1234", pid=pid)
    assert (found.treadmill, found.pid, found.title, found.driven()) == ("FS-1234", pid, "FS-1234", False)
    assert found.may_be("anything"), "nobody knows which treadmill it was"
    MovingMarker(tmp_path, "x").clear(HERE)
    assert len(MovingMarker(tmp_path, "").found()) == 1
    assert left(tmp_path, treadmill="c0:ff:ee:00:00:01", pid=pid).is_of(HERE)


def test_a_mark_can_be_taken_away_at_a_persons_word(tmp_path: Path) -> None:
    mark = MovingMarker(tmp_path, "x")
    mark.forget(left(tmp_path, treadmill="FS-1234", pid=0))
    assert mark.found() == ()
    assert mark.failed is None


def test_a_process_whose_number_is_used_again_drives_nothing(tmp_path: Path) -> None:
    """Issue 11, point 21: the number of a session that ended now belongs to another process."""
    parent = os.getppid()
    assert left(tmp_path, treadmill="X", pid=parent, began=began(parent)).driven()
    assert not left(tmp_path, treadmill="X", pid=parent, began=f"{began(parent)}0").driven()


def test_a_process_that_has_ended_and_is_not_buried_drives_nothing(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        found = left(tmp_path, treadmill="X", pid=process.pid, began=began(process.pid))
        assert found.driven()
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert runs(process.pid)
        assert not found.driven()


def test_this_process_drives_nothing_that_was_left(tmp_path: Path) -> None:
    assert not left(tmp_path, treadmill="X", pid=os.getpid(), began=began(os.getpid())).driven()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"treadmill": "X"}',
        "\x00",
        "[" * 50_000,
        '{"treadmill": "X", "pid": 100000000000000000000}',
        '{"treadmill": "X", "pid": 1e400}',
        '{"treadmill": "X", "pid": -1}',
        '{"treadmill": "X", "pid": true}',
        '{"treadmill": ["X"], "pid": "1", "names": {"a": 1}, "address": 7}',
        '{"treadmill": "X", "pid": 1, "pad": "' + "x" * (1 << 17) + '"}',
    ],
    ids=lambda text: text[:24],
)
def test_a_mark_nobody_can_read_is_still_a_mark(tmp_path: Path, text: str) -> None:
    """Issue 11, point 21."""
    (tmp_path / OLD).write_text(text)
    (found,) = MovingMarker(tmp_path, "X").found()
    assert not found.driven()
    assert found.may_be("X")


def test_a_folder_in_the_place_of_a_mark_is_still_a_mark(tmp_path: Path) -> None:
    (tmp_path / OLD).mkdir()
    mark = MovingMarker(tmp_path, "X")
    (found,) = mark.found()
    mark.forget(found)
    assert mark.failed


def test_who_cannot_look_for_marks_does_not_say_that_there_is_none(tmp_path: Path) -> None:
    """Issue 11, point 3: absence of evidence is no rest. A name that is too long cannot be looked at by anybody."""
    (found,) = MovingMarker(tmp_path / ("x" * 300), "X").found()
    assert found.may_be("X")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(max_size=9), each, max_size=4),
    max_leaves=8,
)
_KEYS = st.sampled_from(["version", "treadmill", "pid", "began", "address", "advertised", "names", "model", "serial"])


@given(content=st.dictionaries(_KEYS, _JSON, max_size=9))
def test_whatever_is_in_a_mark_it_is_bounded_and_raises_nothing(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, object]
) -> None:
    found = left(tmp_path_factory.mktemp("mark"), **content)
    assert 0 <= found.pid < 1 << 31
    assert len(found.title) <= 2 * LONGEST + 3
    assert len(found.machine.names) <= MOST_NAMES
    assert found.driven() in (True, False)
    assert not found.is_of(Remembered())


def test_a_folder_that_cannot_be_written_is_said_and_stands_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    mark = MovingMarker(tmp_path / "file" / "state", "X")
    mark.set(HERE)
    assert mark.failed
    assert mark.found() == ()


def test_a_treadmill_keeps_a_few_names_and_each_once() -> None:
    machine = Remembered("A").also("one", None, " ", "one", *(f"name {number}" for number in range(20)))
    assert len(machine.names) == MOST_NAMES
    assert machine.names[:2] == ("one", "name 0")
    assert str(machine) == "one"
    assert str(Remembered("A")) == Remembered("A").title == "A"
    assert not machine.answers_to("  ")
