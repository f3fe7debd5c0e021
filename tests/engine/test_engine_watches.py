"""What watches the engine itself: its beats, and the mark on disk that a belt may be moving."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from runback.cli.sentinel import watch
from runback.failsafe.dead_mans_switch import (
    BYE,
    LOST,
    MOVING,
    NOT_YET,
    REPLACED,
    REPLACEMENTS,
    RESTING,
    UNGUARDED,
    DeadMansSwitch,
)
from runback.failsafe.heartbeat import BeatIntervals, LoopGap, SuspendDetector
from runback.failsafe.moving_marker import MovingMarker
from tests.support.engine.bench import Line, WatchedLoop, plan


@pytest.mark.parametrize(
    ("waking", "all_time", "gap"),
    [
        (0.1, 0.1, LoopGap.NONE),
        (1.0, 1.0, LoopGap.NONE),
        (1.1, 1.1, LoopGap.HUNG),
        (30.0, 30.0, LoopGap.HUNG),
        (0.1, 2.0, LoopGap.NONE),
        (0.1, 2.2, LoopGap.SLEPT),
        (5.0, 3605.0, LoopGap.SLEPT),
    ],
)
def test_a_gap_is_told_by_two_clocks(waking: float, all_time: float, gap: LoopGap) -> None:
    beats = BeatIntervals()
    assert beats.beat(100.0, 900.0) is LoopGap.NONE
    assert beats.beat(100.0 + waking, 900.0 + all_time) is gap
    assert beats.beat(100.1 + waking, 900.1 + all_time) is LoopGap.NONE


# -- a engine that did not run for a while -----------------------------------------------------------------------


class Clocks:
    """Two clocks that a test sets: `awake` and `all` seconds ahead of the loop's, slowed so that a virtual second
    without anything to do is no gap."""

    def __init__(self, line: Line) -> None:
        self.awake = self.all = 0.0
        line.equipped(
            suspend_detector=SuspendDetector(lambda: line.engine.now() / 10 + self.awake, lambda: self.total(line))
        )

    def total(self, line: Line) -> float:
        return line.engine.now() / 10 + self.awake + self.all


def gap(awake: float, asleep: float) -> Line:
    """A session whose program stood still, or whose computer slept, at 20 s; nobody does anything afterwards."""
    line = Line(plan())
    clocks = Clocks(line)

    def happens(_: Line) -> None:
        clocks.awake, clocks.all = awake, asleep

    return line.attended((20.0, happens), until=45.0)


def test_a_program_that_hung_stops_the_belt_first_of_all() -> None:
    line = gap(3.0, 0.0)
    after = [octets for at, octets in line.written() if at >= 20.0]
    assert set(after) == {"0801"}
    assert line.summary["reason"] == "this program hung"
    assert line.rested


def test_a_computer_that_slept_has_lost_its_link_and_nothing_moves_by_itself() -> None:
    line = gap(0.0, 3600.0)
    phases = [record["phase"] for record in line.events("phase") if float(str(record["t"])) >= 20.0]
    assert phases[:2] == ["link lost", "re-arm"]
    assert {octets for at, octets in line.written() if 20.0 <= at < 45.0} == set()
    assert [record["gap"] for record in line.events("gap")] == ["slept"]


# -- the sentinel --------------------------------------------------------------------------------------------------


def watched(*words: bytes, ends: bool = True, answer: bool = True) -> tuple[bool, int]:
    """What the sentinel makes of these words, and how often it went to the rescue. Without `ends` the engine falls
    silent, and dies after the first rescue."""
    here, theirs = os.pipe()
    os.write(theirs, b"".join(words))
    rescues = 0

    def rescue() -> bool:
        nonlocal rescues
        rescues += 1
        if not ends and rescues == 1:
            os.close(theirs)
        return answer

    if ends:
        os.close(theirs)
    return watch(here, rescue, hung_after=0.01), rescues


@pytest.mark.parametrize(
    ("words", "ends", "rescues"),
    [
        ((), True, 0),
        ((RESTING,), True, 0),
        ((MOVING, RESTING), True, 0),
        ((BYE,), True, 0),
        ((MOVING, BYE), True, 0),
        ((MOVING,), True, 1),
        ((RESTING, MOVING), True, 1),
        ((MOVING,), False, 1),
    ],
)
def test_the_sentinel_stops_a_belt_that_may_move_once_its_engine_is_gone_or_silent(
    words: tuple[bytes, ...], ends: bool, rescues: int
) -> None:
    assert watched(*words, ends=ends) == (True, rescues)


def test_a_rescue_of_a_silent_engine_that_failed_is_tried_again_when_it_is_gone() -> None:
    assert watched(MOVING, ends=False, answer=False) == (False, 2)


def children() -> set[int]:
    """The processes this one has started."""
    text = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text(encoding="ascii")
    return {int(pid) for pid in text.split()}


def beats_until(deadman: DeadMansSwitch, met: Callable[[], bool]) -> None:
    """Beat until something has happened; a test that waits in vain times out."""
    while not met():
        deadman.beat(moving=True)


def test_a_sentinel_that_dies_is_replaced_and_then_missed(tmp_path: Path) -> None:
    before = children()
    deadman = DeadMansSwitch(MovingMarker(tmp_path, "X"), "X")
    deadman.begin()
    for _ in range(REPLACEMENTS):
        (sentinel,) = children() - before
        os.kill(sentinel, signal.SIGKILL)
        beats_until(deadman, lambda dead=sentinel: bool(children() - before - {dead}))  # type: ignore[misc]
        assert deadman.failed is None
    (sentinel,) = children() - before
    os.kill(sentinel, signal.SIGKILL)
    beats_until(deadman, lambda: deadman.failed is not None)
    beats_until(deadman, lambda: children() == before)
    assert (deadman.failed, deadman.missing()) == (LOST.what, LOST)
    deadman.dismiss(at_rest=True)


def test_a_sentinel_counts_once_it_has_said_that_it_is_ready(tmp_path: Path) -> None:
    """Issue 11, point 15."""
    deadman = DeadMansSwitch(MovingMarker(tmp_path, "X"), "X")
    news = threading.Event()
    deadman.changed = news.set
    deadman.begin()
    assert deadman.missing() == NOT_YET
    assert news.wait(60)
    assert deadman.missing() is None
    deadman.dismiss(at_rest=True)


@pytest.mark.full
def test_a_sentinel_that_has_died_is_missed_before_anybody_beats(tmp_path: Path) -> None:
    before = children()
    deadman = DeadMansSwitch(MovingMarker(tmp_path, "X"), "X")
    deadman.begin()
    beats_until(deadman, lambda: deadman.missing() is None)
    (sentinel,) = children() - before
    os.kill(sentinel, signal.SIGKILL)
    while deadman.missing() is None:
        pass
    told: list[str] = []
    deadman.told = told.append
    beats_until(deadman, lambda: bool(told))
    assert (told, deadman.missing()) == ([REPLACED], NOT_YET)  # and the new one has to be heard first
    beats_until(deadman, lambda: deadman.missing() is None)
    deadman.dismiss(at_rest=True)


@pytest.mark.full
def test_a_sentinel_that_cannot_be_started_is_missing_and_raises_nothing(tmp_path: Path) -> None:
    said = (
        "import os, pathlib, resource\n"
        "from runback.failsafe.moving_marker import MovingMarker\n"
        "from runback.failsafe.dead_mans_switch import DeadMansSwitch, LOST, NOT_YET\n"
        f"deadman = DeadMansSwitch(MovingMarker(pathlib.Path({str(tmp_path)!r}), 'X'), 'X')\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir('/proc/self/fd')) + 2, 4096))\n"
        "deadman.begin(); first = deadman.missing()\n"
        "for _ in range(9): deadman.beat(moving=True)\n"
        "print(first == NOT_YET, deadman.missing() == LOST)\n"
        "deadman.dismiss(at_rest=True)"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]


def test_whoever_has_to_stop_it_hears_what_the_person_says_it_is(tmp_path: Path) -> None:
    mark = MovingMarker(tmp_path, "X")
    assert DeadMansSwitch(mark, "X").naming == ["--treadmill=X"]
    assert DeadMansSwitch(mark, "X", "trx3500").naming == ["--treadmill=X", "--profile=trx3500"]


@pytest.mark.full
def test_a_dismissed_sentinel_ends_and_takes_the_mark_with_it(tmp_path: Path) -> None:
    before = children()
    deadman = DeadMansSwitch(MovingMarker(tmp_path, "X"), "X")
    deadman.begin()
    deadman.may_move()
    assert deadman.mark.found() != ()
    beats_until(deadman, lambda: deadman.missing() is None)
    deadman.dismiss(at_rest=True)
    assert (deadman.mark.found(), children()) == ((), before)


@pytest.mark.full
def test_a_sentinel_that_does_not_read_that_all_is_well_rescues_nothing_afterwards(tmp_path: Path) -> None:
    """Seen on a busy computer (issue 12, point 6): its pipe was full, and the farewell lost."""
    before = children()
    deadman = DeadMansSwitch(MovingMarker(tmp_path, "X"), "X")
    deadman.begin()
    beats_until(deadman, lambda: deadman.missing() is None)
    (sentinel,) = children() - before
    os.kill(sentinel, signal.SIGSTOP)
    os.waitpid(sentinel, os.WUNTRACED)  # it stands still
    for _ in range(70_000):  # more than a pipe takes
        deadman.beat(moving=True)
    deadman.dismiss(at_rest=True)
    assert children() == before


def test_a_mark_stays_where_the_belt_was_not_seen_at_rest(tmp_path: Path) -> None:
    deadman = DeadMansSwitch(MovingMarker(tmp_path, "X"), "X")
    deadman.may_move()
    deadman.dismiss(at_rest=False)
    assert deadman.mark.found() != ()


@pytest.mark.full
def test_where_a_pipe_would_hold_the_engine_up_nothing_watches_and_it_is_said(tmp_path: Path) -> None:
    said = (
        "import os, pathlib; del os.set_blocking\n"
        "from runback.failsafe.moving_marker import MovingMarker\n"
        "from runback.failsafe.dead_mans_switch import DeadMansSwitch\n"
        f"deadman = DeadMansSwitch(MovingMarker(pathlib.Path({str(tmp_path)!r}), 'X'), 'X')\n"
        "deadman.begin(); deadman.may_move(); deadman.beat(moving=True)\n"
        "print(deadman.status, deadman.missing().line)\n"
        "deadman.dismiss(at_rest=True)"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("-1 not started: nothing stops the belt if runback dies")
    assert not list(tmp_path.iterdir())


def test_where_there_can_be_no_sentinel_the_persons_word_is_needed(tmp_path: Path) -> None:
    deadman = DeadMansSwitch(MovingMarker(tmp_path, "X"), "X", possible=False)
    deadman.begin()
    assert (deadman.status, deadman.missing()) == (-1, UNGUARDED)
    deadman.confirmed = True
    assert deadman.missing() is None


class Elsewhere(WatchedLoop):
    """A loop that cannot watch for signals, as that of Windows."""

    def add_signal_handler(self, sig: int, callback: Callable[..., object], *args: object) -> None:
        raise NotImplementedError

    def remove_signal_handler(self, sig: int) -> bool:
        raise NotImplementedError


@pytest.mark.full
@pytest.mark.parametrize("loop", [WatchedLoop, Elsewhere])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_belt_and_is_then_as_it_was(number: signal.Signals, loop: type[WatchedLoop]) -> None:
    before = signal.getsignal(number)
    line = Line(plan(), loop=loop).headless((25.0, lambda _: os.kill(os.getpid(), number)))
    assert f"{number.name} was received" in line.text
    assert signal.getsignal(number) is before
