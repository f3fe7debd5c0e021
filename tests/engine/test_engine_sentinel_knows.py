"""What the sentinel is told of the treadmill, and by whom it is found when its name has changed (issue 11, point 6)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runback.cli.sentinel import EngineLines, watch
from runback.failsafe.dead_mans_switch import ATOMIC, BYE, END, MACHINE, MOVING, RESTING, DeadMansSwitch, framed
from runback.failsafe.moving_marker import MovingMarker
from runback.link.remembered import LONGEST, MOST_NAMES, Remembered

HERE = Remembered("C0:FF:EE:00:00:01", "FS-1234", ("FS-1234", "Fit Show"))


def watched(*words: bytes) -> tuple[bool, int, list[Remembered]]:
    """What the sentinel makes of these words: how it ended, how often it went to the rescue, what it knows."""
    here, theirs = os.pipe()
    os.write(theirs, b"".join(words))
    os.close(theirs)
    rescues: list[int] = []
    known: list[Remembered] = []

    def rescue() -> bool:
        rescues.append(1)
        return True

    return watch(here, rescue, known.append), len(rescues), known


@pytest.mark.parametrize(
    ("words", "rescues"),
    [((MOVING,), 1), ((RESTING,), 0), ((MOVING, RESTING), 0), ((MOVING, BYE), 0)],
    ids=["moving", "resting", "rested", "bye"],
)
def test_what_is_told_of_the_treadmill_changes_nothing_of_the_beats(words: tuple[bytes, ...], rescues: int) -> None:
    assert watched(framed(HERE), *words) == (True, rescues, [HERE])


def test_a_treadmill_called_like_the_words_ends_nothing() -> None:
    named = Remembered("A", "bmr", ("bmr", "b"))
    assert watched(MOVING, framed(named), MOVING) == (True, 1, [named])


@given(names=st.lists(st.text(max_size=LONGEST), max_size=MOST_NAMES), cut=st.integers(0, ATOMIC))
def test_it_goes_in_one_write_and_is_understood_in_pieces(names: list[str], cut: int) -> None:
    data = framed(Remembered("C0:FF:EE:00:00:01", "FS-1234", tuple(names)))
    assert len(data) < ATOMIC
    known: list[Remembered] = []
    beats = EngineLines(known.append)
    heard = beats.words(MOVING + data[:cut]) + beats.words(data[cut:] + RESTING)
    assert heard == MOVING + RESTING
    assert [one.address for one in known] == ["C0:FF:EE:00:00:01"]


@pytest.mark.parametrize("told", [b"", b"{}", b"[]", b"null", b'{"address": 1}', b"\xff", b'{"names": 1}'])
def test_what_cannot_be_understood_is_passed_over(told: bytes) -> None:
    known: list[Remembered] = []
    assert EngineLines(known.append).words(MOVING + MACHINE + told + END + RESTING) == MOVING + RESTING
    assert known == []


def test_a_write_that_may_move_the_belt_leaves_the_treadmill_in_the_mark(tmp_path: Path) -> None:
    deadman = DeadMansSwitch(MovingMarker(tmp_path, "fs"), "fs")
    deadman.may_move(HERE)
    (found,) = deadman.mark.found()
    assert found.machine == HERE
    deadman.dismiss(at_rest=True, machine=Remembered("C0:FF:EE:00:00:02"))
    assert len(deadman.mark.found()) == 1, "another's rest"
    deadman.may_move(HERE)
    deadman.dismiss(at_rest=True, machine=HERE)
    assert deadman.mark.found() == ()
